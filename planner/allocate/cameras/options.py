"""What could be bought: cameras of some kinds at the places that see most, each facing some ways.

Places are ranked by the risk that is in sight all round. Of each patch of ground the best few are
kept, so that the places spread over all of the estate, and of each place the best few directions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.allocate.cameras.views import Views
from planner.allocate.sightlines.horizons import horizons, pairs_within
from planner.allocate.sightlines.walls import Walls
from planner.camera_settings import PAN_TILT_ZOOM, CameraKind
from planner.geo import in_range

PATCH_M = 30.0
PLACES_A_PATCH = 4
LOOKED_AROUND = 1_500
MOST_PLACES = 500
TURN_DEGREES = 30.0
OVERHANG_DEGREES = 15.0
KEPT_BEARINGS = 5


@dataclass(frozen=True)
class Offer:
    """Cameras that could be bought.

    Attributes
    ----------
    table
        One row for each: ``name``, ``mount``, ``consents``, ``kind``, ``purchase``, ``yearly``,
        ``masks``.
    views
        What each would see; ``views.place`` is the row of its place.
    """

    table: pd.DataFrame
    views: Views

    def only(self, rows: np.ndarray) -> "Offer":
        """Return some of them."""
        return Offer(self.table.iloc[rows].reset_index(drop=True), of_rows(self.views, rows))


def of_rows(views: Views, rows: np.ndarray) -> Views:
    """Return some of the options; places stay."""
    return Views(
        views.places,
        views.place[rows],
        views.bearing[rows],
        views.field_of_view[rows],
        views.height_m[rows],
        views.range_m[rows],
        views.sensor_px[rows],
        views.night_factor[rows],
        views.turns[rows],
    )


def joined(parts: Sequence[Views]) -> Views:
    """Put the options of several together, one after the other, places too."""
    offsets = np.cumsum([0, *(len(part.places) for part in parts[:-1])])
    return Views(
        np.concatenate([part.places for part in parts]),
        np.concatenate([part.place + by for part, by in zip(parts, offsets, strict=True)]),
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in (
                "bearing", "field_of_view", "height_m", "range_m", "sensor_px", "night_factor",
                "turns",
            )
        ),
    )  # fmt: skip


def best_places(
    places: gpd.GeoDataFrame, points: np.ndarray, weights: np.ndarray, range_m: float, walls: Walls
) -> gpd.GeoDataFrame:
    """Keep the places from which most risk is in sight, a few of each patch of ground.

    Parameters
    ----------
    places
        As :func:`planner.allocate.cameras.mounts.mounts` lists them.
    points, weights
        The demand, metres of shape (p, 2) and weights of shape (p,).
    range_m
        How far one looks.
    walls
        What stands in the way.
    """
    at = shapely.get_coordinates(places.geometry.to_numpy())
    near = in_range(at, points, range_m) @ weights
    first = _a_few_of_each_patch(at, near, LOOKED_AROUND)
    around = horizons(at[first], range_m, walls)
    which, point = pairs_within(around.positions, around.ranges, points)
    seen = around.sees(which, points[point])
    in_sight = np.bincount(which[seen], weights[point[seen]], minlength=len(first))
    best = first[_a_few_of_each_patch(at[first], in_sight, MOST_PLACES)]
    return places.iloc[np.sort(best)].reset_index(drop=True)


def _a_few_of_each_patch(points: np.ndarray, worth: np.ndarray, most: int) -> np.ndarray:
    """Return the rows of the best, at most four of each square of 30 m, the best first."""
    order = np.argsort(-worth, kind="stable")
    order = order[worth[order] > 0]
    patch = pd.DataFrame(np.floor(points[order] / PATCH_M), columns=["column", "row"])
    place = patch.groupby(["column", "row"]).cumcount().to_numpy()
    kept: np.ndarray = order[place < PLACES_A_PATCH][:most]
    return kept


def offer_at(
    places: gpd.GeoDataFrame, kinds: dict[str, CameraKind], range_m: float | None
) -> Offer:
    """List cameras of some kinds at some places, facing every way that is open there.

    Parameters
    ----------
    places
        As :func:`planner.allocate.cameras.mounts.mounts` lists them.
    kinds
        By name.
    range_m
        How far each sees at most; as far as its kind if None.
    """
    outward = places["outward"].to_numpy(float)
    spread = places["spread"].to_numpy(float)
    at = shapely.get_coordinates(places.geometry.to_numpy())
    tables, views = [], []
    for name, kind in kinds.items():
        row, bearing = _directions(outward, spread, kind)
        tables.append(
            places[["name", "mount", "consents"]]
            .iloc[row]
            .assign(kind=name, purchase=kind.purchase, yearly=kind.yearly, masks=kind.masks)
        )
        views.append(views_of(at, row, bearing, kind, range_m))
    whole = joined(views)
    # Kinds share their places.
    shared = Views(at, whole.place % max(len(at), 1), *_rest(whole))
    return Offer(pd.concat(tables, ignore_index=True), shared)


def _rest(views: Views) -> tuple[np.ndarray, ...]:
    return (
        views.bearing, views.field_of_view, views.height_m, views.range_m, views.sensor_px,
        views.night_factor, views.turns,
    )  # fmt: skip


def views_of(
    places: np.ndarray,
    place: np.ndarray,
    bearing: np.ndarray,
    kind: CameraKind,
    range_m: float | None,
) -> Views:
    """Return the views of cameras of one kind.

    Parameters
    ----------
    places
        Metres, shape (n, 2).
    place, bearing
        Of each camera: row of its place, and degrees clockwise from grid north.
    kind
        Its kind.
    range_m
        How far it sees at most; as far as its kind if None.
    """
    count = len(place)
    reach = kind.range_m if range_m is None else min(range_m, kind.range_m)
    return Views(
        places,
        place,
        bearing,
        np.full(count, kind.field_of_view),
        np.full(count, kind.height_m),
        np.full(count, reach),
        np.full(count, float(kind.sensor_px)),
        np.full(count, kind.night_factor),
        np.full(count, kind.moves == PAN_TILT_ZOOM),
    )


def _directions(
    outward: np.ndarray, spread: np.ndarray, kind: CameraKind
) -> tuple[np.ndarray, np.ndarray]:
    """Return the place and the bearing of each camera of a kind, 30 degrees apart."""
    if kind.moves == PAN_TILT_ZOOM or kind.field_of_view >= 360:
        return np.arange(len(outward)), outward % 360
    turns = np.arange(-180.0 + TURN_DEGREES, 180.0 + 1e-6, TURN_DEGREES)
    # A camera on a wall may have a little of the wall in its picture.
    most = np.maximum((spread - kind.field_of_view) / 2 + OVERHANG_DEGREES, 0.0)
    row, turn = np.nonzero((np.abs(turns)[None, :] <= most[:, None]) | (spread[:, None] >= 360))
    return row, (outward[row] + turns[turn]) % 360


def best_bearings(place: np.ndarray, kind: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """Return the rows of the options that see most of each place and kind, in rising order."""
    order = np.argsort(-worth, kind="stable")
    order = order[worth[order] > 0]
    table = pd.DataFrame({"place": place[order], "kind": kind[order]})
    rank = table.groupby(["place", "kind"]).cumcount().to_numpy()
    kept: np.ndarray = np.sort(order[rank < KEPT_BEARINGS])
    return kept
