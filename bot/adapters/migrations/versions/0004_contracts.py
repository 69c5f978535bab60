"""The contract of each template version, so that a payload can be made again after the files changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Of earlier versions only the projects are known; the next row that uses one brings its contract."""
    op.add_column("templates", sa.Column("contract", sa.Text))
