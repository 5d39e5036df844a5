"""A plan that keeps apart from those of the nights before: few stops at the same hours."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from planner.allocate.audience import seen_by
from planner.allocate.patrol_plan import Solved, effort_of, patrols_plan, solve_question
from planner.allocate.patrols.variety import night_plans
from planner.allocate.plan import PatrolsPlan, Plan
from planner.allocate.planning import plan_from, plan_id, question_of
from planner.allocate.question.question import WEEK_NIGHTS, Before, Question
from planner.allocate.rotation.keep_apart import Apart, keep_apart
from planner.allocate.rotation.nights import NOWHERE
from planner.allocate.rotation_plan import BIN_S, nights_of
from planner.allocate.scenario import Scenario, resolve_shift
from planner.clock import Shift, seconds_between
from planner.errors import ScenarioError
from planner.picture import Picture

NIGHTS = 12
LEAST_COVER = 0.9
MOST_IN_COMMON = 0.5
DAY = timedelta(days=1)
WEEK = WEEK_NIGHTS * DAY
# A site's visits in any seven nights: tonight's and those of the six before.
SIX_NIGHTS = timedelta(days=6, hours=12)
KEPT_APART = "Kept apart from the nights before"


@dataclass(frozen=True)
class Recent:
    """Plans of the nights before: those that count, and what became of the others, in words."""

    plans: tuple[Plan, ...]
    left_out: tuple[str, ...]


def varied_plan(
    picture: Picture, scenario: Scenario, earlier: Sequence[Plan], recording_places: int = 0
) -> Plan:
    """Plan a shift so that it shares few stops with the same shift of the seven nights before.

    Their visits count for ``patrols.every_site_a_week`` too.

    Parameters
    ----------
    picture, scenario, recording_places
        As :func:`planner.allocate.planning.make_plan` takes them.
    earlier
        Plans of the nights before; those of other shifts are left out, and said.

    Returns
    -------
    Plan
        ``patrols.changes`` says how much it has in common with them, and what that costs.

    Raises
    ------
    ScenarioError, Infeasible, NoIncidents
        As :func:`planner.allocate.planning.make_plan`; and if a plan is of another estate.
    """
    picture = seen_by(picture, scenario)
    shift = resolve_shift(scenario.shift, picture.settings, picture.as_of)
    recent = recent_plans(picture, shift, earlier)
    asked = question_of(picture, scenario, _before(picture, shift, recent.plans))
    solved = solve_question(asked.question, asked.reasons)
    apart, kept = _kept_apart(solved, recent.plans)
    patrols = _told(patrols_plan(kept), asked.question, apart, recent)
    name = plan_id(picture, scenario, [plan.id for plan in recent.plans])
    return plan_from(asked, solved, patrols, name, recording_places)


def recent_plans(picture: Picture, shift: Shift, earlier: Sequence[Plan]) -> Recent:
    """Choose the plans of the same shift on the seven nights before, the earliest first.

    Raises
    ------
    ScenarioError
        If a plan is of another estate.
    """
    kept: dict[str, Plan] = {}
    left_out = []
    for plan in sorted(earlier, key=lambda one: one.shift.starts_at):
        if plan.estate.name != picture.settings.name:
            raise ScenarioError(
                f"--vary: plan {plan.id} is for '{plan.estate.name}', and the workspace is "
                f"'{picture.settings.name}'; give plans that were made from this workspace."
            )
        before = seconds_between(datetime.fromisoformat(plan.shift.starts_at), shift.starts_at)
        if plan.shift.name != shift.name or not 0 < before <= WEEK.total_seconds():
            left_out.append(f"{_shift_words(plan)}, which is not this shift in the week before")
        elif plan.shift.starts_at in kept and kept[plan.shift.starts_at].id != plan.id:
            left_out.append(
                f"{_shift_words(kept[plan.shift.starts_at])}, of which there is another plan"
            )
            kept[plan.shift.starts_at] = plan
        else:
            kept[plan.shift.starts_at] = plan
    return Recent(tuple(kept.values()), tuple(left_out))


def _shift_words(plan: Plan) -> str:
    return f"plan {plan.id} ({plan.shift.name} of {plan.shift.starts_at[:10]})"


def _before(picture: Picture, shift: Shift, plans: Sequence[Plan]) -> Before:
    """Count the visits to each zone, by row, on the six nights before, and the nights left."""
    rows = _zone_rows(picture)
    seen: Counter[int] = Counter()
    left = WEEK_NIGHTS
    for plan in plans:
        before = seconds_between(datetime.fromisoformat(plan.shift.starts_at), shift.starts_at)
        if before > SIX_NIGHTS.total_seconds():
            continue
        left = min(left, WEEK_NIGHTS - round(before / DAY.total_seconds()))
        stops = (stop for route in plan.patrols.routes for stop in route.stops)
        seen.update(rows[stop.zone] for stop in stops if stop.zone in rows)
    return Before(seen, max(1, left))


def _zone_rows(picture: Picture) -> dict[str, int]:
    return {str(zone): row for row, zone in enumerate(picture.estate.zones["zone"])}


def _kept_apart(solved: Solved, plans: Sequence[Plan]) -> tuple[Apart, Solved]:
    """Choose the night plan that keeps apart, and return the solution with it as its answer."""
    question, patrols = solved.question, solved.patrols
    effort = effort_of(question.scenario)
    nights = night_plans(question.problem, patrols, effort, NIGHTS, LEAST_COVER)
    pool = nights_of(question, nights)
    recent = _present(question, plans, pool.present.shape[2])
    apart = keep_apart(pool, recent, MOST_IN_COMMON, LEAST_COVER)
    chosen = nights[apart.row]
    answer = replace(patrols, tours=chosen.tours, value=chosen.cover)
    return apart, replace(solved, patrols=answer)


def _present(question: Question, plans: Sequence[Plan], bins: int) -> np.ndarray:
    """Return where the teams of plans stood in each ten minutes of their shifts, shape (r, m, b).

    As :func:`planner.allocate.rotation_plan.presence` has it for a plan in numbers.
    """
    rows = _zone_rows(question.picture)
    teams = max((len(plan.patrols.routes) for plan in plans), default=0)
    there = np.full((len(plans), max(teams, 1), bins), NOWHERE)
    middles = np.arange(bins) * BIN_S + BIN_S // 2
    for number, plan in enumerate(plans):
        starts = datetime.fromisoformat(plan.shift.starts_at)
        for team, route in enumerate(plan.patrols.routes):
            for stop in route.stops:
                if stop.zone in rows:
                    arrive, leave = (
                        seconds_between(starts, datetime.fromisoformat(moment))
                        for moment in (stop.arrive, stop.leave)
                    )
                    within = (middles >= arrive) & (middles < leave)
                    there[number, team, within] = rows[stop.zone]
    return there


def _told(patrols: PatrolsPlan, question: Question, apart: Apart, recent: Recent) -> PatrolsPlan:
    """Say how much a plan has in common with the nights before, and what that costs."""
    first, *others = patrols.choices
    if recent.plans:
        first = first.model_copy(update={"name": KEPT_APART, "aim": "shares few stops with them"})
    best = patrols.risk_covered / apart.cover_share if apart.cover_share else patrols.risk_covered
    return patrols.model_copy(
        update={
            "choices": (first, *others),
            "changes": (
                *_common_words(apart, recent),
                f"It covers {patrols.risk_covered:.1%} of the expected "
                f"{question.need.noun}; the plan that covers most covers {best:.1%}.",
                *(f"Left out of the comparison: {text}." for text in recent.left_out),
            ),
        }
    )


def _common_words(apart: Apart, recent: Recent) -> tuple[str, ...]:
    if not recent.plans:
        return ("No plan of this shift in the week before was given: nothing to keep apart from.",)
    nights = [plan.shift.starts_at[:10] for plan in recent.plans]
    shares = ", ".join(
        f"{share:.0%} with {night}" for share, night in zip(apart.shares, nights, strict=True)
    )
    kept = (
        ""
        if apart.kept
        else f" No plan that covers {LEAST_COVER:.0%} of the most has at most "
        f"{MOST_IN_COMMON:.0%} in common with each."
    )
    return (f"In common with the nights before (the same zone in the same hour): {shares}.{kept}",)
