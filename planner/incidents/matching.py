"""The same event told by two sources: pairs of records to put before a person.

Nothing is merged here. A pair is proposed where one record gives the other's reference, or where
both may have happened at the same time and near the same place, and count as the same category.
Police snap points stand for places up to some 200 m around, and police months for any day in them:
such pairs are only proposed by reference, since by time and place nearly everything would match.
"""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from planner.incidents.model import CONTROL_ROOM

NEAR_M = 60.0
SLACK = pd.Timedelta(hours=1)
LONGEST = pd.Timedelta(days=2)
# Two intervals of that length which just meet have their middles so far apart.
REACH = LONGEST + SLACK
BY_REFERENCE = 0.95
MOST_BY_PLACE = 0.8
# Where thousands happened at one place and time, each record is compared with the nearest only.
NEIGHBOURS = 8
# What more records of one source give or have, such as 'n/a', is no reference.
MOST_OF_ONE_REFERENCE = 5
RECORD = ["source", "key"]
COLUMNS = [*RECORD, "other_source", "other_key", "score", "because"]


def proposed_matches(incidents: pd.DataFrame) -> pd.DataFrame:
    """Propose pairs of records that may tell the same event.

    Parameters
    ----------
    incidents
        ``source``, ``key``, ``reference``, ``police_reference``, ``category`` (as counted),
        ``occurred_from``, ``occurred_to``, ``time_known``, ``anonymised``, ``x``, ``y``.

    Returns
    -------
    pandas.DataFrame
        ``source``, ``key`` (the record that would count: the one that gives the reference, the
        control room's, or else that of the first source by name), ``other_source``,
        ``other_key``, ``score`` (0 to 1, a rank and no probability), ``because`` (in words); best
        first, each pair once, a record by place and time with at most 8 of another source.
    """
    table = incidents.reset_index(drop=True)
    pairs = [_by_reference(table), _by_place_and_time(table)]
    found = pd.concat([part for part in pairs if len(part)] or pairs[:1], ignore_index=True)
    best = found.sort_values("score", ascending=False, kind="stable")
    return best[~_in_order(best).duplicated()].reset_index(drop=True)


def _in_order(pairs: pd.DataFrame) -> pd.DataFrame:
    """Name the two records of each pair in the order of their sources."""
    turned = pairs["source"] > pairs["other_source"]
    one, other = pairs[RECORD], pairs[["other_source", "other_key"]]
    first = one.mask(turned, other.set_axis(one.columns, axis=1))
    return first.join(other.mask(turned, one.set_axis(other.columns, axis=1)))


def _pairs(
    first: pd.DataFrame, second: pd.DataFrame, score: object, because: object
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source": first["source"].to_numpy(),
            "key": first["key"].to_numpy(),
            "other_source": second["source"].to_numpy(),
            "other_key": second["key"].to_numpy(),
            "score": score,
            "because": because,
        }
    )[COLUMNS]


def _by_reference(incidents: pd.DataFrame) -> pd.DataFrame:
    """Pair a record that gives a police reference with the record that has it."""
    giving, having = _named(incidents, "police_reference"), _named(incidents, "reference")
    both = giving.merge(having, on="named", suffixes=("", "_other"))
    both = both[both["source"] != both["source_other"]]
    return _pairs(
        incidents[RECORD].loc[both["row"]],
        incidents[RECORD].loc[both["row_other"]],
        BY_REFERENCE,
        "the first gives the second's reference",
    )


def _named(incidents: pd.DataFrame, column: str) -> pd.DataFrame:
    """List the references of a column that tell records apart: ``named``, ``source``, ``row``."""
    rows = incidents.loc[incidents[column] != "", [column, "source"]]
    named = pd.DataFrame(
        {"named": rows[column].str.lower(), "source": rows["source"], "row": rows.index}
    )
    alike = named.groupby(["named", "source"])["row"].transform("size")
    return named[alike <= MOST_OF_ONE_REFERENCE]


