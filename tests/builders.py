"""Builders that many tests share: a small estate of squares, and files to make one from.

The estate stands near Oxford in EPSG:32630. Places are given in metres from its south-west
corner: Alpha (0, 0), Beta (200, 0) and Gamma (0, 300) are squares 100 m wide in a grid of streets.
"""

import csv
import functools
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from planner.estate.cameras import no_cameras
from planner.estate.model import Estate
from planner.estate.sites import split_sites
from planner.estate.streets import Streets, network
from planner.estate.surroundings import no_surroundings
from planner.estate.zones import zones_from_sites
from planner.incidents.intelligence import Entry, entry_from
from planner.insight.risk.evidence import NONE
from planner.insight.risk.learning import Ground
from planner.insight.risk.model import Parts, Risk, Standing
from planner.insight.risk.parts import NAMES
from planner.service.importing import Imported, import_files
from planner.service.workspace import EstateFiles, NewEstate, make_workspace
from planner.settings import Settings

CRS = "EPSG:32630"
CORNER = (620_000.0, 5_735_000.0)
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
SHARED = Path(__file__).parents[1].parent / "shared" / "data"

SHAPES: list[tuple[float, float, float, dict[str, str]]] = [
    (0, 0, 100, {"name": "Alpha College", "kind": "college", "aliases": "Alph; The House"}),
    (200, 0, 100, {"name": "Beta Museum", "kind": "museum"}),
    (0, 300, 100, {"name": "Gamma Library", "kind": "library"}),
    (10, 10, 30, {"name": "Hall", "kind": "building"}),
    (60, 60, 30, {"name": "Chapel", "kind": "building"}),
    (260, 60, 30, {"name": "Control Post", "kind": "post"}),
]
ACROSS, UP = (-50.0, 150.0, 350.0), (-50.0, 200.0, 450.0)
NAMES_ACROSS = ("South Lane", "Cross Lane", "North Lane")
NAMES_UP = ("West Street", "Middle Street", "East Street")

CONTROL_ROOM = [
    "reference", "category", "occurred_from", "occurred_to", "reported_at", "place", "longitude",
    "latitude", "details",
]  # fmt: skip
POLICE = [
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location",
    "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context",
]  # fmt: skip


def degrees(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a place in metres from the corner."""
    to = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    longitude, latitude = to.transform(CORNER[0] + x, CORNER[1] + y)
    return round(longitude, 8), round(latitude, 8)


def metres(x: float, y: float) -> tuple[float, float]:
    """A place in the estate's metric system."""
    return CORNER[0] + x, CORNER[1] + y


def square(x: float, y: float, side: float) -> shapely.Polygon:
    """A square in the estate's metric system."""
    left, low = metres(x, y)
    return shapely.box(left, low, left + side, low + side)


def street_lines() -> gpd.GeoDataFrame:
    """A grid of three named streets up and three across, in metres."""
    lines = [(name, [(x, y) for x in ACROSS]) for name, y in zip(NAMES_ACROSS, UP, strict=True)]
    lines += [(name, [(x, y) for y in UP]) for name, x in zip(NAMES_UP, ACROSS, strict=True)]
    shapes = [shapely.LineString([metres(*place) for place in places]) for _, places in lines]
    table = {"name": [name for name, _ in lines], "highway": "residential"}
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


def streets() -> Streets:
    """The walking network of the grid."""
    return network(street_lines())


def shapes_table(shapes: Iterable[tuple[float, float, float, Mapping[str, Any]]]) -> Any:
    """Squares with properties as a table in metres."""
    listed = list(shapes)
    return gpd.GeoDataFrame(
        pd.DataFrame([dict(properties) for *_, properties in listed]),
        geometry=[square(x, y, side) for x, y, side, _ in listed],
        crs=CRS,
    )


def estate(**changes: Any) -> Estate:
    """The small estate, with parts replaced where given."""
    sites = split_sites(shapes_table(SHAPES))
    parts: dict[str, Any] = {
        "crs": CRS,
        "sites": sites.sites,
        "buildings": sites.buildings,
        "streets": streets(),
        "zones": zones_from_sites(sites.sites),
        "cameras": no_cameras(CRS),
    }
    return Estate(**(parts | changes))


@functools.cache
def standing_estate() -> Estate:
    """The small estate, made once; for tests whose report should not print the whole of it."""
    return estate()


def surroundings(*rows: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """What stands around: rows with a ``kind``, a ``geometry`` in metres, and what they say."""
    names = no_surroundings(CRS).columns
    usual = dict.fromkeys(names, "") | {"height_m": np.nan}
    return gpd.GeoDataFrame([usual | dict(row) for row in rows], crs=CRS)[names]


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def square_feature(x: float, y: float, side: float, **properties: Any) -> dict[str, Any]:
    """A GeoJSON square, given in metres from the corner."""
    corners = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)]
    ring = [list(degrees(x + right, y + up)) for right, up in corners]
    return feature({"type": "Polygon", "coordinates": [ring]}, **properties)


