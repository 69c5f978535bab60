"""Preparing a sheet: what is added to an empty tab and to a filled one, and that it follows the words there are."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.google_account import GoogleSheets
from bot.adapters.google_sheet import GoogleTab, look_at, values_of
from bot.adapters.sheet_builder import Building, build, survey
from bot.adapters.status_looks import COLOURS, NEEDS_ME
from bot.adapters.template_folder import BUILT_IN, load_template
from bot.domain import wording
from bot.domain.contract import VISIBLE_ROBOT_COLUMNS, PeopleColumn, RobotColumn
from bot.domain.control import BoardColumn, Label, read_control
from bot.planner.actions import BoardEdit
from bot.ports import Beside, Target
from bot.sandbox.serve import SandboxServer

FILLED = ["Approve", "Campaign", "Headline", "Subline", "Price", "CTA", "Accent colour"]


class Tab:
    """One prepared tab, as the API shows it."""

    def __init__(self, server: SandboxServer, google: GoogleSheets, header: list[str]) -> None:
        self._google = google
        self.key = server.sandbox.sheets.create_workbook("Book", {"Videos": [header] if header else []})
        self.built = self.prepare()

    def prepare(self) -> Building:
        book = look_at(self._google, self.key)
        building = survey(self._google, book, "Videos", load_template(BUILT_IN))
        build(self._google, book, building)
        return building

    @property
    def header(self) -> list[Any]:
        values = values_of(self._google, look_at(self._google, self.key), "Videos")
        assert values is not None
        return values[0]

    def change(self, *requests: dict[str, Any]) -> None:
        """Somebody's hands."""
        said = self._google.request(
            "post", f"{self.key}:batchUpdate", {"fields": "spreadsheetId"}, {"requests": list(requests)}
        )
        assert isinstance(said, dict), said

    def lose(self, column: str) -> None:
        """Somebody deletes a column."""
        at = self.header.index(column)
        span = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
        self.change({"deleteDimension": {"range": span}})

    def sheet(self, fields: str) -> dict[str, Any]:
        said = self._google.request("get", self.key, {"fields": f"sheets({fields})"}, None)
        assert isinstance(said, dict)
        return said["sheets"][0]

    def looks(self) -> dict[str, Any]:
        """How each header is written."""
        wanted = "data.rowData.values.userEnteredFormat.textFormat(bold,italic)"
        [line, *_] = self.sheet(wanted)["data"][0]["rowData"]
        formats = [cell.get("userEnteredFormat", {}).get("textFormat", {}) for cell in line["values"]]
        return dict(zip(self.header, formats, strict=False))

    def rule(self, column: str) -> Any:
        said = self._google.request(
            "get",
            self.key,
            {
                "fields": "sheets.data.rowData.values(dataValidation,userEnteredFormat)",
                "ranges": "Videos!2:2",
            },
            None,
        )
        assert isinstance(said, dict)
        cells = said["sheets"][0]["data"][0]["rowData"][0]["values"]
        return cells[self.header.index(column)]


@pytest.fixture
def prepared(server: SandboxServer, google: GoogleSheets) -> Any:
    return lambda header=(): Tab(server, google, list(header))


def test_empty_tab_gets_every_column(prepared: Any):
    """A tab with nothing in it is laid out whole, the optional columns too."""
    header = prepared().header

    assert [name for name in header if name in set(PeopleColumn)] == [
        "Approve",
        "Format",
        "Render at",
        "Priority",
        "Max credits",
        "Retry",
    ]
    assert header[-len(RobotColumn) :] == list(RobotColumn)


def test_filled_tab_is_not_forced(prepared: Any):
    """A tab that people have laid out gets nothing of theirs that it can do without."""
    header = prepared(FILLED).header

    assert header == [*FILLED, "Format", "Retry", *RobotColumn]


