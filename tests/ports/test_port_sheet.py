"""The sheet port: one suite for the fake and for the Google adapter over real HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol

import pytest
from builders import NOW
from fakes.sheet import FakeSheet

from bot.adapters.google_account import GoogleSheets, SheetUnavailableError
from bot.adapters.google_sheet import GoogleTab, look_at
from bot.domain.cells import Cell, Formula, Written
from bot.domain.control import BoardColumn, Control, Label, Switches, blank_control, read_control
from bot.domain.failures import Failure
from bot.domain.ids import RecordId
from bot.planner.actions import BoardEdit, CellEdit
from bot.ports import Beside, Reading, Receipt, Sheet, Target
from bot.sandbox.serve import SandboxServer

HEADER = ("Headline", "Approve", "Retry", "Status", "Row ID")
HEADLINE, APPROVE, RETRY, STATUS, ROW_ID = range(5)
TARGET = Target(ROW_ID, (APPROVE, RETRY), HEADER)


class Hands(Protocol):
    """A tab, and a person at it."""

    sheet: Sheet

    def type(self, number: int, column: str, value: Cell) -> None: ...
    def sort(self) -> None: ...
    def insert(self, number: int, headline: str) -> None: ...
    def delete(self, number: int) -> None: ...
    def insert_column(self, at: int) -> None: ...
    def delete_column(self, at: int) -> None: ...
    def rename(self, title: str) -> None: ...


class FakeHands:
    """A person at the fake."""

    def __init__(self, rows: Sequence[Mapping[str, Cell]]) -> None:
        self._fake = FakeSheet(HEADER)
        for row in rows:
            self._fake.add(row)
        self.sheet: Sheet = self._fake

    def type(self, number: int, column: str, value: Cell) -> None:
        self._fake.type(number, column, value)

    def sort(self) -> None:
        self._fake.sort("Headline")

    def insert(self, number: int, headline: str) -> None:
        self._fake.insert(number, {"Headline": headline})

    def delete(self, number: int) -> None:
        self._fake.delete(number)

    def insert_column(self, at: int) -> None:
        self._fake.insert_column(at)

    def delete_column(self, at: int) -> None:
        self._fake.delete_column(HEADER[at])

    def rename(self, title: str) -> None:
        self._fake.rename(title)


class GoogleHands:
    """A person at a workbook of the stand-in, with a client of their own."""

    def __init__(
        self, rows: Sequence[Mapping[str, Cell]], server: SandboxServer, google: GoogleSheets
    ) -> None:
        table = [list(HEADER), *([row.get(name) for name in HEADER] for row in rows)]
        key = server.sandbox.sheets.create_workbook(
            "Book", {"Videos": table, "Control": blank_control([("Videos", 0)])}
        )
        self._book = google._client.open_by_key(key)
        self._tab = self._book.worksheet("Videos")
        self._rows = len(rows)
        self.sheet: Sheet = GoogleTab(google, look_at(google, key), "Videos")

    def type(self, number: int, column: str, value: Cell) -> None:
        self._tab.update_cell(number, HEADER.index(column) + 1, "" if value is None else value)

    def sort(self) -> None:
        self._tab.sort((HEADLINE + 1, "asc"), range=f"A2:E{self._rows + 1}")

    def insert(self, number: int, headline: str) -> None:
        self._tab.insert_row([headline], number)

    def delete(self, number: int) -> None:
        self._tab.delete_rows(number)

    def insert_column(self, at: int) -> None:
        self._column("insertDimension", at)

    def delete_column(self, at: int) -> None:
        self._column("deleteDimension", at)

    def _column(self, request: str, at: int) -> None:
        span = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
        self._book.batch_update({"requests": [{request: {"range": span}}]})

    def rename(self, title: str) -> None:
        self._tab.update_title(title)


ROWS = (
    {"Headline": "Delta", "Approve": True, "Row ID": "rdelta"},
    {"Headline": "Alpha", "Approve": False, "Row ID": "ralpha"},
    {"Headline": "Charlie", "Approve": True, "Retry": True, "Row ID": "rcharl"},
)


@pytest.fixture(params=["fake", "google"])
def hands(request: pytest.FixtureRequest) -> Hands:
    if request.param == "fake":
        return FakeHands(ROWS)
    return GoogleHands(ROWS, request.getfixturevalue("server"), request.getfixturevalue("google"))


def read(hands: Hands) -> list[list[Cell]]:
    reading = hands.sheet.read()
    assert isinstance(reading, Reading)
    return [list(row) for row in reading.values]


def write(hands: Hands, *edits: CellEdit, board: Sequence[BoardEdit] = ()) -> Receipt:
    receipt = hands.sheet.write(edits, TARGET, Beside(board))
    assert isinstance(receipt, Receipt)
    return receipt


@pytest.mark.parametrize("at", [HEADLINE, STATUS, ROW_ID])
def test_f_G10_answer_tells_that_a_column_was_inserted(hands: Hands, at: int):
    """The cells written to stand below other headers than those they were meant for."""
    hands.insert_column(at)

    assert write(hands, edit(2, STATUS, "Done", "rdelta")).columns_moved


@pytest.mark.parametrize("at", [HEADLINE, APPROVE, ROW_ID])
def test_f_G10_answer_tells_that_a_column_was_deleted(hands: Hands, at: int):
    """Also the last one, below which nothing is found now."""
    hands.delete_column(at)

    assert write(hands, edit(2, STATUS, "Done", "rdelta")).columns_moved


def test_f_G10_column_beside_all_that_is_written_is_nobody_s_trouble(hands: Hands):
    """What stands where it was meant to stand is in place."""
    hands.insert_column(ROW_ID + 1)
    hands.type(1, "Headline", "headLINE ")

    assert not write(hands, edit(2, STATUS, "Done", "rdelta")).columns_moved


def edit(number: int, column: int, value: Written, record: str | None) -> CellEdit:
    return CellEdit(number, column, value, RecordId(record) if record else None)


# -- reading ------------------------------------------------------------------


def test_reading_has_header_and_rows(hands: Hands):
    """Typed values in rows; blanks inside a row are empty text."""
    assert read(hands) == [
        list(HEADER),
        ["Delta", True, "", "", "rdelta"],
        ["Alpha", False, "", "", "ralpha"],
        ["Charlie", True, True, "", "rcharl"],
    ]


def test_trailing_blanks_are_left_out(hands: Hands):
    """Rows are ragged, as the service hands them out."""
    hands.type(3, "Row ID", None)
    hands.type(3, "Approve", None)

    assert read(hands)[2] == ["Alpha"]


@pytest.mark.parametrize("value", [12, 12.5, "012", "Größe 👩‍👧", True, "=1+1 as text"])
def test_value_is_read_with_its_type(hands: Hands, value: Cell):
    """Numbers stay numbers and digits in text stay text."""
    write(hands, edit(2, STATUS, value, "rdelta"))

    assert read(hands)[1][STATUS] == value


def test_rename_is_harmless(hands: Hands):
    """The tab is addressed by its number; the reading knows its new title."""
    hands.rename("Cli'ps")
    reading = hands.sheet.read()
    receipt = write(hands, edit(2, STATUS, "Done", "rdelta"))

    assert isinstance(reading, Reading)
    assert reading.title == "Cli'ps"
    assert receipt.misplaced == ()
    assert read(hands)[1][STATUS] == "Done"


def test_zone_and_key(hands: Hands):
    """The tab knows whose times it shows and which one it is."""
    assert NOW.astimezone(hands.sheet.zone).utcoffset() == timedelta(0)
    assert hands.sheet.key.tab == 0


# -- writing ------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+49 30 1234", "@home", "1e999", "TRUE", "12.03.2026", "'x", " a "])
def test_text_is_never_parsed(hands: Hands, text: str):
    """Whatever the text looks like, it stays that text."""
    write(hands, edit(2, STATUS, text, "rdelta"))

    assert read(hands)[1][STATUS] == text


def test_many_cells_in_one_write(hands: Hands):
    """Neighbours, single cells and different rows; everything else stays as it was."""
    write(
        hands,
        edit(4, STATUS, "Waiting", "rcharl"),
        edit(2, STATUS, "Done", "rdelta"),
        edit(2, APPROVE, False, "rdelta"),
        edit(4, RETRY, False, "rcharl"),
        edit(3, ROW_ID, "ralph2", "ralph2"),
    )

    assert read(hands)[1:] == [
        ["Delta", False, "", "Done", "rdelta"],
        ["Alpha", False, "", "", "ralph2"],
        ["Charlie", True, False, "Waiting", "rcharl"],
    ]


def test_none_empties_a_cell(hands: Hands):
    """Nothing is left behind, not even empty text at a row's end."""
    write(hands, edit(2, ROW_ID, None, None), edit(2, APPROVE, None, None))

    assert read(hands)[1] == ["Delta"]


