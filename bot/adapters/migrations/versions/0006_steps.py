"""Which template version failed in a row, and how wide the window is after `Go ahead`."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Failures so far are counted anew, and windows are as wide as they may be."""
    op.add_column("gates", sa.Column("streak_version", sa.String))
    op.add_column("gates", sa.Column("healthy", sa.Integer))
