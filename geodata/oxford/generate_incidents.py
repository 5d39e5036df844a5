"""Invent incidents for the worked example. ALL INCIDENTS ARE INVENTED AND ILLUSTRATIVE.

Nothing here is, or derives from, a record of any incident at any university, college or
hospital. The sites, buildings and streets are real places from open map data; what is said to
have happened there is drawn from a seeded random generator, with shapes (`incident_profiles.toml`)
chosen to look plausible. The police references are made up. Draw no conclusion about any place.

Usage: ``python generate_incidents.py OUT.csv``
"""

import importlib.util
import sys
import tomllib
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

TRENDS = ("steady", "emerging", "receding")
DAY = 1440  # minutes
Profiles = dict[str, Any]


def sibling(name: str) -> ModuleType:
    """Load the module of that name beside this file, wherever this file is run from."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


maps = sibling("incident_places")


def generate(
    folder: Path,
    seed: int = 1249,
    start: date = date(2024, 10, 1),
    end: date = date(2026, 9, 30),
) -> pd.DataFrame:
    """Draw the illustrative incidents.

    Parameters
    ----------
    folder : Path
        Folder of `sites.geojson`, `buildings.geojson`, `streets.geojson` and `calendar.toml`.
    seed : int
        Seed of the generator; the same seed and inputs give the same frame.
    start, end : date
        First and last day, both included.

    Returns
    -------
    pandas.DataFrame
        One row an incident, all columns text, in order of `reported_at`.
    """
    profiles = tomllib.loads(Path(__file__).with_name("incident_profiles.toml").read_text("utf-8"))
    calendar = tomllib.loads((folder / "calendar.toml").read_text("utf-8"))
    rng = np.random.default_rng(seed)
    sites, buildings, streets = (
        maps.read_layer(folder / f"{name}.geojson", profiles)
        for name in ("sites", "buildings", "streets")
    )
    places, hotspots = maps.lay_out(sites, buildings, streets, profiles, rng)
    away = maps.street_spots(sites, streets, profiles, rng)
    shares = table(profiles, "share")
    days = (end - start).days + 1
    category = rng.choice(len(shares), round(profiles["per_day"] * days), p=shares / shares.sum())
    day = draw_days(category, calendar, profiles, start, days, rng)
    moments = draw_moments(category, day, profiles, start, end, rng)
    chosen = draw_places(category, day / days, days, places, hotspots, profiles, rng)
    names = draw_names(chosen, places, profiles, rng)
    texts = draw_positions(category, chosen, names, places, away, profiles, rng)
    return assemble(category, moments, texts, profiles, start, end, rng)


def table(profiles: Profiles, key: str) -> np.ndarray:
    """Stack one number or list of every category into an array, category by category."""
    return np.array([entry[key] for entry in profiles["categories"].values()], dtype=float)


def pick(rng: np.random.Generator, weights: np.ndarray) -> np.ndarray:
    """Draw one column for each row, with chances in proportion to that row's weights."""
    steps = weights.cumsum(axis=1)
    return (steps[:, :-1] <= rng.random((len(steps), 1)) * steps[:, -1:]).sum(axis=1)


def day_kinds(calendar: Profiles, profiles: Profiles, start: date, days: int) -> np.ndarray:
    """Return the kind of each day: its place in the order of [periods]."""
    order = profiles["periods"]["order"]
    kinds = np.zeros(days, dtype=int)

    def mark(first: date, last: date, kind: str) -> None:
        low, high = ((day - start).days for day in (first, last))
        span = slice(max(low, 0), max(high + 1, 0))
        kinds[span] = np.maximum(kinds[span], order.index(kind))

    for term in calendar["terms"]:
        sunday, (low, high) = term["first_week_starts"], term["weeks"]
        mark(sunday + timedelta(7 * (low - 1)), sunday + timedelta(7 * high - 1), "fringe")
        mark(sunday, sunday + timedelta(55), "term")
    beginnings = {kind: profiles["periods"][kind] for kind in ("freshers", "closure")}
    for day in calendar["days"]:
        special = (kind for kind, text in beginnings.items() if day["name"].startswith(text))
        mark(day["from"], day["to"], next(special, "event"))
    return kinds


