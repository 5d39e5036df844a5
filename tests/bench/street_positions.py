"""Measure the hand-drawn streets against a reference street map.

The streets of the demo estate were drawn by hand.  This script samples
each street at even steps, keeps the samples inside the reference area, and
reports how far they lie from the reference ways of the same name.  The
reference is only ever measured against: nothing of it is written out.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np
from defusedxml import ElementTree
from shapely.geometry import LineString, MultiLineString, Point

DEFAULT_STREETS = Path(__file__).resolve().parents[2] / "geodata" / "oxford" / "streets.geojson"
DEFAULT_BOX = (51.7553, -1.2691, 51.7643, -1.2543)
METRES_PER_DEGREE = 111_320.0


def simple_name(name: str) -> str:
    """Return a name in lower case, its apostrophes and full stops removed."""
    return "".join(c for c in name.lower() if c not in "'\u2019.").strip()


def to_metres(lon: float, lat: float, middle_lat: float) -> tuple[float, float]:
    """Project a position to plane metres, good to a few parts in a thousand."""
    scale = math.cos(math.radians(middle_lat))
    return lon * METRES_PER_DEGREE * scale, lat * METRES_PER_DEGREE


def read_reference(
    path: Path, box: tuple[float, float, float, float]
) -> dict[str, MultiLineString]:
    """Read the named highways of an OpenStreetMap XML file.

    Parameters
    ----------
    path
        The reference file.
    box
        South, west, north and east edges of the area in degrees.

    Returns
    -------
    dict
        Simplified street name to its lines, in plane metres.
    """
    middle = (box[0] + box[2]) / 2
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    nodes = {
        n.get("id"): to_metres(float(n.get("lon", "nan")), float(n.get("lat", "nan")), middle)
        for n in root.iter("node")
    }
    found: dict[str, list[LineString]] = {}
    for way in root.iter("way"):
        tags = {t.get("k"): t.get("v") for t in way.iter("tag")}
        points = [nodes[r.get("ref")] for r in way.iter("nd") if r.get("ref") in nodes]
        if "highway" in tags and tags.get("name") and len(points) > 1:
            found.setdefault(simple_name(tags["name"] or ""), []).append(LineString(points))
    return {name: MultiLineString(lines) for name, lines in found.items()}


def measure(
    streets: Path,
    reference: dict[str, MultiLineString],
    box: tuple[float, float, float, float],
    step: float,
) -> dict[str, np.ndarray]:
    """Return the distances in metres of each street's samples, by street name."""
    south, west, north, east = box
    middle = (south + north) / 2
    low, high = to_metres(west, south, middle), to_metres(east, north, middle)
    result: dict[str, list[float]] = {}
    for feature in json.loads(streets.read_text(encoding="utf-8"))["features"]:
        name = feature["properties"]["name"]
        lines = reference.get(simple_name(name))
        if lines is None:
            continue
        points = [to_metres(x, y, middle) for x, y in feature["geometry"]["coordinates"]]
        line = LineString(points)
        for along in np.arange(0.0, line.length, step):
            sample: Point = line.interpolate(float(along))
            if low[0] <= sample.x <= high[0] and low[1] <= sample.y <= high[1]:
                result.setdefault(name, []).append(sample.distance(lines))
    return {name: np.array(values) for name, values in result.items()}


def main() -> None:
    """Print the distances, street by street and over all samples."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reference", type=Path, help="OpenStreetMap XML file to measure against")
    parser.add_argument("--streets", type=Path, default=DEFAULT_STREETS, help="streets to measure")
    parser.add_argument("--step", type=float, default=20.0, help="metres between samples")
    names = ("SOUTH", "WEST", "NORTH", "EAST")
    parser.add_argument("--box", type=float, nargs=4, default=DEFAULT_BOX, metavar=names)
    options = parser.parse_args()
    box = tuple(options.box)
    found = measure(options.streets, read_reference(options.reference, box), box, options.step)
    if not found:
        parser.exit(1, "No street of the same name lies in the area.\n")
    for name, values in sorted(found.items(), key=lambda item: -float(np.median(item[1]))):
        print(
            f"{name:32s} {len(values):4d} samples  median {np.median(values):6.1f} m"
            f"  p90 {np.percentile(values, 90):6.1f} m"
        )
    every = np.concatenate(list(found.values()))
    print(
        f"{len(found)} streets, {len(every)} samples: median {np.median(every):.1f} m, "
        f"90th percentile {np.percentile(every, 90):.1f} m"
    )


if __name__ == "__main__":
    main()
