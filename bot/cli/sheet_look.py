"""A look at the sheet as people see it right now: one read for a tab, nothing written, the robot not disturbed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.adapters.google_account import GoogleSheets, SheetUnavailableError
from bot.adapters.google_sheet import GoogleTab, look_at
from bot.domain.cells import Cell, cell_text, fold, from_serial
from bot.domain.contract import Field, RobotColumn
from bot.domain.control import BoardColumn, Control, read_control
from bot.domain.failures import Failure
from bot.domain.ids import RecordId, TabKey, spreadsheet_id
from bot.domain.rows import Row, Table
from bot.domain.values import locale_named, value_text
from bot.settings import Settings, SheetSettings
from bot.wiring import google


@dataclass(frozen=True, slots=True)
class TabLook:
    """One tab as read at one moment."""

    settings: SheetSettings
    key: TabKey
    title: str
    zone: tzinfo
    locale: str
    rows: tuple[Row, ...]
    places: Mapping[str, int]
    """Where each header stands, by its folded text; the first one where there are several."""

    control: Control

    def cell(self, row: Row, column: str) -> Cell:
        """What a row holds below this header; None below one that is not there."""
        place = self.places.get(fold(column))
        return row.at(place) if place is not None else None

    def text(self, row: Row, field: Field) -> str:
        """The same as the robot reads it."""
        return value_text(field.type, self.cell(row, field.column), locale_named(self.locale))

    def rows_of(self, record: RecordId) -> list[Row]:
        """The rows with this id: one, unless somebody copied it a moment ago."""
        return [row for row in self.rows if cell_text(self.cell(row, RobotColumn.ROW_ID)) == record]

    @property
    def going_on(self) -> str:
        """What the robot last said of the whole tab on Control: also what holds it up, and what lifts that."""
        return cell_text(self.control.said(self.control.board.get(BoardColumn.GOING_ON)))

    @property
    def looked_at(self) -> datetime | None:
        """When a robot last signed on Control."""
        local = from_serial(self.control.looked_at)
        return local.replace(tzinfo=self.zone) if local is not None else None


@dataclass(frozen=True, slots=True)
class NoLook:
    """Why a tab could not be looked at."""

    settings: SheetSettings
    reason: str


def looks(settings: Settings, spreadsheets: Collection[str] | None = None) -> list[TabLook | NoLook]:
    """Every tab of the settings, or those of these spreadsheets. One that is out of reach says why."""
    wanted = [
        sheet
        for sheet in settings.sheets
        if spreadsheets is None or spreadsheet_id(sheet.spreadsheet) in spreadsheets
    ]
    return list(_looked(settings, wanted)) if wanted else []


def _looked(settings: Settings, wanted: Sequence[SheetSettings]) -> Iterator[TabLook | NoLook]:
    try:
        client = google(settings)
    except SheetUnavailableError as error:
        yield from (NoLook(sheet, str(error)) for sheet in wanted)
        return
    try:
        for sheet in wanted:
            yield _look(client, sheet)
    finally:
        client.close()


def _look(client: GoogleSheets, sheet: SheetSettings) -> TabLook | NoLook:
    try:
        workbook = look_at(client, sheet.spreadsheet, sheet.header_row)
        tab = GoogleTab(client, workbook, sheet.tab)
    except SheetUnavailableError as error:
        return NoLook(sheet, str(error))
    reading = tab.read()
    if isinstance(reading, Failure):
        return NoLook(sheet, f"The tab cannot be read: {reading.detail}.")
    table = Table.of(reading.values)
    places: dict[str, int] = {}
    for place, cell in enumerate(table.header):
        places.setdefault(fold(cell_text(cell)), place)
    control = read_control(reading.control or (), tab.key.tab)
    return TabLook(sheet, tab.key, reading.title, tab.zone, tab.locale, table.rows, places, control)
