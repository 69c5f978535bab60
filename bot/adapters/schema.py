"""The journal's tables as statements see them; the migrations are what makes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
    true,
)


class Moment(TypeDecorator[datetime]):
    """An aware UTC time kept as ISO 8601 text, which sorts as it reads."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the parent's signature
        return value.astimezone(UTC).isoformat(timespec="microseconds") if value else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        return datetime.fromisoformat(value) if value else None


metadata = MetaData()

installation = Table(
    "installation",
    metadata,
    Column("id", String, primary_key=True),
    Column("made_at", Moment, nullable=False),
    Column("cold_since", Moment),
)

tabs = Table(
    "tabs",
    metadata,
    Column("spreadsheet", String, primary_key=True),
    Column("tab", Integer, primary_key=True),
    Column("learnt_at", Moment, nullable=False),
)

gates = Table(
    "gates",
    metadata,
    Column("spreadsheet", String, primary_key=True),
    Column("tab", Integer, primary_key=True),
    Column("box", String, nullable=False),
    Column("first_contact", Boolean, nullable=False),
    Column("released", Integer, nullable=False),
    Column("streak", Integer, nullable=False),
    Column("streak_code", String),
    Column("streak_version", String),
    Column("healthy", Integer),
    Column("reviewed", Text, nullable=False, server_default="[]"),
    Column("sample", Text, nullable=False, server_default="[null,[]]"),
)

entries = Table(
    "entries",
    metadata,
    Column("spreadsheet", String, primary_key=True),
    Column("tab", Integer, primary_key=True),
    Column("record", String, primary_key=True),
    Column("content", Text, nullable=False),
    Column("approve", String, nullable=False),
    Column("retry", String, nullable=False),
    Column("approved", String),
    Column("notice", Text),
    Column("present", Boolean, nullable=False),
    Column("row_number", Integer, nullable=False),
    Column("render_at", Moment),
    Column("churn", Text),
    Column("stands_for", Text),
)

templates = Table(
    "templates",
    metadata,
    Column("hash", String, primary_key=True),
    Column("title", String, nullable=False),
    Column("version", String, nullable=False),
    Column("projects", Text, nullable=False),
    Column("first_used_at", Moment, nullable=False),
    Column("contract", Text),
)

payloads = Table(
    "payloads",
    metadata,
    Column("hash", String, primary_key=True),
    Column("body", Text, nullable=False),
)

intents = Table(
    "intents",
    metadata,
    Column("job_id", String, primary_key=True),
    Column("spreadsheet", String, nullable=False),
    Column("tab", Integer, nullable=False),
    Column("record", String, nullable=False),
    Column("format", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("job_name", String, nullable=False),
    Column("template_hash", String, ForeignKey("templates.hash"), nullable=False),
    Column("template_version", String, nullable=False),
    Column("payload_hash", String, ForeignKey("payloads.hash"), nullable=False),
    Column("price_shown", Integer, nullable=False),
    Column("approved_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("losses", Integer, nullable=False),
    Column("not_before", Moment),
    Column("quote", Integer),
    Column("reserved", Integer),
    Column("sent_at", Moment),
    Column("finished_at", Moment),
    Column("service_word", String),
    Column("percent", Integer),
    Column("known_as", String),
    Column("named", Boolean, nullable=False, server_default=true()),
    Column("url", Text),
    Column("thumbnail_url", Text),
    Column("trouble", Text),
    Column("number", Integer, nullable=False),
    Index(
        "one_intent_per_name", "spreadsheet", "tab", "record", "format", "fingerprint", "attempt", unique=True
    ),
    # The law "at most one live intent per record and format", kept by the database itself.
    Index(
        "one_live_intent",
        "spreadsheet",
        "tab",
        "record",
        "format",
        unique=True,
        sqlite_where=text("state NOT IN ('completed', 'failed', 'cancelled')"),
        postgresql_where=text("state NOT IN ('completed', 'failed', 'cancelled')"),
    ),
    Index("intents_by_state", "state"),
    Index("intents_unnamed", "job_id", sqlite_where=text("named = 0"), postgresql_where=text("NOT named")),
    Index(
        "intents_accepted",
        "sent_at",
        sqlite_where=text("reserved IS NOT NULL"),
        postgresql_where=text("reserved IS NOT NULL"),
    ),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False, index=True),
    Column("job_id", String, nullable=False, index=True),
    Column("record", String, nullable=False),
    Column("state", String, nullable=False),
    Column("detail", Text),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("job_id", String, ForeignKey("intents.job_id"), primary_key=True),
    Column("state", String, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("storage", Text, nullable=False),
    Column("video", Text),
    Column("thumbnail", Text),
    Column("tries", Integer, nullable=False),
    Column("not_before", Moment),
    Column("problem", String),
    Column("detail", Text, nullable=False),
    Column("looked_at", Moment),
    Column("misses", Integer, nullable=False),
)

told = Table(
    "told",
    metadata,
    Column("matter", String, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("told_at", Moment),
    Column("lifted_at", Moment),
)

batches = Table(
    "batches",
    metadata,
    Column("spreadsheet", String, primary_key=True),
    Column("tab", Integer, primary_key=True),
    Column("mark", Integer, nullable=False),
    Column("left", Text, nullable=False),
    Column("refused", Text, nullable=False),
)

parcels = Table(
    "parcels",
    metadata,
    Column("letter", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("text", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("not_before", Moment),
    Column("is_out", Boolean, nullable=False),
)
