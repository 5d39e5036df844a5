"""The rejected rows of the register, file by file."""

import pandas as pd
import sqlalchemy as sql

from planner.register.rows import read_rows
from planner.register.schema import files, rejected_rows


def files_with_rejected(connection: sql.Connection) -> pd.DataFrame:
    """Return the files that have rejected rows: ``id``, ``name``, ``header``, oldest first."""
    has_any = sql.exists().where(rejected_rows.c.file_id == files.c.id)
    query = sql.select(files.c.id, files.c.name, files.c.header).where(has_any)
    return read_rows(connection, query.order_by(files.c.id))


def rejected_of(connection: sql.Connection, file_id: int) -> pd.DataFrame:
    """Return a file's rejected rows: ``row``, ``reason``, ``text`` (empty once purged)."""
    query = sql.select(rejected_rows.c.row, rejected_rows.c.reason, rejected_rows.c.text)
    return read_rows(
        connection, query.where(rejected_rows.c.file_id == file_id).order_by(rejected_rows.c.id)
    )
