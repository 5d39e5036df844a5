"""Emerging, persistent, receding: the latest period against all earlier ones of its length.

How a hotspot's incidents fall before and after the latest period began is compared with how the
*covered time* does, source by source, by an exact conditional test
(:func:`planner.insight.hotspots.chance.split_p`). The false discovery rate is taken over all
clusters that have anything to compare, also those too small to be shown: choosing the largest of
today first would make risk that never changed look as if it emerged.

What it can't tell: the estate's own rise and fall is in it (all hotspots emerge where recording
does), and where the records are shorter than two years the seasons are.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.insight.hotspots.chance import discovery_rates, split_p
from planner.insight.hotspots.periods import HotspotPeriods, covered_by_source
from planner.insight.hotspots.result import SIGNIFICANT_Q, Trend


@dataclass(frozen=True)
class Changes:
    """How the clusters changed.

    Attributes
    ----------
    p, q
        Two-sided, shape (k,); NaN nowhere, 1 where there is nothing to compare.
    rose
        Whether there are more than the covered time lets expect, shape (k,).
    compared
        Whether there is anything to compare, shape (k,).
    """

    p: np.ndarray
    q: np.ndarray
    rose: np.ndarray
    compared: np.ndarray

    def trend(self, cluster: int, gathers: bool, gathered: bool) -> Trend:
        """Name the trend of a cluster.

        Parameters
        ----------
        cluster
            Its row.
        gathers, gathered
            Whether it is more than chance in the latest period, and whether it was before.
        """
        if self.compared[cluster] and self.q[cluster] < SIGNIFICANT_Q:
            return "emerging" if self.rose[cluster] else "receding"
        return "persistent" if gathers and gathered else "no change shown"

    def trend_q(self, cluster: int) -> float | None:
        """Return the q-value of a cluster's change, None where nothing can be compared."""
        return float(self.q[cluster]) if self.compared[cluster] else None


def changes(
    incidents: pd.DataFrame, cluster: np.ndarray, spans: HotspotPeriods, periods: pd.DataFrame
) -> Changes:
    """Compare the latest period with the earlier ones, cluster by cluster.

    Parameters
    ----------
    incidents
        ``source``, ``occurred_to``.
    cluster
        Cluster of each incident, 0 to k - 1, or -1 for none, shape (n,).
    spans
        The periods to compare.
    periods
        ``source``, ``starts_at``, ``ends_at`` in UTC: what the records cover.
    """
    number = int(cluster.max(initial=-1)) + 1
    covered = covered_by_source(periods, spans.earliest_starts_at, spans.starts_at, spans.ends_at)
    if not covered or not number:
        return Changes(np.ones(number), np.ones(number), *np.zeros((2, number), dtype=bool))
    sources = list(covered)
    days = np.array([covered[source] for source in sources])
    moment = incidents["occurred_to"]
    within = (moment > spans.earliest_starts_at) & (moment <= spans.ends_at)
    used = (within & incidents["source"].isin(sources)).to_numpy() & (cluster >= 0)
    source = pd.Index(sources).get_indexer(incidents.loc[used, "source"])
    cell = cluster[used] * len(sources) + source
    size = number * len(sources)
    totals = np.bincount(cell, minlength=size).reshape(number, -1)
    now = np.bincount(cluster[used][(moment[used] > spans.starts_at)], minlength=number)
    shares = days[:, 1] / days.sum(axis=1)
    compared = totals.sum(axis=1) > 0
    p, q = np.ones(number), np.ones(number)
    p[compared] = split_p(now[compared], totals[compared], shares)
    q[compared] = discovery_rates(p[compared])
    return Changes(p, q, now > totals @ shares, compared)