@pytest.mark.parametrize("header", [(), (*FILLED, "render at", "PRIORITY", "Max Credits")])
def test_times_and_turns_can_be_picked(prepared: Any, header: tuple[str, ...]):
    """Where the columns are, however they are spelled, there is a calendar, a dropdown and a rule for amounts."""
    tab = prepared(header)
    time, priority, most = (
        next(str(name) for name in tab.header if str(name).casefold() == wanted)
        for wanted in ("render at", "priority", "max credits")
    )

    assert tab.rule(time)["dataValidation"]["condition"]["type"] == "DATE_IS_VALID"
    assert tab.rule(time)["userEnteredFormat"]["numberFormat"]["type"] == "DATE_TIME"
    values = tab.rule(priority)["dataValidation"]["condition"]["values"]
    assert [value["userEnteredValue"] for value in values] == ["High", "Normal", "Low"]
    assert tab.rule(most)["dataValidation"]["condition"]["type"] == "NUMBER_GREATER_THAN_EQ"


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "tr_TR"])
def test_formulas_of_control_in_any_locale(server: SandboxServer, google: GoogleSheets, locale: str):
    """Half of Europe divides arguments by semicolons: the heartbeat and the bar are no errors there."""
    key = server.sandbox.sheets.create_workbook("Book", {"Videos": [FILLED]}, locale=locale)
    book = look_at(google, key)
    build(google, book, survey(google, book, "Videos", load_template(BUILT_IN)))
    prepared = look_at(google, key)
    values = values_of(google, prepared, "Control")
    assert values is not None
    control = read_control(values, 0)
    tab = GoogleTab(google, prepared, "Videos")
    tab.write([], Target(0, ()), Beside([BoardEdit(control.board[BoardColumn.DONE], 3)]))
    after = values_of(google, prepared, "Control")

    assert values[0] == ["Robot: not started yet"]
    assert read_control(after or [], 0).said(control.board[BoardColumn.PROGRESS]) == "█" * 10


def test_nothing_to_add_twice(prepared: Any):
    """A second run finds everything there."""
    tab = prepared()
    before = tab.sheet("conditionalFormats,filterViews")

    assert tab.prepare().requests == ()
    assert tab.sheet("conditionalFormats,filterViews") == before


def test_what_is_missing_on_control_comes_back(prepared: Any, google: GoogleSheets):
    """Somebody deletes a switch, the robot's own cells and the first line: each is put back, once."""
    tab = prepared()
    book = look_at(google, tab.key)
    values = values_of(google, book, "Control") or []
    before = read_control(values, 0)
    lost = [Label.CHECK_ONLY, Label.DAY_CAP, Label.LOOKED_AT]
    for row in sorted((before.labels[label].row for label in lost), reverse=True):
        span = {"sheetId": book.tabs["Control"], "dimension": "ROWS", "startIndex": row - 1, "endIndex": row}
        tab.change({"deleteDimension": {"range": span}})
    broken = values_of(google, book, "Control") or []
    additions = tab.prepare().additions
    after = values_of(google, book, "Control") or []

    assert broken[0] == ["#REF!"]
    assert additions == (
        '"Control": "Check only", "Credits per day", "Last looked"',
        'the first line of "Control"',
    )
    assert set(read_control(after, 0).labels) == set(Label)
    assert after[0] == ["Robot: not started yet"]
    assert read_control(after, 0).switches == before.switches
    assert tab.prepare().requests == ()


def test_control_made_into_something_else(prepared: Any, google: GoogleSheets):
    """The whole block is put below whatever people have there."""
    tab = prepared()
    book = look_at(google, tab.key)
    control = book.tabs["Control"]
    tab.change(
        {
            "updateCells": {
                "range": {"sheetId": control},
                "fields": "userEnteredValue",
                "rows": [{"values": [{"userEnteredValue": {"stringValue": "Lunch on Friday: soup"}}]}],
            }
        }
    )
    additions = tab.prepare().additions
    after = values_of(google, book, "Control") or []

    assert additions == ('the switches and the table of "Control"',)
    assert after[0] == ["Lunch on Friday: soup"]
    assert set(read_control(after, 0).labels) == set(Label)
    assert read_control(after, 0).board
    assert tab.prepare().requests == ()


