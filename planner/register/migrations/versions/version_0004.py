"""Graded entries of intelligence."""

import sqlalchemy as sql
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the table of entries, which is empty at first."""
    op.create_table(
        "intelligence",
        sql.Column("id", sql.Integer, primary_key=True),
        _moment("recorded_at"),
        _text("entry"),
        sql.Column("version", sql.Integer, nullable=False),
        *(_text(name) for name in ("cause", "status", "actor", "content")),
        _moment("ends_at"),
        *(_text(name) for name in ("texts", "texts_digest", "digest")),
        sql.UniqueConstraint("entry", "version"),
    )


def _moment(name: str) -> sql.Column[int]:
    return sql.Column(name, sql.BigInteger, nullable=False)


def _text(name: str) -> sql.Column[str]:
    return sql.Column(name, sql.Text, nullable=False, server_default="")
