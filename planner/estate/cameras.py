"""Cameras that stand already: where, how far each sees, and who controls it."""

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.errors import EstateError
from planner.estate.control import access_column, controller_column, validity_columns
from planner.estate.layers.features import text_column

USUAL_RANGE_M = 50.0
COLUMNS = ["name", "controller", "access", "range_m", "valid_from", "valid_to", "geometry"]


def no_cameras(crs: str) -> gpd.GeoDataFrame:
    """Return an empty table of cameras."""
    empty = {name: pd.Series(dtype=str) for name in COLUMNS if name != "geometry"}
    return gpd.GeoDataFrame(empty | {"range_m": pd.Series(dtype=float)}, geometry=[], crs=crs)[
        COLUMNS
    ]


def standing_cameras(features: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    """Take the points of a layer as cameras, in the estate's metric system.

    Parameters
    ----------
    features
        Points with ``name`` and optionally ``controller``, ``access``, ``range_m`` (50 m if not
        given), ``valid_from`` and ``valid_to``.
    crs
        The estate's metric system.

    Raises
    ------
    EstateError
        If there is no point, or a range, an access or a day is none.
    """
    single = features.explode(index_parts=False)
    points = single[single.geom_type == "Point"].to_crs(crs).reset_index(drop=True)
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
    points["controller"] = controller_column(points)
    points["access"] = access_column(points)
    points["range_m"] = ranges.astype(float)
    points["valid_from"], points["valid_to"] = validity_columns(points)
    return points[COLUMNS]
