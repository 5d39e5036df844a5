"""What the command line says of hotspots: lines of text, rows of tables, and one document."""

from typing import Any

import numpy as np
import shapely

from planner.geo import to_degrees
from planner.insight.hotspots import SIGNIFICANT_Q, Hotspot
from planner.insight.hotspots.alerts import AlertArea
from planner.insight.hotspots.near_repeats import NearRepeats
from planner.insight.hotspots.street_density import StreetDensity
from planner.publish.printmap_panel import period_words
from planner.publish.style import (
    category_words,
    chance_words,
    change_words,
    day_and_clock,
    number_words,
    q_words,
    trend_words,
)
from planner.service.surveying import Surveyed
from planner.ui.words import counted

ALERTS_SHOWN = 10
ZONES_SHOWN = 20
HOTSPOT_HEADS = (
    "rank", "place", "incidents", "by area", "chance", "change, trend", "most often, peak hours",
)  # fmt: skip
ZONE_HEADS = ("zone", "incidents", "with neighbours", "expected", "q", "Gi* (z)", "Moran's I")
REPEAT_HEADS = ("distance", "days apart", "pairs", "expected", "ratio", "p", "q")


def survey_words(done: Surveyed) -> list[str]:
    """Say of what the survey is, and what its reader must know."""
    found, picture = done.survey, done.picture
    days = period_words(picture.periods, picture.settings.time_zone)
    real = sum(spot.more_than_chance for spot in found.hotspots)
    of = f" of the category '{done.category}'" if done.category else ""
    return [
        f"Hotspots of {picture.settings.name}, {days.latest}: "
        f"{counted(found.incidents, 'incident')}{of}; "
        f"{counted(len(found.hotspots), 'hotspot')}, {real} of them more than chance. By area: "
        "what its ground would hold were risk the same everywhere.",
        *(f"Note: {text}" for text in found.warnings),
    ]


def hotspot_rows(done: Surveyed) -> list[tuple[str, ...]]:
    """List the hotspots as rows of text, columns as in ``HOTSPOT_HEADS``."""
    return [
        (
            str(spot.rank), spot.name, f"{spot.count:,}", number_words(spot.expected),
            chance_words(spot.q),
            f"{change_words(spot.change)}, {trend_words(spot.trend, spot.trend_q)}",
            "; ".join(text for text in (_often(spot), spot.peak_hours) if text),
        )
        for spot in done.survey.hotspots
    ]  # fmt: skip


def _often(spot: Hotspot) -> str:
    return category_words([(item.name, item.count) for item in spot.categories])


def zone_words(done: Surveyed) -> str:
    """Say how many zones hold more than chance, with those that touch them."""
    zones = done.survey.zones
    real = int((zones["q"] < SIGNIFICANT_Q).sum())
    shown = f" (the first {ZONES_SHOWN} shown)" if real > ZONES_SHOWN else ""
    return (
        f"{real:,} of {counted(len(zones), 'zone')} hold, with those that touch them, more than "
        f"uniform risk per square metre would{shown}; Gi* and Moran's I are scores, no tests."
    )


def zone_rows(done: Surveyed) -> list[tuple[str, ...]]:
    """List the zones that hold more than chance, the surest first."""
    zones = done.survey.zones
    real = zones[zones["q"] < SIGNIFICANT_Q].sort_values(
        ["q", "gi_star"], ascending=[True, False], kind="stable"
    )  # fmt: skip
    return [
        (
            str(row.name_), f"{row.count_:,}", f"{row.around:,}", number_words(row.expected),
            q_words(row.q), f"{row.gi_star:.2f}", f"{row.moran:.2f}",
        )
        for row in real.head(ZONES_SHOWN).rename(columns={"name": "name_", "count": "count_"})
        .itertuples()
    ]  # fmt: skip


def repeat_words(repeats: NearRepeats) -> str:
    """Say of what the near-repeat test is."""
    return (
        f"Near repeats among {counted(len(repeats.dated.days), 'incident')} with a known day "
        f"(Knox test, {repeats.permutations:,} permutations, seed {repeats.seed}):"
    )


def repeat_rows(repeats: NearRepeats) -> list[tuple[str, ...]]:
    """List the bands of distance and days, columns as in ``REPEAT_HEADS``."""
    return [
        (
            distance_words(repeats, row), f"{first} to {last}",
            f"{repeats.observed[row, column]:,.0f}", f"{repeats.expected[row, column]:,.1f}",
            f"{repeats.ratio[row, column]:.2f}", f"{repeats.p[row, column]:.3f}",
            f"{repeats.q[row, column]:.3f}",
        )
        for row in range(len(repeats.distances_m))
        for column, (first, last) in enumerate(repeats.days)
    ]  # fmt: skip


def distance_words(repeats: NearRepeats, row: int) -> str:
    """Write a band of distance: ``same place``, ``100 to 200 m``."""
    if row == 0:
        return "same place"
    return f"{repeats.distances_m[row - 1]:.0f} to {repeats.distances_m[row]:.0f} m"