def test_formula_is_no_text(hands: Hands):
    """A formula of ours reads back as what it shows, for a picture: nothing."""
    write(hands, edit(2, STATUS, Formula("=IMAGE(F2)"), "rdelta"))

    assert read(hands)[1][STATUS] == ""


def control(hands: Hands) -> Control:
    reading = hands.sheet.read()
    assert isinstance(reading, Reading)
    assert reading.control is not None
    return read_control(reading.control, 0)


def test_control_is_read_along(hands: Hands):
    """Control comes with every read, its boxes as booleans and its lines in their places."""
    seen = control(hands)

    assert seen.switches == Switches(run=True, has_go_ahead=True)
    assert seen.said(seen.board[BoardColumn.TAB]) == "Videos"


def test_control_is_written_along(hands: Hands):
    """Its cells go out with the rows' or alone."""
    says = control(hands).labels[Label.SAYS]
    write(hands, edit(2, STATUS, "Done", "rdelta"), board=[BoardEdit(says, "working")])
    first = control(hands).said(says)
    receipt = write(hands, board=[BoardEdit(says, "stopped")])

    assert (first, control(hands).said(says)) == ("working", "stopped")
    assert receipt == Receipt((), frozenset())


# -- what the answer of a write tells -----------------------------------------


def test_rows_in_their_places_are_not_misplaced(hands: Hands):
    """Ids are where they were: all is well, and boxes that are empty are named."""
    receipt = write(hands, edit(2, APPROVE, False, "rdelta"), edit(4, STATUS, "Done", "rcharl"))

    assert receipt.misplaced == ()
    assert receipt.emptied == {(RecordId("rdelta"), APPROVE), (RecordId("rdelta"), RETRY)}


