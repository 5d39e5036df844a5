"""When a way or gate is open: the plain part of OpenStreetMap's syntax for opening hours.

Read are ``24/7`` and rules such as ``Mo-Fr 07:00-21:00; Sa 08:00-12:00,14:00-18:00; Su off``,
with months before the days (``Apr-Sep Mo-Su 07:00-21:00``), times past midnight
(``18:00-02:00``), and ``sunrise``, ``dawn``, ``sunset``, ``dusk`` for a time. Of the rules that
are for a day the last holds (OpenStreetMap wiki, "Key:opening_hours/specification"). Hours of
several gates on one way stand in one text, divided by ``&``: it is open when all are.

Whatever is not certain counts as locked: the sun's hours are those of the shortest day at 60
degrees north, and a text that can't be read in full closes the way from 22:00 to 06:00 too.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from planner.clock import Shift

Span = tuple[int, int]
WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SUN = {"sunrise": 9 * 60 + 15, "dawn": 9 * 60 + 15, "sunset": 14 * 60 + 45, "dusk": 14 * 60 + 45}
DAY = 24 * 60
BY_DAY: Span = (6 * 60, 22 * 60)

_DAY, _MONTH = f"(?:{'|'.join(WEEKDAYS)})", f"(?:{'|'.join(MONTHS)})"
_TIME = rf"(?:(?:[01]?\d|2\d|3\d|4[0-8]):[0-5]\d|{'|'.join(SUN)})"
_RULE = re.compile(
    rf"(?:(?P<months>{_MONTH}(?:[-,]{_MONTH})*):? ?)?"
    rf"(?:(?P<days>{_DAY}(?:[-,]{_DAY})*):? ?)?"
    rf"(?P<times>24/7|off|closed|{_TIME}-{_TIME}(?:,{_TIME}-{_TIME})*)"
)


@dataclass(frozen=True)
class Rule:
    """Open hours of some days.

    Attributes
    ----------
    months, weekdays
        Which days it is for; January and Monday are 0.
    spans
        Minutes from midnight at which it opens and closes; a span may end on the next day.
    """

    months: frozenset[int]
    weekdays: frozenset[int]
    spans: tuple[Span, ...]

    def holds_on(self, day: date) -> bool:
        """Say whether the rule is for a date."""
        return day.month - 1 in self.months and day.weekday() in self.weekdays


def open_throughout(text: str, shift: Shift) -> bool:
    """Say whether a way with these opening hours is open from a shift's first moment to its last.

    Parameters
    ----------
    text
        The hours; ``""`` is always open, and no text is refused.
    shift
        The shift.
    """
    # Gates follow the clock on the wall, which also says when a shift starts and ends.
    starts, ends = (at.replace(tzinfo=None) for at in (shift.starts_at, shift.ends_at))
    rules_of_gates = [_rules(gate) for gate in text.split("&") if gate.strip()]
    if unread_rules(text):
        every = frozenset(range(len(MONTHS)))
        rules_of_gates.append((Rule(every, every, (BY_DAY,)),))
    return all(_covers(rules, starts, ends) for rules in rules_of_gates if rules)


@cache
def unread_rules(text: str) -> tuple[str, ...]:
    """Return the rules of a text that can't be read, as written."""
    return tuple(rule for rule in re.split("[;&]", text) if rule.strip() and _rule(rule) is None)


@cache
def _rules(text: str) -> tuple[Rule, ...]:
    return tuple(rule for part in text.split(";") if (rule := _rule(part)) is not None)


def _rule(text: str) -> Rule | None:
    plain = re.sub(r"\s*([-\u2013,])\s*", r"\1", " ".join(text.casefold().split()))
    found = _RULE.fullmatch(plain.replace("\u2013", "-"))
    if found is None:
        return None
    spans = _spans(found["times"])
    if any(opens and closes == opens + DAY for opens, closes in spans):
        return None  # Whether 10:00-10:00 is all day or no time, only its writer knows.
    return Rule(_listed(found["months"], MONTHS), _listed(found["days"], WEEKDAYS), spans)


def _listed(text: str | None, names: tuple[str, ...]) -> frozenset[int]:
    """Return the places of days or months in a list of ranges; all where there is none."""
    chosen = set() if text else set(range(len(names)))
    for part in text.split(",") if text else ():
        first, last = names.index(part.split("-")[0]), names.index(part.split("-")[-1])
        chosen |= {(first + step) % len(names) for step in range((last - first) % len(names) + 1)}
    return frozenset(chosen)


def _spans(text: str) -> tuple[Span, ...]:
    if text in ("off", "closed"):
        return ()
    if text == "24/7":
        return ((0, DAY),)
    pairs = [[_minute(time) for time in part.split("-")] for part in text.split(",")]
    return tuple((opens, closes if closes > opens else closes + DAY) for opens, closes in pairs)


def _minute(written: str) -> int:
    if written in SUN:
        return SUN[written]
    hours, minutes = written.split(":")
    return int(hours) * 60 + int(minutes)


def _covers(rules: tuple[Rule, ...], starts: datetime, ends: datetime) -> bool:
    """Say whether open spans, from those of the day before on, follow from start to end."""
    midnight = datetime.combine(starts.date(), time()) - timedelta(days=1)
    rule = _rule_on(midnight, rules)
    while midnight < ends:
        tomorrow = _rule_on(midnight + timedelta(days=1), rules)
        # A span past midnight ends there where another rule is for the next day.
        latest = DAY if tomorrow not in (None, rule) else 2 * DAY
        for opens, closes in sorted(rule.spans) if rule else ():
            if midnight + timedelta(minutes=opens) <= starts:
                starts = max(starts, midnight + timedelta(minutes=min(closes, latest)))
        midnight, rule = midnight + timedelta(days=1), tomorrow
    return starts >= ends


def _rule_on(day: date, rules: tuple[Rule, ...]) -> Rule | None:
    return next((rule for rule in reversed(rules) if rule.holds_on(day)), None)
