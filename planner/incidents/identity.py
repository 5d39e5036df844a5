"""What tells one record from another, and rows that repeat a record of their file."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from planner.incidents.checks import column_of
from planner.incidents.model import COLUMNS

_BETWEEN = "\x1f"


def keys(table: pd.DataFrame, reference: pd.Series, identity: Sequence[str]) -> pd.Series:
    """Tell rows apart by their reference, or by their content and ordinal among equals.

    Parameters
    ----------
    table
        Stripped text, indexed by row number.
    reference
        The rows' own references, ``""`` where there is none.
    identity
        Columns whose content stands for a reference; none if every row must have one.

    Returns
    -------
    pandas.Series
        Text, shape (n,).
    """
    named = reference != ""
    if named.all() or not identity:
        return reference
    rows = table.loc[~named]
    content = column_of(rows, identity[0])
    for column in identity[1:]:
        content = content + _BETWEEN + column_of(rows, column)
    ordinal = content.groupby(content).cumcount().astype("str")
    # A cryptographic digest has no vectorised form; few rows come without a reference.
    digests = (content + _BETWEEN + ordinal).map(
        lambda text: hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    )
    return reference.where(named, digests.astype("str").reindex(reference.index, fill_value=""))


@dataclass(frozen=True)
class Repeats:
    """The rows of a file whose key stands in an earlier row.

    Attributes
    ----------
    same
        Numbers of the rows that say the same as the earlier one.
    differing
        Number of the earlier row, by the number of each row that says otherwise.
    """

    same: pd.Index
    differing: pd.Series

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(len(self.same) + len(self.differing))


def repeats(incidents: pd.DataFrame) -> Repeats:
    """Compare the rows whose key stands in an earlier row with the first that has it.

    Parameters
    ----------
    incidents
        Columns as in :mod:`planner.incidents.model`, indexed by row number.
    """
    again = incidents["key"].duplicated()
    if not again.any():
        return Repeats(incidents.index[:0], pd.Series([], dtype="int64"))
    later = incidents[again]
    first = incidents[~again & incidents["key"].isin(later["key"])]
    number = later["key"].map(pd.Series(first.index, index=first["key"])).astype("int64")
    earlier = first.loc[number].set_axis(later.index)
    equal = pd.Series(True, index=later.index)
    for column in COLUMNS:
        one, other = later[column], earlier[column]
        equal &= (one == other) | (one.isna() & other.isna())
    return Repeats(later.index[equal], number[~equal])
