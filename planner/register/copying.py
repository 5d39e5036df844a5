"""Copying a whole register, from and to SQLite and PostgreSQL, as it is at one moment."""

import sqlite3
from pathlib import Path

import pandas as pd
import sqlalchemy as sql

from planner.errors import WorkspaceError
from planner.register.engine import open_engine, place_of, reading, writing
from planner.register.rows import CHUNK, insert_rows
from planner.register.schema import metadata


def copy_to_file(engine: sql.Engine, folder: Path) -> sql.Engine:
    """Copy a register into a file of SQLite while others go on writing.

    Parameters
    ----------
    engine
        The register.
    folder
        An empty folder for the file.

    Returns
    -------
    sqlalchemy.Engine
        The copy's.

    Raises
    ------
    WorkspaceError
        If the register can't be read or the copy can't be written.
    """
    copy = open_engine(folder)
    with reading(engine) as source:
        if source.dialect.name != "sqlite":
            with writing(copy) as target:
                copy_tables(source, target)
        # Where there is no register as yet, what is read is an empty one of another engine.
        elif source.engine is engine:
            with copy.connect() as target:
                _driver(source).backup(_driver(target))
    with writing(copy):
        pass
    return copy


def _driver(connection: sql.Connection) -> sqlite3.Connection:
    found = connection.connection.driver_connection
    if not isinstance(found, sqlite3.Connection):
        raise TypeError("the connection is none of SQLite's")
    return found


def copy_tables(source: sql.Connection, target: sql.Connection) -> None:
    """Copy every row of one register into another, empty one; numbers of rows stay.

    Raises
    ------
    WorkspaceError
        If the target isn't empty.
    """
    for table in metadata.sorted_tables:
        if target.execute(sql.select(sql.literal(1)).select_from(table).limit(1)).first():
            raise WorkspaceError(
                f"{place_of(target.engine)}: holds a register already; give an empty database."
            )
        query = sql.select(table).order_by(*table.primary_key)
        found = source.execution_options(yield_per=CHUNK).execute(query)
        for rows in found.partitions():
            # As objects: numbers beside gaps would become floats.
            insert_rows(target, table, pd.DataFrame(rows, columns=list(found.keys()), dtype=object))
        _count_on(target, table)


def _count_on(target: sql.Connection, table: sql.Table) -> None:
    """Let PostgreSQL number new rows from after those that were copied."""
    column = table.autoincrement_column
    if target.dialect.name != "postgresql" or column is None:
        return
    sequence = sql.func.pg_get_serial_sequence(table.name, column.name)
    highest = sql.select(sql.func.max(column)).scalar_subquery()
    target.execute(
        sql.select(sql.func.setval(sequence, sql.func.coalesce(highest, 1), highest.is_not(None)))
    )
