"""Decisions on what the incidents of a place count."""

import sqlalchemy as sql
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of such decisions; there are none as yet."""
    op.create_table(
        "place_weights",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("recorded_at", sql.BigInteger, nullable=False),
        sql.Column("place", sql.Text, nullable=False, server_default=""),
        sql.Column("category", sql.Text, nullable=False, server_default=""),
        sql.Column("starts_at", sql.BigInteger, nullable=True),
        sql.Column("weight", sql.Double, nullable=False),
    )
