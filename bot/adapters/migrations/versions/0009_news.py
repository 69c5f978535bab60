"""What people were told, and letters on their way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Nobody was told anything so far."""
    op.create_table(
        "told",
        sa.Column("matter", sa.String, primary_key=True),
        sa.Column("since", sa.String(32), nullable=False),
        sa.Column("told_at", sa.String(32)),
        sa.Column("lifted_at", sa.String(32)),
    )
    op.create_table(
        "batches",
        sa.Column("spreadsheet", sa.String, primary_key=True),
        sa.Column("tab", sa.Integer, primary_key=True),
        sa.Column("mark", sa.Integer, nullable=False),
        sa.Column("left", sa.Text, nullable=False),
        sa.Column("refused", sa.Text, nullable=False),
    )
    op.create_table(
        "parcels",
        sa.Column("letter", sa.String, primary_key=True),
        sa.Column("channel", sa.String, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("not_before", sa.String(32)),
        sa.Column("is_out", sa.Boolean, nullable=False),
    )