def draw_days(
    category: np.ndarray,
    calendar: Profiles,
    profiles: Profiles,
    start: date,
    days: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw the day of each incident from weekday, term and a day-to-day unevenness."""
    weekday = (start.weekday() + np.arange(days)) % 7
    kinds = day_kinds(calendar, profiles, start, days)
    luck = rng.gamma(9.0, size=days)
    expected = table(profiles, "days")[:, weekday] * table(profiles, "term")[:, kinds]
    return pick(rng, (expected * luck)[category])


def draw_moments(
    category: np.ndarray,
    day: np.ndarray,
    profiles: Profiles,
    start: date,
    end: date,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw from, to and reported (minutes since the start), clear of the clock changes."""
    size = len(category)
    hour = pick(rng, table(profiles, "hours")[category])
    begun = day * DAY + (6 + hour) * 60 + rng.integers(0, 60, size)
    length, delay = (
        np.exp(np.log(middle) + spread * rng.standard_normal(size))
        for middle, spread in (table(profiles, key)[category].T for key in ("minutes", "delay"))
    )
    length[rng.random(size) < table(profiles, "exact")[category]] = 0
    ended = by_day(begun + np.minimum(length, 4 * DAY).astype(int), length > 60, rng)
    reported = by_day(ended + 1 + np.minimum(delay, 14 * DAY).astype(int), delay > 30, rng)
    rough = (length > 0) & (rng.random(size) < 0.7)
    begun, ended = (np.where(rough, t // 15 * 15, t) for t in (begun, ended))
    times = np.stack([begun, ended, reported])
    for change in clock_changes(start, end):
        bad = (change - start).days * DAY + 60
        times += 60 * ((times >= bad) & (times < bad + 60))
    return np.maximum.accumulate(times, axis=0)


def by_day(moments: np.ndarray, later: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Move most moments of the small hours to the morning, where nothing called for haste."""
    small = (moments % DAY < 7 * 60) & later & (rng.random(len(moments)) < 0.85)
    return np.where(small, moments + 7 * 60, moments)


def clock_changes(start: date, end: date) -> list[date]:
    """Return the last Sundays of March and October, on which Europe/London changes its clocks."""
    lasts = [date(y, m, 31) for y in range(start.year, end.year + 2) for m in (3, 10)]
    return [day - timedelta((day.weekday() + 1) % 7) for day in lasts]


def draw_places(
    category: np.ndarray,
    when: np.ndarray,
    days: int,
    places: Any,
    hotspots: list[dict[str, Any]],
    profiles: Profiles,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw each incident's place and fixed point, as two columns of indices."""
    names = list(profiles["categories"])
    liking = [
        [entry["kinds"].get(kind, 1.0) for kind in places.kinds]
        for entry in profiles["categories"].values()
    ]
    site = pick(rng, (np.array(liking) * places.weights)[category])
    courses = [np.ones(len(when)), when >= 1 - 91 / days, np.clip(1 - when / 0.7, 0, 1)]
    pull = [np.ones(len(when))]
    for spot in hotspots:
        force = np.array([spot["weight"].get(name, 0.0) for name in names])
        pull.append(force[category] * courses[TRENDS.index(spot["trend"])])
    hot = pick(rng, np.array(pull).T)
    site = np.append(-1, [spot["site"] for spot in hotspots])[hot] * (hot > 0) + site * (hot == 0)
    liked = table(profiles, "spots")[category][:, maps.SPOTS] * places.popularity[site]
    liked[hot > 0, 2:] *= 0.1  # hotspots sit on their first rack and gate
    return np.stack([site, pick(rng, liked + 1e-9 * (places.popularity[site] > 0))], axis=1)


def pick_listed(rng: np.random.Generator, lists: list[list[str]], rows: np.ndarray) -> np.ndarray:
    """Draw one text for each row from the list of that row."""
    lengths = np.array([len(texts) for texts in lists])
    flat = np.array([text for texts in lists for text in texts], dtype=object)
    at = (rng.random(len(rows)) * lengths[rows]).astype(int)
    return flat[(lengths.cumsum() - lengths)[rows] + at]


def draw_names(
    chosen: np.ndarray, places: Any, profiles: Profiles, rng: np.random.Generator
) -> np.ndarray:
    """Write each incident's place: a name or alias, some with a building or street after it."""
    site, slot = chosen.T
    size = len(site)
    other = pick_listed(rng, list(places.aliases), site)
    names = np.where(rng.random(size) < profiles["alias_share"], other, places.names[site])
    bracket = places.brackets[site, slot]
    more = (rng.random(size) < profiles["bracket_share"]) & (bracket != "")
    return np.where(more, names + " (" + bracket + ")", names)


def draw_positions(
    category: np.ndarray,
    chosen: np.ndarray,
    names: np.ndarray,
    places: Any,
    away: tuple[np.ndarray, np.ndarray],
    profiles: Profiles,
    rng: np.random.Generator,
) -> list[np.ndarray]:
    """Place each incident; return its place, longitude and latitude as texts."""
    size = len(category)
    origin, scale = maps.grid(profiles)
    points = places.points[chosen[:, 0], chosen[:, 1]]
    scattered = rng.random((size, 1)) < profiles["scatter_share"]
    points = points + scattered * rng.normal(0, profiles["scatter_metres"], (size, 2))
    outdoors = table(profiles, "streets")[category]
    luck = rng.random(size) * outdoors.mean() / np.maximum(outdoors, 1e-9)
    bounds = np.cumsum([profiles["street_share"], profiles["off_estate_share"]])
    street, off = luck < bounds[0], (luck >= bounds[0]) & (luck < bounds[1])
    spots = rng.gamma(0.8, size=len(away[1]))
    spot = rng.choice(len(spots), street.sum(), p=spots / spots.sum())
    points[street], names[street] = away[0][spot], away[1][spot]
    towns = profiles["off_estate"]
    town = rng.integers(0, len(towns), off.sum())
    middles = (np.array(list(towns.values())) - origin) * scale
    points[off] = middles[town] + rng.normal(0, 250, (len(town), 2))
    names[off] = np.array(list(towns), dtype=object)[town]
    lonlat = np.char.mod("%.6f", points / scale + origin)
    lonlat[rng.random(size) < profiles["unlocated_share"]] = ""
    return [names, lonlat[:, 0], lonlat[:, 1]]


def assemble(
    category: np.ndarray,
    moments: np.ndarray,
    texts: list[np.ndarray],
    profiles: Profiles,
    start: date,
    end: date,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Build the frame, without what would be reported after the end, in order of report."""
    order = np.lexsort((moments[0], moments[2]))
    order = order[moments[2][order] < ((end - start).days + 1) * DAY]
    category, moments = category[order], moments[:, order]
    clock = np.datetime64(start, "m") + moments.astype("timedelta64[m]")
    year = pd.Series(clock[2].astype("datetime64[Y]").astype(int) % 100 + 70) % 100
    number = (year.groupby(year).cumcount() + 1).astype(str).str.zfill(6)
    short = year.astype(str).str.zfill(2)
    entries = profiles["categories"]
    details = pick_listed(rng, [entry["details"] for entry in entries.values()], category)
    serial = pd.Series(rng.integers(20, 90, len(order)).cumsum() % 1_000_000).astype(str)
    police = "43" + short + "9" + serial.str.zfill(6) + "/" + short  # made up
    known = rng.random(len(order)) < table(profiles, "police")[category]
    begun, ended, reported = np.datetime_as_string(clock, unit="m")
    columns = {
        "reference": profiles["prefix"] + "-" + short + "-" + number,
        "category": np.array(list(entries), dtype=object)[category],
        "occurred_from": begun,
        "occurred_to": ended,
        "reported_at": reported,
        "place": texts[0][order],
        "longitude": texts[1][order],
        "latitude": texts[2][order],
        "details": "Illustrative: " + details + ".",
        "police_reference": police.where(known, ""),
    }
    return pd.DataFrame(columns).astype(str)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python generate_incidents.py OUT.csv")
    generate(Path(__file__).parent).to_csv(sys.argv[1], index=False, lineterminator="\n")
