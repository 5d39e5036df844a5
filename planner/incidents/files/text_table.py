"""Rows of text on their way from a file into a table, whatever the file's format."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from planner.errors import RefusedFile, UnknownFormat

BROKEN = "the line is broken: {found} fields where the header has {wanted}"
UNSTORABLE = "the row holds a character that is none (a NUL, or bytes that are not text)"
TOO_LONG = "the row has a field of more than 131,072 characters"
LONGEST_KEPT = 2_000
# The longest field that Python's csv module reads; the other formats keep to it.
LONGEST_FIELD = 131_072
MOST_ROWS = 10_000_000
MOST_COLUMNS = 1_000
MOST_CELLS = 50_000_000
# With more broken rows than these, and hardly a whole one, a file is something else.
BROKEN_AT_LEAST, BROKEN_PER_WHOLE = 10_000, 10

Broken = tuple[int, str, str]


@dataclass(frozen=True)
class Rows:
    """The rows of a file as text.

    Attributes
    ----------
    header
        Column names, stripped.
    table
        Every whole row as stripped text (``""`` where empty), columns as in ``header``, indexed by
        row number: the line it begins on, the sheet's row, or the ordinal of the JSON record. The
        header counts as row 1.
    broken
        Row number, reason and text (cut at 2,000 characters) of each row that can't be read.
    digest
        SHA-256 of the file's bytes.
    notes
        What a person should know of the file, in words.
    """

    header: list[str]
    table: pd.DataFrame
    broken: list[Broken]
    digest: str
    notes: tuple[str, ...] = ()


def storable(text: str) -> bool:
    """Whether text has neither a NUL nor half of a surrogate pair: databases take neither."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def field_fault(fields: Sequence[str]) -> str | None:
    """Say why a row's fields can't be kept, or None."""
    if max(map(len, fields), default=0) > LONGEST_FIELD:
        return TOO_LONG
    return None if all(map(storable, fields)) else UNSTORABLE


def kept_text(text: str) -> str:
    """Return the text of a broken row as it can be stored: cut, what is no text replaced."""
    cut = text.strip()[:LONGEST_KEPT]
    return re.sub(r"[\ud800-\udfff]", "\ufffd", cut).replace("\0", "\u2400")


def is_header(names: Sequence[str]) -> bool:
    """Whether names can head a table: at least two, none twice, not more than 1,000."""
    return 2 <= len(names) <= MOST_COLUMNS and len(set(names)) == len(names)


class TableBuilder:
    """Gathers rows batch by batch, so that a file never stands in memory as Python objects.

    Parameters
    ----------
    where
        The file, for messages.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self._names: dict[str, None] = {}
        self._batches: list[pa.Table] = []
        self._numbers: list[np.ndarray] = []
        self._whole = 0
        self.broken: list[Broken] = []

    @property
    def names(self) -> list[str]:
        """The columns so far, in the order in which they came."""
        return list(self._names)

    def add(
        self, numbers: Sequence[int] | np.ndarray, columns: Mapping[str, Sequence[str]]
    ) -> None:
        """Add whole rows: their numbers, and the text of each column.

        Raises
        ------
        RefusedFile
            If there are more than 10,000,000 rows, 1,000 columns or 50,000,000 fields.
        UnknownFormat
            If hardly any row so far was a whole one.
        """
        self._names |= dict.fromkeys(columns)
        self._whole += len(numbers)
        self._check()
        if not len(numbers):
            return
        texts = {name: pa.array(column, pa.large_string()) for name, column in columns.items()}
        self._batches.append(
            pa.table({name: pc.utf8_trim_whitespace(text) for name, text in texts.items()})
        )
        self._numbers.append(np.asarray(numbers, dtype=np.int64))

    def break_row(self, number: int, reason: str, text: str) -> None:
        """Add a row that can't be read."""
        self.broken.append((number, reason, kept_text(text)))
        if len(self.broken) % BROKEN_AT_LEAST == 0:
            self._check()

    def _check(self) -> None:
        if self._whole + len(self.broken) > MOST_ROWS:
            raise RefusedFile(
                f"{self._where}: has more than {MOST_ROWS:,} rows; split it by month."
            )
        if self._whole * len(self._names) > MOST_CELLS:
            raise RefusedFile(
                f"{self._where}: has more than {MOST_CELLS:,} fields; split it by month, or export "
                "fewer columns."
            )
        if len(self._names) > MOST_COLUMNS:
            raise RefusedFile(
                f"{self._where}: has more than {MOST_COLUMNS:,} columns; export fewer."
            )
        if len(self.broken) >= max(BROKEN_AT_LEAST, BROKEN_PER_WHOLE * self._whole):
            number, reason, _ = self.broken[0]
            raise UnknownFormat(
                f"{self._where}: hardly any row fits the header; row {number}: {reason}."
            )

    def finish(self, digest: str, notes: Sequence[str]) -> Rows:
        """Make one table of all that was added; the builder is empty afterwards.

        Raises
        ------
        UnknownFormat
            If there was no row at all.
        """
        if not self._whole and not self.broken:
            raise UnknownFormat(
                f"{self._where}: has a header and no rows; there is nothing to import."
            )
        numbers = np.concatenate([np.empty(0, dtype=np.int64), *self._numbers])
        header = list(self._names)
        if self._batches:
            gathered = pa.concat_tables(self._batches, promote_options="default")
        else:
            gathered = pa.table({name: pa.array([], pa.large_string()) for name in header})
        self._batches.clear()
        columns = {}
        for name in header:
            # One by one, so that no more than one column is there twice.
            column = gathered.column(name).fill_null("").combine_chunks()
            gathered = gathered.drop_columns([name])
            columns[name] = column
        table = pa.table(columns).to_pandas()
        table.index = pd.Index(numbers)
        return Rows(header, table, self.broken, digest, tuple(notes))


def row_texts(table: pd.DataFrame) -> pd.Series:
    """Write each row as a line of CSV, to be exported, mended and read again.

    Parameters
    ----------
    table
        Text columns.

    Returns
    -------
    pandas.Series
        Text by the table's index; fields are quoted where they must be.
    """
    if table.empty:
        return pd.Series([], index=table.index, dtype="str")
    # By position: a column's name may stand twice in a table that others made.
    fields = [_quoted(table.iloc[:, position]) for position in range(table.shape[1])]
    lines = pc.binary_join_element_wise(*fields, pa.scalar(",", pa.large_string()))
    return pd.Series(lines.to_pandas().to_numpy(), index=table.index, dtype="str")


def _quoted(column: pd.Series) -> pa.Array:
    field = pa.array(column, pa.large_string(), from_pandas=True).fill_null("")
    mark, nothing = pa.scalar('"', pa.large_string()), pa.scalar("", pa.large_string())
    doubled = pc.replace_substring(field, '"', '""')
    quoted = pc.binary_join_element_wise(mark, doubled, mark, nothing)
    return pc.if_else(pc.match_substring_regex(field, '[",\r\n]'), quoted, field)
