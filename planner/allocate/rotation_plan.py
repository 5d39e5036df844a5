"""A rotation: which routes are walked on which night, and how little of it can be foreseen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
from pydantic import BaseModel, ConfigDict

from planner import __version__
from planner.allocate.answer.notes import estate_note, picture_note
from planner.allocate.answer.routes import Answered, routes_of
from planner.allocate.audience import seen_by
from planner.allocate.patrol_plan import effort_of, solve_question, undone
from planner.allocate.patrols.sharing import sharing_plans
from planner.allocate.patrols.timing import Tour, visits_made
from planner.allocate.patrols.variety import Night, night_plans
from planner.allocate.plan import EstateNote, PictureNote, Route
from planner.allocate.planning import Asked, question_of
from planner.allocate.question.question import Question
from planner.allocate.rotation.nights import NOWHERE, Nights
from planner.allocate.rotation.observer import Score, predictability
from planner.allocate.rotation.shortfall import NoRotation
from planner.allocate.rotation.weeks import Drawn, Stretch, draw_stretches
from planner.allocate.scenario import Scenario
from planner.clock import shift_on
from planner.errors import Infeasible, ScenarioError
from planner.picture import Picture
from planner.settings import ShiftHours

BIN_S = 600
WEEK = 7
PLANS_A_NIGHT, FEWEST_PLANS, MOST_PLANS = 8, 60, 200
# Plans may cover less than the rotation's mean must.
BELOW = 0.07
# For each night of a week a plan is searched for.
WEEKLY_TRIES, WEEKLY_ITERATIONS, WEEKLY_PACKINGS = 2, 200, 3


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class NightPlan(_Part):
    """One of the plans of a rotation: its routes, as they would be walked on its first night.

    ``share`` is how often the policy uses it, ``cover`` the share of the risk that it covers.
    """

    number: int
    share: float
    cover: float
    routes: tuple[Route, ...]


class NightNote(_Part):
    """Which plan is walked on a night; ``starts_at`` is a local moment."""

    starts_at: str
    plan: int


class Foreseen(_Part):
    """How much an observer can foresee: see :class:`planner.allocate.rotation.observer.Score`."""

    hit_rate: float
    by_policy: float
    by_what_was: float
    by_what_is_left: float
    watching: float
    single: float
    entropy_bits: float
    greatest_entropy_bits: float


class Rotation(_Part):
    """A rotation of routes for some nights.

    Attributes
    ----------
    plans
        The plans that are used.
    nights
        Which is walked when.
    cover, best_cover
        Share of the risk covered in the mean, and by the best plan.
    foreseen
        What an observer who knows the policy and all routes before can foresee.
    least_visits, visits
        How often zones must be seen, and how often they are, by name.
    relaxed
        What was asked for and is left undone, in words.
    """

    version: str
    estate: EstateNote
    picture: PictureNote
    scenario: Scenario
    plans: tuple[NightPlan, ...]
    nights: tuple[NightNote, ...]
    cover: float
    best_cover: float
    foreseen: Foreseen
    least_visits: dict[str, int]
    visits: dict[str, int]
    relaxed: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return the rotation as JSON text."""
        return self.model_dump_json(indent=1, by_alias=True)


