"""Making a database forget what was removed from it: no file of it keeps the bytes."""

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from planner.register.schema import details, intelligence, rejected_rows


def erase_traces(engine: sql.Engine, patience_s: float = 10.0) -> bool:
    """Rewrite the database's files without what was removed.

    SQLite: rebuilds the file and empties the write-ahead log. PostgreSQL: rewrites the tables that
    hold free text; its write-ahead log is out of a client's reach, and is recycled in its time.

    Parameters
    ----------
    engine
        The register's; no transaction of it is open.
    patience_s
        How long to wait for others who are using the register.

    Returns
    -------
    bool
        False where others did not let go of it: do it again when they are done.
    """
    erase = _in_file if engine.dialect.name == "sqlite" else _on_server
    try:
        with engine.connect() as connection:
            return erase(connection.execution_options(isolation_level="AUTOCOMMIT"), patience_s)
    except SQLAlchemyError:
        return False
    finally:
        # The connection waits no longer than was said here; nobody else should get it.
        engine.dispose()


def _in_file(connection: sql.Connection, patience_s: float) -> bool:
    connection.exec_driver_sql(f"PRAGMA busy_timeout={patience_s * 1000:.0f}")
    connection.exec_driver_sql("VACUUM")
    # Its first column tells whether somebody kept the log from being emptied.
    emptied = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").first()
    return emptied is not None and int(emptied[0]) == 0


def _on_server(connection: sql.Connection, patience_s: float) -> bool:
    connection.exec_driver_sql(f"SET lock_timeout = {patience_s * 1000:.0f}")
    tables = ", ".join(table.name for table in (details, rejected_rows, intelligence))
    connection.exec_driver_sql(f"VACUUM (FULL) {tables}")
    return True
