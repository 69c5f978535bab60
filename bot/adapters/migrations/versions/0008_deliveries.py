"""Copies of finished videos, and looks at their links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing was copied so far."""
    op.create_table(
        "deliveries",
        sa.Column("job_id", sa.String, sa.ForeignKey("intents.job_id"), primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("storage", sa.Text, nullable=False),
        sa.Column("video", sa.Text),
        sa.Column("thumbnail", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("not_before", sa.String(32)),
        sa.Column("problem", sa.String),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("looked_at", sa.String(32)),
        sa.Column("misses", sa.Integer, nullable=False),
    )
