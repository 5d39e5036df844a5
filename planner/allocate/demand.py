"""Where within its zone a zone's risk lies: recorded places, doors, racks, and along the streets.

A zone's risk falls partly on the places where its incidents were recorded and partly on the places
where such things happen: entrances, gates, bicycle racks, and every metre of street. With n
incidents whose place is exact, the recorded places have n / (n + 5) of it: the count of a place,
shrunk. Police snap points say nothing of places within a zone. What was recorded inside a building
lies at its entrances, or along its walls where none is known, since that is where it can be seen
from. Points along streets and walls stand for the metres about them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from planner.estate.model import Estate
from planner.estate.surroundings import ENTRANCE, GATE, RACK
from planner.geo import in_range
from planner.insight.risk.model import Risk

SAME_PLACE_M = 0.01
PSEUDO_COUNT = 5.0
# A door or a rack draws as much as so many metres of street.
FEATURE_M = 10.0
# A door is drawn on the wall, and walls are drawn to a metre or two.
AT_THE_WALL_M = 2.0


@dataclass(frozen=True)
class Demand:
    """Risk as weighted points.

    Attributes
    ----------
    points
        Metres, shape (p, 2).
    zone
        Zone row of each, shape (p,).
    weights
        Expected incidents on a mean day, shape (p,).
    """

    points: np.ndarray
    zone: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True)
class _Places:
    """Places of zones, and how much each counts beside the others of its zone."""

    points: np.ndarray
    zone: np.ndarray
    counts: np.ndarray

    def shares(self, zones: int) -> np.ndarray:
        """Return each place's share of its zone, shape (p,)."""
        totals = np.bincount(self.zone, self.counts, minlength=zones)
        part: np.ndarray = self.counts / totals[self.zone]
        return part


def risk_points(
    incidents: pd.DataFrame, estate: Estate, risk: Risk, spacing_m: float = 4.0
) -> Demand:
    """Spread each zone's risk over its places.

    Parameters
    ----------
    incidents
        Those on the estate: ``x``, ``y``, ``zone``, ``anonymised``.
    estate
        Where streets, doors, racks and walls are.
    risk
        What is expected of each zone.
    spacing_m
        How far apart points along streets and walls lie at most, in metres.
    """
    zones = len(risk.zones)
    recorded = _outdoors(_recorded(incidents, risk), estate, spacing_m)
    usual = _usual_places(estate, spacing_m, zones)
    counted = np.bincount(recorded.zone, recorded.counts, minlength=zones)
    part = counted / (counted + PSEUDO_COUNT)
    shares = np.concatenate([
        part[recorded.zone] * recorded.shares(zones),
        (1.0 - part[usual.zone]) * usual.shares(zones),
    ])  # fmt: skip
    zone = np.concatenate([recorded.zone, usual.zone])
    weights = risk.daily[zone] * shares
    kept = weights > 0
    points = np.concatenate([recorded.points, usual.points])
    return Demand(points[kept], zone[kept], weights[kept])


def _recorded(incidents: pd.DataFrame, risk: Risk) -> _Places:
    """Return the exact places of incidents, and how many each has."""
    exact = incidents[~incidents["anonymised"].astype(bool)]
    row_of_zone = pd.Series(np.arange(len(risk.zones)), index=risk.zones)
    table = pd.DataFrame(
        {
            "zone": row_of_zone.reindex(exact["zone"]).to_numpy(),
            "x": np.round(exact["x"].to_numpy() / SAME_PLACE_M),
            "y": np.round(exact["y"].to_numpy() / SAME_PLACE_M),
        }
    ).dropna()
    places = table.groupby(["zone", "x", "y"]).size().rename("count").reset_index()
    return _Places(
        places[["x", "y"]].to_numpy(float) * SAME_PLACE_M,
        places["zone"].to_numpy(int),
        places["count"].to_numpy(float),
    )


def _outdoors(places: _Places, estate: Estate, spacing_m: float) -> _Places:
    """Put what lies inside a building at its doors, or else along its walls."""
    seen_from = seen_outdoors(places.points, estate, spacing_m)
    return _Places(
        seen_from.points,
        places.zone[seen_from.place],
        places.counts[seen_from.place] * seen_from.shares,
    )


@dataclass(frozen=True)
class Outdoors:
    """Where places can be seen from outside: one or more points of each.

    Attributes
    ----------
    points
        Metres, shape (p, 2).
    place
        Row of the place that each belongs to, shape (p,).
    shares
        How much of its place each stands for, shape (p,); those of a place sum to 1.
    """

    points: np.ndarray
    place: np.ndarray
    shares: np.ndarray


