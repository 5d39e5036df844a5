"""What a route card says in words beside its map and table: whose it is, calls, numbers, safety."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from planner.allocate.plan import Plan, Route
from planner.publish.printmap_layout import Face, line_mm, printable, width_mm, words, wrapped
from planner.publish.stop_words import crew_words, mode_words
from planner.publish.style import INK, QUIET_INK, clock, day_and_clock, shift_words

TEXT, SMALL = 8.0, 7.0
NO_NUMBERS = (
    "No numbers recorded: add them with 'planner liaison import' (contacts: site, role, phone)."
)
MOST_NUMBER_LINES, FEWER_NUMBER_LINES, MANY_STOPS = 4, 2, 20
MOST_TOLD_LINES = 7
GAP_MM = 1.2
CONTROL_ROOM = "control room"

Numbers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Lines:
    """Lines of text that are set one below the other: what they say, their size and look."""

    texts: tuple[str, ...]
    size: float = TEXT
    face: Face = ""
    colour: str = INK

    @property
    def height(self) -> float:
        """Millimetres, with the gap below."""
        return len(self.texts) * line_mm(self.size) + GAP_MM


def height_of(blocks: Sequence[Lines]) -> float:
    """Return the height of blocks in millimetres."""
    return sum(block.height for block in blocks)


def draw_lines(page: Axes, left: float, top: float, blocks: Sequence[Lines]) -> float:
    """Set blocks below a height, and return the height below them."""
    for block in blocks:
        for text in block.texts:
            words(page, (left, top - 0.74 * line_mm(block.size)), text, block.size,
                  colour=block.colour, face=block.face)  # fmt: skip
            top -= line_mm(block.size)
        top -= GAP_MM
    return top


def contact_numbers(contacts: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Return who can be called: ``Oak Hall, Head Porter`` and the number of the role's desk.

    Parameters
    ----------
    contacts
        As in :class:`planner.estate.liaison.records.Liaison`: ``site``, ``role``, ``phone``.
    """
    called = contacts[contacts["phone"] != ""]
    columns = zip(called["site"], called["role"], called["phone"], strict=True)
    return tuple((f"{site}, {role}", str(phone)) for site, role, phone in columns)


def heading_lines(plan: Plan, route: Route, width: float) -> list[Lines]:
    """Say whose card it is: estate and shift, how the team gets about, from when to when."""
    back = "back there" if route.finish == route.start else f"ends at {route.finish}"
    how = (
        f"{mode_words(route.mode)}, {crew_words(route.officers)}; {route.length_m / 1000:.1f} km. "
        f"Leaves {route.start} at {clock(route.starts_at)}, {back} by {clock(route.ends_at)}."
    )
    return [
        _wrapped(shift_words(plan.shift), width, 9, "-Bold", most=2),
        _wrapped(how[0].upper() + how[1:], width, 9, most=3),
    ]


def told_lines(plan: Plan, width: float) -> list[Lines]:
    """Say what was asked for and is not met, and what changed in mid-shift."""
    told = (("Not met", plan.patrols.relaxed), ("Changed", plan.patrols.changes))
    texts = [f"{label}: {' '.join(items)}" for label, items in told if items]
    most = MOST_TOLD_LINES // max(len(texts), 1)
    return [_wrapped(text, width, TEXT, "-Bold", most=most) for text in texts]


def note_lines(plan: Plan, route: Route, numbers: Numbers, width: float) -> list[Lines]:
    """Say when to call in, whom to call, and how officers are kept safe."""
    safety = safety_words(plan, route)
    return [
        _wrapped(check_in_words(route), width, TEXT, "-Bold", most=3),
        *([_wrapped(safety, width, TEXT, most=3)] if safety else []),
        _numbers(route, numbers, width),
    ]


def check_in_words(route: Route) -> str:
    """Say when a team calls in."""
    if not route.check_ins:
        return "Call in: no times are set."
    return f"Call in at {', '.join(clock(moment) for moment in route.check_ins)}."


def safety_words(plan: Plan, route: Route) -> str:
    """Say the rules that keep a team safe; nothing where none holds for it."""
    rules, said = plan.scenario.safety, []
    if route.officers == 1:
        where = rules.single_officers_after_dark
        if where == "anywhere":
            said.append("You are alone: after dark you may be anywhere.")
        elif where:
            said.append(f"You are alone: after dark only in {', '.join(where)}.")
        else:
            said.append("You are alone: nowhere after dark.")
    if rules.nearest_team_minutes is not None:
        minutes = f"{rules.nearest_team_minutes:g} minutes"
        said.append(f"No team is further than {minutes} from the nearest other.")
    return f"Safety: {' '.join(said)}" if said else ""


def ordered_numbers(route: Route, numbers: Numbers) -> list[tuple[str, str]]:
    """Put the control room first, then the places that a team goes to, then all others."""
    places = {stop.name.casefold() for stop in route.stops if stop.name}

    def turn(number: tuple[str, str]) -> int:
        name = number[0].casefold()
        return 0 if CONTROL_ROOM in name else 1 if any(place in name for place in places) else 2

    return sorted(numbers, key=turn)


def _numbers(route: Route, numbers: Numbers, width: float) -> Lines:
    """List numbers as far as there is room, each whole on its line, and count the rest."""
    if not numbers:
        return _wrapped(NO_NUMBERS, width, TEXT)
    texts = [printable(f"{name}: {number}") for name, number in ordered_numbers(route, numbers)]
    most = FEWER_NUMBER_LINES if len(route.stops) > MANY_STOPS else MOST_NUMBER_LINES
    for shown in range(len(texts), 0, -1):
        rest = len(texts) - shown
        more = [f"and {rest} more in the list of contacts"] * bool(rest)
        lines = _packed(["Numbers", *texts[:shown], *more], width)
        if len(lines) <= most:
            return Lines(tuple(lines))
    return _wrapped("Numbers: see the list of contacts.", width, TEXT)


def _packed(items: Sequence[str], width: float) -> list[str]:
    """Fill lines with items, none of them broken but what no line can hold."""
    lines = [""]
    for item in items:
        longer = f"{lines[-1]}   {item}" if lines[-1] else item
        if width_mm(longer, TEXT) <= width:
            lines[-1] = longer
        else:
            lines += wrapped(item, width, TEXT)
    return lines


def foot_lines(plan: Plan, head: str, width: float) -> list[Lines]:
    """Say which plan it is, and from which records; ``head`` is the register's entry."""
    register = f", register entry {head}" if head else ""
    text = (
        f"Plan {plan.id}, planner {plan.version}, from records to "
        f"{day_and_clock(plan.picture.as_of)} ({plan.estate.time_zone}){register}. "
        "A plan is advice about places, never about persons."
    )
    return [Lines(tuple(wrapped(text, width, SMALL, most=2)), SMALL, "", QUIET_INK)]


def _wrapped(text: str, width: float, size: float, face: Face = "", most: int = 3) -> Lines:
    return Lines(tuple(wrapped(text, width, size, face, most=most)), size, face)
