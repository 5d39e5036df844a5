"""The patrols of the scenarios that are compared: each question is answered once."""

from dataclasses import dataclass

import numpy as np

from planner.allocate.answer.notes import shift_note
from planner.allocate.comparison.results import PatrolResult
from planner.allocate.patrol_plan import Solved, solve_question
from planner.allocate.patrols.draws import covered_by_zone
from planner.allocate.patrols.timing import visits_made
from planner.allocate.patrols.worth import Worth
from planner.allocate.plan import ShiftNote, gap_between
from planner.allocate.planning import question_of, risk_of_shift
from planner.allocate.scenario import Scenario, resolve_shift
from planner.clock import Shift
from planner.insight.risk.model import Risk
from planner.picture import Picture

HOUR_S = 3_600
LEAST = 1e-300


@dataclass(frozen=True)
class Patrolled:
    """What patrols do in a scenario.

    Attributes
    ----------
    expected
        Incidents of each zone in the shift, shape (z,).
    covered_share
        The share of what is left for patrols that they cover, shape (z,).
    visits
        How many each zone has, shape (z,).
    officer_hours
        Of all teams in the shift.
    shift
        When.
    result
        What they cover in all; None where none go out.
    """

    expected: np.ndarray
    covered_share: np.ndarray
    visits: np.ndarray
    officer_hours: float
    shift: ShiftNote
    result: PatrolResult | None


class Patrols:
    """Answers to the patrol questions of scenarios; equal questions are asked once."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._known: dict[tuple[str, bytes], Patrolled] = {}

    def shift_of(self, scenario: Scenario) -> Shift:
        """Return the shift of a scenario."""
        return resolve_shift(scenario.shift, self._picture.settings, self._picture.as_of)

    def risk_of(self, scenario: Scenario) -> Risk:
        """Return the risk of a scenario's shift."""
        return risk_of_shift(self._picture, scenario, self.shift_of(scenario))

    def answer(self, scenario: Scenario, in_view: np.ndarray, patrols: bool) -> Patrolled:
        """Plan the patrols of a scenario.

        Parameters
        ----------
        scenario
            What is asked.
        in_view
            The share of each zone's risk that its cameras see, shape (z,).
        patrols
            Whether any go out.

        Raises
        ------
        ScenarioError
            If it asks for what the estate does not have.
        Infeasible
            If its demands can't all be met.
        """
        if not patrols:
            return self._without(scenario)
        # Cameras matter to patrols only where somebody is said to watch them.
        watched = scenario.watched.share > 0 and bool(scenario.watched.categories)
        asked = scenario.model_dump_json(exclude={"name", "cameras"})
        key = (asked, in_view.tobytes() if watched else b"")
        if key not in self._known:
            self._known[key] = self._solved(scenario, in_view)
        return self._known[key]

    def _without(self, scenario: Scenario) -> Patrolled:
        expected = self.risk_of(scenario).mean
        nothing = np.zeros(len(expected))
        shift = shift_note(self._picture, self.shift_of(scenario))
        return Patrolled(expected, nothing, nothing, 0.0, shift, None)

    def _solved(self, scenario: Scenario, in_view: np.ndarray) -> Patrolled:
        asked = question_of(self._picture, scenario, in_view=in_view)
        solved = solve_question(asked.question, asked.reasons)
        return _patrolled(solved)


def _patrolled(solved: Solved) -> Patrolled:
    question, tours = solved.question, solved.patrols.tours
    need, zones = question.need, len(question.risk.zones)
    seconds = int(question.shift.seconds)
    covered = covered_by_zone(question.problem, tours, Worth(need.incidents, seconds), zones)
    harm = covered_by_zone(question.problem, tours, Worth(need.harm, seconds), zones)
    made = visits_made(tours)
    officers = sum(
        team.officers * (team.until_s - team.from_s) / HOUR_S for team in question.problem.teams
    )
    return Patrolled(
        expected=question.risk.mean,
        covered_share=covered / np.maximum(need.incidents.sum(axis=1), LEAST),
        visits=np.array([made.get(zone, 0) for zone in range(zones)]),
        officer_hours=officers,
        shift=shift_note(question.picture, question.shift),
        result=PatrolResult(
            teams=len(question.problem.teams),
            covered=float(covered.sum() / question.risk.total),
            harm_covered=float(harm.sum() / max(need.harm_total, LEAST)),
            bound=solved.bound / need.total,
            gap=gap_between(solved.patrols.value, solved.bound),
            stopped_by=solved.patrols.stopped_by,
            visits=sum(made.values()),
        ),
    )