def test_log_is_a_whole_page(prepared: Any, google: GoogleSheets):
    """What the lines do not reach is gone: an older page, and what somebody typed there."""
    tab = prepared()
    book = look_at(google, tab.key)
    log = book.tabs["Log"]
    tab.change(
        {
            "updateCells": {
                "start": {"sheetId": log, "rowIndex": 190, "columnIndex": 2},
                "fields": "userEnteredValue",
                "rows": [{"values": [{"userEnteredValue": {"stringValue": "hello"}}]}],
            }
        }
    )
    sheet = GoogleTab(google, book, "Videos")
    for lines in (
        [[46237.5, 2, "sale", "Done", 9, "raaab"]] * 5,
        [[46238.5, 3, "sale", "Sending", None, "rbbbb"]],
    ):
        sheet.write([], Target(0, ()), Beside(log=lines))

    assert values_of(google, book, "Log") == [
        list(wording.LOG_HEADER),
        [46238.5, 3, "sale", "Sending", "", "rbbbb"],
    ]


def test_every_status_word_has_one_colour(prepared: Any):
    """Each word is coloured exactly once, and colours go by its beginning."""
    rules = [one["booleanRule"] for one in prepared().sheet("conditionalFormats")["conditionalFormats"]]
    words = [rule["condition"]["values"][0]["userEnteredValue"] for rule in rules]

    assert sorted(words) == sorted(wording.STATUS_WORDS)
    assert {rule["condition"]["type"] for rule in rules} == {"TEXT_STARTS_WITH"}


def test_missing_colours_are_added(prepared: Any):
    """A sheet prepared before a word existed gets its colour when it is prepared again."""
    tab = prepared()
    tab.change(*[{"deleteConditionalFormatRule": {"sheetId": 0, "index": 1}}] * 2)

    assert tab.prepare().additions == ("state colours",)
    rules = tab.sheet("conditionalFormats")["conditionalFormats"]
    assert len(rules) == len(wording.STATUS_WORDS)


def test_needs_me_shows_what_needs_a_person(prepared: Any):
    """The filter view hides exactly the words that move on without anybody."""
    [view] = prepared().sheet("filterViews")["filterViews"]
    hidden = view["filterSpecs"][0]["filterCriteria"]["hiddenValues"]
    shown = [word for word in wording.STATUS_WORDS if word not in hidden]

    assert view["title"] == NEEDS_ME
    assert shown == list(wording.NEEDS_A_PERSON)
    assert {"Rendering 0%", "Rendering 100%", ""} <= set(hidden)


def test_status_made_anew_gets_its_colours_and_its_view(prepared: Any):
    """Somebody deletes `Status`: its colours go with it, and the view goes by the new one afterwards."""
    tab = prepared(FILLED)
    [before] = tab.sheet("filterViews")["filterViews"]
    tab.lose("Status")
    [orphan] = tab.sheet("filterViews")["filterViews"]
    additions = tab.prepare().additions
    [view] = tab.sheet("filterViews")["filterViews"]
    rules = tab.sheet("conditionalFormats")["conditionalFormats"]
    status = tab.header.index("Status")

    assert orphan["filterSpecs"] == []
    assert additions == ('columns "Status"', "state colours", 'the filter view "Needs me"')
    assert status == len(tab.header) - 1
    assert {spot["startColumnIndex"] for rule in rules for spot in rule["ranges"]} == {status}
    assert [spec["columnIndex"] for spec in view["filterSpecs"]] == [status]
    assert view["filterSpecs"][0]["filterCriteria"] == before["filterSpecs"][0]["filterCriteria"]
    assert view["filterViewId"] == before["filterViewId"]
    assert tab.prepare().requests == ()


