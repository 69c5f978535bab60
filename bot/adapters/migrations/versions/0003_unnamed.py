"""Sends without our job id, for a service that refuses it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ON_SQLITE, _ELSEWHERE = sa.text("named = 0"), sa.text("NOT named")


def upgrade() -> None:
    """Every send so far was under our id."""
    op.add_column("intents", sa.Column("named", sa.Boolean, nullable=False, server_default=sa.true()))
    op.create_index(
        "intents_unnamed", "intents", ["job_id"], sqlite_where=_ON_SQLITE, postgresql_where=_ELSEWHERE
    )
