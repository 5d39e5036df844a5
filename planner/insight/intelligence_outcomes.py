"""Whether graded entries were right: what was recorded against what was expected without them.

When an entry is over and the records cover its time, the incidents in its zones and hours are
counted and held against the forecast without any intelligence, made from what happened before the
entry began (or was recorded, if that came later: what it says of the past is no forecast). With k
recorded and m expected, the rate ratio is k / m, with the exact 95 % interval of a Poisson mean
(Garwood, 1936, "Fiducial limits for the Poisson distribution", Biometrika 28) over m, and the
factor f gains k ln f - m (f - 1) of log score over no factor: the log of how much better it
foresaw what came. A gain of ln 3 either way is the least that counts as evidence (Kass and
Raftery, 1995, "Bayes factors"); less is too little to tell. Expectations are small and so are
entries: most single ones stay too little to tell, and their sum says more.

Only incidents whose time is known to within a day are counted and expected: for the others nobody
can say whether they fell into the entry's hours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from scipy import stats

from planner.clock import Shift, after, seconds_between
from planner.errors import IntelligenceError, NoIncidents
from planner.estate.model import Estate
from planner.incidents.intelligence import Entry
from planner.insight.exposure import covered_days_by_zone
from planner.insight.intelligence import (
    bin_starts,
    category_shares,
    covered_bins,
    effective_factor,
    zones_covered,
)
from planner.insight.risk.forecast import expectation, shift_risk
from planner.insight.risk.learning import Ground
from planner.insight.timing.profile import BIN_S
from planner.settings import IntelligenceBounds, ShiftHours

Verdict = Literal["helped", "did not help", "too little to tell", "no effect", "not scored"]
EVIDENCE = float(np.log(3.0))
TAIL = 0.025
LONGEST_INTERVAL = pd.Timedelta(days=1)
WEEK_S = 7 * 86_400
WEEK_BINS = WEEK_S // BIN_S
# Of an entry's time: what the records must cover, so that nothing counts because it is missing.
LEAST_COVERED = 0.999


@dataclass(frozen=True)
class Outcome:
    """What became of an entry.

    Attributes
    ----------
    entry
        The entry.
    verdict
        In one of five words.
    because
        Why it was not scored; ``""`` where it was.
    factor
        What counted of its stated factor.
    expected
        Incidents expected in its zones and hours without it.
    recorded
        Incidents recorded there and then.
    ratio, low, high
        Recorded over expected, with its 95 % interval.
    gain
        Log score with the factor less the one without, natural logarithm.
    """

    entry: Entry
    verdict: Verdict
    because: str = ""
    factor: float = 1.0
    expected: float = 0.0
    recorded: int = 0
    ratio: float = 0.0
    low: float = 0.0
    high: float = 0.0
    gain: float = 0.0


@dataclass(frozen=True)
class Recorded:
    """What outcomes are judged from.

    Attributes
    ----------
    incidents
        Those that may be shown by place: ``source``, ``zone``, ``category``, ``occurred_from``,
        ``occurred_to`` (UTC), ``time_known``.
    periods
        ``source``, ``starts_at``, ``ends_at``, ``area``: what the records cover.
    estate
        Whose zones they lie in.
    ground
        What a forecast must know of its zones.
    shifts, time_zone
        The service's shifts, in the estate's time zone.
    """

    incidents: pd.DataFrame
    periods: pd.DataFrame
    estate: Estate
    ground: Ground
    shifts: Mapping[str, ShiftHours]
    time_zone: str


def score_entries(
    entries: Sequence[Entry], known: Recorded, bounds: IntelligenceBounds, now: datetime
) -> tuple[Outcome, ...]:
    """Score every entry that is over and was not withdrawn, in the order in which they ended.

    Parameters
    ----------
    entries
        Those that the reader may see.
    known
        What was recorded.
    bounds
        The settings'.
    now
        The present moment, aware.
    """
    over = [entry for entry in entries if entry.expired(now) and entry.status != "withdrawn"]
    ordered = sorted(over, key=lambda entry: (entry.ends_at.timestamp(), entry.id))
    return tuple(_scored(entry, known, bounds) for entry in ordered)


def _scored(entry: Entry, known: Recorded, bounds: IntelligenceBounds) -> Outcome:
    factor = effective_factor(entry, bounds)
    try:
        zones = zones_covered(entry.where, known.estate)
        sources = _covering(entry, known, zones)
        bins = covered_bins(entry, bin_starts(_span(entry, known.time_zone)))
        expected = _expected(entry, known, sources, zones, bins)
    except (IntelligenceError, NoIncidents) as error:
        return Outcome(entry, "not scored", str(error), factor)
    if expected <= 0:
        return Outcome(entry, "not scored", "Nothing was expected there at all.", factor)
    recorded = _recorded(entry, known, sources, zones, bins)
    return judged(entry, factor, expected, recorded)


def judged(entry: Entry, factor: float, expected: float, recorded: int) -> Outcome:
    """Judge a factor by what was expected without it, above 0, and what was recorded."""
    gain = recorded * float(np.log(factor)) - expected * (factor - 1)
    low = stats.chi2.ppf(TAIL, 2 * recorded) / 2 if recorded else 0.0
    high = stats.chi2.ppf(1 - TAIL, 2 * recorded + 2) / 2
    verdict: Verdict = "too little to tell"
    if factor == 1.0:
        verdict = "no effect"
    elif abs(gain) >= EVIDENCE:
        verdict = "helped" if gain > 0 else "did not help"
    return Outcome(
        entry, verdict, "", factor, expected, recorded,
        recorded / expected, float(low) / expected, float(high) / expected, gain,
    )  # fmt: skip


def _begins(entry: Entry) -> datetime:
    """Return the moment from which an entry is scored: what it says of the past is no forecast."""
    return max(entry.starts_at, entry.recorded_at, key=datetime.timestamp)


def _span(entry: Entry, time_zone: str) -> Shift:
    zone = ZoneInfo(time_zone)
    return Shift(entry.id, _begins(entry).astimezone(zone), entry.ends_at.astimezone(zone))


def _covering(entry: Entry, known: Recorded, zones: np.ndarray) -> list[str]:
    """Return the sources whose records cover an entry's whole time in all its zones."""
    periods = _within(known.periods, _begins(entry), entry.ends_at)
    days = seconds_between(_begins(entry), entry.ends_at) / 86_400
    found = []
    for source, rows in periods.groupby("source"):
        covered = covered_days_by_zone(rows, known.ground.areas, len(zones))
        if (covered[zones] >= LEAST_COVERED * days).all():
            found.append(str(source))
    if not found:
        raise IntelligenceError("The records do not cover its time and place as yet.")
    return found


