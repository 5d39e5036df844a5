"""Places as they are recorded: stable keys of points and buildings, and what people call them.

A *point* is a coordinate rounded to 5 m in the estate's metric system, so that a key holds across
imports. A police snap point has keys of its own: it stands for a stretch of street, never a desk.
"""

import numpy as np
import pandas as pd

SAME_PLACE_M = 5.0
POINT, SNAP, BUILDING = "point", "snap", "building"
KINDS = (POINT, SNAP, BUILDING)
NO_PLACE = ""


def recorded_at(incidents: pd.DataFrame) -> pd.Series:
    """Return when each incident was recorded, UTC: its report, or else its latest moment.

    One of which only the month is known counts from the month's first moment.
    """
    month = incidents["time_known"] == "month"
    told = incidents["reported_at"].fillna(incidents["occurred_to"])
    return told.mask(month, incidents["occurred_from"])


def point_keys(incidents: pd.DataFrame) -> pd.Series:
    """Return the key of each incident's point.

    Parameters
    ----------
    incidents
        Columns ``x``, ``y`` (metres), ``anonymised``.

    Returns
    -------
    pandas.Series
        Same index, dtype ``str``: ``"point:449740,4626680"``, ``"snap:..."`` for a police snap
        point, ``""`` where there is no coordinate.
    """
    metres = incidents[["x", "y"]].to_numpy(float)
    known = np.isfinite(metres).all(axis=1)
    whole = (np.round(np.where(known[:, None], metres, 0.0) / SAME_PLACE_M) * SAME_PLACE_M).astype(
        np.int64
    )
    snap = incidents["anonymised"].to_numpy(bool)
    rows = pd.DataFrame({"snap": snap, "x": whole[:, 0], "y": whole[:, 1], "known": known})
    codes, distinct = pd.factorize(pd.MultiIndex.from_frame(rows))
    names = [
        f"{SNAP if is_snap else POINT}:{x},{y}" if has_place else NO_PLACE
        for is_snap, x, y, has_place in distinct
    ]
    return pd.Series(pd.array(names, dtype="str").take(codes), index=incidents.index)


def building_keys(incidents: pd.DataFrame) -> pd.Series:
    """Return the key of each incident's building, ``""`` where it is in none or only near it."""
    buildings = incidents["building"].astype("str")
    inside = (buildings != "") & ~incidents["anonymised"].astype(bool)
    return (f"{BUILDING}:" + buildings).where(inside, NO_PLACE).astype("str")


def place_name(rows: pd.DataFrame, key: str, building_names: dict[str, str]) -> str:
    """Return what people call a place.

    Parameters
    ----------
    rows
        Its incidents: ``place``, ``street``.
    key
        Its key.
    building_names
        Name by identifier of a building.

    Returns
    -------
    str
        The building's name; else what most of its incidents have as their written place, or the
        street; else its coordinates. Text from data: escape it before it is shown.
    """
    kind, _, rest = key.partition(":")
    if kind == BUILDING and building_names.get(rest):
        return building_names[rest]
    for column in ("place", "street"):
        written = rows.loc[rows[column] != "", column]
        if len(written):
            name = str(written.value_counts(sort=False).sort_index().idxmax())
            return name if column == "place" else f"a place on {name}"
    return f"the place at {rest} (metres)"
