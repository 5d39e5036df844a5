"""The answer: a plan as data, which reads and writes JSON."""

from typing import Literal

from planner.allocate.plan_cameras import CameraChoice as CameraChoice
from planner.allocate.plan_cameras import CamerasPlan as CamerasPlan
from planner.allocate.plan_cameras import Part as Part
from planner.allocate.plan_cameras import PointPair as PointPair
from planner.allocate.plan_cameras import PrivateNote as PrivateNote
from planner.allocate.plan_cameras import PrivateView as PrivateView
from planner.allocate.plan_cameras import StandingCamera as StandingCamera
from planner.allocate.scenario import Scenario
from planner.insight.hotspots.result import Trend

StopKind = Literal["visit", "must-visit", "duty", "meal", "call"]


class PictureNote(Part):
    """Which picture a plan was made from."""

    as_of: str
    fingerprint: str


class EstateNote(Part):
    """Whose plan it is; ``illustrative`` is True where the incidents are invented."""

    name: str
    time_zone: str
    illustrative: bool


class ShiftNote(Part):
    """The shift planned for; ``day`` is its place in the academic year."""

    name: str
    starts_at: str
    ends_at: str
    day: str


class ZoneRisk(Part):
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


class SourceStanding(Part):
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


class RiskNote(Part):
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


class CategoryCount(Part):
    """How many incidents of a category a hotspot holds in the latest period."""

    name: str
    count: int


class HotspotNote(Part):
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


class RiskPart(Part):
    """One thing that a stop's risk comes from, and what share of it: shares sum to 1."""

    name: str
    share: float


class Stop(Part):
    """Something that a team does: where, when, the expected incidents it covers, and why.

    Attributes
    ----------
    kind
        ``visit`` (chosen for its risk), ``must-visit``, ``duty``, ``meal`` or ``call``.
    key
        Where it was asked for in the scenario: ``duties[3]``; ``""`` for what was not.
    zone, name
        The zone that it is a visit to (``""`` for none), and what people call it.
    longitude, latitude
        Where the team stands.
    arrive, leave
        Local moments.
    risk
        Expected incidents (or harm, see ``PatrolsPlan.measure``) that it covers.
    why
        In a sentence.
    rank
        Of a visit among those between the same two duties: 1 is the last to be dropped.
    made_of
        What its risk comes from.
    detour_minutes
        How much sooner the team would be through without it, its stay and the way to it.
    lost_without
        What the plan would cover less if it were dropped, as :attr:`risk` counts.
    with_team
        The team that it is done together with, or ``""``.
    to_name, to_longitude, to_latitude
        Where an escort ends; ``""`` and None else.
    """

    zone: str
    name: str
    longitude: float
    latitude: float
    arrive: str
    leave: str
    risk: float
    why: str
    kind: StopKind = "visit"
    key: str = ""
    rank: int | None = None
    made_of: tuple[RiskPart, ...] = ()
    detour_minutes: float | None = None
    lost_without: float | None = None
    with_team: str = ""
    to_name: str = ""
    to_longitude: float | None = None
    to_latitude: float | None = None


class Route(Part):
    """What one team does; ``path`` holds longitude and latitude along the streets.

    Attributes
    ----------
    team
        Its letter or name.
    start, finish
        Names of its posts.
    starts_at, ends_at
        When it leaves and when it is back; local moments.
    length_m
        How far it goes, in metres.
    stops, path
        What it does, and its way.
    mode, officers
        How it gets about, and how many they are.
    check_ins
        When it is to call in: local moments.
    """

    team: str
    start: str
    finish: str
    starts_at: str
    ends_at: str
    length_m: float
    stops: tuple[Stop, ...]
    path: tuple[PointPair, ...]
    mode: str = "foot"
    officers: int = 2
    check_ins: tuple[str, ...] = ()


class Draws(Part):
    """What a plan covers over draws of the uncertain risk, as shares: the mean and worst tenth."""

    mean: float
    worst_tenth: float


class SiteWaits(Part):
    """How long sites wait: hours without a visit in the shift.

    ``longest_hours`` is the longest stretch without a visit at any site, from the start of the
    shift or to its end too; ``mean_hours`` the mean over sites of each one's longest stretch;
    ``longest_seen_hours`` the longest among the sites that are seen at all; ``unseen`` how many
    sites of ``sites`` have no visit.
    """

    longest_hours: float
    longest_seen_hours: float
    mean_hours: float
    unseen: int
    sites: int


class Choice(Part):
    """One of the plans to choose from.

    Attributes
    ----------
    name, aim
        What people call it, and what it does best, in words.
    routes
        What each team does.
    risk_covered, harm_covered
        Shares of the expected incidents and of the expected harm.
    waits
        How long sites wait.
    walking_km
        How far all teams go together.
    in_common
        The share of its visits that the plan itself has too (the same zone within an hour).
    draws
        What it covers over draws of the risk.
    """

    name: str
    aim: str
    routes: tuple[Route, ...]
    risk_covered: float
    harm_covered: float
    waits: SiteWaits
    walking_km: float
    in_common: float
    draws: Draws


class LeftOut(Part):
    """A zone of high risk without a visit: why, and what forcing one in would cost.

    ``cost`` is what the plan would cover less, in expected incidents (or harm); None where no
    visit to it is possible.
    """

    zone: str
    name: str
    rank: int
    expected: float
    why: str
    cost: float | None


class PatrolsPlan(Part):
    """All routes, and how good they are; covered, bound and gap are shares from 0 to 1.

    Attributes
    ----------
    routes
        What each team does.
    risk_covered, bound, gap
        What is covered of all that is expected, what no plan can exceed, and how far below.
    stopped_by
        Which rule stopped the solver.
    measure
        What is covered: ``incidents``, ``harm`` or a mix, in words.
    choices
        Plans to choose from, the first of them this one.
    left_out
        The zones of highest risk that have no visit.
    relaxed
        Demands that were not met, in words; empty unless the scenario allows it.
    waits, draws
        How long sites wait, and what is covered over draws of the risk.
    changes
        Of a plan that was made anew in mid-shift: what changed, and what it cost, in words.
    """

    routes: tuple[Route, ...]
    risk_covered: float
    bound: float
    gap: float
    stopped_by: str
    measure: str = "incidents"
    choices: tuple[Choice, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    relaxed: tuple[str, ...] = ()
    waits: SiteWaits | None = None
    draws: Draws | None = None
    changes: tuple[str, ...] = ()


class Baseline(Part):
    """What comparison covers: shares, and for random draws their central 80 %."""

    risk_covered: float
    gap: float
    risk_low: float
    risk_high: float
    cameras_covered: float
    cameras_gap: float


class Baselines(Part):
    """No plan at all, and stops and cameras drawn at random by the same rules."""

    none: Baseline
    random: Baseline


class IntelligenceNote(Part):
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


class Plan(Part):
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
        return self.model_dump_json(indent=1, by_alias=True)


def gap_between(value: float, bound: float) -> float:
    """Return how far a value is below its bound, as a share of the bound."""
    return max(0.0, (bound - value) / bound) if bound > 0 else 0.0