def make_rotation(
    picture: Picture, scenario: Scenario, nights: int, cover_share: float = 0.95
) -> Rotation:
    """Make a rotation of routes for some nights, from the shift of a scenario on.

    Where ``patrols.every_site_a_week`` asks for visits, each seven nights from the first on have
    them. The risk is that of the first night: its weekday and season stand for all.

    Parameters
    ----------
    picture, scenario
        What is known, and the question of one night.
    nights
        How many shifts, one a day.
    cover_share
        What the nights must cover in the mean, as a share of the best plan.

    Raises
    ------
    Infeasible
        If zones can't reach their minimums with so much cover, and ``patrols.if_impossible`` is
        "refuse".
    """
    if not 2 <= nights <= 366:
        raise ScenarioError(f"--nights: {nights} is not between 2 and 366; give so many nights.")
    picture = seen_by(picture, scenario)
    asked = question_of(picture, _for_a_night(scenario))
    question = asked.question
    stretches = _stretches(question, scenario, nights)
    minimum = np.sum([one.minimum for one in stretches], axis=0)
    problem = replace(question.problem, considered=tuple(np.flatnonzero(minimum).tolist()))
    question = replace(question, problem=problem)
    solved = solve_question(question, asked.reasons)
    effort = effort_of(scenario)
    weekly = _weekly(question, solved.patrols.tours, scenario, nights)
    most = FEWEST_PLANS if weekly else MOST_PLANS
    count = min(most, max(FEWEST_PLANS, PLANS_A_NIGHT * nights))
    plans = night_plans(problem, solved.patrols, effort, count, cover_share - BELOW)
    plans += weekly
    pool = nights_of(question, plans)
    try:
        drawn = draw_stretches(pool, stretches, cover_share, effort.seed, relax=problem.wishes)
    except NoRotation as error:
        names = question.picture.estate.zones["name"].to_numpy(dtype=object)[error.zones]
        raise Infeasible(error.words([str(name) for name in names])) from error
    asked = replace(asked, question=question)
    relaxed = (
        *question.demands.relaxed,
        *undone(question, solved.patrols),
        *_relaxed(question, scenario, pool, stretches, drawn, cover_share),
    )
    rotation = _rotation(asked, plans, pool, drawn, minimum, relaxed)
    return rotation.model_copy(update={"scenario": scenario})


def _relaxed(
    question: Question,
    scenario: Scenario,
    pool: Nights,
    stretches: Sequence[Stretch],
    drawn: Drawn,
    wanted: float,
) -> list[str]:
    """Say what a rotation leaves of what was asked for."""
    names = question.picture.estate.zones["name"].to_numpy(dtype=object)
    texts, first = [], 0
    rest = len(drawn.rows) % WEEK
    if scenario.patrols.every_site_a_week and rest:
        texts.append(
            f"The last {rest} nights are no whole week: every_site_a_week asks nothing of them."
        )
    if drawn.cover_share < wanted:
        texts.append(
            f"Any stretch of nights covers at least {drawn.cover_share:.1%} of the best plan, not "
            f"{wanted:.1%}: with more, zones can't have their visits."
        )
    for one in stretches:
        got = pool.visits[drawn.rows[first : first + one.length]].sum(axis=0)
        texts += [
            f"{names[zone]}: {got[zone]} of the {one.minimum[zone]} visits that are demanded in "
            f"nights {first + 1} to {first + one.length}."
            for zone in np.flatnonzero(got < one.minimum)
        ]
        first += one.length
    return texts


def _for_a_night(scenario: Scenario) -> Scenario:
    """Leave the weekly minimum to the rotation."""
    patrols = scenario.patrols.model_copy(update={"every_site_a_week": 0})
    return scenario.model_copy(update={"patrols": patrols})


