"""The area that something is fetched for: a box, a drawn polygon, or a place by its name."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from planner.errors import DownloadFailed, EstateError
from planner.estate.layers.features import read_features
from planner.estate.sources.faults import TryAgain
from planner.estate.sources.request import Request
from planner.estate.sources.web import Web
from planner.geo import metric_crs, to_metric

# Far above a university's estate, far below what a public server would answer.
MOST_KM2 = 1_000.0
POLYGONS = ("Polygon", "MultiPolygon")


def box_area(text: str) -> shapely.Polygon:
    """Read an area from ``"west,south,east,north"`` in degrees of WGS84.

    Raises
    ------
    EstateError
        If these are no four numbers in that order, or more than 1,000 square kilometres.
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise EstateError(
            f"--box {text}: give west,south,east,north in degrees, such as -1.27,51.74,-1.23,51.77."
        ) from error
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise EstateError(
            f"--box {text}: west must be below east, south below north, in degrees of WGS84."
        )
    return fitting(shapely.box(west, south, east, north), f"--box {text}")


def polygon_area(path: Path) -> shapely.Geometry:
    """Read an area from the polygons of a GeoJSON file, taken together.

    Raises
    ------
    EstateError
        If the file holds no polygon, or more than 1,000 square kilometres.
    UnreadableFile, UnknownFormat
        If it is no GeoJSON.
    """
    features, _ = read_features(path)
    polygons = features[features.geom_type.isin(POLYGONS)]
    if polygons.empty:
        raise EstateError(f"{path}: holds no polygon; draw the area to fetch as one.")
    whole = shapely.union_all(shapely.make_valid(polygons.geometry.to_numpy()))
    return fitting(whole, str(path))


def fitting(area: shapely.Geometry, named: str) -> shapely.Geometry:
    """Return an area in WGS84 if a public server can be asked for it.

    Raises
    ------
    EstateError
        If it has no surface, or more than 1,000 square kilometres.
    """
    corners = shapely.get_coordinates(area)
    crs = metric_crs(corners[:, 0], corners[:, 1])
    metric = shapely.transform(area, lambda points: to_metric(points[:, 0], points[:, 1], crs))
    square_km = float(shapely.area(metric)) / 1e6
    if not np.isfinite(square_km) or not 0 < square_km <= MOST_KM2:
        raise EstateError(
            f"{named}: the area has {square_km:,.0f} square kilometres; give one of at most "
            f"{MOST_KM2:,.0f}, the estate and its surroundings."
        )
    return area


def place_area(web: Web, server: str, place: str) -> shapely.Geometry:
    """Ask Nominatim for the outline of a place.

    Parameters
    ----------
    web
        What fetches.
    server
        Address of Nominatim.
    place
        Its name, such as ``"Oxford, UK"``.

    Raises
    ------
    DownloadFailed
        If there was no answer, or the place is not known, or only as a point.
    EstateError
        If it is too large.
    """
    query = (("q", place), ("format", "jsonv2"), ("polygon_geojson", "1"), ("limit", "10"))
    request = Request(
        f"the place '{place}'",
        server.rstrip("/") + "/search",
        query,
        check=_is_list,
        most_bytes=50_000_000,
    )
    found = json.loads(web.fetch(request).read_bytes())
    shapes = [item.get("geojson") for item in found if isinstance(item, dict)]
    outlines = [
        shape for shape in shapes if isinstance(shape, dict) and shape.get("type") in POLYGONS
    ]
    area = _first_outline(outlines)
    if area is None:
        known = "is known only as a point or line" if found else "is not known"
        raise DownloadFailed(
            f"--place {place}: {known} to OpenStreetMap; write it with its country, or give --box."
        )
    return fitting(area, f"--place {place}")


def _first_outline(outlines: list[dict[str, Any]]) -> shapely.Geometry | None:
    written = [json.dumps(outline) for outline in outlines]
    shapes = shapely.from_geojson(written, on_invalid="ignore")
    usable = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    if not usable.any():
        return None
    return shapely.make_valid(shapely.force_2d(shapes[usable][0]))


def _is_list(file: Path) -> None:
    if not isinstance(read_json(file), list):
        raise TryAgain("the answer is JSON, but no list of places")


def read_json(file: Path) -> Any:
    """Read an answer as JSON.

    Raises
    ------
    TryAgain
        If it is something else, such as the page of a proxy or an error page.
    """
    content = file.read_bytes()
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        page = content.lstrip()[:1] == b"<"
        raise TryAgain(
            "the answer is a web page, not data (a proxy, or a login page?)"
            if page
            else "the answer is not whole, or no JSON"
        ) from None