def _within(periods: pd.DataFrame, starts_at: datetime | None, ends_at: datetime) -> pd.DataFrame:
    """Cut periods to a span of time; those outside it are left out."""
    first = pd.Timestamp(starts_at).tz_convert("UTC") if starts_at is not None else None
    cut = periods.assign(
        starts_at=periods["starts_at"].clip(lower=first),
        ends_at=periods["ends_at"].clip(upper=pd.Timestamp(ends_at).tz_convert("UTC")),
    )
    return cut[cut["starts_at"] < cut["ends_at"]]


def _timed(known: Recorded, sources: Sequence[str]) -> pd.DataFrame:
    """Return the incidents of some sources whose time is known to within a day."""
    rows = known.incidents
    short = rows["occurred_to"] - rows["occurred_from"] <= LONGEST_INTERVAL
    return rows[rows["source"].isin(sources) & (rows["time_known"] == "interval") & short]


def _expected(
    entry: Entry, known: Recorded, sources: Sequence[str], zones: np.ndarray, bins: np.ndarray
) -> float:
    """Return what was expected without the entry, by what had happened before it began."""
    begins = pd.Timestamp(_begins(entry)).tz_convert("UTC")
    rows = _timed(known, sources)
    before = rows[rows["occurred_to"] <= begins]
    covered = known.periods[known.periods["source"].isin(sources)]
    start = _span(entry, known.time_zone).starts_at
    learnt = expectation(
        before,
        _within(covered, None, _begins(entry)),
        known.ground,
        known.shifts,
        known.time_zone,
    )
    # A week stands for all: the profile is one of the hours of the week.
    risk = shift_risk(learnt, Shift("week", start, after(start, WEEK_S)))
    times = np.bincount(np.flatnonzero(bins) % WEEK_BINS, minlength=WEEK_BINS)
    shares = category_shares(entry.categories, before, known.ground.zones)
    return float((risk.expected @ times * shares)[zones].sum())


def _recorded(
    entry: Entry, known: Recorded, sources: Sequence[str], zones: np.ndarray, bins: np.ndarray
) -> int:
    """Count the incidents whose middle lies in the entry's zones and quarter hours."""
    rows = _timed(known, sources)
    there = rows["zone"].isin(known.estate.zones["zone"].to_numpy(dtype=object)[zones])
    if entry.categories:
        there &= rows["category"].isin(list(entry.categories))
    middle = rows["occurred_from"] + (rows["occurred_to"] - rows["occurred_from"]) / 2
    since = (middle - pd.Timestamp(_begins(entry)).tz_convert("UTC")).dt.total_seconds()
    ended = seconds_between(_begins(entry), entry.ends_at)
    inside = (there & (since >= 0) & (since < ended)).to_numpy()
    return int(bins[(since.to_numpy()[inside] // BIN_S).astype(int)].sum())
