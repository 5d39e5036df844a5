"""The register of planner 0.1.0."""

import sqlalchemy as sql
from alembic import op

revision = "0001"
down_revision = None


def _text(name: str) -> sql.Column[str]:
    return sql.Column(name, sql.Text, nullable=False)


def _number(name: str) -> sql.Column[int]:
    return sql.Column(name, sql.Integer, nullable=False)


def _file() -> sql.Column[int]:
    return sql.Column("file_id", sql.Integer, sql.ForeignKey("files.id"), nullable=False)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "imports", sql.Column("id", sql.Integer, primary_key=True), _number("recorded_at")
    )
    op.create_table(
        "files",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("import_id", sql.Integer, sql.ForeignKey("imports.id"), nullable=False),
        *(_text(name) for name in ("name", "source", "digest")),
        *(_number(name) for name in ("read", "accepted", "rejected", "duplicates")),
    )
    op.create_table("periods", _file(), _text("source"), _number("starts_at"), _number("ends_at"))
    op.create_table("rejected_rows", _file(), _number("row"), _text("reason"), _text("text"))
    op.create_table(
        "incidents",
        sql.Column("id", sql.Integer, primary_key=True),
        _file(),
        *(_text(name) for name in ("source", "key", "reference", "category")),
        *(_number(name) for name in ("occurred_from", "occurred_to")),
        _text("time_known"),
        sql.Column("reported_at", sql.Integer),
        _text("place"),
        *(sql.Column(name, sql.Float) for name in ("longitude", "latitude")),
        sql.Column("anonymised", sql.Boolean, nullable=False),
        _text("police_reference"),
        *(sql.Column(name, sql.Float) for name in ("x", "y")),
        *(_text(name) for name in ("building", "site", "street", "zone", "precision")),
        sql.Column("confidence", sql.Float, nullable=False),
        sql.UniqueConstraint("source", "key"),
    )
    op.create_table(
        "details",
        sql.Column("source", sql.Text, primary_key=True),
        sql.Column("key", sql.Text, primary_key=True),
        _text("text"),
    )