def _by_place_and_time(incidents: pd.DataFrame) -> pd.DataFrame:
    known = incidents[
        (incidents["time_known"] == "interval")
        & ~incidents["anonymised"].astype(bool)
        & incidents["x"].notna()
        & (incidents["occurred_to"] - incidents["occurred_from"] <= LONGEST)
    ]
    points = _points(known)
    sources = sorted(known["source"].unique(), key=lambda name: (name != CONTROL_ROOM, name))
    rows = [np.flatnonzero(known["source"] == source) for source in sources]
    found = [_near(known, points, *sides) for sides in combinations(rows, 2)]
    empty = _pairs(known.head(0), known.head(0), 0.0, "")
    return pd.concat(found, ignore_index=True) if found else empty


def _points(known: pd.DataFrame) -> np.ndarray:
    """Return place, middle of the time and category, scaled so that what may match is within 1."""
    middle = known["occurred_from"] + (known["occurred_to"] - known["occurred_from"]) / 2
    category, _ = pd.factorize(known["category"])
    place = known[["x", "y"]].to_numpy(float) / NEAR_M
    points: np.ndarray = np.column_stack([place, _seconds(middle) / REACH.total_seconds(),
                                          2.0 * category])  # fmt: skip
    return points


def _near(
    known: pd.DataFrame, points: np.ndarray, first: np.ndarray, second: np.ndarray
) -> pd.DataFrame:
    """Pair the records in some rows with those in others that may be of the same event."""
    _, neighbour = cKDTree(_apart(points[second])).query(
        _apart(points[first]), k=NEIGHBOURS, p=np.inf, distance_upper_bound=1.0 + 1e-6
    )
    found = neighbour < len(second)
    # The nearest of every record come first: of equals, each is paired with another.
    rank, row = np.nonzero(found.T)
    here, there = first[row], second[neighbour[row, rank]]
    away = points[here] - points[there]
    metres, middles = NEAR_M * np.hypot(away[:, 0], away[:, 1]), np.abs(away[:, 2])
    starts, ends = _seconds(known["occurred_from"]), _seconds(known["occurred_to"])
    between = np.maximum(starts[here], starts[there]) - np.minimum(ends[here], ends[there])
    kept = (between <= SLACK.total_seconds()) & (metres <= NEAR_M) & (away[:, 3] == 0)
    score = MOST_BY_PLACE * (1 - metres / (2 * NEAR_M)) * (1 - middles / 2)
    words = "same category and time, " + pd.Series(np.round(metres[kept]).astype(int)).astype("str")
    return _pairs(
        known[RECORD].iloc[here[kept]],
        known[RECORD].iloc[there[kept]],
        np.round(score[kept], 3),
        words + " m apart",
    )


def _apart(points: np.ndarray) -> np.ndarray:
    """Add a hair's breadth between equal points, so that a tree can part them: their order."""
    parted: np.ndarray = np.column_stack([points, 1e-9 * np.arange(len(points))])
    return parted


def _seconds(moments: pd.Series) -> np.ndarray:
    since = moments - pd.Timestamp(0, tz="UTC")
    seconds: np.ndarray = since.dt.total_seconds().to_numpy(float)
    return seconds


def told_events(matches: pd.DataFrame) -> pd.DataFrame:
    """Gather the records that tell one event, by the pairs that people decided.

    Parameters
    ----------
    matches
        ``source``, ``key``, ``other_source``, ``other_key``, ``same``: the latest decision on
        each pair.

    Returns
    -------
    pandas.DataFrame
        ``source``, ``key`` of each record that tells the same event as another, ``event`` (a
        number), ``counts``: whether no decision puts another record of the event before it.
    """
    same = matches[matches["same"].astype(bool)]
    second = same[["other_source", "other_key"]].set_axis(RECORD, axis=1)
    records = pd.concat([same[RECORD], second], ignore_index=True)
    records["counts"] = np.repeat([True, False], len(same))
    number = records.groupby(RECORD, sort=False).ngroup().to_numpy()
    ends = number.reshape(2, len(same))
    pairs = coo_array((np.ones(len(same)), (ends[0], ends[1])), shape=(len(records),) * 2)
    _, event = connected_components(pairs, directed=False)
    told = records.assign(event=event[number])
    return told.groupby([*RECORD, "event"], sort=False, as_index=False)["counts"].min()
