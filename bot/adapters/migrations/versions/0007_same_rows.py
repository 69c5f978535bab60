"""What rows said when their template asked for other columns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """No row is known to have stood for anything else."""
    op.add_column("entries", sa.Column("stands_for", sa.Text))
