"""Lay out where the illustrative incidents of `generate_incidents.py` can happen.

Reads the maps and gives every site an invented weight and a few fixed points (racks, gates,
entrances). The weights, points and hotspots are illustrative: they say nothing about real places.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely

SPOTS = np.array([0, 1, 2, 0, 2, 1])  # rack, gate, entrance: the kind of a site's fixed points
Profiles = dict[str, Any]


class Layer(NamedTuple):
    """Named features of one map file, sorted by name, in metres about the centre."""

    names: np.ndarray
    shapes: np.ndarray
    rows: list[dict[str, Any]]


class Places(NamedTuple):
    """Sites (then hotspot streets) with their latent weights and fixed points."""

    names: np.ndarray
    kinds: np.ndarray
    aliases: np.ndarray
    weights: np.ndarray
    points: np.ndarray
    popularity: np.ndarray
    brackets: np.ndarray


def read_layer(path: Path, profiles: Profiles) -> Layer:
    """Read the named features of a GeoJSON file, sorted, on a local metre grid."""
    features = [f for f in json.loads(path.read_text("utf-8"))["features"] if f["geometry"]]
    named = [(f["properties"].get("name"), json.dumps(f["geometry"]), f) for f in features]
    kept = sorted((row for row in named if row[0]), key=lambda row: row[:2])
    shapes = shapely.from_geojson([row[1] for row in kept])
    origin, scale = grid(profiles)
    metres = shapely.transform(shapes, lambda lonlat: (lonlat - origin) * scale)
    broken = ~shapely.is_valid(metres)
    metres[broken] = shapely.make_valid(metres[broken])
    names = np.array([row[0] for row in kept], dtype=object)
    return Layer(names, metres, [row[2]["properties"] for row in kept])


def grid(profiles: Profiles) -> tuple[np.ndarray, np.ndarray]:
    """Return the origin of the metre grid and its metres a degree (east, north)."""
    origin = np.array(profiles["centre"])
    return origin, np.array([111_320 * np.cos(np.radians(origin[1])), 111_200.0])


def largest(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the biggest part of a shape: an outer ring, or a merged line."""
    merged = shapely.line_merge(shape) if "Line" in shape.geom_type else shape
    parts = shapely.get_parts(merged)
    part = parts[np.argmax(shapely.length(parts))]
    return part if "Line" in part.geom_type else shapely.get_exterior_ring(part)


def lay_out(
    sites: Layer,
    buildings: Layer,
    streets: Layer,
    profiles: Profiles,
    rng: np.random.Generator,
) -> tuple[Places, list[dict[str, Any]]]:
    """Give every site its weight and fixed points, and find the hotspots among them."""
    spots = [h for h in profiles["hotspots"] if h.get("street") in set(streets.names)]
    extra = sorted({h["street"] for h in spots})
    lines = [shapely.union_all(streets.shapes[streets.names == name]) for name in extra]
    names = np.append(sites.names, np.array(extra, dtype=object))
    kinds = np.append([str(row.get("kind")) for row in sites.rows], ["street"] * len(extra))
    listed = [row.get("aliases") or [] for row in sites.rows]
    split = [a.split(";") if isinstance(a, str) else list(a) for a in listed]
    aliases = np.empty(len(names), dtype=object)
    aliases[:] = [a or [n] for a, n in zip(split + [[]] * len(extra), names, strict=True)]
    weights = np.append(weigh(sites, streets, profiles, rng), np.zeros(len(extra)))
    outlines = np.array([largest(shape) for shape in [*sites.shapes, *lines]], dtype=object)
    points = fix_points(sites, buildings, outlines, rng)
    count = rng.integers(2, 7, len(names))
    popularity = rng.gamma(1.0, size=(len(names), 6)) + 0.05
    popularity *= np.arange(6) < count[:, None]
    brackets = label(points, names, buildings, streets)
    places = Places(names, kinds, aliases, weights, points, popularity, brackets)
    found = [(match(h, places), h) for h in profiles["hotspots"]]
    return places, [{**h, "site": at} for at, h in found if at is not None]


