"""What else could be done where a camera would look: lighting, locks, a patrol, another place."""

import numpy as np

from planner.allocate.cameras.deployment import Deployment
from planner.allocate.cameras.options import of_rows
from planner.allocate.cameras.views import Targets, look_around, shares_seen, sights
from planner.allocate.comparison.case_parts import Alternative
from planner.allocate.comparison.meant_camera import Meant
from planner.allocate.comparison.other_places import best_place, places_on_offer
from planner.allocate.comparison.records_in_view import (
    SMALLEST,
    category_counts,
    shares_in_view,
)
from planner.allocate.patrols.worth import Worth
from planner.insight.risk.profiles import HOURS_A_DAY, minutes_of
from planner.insight.timing.aoristic import HOURS
from planner.insight.timing.profile import BIN_S

DAYS_A_YEAR = 365
VISIT_S = 900
# A lock addresses what is locked away: not what is taken from somebody's pocket or from a shelf.
BY_LOCKS = ("bicycle", "burglary", "theft", "vehicle")
NOT_BY_LOCKS = ("person", "shop")
LIGHTING, LOCKS, PATROL, ELSEWHERE = "Lighting", "Locks", "A patrol", "A different place"


def alternatives(deployment: Deployment, meant: Meant) -> tuple[Alternative, ...]:
    """Say what else could be done where a camera looks, and what that would cover.

    The figures differ in kind: what is in view, what a lock addresses, and what a visit covers by
    its convention. Each says in its words what it counts.
    """
    return (
        _lighting(deployment, meant),
        _locks(deployment, meant),
        _patrol(deployment, meant),
        _elsewhere(deployment, meant),
    )


def _lighting(deployment: Deployment, meant: Meant) -> Alternative:
    """Light the ground in the camera's field: what the cameras that stand would then see."""
    study, kept = deployment.study, deployment.possible.kept
    points, usual = study.demand.points, study.targets(deployment.grade)
    alone = meant.options.views
    field = np.zeros(len(points), dtype=bool)
    field[sights(alone, look_around(alone, study.walls), points).point] = True
    night = study.incidents[len(points) :]
    dark = float(night[field & ~usual.lit].sum())
    whole = float(night[field].sum())
    shown = meant.own.max(axis=0)[len(points) :] > 0
    below = float(night[field & ~shown].sum())
    others = of_rows(kept.views, np.setdiff1d(np.arange(len(kept)), [meant.row]))
    found = sights(others, look_around(others, study.walls), points)
    before, after = (
        np.minimum(np.asarray(shares_seen(others, found, each)[1].sum(axis=0)).ravel(), 1.0)
        for each in (usual, Targets(points, usual.lit | field, usual.pixels))
    )
    gained = float((night * (after - before)).sum()) * DAYS_A_YEAR
    if not whole > 0:
        return Alternative(name=LIGHTING, expected=0.0, words="Nothing is expected after dark.")
    return Alternative(
        name=LIGHTING,
        expected=gained,
        words=(
            f"Lamps over the same ground: {dark / whole:.0%} of its after-dark demand is unlit now "
            f"and {below / whole:.0%} below this camera's grade. The figure is what cameras that "
            f"stand would newly show; upper limit, all {_figure(dark * DAYS_A_YEAR)} a year on the "
            "unlit ground, if light alone stopped everything."
        ).replace("%", " %"),
    )


def _locks(deployment: Deployment, meant: Meant) -> Alternative:
    """Count what a lock addresses among what is in view."""
    study = deployment.study
    incidents = study.picture.on_estate
    shares = shares_in_view(study, meant.options, deployment.grade, incidents)
    counts = category_counts(incidents["category"], shares)
    ours = [str(name) for name in counts.index if _lockable(str(name))]
    of_them, total = float(counts[ours].sum()), float(counts.sum())
    kinds = ", ".join(sorted(ours)) or "none of them in view"
    if round(of_them) < SMALLEST or round(total - of_them) in range(1, SMALLEST):
        words = "Too few are recorded, of these kinds or of others, to give a number apart."
        return Alternative(name=LOCKS, expected=None, words=f"Better locks and doors. {words}")
    expected = sum(meant.in_view) * DAYS_A_YEAR * of_them / total
    return Alternative(
        name=LOCKS,
        expected=expected,
        words=(
            "Better locks, doors and racks: expected incidents in view of the categories that a "
            f"lock addresses ({kinds}). An upper limit: no lock stops all."
        ),
    )


