"""The demo's audience: ticks boxes as a person would and watches the sheet; never looks into the robot.

It goes through the same public endpoints as any other client of the stand-in, under a name of its own.
"""

from __future__ import annotations

import json
import threading
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bot.domain import wording
from bot.domain.cells import Cell, cell_text, column_letters, is_ticked
from bot.domain.control import BoardColumn, read_control

_LOOK_SECONDS = 0.5
_PATIENCE_LOOKS = 1200
"""Looks without any change before the audience gives up."""

_ENDED = (wording.DONE, wording.NEEDS_FIXING, wording.FAILED, wording.NEEDS_DECISION)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as people see it."""

    number: int
    cells: dict[str, Cell]

    def text(self, column: str) -> str:
        """What a cell shows."""
        return cell_text(self.cells.get(column))

    @property
    def status(self) -> str:
        return self.text("Status")

    @property
    def is_data(self) -> bool:
        return bool(self.text("Row ID"))

    @property
    def has_ended(self) -> bool:
        return self.status.startswith(_ENDED)


class Audience:
    """Looks at one tab of the stand-in and ticks boxes in it."""

    def __init__(
        self, base_url: str, spreadsheet: str, tab: str, console: Console, named_by: str = ""
    ) -> None:
        self._book_url = f"{base_url}/v4/spreadsheets/{spreadsheet}"
        self._values_url = f"{self._book_url}/values"
        self._tab = tab
        self._console = console
        self._named_by = named_by

    def rows(self) -> list[SheetRow]:
        """The rows with data, as they are now."""
        said = self._call(
            "GET", self._values_url, f"/{urllib.parse.quote(self._tab)}?valueRenderOption=UNFORMATTED_VALUE"
        )
        header, *lines = said.get("values") or [[]]
        names = [cell_text(name) for name in header]
        found = [
            SheetRow(number, dict(zip(names, [*line, *[None] * (len(names) - len(line))], strict=False)))
            for number, line in enumerate(lines, start=2)
        ]
        return [
            row for row in found if any(row.text(name) for name in names if name not in {"Approve", "Retry"})
        ]

    def fit_columns(self, widths: Mapping[str, int]) -> None:
        """Sets column widths in pixels, by header."""
        header = list(self.rows()[0].cells)
        requests = [
            {
                "updateDimensionProperties": {
                    "range": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1},
                    "properties": {"pixelSize": widths[name]},
                    "fields": "pixelSize",
                }
            }
            for at, name in enumerate(header)
            if name in widths
        ]
        self._call("POST", self._book_url, ":batchUpdate", {"requests": requests})

    def watch(self, leave: threading.Event) -> int:
        """One line whenever something changed, until the person leaves."""
        last = ""
        while not leave.wait(_LOOK_SECONDS):
            line = _counts(self.rows())
            if line != last:
                self._console.print(line, markup=False)
                last = line
        return 0

    def until_done(self, leave: threading.Event) -> int:
        """Ticks every valid row, waits until all have ended, prints what became of them."""
        progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
        )
        task = progress.add_task("Videos", total=None)
        patience, last = _PATIENCE_LOOKS, ""
        with Live(progress, console=self._console, refresh_per_second=4):
            while not leave.wait(_LOOK_SECONDS):
                rows = self.rows()
                self._tick_ready(rows)
                self._go_ahead(rows)
                wanted = [row for row in rows if not row.status.startswith(wording.NEEDS_FIXING)]
                done = sum(row.has_ended for row in wanted)
                seen = _counts(rows)
                progress.update(task, total=len(wanted), completed=done, description=f"Videos  {seen}")
                if rows and all(row.has_ended and row.is_data for row in rows):
                    break
                patience = _PATIENCE_LOOKS if seen != last else patience - 1
                last = seen
                if patience <= 0:
                    self._console.print(
                        "Nothing moves any more; see robot.log in the demo folder.", style="red"
                    )
                    return 1
        if leave.is_set():
            return 1
        return self._summary(self.rows())

    def _tick_ready(self, rows: list[SheetRow]) -> None:
        ready = [
            row for row in rows if row.status == wording.READY and not is_ticked(row.cells.get("Approve"))
        ]
        if not ready:
            return
        column = column_letters(list(ready[0].cells).index("Approve"))
        data = [{"range": f"'{self._tab}'!{column}{row.number}", "values": [[True]]} for row in ready]
        self._call("POST", self._values_url, ":batchUpdate", {"valueInputOption": "RAW", "data": data})

    def _go_ahead(self, rows: list[SheetRow]) -> None:
        """Many rows at once are a question on Control; somebody who wants them all says yes."""
        if not any(row.status == wording.ON_HOLD for row in rows):
            return
        said = self._call("GET", self._values_url, "/Control?valueRenderOption=UNFORMATTED_VALUE")
        board = read_control(said.get("values") or [], 0).board
        place = board.get(BoardColumn.GO_AHEAD)
        if place is not None:
            where = f"Control!{column_letters(place.column)}{place.row}"
            body = {"valueInputOption": "RAW", "data": [{"range": where, "values": [[True]]}]}
            self._call("POST", self._values_url, ":batchUpdate", body)

    def _summary(self, rows: list[SheetRow]) -> int:
        table = Table("Row", escape(self._named_by), "Format", "Status", "Credits", "Video or what to do")
        for row in rows:
            style = "green" if row.status == wording.DONE else "red"
            link = row.text("Video")
            table.add_row(
                str(row.number),
                Text(row.text(self._named_by)[:40]),
                Text(row.text("Format")),
                Text(row.status, style),
                Text(row.text("Credits")),
                # Cut or not, a link can be clicked.
                Text(link or row.text("What to do"), f"link {link}" if link else ""),
            )
        self._console.print(table)
        states = Counter(row.status for row in rows)
        charged = sum(int(row.text("Credits")) for row in rows if row.status == wording.DONE)
        fixing = [str(row.number) for row in rows if row.status == wording.NEEDS_FIXING]
        line = f"{states[wording.DONE]} of {len(rows)} done, {charged} credits."
        if fixing:
            line += f" {len(fixing)} need fixing: rows {', '.join(fixing)}."
        self._console.print(line)
        return 0 if states[wording.DONE] + len(fixing) == len(rows) else 3

    def _call(self, method: str, url: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - always the stand-in's own http origin
            f"{url}{path}",
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Authorization": "Bearer page", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # nosec B310  # noqa: S310 - as above
            said: dict[str, Any] = json.loads(answer.read())
        return said


def _counts(rows: list[SheetRow]) -> str:
    words = Counter(row.status.rstrip("0123456789% ") or "…" for row in rows)
    return ", ".join(f"{count} {word}" for word, count in words.most_common())
