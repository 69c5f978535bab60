"""Which template versions somebody said `Go ahead` for, and which rows go before that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nobody has said so for any version yet: the next rows beyond a sample ask once."""
    op.add_column("gates", sa.Column("reviewed", sa.Text, nullable=False, server_default="[]"))
    op.add_column("gates", sa.Column("sample", sa.Text, nullable=False, server_default="[null,[]]"))
