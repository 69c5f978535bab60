"""All workbooks: opened when first asked for, changed under one lock, saved before a change is answered.

A change that fails half-way leaves no trace: the workbook is forgotten and read back from disk.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.sandbox.sheets.changes import Change, ChangeLog, TabChange
from bot.sandbox.sheets.grid import Tab
from bot.sandbox.sheets.habits import Habits
from bot.sandbox.sheets.sharing import ANYBODY, Caller, let_in, new_permissions
from bot.sandbox.sheets.store import Store
from bot.sandbox.sheets.wire import ApiError, Json, not_found
from bot.sandbox.sheets.workbook import Workbook

_ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def now_text() -> str:
    """The moment as Drive writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Library:
    """The workbooks in one file. `lock` may be held over several calls to see one state."""

    def __init__(self, path: Path, habits: Habits) -> None:
        self.lock = threading.RLock()
        self.habits = habits
        self._store = Store(path, habits)
        self._open: dict[str, Workbook] = {}
        self._logs: dict[str, ChangeLog] = {}
        # Told of every change at once, under the lock.
        self.on_change: Callable[[Workbook, dict[int, TabChange]], None] | None = None

    def close(self) -> None:
        with self.lock:
            self._store.close()

    def ids(self) -> list[str]:
        with self.lock:
            return self._store.ids()

    def log(self, spreadsheet_id: str) -> ChangeLog:
        with self.lock:
            return self._logs.setdefault(spreadsheet_id, ChangeLog())

    def wake_all(self) -> None:
        """Wakes every live reader, so that it can see that the service ends."""
        with self.lock:
            for log in self._logs.values():
                log.wake()

    def open(self, spreadsheet_id: str) -> Workbook:
        """Raises ApiError (404) for an unknown id."""
        with self.lock:
            workbook = self._open.get(spreadsheet_id)
            if workbook is None:
                workbook = self._store.load(spreadsheet_id)
                if workbook is None:
                    raise not_found()
                self._open[spreadsheet_id] = workbook
            return workbook

    def file(self, spreadsheet_id: str) -> Workbook:
        """The same as Drive says it. Raises ApiError (404) with the id in it."""
        try:
            return self.open(spreadsheet_id)
        except ApiError as error:
            raise ApiError(404, "NOT_FOUND", f"File not found: {spreadsheet_id}.") from error

    def create(
        self,
        properties: Json,
        tabs: list[Tab],
        spreadsheet_id: str | None = None,
        caller: Caller = ANYBODY,
    ) -> Workbook:
        """A new workbook of the caller's, saved; the id is drawn when none is wished for."""
        with self.lock:
            wished = spreadsheet_id or "".join(secrets.choice(_ID_LETTERS) for _ in range(44))
            moment = now_text()
            workbook = Workbook(wished, properties, self._store.styles, (moment, moment), self._store.habits)
            workbook.permissions = new_permissions(caller)
            for tab in tabs:
                workbook.add_tab(tab)
            self._open[wished] = workbook
            self._commit(workbook)
            return workbook

    def delete(self, spreadsheet_id: str) -> None:
        with self.lock:
            self.open(spreadsheet_id)
            self._store.delete(spreadsheet_id)
            del self._open[spreadsheet_id]
            log = self._logs.pop(spreadsheet_id, None)
            if log is not None:
                # Its live readers find that the workbook is gone, and end.
                log.wake()

    @contextmanager
    def as_caller(self, spreadsheet_id: str, caller: Caller, *, writes: bool) -> Iterator[None]:
        """Lets the caller in for as long as the block lasts. Raises ApiError (403) where the file is not shared."""
        with self.lock:
            workbook = self.open(spreadsheet_id)
            let_in(workbook.permissions, caller, writes=writes)
            workbook.caller = caller
            try:
                yield
            finally:
                workbook.caller = ANYBODY

    @contextmanager
    def change(self, spreadsheet_id: str) -> Iterator[Workbook]:
        """The workbook to be changed; evaluated, saved and told to live readers when the block ends well."""
        with self.lock:
            workbook = self.open(spreadsheet_id)
            try:
                yield workbook
                self._commit(workbook)
            except BaseException:
                # Read back from disk when next asked for: whatever the failed change did is gone.
                self._open.pop(spreadsheet_id, None)
                raise

    def tick(self) -> None:
        """Time has passed: formulas that show it are evaluated again where the file asks for that."""
        with self.lock:
            for workbook in self._open.values():
                if workbook.has_volatile and workbook.properties.get("autoRecalc") in {"MINUTE", "HOUR"}:
                    self._commit(workbook)

    def _commit(self, workbook: Workbook) -> None:
        workbook.check_width()
        workbook.calculate(_changed_rows(workbook))
        if not _is_changed(workbook):
            return
        workbook.revision += 1
        workbook.modified = now_text()
        tabs = {
            tab.sheet_id: TabChange(set(tab.changes.rows), tab.changes.structure or workbook.order_changed)
            for tab in workbook.tabs
            if tab.changes or workbook.order_changed or workbook.properties_changed
        }
        self._store.save(workbook)
        self.log(workbook.id).add(Change(workbook.revision, tabs))
        if self.on_change is not None:
            self.on_change(workbook, tabs)


def _is_changed(workbook: Workbook) -> bool:
    return (
        workbook.order_changed
        or workbook.properties_changed
        or any(bool(tab.changes) for tab in workbook.tabs)
    )


def _changed_rows(workbook: Workbook) -> dict[int, list[int]]:
    changed = {}
    for tab in workbook.tabs:
        if tab.changes.rows:
            keys = tab.changes.rows
            changed[tab.sheet_id] = [index for index, row in enumerate(tab.rows) if row.key in keys]
    return changed
