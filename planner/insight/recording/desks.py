"""Desks and default addresses: places that stand for where a thing was told, not where it was.

A place is held against all other places of the estate by one sign at a time: what share of its
incidents is property handed in or mere information, has no known time, or was reported in office
hours; how many different written places stand on its one point; how much of the whole estate's
records it has, with a mix of categories unlike its surroundings'. Shares by the exact binomial
tail against everybody else's share, with the false discovery rate over places (Yoav Benjamini and
Yosef Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical Society B
57, 1995) and a least size, since on many records the smallest difference is significant. Mixes by
the chi-square test of homogeneity and the Jensen-Shannon divergence (Jianhua Lin, "Divergence
measures based on the Shannon entropy", IEEE Transactions on Information Theory 37, 1991).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy import stats
from scipy.spatial import cKDTree

from planner.estate.naming.written import normalised

FEWEST = 20
SIGNIFICANT = 0.05
# Least lower limit (95 %) of a share, and how often it must be everybody else's.
LEAST_SHARE, LEAST_TIMES = 0.4, 1.5
LEAST_OFFICE_SHARE = 0.75
OFFICE_HOURS = (9, 17)
LEAST_WRITTEN, LEAST_WRITTEN_SHARE = 10, 0.25
LARGE_SHARE, LARGE_TIMES = 0.03, 5.0
# Bits of divergence from 0 (the same mix) to 1 (nothing in common).
LEAST_DIVERGENCE = 0.15
NEIGHBOURS_M, FEWEST_NEIGHBOURS = 300.0, 100
AT_POST_M = 15.0
POST_SHARE = 0.01
_HANDED_IN = (
    r"(?:(?:found|lost|handed[ -]in) (?:and (?:found|lost) )?(?:property|item|article)s?"
    r"|(?:property|item)s? (?:found|lost|handed[ -]in)"
    r"|(?:general |for )?information(?: only| report)?"
    r"|(?:general )?[ei]nquir(?:y|ies)|advice(?: given)?)"
)
HANDED_IN = rf"^\s*{_HANDED_IN}(?:\s*/\s*{_HANDED_IN})*\s*$"
_DESK_NAMES = (
    r"\b(?:control room|front desk|reception|headquarters|hq|police station|lost property"
    r"|security (?:office|services|lodge)|porters'? lodge)\b"
)
DESK, DEFAULT, LARGE = "desk", "default address", "large share"


@dataclass(frozen=True)
class Sign:
    """One reason to think that a place is a desk or a default address.

    Attributes
    ----------
    place
        Its key.
    kind
        What it would be: ``DESK``, ``DEFAULT`` or ``LARGE``; ``""`` for what only supports others.
    words
        The evidence in words, for a sentence.
    weight
        What its incidents should count, were this the only sign.
    """

    place: str
    kind: str
    words: str
    weight: float = 0.0


@dataclass(frozen=True)
class Post:
    """A post of the service itself: its name and its shape, in metres."""

    name: str
    shape: shapely.Geometry


def desk_signs(
    incidents: pd.DataFrame, points: pd.Series, time_zone: str, posts: tuple[Post, ...] = ()
) -> list[Sign]:
    """List the signs of desks and default addresses, place by place.

    Parameters
    ----------
    incidents
        Those of the estate that are no police snap points: ``category``, ``written_category``,
        ``time_known``, ``reported_at``, ``place``, ``x``, ``y``.
    points
        The key of each incident's point, same index.
    time_zone
        The estate's: office hours are local.
    posts
        The service's own.
    """
    sizes = points[points != ""].value_counts(sort=False)
    large = sizes[sizes >= FEWEST].sort_index()
    if large.empty:
        return []
    rows = incidents.assign(point=points)
    signs = [
        *_handed_in(rows, large),
        *_without_time(rows, large),
        *_large_and_unlike(rows, large),
        *_many_addresses(rows, large),
        *_own_posts(rows, large, posts),
        *_called_so(rows, large),
    ]
    told = {sign.place for sign in signs if sign.kind}
    return signs + [sign for sign in _office(rows, large, time_zone) if sign.place in told]


def _handed_in(rows: pd.DataFrame, sizes: pd.Series) -> list[Sign]:
    marked = rows["written_category"].str.contains(HANDED_IN, case=False, regex=True)
    return _by_share(rows, sizes, marked, DESK, "{} are property handed in or lost, or information")


def _without_time(rows: pd.DataFrame, sizes: pd.Series) -> list[Sign]:
    return _by_share(rows, sizes, rows["time_known"] == "unknown", DESK, "{} have no known time")


def _by_share(
    rows: pd.DataFrame,
    sizes: pd.Series,
    marked: pd.Series,
    kind: str,
    words: str,
    least: float = LEAST_SHARE,
) -> list[Sign]:
    """Find places of whose incidents an unusual share is marked."""
    have = marked.groupby(rows["point"]).sum().reindex(sizes.index).to_numpy(float)
    count = sizes.to_numpy(float)
    others = len(rows) - count
    usual = np.where(others > 0, (marked.sum() - have) / np.maximum(others, 1.0), 1.0)
    q = stats.false_discovery_control(stats.binom.sf(have - 1, count, usual))
    surely = stats.beta.ppf(0.025, np.maximum(have, 1e-9), count - have + 1)
    found = (q < SIGNIFICANT) & (surely >= np.maximum(least, LEAST_TIMES * usual))
    return [
        Sign(
            str(sizes.index[row]),
            kind,
            f"{words.format(f'{have[row] / count[row]:.0%} of its {count[row]:,.0f} incidents')} "
            f"({usual[row]:.0%} elsewhere)",
        )
        for row in np.flatnonzero(found)
    ]


def _office(rows: pd.DataFrame, sizes: pd.Series, time_zone: str) -> list[Sign]:
    local = rows["reported_at"].dt.tz_convert(time_zone)
    told = local.notna()
    begins, ends = OFFICE_HOURS
    marked = (local.dt.day_of_week < 5) & (local.dt.hour >= begins) & (local.dt.hour < ends)
    known = rows[told]
    some = known["point"].value_counts(sort=False).reindex(sizes.index, fill_value=0)
    some = some[some >= FEWEST]
    if some.empty:
        return []
    words = f"{{}} were reported on weekdays between {begins:02d}:00 and {ends:02d}:00"
    return _by_share(known, some, marked[told], "", words, LEAST_OFFICE_SHARE)


def _many_addresses(rows: pd.DataFrame, sizes: pd.Series) -> list[Sign]:
    """Find points that stand for many written addresses: what a geocoder gives when it must."""
    there = rows[rows["point"].isin(sizes.index) & (rows["place"] != "")]
    # What follows an address, in brackets or after a comma, is a part of the same place.
    address = normalised(there["place"]).str.split(", ").str[0]
    many = address.groupby(there["point"]).nunique().reindex(sizes.index, fill_value=0)
    found = (many >= LEAST_WRITTEN) & (many >= LEAST_WRITTEN_SHARE * sizes)
    return [
        Sign(
            str(key),
            DEFAULT,
            f"its {sizes[key]:,} incidents have {many[key]:,} different written addresses, all at "
            "this one point",
        )
        for key in sizes.index[found]
    ]


def _own_posts(rows: pd.DataFrame, sizes: pd.Series, posts: tuple[Post, ...]) -> list[Sign]:
    large = sizes[sizes >= POST_SHARE * len(rows)]
    if large.empty or not posts:
        return []
    dots = shapely.points(_middles(rows, large))
    shapes = np.array([post.shape for post in posts], dtype=object)
    row, post = shapely.STRtree(shapes).query_nearest(
        dots, max_distance=AT_POST_M, all_matches=False
    )
    return [
        Sign(str(large.index[i]), DESK, f"it is the service's own post '{posts[j].name}'")
        for i, j in zip(row, post, strict=True)
    ]


def _called_so(rows: pd.DataFrame, sizes: pd.Series) -> list[Sign]:
    """Find places that most incidents call a desk."""
    large = sizes[sizes >= POST_SHARE * len(rows)].index
    there = rows[rows["point"].isin(large)]
    called = there["place"].str.contains(_DESK_NAMES, case=False, regex=True)
    share = called.groupby(there["point"]).mean()
    return [
        Sign(str(key), DESK, f"{share[key]:.0%} of its incidents call it a desk, lodge or office")
        for key in share.index[share > 0.5]
    ]


def _middles(rows: pd.DataFrame, sizes: pd.Series) -> np.ndarray:
    """Return the place of each point, metres, shape (p, 2)."""
    first = rows.drop_duplicates("point").set_index("point")
    middles: np.ndarray = first.loc[sizes.index, ["x", "y"]].to_numpy(float)
    return middles


def _large_and_unlike(rows: pd.DataFrame, sizes: pd.Series) -> list[Sign]:
    """Find points with much of all that is recorded, and a mix unlike that around them."""
    usual = float(sizes.median())
    large = sizes[(sizes > LARGE_SHARE * len(rows)) & (sizes > LARGE_TIMES * usual)]
    if large.empty:
        return []
    tree = cKDTree(rows[["x", "y"]].fillna(np.inf).replace(np.inf, 1e12).to_numpy(float))
    signs = []
    for key, middle in zip(large.index, _middles(rows, large), strict=True):
        around = rows.iloc[tree.query_ball_point(middle, NEIGHBOURS_M)]
        around = around[around["point"] != key]
        others = around if len(around) >= FEWEST_NEIGHBOURS else rows[rows["point"] != key]
        own = rows.loc[rows["point"] == key, "category"]
        p, divergence = _unlikeness(own.value_counts(), others["category"].value_counts())
        if p < SIGNIFICANT / len(large) and divergence >= LEAST_DIVERGENCE:
            share = len(own) / len(rows)
            signs.append(
                Sign(
                    str(key),
                    LARGE,
                    f"it has {share:.0%} of all incidents, {len(own) / usual:.0f} times as many as "
                    f"a usual place, and other categories than around it ({divergence:.2f} of 1 "
                    "apart)",
                    round(LARGE_SHARE / share, 2),
                )
            )
    return signs


def _unlikeness(own: Mapping[str, int], others: Mapping[str, int]) -> tuple[float, float]:
    """Return the chi-square p-value of one mix for both, and their divergence in bits."""
    table = pd.DataFrame({"own": own, "others": others}).fillna(0.0)
    # The chi-square approximation needs a few expected of each; the rare ones are taken together.
    total = table.sum(axis=1)
    rare = total * (table["own"].sum() / table.to_numpy().sum()) < 5.0
    counts = np.vstack([table[~rare], table[rare].sum().to_numpy()[None, :]])
    counts = counts[counts.sum(axis=1) > 0]
    if len(counts) < 2 or (counts.sum(axis=0) == 0).any():
        return 1.0, 0.0
    shares = counts / counts.sum(axis=0)
    middle = shares.mean(axis=1)
    bits = [stats.entropy(shares[:, side], middle, base=2) for side in (0, 1)]
    return float(stats.chi2_contingency(counts.T).pvalue), float(np.mean(bits))
