"""Where within its zone a zone's risk lies, and where a camera could stand to see it."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.estate.model import Estate
from planner.geo import nearest
from planner.insight.risk.model import Risk

SAME_PLACE_M = 10.0
OUTLINE_M = 20.0
MOST_CANDIDATES = 400


@dataclass(frozen=True)
class Demand:
    """Risk as weighted points.

    Attributes
    ----------
    points
        Metres, shape (p, 2).
    zone
        Zone row of each, shape (p,).
    weights
        Expected incidents on a mean day, shape (p,).
    """

    points: np.ndarray
    zone: np.ndarray
    weights: np.ndarray


def risk_points(incidents: pd.DataFrame, estate: Estate, risk: Risk) -> Demand:
    """Spread each zone's risk over the places where its incidents were recorded.

    Police snap points say nothing of places within a zone; a zone known only from them has its
    risk spread evenly along the outline of its core, where gates and racks are.

    Parameters
    ----------
    incidents
        Those on the estate: ``x``, ``y``, ``zone``, ``anonymised``.
    """
    exact = incidents[~incidents["anonymised"].astype(bool)]
    row_of_zone = pd.Series(np.arange(len(risk.zones)), index=risk.zones)
    table = pd.DataFrame(
        {
            "zone": row_of_zone.reindex(exact["zone"]).to_numpy(),
            "column": np.round(exact["x"].to_numpy() / SAME_PLACE_M),
            "row": np.round(exact["y"].to_numpy() / SAME_PLACE_M),
        }
    ).dropna()
    places = table.groupby(["zone", "column", "row"]).size().rename("count").reset_index()
    zone = places["zone"].to_numpy(int)
    totals = np.bincount(zone, places["count"], minlength=len(risk.zones))
    without = np.flatnonzero(totals == 0)
    weights = risk.daily[zone] * places["count"].to_numpy() / totals[zone]
    known = places[["column", "row"]].to_numpy(float) * SAME_PLACE_M
    along, owner = _outlines(estate, without)
    even = risk.daily[owner] / np.bincount(owner, minlength=len(risk.zones))[owner]
    return Demand(
        points=np.concatenate([known, along]),
        zone=np.concatenate([zone, owner]),
        weights=np.concatenate([weights, even]),
    )


def _outlines(estate: Estate, zones: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return points along the cores' outlines, shape (p, 2), and the zone row of each."""
    outlines = shapely.segmentize(estate.zones.geometry.to_numpy()[zones], OUTLINE_M)
    points, index = shapely.get_coordinates(outlines, return_index=True)
    return points, zones[index]


def camera_candidates(demand: Demand, estate: Estate) -> gpd.GeoDataFrame:
    """List places on the streets beside the most risk, in the estate's metric system.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``zone`` (row of the zone whose risk it stands beside), ``geometry``.
    """
    order = np.argsort(-demand.weights, kind="stable")
    points, zone = demand.points[order], demand.zone[order]
    if estate.streets is not None:
        # A camera is put up on public ground.
        stand = np.flatnonzero(estate.streets.standing)
        near, _ = nearest(points, shapely.points(estate.streets.points[stand]), estate.stop_reach_m)
        node = np.append(stand, -1)[near]
        points, zone, node = points[node >= 0], zone[node >= 0], node[node >= 0]
        _, first = np.unique(node, return_index=True)
        kept = np.sort(first)[:MOST_CANDIDATES]
        points, zone = estate.streets.points[node[kept]], zone[kept]
    else:
        points, zone = points[:MOST_CANDIDATES], zone[:MOST_CANDIDATES]
    return gpd.GeoDataFrame({"zone": zone}, geometry=shapely.points(points), crs=estate.crs)
