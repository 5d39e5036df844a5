"""A team's stops in words: what each is, which go if time is short, how a team gets about.

Tables, maps, files for devices and the card say it alike.
"""

import re

from planner.allocate.plan import Stop, StopKind

KIND_WORDS: dict[StopKind, str] = {
    "visit": "visit",
    "must-visit": "must be visited",
    "duty": "duty",
    "meal": "meal break",
    "call": "call",
}
# What stands beside the number on a map, where the shape alone could be missed.
KIND_MARKS: dict[StopKind, str] = {
    "visit": "", "must-visit": "!", "duty": "", "meal": "meal", "call": "call",
}  # fmt: skip
END = "end"
MOST_TEAM_LETTERS = 2
# What the usual reason begins with: how risky a place is, which is why a team goes there, not
# what it looks for there.
_RANK_CLAUSE = re.compile(r"\bhighest risk of [\d,]+ zones: ")
_COUNT = re.compile(r"^[\d,]+ recorded in [\d,]+ days, (?=most often )")


def what_words(stop: Stop) -> str:
    """Say what a stop is: ``duty, ends at Wadham College, with team B``."""
    parts = [KIND_WORDS[stop.kind]]
    if stop.to_name:
        parts.append(f"ends at {stop.to_name}")
    if stop.with_team:
        parts.append(f"with team {stop.with_team}")
    return ", ".join(parts)


def stop_tag(team: str, number: int) -> str:
    """Name a stop: ``A3``; a long team name is left out: ``3``."""
    return f"{team}{number}" if len(team) <= MOST_TEAM_LETTERS else str(number)


def mode_words(mode: str) -> str:
    """Say how a team gets about: ``on foot``, ``by bicycle``."""
    return "on foot" if mode == "foot" else f"by {mode}"


def crew_words(officers: int) -> str:
    """Say how many a team is: ``1 officer, alone``."""
    return "1 officer, alone" if officers == 1 else f"{officers} officers"


def escort_end(stop: Stop) -> tuple[float, float] | None:
    """Return where an escort ends, longitude and latitude; None of any other stop."""
    if stop.to_longitude is None or stop.to_latitude is None:
        return None
    return stop.to_longitude, stop.to_latitude


def rank_words(stop: Stop) -> str:
    """Say a visit's rank: ``1 last``, for 1 is the last to drop; nothing of what is not dropped."""
    if stop.kind != "visit" or stop.rank is None:
        return ""
    return "1 last" if stop.rank == 1 else str(stop.rank)


def look_words(why: str) -> str:
    """Shorten a reason to what a team looks for there: ``Most often bicycle theft``.

    Parts that say how risky the place is are left out where others remain; a reason that is put
    otherwise stays whole.
    """
    parts = [part for part in why.split("; ") if part]
    kept = [_COUNT.sub("", part) for part in parts if not _RANK_CLAUSE.search(part)]
    text = "; ".join(kept or parts)
    return text[:1].upper() + text[1:]
