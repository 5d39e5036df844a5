"""Rows between tables in memory and the register's: many at a time, in and out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sql

# Rows in memory at a time.
CHUNK = 50_000
_MOMENTS = {"recorded_at", "occurred_from", "occurred_to", "reported_at", "starts_at", "ends_at"}


def insert_row(connection: sql.Connection, table: sql.Table, **values: object) -> int:
    """Add one row to a table of the register and return its ``id``."""
    added = connection.execute(sql.insert(table).values(values).returning(table.c.id))
    return int(added.scalar_one())


def insert_rows(connection: sql.Connection, table: sql.Table, rows: pd.DataFrame) -> None:
    """Add rows to a table of the register, as part of the caller's transaction.

    Parameters
    ----------
    connection
        A connection that may write.
    table
        Where to.
    rows
        Columns named as the table's; moments as UTC datetimes or whole seconds. What is missing
        is stored as NULL.
    """
    columns = [column for column in table.columns if column.name in rows.columns]
    insert = _insert_in_file if connection.dialect.name == "sqlite" else _copy_to_server
    for start in range(0, len(rows), CHUNK):
        part = rows.iloc[start : start + CHUNK]
        values = zip(*(_stored(part[column.name]) for column in columns), strict=True)
        insert(connection, table, columns, values)


def _stored(column: pd.Series) -> list[Any]:
    missing = column.isna()
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.as_unit("s").astype("int64")
    if missing.any():
        column = column.astype(object).mask(missing, None)
    return list(column.tolist())


def _insert_in_file(
    connection: sql.Connection,
    table: sql.Table,
    columns: Sequence[sql.Column[Any]],
    values: Iterable[tuple[Any, ...]],
) -> None:
    names = [column.name for column in columns]
    statement = sql.insert(table).compile(dialect=connection.dialect, column_keys=names)
    connection.exec_driver_sql(str(statement), list(values))


def _copy_to_server(
    connection: sql.Connection,
    table: sql.Table,
    columns: Sequence[sql.Column[Any]],
    values: Iterable[tuple[Any, ...]],
) -> None:
    quoted = connection.dialect.identifier_preparer
    names = ", ".join(quoted.format_column(column) for column in columns)
    driver: Any = connection.connection.driver_connection
    statement = f"COPY {quoted.format_table(table)} ({names}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in values:
            copy.write_row(row)


def read_chunks(connection: sql.Connection, query: sql.Select[Any]) -> Iterator[pd.DataFrame]:
    """Read a query's rows, some at a time: types as in :func:`read_rows`; at least one table."""
    types = {str(column.key): column.type for column in query.selected_columns}
    found = connection.execute(query, execution_options={"yield_per": CHUNK})
    empty = True
    for rows in found.partitions():
        yield _table(types, list(zip(*rows, strict=True)))
        empty = False
    if empty:
        yield _table(types, [()] * len(types))


def read_rows(connection: sql.Connection, query: sql.Select[Any]) -> pd.DataFrame:
    """Read a query's rows: text as ``str``, moments as UTC datetimes, NULL as NaN or NaT."""
    return pd.concat(list(read_chunks(connection, query)), ignore_index=True)


def _table(types: dict[str, Any], values: Sequence[Sequence[Any]]) -> pd.DataFrame:
    columns = zip(types.items(), values, strict=True)
    return pd.DataFrame({name: _column(name, type_, part) for (name, type_), part in columns})


def _column(name: str, type_: Any, values: Sequence[Any]) -> pd.Series:
    if name in _MOMENTS:
        return pd.Series(pd.to_datetime(pd.array(values, dtype="Int64"), unit="s", utc=True))
    if isinstance(type_, sql.Boolean):
        return pd.Series(values, dtype=bool)
    if isinstance(type_, sql.Integer):
        return pd.Series(values, dtype="int64")
    if isinstance(type_, sql.Float):
        return pd.Series(values, dtype="float64")
    return pd.Series(values, dtype="str")
