"""OpenStreetMap: streets, buildings, entrances, lamps and cameras of an area.

The Overpass API is asked once, for XML, and osmnx makes shapes of the answer. The asking is ours:
osmnx 2.1 asks a busy server again every 55 s without end, takes an answer that broke off with a
'remark' for whole, and turns the whole process to one address of the server.
"""

import io
import re
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement

import geopandas as gpd
import osmnx
import pandas as pd
import shapely
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError
from defusedxml.ElementTree import parse as parse_xml

from planner.errors import DownloadFailed
from planner.estate.bearings import FULL_CIRCLE, bearings
from planner.estate.cameras import FIXED, PAN_TILT_ZOOM
from planner.estate.layers.features import text_column
from planner.estate.sources.faults import Declined, TryAgain
from planner.estate.sources.request import Request
from planner.estate.sources.web import PASSING, Web
from planner.geo import WGS84
from planner.text import readable

TIMEOUT_S = 180
MOST_BYTES = 500_000_000
# About 20 m: the query keeps to a length that servers take, and misses nothing at the edge.
SLACK_DEGREES = 0.0002

SITE_AMENITIES = ("university", "college", "library")
_ASKED = (
    'way["highway"]',
    'way["building"]',
    'relation["building"]["type"="multipolygon"]',
    f'way["amenity"~"^({"|".join(SITE_AMENITIES)})$"]',
    f'relation["amenity"~"^({"|".join(SITE_AMENITIES)})$"]["type"="multipolygon"]',
    'node["entrance"]',
    'node["barrier"]',
    'node["highway"="street_lamp"]',
    'node["man_made"="surveillance"]',
)
# Tags that become columns; the rest would make a column each.
_SHAPE_TAGS = {
    "access", "amenity", "building", "camera:direction", "camera:type", "entrance", "highway",
    "man_made", "name", "operator", "ref", "surveillance", "surveillance:type", "type",
}  # fmt: skip
_LAYER_TAGS: dict[str, bool | str | list[str]] = {
    "amenity": list(SITE_AMENITIES),
    "building": True,
    "entrance": True,
    "highway": ["street_lamp"],
    "man_made": ["surveillance"],
}


@dataclass(frozen=True)
class Extract:
    """What OpenStreetMap knows of an area.

    Attributes
    ----------
    streets
        Ways with all their tags, their nodes, and the barriers, as an ``.osm`` document in UTF-8;
        empty where there is no way.
    layers
        Tables in WGS84 by name: ``sites``, ``buildings`` (polygons with ``name``, ``kind``,
        ``controller``), ``entrances``, ``lamps`` (points) and ``cameras`` (points with ``name``,
        ``controller``, ``kind``, and ``bearing`` in degrees, NaN where no single one is known).
    as_of
        The moment of the data, as the server states it; empty where it doesn't.
    """

    streets: bytes
    layers: dict[str, gpd.GeoDataFrame]
    as_of: str


def fetch_extract(web: Web, server: str, area: shapely.Geometry) -> Extract:
    """Fetch what OpenStreetMap knows of an area.

    Parameters
    ----------
    web
        What fetches.
    server
        Address of the Overpass API, such as ``https://overpass-api.de/api``.
    area
        Polygon in WGS84.

    Raises
    ------
    DownloadFailed
        If there was no whole answer.
    """
    request = Request(
        "the OpenStreetMap extract",
        server.rstrip("/") + "/interpreter",
        (("data", overpass_query(area)),),
        posted=True,
        most_bytes=MOST_BYTES,
        check=_is_whole,
    )
    if web.kept(request) is None:
        _await_slot(web, server)
    root = _parse(web.fetch(request))
    if len(root.findall("node")) == 0:
        raise DownloadFailed(
            "OpenStreetMap has nothing in this area; check the place, or the order of the box "
            "(west,south,east,north)."
        )
    meta = root.find("meta")
    as_of = meta.get("osm_base", "") if meta is not None else ""
    return Extract(_streets(root), _layers(root, area), as_of)


def overpass_query(area: shapely.Geometry) -> str:
    """Write the query for an area in Overpass QL; holes of the area are asked for too."""
    outlines = shapely.get_parts(shapely.simplify(shapely.buffer(area, SLACK_DEGREES), 1e-4))
    asked = []
    for outline in outlines:
        corners = shapely.get_coordinates(outline.exterior)[:-1]
        place = " ".join(f"{latitude:.6f} {longitude:.6f}" for longitude, latitude in corners)
        asked += [f'{kind}(poly:"{place}");' for kind in _ASKED]
    return f"[out:xml][timeout:{TIMEOUT_S}];({''.join(asked)});(._;>;);out body;"


def _await_slot(web: Web, server: str) -> None:
    """Wait until the server has a place for us, as its status page says; not all have one."""
    status = Request(
        "the server's status",
        server.rstrip("/") + "/status",
        most_bytes=100_000,
        answers=PASSING,
    )
    web.cache.forget(status.digest)
    try:
        page = web.fetch(status).read_text(encoding="utf-8", errors="replace")
    except Declined:
        return
    web.clock.sleep(min(slot_wait_s(page), web.manners.longest_wait_s))


def slot_wait_s(page: str) -> float:
    """Read from a status page of Overpass how many seconds to wait for a place; 0 if none."""
    if re.search(r"^\s*[1-9][0-9]{0,3} slots? available now", page, re.MULTILINE):
        return 0.0
    waits = re.findall(r"^Slot available after:.*?, in (-?[0-9]{1,6}) seconds", page, re.MULTILINE)
    return float(max(0, min(map(int, waits)))) if waits else 0.0


