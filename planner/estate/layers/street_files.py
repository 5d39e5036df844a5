"""Reading streets from an OpenStreetMap extract (through osmnx) or from GeoJSON lines.

A gate in OpenStreetMap is a node of a way; it closes the edges that end at it.
"""

import tempfile
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree

import geopandas as gpd
import numpy as np
import osmnx
import pandas as pd
import shapely
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError
from defusedxml.ElementTree import fromstring as parse_xml

from planner.errors import EstateError, UnknownFormat
from planner.estate.layers.features import read_features, read_text, text_column
from planner.estate.streets import PRIVATE, PUBLIC
from planner.geo import WGS84
from planner.text import readable_column

NOT_WALKABLE = {
    "abandoned", "bus_guideway", "construction", "corridor", "elevator", "escalator", "motorway",
    "motorway_link", "no", "planned", "platform", "proposed", "raceway", "razed", "rest_area",
    "services",
}  # fmt: skip
FOOT_ALLOWED = {"yes", "designated", "permissive", "public"}
WITH_KEY = {"private", "key", "military", "permit"}
COLUMNS = ["name", "highway", "access", "opening_hours", "controller", "geometry"]


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
        Columns ``name``, ``highway``, ``access``, ``opening_hours``, ``controller``, ``geometry``
        (LineString), as in :class:`planner.estate.streets.Streets`. A private way or a locked gate
        is among them, as the service may hold its keys.

    Raises
    ------
    EstateError
        If the file holds no street that anyone may walk.
    UnreadableFile, UnknownFormat
        If it is neither format.
    """
    text = read_text(path, "an OpenStreetMap extract (.osm)")
    lines = _from_osm(text, path) if text.lstrip().startswith("<") else _from_geojson(path)
    if not (lines["access"] == PUBLIC).any():
        raise EstateError(f"{path}: holds no street that can be walked.")
    return lines[COLUMNS].to_crs(crs).reset_index(drop=True)


def _from_geojson(path: Path) -> gpd.GeoDataFrame:
    features, _ = read_features(path)
    lines = features.explode(index_parts=False)
    lines = lines[
        (lines.geom_type == "LineString") & (shapely.length(lines.geometry.to_numpy()) > 0)
    ].copy()
    lines["name"] = text_column(lines, "name")
    lines["highway"] = text_column(lines, "highway", default="unclassified")
    tags = pd.DataFrame({key: text_column(lines, key) for key in ("foot", "access", "locked")})
    lines["access"] = [_access(row) for row in tags.to_dict("records")]
    lines["opening_hours"] = text_column(lines, "opening_hours")
    stated = text_column(lines, "controller")
    lines["controller"] = stated.mask(stated == "", text_column(lines, "operator"))
    return lines[~lines["highway"].isin(NOT_WALKABLE) & (lines["access"] != "no")]


def _from_osm(text: str, path: Path) -> gpd.GeoDataFrame:
    try:
        root = parse_xml(text.encode(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise UnknownFormat(
            f"{path}: is not an OpenStreetMap extract ({type(error).__name__}: {error})."
        ) from error
    if root.tag != "osm":
        raise UnknownFormat(f"{path}: is XML, but no OpenStreetMap extract (no <osm> at its top).")
    walkable = _only_walkable(root)
    gates = _locks([node for node in walkable.iter("node") if "barrier" in _tags(node)])
    return _locked(_edges(walkable), _locks(walkable.iter("way")), gates)


def _tags(item: Element) -> dict[str, str]:
    return {tag.get("k", ""): tag.get("v", "") for tag in item.findall("tag")}


def _access(tags: Mapping[str, str]) -> str:
    """Say whether anyone may walk, only who holds a key, or nobody (``"no"``)."""
    foot, access = tags.get("foot", ""), tags.get("access", "")
    if foot in FOOT_ALLOWED:
        return PUBLIC
    if foot == "no" or (access == "no" and foot not in WITH_KEY):
        return "no"
    return PRIVATE if {foot, access} & WITH_KEY or tags.get("locked") == "yes" else PUBLIC


def _locks(items: Iterable[Element]) -> pd.DataFrame:
    """List by number who may pass ways or gates, when, and whose keys open them."""
    locks = {
        int(item.get("id", "")): (
            PUBLIC if _access(tags) == PUBLIC else PRIVATE,
            tags.get("opening_hours", ""),
            tags.get("operator", ""),
        )
        for item in items
        for tags in [_tags(item)]
    }
    table = pd.DataFrame.from_dict(
        locks, orient="index", columns=["access", "opening_hours", "controller"], dtype=object
    )
    return table.apply(readable_column) if len(table) else table


def _locked(edges: gpd.GeoDataFrame, ways: pd.DataFrame, gates: pd.DataFrame) -> gpd.GeoDataFrame:
    """Close each edge as its way is closed, and as the gates at its ends are."""
    way = ways.reindex(edges["osmid"]).fillna("")
    ends = [gates.reindex(edges[end]).fillna("") for end in ("u", "v")]
    parts = [part.reset_index(drop=True) for part in (way, *ends)]
    private = [(part["access"] == PRIVATE) for part in parts]
    edges["access"] = np.where(np.any(private, axis=0), PRIVATE, PUBLIC)
    texts = zip(*(part["opening_hours"] for part in parts), strict=True)
    edges["opening_hours"] = [" & ".join(dict.fromkeys(filter(None, row))) for row in texts]
    # Who holds the keys of a private way need not hold those of its gate; the way goes first.
    own, first, second = (part["controller"] for part in parts)
    of_gate = first.mask(first == "", second)
    edges["controller"] = own.where((own != "") & (private[0] | (of_gate == "")), of_gate)
    return edges


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
    tags = _tags(way)
    if tags.get("highway", "no") in NOT_WALKABLE or tags.get("area") == "yes":
        return False
    return _access(tags) != "no"


def _edges(root: Element) -> gpd.GeoDataFrame:
    if root.find("way") is None:
        empty: dict[str, list[object]] = {"name": [], "highway": [], "osmid": [], "u": [], "v": []}
        return gpd.GeoDataFrame(empty, geometry=[], crs=WGS84)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        walkable = Path(folder) / "walkable.osm"
        ElementTree(root).write(walkable, encoding="utf-8")
        graph = osmnx.graph_from_xml(walkable, bidirectional=True, simplify=False, retain_all=True)
        edges = osmnx.convert.graph_to_gdfs(osmnx.convert.to_undirected(graph), nodes=False)
    edges = edges.reset_index()
    for column in ("name", "highway"):
        values = edges[column] if column in edges else pd.Series("", index=edges.index)
        edges[column] = readable_column(values.map(_first_text))
    return edges


def _first_text(value: object) -> str:
    if isinstance(value, list):
        return str(value[0]) if value else ""
    return value if isinstance(value, str) else ""
