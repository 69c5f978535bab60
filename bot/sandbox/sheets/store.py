"""Workbooks on disk: one SQLite file, one transaction for each answered write.

A row of a tab is one record, under a key it keeps for life; the order of rows is one packed list per tab.
So a write costs what it changes, not what the sheet holds. With WAL and synchronous=NORMAL a committed
write survives kill -9 of this process (the operating system has it); only a power cut may lose the
newest ones, which a stand-in may.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable
from pathlib import Path

import orjson

from bot.sandbox.sheets import sharing
from bot.sandbox.sheets.a1 import Rect
from bot.sandbox.sheets.grid import Changes, Formula, Row, Tab
from bot.sandbox.sheets.habits import Habits
from bot.sandbox.sheets.styles import StyleBook
from bot.sandbox.sheets.wire import Json
from bot.sandbox.sheets.workbook import Workbook

_SCHEMA = """
CREATE TABLE IF NOT EXISTS styles (number INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS workbooks (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL, created TEXT NOT NULL, modified TEXT NOT NULL,
    properties BLOB NOT NULL, tab_order BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS tabs (
    workbook TEXT NOT NULL, sheet_id INTEGER NOT NULL, body BLOB NOT NULL, row_order BLOB NOT NULL,
    PRIMARY KEY (workbook, sheet_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lines (
    workbook TEXT NOT NULL, sheet_id INTEGER NOT NULL, key INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (workbook, sheet_id, key)
) WITHOUT ROWID;
"""


# Beside the properties of a spreadsheet; no property can have this name.
_METADATA = "#developerMetadata"
_PERMISSIONS = "#permissions"


class Store:
    """The file. `styles` is shared by all workbooks in it."""

    def __init__(self, path: Path, habits: Habits) -> None:
        self.habits = habits
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)
        self.styles = StyleBook()
        for number, body in self._db.execute("SELECT number, body FROM styles ORDER BY number"):
            self.styles.load(number, body)

    def close(self) -> None:
        self._db.close()

    def ids(self) -> list[str]:
        """Of all workbooks, oldest first."""
        return [row[0] for row in self._db.execute("SELECT id FROM workbooks ORDER BY created, rowid")]

    def delete(self, spreadsheet_id: str) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        for table, column in (("lines", "workbook"), ("tabs", "workbook"), ("workbooks", "id")):
            self._db.execute(f"DELETE FROM {table} WHERE {column} = ?", (spreadsheet_id,))  # nosec B608  # noqa: S608 - names of ours; values are bound
        self._db.execute("COMMIT")

    # ------------------------------------------------------------ save

    def save(self, workbook: Workbook) -> None:
        """Writes what changed since the last save, in one transaction, and forgets the notes about it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._save_styles()
            for sheet_id in workbook.gone_tabs:
                for table in ("lines", "tabs"):
                    self._db.execute(
                        f"DELETE FROM {table} WHERE workbook = ? AND sheet_id = ?",  # nosec B608  # noqa: S608 - names of ours; values are bound
                        (workbook.id, sheet_id),
                    )
            for tab in workbook.tabs:
                self._save_tab(workbook.id, tab)
            self._save_workbook(workbook)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        self.styles.unsaved.clear()
        workbook.gone_tabs.clear()
        workbook.properties_changed = workbook.order_changed = False
        for tab in workbook.tabs:
            tab.changes = Changes()

    def _save_styles(self) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO styles VALUES (?, ?)",
            [(style.number, StyleBook.body(style.format, style.validation)) for style in self.styles.unsaved],
        )

    def _save_workbook(self, workbook: Workbook) -> None:
        if not (workbook.properties_changed or workbook.order_changed):
            self._db.execute(
                "UPDATE workbooks SET revision = ?, modified = ? WHERE id = ?",
                (workbook.revision, workbook.modified, workbook.id),
            )
            return
        self._db.execute(
            "INSERT INTO workbooks VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "revision = excluded.revision, modified = excluded.modified, "
            "properties = excluded.properties, tab_order = excluded.tab_order",
            (
                workbook.id,
                workbook.revision,
                workbook.created,
                workbook.modified,
                orjson.dumps(
                    {
                        **workbook.properties,
                        _METADATA: workbook.metadata,
                        _PERMISSIONS: workbook.permissions,
                    }
                ),
                orjson.dumps([tab.sheet_id for tab in workbook.tabs]),
            ),
        )

    def _save_tab(self, spreadsheet_id: str, tab: Tab) -> None:
        changes = tab.changes
        if changes.order or changes.properties:
            self._db.execute(
                "INSERT INTO tabs VALUES (?, ?, ?, ?) ON CONFLICT (workbook, sheet_id) DO UPDATE SET "
                "body = excluded.body, row_order = excluded.row_order",
                (spreadsheet_id, tab.sheet_id, _tab_body(tab), _packed(row.key for row in tab.rows)),
            )
        self._db.executemany(
            "DELETE FROM lines WHERE workbook = ? AND sheet_id = ? AND key = ?",
            [(spreadsheet_id, tab.sheet_id, key) for key in changes.dropped],
        )
        self._db.executemany(
            "INSERT OR REPLACE INTO lines VALUES (?, ?, ?, ?)",
            [(spreadsheet_id, tab.sheet_id, row.key, _row_body(row)) for row in changes.rows.values()],
        )

    # ------------------------------------------------------------ load

    def load(self, spreadsheet_id: str) -> Workbook | None:
        """The workbook as last saved, its formulas evaluated; None when there is none."""
        found = self._db.execute(
            "SELECT revision, created, modified, properties, tab_order FROM workbooks WHERE id = ?",
            (spreadsheet_id,),
        ).fetchone()
        if found is None:
            return None
        revision, created, modified, properties, order = found
        known = orjson.loads(properties)
        metadata, permissions = known.pop(_METADATA, []), known.pop(_PERMISSIONS, [])
        if not any(one["role"] == "owner" for one in permissions):
            # Files of earlier versions kept the others only.
            permissions = [*sharing.new_permissions(), *permissions]
        workbook = Workbook(spreadsheet_id, known, self.styles, (created, modified), self.habits)
        workbook.metadata, workbook.permissions = metadata, permissions
        workbook.revision = revision
        tabs = {tab.sheet_id: tab for tab in self._load_tabs(spreadsheet_id)}
        workbook.tabs = [tabs[sheet_id] for sheet_id in orjson.loads(order)]
        workbook.calculate({})
        workbook.properties_changed = workbook.order_changed = False
        for tab in workbook.tabs:
            tab.changes = Changes()
        return workbook

    def _load_tabs(self, spreadsheet_id: str) -> list[Tab]:
        tabs = []
        for sheet_id, body, order in self._db.execute(
            "SELECT sheet_id, body, row_order FROM tabs WHERE workbook = ?", (spreadsheet_id,)
        ).fetchall():
            tab = _tab(sheet_id, orjson.loads(body))
            lines = dict(
                self._db.execute(
                    "SELECT key, body FROM lines WHERE workbook = ? AND sheet_id = ?",
                    (spreadsheet_id, sheet_id),
                ).fetchall()
            )
            keys = array("q", order)
            tab.rows = [_row(key, lines.get(key), self.styles) for key in keys]
            tabs.append(tab)
        return tabs


def _packed(keys: Iterable[int]) -> bytes:
    return array("q", keys).tobytes()


def _tab_body(tab: Tab) -> bytes:
    return orjson.dumps(
        {
            "properties": tab.properties,
            "columns": tab.column_count,
            "nextKey": tab.next_key,
            "rowSettings": list(tab.row_settings.items()),
            "columnSettings": list(tab.column_settings.items()),
            "conditionalFormats": tab.conditional_formats,
            "filterViews": tab.filter_views,
            "rowGroups": tab.row_groups,
            "columnGroups": tab.column_groups,
            "marks": tab.marks,
            "merges": [[block.top, block.left, block.bottom, block.right] for block in tab.merges],
        }
    )


def _tab(sheet_id: int, body: Json) -> Tab:
    tab = Tab(sheet_id, body["properties"]["title"], 0, body["columns"])
    tab.properties = body["properties"]
    tab.next_key = body["nextKey"]
    tab.row_settings = dict(body["rowSettings"])
    tab.column_settings = dict(body["columnSettings"])
    tab.conditional_formats = body["conditionalFormats"]
    tab.filter_views = body["filterViews"]
    tab.row_groups = body["rowGroups"]
    tab.column_groups = body["columnGroups"]
    tab.merges = [Rect(*block) for block in body.get("merges", [])]
    tab.marks = {**tab.marks, **body.get("marks", {})}
    return tab


def _row_body(row: Row) -> bytes:
    """Only what was entered; what formulas came to is found again."""
    values = [None if column in row.formulas else value for column, value in enumerate(row.values)]
    return orjson.dumps(
        [
            values,
            [(column, formula.text) for column, formula in row.formulas.items()],
            [(column, style.number) for column, style in row.styles.items()],
            list(row.notes.items()),
            list(row.runs.items()),
        ]
    )


def _row(key: int, body: bytes | None, styles: StyleBook) -> Row:
    if body is None:
        return Row(key)
    values, formulas, numbers, notes, *runs = orjson.loads(body)
    return Row(
        key,
        values,
        {column: Formula(text) for column, text in formulas},
        {column: styles.numbered(number) for column, number in numbers},
        dict(notes),
        # Files of earlier versions have none.
        dict(runs[0]) if runs else {},
    )