def test_status_renamed_leaves_the_old_column_its_colours(prepared: Any):
    """Somebody keeps the old words under another name: they stay coloured, and the new column is coloured too."""
    tab = prepared(FILLED)
    old = tab.header.index("Status")
    tab.change(
        {
            "updateCells": {
                "start": {"sheetId": 0, "rowIndex": 0, "columnIndex": old},
                "fields": "userEnteredValue",
                "rows": [{"values": [{"userEnteredValue": {"stringValue": "Last week"}}]}],
            }
        }
    )
    tab.prepare()
    rules = tab.sheet("conditionalFormats")["conditionalFormats"]
    [view] = tab.sheet("filterViews")["filterViews"]
    new = tab.header.index("Status")
    places = [spot["startColumnIndex"] for rule in rules for spot in rule["ranges"]]

    assert sorted(places) == sorted([old, new] * len(wording.STATUS_WORDS))
    assert [spec["columnIndex"] for spec in view["filterSpecs"]] == [new]
    assert tab.prepare().requests == ()


def test_view_and_colours_follow_a_moved_status(prepared: Any):
    """Somebody moves `Status` to the front: nothing is to be added."""
    tab = prepared(FILLED)
    at = tab.header.index("Status")
    span = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
    tab.change({"moveDimension": {"source": span, "destinationIndex": 0}})

    assert tab.header[0] == "Status"
    assert tab.prepare().requests == ()


def test_technical_column_made_anew_is_hidden_too(prepared: Any):
    """It is for nobody's eyes, at whatever edge it stands."""
    tab = prepared(FILLED)
    tab.lose("Attempt")
    tab.prepare()
    columns = tab.sheet("data(columnMetadata(hiddenByUser))")["data"][0]["columnMetadata"]
    hidden = [name for name, column in zip(tab.header, columns, strict=False) if column.get("hiddenByUser")]

    assert set(hidden) == set(RobotColumn) - set(VISIBLE_ROBOT_COLUMNS)


def test_looks_of_the_header_are_people_s_afterwards(prepared: Any):
    """A column that comes back changes nothing about the others: theirs, and the robot's own quiet ones."""
    tab = prepared(FILLED)
    plain = {
        "repeatCell": {
            "range": {"sheetId": 0, "endRowIndex": 1, "endColumnIndex": 1},
            "cell": {},
            "fields": "userEnteredFormat.textFormat.bold",
        }
    }
    tab.change(plain)
    before = tab.looks()
    tab.lose("Status")
    tab.prepare()

    assert before["Headline"]["bold"]
    assert before["Video"]["italic"]
    assert not before["Approve"].get("bold")
    assert tab.looks() == before


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("fill", "ink", "words"), COLOURS)
def test_colours_can_be_read(fill: str | None, ink: str, words: tuple[str, ...]):
    """Ink stands out from its fill (WCAG AA for text)."""
    brighter, darker = _light(fill or "#FFFFFF"), _light(ink)

    assert (brighter + 0.05) / (darker + 0.05) >= 4.5


def test_a_log_of_people_s_is_left_alone(server: SandboxServer, google: GoogleSheets):
    """A tab that is only called Log loses nothing, and whoever prepares the sheet is told."""
    diary = [["Date", "Who"], ["2026-01-01", "Ann called"]]
    lines = {"Videos": [["Approve", "Headline", "Price"]], "Log": diary}
    server.sandbox.sheets.create_workbook("Theirs", lines, spreadsheet_id="theirs")
    building = survey(google, look_at(google, "theirs"), "Videos", load_template(BUILT_IN))
    build(google, look_at(google, "theirs"), building)
    book = look_at(google, "theirs")
    GoogleTab(google, book, "Videos").write([], Target(0, ()), Beside(log=[[46237.5, 2, "sale", "Done"]]))

    assert values_of(google, book, "Log") == diary
    assert building.remarks[0].startswith('The tab "Log" is yours: the robot leaves it alone')
