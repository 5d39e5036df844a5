"""Hotspots: where incidents gather, as ranked, named polygons.

Clusters of distinct places by HDBSCAN (Campello, Moulavi and Sander, 2013, "Density-based
clustering based on hierarchical density estimates"), ranked by the incidents that they hold in
the latest period. HDBSCAN takes no weights and splits stacked points, so it sees each place once.
Whether a cluster is more than chance is not yet tested: a rank is an order, no significance.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from sklearn.cluster import HDBSCAN

from planner.insight.exposure import covered_days

FEWEST_PLACES = 4
SAME_PLACE_M = 5.0
FEWEST_INCIDENTS = 5
MOST_HOTSPOTS = 20
WIDEST_ALONE_M = 250.0
MARGIN_M = 18.0
LONGEST_PERIOD_DAYS = 365.0
LEAST_COVERED = 0.25


@dataclass(frozen=True)
class Hotspot:
    """A place where incidents gather.

    Attributes
    ----------
    rank
        1 holds the most incidents.
    name
        The street and the zone that most of its incidents have.
    geometry
        Polygon in metres.
    count
        Incidents in the latest period.
    before
        Incidents in the period before it, scaled to the same covered time; None where the
        records hardly cover that period.
    compared
        The part of ``count`` that ``before`` can be compared with: from sources (police, control
        room) that cover both periods.
    top_category
        The most frequent category of the latest period.
    """

    rank: int
    name: str
    geometry: shapely.Geometry
    count: int
    before: float | None
    compared: int
    top_category: str

    @property
    def change(self) -> float | None:
        """Relative change on the period before; None where it can't be told."""
        return self.compared / self.before - 1 if self.before else None


@dataclass(frozen=True)
class HotspotPeriods:
    """The latest period and the one of equal length before it; moments in UTC."""

    before_starts_at: pd.Timestamp
    starts_at: pd.Timestamp
    ends_at: pd.Timestamp


def latest_periods(periods: pd.DataFrame) -> HotspotPeriods:
    """Take the last year of the records, or their later half where they are shorter than two."""
    ends_at, first = periods["ends_at"].max(), periods["starts_at"].min()
    length = min((ends_at - first) / 2, pd.Timedelta(days=LONGEST_PERIOD_DAYS))
    return HotspotPeriods(ends_at - 2 * length, ends_at - length, ends_at)


def find_hotspots(
    incidents: pd.DataFrame, periods: pd.DataFrame, zone_names: dict[str, str]
) -> list[Hotspot]:
    """Find and rank the hotspots of an estate.

    Parameters
    ----------
    incidents
        Those on the estate: ``source``, ``x``, ``y`` (metres), ``occurred_to``, ``category``,
        ``street``, ``zone``.
    periods
        ``source``, ``starts_at``, ``ends_at``: what the records cover.
    zone_names
        Name by zone identifier.

    Returns
    -------
    list of Hotspot
        By rank, at most 20, each with at least five incidents in the latest period.
    """
    if incidents.empty or periods.empty:
        return []
    cluster = _clusters(incidents[["x", "y"]].to_numpy(float))
    spans = latest_periods(periods)
    moment = incidents["occurred_to"]
    scale = incidents["source"].map(_scales(spans, periods)).astype(float)
    now = (moment > spans.starts_at) & (moment <= spans.ends_at)
    earlier = (moment > spans.before_starts_at) & (moment <= spans.starts_at)
    rows = incidents.assign(
        cluster=cluster, now=now, compared=now & scale.notna(), before=earlier * scale.fillna(0.0)
    )[cluster >= 0]
    counts = rows.groupby("cluster")[["now", "before", "compared"]].sum()
    counts = counts[counts["now"] >= FEWEST_INCIDENTS].sort_values(
        "now", ascending=False, kind="stable"
    )
    return _numbered(
        [
            _hotspot(rows[rows["cluster"] == number], counts.loc[number], zone_names)
            for number in counts.head(MOST_HOTSPOTS).index
        ]
    )


def _clusters(points: np.ndarray) -> np.ndarray:
    """Return the cluster of each incident, -1 where it belongs to none."""
    places, place = np.unique(np.round(points / SAME_PLACE_M), axis=0, return_inverse=True)
    if len(places) < FEWEST_PLACES:
        return np.full(len(points), -1)
    model = HDBSCAN(
        min_cluster_size=FEWEST_PLACES, min_samples=2, cluster_selection_method="leaf", copy=True
    )
    labels: np.ndarray = model.fit_predict(places * SAME_PLACE_M)
    if (labels < 0).all() and np.ptp(places, axis=0).max() * SAME_PLACE_M <= WIDEST_ALONE_M:
        # Leaves are parts of something larger; a gathering with nothing around it has none.
        model.set_params(cluster_selection_method="eom", allow_single_cluster=True)
        labels = model.fit_predict(places * SAME_PLACE_M)
    return labels[place]


def _scales(spans: HotspotPeriods, periods: pd.DataFrame) -> dict[str, float]:
    """Return covered time now over covered time before, of each source that covers both."""
    scales = {}
    for source, covered in periods.groupby("source"):
        earlier = covered_days(covered, spans.before_starts_at, spans.starts_at)
        latest = covered_days(covered, spans.starts_at, spans.ends_at)
        if min(earlier, latest) > LEAST_COVERED * max(earlier, latest):
            scales[str(source)] = latest / earlier
    return scales


def _hotspot(group: pd.DataFrame, counts: pd.Series, zone_names: dict[str, str]) -> Hotspot:
    compared = int(counts["compared"])
    return Hotspot(
        rank=0,
        name=_name(group, zone_names),
        geometry=_outline(group[["x", "y"]].to_numpy(float)),
        count=int(counts["now"]),
        before=float(counts["before"]) if compared or counts["before"] else None,
        compared=compared,
        top_category=_most_frequent(group.loc[group["now"], "category"]),
    )


def _outline(points: np.ndarray) -> shapely.Geometry:
    hull = shapely.concave_hull(shapely.multipoints(points), ratio=0.6)
    return shapely.simplify(shapely.buffer(hull, MARGIN_M), 1.0)


def _name(group: pd.DataFrame, zone_names: dict[str, str]) -> str:
    street = _most_frequent(group["street"])
    zone = zone_names.get(_most_frequent(group["zone"]), "")
    return ", ".join(part for part in (street, zone) if part) or "Unnamed place"


def _most_frequent(values: pd.Series) -> str:
    counts = values[values != ""].value_counts(sort=False).sort_index()
    return str(counts.idxmax()) if len(counts) else ""


def _numbered(spots: list[Hotspot]) -> list[Hotspot]:
    """Give ranks, and number the names that occur twice."""
    names = pd.Series([spot.name for spot in spots], dtype=object)
    order = names.groupby(names).cumcount()
    return [
        replace(spot, rank=rank, name=f"{spot.name} ({again + 1})" if again else spot.name)
        for rank, (spot, again) in enumerate(zip(spots, order, strict=True), start=1)
    ]
