"""One night kept apart from the nights before it: the plan that shares few stops with them.

A *stop* is a zone in which a team stands and the hour of the shift in which it does; whichever
team, and however long. Routes that share few stops with last week's can't be told from them
(Koper, 1995, "Just enough police presence", asks for visits at times that nobody can foresee).
"""

from dataclasses import dataclass

import numpy as np

from planner.allocate.rotation.nights import Nights, standing

BINS_IN_HOUR = 6


@dataclass(frozen=True)
class Apart:
    """A night plan that keeps apart from recent nights.

    Attributes
    ----------
    row
        The plan.
    shares
        Share of its stops that it has in common with each recent night, shape (r,).
    cover_share
        Its cover, as a share of the best plan's.
    kept
        Whether all shares are at most what was asked for.
    """

    row: int
    shares: np.ndarray
    cover_share: float
    kept: bool


def keep_apart(
    nights: Nights,
    recent: np.ndarray,
    share: float = 0.5,
    least_cover_share: float = 0.9,
    bins_in_hour: int = BINS_IN_HOUR,
) -> Apart:
    """Choose the plan for a night that keeps apart from recent nights.

    Of the plans that cover enough, the one that covers most among those with at most a share of
    their stops in common with each recent night. Where there is none, the one whose greatest
    share is least, and of these the one that covers most.

    Parameters
    ----------
    nights
        The pool of night plans, at least one.
    recent
        Zone rows of the teams on recent nights, shape (r, m, b), in bins of the pool's; the
        number of teams may differ from the pool's.
    share
        Most of a plan's stops in common with any recent night.
    least_cover_share
        Least cover, as a share of the best plan's.
    bins_in_hour
        How many bins make an hour.
    """
    common = shares_in_common(nights.present, recent, nights.zones, bins_in_hour)
    greatest = common.max(axis=1, initial=0.0)
    enough = nights.cover >= least_cover_share * nights.most_cover
    # Below the share all are the same, so that cover alone decides.
    missed = np.where(enough, np.maximum(greatest, share), np.inf)
    row = int(np.lexsort((-nights.cover, missed))[0])
    best = nights.most_cover
    return Apart(
        row=row,
        shares=common[row],
        cover_share=float(nights.cover[row] / best) if best else 1.0,
        kept=bool(greatest[row] <= share),
    )


def share_in_common(a: np.ndarray, b: np.ndarray, bins_in_hour: int = BINS_IN_HOUR) -> float:
    """Return the share of a night's stops that another night has too.

    Parameters
    ----------
    a, b
        Zone rows of the teams of both nights, shape (m, b); of b the number of teams may differ.
    bins_in_hour
        How many bins make an hour.

    Returns
    -------
    float
        0 to 1; 0 where a has no stops. Not the same both ways where one has more stops.
    """
    zones = int(max(a.max(initial=-1), b.max(initial=-1))) + 1
    return float(shares_in_common(a[None], b[None], zones, bins_in_hour)[0, 0])


def shares_in_common(
    plans: np.ndarray, others: np.ndarray, zones: int, bins_in_hour: int = BINS_IN_HOUR
) -> np.ndarray:
    """Return the share of each plan's stops that each other one has too.

    Parameters
    ----------
    plans, others
        Zone rows of the teams, shape (k, m, b) and (r, m, b).
    zones
        Number of zones.
    bins_in_hour
        How many bins make an hour.

    Returns
    -------
    numpy.ndarray
        0 to 1, shape (k, r).
    """
    stops = _stops(plans, zones, bins_in_hour)
    both = stops @ _stops(others, zones, bins_in_hour).T
    shares: np.ndarray = both / np.maximum(stops.sum(axis=1), 1)[:, None]
    return shares


def _stops(present: np.ndarray, zones: int, bins_in_hour: int) -> np.ndarray:
    """Tell which stops each plan has, ones and zeros of shape (k, hours * zones)."""
    stands = standing(present, zones)
    hours = np.arange(0, stands.shape[1], bins_in_hour)
    found = np.logical_or.reduceat(stands, hours, axis=1)
    return found.reshape(len(stands), len(hours) * zones).astype(float)
