"""The answer: a plan as data, which reads and writes JSON."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from planner.allocate.scenario import Scenario
from planner.insight.hotspots.result import Trend

PointPair = tuple[float, float]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class PictureNote(_Part):
    """Which picture a plan was made from."""

    as_of: str
    fingerprint: str


class EstateNote(_Part):
    """Whose plan it is; ``illustrative`` is True where the incidents are invented."""

    name: str
    time_zone: str
    illustrative: bool


class ShiftNote(_Part):
    """The shift planned for; ``day`` is its place in the academic year."""

    name: str
    starts_at: str
    ends_at: str
    day: str


class ZoneRisk(_Part):
    """Expected incidents of a zone in the shift, and what they come from.

    ``low`` to ``high`` is the central 80 % predictive interval of the number, ``low_95`` to
    ``high_95`` the 95 %; ``made_of`` says in words which records the expectation rests on.
    """

    zone: str
    name: str
    expected: float
    low: float
    high: float
    low_95: float
    high_95: float
    recorded: int
    in_routes: bool
    made_of: str


class SourceStanding(_Part):
    """How the forecast from one source's records has stood up to counting.

    ``standing`` is "established", "likely" or "not shown to be better than counting"; ``words``
    says it in a sentence.
    """

    source: str
    standing: str
    by_model: bool
    windows: int
    confidence: float
    words: str


class RiskNote(_Part):
    """The forecast: all zones, their sum with its predictive intervals, and how it has stood up.

    ``timed`` says whether times of day are known.
    """

    expected: float
    low: float
    high: float
    low_95: float
    high_95: float
    standings: tuple[SourceStanding, ...]
    covered_days: float
    timed: bool
    zones: tuple[ZoneRisk, ...]


class CategoryCount(_Part):
    """How many incidents of a category a hotspot holds in the latest period."""

    name: str
    count: int


class HotspotNote(_Part):
    """A ranked hotspot, as :class:`planner.insight.hotspots.Hotspot` has it.

    ``area`` is its outline in longitude and latitude; ``more_than_chance`` says whether ``q`` is
    under 5 %.
    """

    rank: int
    name: str
    count: int
    expected: float
    p: float
    q: float
    more_than_chance: bool
    before: float | None
    change: float | None
    trend: Trend
    trend_q: float | None
    top_category: str
    categories: tuple[CategoryCount, ...]
    peak_hours: str
    area: tuple[PointPair, ...]


class Stop(_Part):
    """A visit: where, when, the expected incidents it covers, and why it is there."""

    zone: str
    name: str
    longitude: float
    latitude: float
    arrive: str
    leave: str
    risk: float
    why: str


class Route(_Part):
    """What one team does; ``path`` holds longitude and latitude along the streets."""

    team: str
    start: str
    finish: str
    starts_at: str
    ends_at: str
    length_m: float
    stops: tuple[Stop, ...]
    path: tuple[PointPair, ...]


class PatrolsPlan(_Part):
    """All routes; covered, bound and gap are shares from 0 to 1."""

    routes: tuple[Route, ...]
    risk_covered: float
    bound: float
    gap: float
    stopped_by: str


class CameraChoice(_Part):
    """A new camera; ``adds`` is the share of risk that it covers and none before it did."""

    name: str
    longitude: float
    latitude: float
    range_m: float
    adds: float


class CamerasPlan(_Part):
    """New cameras; ``standing`` is the share that the cameras of today cover alone."""

    chosen: tuple[CameraChoice, ...]
    covered: float
    bound: float
    gap: float
    standing: float
    stopped_by: str


class Baseline(_Part):
    """What comparison covers: shares, and for random draws their central 80 %."""

    risk_covered: float
    gap: float
    risk_low: float
    risk_high: float
    cameras_covered: float
    cameras_gap: float


class Baselines(_Part):
    """No plan at all, and stops and cameras drawn at random by the same rules."""

    none: Baseline
    random: Baseline


class IntelligenceNote(_Part):
    """A graded entry that covers some of the shift: ``stated`` factor, and what counts of it."""

    id: str
    kind: str
    what: str
    grade: str
    stated: float
    factor: float
    until: str
    zones: tuple[str, ...]
    categories: tuple[str, ...]


class Plan(_Part):
    """A plan for one shift, and how good it is.

    Attributes
    ----------
    id
        The same for the same picture, as its audience may see it, scenario and version.
    intelligence
        The graded entries that its audience may see and that cover some of the shift.
    warnings
        What its reader must know, in words.
    """

    format: Literal["planner-plan-1"] = "planner-plan-1"
    id: str
    version: str
    estate: EstateNote
    picture: PictureNote
    scenario: Scenario
    shift: ShiftNote
    patrols: PatrolsPlan
    cameras: CamerasPlan
    baselines: Baselines
    hotspots: tuple[HotspotNote, ...]
    risk: RiskNote
    intelligence: tuple[IntelligenceNote, ...] = ()
    warnings: tuple[str, ...]

    def to_json(self) -> str:
        """Return the plan as JSON text."""
        return self.model_dump_json(indent=1)


def gap_between(value: float, bound: float) -> float:
    """Return how far a value is below its bound, as a share of the bound."""
    return max(0.0, (bound - value) / bound) if bound > 0 else 0.0