def seen_outdoors(points: np.ndarray, estate: Estate, spacing_m: float) -> Outdoors:
    """Say where places can be seen: where they are, or, inside a building, at its doors or walls.

    Parameters
    ----------
    points
        Where things happened, metres of shape (n, 2), all finite.
    estate
        Its outlines, and the doors that are known.
    spacing_m
        How far apart points along walls lie at most, in metres.
    """
    inside, building = shapely.STRtree(estate.outlines).query(
        shapely.points(points), predicate="within"
    )
    inside, first = np.unique(inside, return_index=True)
    building = building[first]
    used, row = np.unique(building, return_inverse=True)
    at, owner, metres = _where_to_see(estate, used, spacing_m)
    # Each place inside counts at all points of its building, shared out by their metres.
    whole = np.bincount(owner, metres, minlength=len(used))
    each = pd.DataFrame({"owner": row, "place": inside}).merge(
        pd.DataFrame({"owner": owner, "point": np.arange(len(at))}), on="owner"
    )
    place, point = each["place"].to_numpy(int), each["point"].to_numpy(int)
    outside = np.setdiff1d(np.arange(len(points)), inside)
    return Outdoors(
        np.concatenate([points[outside], at[point]]),
        np.concatenate([outside, place]).astype(int),
        np.concatenate([np.ones(len(outside)), metres[point] / whole[owner[point]]]),
    )


def _where_to_see(
    estate: Estate, buildings: np.ndarray, spacing_m: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return doors or else walls of outlines: points, owner (from 0), and metres that each counts.

    Parameters
    ----------
    buildings
        Rows of the estate's outlines, shape (b,).
    """
    shapes = estate.outlines[buildings]
    doors = _features(estate, (ENTRANCE, GATE))
    door, owner = shapely.STRtree(shapely.boundary(shapes)).query(
        shapely.points(doors), predicate="dwithin", distance=AT_THE_WALL_M
    )
    walls = np.setdiff1d(np.arange(len(shapes)), owner)
    along, row, metres = points_along(shapely.get_exterior_ring(shapes[walls]), spacing_m)
    return (
        np.concatenate([doors[door], along]),
        np.concatenate([owner, walls[row]]).astype(int),
        np.concatenate([np.full(len(door), FEATURE_M), metres]),
    )


def _usual_places(estate: Estate, spacing_m: float, zones: int) -> _Places:
    """Return doors, racks and streets of each zone; where it has none, its outline."""
    features = _features(estate, (ENTRANCE, GATE, RACK))
    points, metres = features, np.full(len(features), FEATURE_M)
    if estate.streets is not None:
        lines = shapely.linestrings(estate.streets.points[estate.streets.edges])
        along, _, of_street = points_along(lines, spacing_m)
        points, metres = np.concatenate([points, along]), np.concatenate([metres, of_street])
    zone = estate.zone_of(points)
    points, metres, zone = points[zone >= 0], metres[zone >= 0], zone[zone >= 0]
    without = np.flatnonzero(np.bincount(zone, minlength=zones) == 0)
    cores, owner = shapely.get_parts(estate.zones.geometry.to_numpy()[without], return_index=True)
    polygons = shapely.get_type_id(cores) == shapely.GeometryType.POLYGON
    rings = np.where(polygons, shapely.get_exterior_ring(cores), cores)
    around, row, of_core = points_along(rings, spacing_m)
    return _Places(
        np.concatenate([points, around]),
        np.concatenate([zone, without[owner[row]]]).astype(int),
        np.concatenate([metres, of_core]),
    )


def _features(estate: Estate, kinds: tuple[str, ...]) -> np.ndarray:
    """Return the middles of what stands around of some kinds, shape (f, 2)."""
    found = estate.surroundings[estate.surroundings["kind"].isin(kinds)]
    middles: np.ndarray = shapely.get_coordinates(shapely.centroid(found.geometry.to_numpy()))
    return middles


def points_along(lines: np.ndarray, spacing_m: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Place points evenly along lines, each in the middle of the metres that it stands for.

    Parameters
    ----------
    lines
        Linestrings or rings in metres, shape (n,).
    spacing_m
        Greatest distance between two, in metres.

    Returns
    -------
    points, line, metres
        Shape (p, 2); row of the line and metres stood for, shape (p,).
    """
    lengths = shapely.length(lines)
    number = np.ceil(lengths / spacing_m - 1e-9).clip(1).astype(int)
    line = np.repeat(np.arange(len(lines)), number)
    place = np.arange(len(line)) - np.repeat(np.cumsum(number) - number, number)
    metres = (lengths / number)[line]
    at = shapely.line_interpolate_point(lines[line], (place + 0.5) * metres)
    kept = metres > 0
    return shapely.get_coordinates(at)[kept], line[kept], metres[kept]


def share_seen(
    demand: Demand, points: np.ndarray, reach: np.ndarray | float, zones: int
) -> np.ndarray:
    """Return the share of each zone's risk that lies within reach of some points, shape (z,)."""
    within = np.asarray(in_range(points, demand.points, reach).sum(axis=0)).ravel() > 0
    return zone_shares(demand, within.astype(float), zones)


def zone_shares(demand: Demand, cover: np.ndarray, zones: int) -> np.ndarray:
    """Return the share of each zone's risk that is covered, shape (z,).

    Parameters
    ----------
    cover
        The part of each point that is covered, from 0 to 1, shape (p,).
    zones
        How many zones there are.
    """
    near = np.bincount(demand.zone, demand.weights * cover, minlength=zones)
    every = np.bincount(demand.zone, demand.weights, minlength=zones)
    share: np.ndarray = np.divide(near, every, out=np.zeros(zones), where=every > 0)
    return share
