"""Cameras that stand already: where, how far each sees, and who controls it."""

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.errors import EstateError
from planner.estate.features import text_column

USUAL_RANGE_M = 50.0
COLUMNS = ["name", "controller", "range_m", "geometry"]


def no_cameras(crs: str) -> gpd.GeoDataFrame:
    """Return an empty table of cameras."""
    empty: dict[str, list[object]] = {"name": [], "controller": [], "range_m": []}
    return gpd.GeoDataFrame(empty, geometry=[], crs=crs)[COLUMNS]


def standing_cameras(features: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    """Take the points of a GeoJSON layer as cameras, in the estate's metric system.

    Parameters
    ----------
    features
        Points with ``name`` and optionally ``controller`` and ``range_m`` (50 m if not given).
    crs
        The estate's metric system.

    Raises
    ------
    EstateError
        If there is no point, or a range is not a positive number.
    """
    points = features[features.geom_type == "Point"].to_crs(crs).reset_index(drop=True)
    if points.empty:
        raise EstateError(
            "The file of cameras holds no point near the sites; give each camera as one."
        )
    stated = points["range_m"] if "range_m" in points else pd.Series(USUAL_RANGE_M, points.index)
    ranges = pd.to_numeric(stated.where(stated.notna(), USUAL_RANGE_M), errors="coerce")
    wrong = ~((ranges > 0) & np.isfinite(ranges.astype(float)))
    if wrong.any():
        row = int(points.loc[wrong.idxmax(), "_row"])
        file = points.loc[wrong.idxmax(), "_file"]
        raise EstateError(
            f"{file}: camera in feature {row}: 'range_m' must be a number of metres above 0."
        )
    names = text_column(points, "name")
    points["name"] = names.where(names != "", "Camera " + points["_row"].astype(str))
    points["controller"] = text_column(points, "controller", default="not stated")
    points["range_m"] = ranges.astype(float)
    return points[COLUMNS]
