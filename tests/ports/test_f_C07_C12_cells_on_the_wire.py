"""What a read shows of cells that are more than text, and that nothing we write is parsed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.google_account import GoogleSheets
from bot.adapters.google_sheet import GoogleTab, look_at
from bot.domain.ids import RecordId
from bot.planner.actions import CellEdit
from bot.ports import Reading, Target
from bot.sandbox.serve import SandboxServer

HEADER = ["Headline", "Approve", "Status", "Row ID"]


def opened(server: SandboxServer, google: GoogleSheets, *cells: Any, **book: Any) -> tuple[str, GoogleTab]:
    table = [HEADER, *([cell, False, None, "raaab"] for cell in cells)]
    key = server.sandbox.sheets.create_workbook("Book", {"Videos": table}, **book)
    return key, GoogleTab(google, look_at(google, key), "Videos")


def first_column(tab: GoogleTab) -> list[Any]:
    reading = tab.read()
    assert isinstance(reading, Reading)
    return [line[0] if line else None for line in reading.values[1:]]


def change(google: GoogleSheets, key: str, *requests: Any) -> None:
    said = google.request(
        "post", f"{key}:batchUpdate", {"fields": "spreadsheetId"}, {"requests": list(requests)}
    )
    assert isinstance(said, dict), said


def cells(*written: Any) -> Any:
    return {
        "updateCells": {
            "start": {"sheetId": 0, "rowIndex": 1, "columnIndex": 0},
            "rows": [{"values": [one]} for one in written],
            "fields": "userEnteredValue,userEnteredFormat,dataValidation,textFormatRuns,chipRuns",
        }
    }


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 170", "-5", "@home", "\t=A1", "TRUE", "2026-08-03", "12%", "007", "'x"]
)
def test_f_C07_written_text_is_never_parsed(server: SandboxServer, google: GoogleSheets, text: str):
    """Whatever a status says, it comes back as the very text it was."""
    _, tab = opened(server, google, "x")
    tab.write([CellEdit(2, 2, text, RecordId("raaab"))], Target(3, (1,)))
    reading = tab.read()

    assert isinstance(reading, Reading)
    assert reading.values[1][2] == text


def test_f_C12_links_boxes_dates_and_per_cents(server: SandboxServer, google: GoogleSheets):
    """A link reads as its label, a box as a box, dates and per cents as the numbers they are."""
    key, tab = opened(server, google, *"abcde")
    change(
        google,
        key,
        cells(
            {"userEnteredValue": {"formulaValue": '=HYPERLINK("https://example.com","Our shop")'}},
            {"userEnteredValue": {"boolValue": True}, "dataValidation": {"condition": {"type": "BOOLEAN"}}},
            {
                "userEnteredValue": {"numberValue": 46237.5},
                "userEnteredFormat": {"numberFormat": {"type": "DATE_TIME", "pattern": "dd.mm.yyyy"}},
            },
            {
                "userEnteredValue": {"numberValue": 0.12},
                "userEnteredFormat": {"numberFormat": {"type": "PERCENT", "pattern": "0%"}},
            },
            {"userEnteredValue": {"formulaValue": "=1/0"}},
        ),
    )

    assert first_column(tab) == ["Our shop", True, 46237.5, 0.12, "#DIV/0!"]


def test_f_C12_rich_text_and_chips(server: SandboxServer, google: GoogleSheets):
    """Bold letters and links inside a text change nothing; chips read as what they show, in their text's place."""
    key, tab = opened(server, google, *"abc")
    bold = [{"startIndex": 6, "format": {"bold": True, "link": {"uri": "https://example.com"}}}]
    person = {"personProperties": {"email": "ada@example.com"}}
    report = {"richLinkProperties": {"uri": "https://docs.google.com/document/d/1"}}
    change(
        google,
        key,
        cells(
            {"userEnteredValue": {"stringValue": "Great sale"}, "textFormatRuns": bold},
            {"userEnteredValue": {"stringValue": "by @"}, "chipRuns": [{"startIndex": 3, "chip": person}]},
            {"userEnteredValue": {"stringValue": "@"}, "chipRuns": [{"startIndex": 0, "chip": report}]},
        ),
    )

    assert first_column(tab) == ["Great sale", "by ada@example.com", "https://docs.google.com/document/d/1"]


def test_f_C12_picture_in_a_cell_and_dropdowns(server: SandboxServer, google: GoogleSheets):
    """A picture reads as an empty text, a dropdown as the word that was chosen."""
    key, tab = opened(server, google, *"ab")
    listed = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Wide"}]}}
    change(
        google,
        key,
        cells(
            {"userEnteredValue": {"formulaValue": '=IMAGE("https://example.com/a.png")'}},
            {"userEnteredValue": {"stringValue": "Wide"}, "dataValidation": listed},
        ),
    )

    assert first_column(tab) == ["", "Wide"]


def test_f_R13_merged_cells_read_as_blank(server: SandboxServer, google: GoogleSheets):
    """Of a merged block the first cell has the text; the rows below it have none of their own."""
    key, tab = opened(server, google, *"abc")
    area = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 1}
    change(google, key, {"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}})

    assert first_column(tab) == ["a", "", "c"]


def test_f_C12_rows_hidden_from_view_count(server: SandboxServer, google: GoogleSheets):
    """Hiding a row is a matter of looking, not of approving."""
    key, tab = opened(server, google, "a", "b")
    span = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    change(
        google,
        key,
        {
            "updateDimensionProperties": {
                "range": span,
                "properties": {"hiddenByUser": True},
                "fields": "hiddenByUser",
            }
        },
    )

    assert first_column(tab) == ["a", "b"]


@pytest.mark.parametrize("locale", ["de_DE", "en_US"])
def test_f_C08_the_locale_is_told(server: SandboxServer, google: GoogleSheets, locale: str):
    """Opening a spreadsheet tells how numbers are written in it."""
    _, tab = opened(server, google, "a", locale=locale)

    assert tab.locale == locale