def weigh(sites: Layer, streets: Layer, profiles: Profiles, rng: np.random.Generator) -> np.ndarray:
    """Draw the latent weight of each site: heavy-tailed, by kind, higher by busy streets."""
    setting = profiles["sites"]
    kind = np.array([setting["kinds"].get(row.get("kind"), 1.0) for row in sites.rows])
    near = np.ones(len(kind))
    for name, gain in profiles["streets"].items():
        if name in set(streets.names):
            line = shapely.union_all(streets.shapes[streets.names == name])
            fade = np.exp(-shapely.distance(sites.shapes, line) / setting["street_reach"])
            near += setting["street_gain"] * gain * fade
    return rng.gamma(setting["gamma_shape"], size=len(kind)) * kind * near


def fix_points(
    sites: Layer, buildings: Layer, outlines: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Choose six fixed points a place: racks inside, gates on the edge, building entrances."""
    shares = rng.random((len(outlines), 6))
    edge = shapely.get_coordinates(
        shapely.line_interpolate_point(outlines[:, None], shares, normalized=True).ravel()
    ).reshape(-1, 6, 2)
    own, points = sites.shapes, edge.copy()
    inside = shapely.get_coordinates(shapely.point_on_surface(own))
    racks = np.flatnonzero(SPOTS == 0)
    rack = 0.55 * edge[: len(own), racks] + 0.45 * inside[:, None]
    held = shapely.contains(own[:, None], shapely.points(rack))
    points[: len(own), racks] = np.where(held[..., None], rack, edge[: len(own), racks])
    walls = np.array([largest(shape) for shape in buildings.shapes], dtype=object)
    keeper, wall = shapely.STRtree(walls).query(own, predicate="intersects")
    for slot in np.flatnonzero(SPOTS == 2):
        order = rng.permutation(len(wall))
        door = shapely.line_interpolate_point(
            walls[wall[order]], rng.random(len(order)), normalized=True
        )
        ok = shapely.covers(own[keeper[order]], door)
        points[keeper[order][ok], slot] = shapely.get_coordinates(door[ok])
    return points


def label(points: np.ndarray, names: np.ndarray, buildings: Layer, streets: Layer) -> np.ndarray:
    """Name what stands nearest each fixed point: a building by entrances, else a street."""
    flat = shapely.points(points.reshape(-1, 2))
    words = np.full(len(flat), "", dtype=object)
    own, spot = np.repeat(names, 6), np.tile(SPOTS, len(names))
    for layer, reach, use in ((streets, 60, spot < 2), (buildings, 3, spot == 2)):
        index = shapely.STRtree(layer.shapes)
        at, nearest = index.query_nearest(flat, max_distance=reach, all_matches=False)
        said = layer.names[nearest]
        keep = use[at] & (said != own[at])
        words[at[keep]] = said[keep]
    return words.reshape(-1, 6)


def match(hotspot: dict[str, Any], places: Places) -> int | None:
    """Find the place a hotspot means: a name or alias, else part of one, else nothing."""
    wanted = [w.casefold() for w in hotspot.get("sites", [hotspot.get("street")])]
    known = [
        [word.casefold() for word in (name, *more)]
        for name, more in zip(places.names, places.aliases, strict=True)
    ]
    exact = [at for w in wanted for at, words in enumerate(known) if w in words]
    partial = [at for w in wanted for at, words in enumerate(known) if any(w in x for x in words)]
    return next(iter(exact + partial), None)


def street_spots(
    sites: Layer, streets: Layer, profiles: Profiles, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Choose some fixed points (and their street names) in the streets, clear of the sites."""
    busy = np.array([1 + 2 * profiles["streets"].get(name, 0.0) for name in streets.names])
    index = shapely.STRtree(sites.shapes)
    close = np.isin(np.arange(len(busy)), index.query(streets.shapes, "dwithin", 300)[0])
    odds = shapely.length(streets.shapes) * busy * (close | ~close.any())
    street = rng.choice(len(odds), 1500, p=odds / odds.sum())
    along = rng.random(1500)
    points = shapely.line_interpolate_point(streets.shapes[street], along, normalized=True)
    keep = np.ones(1500, dtype=bool)
    keep[index.query(points, "dwithin", 15)[0]] = False
    kept = np.flatnonzero(keep if keep.any() else ~keep)[:160]
    return shapely.get_coordinates(points[kept]), streets.names[street[kept]]
