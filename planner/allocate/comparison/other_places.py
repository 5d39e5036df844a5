"""Where else a camera could stand, and what it would add there."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array
from shapely import STRtree, points

from planner.allocate.cameras import roles
from planner.allocate.cameras.deployment import Deployment
from planner.allocate.cameras.options import of_rows
from planner.allocate.cameras.possible import EXPOSED
from planner.allocate.cameras.roles import Options
from planner.allocate.cameras.views import FULL_CIRCLE, Views
from planner.allocate.comparison.meant_camera import gains
from planner.geo import true_bearing

# Nearer than this it is the same place, turned.
SAME_PLACE_M = 5.0
# Of the places that are best for a new camera, so many are tried with a moved one's own lens.
MOST_TRIED = 60


@dataclass(frozen=True)
class Place:
    """The best of other places.

    Attributes
    ----------
    name
        Where it is and which way a camera looks there, in words.
    at
        Metres, shape (1, 2).
    seen
        Share of the time in which a camera there sees each row, shape (1, rows).
    added
        Expected incidents a mean day that a camera there would add.
    purchase, yearly
        What a new one there costs, once and a year.
    """

    name: str
    at: np.ndarray
    seen: np.ndarray
    added: float
    purchase: float
    yearly: float


def places_on_offer(deployment: Deployment) -> Options | None:
    """Return the new cameras that the scenario's kinds and its limit on private views allow.

    None where there is no such camera.
    """
    wanted = deployment.wanted
    if not wanted.kinds:
        return None
    offer = roles.bought(deployment.study, wanted)
    most = offer.exposed.max(axis=1).toarray().ravel() if offer.exposed.shape[1] else 0.0
    unmasked = (most > wanted.private_limit + EXPOSED) & ~offer.table["masks"].to_numpy(bool)
    allowed = np.flatnonzero(~unmasked)
    return offer.only(allowed) if len(allowed) else None


def best_place(
    deployment: Deployment,
    offer: Options | None,
    cover: np.ndarray,
    demand: np.ndarray,
    away_from: np.ndarray,
    as_seen_by: Options | None = None,
) -> Place | None:
    """Return the place where a camera would add most to a cover; None where none would.

    Parameters
    ----------
    offer
        As :func:`places_on_offer` returns it.
    cover, demand
        As :class:`planner.allocate.comparison.meant_camera.Meant` has them.
    away_from
        Places that don't count as other ones, metres of shape (n, 2).
    as_seen_by
        A camera that is to be moved there, as the one row: what it would add with its own lens
        and sensor, at the places that are best for a new one. A new one if None.
    """
    if offer is None:
        return None
    at = offer.views.places[offer.views.place]
    near, _ = STRtree(points(away_from)).query(points(at), "dwithin", SAME_PLACE_M)
    added = gains(offer.seen, cover, demand)
    added[near] = 0.0
    seen, best = offer.seen, int(np.argmax(added))
    if as_seen_by is not None:
        tried = np.argsort(-added, kind="stable")[:MOST_TRIED]
        seen = _seen_moved(deployment, of_rows(offer.views, tried), as_seen_by)
        by_own = np.where(added[tried] > 0, gains(seen, cover, demand), 0.0)
        first = int(np.argmax(by_own))
        best, seen = int(tried[first]), seen[[first]]
        added[best] = by_own[first]
    else:
        seen = seen[[best]]
    if not added[best] > 0:
        return None
    table = offer.table.iloc[best]
    return Place(
        name=_words(deployment, offer, best),
        at=at[[best]],
        seen=seen.toarray(),
        added=float(added[best]),
        purchase=float(table["price"]),
        yearly=float(table["yearly"]),
    )


def _seen_moved(deployment: Deployment, views: Views, camera: Options) -> csr_array:
    """Return what a camera would see with its own lens and sensor from other places."""
    one = camera.views
    own = {
        name: np.repeat(getattr(one, name), len(views))
        for name in ("field_of_view", "height_m", "range_m", "sensor_px", "night_factor", "turns")
    }
    return deployment.study.seen(replace(views, **own), deployment.grade)


def _words(deployment: Deployment, offer: Options, row: int) -> str:
    views, table = offer.views, offer.table.iloc[row]
    if views.turns[row] or views.field_of_view[row] >= FULL_CIRCLE:
        return f"{table['name']} ({table['mount']}, all round)"
    at = views.places[views.place[[row]]]
    true = true_bearing(views.bearing[[row]], at, deployment.study.picture.estate.crs)
    return f"{table['name']} ({table['mount']}, towards {round(float(true[0])) % 360:03d}°)"