@pytest.mark.parametrize("move", ["sort", "insert", "delete"])
def test_rows_that_moved_after_the_read_are_told(hands: Hands, move: str):
    """The answer shows other ids beside the written cells: those records are named, their boxes are not."""
    read(hands)
    if move == "sort":
        hands.sort()
    elif move == "insert":
        hands.insert(2, "Echo")
    else:
        hands.delete(2)
    receipt = write(hands, edit(2, STATUS, "Done", "rdelta"), edit(2, APPROVE, False, "rdelta"))

    assert receipt.misplaced == (RecordId("rdelta"),)
    assert receipt.emptied == frozenset()


def test_rows_without_a_record_are_never_misplaced(hands: Hands):
    """Cleaning a blank row asks for no id."""
    receipt = write(hands, edit(5, STATUS, None, None), edit(2, STATUS, "Done", "rdelta"))

    assert receipt.misplaced == ()


def test_box_ticked_again_in_the_meantime_is_not_empty(hands: Hands):
    """Only what the answer shows empty counts as seen empty."""
    hands.type(2, "Retry", value=True)
    receipt = write(hands, edit(2, APPROVE, False, "rdelta"))

    assert receipt.emptied == {(RecordId("rdelta"), APPROVE)}


def test_row_beyond_the_grid_is_a_failure_and_nothing_is_written(hands: Hands):
    """Rows deleted meanwhile: the write is refused as a whole."""
    answer = hands.sheet.write(
        [edit(2, STATUS, "Done", "rdelta"), edit(5000, STATUS, "Done", "ralpha")], TARGET
    )

    assert isinstance(answer, Failure)
    assert read(hands)[1][STATUS] == ""


# -- opening a Google tab -----------------------------------------------------


def test_unknown_tab_names_the_ones_there_are(server: SandboxServer, google: GoogleSheets):
    """A wrong tab name in the settings says what it could have been."""
    key = server.sandbox.sheets.create_workbook("Book", {"Videos": [], "Control": []})
    with pytest.raises(SheetUnavailableError, match=r'has no tab "Vidoes"\. Its tabs: "Videos", "Control"'):
        GoogleTab(google, look_at(google, key), "Vidoes")


def test_unknown_spreadsheet_says_where_to_look(google: GoogleSheets):
    """A wrong address in the settings is a matter of settings."""
    with pytest.raises(SheetUnavailableError, match="There is no spreadsheet"):
        look_at(google, "1nobodyhasthisspreadsheet")


def test_spreadsheet_is_known_by_its_address(server: SandboxServer, google: GoogleSheets):
    """The link from the browser's address line will do."""
    key = server.sandbox.sheets.create_workbook("Book", {"Videos": []}, time_zone="Asia/Kolkata")
    found = look_at(google, f"https://docs.google.com/spreadsheets/d/{key}/edit#gid=0")

    assert (found.spreadsheet, found.title, str(found.zone)) == (key, "Book", "Asia/Kolkata")
