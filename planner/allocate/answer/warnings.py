"""What the reader of a plan or a forecast must know, as a person would say it."""

from zoneinfo import ZoneInfo

import pandas as pd

from planner.allocate.scenario import Scenario
from planner.clock import Shift, seconds_between
from planner.insight.exposure import covered_days
from planner.insight.risk.model import Risk
from planner.insight.risk.parts import standing_words
from planner.picture import Picture

NAMED = 6
FEWEST_DAYS = 28
STALE_DAYS = 62


def forecast_warnings(
    picture: Picture, shift: Shift, risk: Risk, recording_places: int = 0
) -> tuple[str, ...]:
    """List what the reader of a forecast must know before acting on it.

    Parameters
    ----------
    recording_places
        How many places look like recording desks, or changed their reporting, undecided as yet.
    """
    found = [
        _illustrative(picture),
        _flat(risk),
        *_standings(risk),
        *_records(picture, shift),
        *_left_out(picture),
        _recording(recording_places),
        _snap_points(picture),
    ]
    return tuple(text for text in found if text)


def plan_warnings(
    picture: Picture,
    scenario: Scenario,
    shift: Shift,
    risk: Risk,
    routes: int,
    recording_places: int = 0,
) -> tuple[str, ...]:
    """List what the reader of a plan must know before acting on it.

    Parameters
    ----------
    recording_places
        As of :func:`forecast_warnings`.
    """
    found = [
        *forecast_warnings(picture, shift, risk, recording_places),
        _no_streets(picture),
        _unreachable(picture),
        _idle(scenario, routes),
    ]
    return tuple(text for text in found if text)


def _illustrative(picture: Picture) -> str:
    if not picture.settings.illustrative:
        return ""
    return "Illustrative data: the incidents of this estate are invented."


def _flat(risk: Risk) -> str:
    if risk.timed:
        return ""
    return (
        "The records carry no time of day, so every shift and hour is taken as equally busy; "
        "where to go is known, when is not."
    )


def _standings(risk: Risk) -> list[str]:
    return [standing_words(standing) for standing in risk.standings if not standing.by_model]


def _records(picture: Picture, shift: Shift) -> list[str]:
    texts = []
    days = covered_days(picture.periods)
    if days < FEWEST_DAYS:
        texts.append(f"The records cover only {days:.0f} days: expect little of the forecast.")
    later = seconds_between(picture.as_of, shift.starts_at) / 86_400
    if later < 0:
        texts.append("The shift begins before the records end: a look back, not a forecast.")
    elif later > STALE_DAYS:
        texts.append(f"The records end {later:.0f} days before the shift; import newer ones.")
    if picture.told_twice:
        texts.append(
            f"{picture.told_twice:,} records tell an event that another source tells too (by "
            "police reference, or as a person decided); it counts once."
        )
    if picture.sensitive:
        texts.append(
            f"{picture.sensitive:,} incidents of sensitive categories count in the estate's totals "
            "only: no zone's risk, hotspot or reason shows them."
        )
    return texts


def _left_out(picture: Picture) -> list[str]:
    zone = ZoneInfo(picture.settings.time_zone)
    return [
        f"{_incidents(item.incidents)} left out at '{item.name}', as decided on "
        f"{_day(item.decided_at.tz_convert(zone))}; the estate's totals have them."
        for item in picture.left_out
    ]


def _incidents(count: int) -> str:
    return "1 incident is" if count == 1 else f"{count:,} incidents are"


def _day(moment: pd.Timestamp) -> str:
    """Write a day: ``3 Nov 2026``."""
    return f"{moment.day} {moment:%b %Y}"


def _recording(places: int) -> str:
    if not places:
        return ""
    what = (
        "1 place looks like a recording desk or changed its reporting"
        if places == 1
        else f"{places:,} places look like recording desks or changed their reporting"
    )
    return f"{what}; decide under 'To decide', or with 'planner review'."


def _snap_points(picture: Picture) -> str:
    share = float(picture.on_estate["anonymised"].astype(bool).mean())
    if share == 0:
        return ""
    return (
        f"{share:.0%} of the incidents are police snap points ('on or near'): they count for their "
        "zone, and say nothing of the place within it; camera positions there are only a zone's."
    )


def _no_streets(picture: Picture) -> str:
    if picture.estate.streets is not None:
        return ""
    return (
        "No streets are known: distances and times are straight lines, and real walks are longer. "
        "Give an OpenStreetMap extract to 'planner init --streets'."
    )


def _unreachable(picture: Picture) -> str:
    estate = picture.estate
    names = estate.zones["name"].to_numpy(dtype=object)[~estate.stops.reachable]
    if not len(names):
        return ""
    shown = ", ".join(str(name) for name in names[:NAMED])
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return (
        f"{len(names):,} of {len(estate.zones):,} zones are more than {estate.stop_reach_m:.0f} m "
        f"from a street, so no route reaches them, and their risk still counts: {shown}{more}."
    )


def _idle(scenario: Scenario, routes: int) -> str:
    idle = scenario.team_count - routes
    if idle <= 0:
        return ""
    return f"{idle} of {scenario.team_count} teams have nothing to do in this plan."
