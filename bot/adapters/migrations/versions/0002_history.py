"""Indexes that keep ticks and tidying quick however long the history is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ACCEPTED = sa.text("reserved IS NOT NULL")


def upgrade() -> None:
    """The last accepted send, and the oldest events, are found without going through all of them."""
    op.create_index(
        "intents_accepted", "intents", ["sent_at"], sqlite_where=_ACCEPTED, postgresql_where=_ACCEPTED
    )
    op.create_index("ix_events_at", "events", ["at"])
