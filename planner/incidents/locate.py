"""Where each incident stands on the estate, and how sure that is.

It is told from the coordinates, from the written place (:mod:`planner.estate.naming.places`), and
from both, which *agree* where the coordinates lie within 150 m of the place that the text names:
then the place is the text's, since originators often state the coordinates of the street address.

==============  ==========  ====================================================================
``precision``   confidence  meaning
==============  ==========  ====================================================================
exact           0.98        coordinates stated by the originator, and the text agrees
exact           0.90        coordinates alone; building and site are those that hold them, but no
                            building where the text speaks of another place, or of the street
exact           0.40        the text names a place further off: ``apart_m`` says how far. The
                            coordinates count until a person has decided
building        0.85        no coordinates; the text names the building
site            0.70        no coordinates; the text names the site
street          0.50        no coordinates; the text names a street of the estate
anonymised      0.30        a police snap point: its zone counts, never a building or a site
outside         0           further from the estate than its reach, or a person decided that the
                            text means no place of it
unknown         0           neither coordinates nor a text that names a place
==============  ==========  ====================================================================

What a person decided of a text goes before all else: the place is that one, however far from it
the coordinates lie. The confidences are ranks that a person can compare, no probabilities.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from planner.estate.model import Estate
from planner.estate.naming.places import DECIDED, PlaceIndex, place_index
from planner.estate.nearest_street import NearestStreet
from planner.geo import to_metric
from planner.incidents.model import (
    ANONYMISED,
    BUILDING,
    EXACT,
    OUTSIDE,
    PLACE_COLUMNS,
    SITE,
    STREET,
    UNKNOWN,
)
from planner.text import readable_column

CONFIDENCE = {
    EXACT: 0.9, BUILDING: 0.85, SITE: 0.7, STREET: 0.5, ANONYMISED: 0.3, OUTSIDE: 0.0, UNKNOWN: 0.0,
}  # fmt: skip
AGREED, APART = 0.98, 0.4
AGREE_M = 150.0
STREET_REACH_M = 60.0
CHUNK = 200_000


def locate(
    incidents: pd.DataFrame, estate: Estate, aliases: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Put incidents on building, site, street and zone.

    Parameters
    ----------
    incidents
        ``place``, ``longitude``, ``latitude``, ``anonymised``, as in
        :mod:`planner.incidents.model`.
    estate
        The estate.
    aliases
        What people decided that written places mean: ``place`` (normalised), ``site``,
        ``building``, the latest of a place last; both empty where it is none of the estate's.

    Returns
    -------
    pandas.DataFrame
        Same index; ``x`` and ``y`` (metres, NaN where there are none), ``building``, ``site``,
        ``street``, ``zone`` (identifiers or names, ``""`` where there is none), ``precision``,
        ``confidence`` (0 to 1) and ``apart_m`` (metres between coordinates and text where they
        disagree, else NaN).
    """
    ground = _ground(estate, place_index(estate, aliases))
    metres = _metres(incidents, estate)
    zone = estate.zone_of(metres)
    parts = [
        _located(incidents.iloc[part], metres[part], zone[part], ground)
        for part in (slice(at, at + CHUNK) for at in range(0, max(len(incidents), 1), CHUNK))
    ]
    return pd.concat(parts)


@dataclass(frozen=True)
class _Ground:
    """The estate as incidents are put on it.

    Attributes
    ----------
    estate, index
        The estate, and what its places are called.
    shapes
        Outlines of the index's places, and then its streets.
    points
        A point on each, in metres, shape (places, 2).
    zones
        Row of the zone in which each of these points lies, shape (places,).
    street_rows
        The row of each street among the shapes, by its name.
    nearest_street
        None where the estate has no streets.
    """

    estate: Estate
    index: PlaceIndex
    shapes: np.ndarray
    points: np.ndarray
    zones: np.ndarray
    street_rows: pd.Series
    nearest_street: NearestStreet | None


def _ground(estate: Estate, index: PlaceIndex) -> _Ground:
    names, lines = _street_shapes(estate)
    shapes = np.concatenate([index.places["geometry"].to_numpy(), lines])
    on_it = shapely.point_on_surface(index.places["geometry"].to_numpy())
    # A street is long: of its points, the one nearest the estate's middle stands for it.
    ways = shapely.shortest_line(lines, estate.middle)
    points = shapely.get_coordinates(np.concatenate([on_it, shapely.get_point(ways, 0)]))
    rows = pd.Series(np.arange(len(on_it), len(shapes)), index=names)
    streets = estate.streets
    nearest = None if streets is None else NearestStreet(streets, STREET_REACH_M)
    return _Ground(estate, index, shapes, points, estate.zone_of(points), rows, nearest)