def point_feature(x: float, y: float, **properties: Any) -> dict[str, Any]:
    """A GeoJSON point, given in metres from the corner."""
    return feature({"type": "Point", "coordinates": list(degrees(x, y))}, **properties)


def line_feature(places: Sequence[tuple[float, float]], **properties: Any) -> dict[str, Any]:
    """A GeoJSON line, given in metres from the corner."""
    coordinates = [list(degrees(*place)) for place in places]
    return feature({"type": "LineString", "coordinates": coordinates}, **properties)


def site_features() -> list[dict[str, Any]]:
    """The small estate's sites and buildings as GeoJSON features."""
    return [square_feature(x, y, side, **properties) for x, y, side, properties in SHAPES]


def collection(features: Sequence[Any], **members: Any) -> str:
    """The text of a GeoJSON FeatureCollection."""
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members})


def osm(
    nodes: Mapping[Any, tuple[float, float]],
    ways: Sequence[tuple[Sequence[Any], Mapping[str, str]]],
    head: str = '<?xml version="1.0" encoding="UTF-8"?>',
) -> str:
    """The text of an OpenStreetMap extract; places in metres from the corner."""
    parts = [head, '<osm version="0.6">']
    for node, place in nodes.items():
        longitude, latitude = degrees(*place)
        parts.append(f'<node id="{node}" lat="{latitude}" lon="{longitude}"/>')
    for number, (references, tags) in enumerate(ways, start=1):
        parts.append(f'<way id="{number}">')
        parts += [f'<nd ref="{reference}"/>' for reference in references]
        parts += [f"<tag k={quoteattr(key)} v={quoteattr(text)}/>" for key, text in tags.items()]
        parts.append("</way>")
    return "".join([*parts, "</osm>"])


def grid_osm() -> str:
    """The grid of streets as an OpenStreetMap extract."""
    places = {1 + 3 * row + column: (x, y) for row, y in enumerate(UP)
              for column, x in enumerate(ACROSS)}  # fmt: skip
    ways: list[tuple[list[int], dict[str, str]]] = []
    for line in range(3):
        tags = {"highway": "residential"}
        ways.append(([1 + 3 * line + i for i in range(3)], tags | {"name": NAMES_ACROSS[line]}))
        ways.append(([1 + 3 * i + line for i in range(3)], tags | {"name": NAMES_UP[line]}))
    return osm(places, ways)


def incident(reference: str = "A1", at: Any = (50.0, 50.0), **changes: str) -> dict[str, str]:
    """A row of a control-room file; ``at`` in metres from the corner, or None."""
    longitude, latitude = degrees(*at) if at else ("", "")
    row = {
        "reference": reference, "category": "Theft", "occurred_from": "2025-06-02T22:00",
        "occurred_to": "2025-06-02T23:00", "reported_at": "2025-06-03T08:00", "place": "Alpha",
        "longitude": str(longitude), "latitude": str(latitude), "details": "a bicycle",
    }  # fmt: skip
    return row | changes


def crime(crime_id: str = "c1", at: Any = (50.0, 50.0), **changes: str) -> dict[str, str]:
    """A row of a police street file; names of columns with ``_`` for spaces."""
    longitude, latitude = degrees(*at) if at else ("", "")
    row = dict.fromkeys(POLICE, "") | {
        "Crime ID": crime_id, "Month": "2025-03", "Reported by": "Test Police",
        "Longitude": str(longitude), "Latitude": str(latitude),
        "Location": "On or near High Street", "Crime type": "Burglary",
    }  # fmt: skip
    return row | {key.replace("_", " "): text for key, text in changes.items()}


