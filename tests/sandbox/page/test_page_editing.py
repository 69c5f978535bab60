"""What a person does on the page, seen from the sheet's side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from page_workbook import ROWS, Book, area, create_book
from sheet_page import cell, place, press, texts, until

from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page, Route

pytestmark = pytest.mark.browser

SPOT = {"x": 4, "y": 4}  # beside what is in the cell


def test_a_click_on_the_box_writes_a_boolean(page: Page, book: Book):
    """Ticking Approve on row 8 makes that cell true, not the text TRUE."""
    cell(page, 8, "Approve").get_by_role("checkbox").click()

    assert until(page, lambda: book.column("Approve")[6], wanted=True) is True


def test_space_ticks_the_whole_selection(page: Page, book: Book):
    """Space over several boxes ticks them all, as one step that one undo takes back."""
    cell(page, 8, "Approve").click(position=SPOT)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Space")
    ticked = until(page, lambda: book.column("Approve")[6:9], [True, True, True])
    page.keyboard.press("Control+z")
    undone = until(page, lambda: book.column("Approve")[6:9], [False, False, False])

    assert ticked == [True, True, True]
    assert undone == [False, False, False]


def test_typing_replaces_and_enter_goes_down(page: Page, book: Book):
    """A letter opens the editor with just that letter; Enter writes and selects the cell below."""
    cell(page, 2, "Headline").click()
    page.keyboard.type("New words")
    page.keyboard.press("Enter")

    assert until(page, lambda: book.column("Headline")[0], "New words") == "New words"
    assert "is-active" in (cell(page, 3, "Headline").get_attribute("class") or "")


def test_typed_numbers_become_numbers(page: Page, book: Book):
    """The sheet reads what is typed, as it does for any person."""
    cell(page, 2, "Price").dblclick()
    page.keyboard.press("Control+a")
    page.keyboard.type("19.90")
    page.keyboard.press("Tab")

    assert until(page, lambda: book.column("Price")[0], 19.9) == 19.9


def test_escape_leaves_the_cell_as_it_was(page: Page, book: Book):
    """Nothing is written when the editor is left with Escape."""
    cell(page, 2, "Headline").dblclick()
    page.keyboard.type(" and more")
    page.keyboard.press("Escape")

    assert page.locator(".editor").count() == 0
    assert book.column("Headline")[0] == ROWS[0]["Headline"]


def test_a_cell_holds_several_lines(page: Page, book: Book):
    """Ctrl+Enter makes a new line inside the cell."""
    cell(page, 2, "Notes").click()
    page.keyboard.type("one")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("two")
    page.keyboard.press("Enter")

    assert until(page, lambda: book.column("Notes"), ["one\ntwo"]) == ["one\ntwo"]


def test_delete_empties_cells_and_unticks_boxes(page: Page, book: Book):
    """The Delete key over a block empties it; a box becomes false."""
    cell(page, 2, "Approve").click(position=SPOT)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Delete")

    assert until(page, lambda: book.column("Campaign")[0], "") == ""
    assert book.column("Approve")[0] is False


def test_a_dropdown_offers_the_sheets_words(page: Page, book: Book):
    """The words come from the sheet's own rule."""
    cell(page, 2, "Format").locator(".choice").click()
    words = page.get_by_role("option").all_inner_texts()
    page.get_by_role("option", name="Wide").click()

    assert words == ["Vertical", "Square", "Wide", "Clear"]
    assert until(page, lambda: book.column("Format")[0], "Wide") == "Wide"


def test_typing_into_a_dropdown_offers_what_fits(page: Page, book: Book):
    """A part of a word narrows the list; Enter takes the first of it, the arrows any other."""
    cell(page, 2, "Format").click(position=SPOT)
    page.keyboard.type("s")
    offered = page.get_by_role("option").all_inner_texts()
    press(page, "Enter")
    first = until(page, lambda: book.column("Format")[0], "Square")
    cell(page, 2, "Format").click(position=SPOT)
    page.keyboard.type("e")
    press(page, "ArrowDown", "Tab")

    assert offered == ["Square"]
    assert first == "Square"
    assert until(page, lambda: book.column("Format")[0], "Square") == "Square"
    assert place(page) == "I2"


