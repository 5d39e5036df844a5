"""Reading streets from an OpenStreetMap extract (through osmnx) or from GeoJSON lines."""

import tempfile
import warnings
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree

import geopandas as gpd
import osmnx
import pandas as pd
import shapely
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError
from defusedxml.ElementTree import fromstring as parse_xml

from planner.errors import EstateError, UnknownFormat
from planner.estate.features import read_features, read_text, text_column
from planner.geo import WGS84
from planner.text import readable_column

NOT_WALKABLE = {
    "abandoned", "bus_guideway", "construction", "corridor", "elevator", "escalator", "motorway",
    "motorway_link", "no", "planned", "platform", "proposed", "raceway", "razed", "rest_area",
    "services",
}  # fmt: skip
FOOT_ALLOWED = {"yes", "designated", "permissive", "public"}
CLOSED = {"no", "private", "military"}


def read_streets(path: Path, crs: str) -> gpd.GeoDataFrame:
    """Read the walkable streets of a file, in the estate's metric system.

    Parameters
    ----------
    path
        ``.osm`` (OpenStreetMap XML) or GeoJSON with LineStrings.
    crs
        The estate's metric system.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``name``, ``highway``, ``geometry`` (LineString).

    Raises
    ------
    EstateError
        If the file holds no walkable street.
    UnreadableFile, UnknownFormat
        If it is neither format.
    """
    text = read_text(path, "an OpenStreetMap extract (.osm)")
    lines = _from_osm(text, path) if text.lstrip().startswith("<") else _from_geojson(path)
    if lines.empty:
        raise EstateError(f"{path}: holds no street that can be walked.")
    return lines[["name", "highway", "geometry"]].to_crs(crs).reset_index(drop=True)


def _from_geojson(path: Path) -> gpd.GeoDataFrame:
    features, _ = read_features(path)
    lines = features.explode(index_parts=False)
    lines = lines[
        (lines.geom_type == "LineString") & (shapely.length(lines.geometry.to_numpy()) > 0)
    ].copy()
    lines["name"] = text_column(lines, "name")
    lines["highway"] = text_column(lines, "highway", default="unclassified")
    return lines[~lines["highway"].isin(NOT_WALKABLE)]


def _from_osm(text: str, path: Path) -> gpd.GeoDataFrame:
    try:
        root = parse_xml(text.encode(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise UnknownFormat(
            f"{path}: is not an OpenStreetMap extract ({type(error).__name__}: {error})."
        ) from error
    if root.tag != "osm":
        raise UnknownFormat(f"{path}: is XML, but no OpenStreetMap extract (no <osm> at its top).")
    return _edges(_only_walkable(root))


def _only_walkable(root: Element) -> Element:
    """Drop what is no walkable street: osmnx would turn building outlines into streets."""
    for node in [node for node in root.findall("node") if not _is_place(node)]:
        root.remove(node)
    known = {node.get("id") for node in root.iter("node")}
    for item in list(root):
        if item.tag == "relation" or (item.tag == "way" and not _is_walkable(item)):
            root.remove(item)
    for way in root.iter("way"):
        # Extracts are cut at their box, so a way may name nodes that the file does not hold.
        for reference in [nd for nd in way.findall("nd") if nd.get("ref") not in known]:
            way.remove(reference)
        for tag in [tag for tag in way.findall("tag") if not {"k", "v"} <= set(tag.keys())]:
            way.remove(tag)
    for way in [way for way in root.findall("way") if not _is_line(way)]:
        root.remove(way)
    return root


def _is_place(node: Element) -> bool:
    try:
        int(node.get("id", ""))
        return abs(float(node.get("lon", ""))) <= 180 and abs(float(node.get("lat", ""))) <= 90
    except ValueError:
        return False


def _is_line(way: Element) -> bool:
    number = way.get("id", "").removeprefix("-")
    return number.isdecimal() and len({nd.get("ref") for nd in way.findall("nd")}) > 1


def _is_walkable(way: Element) -> bool:
    tags = {tag.get("k"): tag.get("v") for tag in way.findall("tag")}
    if tags.get("highway", "no") in NOT_WALKABLE or tags.get("area") == "yes":
        return False
    foot = tags.get("foot")
    if foot in FOOT_ALLOWED:
        return True
    return foot not in CLOSED and tags.get("access") not in CLOSED


def _edges(root: Element) -> gpd.GeoDataFrame:
    if root.find("way") is None:
        return gpd.GeoDataFrame({"name": [], "highway": []}, geometry=[], crs=WGS84)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        walkable = Path(folder) / "walkable.osm"
        ElementTree(root).write(walkable, encoding="utf-8")
        graph = osmnx.graph_from_xml(walkable, bidirectional=True, simplify=False, retain_all=True)
        edges = osmnx.convert.graph_to_gdfs(osmnx.convert.to_undirected(graph), nodes=False)
    edges = edges.reset_index(drop=True)
    for column in ("name", "highway"):
        values = edges[column] if column in edges else pd.Series("", index=edges.index)
        edges[column] = readable_column(values.map(_first_text))
    return edges


def _first_text(value: object) -> str:
    if isinstance(value, list):
        return str(value[0]) if value else ""
    return value if isinstance(value, str) else ""
