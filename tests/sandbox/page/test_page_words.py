"""What people and clients write is data: shown as it is, and leading only where a link may lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_workbook import Book
from sheet_page import cell, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOSTILE = [
    "<img src=x onerror=\"window.hit = 'markup'\">",
    "<script>window.hit = 'script'</script>",
    "javascript:window.hit='address'",
    "\u202etxet desrever",
]


@pytest.mark.parametrize("name", ["Headline", "Status", "What to do", "Format"])
def test_words_are_shown_as_they_are(page: Page, book: Book, name: str):
    """Whatever the cell is drawn as, no word becomes markup, and none is run."""
    for row, words in enumerate(HOSTILE, start=1):
        book.write(row, {name: words})
    shown = until(page, lambda: [cell(page, row, name).inner_text().strip() for row in range(2, 6)], HOSTILE)
    cell(page, 4, name).dblclick()
    page.keyboard.press("Escape")

    assert shown == HOSTILE
    assert page.evaluate("window.hit") is None
    assert page.locator("#grid a[href^=javascript]").count() == 0


def test_a_hostile_sheet_may_have_any_title_and_note(page: Page, book: Book):
    """Titles of tabs and of the spreadsheet, notes and words of a rule are texts as well."""
    bad = HOSTILE[0]
    note = [{"values": [{"note": bad}]}]
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": 1}
    book.change(
        {"updateSheetProperties": {"properties": {"sheetId": 2, "title": bad}, "fields": "title"}},
        {"updateSpreadsheetProperties": {"properties": {"title": bad}, "fields": "title"}},
        {"updateCells": {"start": start, "rows": note, "fields": "note"}},
    )
    page.get_by_role("tab", name=bad).wait_for()
    cell(page, 1, "Campaign").hover()
    page.locator("[role=tooltip]").wait_for()

    assert page.locator("[role=tooltip]").inner_text() == bad
    assert until(page, page.locator("#title").inner_text, bad) == bad
    assert page.evaluate("window.hit") is None


def test_a_link_leads_out_without_saying_where_from(page: Page, book: Book):
    """An address becomes a link that opens beside the page; it names its last part, the line above the whole."""
    book.write(1, {"Notes": "https://example.org/brief/spring%20sale?x=1"})
    link = cell(page, 2, "Notes").get_by_role("link")
    link.wait_for()

    assert link.inner_text() == "spring sale"
    assert link.get_attribute("href") == "https://example.org/brief/spring%20sale?x=1"
    assert link.get_attribute("target") == "_blank"
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_a_formula_can_name_its_link(page: Page, book: Book):
    """=HYPERLINK shows its words and leads to its address."""
    book.write(1, {"Notes": '=HYPERLINK("https://example.org/a","the brief")'})
    link = cell(page, 2, "Notes").get_by_role("link")
    link.wait_for()

    assert (link.inner_text(), link.get_attribute("href")) == ("the brief", "https://example.org/a")