def _street_shapes(estate: Estate) -> tuple[pd.Index, np.ndarray]:
    if estate.streets is None:
        return pd.Index([], dtype="str"), np.array([], dtype=object)
    ends = estate.streets.points[estate.streets.edges]
    code, names = pd.factorize(np.asarray(estate.streets.names, dtype=object), sort=True)
    order = np.argsort(code, kind="stable")
    lines = shapely.multilinestrings(shapely.linestrings(ends[order]), indices=code[order])
    kept = np.asarray(names != "", dtype=bool)
    return pd.Index(names[kept], dtype="str"), lines[kept]


def _located(
    incidents: pd.DataFrame, points: np.ndarray, zone: np.ndarray, ground: _Ground
) -> pd.DataFrame:
    stated = incidents[["longitude", "latitude"]].notna().all(axis=1).to_numpy()
    anonymised = incidents["anonymised"].to_numpy(bool)
    exact = stated & ~anonymised & (zone >= 0)
    dots = _dots(points)
    building, site = _holding(dots, exact, ground.estate)
    text = _read(incidents["place"].mask(anonymised, ""), site, dots, stated, ground)
    named = text.believed & (text.row < len(ground.index.places))
    own_building = _taken(ground.index.places["building"], np.where(named, text.row, -1))
    own_site = _taken(ground.index.places["site"], np.where(named, text.row, -1))
    # Of the buildings that hold the point, those of another site than the text's do not count.
    here = ((own_building == "") & (site == own_site)).to_numpy(bool)
    keeps = np.where(named, here, _may_hold(building, text, ground))
    moved = text.believed & (~stated | text.far)
    points = np.where(moved[:, None], ground.points[text.row], points)
    zone = np.where(text.believed & (text.metres != 0), ground.zones[text.row], zone)
    precision = _precision(stated & ~text.far, zone, anonymised, text, ground)
    places = {
        "x": points[:, 0],
        "y": points[:, 1],
        "building": building.where(keeps, own_building),
        "site": site.where(~named, own_site),
        "street": _streets(incidents["place"], points, anonymised, zone, text, ground),
        "zone": _taken(ground.estate.zones["zone"], zone),
        "precision": precision,
        "confidence": _confidence(precision, text),
        "apart_m": text.apart_m,
    }
    columns = {name: np.asarray(places[name]) if name in ("x", "y", "confidence", "apart_m")
               else pd.array(places[name], dtype="str") for name in PLACE_COLUMNS}  # fmt: skip
    return pd.DataFrame(columns, index=incidents.index)


def _metres(incidents: pd.DataFrame, estate: Estate) -> np.ndarray:
    longitude, latitude = incidents["longitude"], incidents["latitude"]
    points = to_metric(longitude.to_numpy(float), latitude.to_numpy(float), estate.crs)
    points[~np.isfinite(points).all(axis=1)] = np.nan
    return points


def _dots(points: np.ndarray) -> np.ndarray:
    """Make shapely points, None where a coordinate is missing."""
    dots = np.full(len(points), None, dtype=object)
    finite = np.isfinite(points).all(axis=1)
    dots[finite] = shapely.points(points[finite])
    return dots


def _holding(dots: np.ndarray, exact: np.ndarray, estate: Estate) -> tuple[pd.Series, pd.Series]:
    """Name the building and the site on which each point lies; a building goes before its site."""
    building = np.where(exact, _holder(dots, estate.buildings.geometry.to_numpy()), -1)
    site = np.where(exact, _holder(dots, estate.sites.geometry.to_numpy()), -1)
    sites = _taken(estate.sites["site"], site)
    own = _taken(estate.buildings["site"], building)
    return _taken(estate.buildings["building"], building), sites.where(building < 0, own)


def _may_hold(building: pd.Series, text: "_Text", ground: _Ground) -> np.ndarray:
    """Whether the text lets a building count that holds the point.

    It doesn't where it names a place that the estate does not know, ground outside, or an address
    that is not the building's: coordinates are often those of the nearest address.
    """
    addressed = ground.index.places["building"].iloc[ground.index.book.known["building"].unique()]
    may: np.ndarray = ~text.other & ~(text.address & building.isin(addressed).to_numpy(bool))
    return may


