"""Changes in a place's reporting: from which month on it reports more, or less, than it did.

For each place the split of its records into *before* and *since* is sought at which its share of
the estate's records differs most, by the likelihood ratio and conditional on the totals, so that a
general rise is no change of the place. The estate's trend is taken by source and category, from
all other places: a category that is recorded only since a year, or a source that begins later, is
no change of the place either.

The p-value is the exact chance of so large a ratio at any split where nothing changed, by
recursion over the months (Keith Worsley, "The power of likelihood ratio and cumulative sum tests
for a change in a binomial probability", Biometrika 70, 1983). Records that come in bursts make
counts vary more than chance alone, and a trend known from few records is unsure: counts and ratio
are divided by both excesses first (Peter McCullagh and John Nelder, "Generalized Linear Models",
1989, section 4.5).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special, stats

FEWEST = 20
# What lasts for less is an event, and no change in how a place reports.
SHORTEST = 6
# The general trend of a source weighs as much as this many records of one category elsewhere.
TREND_WEIGHT = 10.0
# Exactness is taken where one split alone would be this unlikely; below the last, 1 - 1 is 0.
WORTH_EXACTNESS = 0.003
LEAST_CHANCE = 1e-12
# As many numbers as are held at once.
AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Records:
    """Records by what the scan needs of them, an entry each, shape (n,).

    Attributes
    ----------
    group
        Number of the place (or place and category) from 0; -1 for none that is tested.
    stratum
        Number of the source and category.
    source
        Number of the source of each stratum, shape (s,).
    bin
        Number of the month or week.
    bins
        How many there are.
    usual
        Whether it is part of the trend that places are held against.
    """

    group: np.ndarray
    stratum: np.ndarray
    source: np.ndarray
    bin: np.ndarray
    bins: int
    usual: np.ndarray


def scan(records: Records) -> pd.DataFrame:
    """Find the best split of each group, and how surely it is one.

    Parameters
    ----------
    records
        All records of the estate, also those of groups that are too small.

    Returns
    -------
    pandas.DataFrame
        Indexed by group, those with at least 20 records: ``split`` (first bin of *since*),
        ``before``, ``since`` (records), ``expected_before``, ``expected_since`` (what the
        estate's trend would have of them), ``excess`` (variance over Poisson, at least 1),
        ``ratio``, ``ratio_low``, ``ratio_high`` (95 %), ``p``.
    """
    tested = np.flatnonzero(np.bincount(records.group[records.group >= 0]) >= FEWEST)
    at_once = max(1, AT_ONCE // max(records.bins, 1) // 8)
    totals = _totals(records)
    parts = [
        _scan_some(records, tested[start : start + at_once], totals)
        for start in range(0, len(tested), at_once)
    ]
    return pd.concat(parts) if parts else _result(*(np.zeros(0) for _ in range(10)))


def _totals(records: Records) -> tuple[np.ndarray, np.ndarray]:
    """Return records by stratum and bin, and by source and bin."""
    strata = len(records.source)
    usual = records.usual
    by_stratum = _counted(records.stratum[usual], records.bin[usual], strata, records.bins)
    by_source = np.zeros((int(records.source.max(initial=-1)) + 1, records.bins))
    np.add.at(by_source, records.source, by_stratum)
    return by_stratum, by_source


def _counted(row: np.ndarray, column: np.ndarray, rows: int, columns: int) -> np.ndarray:
    flat = np.bincount(row * columns + column, minlength=rows * columns)
    counts: np.ndarray = flat.reshape(rows, columns).astype(float)
    return counts


def _scan_some(
    records: Records, groups: np.ndarray, totals: tuple[np.ndarray, np.ndarray]
) -> pd.DataFrame:
    observed, expected, others = _against_trend(records, groups, totals)
    known = (others > 0) & (observed.sum(axis=1) >= FEWEST)
    groups, observed, expected = groups[known], observed[known], expected[known]
    others = others[known]
    split, splits, gain = _best_split(observed, expected)
    rows = np.arange(len(groups))
    before = observed.cumsum(axis=1)[rows, split - 1]
    expected_before = expected.cumsum(axis=1)[rows, split - 1]
    total = observed.sum(axis=1)
    since, expected_since = total - before, expected.sum(axis=1) - expected_before
    excess = _excess(observed, expected, split)
    less = excess * (1 + total / others)
    p = _chances(gain / less, np.rint(total / less).astype(int), expected, splits)
    ratio = _ratio(before / less, since / less, expected_before, expected_since)
    return _result(groups, split, before, since, expected_before, expected_since, excess, *ratio, p)


def _result(groups: np.ndarray, *columns: np.ndarray) -> pd.DataFrame:
    names = [
        "split", "before", "since", "expected_before", "expected_since", "excess", "ratio",
        "ratio_low", "ratio_high", "p",
    ]  # fmt: skip
    columns = columns if len(columns) == len(names) else (*columns, np.zeros(0))
    table = pd.DataFrame(dict(zip(names, columns, strict=True)), index=groups.astype(int))
    return table.astype({"split": int, "before": int, "since": int})


def _against_trend(
    records: Records, groups: np.ndarray, totals: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what each group has by bin, what the trend elsewhere would have, and how sure it is.

    The last counts as so many records of all other places.
    """
    place_of = np.full(int(records.group.max(initial=-1)) + 2, -1)
    place_of[groups] = np.arange(len(groups))
    place = place_of[records.group]
    inside = place >= 0
    strata = len(records.source)
    pairs, pair = np.unique(
        place[inside].astype(np.int64) * strata + records.stratum[inside], return_inverse=True
    )
    own = _counted(pair, records.bin[inside], len(pairs), records.bins)
    usual = records.usual[inside]
    told = _counted(pair[usual], records.bin[inside][usual], len(pairs), records.bins)
    group, stratum = pairs // strata, pairs % strata
    source = records.source[stratum]
    _, mine = np.unique(group * (source.max(initial=0) + 1) + source, return_inverse=True)
    own_of_source = np.zeros((int(mine.max(initial=-1)) + 1, records.bins))
    np.add.at(own_of_source, mine, told)
    elsewhere = totals[0][stratum] - told
    general = totals[1][source] - own_of_source[mine]
    in_general = general.sum(axis=1)
    prior = np.minimum(TREND_WEIGHT, in_general)
    weight = elsewhere.sum(axis=1) + prior
    mixed = elsewhere + general * (prior / np.maximum(in_general, 1.0))[:, None]
    count = np.where(weight > 0, own.sum(axis=1), 0.0)
    trend = mixed / np.maximum(weight, 1e-12)[:, None] * count[:, None]
    observed, expected = np.zeros((2, len(groups), records.bins))
    np.add.at(observed, group, own * (weight > 0)[:, None])
    np.add.at(expected, group, trend)
    doubt = np.zeros(len(groups))
    np.add.at(doubt, group, count**2 / np.maximum(weight, 1e-12))
    others = np.where(doubt > 0, observed.sum(axis=1) ** 2 / np.maximum(doubt, 1e-12), 0.0)
    return observed, expected, others


def _best_split(
    observed: np.ndarray, expected: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the first bin after the best split of each row, among how many, and its ratio (log).

    Where there is no split the ratio is 0.
    """
    rows, bins = observed.shape
    if bins < 2 * SHORTEST:
        return np.ones(rows, dtype=int), np.zeros(rows, dtype=int), np.zeros(rows)
    total = observed.sum(axis=1)[:, None]
    before, share = observed.cumsum(axis=1)[:, :-1], _shares(expected)
    fits = _splits(share)
    gain = np.where(fits, _gain(before, total, share), 0.0)
    best = gain.argmax(axis=1)
    return best + 1, fits.sum(axis=1), gain[np.arange(rows), best]


def _shares(expected: np.ndarray) -> np.ndarray:
    """Return which share of the trend lies before each split, shape (g, b - 1)."""
    reached = expected.cumsum(axis=1)
    shares: np.ndarray = reached[:, :-1] / np.maximum(reached[:, -1:], 1e-12)
    return shares


def _splits(share: np.ndarray) -> np.ndarray:
    """Mark the splits with some time, and something expected, on both of their sides."""
    there = np.arange(1, share.shape[1] + 1)
    long = (there >= SHORTEST) & (there <= share.shape[1] + 1 - SHORTEST)
    fits: np.ndarray = long & (share > 1e-9) & (share < 1 - 1e-9)
    return fits


def _gain(before: np.ndarray, total: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return the log likelihood ratio of binomial splits against the trend's share."""
    share = np.clip(share, 1e-12, 1 - 1e-12)
    since = total - before
    gain: np.ndarray = special.xlogy(before, before / np.maximum(total * share, 1e-300))
    gain = gain + special.xlogy(since, since / np.maximum(total * (1 - share), 1e-300))
    return gain


def _chances(
    gain: np.ndarray, total: np.ndarray, expected: np.ndarray, splits: np.ndarray
) -> np.ndarray:
    """Return how likely so large a ratio is where nothing changed, shape (g,).

    Those that are nowhere near significant are given the sum over splits, which is too large.
    """
    p = np.minimum(1.0, splits * stats.chi2.sf(2 * gain, 1))
    p = np.where((splits > 0) & (total > 0), p, 1.0)
    near = stats.chi2.sf(2 * gain, 1) < WORTH_EXACTNESS
    for row in np.flatnonzero(near & (splits > 0) & (total > 0)):
        p[row] = _chance(float(gain[row]), int(total[row]), expected[row])
    return p


def _chance(gain: float, total: int, expected: np.ndarray) -> float:
    """Return the exact chance that the ratio of some split is at least this large.

    The months' counts are Poisson's, given their total: paths that reach the ratio are dropped on
    the way, and what is left arrives.
    """
    share = _shares(expected[None, :])[0]
    mean = total * expected / expected.sum()
    number = np.arange(total + 1)
    longest = min(int(mean.max() + 12 * np.sqrt(mean.max()) + 25), total)
    steps = stats.poisson.pmf(np.arange(longest + 1)[None, :], mean[:, None])
    stays = _gain(number[None, :], np.array(float(total)), share[:, None]) < gain - 1e-9
    stays |= ~_splits(share[None, :])[0][:, None]
    arrived = np.zeros(total + 1)
    arrived[0] = 1.0
    for month, step in enumerate(steps):
        arrived = np.convolve(arrived, step)[: total + 1]
        if month < len(stays):
            arrived = np.where(stays[month], arrived, 0.0)
    return float(np.clip(1 - arrived[-1] / stats.poisson.pmf(total, total), LEAST_CHANCE, 1.0))


def _excess(observed: np.ndarray, expected: np.ndarray, split: np.ndarray) -> np.ndarray:
    """Return how much more counts vary than by chance alone; at least 1.

    The larger of two: around the levels before and since, and from each month to the next (John
    von Neumann and others, "The mean square successive difference", Annals of Mathematical
    Statistics 12, 1941), which a burst at an end does not pass for a level of its own.
    """
    bins = observed.shape[1]
    later = np.arange(bins) >= split[:, None]
    fitted = np.zeros_like(expected)
    for part in (later, ~later):
        have, usual = (observed * part).sum(axis=1), (expected * part).sum(axis=1)
        fitted += expected * part * (have / np.maximum(usual, 1e-12))[:, None]
    around = ((observed - fitted) ** 2).sum(axis=1)
    steps = (np.diff(observed - expected, axis=1) ** 2).sum(axis=1) / 2
    spread = np.maximum(around, steps) / np.maximum(observed.sum(axis=1), 1e-12)
    excess: np.ndarray = np.maximum(1.0, spread * bins / max(bins - 2, 1))
    return excess


def _ratio(
    before: np.ndarray, since: np.ndarray, usual_before: np.ndarray, usual_since: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the rate since over the rate before, beside the estate's, with its 95 % interval."""
    scale = usual_before / np.maximum(usual_since, 1e-12)
    share_high = stats.beta.ppf(0.975, before + 1, np.maximum(since, 1e-9))
    share_low = stats.beta.ppf(0.025, np.maximum(before, 1e-9), since + 1)
    low = (1 - share_high) / np.maximum(share_high, 1e-9) * scale
    high = (1 - share_low) / np.maximum(share_low, 1e-9) * scale
    return (since + 0.5) / (before + 0.5) * scale, low, high