def test_a_click_on_an_offered_word_takes_it(page: Page, book: Book):
    """The list under the editor is pressed like any other."""
    cell(page, 2, "Format").click(position=SPOT)
    page.keyboard.type("i")
    page.get_by_role("option", name="Wide").click()

    assert until(page, lambda: book.column("Format")[0], "Wide") == "Wide"


def test_words_the_sheet_does_not_list_are_turned_away(page: Page, book: Book):
    """The cell keeps its value, and a message says what may stand there, in the words of the rule where it has some."""
    cell(page, 2, "Format").click(position=SPOT)
    page.keyboard.type("Round")
    press(page, "Enter")
    page.get_by_text("“Round” was not taken in H2. Choose one of: Vertical, Square, Wide.").wait_for()
    rule = {
        "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Gift"}]},
        "strict": True,
        "inputMessage": "Ask Ana before you invent a new one.",
    }
    book.change({"setDataValidation": {"range": area("CTA", 1, 2), "rule": rule}})
    cell(page, 2, "CTA").locator(".choice").wait_for()
    cell(page, 2, "CTA").click(position=SPOT)
    page.keyboard.type("Something")
    press(page, "Enter")
    page.get_by_text("Ask Ana before you invent a new one.").wait_for()

    assert (book.column("Format")[0], book.column("CTA")[0]) == (ROWS[0]["Format"], ROWS[0]["CTA"])


def test_a_number_is_asked_for_where_the_rule_wants_one(page: Page, book: Book):
    """Words and numbers out of range are turned away on Control, a good number is taken."""
    page.get_by_role("tab", name="Control").click()
    page.get_by_text("Videos at the same time").click()
    for words in ("many", "-1", "5"):
        press(page, "ArrowRight")
        page.keyboard.type(words)
        press(page, "Enter", "ArrowUp", "ArrowLeft")
    told = page.locator(".toast strong").all_inner_texts()

    assert until(page, lambda: book.read("Control!B6:B6"), [5]) == [5]
    assert told == [f"“{words}” was not taken in B6. Enter a number, 0 or more." for words in ("many", "-1")]


def test_what_breaks_a_rule_is_marked_and_explained(page: Page, book: Book):
    """A client may write anything; the cell shows it, with a mark, and says what should stand there."""
    book.write(1, {"Format": "Round", "Retry": "yes"})
    until(page, lambda: cell(page, 2, "Format").inner_text(), "Round")
    cell(page, 2, "Accent colour").click()
    press(page, "ArrowRight")
    page.get_by_role("tooltip").wait_for()
    told = page.get_by_role("tooltip").inner_text()

    assert "is-wrong" in (cell(page, 2, "Format").get_attribute("class") or "")
    assert told == "Choose one of: Vertical, Square, Wide."
    assert cell(page, 2, "Retry").inner_text() == "yes"
    assert cell(page, 2, "Retry").get_by_role("checkbox").count() == 0


