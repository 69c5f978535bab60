"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ENDED = sa.text("state NOT IN ('completed', 'failed', 'cancelled')")


def upgrade() -> None:
    """Makes the tables of version 0.1."""
    op.create_table(
        "installation",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("cold_since", sa.String(32)),
    )
    op.create_table(
        "tabs",
        sa.Column("spreadsheet", sa.String, primary_key=True),
        sa.Column("tab", sa.Integer, primary_key=True),
        sa.Column("learnt_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "gates",
        sa.Column("spreadsheet", sa.String, primary_key=True),
        sa.Column("tab", sa.Integer, primary_key=True),
        sa.Column("box", sa.String, nullable=False),
        sa.Column("first_contact", sa.Boolean, nullable=False),
        sa.Column("released", sa.Integer, nullable=False),
        sa.Column("streak", sa.Integer, nullable=False),
        sa.Column("streak_code", sa.String),
    )
    op.create_table(
        "entries",
        sa.Column("spreadsheet", sa.String, primary_key=True),
        sa.Column("tab", sa.Integer, primary_key=True),
        sa.Column("record", sa.String, primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("approve", sa.String, nullable=False),
        sa.Column("retry", sa.String, nullable=False),
        sa.Column("approved", sa.String),
        sa.Column("notice", sa.Text),
        sa.Column("present", sa.Boolean, nullable=False),
        sa.Column("row_number", sa.Integer, nullable=False),
        sa.Column("render_at", sa.String(32)),
        sa.Column("churn", sa.Text),
    )
    op.create_table(
        "templates",
        sa.Column("hash", sa.String, primary_key=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("projects", sa.Text, nullable=False),
        sa.Column("first_used_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "payloads",
        sa.Column("hash", sa.String, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "intents",
        sa.Column("job_id", sa.String, primary_key=True),
        sa.Column("spreadsheet", sa.String, nullable=False),
        sa.Column("tab", sa.Integer, nullable=False),
        sa.Column("record", sa.String, nullable=False),
        sa.Column("format", sa.String, nullable=False),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("job_name", sa.String, nullable=False),
        sa.Column("template_hash", sa.String, sa.ForeignKey("templates.hash"), nullable=False),
        sa.Column("template_version", sa.String, nullable=False),
        sa.Column("payload_hash", sa.String, sa.ForeignKey("payloads.hash"), nullable=False),
        sa.Column("price_shown", sa.Integer, nullable=False),
        sa.Column("approved_at", sa.String(32), nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("losses", sa.Integer, nullable=False),
        sa.Column("not_before", sa.String(32)),
        sa.Column("quote", sa.Integer),
        sa.Column("reserved", sa.Integer),
        sa.Column("sent_at", sa.String(32)),
        sa.Column("finished_at", sa.String(32)),
        sa.Column("service_word", sa.String),
        sa.Column("percent", sa.Integer),
        sa.Column("known_as", sa.String),
        sa.Column("url", sa.Text),
        sa.Column("thumbnail_url", sa.Text),
        sa.Column("trouble", sa.Text),
        sa.Column("number", sa.Integer, nullable=False),
    )
    name = ["spreadsheet", "tab", "record", "format"]
    op.create_index("one_intent_per_name", "intents", [*name, "fingerprint", "attempt"], unique=True)
    op.create_index(
        "one_live_intent", "intents", name, unique=True, sqlite_where=_ENDED, postgresql_where=_ENDED
    )
    op.create_index("intents_by_state", "intents", ["state"])
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("job_id", sa.String, nullable=False),
        sa.Column("record", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("detail", sa.Text),
    )
    op.create_index("ix_events_job_id", "events", ["job_id"])
