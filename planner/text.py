"""Text from outside: nothing in it may steer a terminal or break a file."""

import re

import pandas as pd

# Control characters, halves of surrogate pairs, and code points that are no characters.
_UNREADABLE = r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+"


def readable(text: str) -> str:
    """Replace each run of unreadable characters by a space, and strip the ends."""
    return re.sub(_UNREADABLE, " ", text).strip()


def readable_column(column: pd.Series) -> pd.Series:
    """Do the same with a whole column of text."""
    unclear = column.str.contains(_UNREADABLE, regex=True)
    if not unclear.any():
        return column.str.strip()
    return column.mask(unclear, column[unclear].map(readable)).str.strip()
