"""Why a stop is in a plan, and what the reader of a plan must know, as a person would say it."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pandas as pd

from planner.allocate.intelligence_notes import effect_words
from planner.allocate.patrols import Problem, Tour
from planner.allocate.scenario import Scenario
from planner.clock import Shift, seconds_between
from planner.insight.exposure import covered_days
from planner.insight.intelligence import Effects
from planner.insight.risk.model import Risk
from planner.insight.risk.parts import parts_words, standing_words
from planner.insight.timing.aoristic import aoristic_weights
from planner.insight.timing.profile import busiest_hours
from planner.picture import Picture

NAMED = 6
FEWEST_DAYS = 28
FEWEST_TIMED = 30
STALE_DAYS = 62


def reasons_for_stops(
    picture: Picture, risk: Risk, problem: Problem, tours: Sequence[Tour], effects: Effects
) -> dict[int, str]:
    """Say for each zone that has a stop why a patrol stops there.

    Returns
    -------
    dict of int to str
        Sentence by zone row.
    """
    zones = {int(problem.options.zone[visit.option]) for tour in tours for visit in tour.visits}
    rank = pd.Series(-risk.mean).rank(method="min").to_numpy(int)
    rows = picture.on_estate
    by_zone = dict(tuple(rows.groupby("zone")))
    return {
        zone: _reason(picture, risk, by_zone, zone, int(rank[zone]), problem, effects)
        for zone in sorted(zones)
    }


def _reason(
    picture: Picture,
    risk: Risk,
    by_zone: dict[str, pd.DataFrame],
    zone: int,
    rank: int,
    problem: Problem,
    effects: Effects,
) -> str:
    parts = [
        f"{_rank(rank)} risk of {len(risk.zones)} zones: {risk.mean[zone]:.3f} "
        f"incidents expected this shift, {parts_words(risk.parts, zone)}"
    ]
    recorded = by_zone.get(str(risk.zones[zone]))
    if recorded is None:
        parts.append("nothing recorded here yet")
    else:
        parts.append(_history(recorded, picture.settings.time_zone, risk.covered_days))
    # Before the history: a table that cuts a long reason short must not hide it.
    parts[1:1] = effect_words(effects.of_zone(zone), picture.settings.time_zone)
    if zone in problem.minimum:
        parts.insert(0, "must be seen in this shift")
    sentence = "; ".join(parts)
    return sentence[0].upper() + sentence[1:] + "."


def _history(recorded: pd.DataFrame, time_zone: str, days: float) -> str:
    category = str(recorded["category"].value_counts(sort=False).sort_index().idxmax())
    text = f"{len(recorded):,} recorded in {days:,.0f} days, most often {category}"
    weights = aoristic_weights(recorded, time_zone)
    if weights.sum() >= FEWEST_TIMED:
        hour = busiest_hours(weights, 1)[0]
        text += f"; busiest about {hour:02d}:00"
    return text


def _rank(number: int) -> str:
    if number == 1:
        return "highest"
    teens = 10 <= number % 100 <= 20
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending} highest"


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
    idle = scenario.patrols.teams - routes
    if idle <= 0:
        return ""
    return f"{idle} of {scenario.patrols.teams} teams have nothing to do in this plan."