def _lockable(category: str) -> bool:
    name = category.lower()
    wanted = any(word in name for word in BY_LOCKS)
    return wanted and not any(word in name for word in NOT_BY_LOCKS)


def _patrol(deployment: Deployment, meant: Meant) -> Alternative:
    """Visit the zone with most of what is in view, once a day, at its best time."""
    study = deployment.study
    seen = (meant.demand * np.minimum(meant.own, 1.0)).sum(axis=0)
    by_zone = np.bincount(study.zone, seen, minlength=len(study.risk.zones))
    zone = int(np.argmax(by_zone))
    name = str(study.picture.estate.zones["name"].iloc[zone])
    daily = float(study.risk.daily[zone])
    covered, clock, shift = best_visit(deployment, zone)
    if not daily > 0:
        return Alternative(name=PATROL, expected=0.0, words=f"Nothing is expected in {name}.")
    return Alternative(
        name=PATROL,
        expected=covered * DAYS_A_YEAR,
        words=(
            f"A visit of 15 minutes every day to the zone {name}, at {clock} in its busiest shift "
            f"({shift}): {100 * covered / daily:.1f} % of all that is expected in the zone, not "
            "only in view. Convention: presence covers while it lasts and halves every 30 minutes "
            "after."
        ),
    )


def best_visit(deployment: Deployment, zone: int) -> tuple[float, str, str]:
    """Return what the best visit of a mean day covers: incidents, its time, and the shift.

    Parameters
    ----------
    zone
        Row of the zone; its busiest shift of a mean day is looked at.
    """
    study = deployment.study
    profile = study.picture.expectation.profile
    by_hour = profile.intensities(np.arange(HOURS))[zone].reshape(-1, HOURS_A_DAY).mean(axis=0)
    whole = float(by_hour.sum())
    rate = by_hour / whole if whole > 0 else np.full(HOURS_A_DAY, 1 / HOURS_A_DAY)
    needs = {}
    for name, hours in study.picture.settings.shifts.items():
        start, end = minutes_of(hours)
        edges = np.append(np.arange(start, end, BIN_S // 60), end)
        hour = edges[:-1] // 60 % HOURS_A_DAY
        needs[name] = (start, end, rate[hour] * np.diff(edges) / 60 * study.risk.daily[zone])
    shift = max(needs, key=lambda name: float(needs[name][2].sum()))
    start, end, need = needs[shift]
    seconds = (end - start) * 60
    worth = Worth(need[None, :], seconds)
    begins = np.arange(0, max(seconds - VISIT_S, 0) + 1, BIN_S)
    covered = worth.of_visits(
        np.zeros(len(begins), dtype=int), begins, np.full(len(begins), min(VISIT_S, seconds))
    )
    best = int(np.argmax(covered))
    minute = start + int(begins[best]) // 60
    return float(covered[best]), f"{minute // 60 % HOURS_A_DAY:02d}:{minute % 60:02d}", shift


def _elsewhere(deployment: Deployment, meant: Meant) -> Alternative:
    here = meant.options.views.places
    offer = places_on_offer(deployment)
    place = best_place(deployment, offer, meant.without, meant.demand, here)
    if place is None:
        return Alternative(
            name=ELSEWHERE, expected=0.0, words="No other place on offer would add anything."
        )
    return Alternative(
        name=ELSEWHERE,
        expected=place.added * DAYS_A_YEAR,
        words=f"The best other place: {place.name}, added to {meant.beside} in this one's stead.",
        purchase=place.purchase,
        yearly=place.yearly,
    )


def _figure(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"