def _weekly(
    question: Question, best: Sequence[Tour], scenario: Scenario, nights: int
) -> tuple[Night, ...]:
    """Make plans by which each site can have its visits in a week."""
    wanted, effort = scenario.patrols.every_site_a_week, effort_of(scenario)
    if not wanted or nights < WEEK:
        return ()
    less = replace(
        effort,
        tries=min(effort.tries, WEEKLY_TRIES),
        iterations=min(effort.iterations, WEEKLY_ITERATIONS),
        packings=WEEKLY_PACKINGS,
    )
    length, visits = max(1, WEEK // wanted), -(-wanted // WEEK)
    return sharing_plans(question.problem, best, question.site_zones, length, less, visits)


def _stretches(question: Question, scenario: Scenario, nights: int) -> list[Stretch]:
    """Return the visits that each zone must get in each week, or in all nights if none is asked."""
    weekly = scenario.patrols.every_site_a_week
    lengths = [nights]
    if weekly:
        weeks, rest = divmod(nights, WEEK)
        lengths = [WEEK] * weeks + [rest] * (rest > 0)
    listed = []
    for length in lengths:
        minimum = np.zeros(len(question.picture.estate.zones), dtype=int)
        minimum[question.site_zones] = weekly * (length // WEEK)
        for zone, visits in question.problem.minimum.items():
            minimum[zone] = max(minimum[zone], visits * length)
        listed.append(Stretch(length, minimum))
    return listed


def nights_of(question: Question, plans: Sequence[Night]) -> Nights:
    """Write plans as a rotation takes them: where each team stands in each ten minutes."""
    problem = question.problem
    bins = int(np.ceil(question.shift.seconds / BIN_S))
    zones = len(question.picture.estate.zones)
    visits = np.zeros((len(plans), zones), dtype=int)
    for row, night in enumerate(plans):
        for zone, made in visits_made(night.tours).items():
            visits[row, zone] = made
    return Nights(
        cover=np.array([night.cover for night in plans]),
        visits=visits,
        present=np.array([presence(night.tours, len(problem.teams), bins) for night in plans]),
    )


def presence(tours: Sequence[Tour], teams: int, bins: int) -> np.ndarray:
    """Return the zone in which each team stands in the middle of each ten minutes, shape (m, b)."""
    there = np.full((teams, bins), NOWHERE)
    middles = np.arange(bins) * BIN_S + BIN_S // 2
    for tour in tours:
        for step in tour.visits:
            there[tour.team, (middles >= step.arrive_s) & (middles < step.leave_s)] = step.zone
    return there


def _rotation(
    asked: Asked,
    plans: Sequence[Night],
    pool: Nights,
    drawn: Drawn,
    minimum: np.ndarray,
    relaxed: tuple[str, ...],
) -> Rotation:
    question, rows, policy = asked.question, drawn.rows, drawn.policy
    picture, total = question.picture, question.need.total
    used = sorted(set(rows.tolist()))
    number = {row: place for place, row in enumerate(used, start=1)}
    names = picture.estate.zones["name"].to_numpy(dtype=object)
    visits = pool.visits[rows].sum(axis=0)
    reasons = replace(asked.reasons, question=question)
    return Rotation(
        version=__version__,
        estate=estate_note(picture),
        picture=picture_note(picture),
        scenario=question.scenario,
        plans=tuple(
            NightPlan(
                number=number[row],
                share=float(policy.shares[row]),
                cover=plans[row].cover / total,
                routes=routes_of(Answered(question, plans[row].tours, reasons)),
            )
            for row in used
        ),
        nights=tuple(
            NightNote(starts_at=_starts_at(question, night), plan=number[int(row)])
            for night, row in enumerate(rows)
        ),
        cover=float(pool.cover[rows].mean()) / total,
        best_cover=pool.most_cover / total,
        foreseen=_foreseen(predictability(rows, pool, policy)),
        least_visits={str(names[zone]): int(minimum[zone]) for zone in np.flatnonzero(minimum)},
        visits={str(names[zone]): int(visits[zone]) for zone in np.flatnonzero(visits + minimum)},
        relaxed=relaxed,
    )


def _foreseen(score: Score) -> Foreseen:
    return Foreseen(
        hit_rate=score.hit_rate, by_policy=score.by_policy, by_what_was=score.by_what_was,
        by_what_is_left=score.by_what_is_left, watching=score.watching, single=score.single,
        entropy_bits=score.entropy, greatest_entropy_bits=score.greatest_entropy,
    )  # fmt: skip


def _starts_at(question: Question, night: int) -> str:
    """Return when the shift of a later day begins: at the same local time."""
    shift = question.shift
    hours = ShiftHours(start=shift.starts_at.time(), end=shift.ends_at.time())
    day = shift.starts_at.date() + timedelta(days=night)
    zone = question.picture.settings.time_zone
    return shift_on(day, shift.name, hours, zone).starts_at.isoformat(timespec="seconds")
