"""Cameras that stand already: where, which way and how far each sees, and who controls it."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.errors import EstateError
from planner.estate.bearings import FULL_CIRCLE, bearings
from planner.estate.control import access_column, controller_column, validity_columns
from planner.estate.layers.features import text_column
from planner.estate.layers.properties import first_stated

USUAL_RANGE_M = 50.0
USUAL_FIELD_OF_VIEW = 90.0
FIXED, PAN_TILT_ZOOM, RELOCATABLE, ALL_ROUND = KINDS = (
    "fixed", "pan-tilt-zoom", "relocatable", "all-round",
)  # fmt: skip
COLUMNS = [
    "name", "controller", "access", "kind", "range_m", "bearing", "field_of_view", "height_m",
    "sensor_px", "night_factor", "masks", "valid_from", "valid_to", "geometry",
]  # fmt: skip
# What a camera is of which nothing more is said; an estate.gpkg of an earlier version says nothing.
USUAL: Mapping[str, str | float] = {
    "kind": FIXED,
    "range_m": USUAL_RANGE_M,
    "bearing": float("nan"),
    "field_of_view": FULL_CIRCLE,
    "height_m": 4.0,
    "sensor_px": float("nan"),
    "night_factor": float("nan"),
    "masks": "",
}
# What files call the kinds. "camera" is OpenStreetMap's word for any of them.
CALLED = {
    "": FIXED, "camera": FIXED, "fixed": FIXED, "static": FIXED, "bullet": FIXED, "alpr": FIXED,
    "pan tilt zoom": PAN_TILT_ZOOM, "ptz": PAN_TILT_ZOOM, "panning": PAN_TILT_ZOOM,
    "dome": PAN_TILT_ZOOM, "relocatable": RELOCATABLE, "redeployable": RELOCATABLE,
    "mobile": RELOCATABLE, "all round": ALL_ROUND, "360": ALL_ROUND, "360°": ALL_ROUND,
    "panoramic": ALL_ROUND, "fisheye": ALL_ROUND,
}  # fmt: skip


MASKS = {
    "": "", "yes": "yes", "true": "yes", "1": "yes", "no": "no", "false": "no", "0": "no",
}  # fmt: skip


@dataclass(frozen=True)
class _Number:
    """A number that a camera may state: its properties, its bounds, and what it must be.

    The least is a bound that it must be above, unless it ``may_be_least``.
    """

    names: tuple[str, ...]
    least: float
    most: float
    words: str
    may_be_least: bool = False


_RANGE = _Number(("range_m",), 0, np.inf, "a number of metres above 0")
_BEARING = _Number(
    ("bearing",), 0, FULL_CIRCLE, "degrees clockwise from true north, from 0 to 360", True
)
_FIELD = _Number(
    ("field_of_view", "fov"), 0, FULL_CIRCLE, "a number of degrees above 0 and at most 360"
)
_HEIGHT = _Number(("height_m",), 0, 100, "a number of metres above 0 and at most 100")
_SENSOR = _Number(
    ("sensor_px",), 1, 100_000, "a number of pixels from 1 to 100,000, those of its width", True
)
_NIGHT = _Number(("night_factor",), 0, 1, "a share from 0 to 1", True)


def no_cameras(crs: str) -> gpd.GeoDataFrame:
    """Return an empty table of cameras."""
    kinds = {name: type(value) for name, value in USUAL.items()}
    empty = {name: pd.Series(dtype=kinds.get(name, str)) for name in COLUMNS if name != "geometry"}
    return gpd.GeoDataFrame(empty, geometry=[], crs=crs)[COLUMNS]


def standing_cameras(features: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    """Take the points of a layer as cameras, in the estate's metric system.

    Parameters
    ----------
    features
        As for :func:`described_cameras`.
    crs
        The estate's metric system.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns :data:`COLUMNS`.

    Raises
    ------
    EstateError
        If there is no point, or a camera says something impossible of itself.
    """
    return described_cameras(features, crs)[COLUMNS]


def described_cameras(features: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    """Do the same, and keep ``_file`` and ``_row``, where each camera was read.

    Parameters
    ----------
    features
        Points with ``_file`` and ``_row``, ``name`` and optionally ``controller``, ``access``,
        ``kind`` (a key of :data:`CALLED`), ``range_m`` (50 m if not given), ``bearing`` (degrees
        clockwise from true north; without one a camera is taken to see all round),
        ``field_of_view`` or ``fov`` (degrees; 90 with a bearing, else 360), ``height_m`` (4 m),
        ``sensor_px`` (where it is not stated the range alone counts), ``night_factor``,
        ``masks`` (yes or no: whether private places are masked in its picture), ``valid_from``
        and ``valid_to``. Of
        OpenStreetMap's own tags, ``camera:type`` and ``camera:direction`` are read where there is
        no ``kind`` or ``bearing``; a direction that is no single one counts as not given.
    crs
        The estate's metric system.

    Raises
    ------
    EstateError
        If there is no point, or a camera says something impossible of itself.
    """
    single = features.explode(index_parts=False)
    points = single[single.geom_type == "Point"].to_crs(crs).reset_index(drop=True)
    if points.empty:
        raise EstateError(
            "The file of cameras holds no point near the sites; give each camera as one."
        )
    names = text_column(points, "name")
    first, last = validity_columns(points)
    bearing, kind = _bearings(points), _kinds(points)
    field = _stated(points, _FIELD)
    usual_field = np.where(bearing.isna() | (kind == ALL_ROUND), FULL_CIRCLE, USUAL_FIELD_OF_VIEW)
    return points[["geometry", "_file", "_row"]].assign(
        name=names.where(names != "", "Camera " + points["_row"].astype(str)),
        controller=controller_column(points),
        access=access_column(points),
        kind=kind,
        range_m=_ranges(points),
        bearing=bearing,
        field_of_view=field.where(field.notna(), usual_field),
        height_m=_stated(points, _HEIGHT).fillna(float(USUAL["height_m"])),
        sensor_px=_stated(points, _SENSOR),
        night_factor=_stated(points, _NIGHT),
        masks=_masks(points),
        valid_from=first,
        valid_to=last,
    )[[*COLUMNS, "_file", "_row"]]


def _ranges(points: gpd.GeoDataFrame) -> pd.Series:
    stated = points["range_m"] if "range_m" in points else pd.Series(USUAL_RANGE_M, points.index)
    ranges = pd.to_numeric(stated.where(stated.notna(), USUAL_RANGE_M), errors="coerce")
    return _within(points, ranges.astype(float), stated.notna(), _RANGE)


def _kinds(points: gpd.GeoDataFrame) -> pd.Series:
    written = first_stated(points, "kind", "camera:type", "camera_type")
    kinds = written.str.lower().str.replace(r"[\s_-]+", " ", regex=True).map(CALLED)
    if kinds.isna().any():
        raise EstateError(
            f"{_where(points, kinds.isna())}: 'kind' is '{written[kinds.isna()].iloc[0][:40]}'; "
            f"it must be {', '.join(KINDS[:-1])} or {KINDS[-1]}."
        )
    return kinds


def _bearings(points: gpd.GeoDataFrame) -> pd.Series:
    stated = text_column(points, "bearing")
    degrees = _within(points, bearings(stated), stated != "", _BEARING)
    direction = bearings(first_stated(points, "camera:direction", "camera_direction"))
    direction = direction.where(direction.between(0, FULL_CIRCLE))
    return degrees.where(stated != "", direction) % FULL_CIRCLE


def _stated(points: gpd.GeoDataFrame, number: _Number) -> pd.Series:
    """Return a number that cameras may state, NaN where they don't."""
    text = first_stated(points, *number.names)
    return _within(points, pd.to_numeric(text, errors="coerce"), text != "", number)


def _within(
    points: gpd.GeoDataFrame, numbers: pd.Series, stated: pd.Series, number: _Number
) -> pd.Series:
    low = numbers >= number.least if number.may_be_least else numbers > number.least
    wrong = stated & ~(low & (numbers <= number.most) & np.isfinite(numbers))
    if wrong.any():
        raise EstateError(f"{_where(points, wrong)}: '{number.names[0]}' must be {number.words}.")
    return numbers.astype(float)


def _where(points: gpd.GeoDataFrame, wrong: pd.Series) -> str:
    row = points.loc[wrong.idxmax()]
    return f"{row['_file']}: camera in feature {row['_row']}"


def _masks(points: gpd.GeoDataFrame) -> pd.Series:
    """Return whether each camera masks private places: ``yes``, ``no``, or ``""`` if not stated."""
    stated = text_column(points, "masks").str.lower()
    meant = stated.map(MASKS)
    if meant.isna().any():
        row = points.loc[meant.isna().idxmax()]
        raise EstateError(
            f"{row['_file']}: camera in feature {row['_row']}: 'masks' must be yes or no."
        )
    return meant
