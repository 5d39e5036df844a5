"""When it happens, in words and as tables: what goes with the heat, the shifts and the seasons."""

import calendar
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from planner.insight.timing.busiest import ShiftRates
from planner.insight.timing.seasons import SeasonRates
from planner.insight.timing.summary import Timing

FEW = 50
# Five an hour of the week: below it, chance alone makes one hour twice as busy as the next.
ENOUGH_FOR_HOURS = 840
MINUS = "\N{MINUS SIGN}"
SHIFT, SHIFT_HOURS, EXPECTED, MOSTLY, SURELY, TIMES, COVERED = (
    "Shift", "Hours", "Incidents expected", "80 % interval", "95 % interval",
    "Times the usual shift", "Shifts covered",
)  # fmt: skip


def figure(value: float) -> str:
    """Write a rate with as many digits as it bears: ``120``, ``13.1``, ``0.042``."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 0.1:
        return f"{value:.1f}" if value >= 1 else f"{value:.2f}"
    return f"{value:.3f}" if value >= 0.001 else "<0.001"


def interval_words(low: float, high: float) -> str:
    """Write an interval: ``2.7 to 3.5``."""
    return f"{figure(low)} to {figure(high)}"


def period_words(timing: Timing, time_zone: str) -> str:
    """Say which days the records cover: ``1 Oct 2024 to 30 Sep 2026``."""
    if timing.starts_at is None or timing.ends_at is None:
        return "no period"
    zone = ZoneInfo(time_zone)
    first = timing.starts_at.tz_convert(zone)
    last = max(first, (timing.ends_at - pd.Timedelta(microseconds=1)).tz_convert(zone))
    return f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y}"


def heat_words(timing: Timing, time_zone: str) -> str:
    """Say what a heat by hour of week shows: unit, period, and what it leaves out."""
    parts = [
        f"Incidents by hour of the week, {period_words(timing, time_zone)} ({time_zone}): "
        f"{_incidents(timing.timed)} with a usable time, each spread evenly over the hours in "
        "which it can have happened."
    ]
    if timing.untimed:
        left_out = "is" if timing.untimed == 1 else "are"
        parts.append(f"{timing.untimed:,} more had no usable time and {left_out} not in it.")
    if 0 < timing.timed < FEW:
        parts.append("That is few: one incident more or less would change this picture.")
    elif 0 < timing.timed < ENOUGH_FOR_HOURS:
        parts.append("That is few for 168 hours: single hours differ by chance.")
    if timing.timed and not timing.covered_hours.all():
        parts.append("Hours with a dash lie outside the time that the records cover.")
    return " ".join(parts)


def _incidents(count: int) -> str:
    return f"{count:,} incident" + "s" * (count != 1)


def nothing_timed_words(timing: Timing) -> str:
    """Say why there is nothing to show by hour, and what to do."""
    if timing.untimed:
        return (
            f"None of the {timing.untimed:,} incidents here has a usable time (they state only "
            "their month, when they were reported, or more than three days), so nothing can be "
            "said of hours and shifts. Import records that say when an incident happened, such as "
            "the control room's."
        )
    return "No incident is recorded here; choose another zone or category, or import more records."


def shift_name(rates: ShiftRates, day: int, shift: int) -> str:
    """Name a shift of the week: ``Friday night``."""
    return f"{calendar.day_name[day]} {rates.names[shift]}"


def busiest_words(rates: ShiftRates) -> str:
    """Say which is busiest: ``Friday night: 3.1 incidents, 2.4 times the usual shift``."""
    day, shift = rates.busiest_first()[0]
    low, high = (bound[day, shift] for bound in rates.rates.interval(0.8))
    surely = rates.rates.interval(0.95)[0][day, shift] > rates.usual
    return (
        f"{shift_name(rates, day, shift)}: {figure(rates.rates.mean[day, shift])} incidents "
        f"({interval_words(low, high)} with 80 % certainty), "
        f"{rates.times_usual[day, shift]:.1f} times the usual shift"
        + ("" if surely else "; no shift is surely busier than the usual one")
    )


def shifts_note(rates: ShiftRates) -> str:
    """Say what the rates of shifts rest on."""
    least = float(rates.covered.min())
    note = (
        f"Incidents with a usable time ({rates.incidents:,}) per shift that the records cover; a "
        "shift belongs to the day on which it starts. The intervals are of the rate: single "
        "shifts scatter more widely."
    )
    if least < 1:
        note += " Some shifts of the week are not covered; their figures are what is usual."
    elif least < 8:
        note += f" Few of each are covered ({figure(least)} at least), so little is known."
    return note


def shift_table(rates: ShiftRates) -> pd.DataFrame:
    """List the shifts of the week, the busiest first."""
    (low, high), (least, most) = rates.rates.interval(0.8), rates.rates.interval(0.95)
    rows = [
        {
            SHIFT: shift_name(rates, day, shift),
            SHIFT_HOURS: f"{rates.hours[shift].start:%H:%M} to {rates.hours[shift].end:%H:%M}",
            EXPECTED: figure(rates.rates.mean[day, shift]),
            MOSTLY: interval_words(low[day, shift], high[day, shift]),
            SURELY: interval_words(least[day, shift], most[day, shift]),
            TIMES: f"{rates.times_usual[day, shift]:.1f}",
            COVERED: figure(float(np.round(rates.covered[day, shift], 1))),
        }
        for day, shift in rates.busiest_first()
    ]
    return pd.DataFrame(rows)


def season_words(rates: SeasonRates, what: str) -> str:
    """Say whether a season is shown to help.

    Parameters
    ----------
    rates
        Of months or of weeks of term.
    what
        What is known with it: ``"the month"``, ``"the week of term"``.
    """
    test = rates.test
    if test is None:
        return (
            f"Whether {what} matters can't be tested yet: that takes records from two calendar "
            "years or more. Until then the bars are drawn close to the usual day."
        )
    of = f"{test.units:,} {rates.unit}s, each of {test.years} years foretold from the others"
    gained = (
        f"gain {_signed(test.gain)} in log score a {rates.unit} (95 % interval "
        f"{_signed(test.low)} to {_signed(test.high)}; {of})"
    )
    return {
        "established": f"Established: knowing {what} foretells the number better; {gained}.",
        "likely": f"Likely, not established: knowing {what} foretells the number better; {gained}.",
        "not shown": (
            f"Not shown: knowing {what} did not surely foretell the number better, and the bars "
            f"may differ by chance; {gained}."
        ),
    }[test.verdict]


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", MINUS)


def missing_season_words(timing: Timing, weeks: bool) -> str:
    """Say why there are no bars, and what to do."""
    if weeks and not timing.has_terms:
        return (
            "The settings hold no terms. Add them to planner.toml ([[terms]] with name, "
            "first_week_starts and weeks) to see incidents by week of term."
        )
    if weeks:
        return (
            "No incident of a known day lies in the time that both the records and the terms in "
            "planner.toml cover; add the terms of those years."
        )
    return "No incident of a known month lies in the time that the records cover."
