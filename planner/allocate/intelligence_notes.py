"""What a plan says of graded entries of intelligence: in a stop's reason, a list, warnings."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from planner.allocate.plan import IntelligenceNote
from planner.allocate.scenario import Scenario
from planner.incidents.handling import read_grade
from planner.incidents.intelligence import Entry
from planner.insight.intelligence import Effect, Effects
from planner.picture import Picture


def effect_words(effects: Iterable[Effect], time_zone: str) -> list[str]:
    """Say what entries do to a zone, each in one clause.

    For example ``raised 1.5 times: May morning, until 1 May 12:00 (2B)``.
    """
    return [_clause(effect, time_zone) for effect in effects]


def _clause(effect: Effect, time_zone: str) -> str:
    entry = effect.entry
    times = f"{effect.factor:.2g}"
    moved = f"raised {times} times" if effect.factor > 1 else f"lowered to {times} times"
    only = f" for {', '.join(entry.categories)}" if entry.categories else ""
    stated = f", stated {entry.factor:.2g}" if f"{entry.factor:.2g}" != times else ""
    until = day_and_time(entry.ends_at, time_zone)
    return f"{moved}{only}: {entry.what}, until {until} ({read_grade(entry.grade).short}{stated})"


def day_and_time(moment: datetime, time_zone: str) -> str:
    """Write a moment as ``1 May 12:00``, local."""
    local = moment.astimezone(ZoneInfo(time_zone))
    return f"{local.day} {local:%b %H:%M}"


def intelligence_notes(picture: Picture, effects: Effects) -> tuple[IntelligenceNote, ...]:
    """List the entries that cover some of the shift."""
    names = picture.estate.zones["name"].to_numpy(dtype=object)
    zone = ZoneInfo(picture.settings.time_zone)
    return tuple(
        IntelligenceNote(
            id=effect.entry.id,
            kind=effect.entry.kind,
            what=effect.entry.what,
            grade=effect.entry.grade,
            stated=effect.entry.factor,
            factor=effect.factor,
            until=effect.entry.ends_at.astimezone(zone).isoformat(timespec="seconds"),
            zones=tuple(str(name) for name in names[effect.zones]),
            categories=effect.entry.categories,
        )
        for effect in effects.each
    )


def intelligence_warnings(scenario: Scenario, effects: Effects) -> tuple[str, ...]:
    """Say what the reader of a plan must know of the intelligence in it."""
    if not scenario.intelligence:
        return ("Planned without intelligence: graded entries are switched off.",)
    texts = [_moving(effects), *(_without_effect(effect.entry) for effect in effects.each)]
    texts += [
        f"Intelligence: '{entry.what}' names a place that the estate does not have; it has no "
        "effect."
        for entry in effects.gone
    ]
    return tuple(text for text in texts if text)


def _moving(effects: Effects) -> str:
    moving = sum(effect.moves for effect in effects.each)
    if not moving:
        return ""
    entries = "1 graded entry moves" if moving == 1 else f"{moving} graded entries move"
    return (
        f"Intelligence: {entries} the risk of this shift by a stated factor, which is a judgement "
        "and no estimate; plan without it to see the difference."
    )


def _without_effect(entry: Entry) -> str:
    grade = read_grade(entry.grade)
    if entry.factor <= 1 or not grade.never_raises_because:
        return ""
    return (
        f"Intelligence: '{entry.what}' ({grade.short}) is kept and raises no risk: "
        f"{grade.never_raises_because}."
    )
