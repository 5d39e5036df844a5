"""A comparison of scenarios as data, which reads and writes JSON."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from planner.allocate.plan import CamerasPlan, EstateNote, ShiftNote
from planner.allocate.scenario import Scenario


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class PatrolResult(_Part):
    """What patrols cover in the shift: shares of incidents and harm, and the proven gap."""

    teams: int
    covered: float
    harm_covered: float
    bound: float
    gap: float
    stopped_by: str
    visits: int


class Cost(_Part):
    """What a scenario costs.

    Attributes
    ----------
    once
        Buying, moving and turning cameras.
    cameras_a_year
        By how much the running of cameras costs more than today.
    patrols_a_year
        Officers' hours of this shift on every night of a year.
    a_year
        All of it in a year, what is paid once spread over the cameras' life.
    """

    once: float
    cameras_a_year: float
    patrols_a_year: float
    a_year: float


class WorstSite(_Part):
    """The zone with most risk that nobody sees to: expected incidents in the shift."""

    name: str
    uncovered: float


class ZoneCover(_Part):
    """A zone in the shift: expected incidents, and the part that somebody sees to."""

    zone: str
    expected: float
    covered: float


class ScenarioResult(_Part):
    """One scenario: what it covers, costs and proves.

    Attributes
    ----------
    name, scenario
        What was asked.
    assumptions
        What it assumes beside the records, in words.
    shift
        When.
    patrols
        What patrols cover of the shift; None where there are none.
    cameras
        What cameras cover of a mean day.
    covered, harm_covered
        The share of the shift's incidents and harm that patrols or cameras see to, each counted
        once.
    cost
        What it costs.
    points_for_1000
        Points of the covered share for every 1,000 of the currency a year, both beyond those of the
        scenario that is priced against.
    worst
        The site that is worst off.
    same_cameras, same_visits
        The share of today's cameras that stay as they are, and of its visits that are made too.
    zones
        Cover by zone.
    """

    name: str
    scenario: Scenario
    assumptions: tuple[str, ...]
    shift: ShiftNote
    patrols: PatrolResult | None
    cameras: CamerasPlan
    covered: float
    harm_covered: float
    cost: Cost
    points_for_1000: float | None
    worst: WorstSite
    same_cameras: float
    same_visits: float
    zones: tuple[ZoneCover, ...]


class BudgetPoint(_Part):
    """What the best choice for a budget covers of a mean day, and what no choice exceeds."""

    budget: float
    spent: float
    cameras: int
    covered: float
    bound: float
    gap: float


class Survival(_Part):
    """How a camera's choice holds up when the risk is drawn anew.

    Attributes
    ----------
    camera
        Its name.
    again
        The share of draws in which the best choice has a camera at its place.
    """

    camera: str
    again: float


class SurvivalNote(_Part):
    """How a scenario's choices hold up over draws of the risk.

    Attributes
    ----------
    scenario, draws
        Of which scenario, over how many draws.
    covered, low, high
        What its cameras cover over the draws: mean and central 80 %.
    worst_regret
        By how many points the best choice of a draw covers more, in nine of ten draws at most.
    cameras
        Each camera that it puts up or moves.
    """

    scenario: str
    draws: int
    covered: float
    low: float
    high: float
    worst_regret: float
    cameras: tuple[Survival, ...]


class Comparison(_Part):
    """Scenarios side by side; the first is what the others are set beside.

    ``priced_against`` names the one that cover for money counts from: having nothing, or today.
    """

    format: Literal["planner-comparison-1"] = "planner-comparison-1"
    id: str
    version: str
    estate: EstateNote
    as_of: str
    fingerprint: str
    currency: str
    prices: str
    priced_against: str
    scenarios: tuple[ScenarioResult, ...]
    frontier: tuple[BudgetPoint, ...] = ()
    survival: tuple[SurvivalNote, ...] = ()

    def to_json(self) -> str:
        """Return the comparison as JSON text."""
        return self.model_dump_json(indent=1, by_alias=True)
