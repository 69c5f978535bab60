"""Runs migrations on the connection the journal hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from bot.adapters.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
