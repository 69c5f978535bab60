"""Every video of the journal, one after the other, however many there are: read while the robot works, never held whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, select

from bot.adapters.journal_deliveries import read_delivery
from bot.adapters.journal_looks import JournalReader
from bot.adapters.journal_rows import read_intent
from bot.adapters.journal_schema import legible
from bot.adapters.journal_templates import read_template
from bot.adapters.schema import deliveries, entries, intents, templates
from bot.domain.contract import Contract
from bot.domain.delivery import Delivery
from bot.domain.ids import TemplateHash
from bot.domain.intents import Intent

_AT_ONCE = 500
_IN_ORDER: ColumnElement[int] = literal_column("intents.rowid")
"""As they were promised; sorting by anything else would hold them all."""

_OF_COPY = "copy_"
_EVERY_VIDEO = (
    select(
        intents,
        entries.c.row_number.label("stands_at"),
        entries.c.present.label("is_there"),
        *(column.label(f"{_OF_COPY}{column.name}") for column in deliveries.columns),
    )
    .outerjoin(deliveries, deliveries.c.job_id == intents.c.job_id)
    .outerjoin(
        entries,
        and_(
            entries.c.spreadsheet == intents.c.spreadsheet,
            entries.c.tab == intents.c.tab,
            entries.c.record == intents.c.record,
        ),
    )
    .order_by(_IN_ORDER)
)


@dataclass(frozen=True, slots=True)
class Design:
    """One template version, as far as a list of videos tells it."""

    title: str
    contract: Contract | None
    """None where an older program did not keep it."""


class JournalExport(JournalReader):
    """The journal, to go through from its first video to its last."""

    def count(self) -> int:
        """How many videos there are."""
        with self._look() as connection:
            return int(connection.scalar(select(func.count()).select_from(intents)) or 0)

    def designs(self) -> dict[TemplateHash, Design]:
        """Every template version any video was made with."""
        with self._look() as connection, legible(self.path):
            found = {}
            for row in connection.execute(select(templates)).mappings():
                kept = read_template(dict(row))
                found[TemplateHash(row["hash"])] = Design(row["title"], kept.contract if kept else None)
            return found

    def videos(self) -> Iterator[tuple[Intent, int | None, Delivery | None]]:
        """Each with where its row stands, as the robot last saw it, None for a row that is gone; and with its copy."""
        with self._look() as connection, legible(self.path):
            rows = connection.execution_options(yield_per=_AT_ONCE).execute(_EVERY_VIDEO).mappings()
            for row in rows:
                stands_at = row["stands_at"] if row["is_there"] else None
                yield read_intent(dict(row)), stands_at, _copy(dict(row))


def _copy(row: dict[str, Any]) -> Delivery | None:
    if row[f"{_OF_COPY}job_id"] is None:
        return None
    return read_delivery(
        {name.removeprefix(_OF_COPY): row[name] for name in row if name.startswith(_OF_COPY)}
    )
