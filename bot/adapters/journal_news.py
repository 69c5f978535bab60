"""What people were told and what is on its way to them, kept in the journal: a restart tells nothing twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.adapters.journal import SqliteJournal
from bot.adapters.journal_schema import legible
from bot.adapters.schema import batches, parcels, told
from bot.domain.ids import TabKey, canonical_json
from bot.domain.letters import Item, Letter, Parcel
from bot.domain.news import Batch, Told, Topic
from bot.planner.telling import News
from bot.ports import NewsDesk

Key = TypeVar("Key")
Kept = TypeVar("Kept")


class JournalNews:
    """Only the journal's one writer comes here."""

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal

    def read(self) -> NewsDesk:
        with self._journal.file.begin() as connection, legible(self._journal.path):
            return read_news(connection)

    def keep(self, before: NewsDesk, after: NewsDesk) -> None:
        with self._journal.file.begin() as connection:
            for table, changed, gone in _changes(before, after):
                keys = [column for column in table.columns if column.primary_key]
                for row in changed:
                    statement = upsert(table).values(row)
                    others = {name: statement.excluded[name] for name in row}
                    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others))
                for key in gone:
                    wanted = zip(keys, key, strict=True)
                    connection.execute(delete(table).where(*(column == one for column, one in wanted)))


def _changes(
    before: NewsDesk, after: NewsDesk
) -> list[tuple[Table, list[dict[str, Any]], list[tuple[Any, ...]]]]:
    """What differs: rows to keep, and keys of rows to drop."""
    ledger, ledger_gone = _difference(before.news.ledger, after.news.ledger)
    marks, marks_gone = _difference(before.news.batches, after.news.batches)
    post, post_gone = _difference(before.parcels, after.parcels)
    return [
        (told, [_spell_told(key, one) for key, one in ledger], [(key,) for key in ledger_gone]),
        (
            batches,
            [_spell_batch(key, one) for key, one in marks],
            [(key.spreadsheet, key.tab) for key in marks_gone],
        ),
        (parcels, [_spell_parcel(one) for _, one in post], post_gone),
    ]


def _difference(
    before: Mapping[Key, Kept], after: Mapping[Key, Kept]
) -> tuple[list[tuple[Key, Kept]], list[Key]]:
    changed = [(key, one) for key, one in after.items() if before.get(key) != one]
    return changed, [key for key in before if key not in after]


def _spell_told(key: str, one: Told) -> dict[str, Any]:
    return {"matter": key, "since": one.since, "told_at": one.told_at, "lifted_at": one.lifted_at}


def _spell_batch(key: TabKey, one: Batch) -> dict[str, Any]:
    return {
        "spreadsheet": key.spreadsheet,
        "tab": key.tab,
        "mark": one.mark,
        "left": canonical_json(list(one.left)),
        "refused": canonical_json(sorted(one.refused)),
    }


def _spell_parcel(parcel: Parcel) -> dict[str, Any]:
    return {
        "letter": parcel.letter.id,
        "channel": parcel.channel,
        "text": _spell_letter(parcel.letter),
        "tries": parcel.tries,
        "not_before": parcel.not_before,
        "is_out": parcel.is_out,
    }


def _spell_letter(letter: Letter) -> str:
    items = [[one.topic, one.tab, one.text, list(one.rows), list(one.records)] for one in letter.items]
    return canonical_json([letter.at.isoformat(), letter.subject, items, letter.is_urgent, letter.link])


def _read_letter(name: str, spelled: str) -> Letter:
    at, subject, items, is_urgent, link = json.loads(spelled)
    told_items = tuple(
        Item(Topic(topic) if topic else None, tab, text, tuple(rows), tuple(records))
        for topic, tab, text, rows, records in items
    )
    return Letter(name, datetime.fromisoformat(at), subject, told_items, is_urgent=is_urgent, link=link)


def read_news(connection: Connection) -> NewsDesk:
    ledger = {
        row.matter: Told(row.since, row.told_at, row.lifted_at) for row in connection.execute(select(told))
    }
    marks = {
        TabKey(row.spreadsheet, row.tab): Batch(
            row.mark, tuple(json.loads(row.left)), frozenset(json.loads(row.refused))
        )
        for row in connection.execute(select(batches))
    }
    post = [
        Parcel(_read_letter(row.letter, row.text), row.channel, row.tries, row.not_before, row.is_out)
        for row in connection.execute(select(parcels))
    ]
    return NewsDesk(News(ledger, marks), {one.key: one for one in post})