def _is_whole(file: Path) -> None:
    """Refuse an answer that stopped early: Overpass says so in a remark, with status 200."""
    try:
        root = _parse(file)
    except (ParseError, DefusedXmlException, LookupError, ValueError):
        raise TryAgain(_page_error(file)) from None
    if root.tag != "osm":
        raise TryAgain(_page_error(file))
    remark = (root.findtext("remark") or "").strip()
    if "error" in remark.lower():
        raise TryAgain(f"the server stopped early ({readable(remark)[:150]})")


def _page_error(file: Path) -> str:
    with file.open("rb") as content:
        page = content.read(20_000).decode("utf-8", "replace")
    said = re.search(r"Error</strong>:\s*([^<]{1,1000})", page)
    words = f" ({readable(said[1])[:120]})" if said else ""
    return f"the answer is no OpenStreetMap extract{words}"


def _parse(file: Path) -> Element:
    root = parse_xml(file, forbid_dtd=True).getroot()
    return Element("none") if root is None else root


def _streets(root: Element) -> bytes:
    """Keep the ways that are streets, their nodes, and barriers on them, with all their tags."""
    ways = [way for way in root.iterfind("way") if _tags(way).get("highway")]
    if not ways:
        return b""
    used = {nd.get("ref") for way in ways for nd in way.iterfind("nd")}
    nodes = [node for node in root.iterfind("node") if node.get("id") in used]
    return _document([*nodes, *ways], root)


def _document(items: list[Element], root: Element) -> bytes:
    made = Element("osm", root.attrib)
    made.extend(root.findall("note") + root.findall("meta") + items)
    written = io.BytesIO()
    ElementTree(made).write(written, encoding="utf-8", xml_declaration=True)
    return written.getvalue()


def _layers(root: Element, area: shapely.Geometry) -> dict[str, gpd.GeoDataFrame]:
    shapes = _shapes(root, area)
    kind = shapes.geom_type
    polygon, point = kind.isin(["Polygon", "MultiPolygon"]), kind == "Point"
    amenity, building = text_column(shapes, "amenity"), text_column(shapes, "building")
    entrance = text_column(shapes, "entrance")
    lamp = text_column(shapes, "highway") == "street_lamp"
    camera = text_column(shapes, "man_made") == "surveillance"
    grounds = polygon & amenity.isin(SITE_AMENITIES) & (building == "")
    kinds = amenity.where(amenity != "", building.replace("yes", "building"))
    return {
        "sites": _table(shapes[grounds], kinds),
        "buildings": _table(shapes[polygon & (building != "")], kinds),
        "entrances": _table(shapes[point & (entrance != "")], entrance.replace("yes", "entrance")),
        "lamps": _table(shapes[point & lamp], lamp.map({True: "street lamp", False: ""})),
        "cameras": _cameras(shapes[point & camera]),
    }


def _cameras(shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Say of each camera what it is and which way it looks; a human guard is no camera."""
    cameras = shapes[text_column(shapes, "surveillance:type").str.lower() != "guard"]
    kinds = text_column(cameras, "camera:type").str.lower()
    kinds = kinds.map({"dome": PAN_TILT_ZOOM, "panning": PAN_TILT_ZOOM}).fillna(FIXED)
    degrees = bearings(text_column(cameras, "camera:direction"))
    degrees = degrees.where(degrees.between(0, FULL_CIRCLE)) % FULL_CIRCLE
    return _table(cameras, kinds).assign(bearing=degrees.to_numpy())


def _table(shapes: gpd.GeoDataFrame, kinds: pd.Series) -> gpd.GeoDataFrame:
    table = shapes[["geometry"]].copy()
    name, number = text_column(shapes, "name"), text_column(shapes, "ref")
    table["name"] = name.where(name != "", number)
    table["kind"] = kinds.loc[shapes.index]
    table["controller"] = text_column(shapes, "operator", default="not stated")
    table["access"] = text_column(shapes, "access", default="not stated")
    table["osm"] = shapes["element"].astype(str) + "/" + shapes["id"].astype(str)
    return table.reset_index(drop=True)


def _shapes(root: Element, area: shapely.Geometry) -> gpd.GeoDataFrame:
    """Make shapes of what is no street, by osmnx."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = Path(folder) / "shapes.osm"
        items = [_slim(item) for item in root if item.tag in ("node", "way", "relation")]
        file.write_bytes(_document(items, root))
        try:
            found = osmnx.features_from_xml(file, polygon=area, tags=_LAYER_TAGS)
        except osmnx._errors.InsufficientResponseError:
            return gpd.GeoDataFrame({"element": [], "id": []}, geometry=[], crs=WGS84)
        except (KeyError, TypeError, ValueError) as error:
            raise DownloadFailed(
                f"The OpenStreetMap extract came in a form that is not known ({error}); check the "
                "address of the server."
            ) from error
    return found.reset_index()


def _slim(item: Element) -> Element:
    slim = Element(item.tag, item.attrib)
    slim.extend(child for child in item if child.tag != "tag")
    tags = {key: value for key, value in _tags(item).items() if key in _SHAPE_TAGS}
    for key, value in tags.items():
        SubElement(slim, "tag", k=key, v=value)
    return slim


def _tags(item: Element) -> dict[str, str]:
    return {tag.get("k", ""): tag.get("v", "") for tag in item.iterfind("tag")}
