"""Digests of incidents: what tells whether a record says the same as one that is kept.

A record's digest is 64 bits over what its file said of it, without its free text, which has a
digest of its own; where it was located is no part of either. Both can be computed anew from what
the register holds, whatever database it is in. They find equal records; proof against a forger
is the audit log's, which holds a SHA-256 over them.

Text is hashed by SipHash (Jean-Philippe Aumasson and Daniel J. Bernstein, "SipHash: a fast
short-input PRF", INDOCRYPT 2012) of its UTF-8 form, columns are joined by the finaliser of
SplitMix64 (Guy L. Steele and others, "Fast splittable pseudorandom number generators", OOPSLA
2014).
"""

import hashlib

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.util import hash_pandas_object

from planner.incidents.model import COLUMNS, MOMENTS

Digests = npt.NDArray[np.int64]

# Changing any of these makes every record that is imported again a correction.
DIGESTED = tuple(name for name in COLUMNS if name != "details")
_KEY = "planner register"
_NUMBERS = ("longitude", "latitude")
_NEVER = np.iinfo(np.int64).min
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_STEP = np.uint64(0x9E3779B97F4A7C15)


def record_digests(table: pd.DataFrame) -> Digests:
    """Digest what the files said of incidents, without their free text.

    Parameters
    ----------
    table
        Columns of :mod:`planner.incidents.model`, save ``details``; moments as UTC datetimes or
        as the register's whole seconds.

    Returns
    -------
    numpy.ndarray
        A signed 64-bit number a row.
    """
    total = np.zeros(len(table), dtype=np.uint64)
    for name in DIGESTED:
        total = _mixed(total + _STEP + _hashed(table[name]))
    return total.view(np.int64)


def details_digests(texts: pd.Series) -> Digests:
    """Digest free text, a signed 64-bit number each."""
    return _of_text(texts).view(np.int64)


def rows_digest(digests: Digests, of_details: Digests) -> str:
    """Return one SHA-256, in hexadecimal, over the digests of many rows, whatever their order.

    Parameters
    ----------
    digests, of_details
        As the functions above return them, for the same rows.
    """
    order = np.lexsort((of_details, digests))
    pairs = np.column_stack([digests[order], of_details[order]])
    return hashlib.sha256(pairs.astype("<i8").tobytes()).hexdigest()


def whole_seconds(moments: pd.Series) -> Digests:
    """Return moments as seconds since 1970; a missing one as the least of all numbers."""
    if isinstance(moments.dtype, pd.DatetimeTZDtype) or moments.dtype.kind == "M":
        seconds = moments.dt.as_unit("s").astype("int64")
    else:
        seconds = moments.astype("Int64")
    return np.where(moments.isna(), _NEVER, seconds.fillna(0)).astype(np.int64)


def _hashed(column: pd.Series) -> npt.NDArray[np.uint64]:
    if column.name in MOMENTS:
        return whole_seconds(column).view(np.uint64)
    if column.name in _NUMBERS:
        # Adding zero turns -0.0, which not every database keeps, into 0.0.
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan) + 0.0
        bits: npt.NDArray[np.uint64] = np.where(np.isnan(numbers), np.nan, numbers).view(np.uint64)
        return bits
    if column.name == "anonymised":
        return np.asarray(column.to_numpy(dtype=bool), dtype=np.uint64)
    return _of_text(column)


def _of_text(column: pd.Series) -> npt.NDArray[np.uint64]:
    hashes = hash_pandas_object(column, index=False, hash_key=_KEY)
    return np.asarray(hashes.to_numpy(), dtype=np.uint64)


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    values = (values ^ (values >> np.uint64(30))) * _FIRST
    values = (values ^ (values >> np.uint64(27))) * _SECOND
    last: npt.NDArray[np.uint64] = values ^ (values >> np.uint64(31))
    return last