def test_numbers_and_dates_show_as_formatted_and_edit_as_typed(page: Page, book: Book):
    """A rounded price opens with all its digits, a percentage as one, a date as the date it shows."""
    looks = {
        "Price": ({"type": "NUMBER", "pattern": "0.0"}, 3.14159, "3.1", "3.14159"),
        "Notes": ({"type": "PERCENT", "pattern": "0%"}, 0.126, "13%", "12.6%"),
        "CTA": ({"type": "DATE", "pattern": "yyyy-mm-dd"}, 46000, "2025-12-09", "2025-12-09"),
    }
    for name, (look, number, _, _) in looks.items():
        cells = {"userEnteredValue": {"numberValue": number}, "userEnteredFormat": {"numberFormat": look}}
        fields = "userEnteredValue,userEnteredFormat.numberFormat"
        book.change(
            {"updateCells": {"range": area(name, 1, 2), "rows": [{"values": [cells]}], "fields": fields}}
        )
    until(page, lambda: cell(page, 2, "CTA").inner_text(), "2025-12-09")
    found = {}
    for name in looks:
        shown = cell(page, 2, name).inner_text()
        cell(page, 2, name).dblclick()
        found[name] = (shown, page.locator(".editor").input_value())
        press(page, "Escape")

    assert found == {name: (shown, edited) for name, (_, _, shown, edited) in looks.items()}


def test_the_header_can_be_edited(page: Page, book: Book):
    """The frozen row is a row like any other: renaming a column is typing into it."""
    cell(page, 1, "Notes").dblclick()
    press(page, "Control+a")
    page.keyboard.type("Remarks")
    press(page, "Enter")

    assert until(page, lambda: book.read("Videos!J1:J1"), ["Remarks"]) == ["Remarks"]
    assert cell(page, 1, "Notes").inner_text() == "Remarks"


def test_a_refused_write_is_told_and_taken_back(page: Page, book: Book, console: list[str]):
    """A cell that the sheet does not take shows its old value again, and words say so."""
    cell(page, 2, "Headline").click()
    page.evaluate("navigator.clipboard.writeText('x'.repeat(50001))")
    page.keyboard.press("Control+v")
    page.get_by_text("The sheet did not accept this.").wait_for()

    assert texts(page, "Headline")[0] == ROWS[0]["Headline"]
    assert book.column("Headline")[0] == ROWS[0]["Headline"]
    assert [words for words in console if "400" not in words] == []
    console.clear()


def test_a_lost_answer_shows_what_the_sheet_has(page: Page, book: Book, console: list[str]):
    """The sheet took the write, its answer was lost on the way: the page says so, and shows what stands there."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/values:batchUpdate", lose)
    cell(page, 8, "Approve").get_by_role("checkbox").click()
    page.get_by_text("The sheet is not answering.").wait_for()
    ticked = until(page, lambda: cell(page, 8, "Approve").get_by_role("checkbox").is_checked(), wanted=True)
    page.unroute("**/values:batchUpdate")
    console.clear()

    assert ticked is True
    assert book.column("Approve")[6] is True


def test_the_line_above_edits_too(page: Page, book: Book):
    """The whole text stands above the grid and can be edited there."""
    cell(page, 9, "Headline").click()
    line = page.get_by_label("Content of the selected cell")
    before = line.input_value()
    line.fill("Shorter")
    line.press("Enter")

    assert before == ROWS[7]["Headline"]
    assert until(page, lambda: book.column("Headline")[7], "Shorter") == "Shorter"


def test_too_many_writes_are_told_in_plain_words(window: BrowserContext, tmp_path: Path, http: httpx.Client):
    """A write over the quota leaves the box as it was, and words say that it is a matter of a minute."""
    tight = SandboxOptions(sheets=SheetsOptions(writes_per_minute=2, unlimited_users=frozenset()))
    with SandboxServer(Sandbox(tmp_path, tight)) as server:
        book = create_book(server.base_url, http)  # takes both writes
        page = window.new_page()
        page.goto(book.base_url)
        for row in (8, 9, 10):  # a new minute may begin here, but not two
            cell(page, row, "Approve").get_by_role("checkbox").click()
        page.get_by_text("Too many changes in one minute.").wait_for()
        until(page, lambda: cell(page, 10, "Approve").get_by_role("checkbox").is_checked(), wanted=False)
        shown = [cell(page, row, "Approve").get_by_role("checkbox").is_checked() for row in (8, 9, 10)]
        page.close()

        assert shown == book.column("Approve")[6:9]
        assert False in shown
