"""A forecast as data: what is expected of each zone in a shift, or in a week."""

from dataclasses import dataclass
from datetime import time, timedelta

from planner.allocate.answer.notes import estate_note, risk_note, shift_note
from planner.allocate.answer.warnings import forecast_warnings
from planner.allocate.plan import EstateNote, RiskNote, ShiftNote
from planner.clock import Shift, local_moment
from planner.insight.risk.forecast import shift_risk
from planner.picture import Picture

SHIFT, WEEK = "shift", "week"
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Forecast:
    """What is expected, and what its reader must know.

    Attributes
    ----------
    estate
        Whose forecast it is.
    as_of
        End of the records, an ISO moment.
    shift
        What it is for; a week has a beginning and an end too.
    span
        ``"shift"`` or ``"week"``.
    category
        Of which incidents; all if None.
    harm
        Whether harm is forecast, and not the number of incidents.
    risk
        What is expected by zone and in all.
    warnings
        In words.
    """

    estate: EstateNote
    as_of: str
    shift: ShiftNote
    span: str
    category: str | None
    harm: bool
    risk: RiskNote
    warnings: tuple[str, ...]


def make_forecast(
    picture: Picture,
    shift: Shift,
    category: str | None = None,
    *,
    harm: bool = False,
    span: str = SHIFT,
) -> Forecast:
    """Forecast a shift, or whatever stretch of time is given as one.

    Raises
    ------
    NoIncidents
        If no incident (of the category) lies on the estate.
    """
    known = picture.expectation
    if category is not None or harm:
        known = picture.expectation_of(category, harm=harm)
    risk = shift_risk(known, shift)
    return Forecast(
        estate=estate_note(picture),
        as_of=picture.as_of.isoformat(timespec="seconds"),
        shift=shift_note(picture, shift),
        span=span,
        category=category,
        harm=harm,
        risk=risk_note(picture, risk, picture.estate.stops.reachable),
        warnings=forecast_warnings(picture, shift, risk),
    )


def week_ahead(picture: Picture) -> Shift:
    """Return the seven whole local days after the end of the records."""
    end, zone = picture.as_of, picture.settings.time_zone
    day = end.date() if end.time() == time(0) else end.date() + timedelta(days=1)
    last = day + timedelta(days=DAYS_A_WEEK)
    return Shift(WEEK, local_moment(day, time(0), zone), local_moment(last, time(0), zone))
