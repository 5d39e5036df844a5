"""Measure how far the hand-compiled estate stands from a reference data set.

The reference is only measured against: nothing of it is written anywhere.
Names are matched exactly once case, a leading "the" and punctuation are set
aside; where the reference has a name more than once, all features of that
name count as one place.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import statistics
import unicodedata
from collections import defaultdict
from pathlib import Path

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

DEFAULT_SITES = Path(__file__).parents[2] / "geodata" / "oxford" / "sites.geojson"
METRES_PER_DEGREE = 111_195.0


def normalise(name: str) -> str:
    """Reduce a name to lower-case words.

    Parameters
    ----------
    name : str
        Name as written.

    Returns
    -------
    str
        The name without accents, punctuation or the word "the".
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9 ]", "", re.sub(r"[-/,]", " ", plain.lower())).split()
    return " ".join(word for word in words if word != "the")


def read_places(path: Path) -> dict[str, list[BaseGeometry]]:
    """Read the named features of a GeoJSON file.

    Parameters
    ----------
    path : Path
        File holding a feature collection in WGS84.

    Returns
    -------
    dict of str to list of BaseGeometry
        Geometries by normalised name.
    """
    places: dict[str, list[BaseGeometry]] = defaultdict(list)
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        name = feature["properties"].get("name")
        if name and feature.get("geometry"):
            geometry = shape(feature["geometry"])
            # buffer(0) mends a self-crossing outline, but empties a line or point.
            mended = geometry.buffer(0)
            places[normalise(name)].append(geometry if mended.is_empty else mended)
    return places


def distance(one: BaseGeometry, other: BaseGeometry) -> float:
    """Find the distance between two centroids, in metres.

    Parameters
    ----------
    one, other : BaseGeometry
        Geometries in WGS84 degrees.

    Returns
    -------
    float
        Distance on a sphere, good enough at the size of a city.
    """
    a, b = one.centroid, other.centroid
    north = (a.y - b.y) * METRES_PER_DEGREE
    east = (a.x - b.x) * METRES_PER_DEGREE * math.cos(math.radians(a.y))
    return math.hypot(north, east)


def main() -> None:
    """Print the distance of each matched site, then the summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reference", type=Path, help="folder of reference *.json files")
    parser.add_argument("--sites", type=Path, default=DEFAULT_SITES, help="our own sites")
    options = parser.parse_args()

    reference: dict[str, list[BaseGeometry]] = defaultdict(list)
    for path in sorted(options.reference.glob("*.json")):
        for name, geometries in read_places(path).items():
            reference[name].extend(geometries)
    found: list[tuple[float, str]] = []
    for name, geometries in read_places(options.sites).items():
        if name in reference:
            here, there = unary_union(geometries), unary_union(reference[name])
            found.append((distance(here, there), name))
            print(f"{found[-1][0]:7.1f} m  {name}")
    if not found:
        parser.exit(1, "no name matched\n")
    found.sort()
    lengths = [metres for metres, _ in found]
    ninetieth = lengths[math.ceil(0.9 * len(lengths)) - 1]
    print(f"matched {len(found)}, median {statistics.median(lengths):.1f} m, p90 {ninetieth:.1f} m")
    print("worst ten:")
    for metres, name in reversed(found[-10:]):
        print(f"{metres:7.1f} m  {name}")


if __name__ == "__main__":
    main()
