"""From a question to the patrols of a plan: solved, proven, and put into words."""

from dataclasses import dataclass

from planner.allocate.answer.choices import Chosen, choice_notes, other_plans
from planner.allocate.answer.left_out import left_out
from planner.allocate.answer.reasons import Reasons
from planner.allocate.patrols.bound import upper_bound
from planner.allocate.patrols.conflicts import Demand, DemandsConflict
from planner.allocate.patrols.rounds import Effort, Patrols
from planner.allocate.patrols.solving import solve_patrols, times_seen
from planner.allocate.plan import PatrolsPlan, gap_between
from planner.allocate.question.question import Question
from planner.allocate.scenario import Scenario
from planner.errors import Infeasible


@dataclass(frozen=True)
class Solved:
    """A solved question.

    Attributes
    ----------
    question, reasons
        What was asked, and why patrols stop where.
    patrols
        The answer in numbers.
    bound
        No plan covers more, in the measure of the question's aim.
    """

    question: Question
    reasons: Reasons
    patrols: Patrols
    bound: float


def solve_question(question: Question, reasons: Reasons) -> Solved:
    """Solve a question and prove how good the answer is.

    Raises
    ------
    Infeasible
        If its demands can't all be met, and the scenario does not let them be relaxed.
    """
    try:
        patrols = solve_patrols(question.problem, effort_of(question.scenario))
    except DemandsConflict as error:
        raise Infeasible(conflict_words(question, error.demands)) from error
    bound = max(upper_bound(question.problem), patrols.value)
    return Solved(question, reasons, patrols, bound)


def patrols_plan(solved: Solved) -> PatrolsPlan:
    """Write out a solved question."""
    question, patrols = solved.question, solved.patrols
    total, effort = question.need.total, effort_of(question.scenario)
    first = Chosen(f"Most {question.need.noun} covered", "the plan itself", patrols.tours)
    others = other_plans(question, patrols, effort)
    choices = choice_notes(question, first, others, solved.reasons, effort.seed)
    return PatrolsPlan(
        routes=choices[0].routes,
        risk_covered=patrols.value / total,
        bound=solved.bound / total,
        gap=gap_between(patrols.value, solved.bound),
        stopped_by=patrols.stopped_by,
        measure=question.need.measure,
        choices=choices,
        left_out=left_out(question, patrols.tours),
        waits=choices[0].waits,
        draws=choices[0].draws,
        relaxed=(*question.demands.relaxed, *undone(question, patrols)),
    )


def effort_of(scenario: Scenario) -> Effort:
    """Return how long a scenario lets the solver search."""
    wanted = scenario.solver
    return Effort(wanted.seed, wanted.tries, wanted.iterations, wanted.seconds)


def undone(question: Question, patrols: Patrols) -> tuple[str, ...]:
    """Say which demands a plan leaves undone; none, unless the scenario lets them be relaxed."""
    problem, tours = question.problem, patrols.tours
    done = {step.source for tour in tours for step in tour.steps if step.kind == "commitment"}
    names = question.picture.estate.zones["name"].to_numpy(dtype=object)
    seen = times_seen(problem, tours)
    texts = [
        f"Not done: {one.name} ({one.key})."
        for row, one in enumerate(problem.commitments)
        if row not in done
    ]
    texts += [
        f"{names[zone]}: {seen[zone]} of the {least} visits that are demanded."
        for zone, least in problem.minimum.items()
        if seen[zone] < least
    ]
    fed = {tour.team for tour in tours for step in tour.steps if step.kind == "meal"}
    texts += [
        f"Not taken: the meal break of {team.name}."
        for row, team in enumerate(problem.teams)
        if team.meal is not None and row not in fed
    ]
    return tuple(texts)


def conflict_words(question: Question, demands: tuple[Demand, ...]) -> str:
    """Say which demands can't be met together, and what would help."""
    problem = question.problem
    teams, reserve = len(problem.teams), problem.reserve
    length = question.shift.seconds / 3600
    near = ""
    if problem.apart_s is not None:
        near = f" while each is within {problem.apart_s / 60:g} minutes of another"
    if not demands:
        return (
            f"teams: the meal breaks of {teams} team(s) can't all be taken in this shift{near}; "
            f"give longer windows for them, or later ones{_or_safety(near)}."
        )
    told = "; ".join(_demand_words(question, demand) for demand in demands)
    what = "can't be met" if len(demands) == 1 else "can't be met together"
    return (
        f"{told}: this {what} by {teams} team(s) in {length:.1f} h with a reserve of {reserve:g}"
        f"{near} (no way was found); ask for less, give more teams or wider windows"
        f'{_or_safety(near)}, or set patrols.if_impossible = "relax".'
    )


def _or_safety(near: str) -> str:
    return ", or a greater safety.nearest_team_minutes" if near else ""


def _demand_words(question: Question, demand: Demand) -> str:
    if demand.commitment >= 0:
        one = question.problem.commitments[demand.commitment]
        needs = f", needs {', '.join(sorted(one.needs))}" if one.needs else ""
        both = ", by two teams together" if one.together > 1 else ""
        alone = ", not by one officer alone" if one.officers > 1 else ""
        return f"{one.key} ({one.name}{needs}{both}{alone})"
    name = question.picture.estate.zones["name"].iloc[demand.zone]
    options = question.problem.options
    most = int((options.zone == demand.zone).sum())
    seen = f", which can be seen at most {most} times" if most < demand.visits else ""
    visits = "1 visit" if demand.visits == 1 else f"{demand.visits} visits"
    return f"patrols.minimum_visits ({name}, {visits}{seen})"
