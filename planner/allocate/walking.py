"""Walking in a shift: which streets are open, and where a patrol can stand for each zone."""

from dataclasses import dataclass

import numpy as np
import shapely

from planner.clock import Shift
from planner.estate.model import Estate
from planner.estate.streets import Streets
from planner.estate.zones import Stops, stops_for
from planner.picture import Picture

NAMED = 6


@dataclass(frozen=True)
class Walking:
    """What can be walked in one shift.

    Attributes
    ----------
    streets
        The network without what is locked, or None where no streets are known.
    stops
        Where a patrol stands for each zone; a stop behind a locked gate is moved to the nearest
        open street, and where none is within reach its zone is left out.
    """

    streets: Streets | None
    stops: Stops


def walking_in(picture: Picture, shift: Shift, closed: np.ndarray | None = None) -> Walking:
    """Find what can be walked in a shift with the keys that the service holds.

    Parameters
    ----------
    closed
        Zones that no team enters, shape (z,): no way leads through their cores.
    """
    estate = picture.estate
    if estate.streets is None:
        return Walking(None, estate.stops)
    streets = estate.streets.during(shift, picture.settings.keys)
    if closed is not None and closed.any():
        streets = streets.without(estate.zones.geometry.to_numpy()[closed])
    return Walking(streets, stops_for(estate.zones, streets, estate.stop_reach_m))


def gate_warnings(estate: Estate, walking: Walking) -> tuple[str, ...]:
    """Say which zones locked gates cut off, and which opening hours can't be read."""
    texts = []
    cut_off = estate.stops.reachable & ~walking.stops.reachable
    names = estate.zones["name"].to_numpy(dtype=object)[cut_off]
    if len(names):
        texts.append(
            f"{len(names):,} of {len(estate.zones):,} zones can't be reached in this shift, as "
            f"gates are locked and no keys are held, and their risk still counts: {_some(names)}."
        )
    unread = () if walking.streets is None else walking.streets.unread_hours
    if unread:
        texts.append(
            "Opening hours that can't be read count as locked from 22:00 to 06:00: "
            f"{_some(np.array([repr(text) for text in unread], dtype=object))}."
        )
    return tuple(texts)


def far_warnings(estate: Estate) -> tuple[str, ...]:
    """Say which sites count for a stretch of street that is far from them.

    Zones of the kind ``streets`` share out all of the estate. Where the streets of a part of it
    are missing, the last stretches answer for that part too, though no patrol there sees it.
    """
    if estate.streets is None or estate.zone_kind != "streets":
        return ()
    streets = shapely.union_all(estate.streets.lines.geometry.to_numpy())
    sites = estate.sites
    far = shapely.distance(sites.geometry.to_numpy(), streets) > estate.stop_reach_m
    if not far.any():
        return ()
    names = sites["name"].to_numpy(dtype=object)[far]
    return (
        f"{len(names):,} of {len(sites):,} sites are more than {estate.stop_reach_m:.0f} m from a "
        "street, and their risk counts for the stretch nearest them: what stops and cameras there "
        f"cover is overstated. Give the streets of the whole estate: {_some(names)}.",
    )


def _some(names: np.ndarray) -> str:
    shown = ", ".join(str(name) for name in names[:NAMED])
    return shown + (f" and {len(names) - NAMED:,} more" if len(names) > NAMED else "")
