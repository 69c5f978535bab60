"""Tabs that people rename, delete and make anew: ours is the one with our number."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.google_account import GoogleSheets
from bot.adapters.google_sheet import GoogleTab, look_at
from bot.domain.control import Place
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import RecordId
from bot.domain.pace import Pace, Quota
from bot.planner.actions import BoardEdit, CellEdit
from bot.ports import Beside, Reading, Receipt, Target
from bot.sandbox.serve import SandboxServer

HEADER = ["Headline", "Row ID"]
TARGET = Target(1, (), HEADER)


class Book:
    """A spreadsheet with the robot's tab, and somebody's hands on it."""

    def __init__(self, server: SandboxServer, google: GoogleSheets) -> None:
        tabs = {"Videos": [HEADER, ["Spring", "raaab"]], "Control": [["Run", True]]}
        self.key = server.sandbox.sheets.create_workbook("Book", tabs)
        self._google = google
        self.tab = GoogleTab(google, look_at(google, self.key), "Videos")

    def change(self, *requests: dict[str, Any]) -> None:
        body = {"requests": list(requests)}
        said = self._google.request("post", f"{self.key}:batchUpdate", {"fields": "spreadsheetId"}, body)
        assert isinstance(said, dict), said

    def write(self) -> Receipt | Failure:
        edits = [CellEdit(2, 0, "Summer", RecordId("raaab"))]
        return self.tab.write(edits, TARGET, Beside([BoardEdit(Place(2, 0), "working")]))


@pytest.fixture
def book(server: SandboxServer, google: GoogleSheets) -> Book:
    return Book(server, google)


def deletion(tab: int) -> dict[str, Any]:
    return {"deleteSheet": {"sheetId": tab}}


@pytest.mark.parametrize("again", [False, True], ids=["deleted", "deleted and made anew"])
def test_f_G09_deleted_tab_is_told_and_nothing_else_is_written(book: Book, again: bool):
    """Another tab of the same name is not ours: its number is another one."""
    anew = [{"addSheet": {"properties": {"sheetId": 5, "title": "Videos"}}}] if again else []
    book.change(deletion(0), *anew)
    said = [book.tab.read(), book.write(), book.write()]

    for one in said:
        assert isinstance(one, Failure), one
        assert (one.kind, one.code) == (FailureClass.REJECTED, ProblemCode.HEADER)
        assert one.detail == 'the tab "Videos" was deleted; undo that, or take it out of bot.toml'


def test_f_G09_refusal_is_told_as_it_is_while_the_quota_keeps_the_second_look_back(book: Book):
    """That the list of tabs could not be asked for is not why the tab cannot be read."""
    quota = book.tab._sheets.quota
    book.change(deletion(0))
    book.tab._sheets.quota = Quota(Pace(burst=1.0), Pace())
    first = book.tab.read()
    book.tab._sheets.quota = quota
    second = book.tab.read()

    assert isinstance(first, Failure)
    assert first.kind is FailureClass.REJECTED
    assert "No grid with id" in first.detail
    assert isinstance(second, Failure)
    assert "was deleted" in second.detail


def test_f_G09_tab_that_comes_back_is_served_again(book: Book):
    """An undo of the deletion brings it back under its number."""
    book.change(deletion(0))
    gone = book.tab.read()
    book.change({"addSheet": {"properties": {"sheetId": 0, "title": "Videos"}}})

    assert isinstance(gone, Failure)
    assert isinstance(book.tab.read(), Reading)


def test_f_G09_control_deleted_stops_no_rows(book: Book):
    """One look is refused, then rows are read and written as ever, without Control."""
    book.change(deletion(1))
    first, second = book.tab.read(), book.tab.read()

    assert isinstance(first, Failure)
    assert isinstance(second, Reading)
    assert second.control is None
    assert book.write() == Receipt((), frozenset())


def test_f_G09_renamed_tab_is_the_same_tab(book: Book):
    """Whatever it is called, and though another one takes its old name."""
    properties = {"sheetId": 0, "title": "Cli'ps"}
    book.change(
        {"updateSheetProperties": {"properties": properties, "fields": "title"}},
        {"addSheet": {"properties": {"sheetId": 5, "title": "Videos"}}},
    )
    reading = book.tab.read()
    said = book.write()
    after = book.tab.read()

    assert isinstance(reading, Reading)
    assert reading.title == "Cli'ps"
    assert said == Receipt((), frozenset())
    assert isinstance(after, Reading)
    assert after.values[1][0] == "Summer"


def test_f_G09_renamed_between_read_and_write(book: Book):
    """The answer cannot be asked for under the old name; whether cells were written or not, one look later they are."""
    book.tab.read()
    rename = {"properties": {"sheetId": 0, "title": "Clips"}, "fields": "title"}
    book.change({"updateSheetProperties": rename})
    refused = book.write()
    between = book.tab.read()
    said = book.write()
    after = book.tab.read()

    assert isinstance(refused, Failure)
    assert isinstance(between, Reading)
    assert said == Receipt((), frozenset())
    assert isinstance(after, Reading)
    assert after.values[1][0] == "Summer"
