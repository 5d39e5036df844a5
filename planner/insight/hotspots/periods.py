"""The periods that hotspots compare: the latest, the one before it, and all earlier ones."""

from dataclasses import dataclass

import pandas as pd

from planner.insight.exposure import covered_days

LONGEST_PERIOD_DAYS = 365.0
LEAST_COVERED = 0.25


@dataclass(frozen=True)
class HotspotPeriods:
    """The latest period and those of equal length before it; moments in UTC.

    Attributes
    ----------
    earliest_starts_at
        Start of the first of the earlier periods that the records reach back to.
    before_starts_at, starts_at, ends_at
        Start of the period before the latest; start and end of the latest.
    """

    earliest_starts_at: pd.Timestamp
    before_starts_at: pd.Timestamp
    starts_at: pd.Timestamp
    ends_at: pd.Timestamp


def latest_periods(periods: pd.DataFrame) -> HotspotPeriods:
    """Take the last year of the records, or their later half where they are shorter than two.

    Parameters
    ----------
    periods
        ``starts_at``, ``ends_at`` in UTC; at least one.
    """
    ends_at, first = periods["ends_at"].max(), periods["starts_at"].min()
    length = min((ends_at - first) / 2, pd.Timedelta(days=LONGEST_PERIOD_DAYS))
    starts_at = ends_at - length
    whole = max((starts_at - first) // length, 1) if length > pd.Timedelta(0) else 1
    return HotspotPeriods(starts_at - whole * length, starts_at - length, starts_at, ends_at)


def covered_by_source(
    periods: pd.DataFrame, starts_at: pd.Timestamp, parted_at: pd.Timestamp, ends_at: pd.Timestamp
) -> dict[str, tuple[float, float]]:
    """Return covered days before and after a moment, of each source that covers both sides.

    Parameters
    ----------
    periods
        ``source``, ``starts_at``, ``ends_at`` in UTC.
    starts_at, parted_at, ends_at
        The two sides. The earlier one may be longer; a source that covers less than a quarter of
        the later side's days on the earlier one, or the other way round, can't be compared.
    """
    covered = {}
    longer = max((parted_at - starts_at) / max(ends_at - parted_at, pd.Timedelta("1s")), 1.0)
    for source, spans in periods.groupby("source"):
        earlier = covered_days(spans, starts_at, parted_at)
        latest = covered_days(spans, parted_at, ends_at)
        comparable = earlier > LEAST_COVERED * latest and latest * longer > LEAST_COVERED * earlier
        if comparable and min(earlier, latest) > 0:
            covered[str(source)] = (earlier, latest)
    return covered