def csv_text(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> str:
    """Rows as CSV text with a header."""
    kept = io.StringIO()
    writer = csv.DictWriter(kept, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return kept.getvalue()


def control_room_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """A control-room file."""
    extra = [key for key in (rows[0] if rows else {}) if key not in CONTROL_ROOM]
    return csv_text(rows, [*CONTROL_ROOM, *extra])


def police_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """A police street file."""
    return csv_text(rows, POLICE)


def write(path: Path, content: str | bytes) -> Path:
    """Write a file, byte for byte as given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def new_workspace(folder: Path, **options: Any) -> NewEstate:
    """Make a workspace of the small estate; its files stand in a folder beside it."""
    beside = folder.parent / f"{folder.name} files"
    sites = write(beside / "sites.geojson", collection(site_features()))
    grid = write(beside / "streets.osm", grid_osm())
    return make_workspace(folder, EstateFiles([sites], streets=grid), **options)


def import_text(workspace: Path, content: str | bytes, name: str = "incidents.csv") -> Imported:
    """Write a file of incidents beside a workspace and import it."""
    return import_files(workspace, [write(workspace.parent / name, content)], NOW)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def moment(text: str) -> pd.Timestamp:
    """A moment in UTC."""
    return pd.Timestamp(text, tz="UTC")


def periods(*spans: tuple[str, str], source: str = "control room") -> pd.DataFrame:
    """A table of covered periods."""
    return pd.DataFrame(
        {
            "source": pd.Series([source] * len(spans), dtype=object),
            "starts_at": pd.to_datetime([start for start, _ in spans], utc=True),
            "ends_at": pd.to_datetime([end for _, end in spans], utc=True),
        }
    )


def located(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Incidents as the register gives them, with usual values where nothing is stated."""
    usual = {
        "source": "control room", "reference": "", "category": "theft",
        "occurred_from": "2025-06-02T22:00", "occurred_to": "2025-06-02T22:30",
        "time_known": "interval", "reported_at": None, "place": "", "longitude": np.nan,
        "latitude": np.nan, "anonymised": False, "police_reference": "", "x": CORNER[0],
        "y": CORNER[1], "building": "", "site": "", "street": "", "zone": "alpha-college",
        "precision": "exact", "confidence": 0.9, "apart_m": np.nan, "clock": "", "marking": "",
        "permission": "", "grade": "",
    }  # fmt: skip
    numbered = [{"key": f"k{number}"} | usual | dict(row) for number, row in enumerate(rows)]
    table = pd.DataFrame(numbered, columns=["key", *usual])
    for column in ("occurred_from", "occurred_to", "reported_at"):
        table[column] = pd.to_datetime(table[column], utc=True)
    return table


def ground(estate: Estate) -> Ground:
    """What a forecast must know of an estate's zones, each covered by every file."""
    middles = shapely.get_coordinates(shapely.centroid(estate.zones.geometry.to_numpy()))
    return Ground(estate.zones["zone"].to_numpy(dtype=object), middles, {})


def risk_of(expected: np.ndarray) -> Risk:
    """A forecast of these numbers by zone and quarter hour, by the count alone."""
    total = expected.sum(axis=1)
    zones = np.array([f"z{i}" for i in range(len(expected))], dtype=object)
    parts = Parts(NAMES, np.tile(np.eye(len(NAMES))[0], (len(zones), 1)))
    return Risk(
        zones=zones, expected=expected, daily=total, dispersion=np.full(len(zones), 0.2),
        total_dispersion=0.05, counts=total, covered_days=100.0, timed=True, parts=parts,
        standings=(Standing("control room", NONE, "week"),),
    )  # fmt: skip


def written_entry(**changes: Any) -> dict[str, Any]:
    """A graded entry of intelligence as a person writes it, for the night of 1 March 2026."""
    usual: dict[str, Any] = {
        "kind": "event", "what": "Lantern walk: crowds until late", "from": "2026-03-01T20:00",
        "until": "2026-03-02T04:00", "factor": 2.0, "grade": "1AP", "marking": "OFFICIAL",
        "permission": ["control room", "partners"], "originator": "events team",
        "recorded_by": "desk", "where": {"zones": ["Alpha College"]},
    }  # fmt: skip
    return {name: value for name, value in (usual | changes).items() if value is not None}


def entry(settings: Settings | None = None, **changes: Any) -> Entry:
    """A graded entry, recorded at ``NOW``."""
    return entry_from(written_entry(**changes), settings or Settings(crs=CRS), NOW)
