"""How camera choices held up on later incidents, as values and in plain words."""

from dataclasses import dataclass
from datetime import datetime

from planner.allocate.baselines import Spread
from planner.insight.backtest.comparison import Difference

TODAY, PLANNED, GREEDY, COUNTS, RANDOM = (
    "today", "planned", "greedy", "highest counts", "random",
)  # fmt: skip
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Scored:
    """What one choice saw of the later incidents.

    Attributes
    ----------
    name
        Whose choice it is.
    cameras
        How many new ones.
    expected
        Share of the demand in view that it was chosen by.
    share, low, high
        Share of the later incidents in view, with its 95 % interval.
    planned_ahead
        By how much the planned cameras saw more, with its 95 % interval; None of themselves.
    spread
        Of choices by chance the mean and the central 80 %; else None.
    """

    name: str
    cameras: int
    expected: float
    share: float
    low: float
    high: float
    planned_ahead: Difference | None
    spread: Spread | None

    @property
    def words(self) -> str:
        """The row in plain words."""
        text = f"{self.name}: {percent(self.share)} ({_bounds(self.low, self.high)})"
        if self.spread is not None:
            text += f"; 80 % of the draws {_bounds(self.spread.low, self.spread.high)}"
        if self.planned_ahead is not None:
            text += f"; planned less this {_difference(self.planned_ahead)}"
        return text


@dataclass(frozen=True)
class HoldOut:
    """How camera choices held up.

    Attributes
    ----------
    until
        The date up to which choices knew anything, in local time.
    new
        How many new cameras were asked for.
    days_before, days_after
        Days that the records cover on either side.
    before, after
        Incidents that were chosen by, and that were scored on.
    straddling, reported_later
        Incidents that belong to neither side: their time straddles the date, or they were
        reported only after it.
    anonymised
        Of the later incidents those of which only the zone is known.
    block, blocks
        What the intervals draw (months, four weeks, weeks or days), and how many hold incidents.
    rows
        The choices.
    left_aside
        Keys of what was wanted of cameras that have no part in the test.
    """

    until: datetime
    new: int
    days_before: float
    days_after: float
    before: int
    after: int
    straddling: int
    reported_later: int
    anonymised: int
    block: str
    blocks: int
    rows: tuple[Scored, ...]
    left_aside: tuple[str, ...]

    def row(self, name: str) -> Scored:
        """Return the row of a choice."""
        return next(row for row in self.rows if row.name == name)

    @property
    def verdict(self) -> str:
        """What it comes to beside the highest counts, in a sentence."""
        planned, counts = self.row(PLANNED), self.row(COUNTS)
        return (
            f"On {_count(self.after, 'incident', the=True)} of {self._span} after {self._date} the "
            f"planned cameras saw {percent(planned.share)} "
            f"({_bounds(planned.low, planned.high)}), highest counts {percent(counts.share)}; "
            f"the difference, {self._judged(counts)}.{self._by_zone}"
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know beside the figures, each a sentence."""
        return tuple(text for text in self._said() if text)

    def _judged(self, rival: Scored) -> str:
        ahead = rival.planned_ahead
        if ahead is None or self.blocks < 2:
            return "whatever it is, can't be told from chance by incidents of so short a time"
        text = _difference(ahead)
        if ahead.low > 0:
            return f"{text}, is more than chance would give"
        if ahead.high < 0:
            return f"{text}, is against the plan and more than chance would give"
        return f"{text}, is not shown to be more than chance"

    @property
    def _by_zone(self) -> str:
        """Warn where most incidents are scored by the demand that the plan was made by."""
        if 2 * self.anonymised < self.after:
            return ""
        return (
            " But of most of them only the zone is known, and where in it they were is taken from "
            "the planner's own demand, which favours the planned cameras."
        )

    @property
    def _span(self) -> str:
        if self.days_after >= 14:
            return _count(round(self.days_after / 7), "week", the=True)
        return _count(max(1, round(self.days_after)), "day", the=True)

    @property
    def _date(self) -> str:
        clock = f", {self.until:%H:%M}" if (self.until.hour, self.until.minute) != (0, 0) else ""
        return f"{self.until.day} {self.until:%B %Y}{clock}"

    def _said(self) -> tuple[str, ...]:
        return (
            f"Chosen by {_count(self.before, 'incident')} of {self.days_before:,.0f} days; every "
            "choice had the same offer, beside the cameras that stand today.",
            f"{_count(self.straddling, 'incident')} whose time straddles the date, and "
            f"{self.reported_later:,} that happened before it and were reported after it, belong "
            "to neither side." if self.straddling or self.reported_later else "",
            f"Of {_count(self.anonymised, 'later incident')} only the zone is known (police snap "
            "points): for each counts the share of its zone's demand that is in view, which "
            "says nothing of places within the zone." if self.anonymised else "",
            f"Intervals draw {self.blocks} {self.block} with replacement." if self.blocks > 1
            else "All incidents fall into one stretch of time, so no interval can be given.",
            "Fewer than ten of them make an interval rough." if 1 < self.blocks < 10 else "",
            "Chance draws from the places that see most of the demand, and so knows a part of it.",
            f"Left aside of what was wanted: {', '.join(self.left_aside)}." if self.left_aside
            else "",
        )  # fmt: skip


def percent(share: float) -> str:
    """Write a share: ``14.2 %``."""
    return f"{100 * share:.1f} %"


def _bounds(low: float, high: float) -> str:
    return f"{100 * low:.1f} to {100 * high:.1f}"


def _points(share: float) -> str:
    return f"{round(100 * share, 1) + 0.0:+.1f}".replace("-", MINUS)


def _difference(ahead: Difference) -> str:
    return f"{_points(ahead.mean)} points ({_points(ahead.low)} to {_points(ahead.high)})"


def _count(number: int, word: str, *, the: bool = False) -> str:
    if number == 1:
        return f"the one {word}" if the else f"1 {word}"
    return f"{'the ' if the else ''}{number:,} {word}s"
