"""Where each incident stands on the estate, and how sure that is.

==============  ==========  ====================================================================
``precision``   confidence  meaning
==============  ==========  ====================================================================
building        0.95        the coordinates lie in the outline of a building
site            0.90        they lie on a site, outside its buildings
street          0.70        they lie off every site, within the estate's reach
anonymised      0.30        a police snap point: its zone counts, never a building or a site
outside         0           further from every zone than the estate's reach
unlocated       0           there are no coordinates
==============  ==========  ====================================================================

The confidences are ranks that a person can compare, not measured probabilities.
"""

import numpy as np
import pandas as pd

from planner.estate.model import Estate
from planner.estate.zones import zone_of
from planner.geo import nearest, to_metric
from planner.incidents.model import OUTSIDE, UNLOCATED
from planner.text import readable_column

CONFIDENCE = {
    "building": 0.95, "site": 0.9, "street": 0.7, "anonymised": 0.3, OUTSIDE: 0.0, UNLOCATED: 0.0,
}  # fmt: skip
STREET_REACH_M = 60.0
ON_IT_M = 0.01


def locate(incidents: pd.DataFrame, estate: Estate) -> pd.DataFrame:
    """Put incidents on building, site, street and zone.

    Parameters
    ----------
    incidents
        Columns as in :mod:`planner.incidents.model`.
    estate
        The estate.

    Returns
    -------
    pandas.DataFrame
        Same index; ``x`` and ``y`` (metres, NaN where there are none), ``building``, ``site``,
        ``street``, ``zone`` (identifiers or names, ``""`` where there is none), ``precision``
        and ``confidence`` (0 to 1).
    """
    points = to_metric(
        incidents["longitude"].to_numpy(float), incidents["latitude"].to_numpy(float), estate.crs
    )
    points[~np.isfinite(points).all(axis=1)] = np.nan
    anonymised = incidents["anonymised"].to_numpy(bool)
    zone = zone_of(points, estate.zones, estate.reach_m)
    exact = np.where((anonymised | (zone < 0))[:, None], np.nan, points)
    building, _ = nearest(exact, estate.buildings.geometry.to_numpy(), ON_IT_M)
    site, _ = nearest(exact, estate.sites.geometry.to_numpy(), ON_IT_M)
    on_building = building >= 0
    placed = pd.DataFrame(
        {
            "x": points[:, 0],
            "y": points[:, 1],
            "building": _named(building, estate.buildings["building"]),
            "site": _named(site, estate.sites["site"]),
            "street": _streets(incidents, points, anonymised, zone >= 0, estate),
            "zone": _named(zone, estate.zones["zone"]),
        },
        index=incidents.index,
    )
    placed["site"] = placed["site"].mask(on_building, _named(building, estate.buildings["site"]))
    placed["precision"] = _precision(
        incidents[["longitude", "latitude"]].notna().all(axis=1).to_numpy(),
        zone,
        anonymised,
        on_building,
        site >= 0,
    )
    placed["confidence"] = placed["precision"].map(CONFIDENCE)
    return placed


def _named(index: np.ndarray, names: pd.Series) -> np.ndarray:
    found = np.full(len(index), "", dtype=object)
    found[index >= 0] = names.to_numpy(dtype=object)[index[index >= 0]]
    return found


def _streets(
    incidents: pd.DataFrame,
    points: np.ndarray,
    anonymised: np.ndarray,
    inside: np.ndarray,
    estate: Estate,
) -> np.ndarray:
    """Take the street that the police name, or the one nearest to a point on the estate."""
    names = np.full(len(incidents), "", dtype=object)
    exact = inside & ~anonymised
    if estate.streets is not None and exact.any():
        names[exact] = estate.streets.nearest_name(points[exact], STREET_REACH_M)
    written = incidents["place"].str.extract(r"^On or near (.+)$", expand=False).fillna("")
    written = readable_column(written)
    names[anonymised] = written.to_numpy(dtype=object)[anonymised]
    return names


def _precision(
    stated: np.ndarray,
    zone: np.ndarray,
    anonymised: np.ndarray,
    on_building: np.ndarray,
    on_site: np.ndarray,
) -> np.ndarray:
    return np.select(
        [~stated, zone < 0, anonymised, on_building, on_site],
        [UNLOCATED, OUTSIDE, "anonymised", "building", "site"],
        default="street",
    )