def alert_words(alerts: tuple[AlertArea, ...]) -> list[str]:
    """Say which alert areas are in force."""
    if not alerts:
        return ["No alert areas are in force: no near repeats that are more than chance."]
    lines = [f"Alert areas in force: {len(alerts):,}."]
    for area in alerts[:ALERTS_SHOWN]:
        where = "at the place" if area.distance_m == 0 else f"within {area.distance_m:.0f} m"
        lines.append(
            f"  {where} of {counted(area.incidents, 'incident')}, "
            f"{day_and_clock(area.starts_at.isoformat())} to "
            f"{day_and_clock(area.ends_at.isoformat())}: {area.ratio:.1f} times as many follow as "
            f"by chance ({q_words(area.q)})."
        )
    left = len(alerts) - ALERTS_SHOWN
    return lines + [f"  ... and {left:,} more (--json lists all)."] * (left > 0)


def street_words(density: StreetDensity) -> list[str]:
    """Say which stretches of street are densest, and with what bandwidth."""
    lines = [
        f"Density along the streets, bandwidth {density.bandwidth_m:.0f} m "
        f"({counted(density.snapped, 'incident')}; {density.off_streets:,} too far from a street):"
    ]
    return lines + [
        f"  {place.street or 'unnamed way'}: {place.length_m:.0f} m with "
        f"{number_words(place.incidents)} incidents, {place.per_100_m:.1f} for each 100 m"
        for place in density.stretches
    ]


def survey_document(done: Surveyed) -> dict[str, Any]:
    """Describe a survey as data; outlines are in longitude and latitude."""
    found, crs = done.survey, done.picture.estate.crs
    return {
        "estate": done.picture.settings.name,
        "as_of": done.picture.as_of.isoformat(timespec="seconds"),
        "category": done.category,
        "period": {
            "starts_at": found.spans.starts_at.isoformat(),
            "ends_at": found.spans.ends_at.isoformat(),
        },
        "incidents": found.incidents,
        "hotspots": [
            {
                "rank": spot.rank, "name": spot.name, "count": spot.count,
                "expected": spot.expected, "p": spot.p, "q": spot.q,
                "more_than_chance": spot.more_than_chance, "before": spot.before,
                "change": spot.change, "trend": spot.trend, "trend_q": spot.trend_q,
                "categories": {item.name: item.count for item in spot.categories},
                "peak_hours": spot.peak_hours, "area": _geojson(spot.geometry, crs),
            }
            for spot in found.hotspots
        ],
        "zones": found.zones.to_dict("records"),
        "near_repeats": None if found.repeats is None else _repeats_document(found.repeats),
        "alert_areas": [
            {
                "starts_at": area.starts_at.isoformat(), "ends_at": area.ends_at.isoformat(),
                "distance_m": area.distance_m, "days": list(area.days),
                "incidents": area.incidents, "ratio": area.ratio, "q": area.q,
                "area": _geojson(area.geometry, crs),
            }
            for area in found.alerts
        ],
        "streets": None if found.streets is None else _streets_document(found.streets, crs),
        "warnings": list(found.warnings),
    }  # fmt: skip


def _repeats_document(repeats: NearRepeats) -> dict[str, Any]:
    return {
        "incidents": len(repeats.dated.days),
        "left_out_day_not_known": repeats.dated.undated,
        "left_out_oldest": repeats.dated.older,
        "permutations": repeats.permutations,
        "seed": repeats.seed,
        "bands": [
            {
                "distance": distance_words(repeats, row), "days": list(days),
                "observed": int(repeats.observed[row, column]),
                "expected": float(repeats.expected[row, column]),
                "ratio": float(repeats.ratio[row, column]),
                "p": float(repeats.p[row, column]), "q": float(repeats.q[row, column]),
            }
            for row in range(len(repeats.distances_m))
            for column, days in enumerate(repeats.days)
        ],
    }  # fmt: skip


def _streets_document(density: StreetDensity, crs: str) -> dict[str, Any]:
    middles = np.array([place.middle for place in density.stretches]).reshape(-1, 2)
    return {
        "bandwidth_m": density.bandwidth_m,
        "incidents": density.snapped,
        "off_streets": density.off_streets,
        "stretches": [
            {
                "street": place.street, "length_m": round(place.length_m, 1),
                "incidents": place.incidents, "per_100_m": place.per_100_m,
                "longitude": round(float(at[0]), 6), "latitude": round(float(at[1]), 6),
            }
            for place, at in zip(density.stretches, to_degrees(middles, crs), strict=True)
        ],
    }  # fmt: skip


def _geojson(shape: shapely.Geometry, crs: str) -> dict[str, Any]:
    degrees = shapely.transform(shape, lambda points: np.round(to_degrees(points, crs), 6))
    document: dict[str, Any] = shapely.geometry.mapping(degrees)
    return document
