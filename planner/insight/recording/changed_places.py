"""Which places changed their reporting: every place is tested, as a whole and by category.

Significance is by the false discovery rate over places (Yoav Benjamini and Yosef Hochberg,
"Controlling the false discovery rate", Journal of the Royal Statistical Society B 57, 1995).
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from planner.insight.recording import changes
from planner.insight.recording.place_keys import NO_PLACE

SIGNIFICANT = 0.05
# Smaller changes move no patrol.
LEAST_RATIO, LEAST_EXTRA = 2.0, 10.0
# What the ratio must surely be: the limit of its interval nearer to 1.
SURELY = 1.5
PASSES = 2
# A building is a place of its own only where no one point has most of its incidents.
SCATTERED = 0.8


def changed_places(dated: pd.DataFrame, bins: int) -> pd.DataFrame:
    """Find the changes that are sure, and large enough to matter.

    Parameters
    ----------
    dated
        Incidents within the covered time: ``source``, ``category``, ``point``, ``house`` (keys),
        ``bin`` (month or week).
    bins
        How many months or weeks there are.

    Returns
    -------
    pandas.DataFrame
        At most one row a place: ``place``, ``category`` (``""`` for all), ``q``, and the columns
        of :func:`planner.insight.recording.changes.scan`.
    """
    tests = _tests(dated, bins)
    usual = np.ones(len(dated), dtype=bool)
    # One place that changed much bends the trend of all: they are looked for again without it.
    for _ in range(PASSES):
        scans = [test.scan(usual) for test in tests]
        table = _one_a_place(pd.concat(scans, ignore_index=True))
        changed = table.loc[table["q"] < SIGNIFICANT, "place"]
        if changed.empty:
            break
        usual = ~(dated["point"].isin(changed) | dated["house"].isin(changed)).to_numpy(bool)
    return _that_matter(table)


def _one_a_place(table: pd.DataFrame) -> pd.DataFrame:
    """Keep each place's surest change, with ``q``: the false discovery rate over places.

    A place is tested as a whole and by category; its p is the least, times how many tests it had.
    Else one place that changed, found by several tests, would lower the bar for all others.
    """
    tests = table.groupby("place")["p"].transform("size")
    kept = table.sort_values("p", kind="stable").drop_duplicates("place")
    if kept.empty:
        return kept.assign(q=1.0)
    p = np.minimum(1.0, kept["p"] * tests[kept.index])
    return kept.assign(q=stats.false_discovery_control(p.to_numpy(float)))


@dataclass(frozen=True)
class _Test:
    """Records grouped by place, or by place and category, and the names of the groups."""

    records: changes.Records
    places: np.ndarray
    categories: np.ndarray

    def scan(self, usual: np.ndarray) -> pd.DataFrame:
        """Scan each group against what is usual; ``place``, ``category`` and the scan's columns."""
        table = changes.scan(replace(self.records, usual=usual))
        rows = table.index.to_numpy(int)
        return table.assign(place=self.places[rows], category=self.categories[rows])


def _tests(dated: pd.DataFrame, bins: int) -> list[_Test]:
    """Return what is tested: points, scattered buildings, and each with each category."""
    source, _ = pd.factorize(dated["source"])
    category, names = pd.factorize(dated["category"])
    stratum, strata = pd.factorize(source * len(names) + category)
    source_of, bin_of = strata // len(names), dated["bin"].to_numpy(int)
    every = np.ones(len(dated), dtype=bool)
    tests = []
    for column in (dated["point"], _scattered(dated)):
        place, places = pd.factorize(column)
        nowhere = (column == NO_PLACE).to_numpy(bool)
        group, groups = pd.factorize(place * len(names) + category)
        for number, of_place, of_category in (
            (place, places, np.full(len(places), "")),
            (group, places[groups // len(names)], names[groups % len(names)]),
        ):
            records = changes.Records(
                np.where(nowhere, -1, number), stratum, source_of, bin_of, bins, every
            )
            shown = (np.asarray(some, dtype=object) for some in (of_place, of_category))
            tests.append(_Test(records, *shown))
    return tests


def _scattered(dated: pd.DataFrame) -> pd.Series:
    """Keep the keys of buildings of whose incidents no one point has most."""
    inside = dated[dated["house"] != NO_PLACE]
    if inside.empty:
        return dated["house"]
    at_point = inside.groupby(["house", "point"]).size()
    share = at_point.groupby("house").max() / at_point.groupby("house").sum()
    return dated["house"].where(dated["house"].isin(share.index[share < SCATTERED]), NO_PLACE)


def _that_matter(table: pd.DataFrame) -> pd.DataFrame:
    usual = table["before"] / table["expected_before"] * table["expected_since"]
    extra = (table["since"] - usual).abs()
    # A change to nothing moves what was there before.
    missed = (table["before"] - table["expected_before"]).abs()
    ratio = table["ratio"].clip(lower=1e-9)
    sure = np.where(ratio > 1, table["ratio_low"] > SURELY, table["ratio_high"] < 1 / SURELY)
    large = np.maximum(ratio, 1 / ratio) >= LEAST_RATIO
    matters = (table["q"] < SIGNIFICANT) & sure & large
    return table[matters & (np.maximum(extra, missed) >= LEAST_EXTRA)]
