"""Finding hotspots: clusters of places, ranked by the latest period, each with what is known of it.

Clusters are drawn from the whole history (:mod:`planner.insight.hotspots.clusters`), ranked by the
incidents that they hold in the latest period, and told from chance by tests chosen beforehand
(:mod:`planner.insight.hotspots.neighbourhoods`).
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from planner.estate.model import Estate
from planner.insight.hotspots.clusters import clusters_of, outline
from planner.insight.hotspots.names import numbered, place_name
from planner.insight.hotspots.neighbourhoods import Tested, chances_by_place, squares_over
from planner.insight.hotspots.peaks import peak_hours
from planner.insight.hotspots.periods import HotspotPeriods, covered_by_source, latest_periods
from planner.insight.hotspots.result import SIGNIFICANT_Q, Category, Hotspot
from planner.insight.hotspots.trend import Changes, changes
from planner.insight.timing.aoristic import aoristic_weights

FEWEST_INCIDENTS = 5
MOST_HOTSPOTS = 20
CATEGORIES_SHOWN = 3


def find_hotspots(
    incidents: pd.DataFrame, periods: pd.DataFrame, estate: Estate, time_zone: str
) -> list[Hotspot]:
    """Find and rank the hotspots of an estate.

    Parameters
    ----------
    incidents
        Those on the estate: ``source``, ``x``, ``y`` (metres), ``occurred_from``, ``occurred_to``
        (UTC), ``time_known``, ``category``, ``street``, ``zone``.
    periods
        ``source``, ``starts_at``, ``ends_at``: what the records cover.
    estate
        Its area is the exposure; its zones name the hotspots.
    time_zone
        The zone whose hours are meant.

    Returns
    -------
    list of Hotspot
        By rank, at most 20, each with at least five incidents in the latest period, whether they
        are more than chance or not; where there are more, those that may be chance are left off
        first.
    """
    located = incidents[np.isfinite(incidents[["x", "y"]].to_numpy(float)).all(axis=1)]
    if located.empty or periods.empty:
        return []
    cluster = clusters_of(located[["x", "y"]].to_numpy(float))
    spans = latest_periods(periods)
    rows = _in_periods(located, spans, periods).assign(cluster=cluster)
    tests = _tests(rows, estate)
    changed = changes(rows, cluster, spans, periods)
    clustered = rows[cluster >= 0]
    counts = clustered.groupby("cluster")[["now", "before", "compared"]].sum()
    shown = _shown(counts[counts["now"] >= FEWEST_INCIDENTS], clustered, tests[0])
    spots = [
        _hotspot(clustered[clustered["cluster"] == number], shown.loc[number], tests, changed)
        for number in shown.index
    ]
    return _completed(spots, rows, shown.index, estate, time_zone)


def _shown(counts: pd.DataFrame, clustered: pd.DataFrame, latest: Tested) -> pd.DataFrame:
    """Choose those to show, the largest first: none that may be chance before one that is not."""
    now = clustered[clustered["now"]]
    rows = now.groupby("cluster")["row"].agg(np.array).reindex(counts.index)
    doubtful = np.array([latest.of(row)[1] >= SIGNIFICANT_Q for row in rows], dtype=bool)
    listed = counts.assign(doubtful=doubtful)
    chosen = listed.sort_values(["doubtful", "now"], ascending=[True, False], kind="stable")
    return chosen.head(MOST_HOTSPOTS).sort_values("now", ascending=False, kind="stable")


def _in_periods(
    located: pd.DataFrame, spans: HotspotPeriods, periods: pd.DataFrame
) -> pd.DataFrame:
    """Mark what lies in which period: ``now``, ``earlier``, ``compared``, ``before``."""
    moment = located["occurred_to"]
    covered = covered_by_source(periods, spans.before_starts_at, spans.starts_at, spans.ends_at)
    scales = {source: latest / earlier for source, (earlier, latest) in covered.items()}
    scale = located["source"].map(scales).astype(float)
    now = (moment > spans.starts_at) & (moment <= spans.ends_at)
    before = (moment > spans.before_starts_at) & (moment <= spans.starts_at)
    earlier = (moment > spans.earliest_starts_at) & (moment <= spans.starts_at)
    return located.assign(
        row=np.arange(len(located)),
        now=now,
        earlier=earlier,
        compared=now & scale.notna(),
        before=before * scale.fillna(0.0),
    )


def _tests(rows: pd.DataFrame, estate: Estate) -> tuple[Tested, Tested]:
    """Test the latest period and the earlier ones, each incident's square and place."""
    squares = squares_over(estate.area)
    points = rows[["x", "y"]].to_numpy(float)
    latest = chances_by_place(points, squares, rows["now"].to_numpy(bool))
    return latest, chances_by_place(points, squares, rows["earlier"].to_numpy(bool))


def _hotspot(
    group: pd.DataFrame, counts: pd.Series, tests: tuple[Tested, Tested], changed: Changes
) -> Hotspot:
    """Say how many a hotspot holds, and whether that is more than chance; the rest comes later."""
    latest, earlier = tests
    p, q = latest.of(group["row"].to_numpy()[group["now"]])
    was = group["row"].to_numpy()[group["earlier"]]
    gathered = bool(len(was)) and earlier.of(was)[1] < SIGNIFICANT_Q
    number, compared = int(group["cluster"].iloc[0]), int(counts["compared"])
    categories = group.loc[group["now"] & (group["category"] != ""), "category"]
    most = categories.value_counts(sort=False).sort_index().sort_values(
        ascending=False, kind="stable"
    )  # fmt: skip
    return Hotspot(
        rank=0,
        name="",
        geometry=outline(group[["x", "y"]].to_numpy(float)),
        count=int(counts["now"]),
        expected=0.0,
        p=p,
        q=q,
        before=float(counts["before"]) if compared or counts["before"] else None,
        compared=compared,
        trend=changed.trend(number, q < SIGNIFICANT_Q, gathered),
        trend_q=changed.trend_q(number),
        categories=tuple(
            Category(str(name), int(count)) for name, count in most.head(CATEGORIES_SHOWN).items()
        ),
        peak_hours="",
    )


def _completed(
    spots: list[Hotspot], rows: pd.DataFrame, clusters: pd.Index, estate: Estate, time_zone: str
) -> list[Hotspot]:
    """Give ranks, names, peak hours, and what the hotspots' share of the area would hold."""
    zone_names = dict(zip(estate.zones["zone"], estate.zones["name"], strict=True))
    groups = [rows[rows["cluster"] == number] for number in clusters]
    names = numbered([place_name(group, zone_names) for group in groups])
    on_area = shapely.area(
        shapely.intersection(np.array([s.geometry for s in spots], dtype=object), estate.area)
    )
    total, area = int(rows["now"].sum()), shapely.area(estate.area)
    expected = total * np.minimum(on_area / area, 1.0) if area > 0 else np.zeros(len(spots))
    return [
        replace(
            spot,
            rank=rank,
            name=name,
            expected=float(mean),
            peak_hours=peak_hours(aoristic_weights(group[group["now"]], time_zone)),
        )
        for rank, (spot, name, mean, group) in enumerate(
            zip(spots, names, expected, groups, strict=True), start=1
        )
    ]
