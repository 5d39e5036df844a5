"""The case for one camera as data: what is said of it, with small numbers taken out already."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from planner.allocate.plan import PointPair

COVERED_MEANS = "Covered means in view, not prevented."


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class GradeReach(_Part):
    """How far a camera shows a person in a grade of detail, in metres along its axis.

    ``dark_m`` is after dark where no lamp lights the person.
    """

    grade: str
    pixels_per_metre: float
    day_m: float
    dark_m: float


class CategoryInView(_Part):
    """How many incidents of a category are in view; None for under 5."""

    name: str
    count: int | None


class RecordsInView(_Part):
    """The recorded incidents in a camera's view, with small numbers taken out.

    Attributes
    ----------
    first_day, last_day
        The days that the records cover, ISO; ``""`` where they cover nothing.
    total
        How many there are; None for under 5. Rounded to 5 where some category's number is held
        back, so that it can't be found by subtraction.
    rounded
        Whether it is.
    categories
        The most frequent first; none where the total is held back.
    by_zone_share
        How many of them are police records without a place of their own, counted by the share of
        their zone that is in view, rounded to 5.
    timed
        How many state a usable time, rounded to 5.
    hours
        The share of those that falls in each hour of the day, 24 of them, to whole per cents;
        none where fewer than 5 state a time.
    """

    first_day: str
    last_day: str
    total: int | None
    rounded: bool
    categories: tuple[CategoryInView, ...]
    by_zone_share: int
    timed: int
    hours: tuple[float, ...]


class Alternative(_Part):
    """What else could be done there.

    Attributes
    ----------
    name
        What it is.
    expected
        Incidents a year that it would cover or address; None where too few are recorded to say.
    words
        What that means, and by which rule it is counted.
    purchase, yearly
        What it costs, once and a year; None where it is not priced.
    """

    name: str
    expected: float | None
    words: str
    purchase: float | None = None
    yearly: float | None = None


class LandPart(_Part):
    """Ground in view: whose it is, and how much of it."""

    whose: str
    kind: Literal["own", "others", "public"]
    square_metres: float


class PrivateInView(_Part):
    """A private place in view: how much of it could be seen, and what is done about it."""

    name: str
    kind: str
    share: float
    treatment: str


class Principle(_Part):
    """A guiding principle, and how the page answers it; ``open`` where it does not in full."""

    number: int
    words: str
    answer: str
    open: bool


class CameraCase(_Part):
    """The case for one camera.

    Attributes
    ----------
    name, code
        What people call it, and its number in the plan (``""`` for one that stands).
    role, term
        ``new``, ``moved here``, ``turned``, ``placed each term`` or ``standing``, and in which
        term.
    kind, mount
        What it is, and what it is fixed to.
    longitude, latitude, bearing, field_of_view
        Where it is, and where it looks: degrees from true north, and how wide.
    turns
        Whether it turns all round.
    height_m, range_m
        Metres.
    area
        The outline of its view, in longitude and latitude.
    grade, standard, reaches
        From which grade of detail on something counts as seen, whose grades they are, and how far
        each reaches; none where the sensor is not stated.
    purpose
        What the service's cameras are for.
    records
        The recorded incidents in its view.
    expected_by_day, expected_after_dark
        Expected incidents a year in its view.
    adds, adds_incidents
        What it adds to all other cameras: the share of what counts, and expected incidents a year.
    beside
        Which other cameras those are, in words.
    alternatives
        What else could be done.
    square_metres, land
        The ground in its view, and whose it is; the parts sum to the whole.
    private
        Private places in view.
    consents
        Who must agree.
    retention_days, signage, review_on, impact_assessment
        The service's papers; the review as an ISO day.
    principles
        The guiding principles of the Surveillance Camera Code, one after the other.
    purchase, yearly, currency, prices
        What it costs, and where the prices are from.
    gap, stopped_by
        How far the choice is below what is possible, and which rule stopped the solver.
    """

    name: str
    code: str
    role: str
    term: str
    kind: str
    mount: str
    longitude: float
    latitude: float
    bearing: float
    field_of_view: float
    turns: bool
    height_m: float
    range_m: float
    area: tuple[PointPair, ...]
    grade: str
    standard: str
    reaches: tuple[GradeReach, ...]
    purpose: str
    records: RecordsInView
    expected_by_day: float
    expected_after_dark: float
    adds: float
    adds_incidents: float
    beside: str
    alternatives: tuple[Alternative, ...]
    square_metres: float
    land: tuple[LandPart, ...]
    private: tuple[PrivateInView, ...]
    consents: tuple[str, ...]
    retention_days: int
    signage: str
    review_on: str
    impact_assessment: str
    principles: tuple[Principle, ...]
    purchase: float
    yearly: float
    currency: str
    prices: str
    gap: float
    stopped_by: str