def _holder(dots: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """Return the row of the first shape that holds each point, -1 where none does."""
    row = np.full(len(dots), -1)
    dot, shape = shapely.STRtree(shapes).query(dots, predicate="intersects")
    order = np.lexsort((-shape, dot))
    row[dot[order]] = shape[order]
    return row


@dataclass(frozen=True)
class _Text:
    """What the texts of incidents say beside their coordinates, all of shape (n,).

    Attributes
    ----------
    row
        Row of the place or street that is named, -1 where none is.
    believed
        Whether it happened there.
    decided
        Whether a person said so, of a place or of none.
    far
        Whether it is believed although the coordinates lie further off.
    metres
        From the coordinates to the place, NaN without either.
    apart_m
        The same where the two disagree, else NaN.
    other, address
        Whether the text may name a place that the estate does not know, and holds an address.
    """

    row: np.ndarray
    believed: np.ndarray
    decided: np.ndarray
    far: np.ndarray
    metres: np.ndarray
    apart_m: np.ndarray
    other: np.ndarray
    address: np.ndarray


def _read(
    places: pd.Series, site: pd.Series, dots: np.ndarray, stated: np.ndarray, ground: _Ground
) -> _Text:
    read = ground.index.read(places, site)
    place, sure = read["place"].to_numpy(int), read["sure"].to_numpy(bool)
    decided = (read["evidence"] == DECIDED).to_numpy(bool)
    street = ground.street_rows.reindex(read["street"]).fillna(-1).to_numpy(int)
    of_street = (place < 0) & (street >= 0) & ~decided
    row = np.where(of_street, street, place)
    sure = (row >= 0) & (sure | of_street)
    metres: np.ndarray = shapely.distance(np.where(row >= 0, ground.shapes[row], None), dots)
    near = metres <= AGREE_M
    far = sure & stated & ~near
    believed = np.where(stated, near | (far & decided), sure)
    apart_m = np.where(far & ~decided, metres, np.nan)
    other, address = read["other"].to_numpy(bool), read["address"].to_numpy(bool)
    return _Text(row, believed, decided, far & decided, metres, apart_m, other, address)


def _precision(
    exact: np.ndarray, zone: np.ndarray, anonymised: np.ndarray, text: _Text, ground: _Ground
) -> np.ndarray:
    is_street = text.row >= len(ground.index.places)
    is_site = (
        ~is_street
        & (ground.index.places["building"].to_numpy() == "")[np.where(is_street, -1, text.row)]
    )
    written = text.believed & ~exact
    return np.select(
        [
            written & is_street, written & is_site, written, ~exact & text.decided, ~exact,
            zone < 0, anonymised,
        ],
        [STREET, SITE, BUILDING, OUTSIDE, UNKNOWN, OUTSIDE, ANONYMISED],
        default=EXACT,
    )  # fmt: skip


def _confidence(precision: np.ndarray, text: _Text) -> np.ndarray:
    usual = pd.Series(precision).map(CONFIDENCE).to_numpy(float)
    exact = precision == EXACT
    disagree = exact & np.isfinite(text.apart_m)
    return np.select([disagree, exact & text.believed], [APART, AGREED], default=usual)


def _streets(
    places: pd.Series,
    points: np.ndarray,
    anonymised: np.ndarray,
    zone: np.ndarray,
    text: _Text,
    ground: _Ground,
) -> pd.Series:
    """Take the street that the text or the police name, or the one nearest to a point."""
    named = text.believed & (text.row >= len(ground.index.places))
    streets = _taken(
        pd.Series(ground.street_rows.index),
        np.where(named, text.row - len(ground.index.places), -1),
    )
    near = (zone >= 0) & ~anonymised & ~named
    if ground.nearest_street is not None:
        found = ground.nearest_street.names(np.where(near[:, None], points, np.nan))
        streets = streets.where(named, pd.Series(found, dtype="str"))
    written = places.str.extract(r"^On or near (.+)$", expand=False).fillna("")
    return streets.where(~anonymised, readable_column(written).set_axis(streets.index))


def _taken(names: pd.Series, row: np.ndarray) -> pd.Series:
    """Take names by row, ``""`` for -1."""
    listed = pd.array([*names.astype("str"), ""], dtype="str")
    return pd.Series(listed.take(np.where(row < 0, len(listed) - 1, row)))
