"""Plans to choose from: each does something else best, and they really differ."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.allocate.answer.reasons import Reasons
from planner.allocate.answer.routes import Answered, routes_of
from planner.allocate.patrols.draws import covered_by_zone, draw_factors, over_draws
from planner.allocate.patrols.goals import (
    LEAST_COVER,
    Differ,
    little_walking,
    longest_waits,
    other_worth,
    short_waits,
)
from planner.allocate.patrols.pool import cover_of, metres_of
from planner.allocate.patrols.rounds import Effort, Goal, Patrols, as_found, best_of_rounds
from planner.allocate.patrols.timing import Tour
from planner.allocate.patrols.worth import Worth
from planner.allocate.plan import Choice, Draws, SiteWaits
from planner.allocate.question.question import Question

DRAWS = 400
# Beside the first plan, which has searched most, these look for less long.
LESS = 4
PACKINGS = 3
FEWEST_ITERATIONS = 60


@dataclass(frozen=True)
class Chosen:
    """One plan to choose from, in numbers."""

    name: str
    aim: str
    tours: tuple[Tour, ...]


def other_plans(question: Question, patrols: Patrols, effort: Effort) -> tuple[Chosen, ...]:
    """Find plans that do something else best.

    Parameters
    ----------
    question, patrols
        What was asked, and the plan that covers most.
    effort
        How long that plan was searched for.
    """
    problem, activities = question.problem, patrols.activities
    if not patrols.tours:
        return ()
    incidents, harm = question.worths
    by_harm = question.scenario.patrols.harm_share < 1
    differ = Differ.from_tours(patrols.tours)
    # An estate that has few places may have no plan that differs so much.
    thans = (differ, replace(differ, most=1.0))
    goals: list[tuple[str, str, list[Goal]]] = [
        (
            "Shortest waits",
            "the longest time without a visit is as short as can be, in the mean over sites",
            [short_waits(problem, activities, question.site_zones, than) for than in thans],
        ),
        (
            "Least walking",
            f"walks least and covers at least {LEAST_COVER:.0%} of what the first plan does",
            [little_walking(problem, patrols.value, than) for than in thans],
        ),
        (
            "Most harm covered" if by_harm else "Most incidents covered",
            "counts expected harm" if by_harm else "counts expected incidents, whatever their harm",
            [other_worth(problem, activities, harm if by_harm else incidents)],
        ),
    ]
    return tuple(
        Chosen(name, aim, tours)
        for name, aim, mine in goals
        if (tours := _best_for(question, patrols, effort, mine, differ)) is not None
    )


def _best_for(
    question: Question,
    patrols: Patrols,
    effort: Effort,
    goals: Sequence[Goal],
    differ: Differ,
) -> tuple[Tour, ...] | None:
    """Search a little more for the first of some goals whose plan differs, or for the last."""
    less = Effort(
        effort.seed + 1_000,
        2,
        max(FEWEST_ITERATIONS, effort.iterations // LESS),
        None if effort.seconds is None else effort.seconds / LESS,
        PACKINGS,
    )
    plan, known = as_found(patrols), list(patrols.pool.row_of)
    for goal in goals:
        found = best_of_rounds(question.problem, patrols.activities, less, goal, plan, known)
        if found is not None and (goal is goals[-1] or differ.holds(found.tours)):
            return found.tours
    return None


def choice_notes(
    question: Question, first: Chosen, others: tuple[Chosen, ...], reasons: Reasons, seed: int
) -> tuple[Choice, ...]:
    """Write out plans to choose from, the first of them first."""
    factors = draw_factors(question.risk.dispersion, DRAWS, seed)
    differ = Differ.from_tours(first.tours)
    return tuple(_note(question, one, differ, reasons, factors) for one in (first, *others))


def _note(
    question: Question, one: Chosen, differ: Differ, reasons: Reasons, factors: np.ndarray
) -> Choice:
    problem, need = question.problem, question.need
    incidents, harm = question.worths
    shared = differ.shared(one.tours)
    return Choice(
        name=one.name,
        aim=one.aim,
        routes=routes_of(Answered(question, one.tours, reasons)),
        risk_covered=_share(cover_of(problem, one.tours, incidents), question.risk.total),
        harm_covered=_share(cover_of(problem, one.tours, harm), need.harm_total),
        waits=waits_note(question, one.tours),
        walking_km=round(sum(metres_of(problem, tour) for tour in one.tours) / 1000, 2),
        in_common=float(shared.mean()) if len(shared) else 1.0,
        draws=draws_note(question, one.tours, incidents, factors),
    )


def _share(value: float, total: float) -> float:
    return value / total if total > 0 else 0.0


def draws_note(
    question: Question, tours: tuple[Tour, ...], worth: Worth, factors: np.ndarray
) -> Draws:
    """Say what a plan covers over draws of the risk."""
    covered = covered_by_zone(question.problem, tours, worth, len(question.risk.zones))
    judged = over_draws(covered, question.risk.mean, factors)
    return Draws(mean=judged.mean, worst_tenth=judged.worst_tenth)


def waits_note(question: Question, tours: tuple[Tour, ...]) -> SiteWaits:
    """Say how long sites that routes can reach wait for a visit."""
    sites = question.site_zones
    waits = longest_waits(question.problem, tours, sites) / 3600
    seen = {step.zone for tour in tours for step in tour.visits}
    seen |= set(question.problem.made.zone.tolist())
    there = np.array([int(zone) in seen for zone in sites], dtype=bool)
    return SiteWaits(
        longest_hours=round(float(waits.max(initial=0.0)), 2),
        longest_seen_hours=round(float(waits[there].max(initial=0.0)), 2),
        mean_hours=round(float(waits.mean()) if len(waits) else 0.0, 2),
        unseen=int((~there).sum()),
        sites=len(sites),
    )
