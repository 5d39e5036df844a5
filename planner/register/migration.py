"""Bringing a register to the newest version of its tables, with Alembic.

The migrations stand in ``planner/register/migrations``, one a version, and are never changed once
they are out; ``planner/register/schema.py`` is where they lead to.
"""

import time
from pathlib import Path

import sqlalchemy as sql

from planner.register.schema import metadata

NEWEST = "0004"
_FIRST = "0001"
_KNOWN = (_FIRST, "0002", "0003", NEWEST)
_MIGRATIONS = Path(__file__).with_name("migrations")
_VERSION_TABLE = "alembic_version"
# The register of 0.1.0 did not say its version; it had these tables, and this in one of them.
_FIRST_TABLES = {"imports", "files", "periods", "rejected_rows", "incidents", "details"}
_FIRST_INCIDENTS = {"file_id", "source", "key", "police_reference", "precision", "confidence"}
# Extensions of a database server keep tables of their own beside a register's.
_NOBODYS = {"spatial_ref_sys"}


class UnknownRegister(Exception):
    """A database is no register, or one of a newer program; the message lacks its name."""


def version_of(connection: sql.Connection) -> str:
    """Return the version of a register: ``""`` for an empty database.

    Raises
    ------
    UnknownRegister
        If the database is no register, or one of a newer program.
    """
    inspector = sql.inspect(connection)
    tables = set(inspector.get_table_names()) - _NOBODYS
    if _VERSION_TABLE in tables:
        return _known(_written_version(connection))
    if not tables:
        return ""
    if tables == _FIRST_TABLES:
        columns = {column["name"] for column in inspector.get_columns("incidents")}
        if columns >= _FIRST_INCIDENTS:
            return _FIRST
    raise UnknownRegister(
        f"is no register of the planner (it has the table '{min(tables)}' and no version); name "
        "another, or restore a backup."
    )


def _written_version(connection: sql.Connection) -> str:
    table = sql.table(_VERSION_TABLE, sql.column("version_num"))
    return str(connection.execute(sql.select(table.c.version_num)).scalar() or "")


def _known(version: str) -> str:
    if version in _KNOWN:
        return version
    raise UnknownRegister(
        f"is of version '{version}', which this planner does not know: a newer one made it. "
        "Install the newest planner."
    )


def upgrade(connection: sql.Connection) -> None:
    """Bring a register to the newest version, as part of the caller's transaction.

    Raises
    ------
    UnknownRegister
        If the database is no register, or one of a newer program.
    """
    version = version_of(connection)
    if version == NEWEST:
        return
    # Only here: most runs need no migration, and the import takes longer than many a command.
    from alembic import command
    from alembic.config import Config

    settings = Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    if not version:
        metadata.create_all(connection)
        command.stamp(settings, NEWEST)
        return
    command.stamp(settings, version)
    command.upgrade(settings, NEWEST)
    if version == _FIRST:
        _log_upgrade(connection, version)


def _log_upgrade(connection: sql.Connection, version: str) -> None:
    """Log an upgrade; the log of a register that had none begins with what it holds."""
    from planner.register.audit import append_entry
    from planner.register.contents import told_files

    subject: dict[str, object] = {"from": version, "to": NEWEST}
    if version == _FIRST:
        subject["files"] = told_files(connection)
    append_entry(connection, int(time.time()), "", "upgrade", subject)
