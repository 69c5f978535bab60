"""What a person does on the page, seen from the sheet's side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from page_workbook import ROWS, Book, create_book
from sheet_page import cell, letter, texts, until

from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser


def test_a_click_on_the_box_writes_a_boolean(page: Page, book: Book):
    """Ticking Approve on row 8 makes that cell true, not the text TRUE."""
    cell(page, 8, "Approve").get_by_role("checkbox").click()

    assert until(page, lambda: book.column("Approve")[6], wanted=True) is True


def test_space_ticks_the_whole_selection(page: Page, book: Book):
    """Space over several boxes ticks them all, as one step that one undo takes back."""
    cell(page, 8, "Approve").click(position={"x": 4, "y": 4})
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
    cell(page, 2, "Approve").click(position={"x": 4, "y": 4})
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


def test_a_pasted_block_lands_as_cells(page: Page, book: Book):
    """A block from another spreadsheet fills cells to the right and below, quotes and line breaks undone."""
    page.evaluate(
        """navigator.clipboard.writeText('Autumn\\t"Two\\nlines"\\tSoft\\r\\nWinter\\tPlain\\tHard\\r\\n')"""
    )
    cell(page, 3, "Campaign").click()
    page.keyboard.press("Control+v")
    headlines = until(page, lambda: book.column("Headline")[1:3], ["Two\nlines", "Plain"])

    assert headlines == ["Two\nlines", "Plain"]
    assert book.column("Campaign")[1:3] == ["Autumn", "Winter"]
    assert book.column("Subline")[1:3] == ["Soft", "Hard"]


def test_a_copied_block_reads_as_tsv(page: Page):
    """What is copied can be pasted into any other spreadsheet."""
    cell(page, 2, "Campaign").click()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+c")

    assert page.evaluate("navigator.clipboard.readText()") == "\n".join(
        f"{row['Campaign']}\t{row['Headline']}" for row in ROWS[:2]
    )


def test_text_stays_text_when_copied_within_the_page(page: Page, book: Book):
    """A text that looks like a number is copied, pasted and filled as the text it is."""
    book.write(1, {"Notes": "007"})
    until(page, lambda: texts(page, "Notes")[0], "007")
    cell(page, 2, "Notes").click()
    page.keyboard.press("Control+c")
    cell(page, 3, "Notes").click()
    page.keyboard.press("Control+v")
    until(page, lambda: book.column("Notes"), ["007", "007"])
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")

    assert until(page, lambda: book.column("Notes"), ["007"] * 3) == ["007"] * 3


def test_fill_down_repeats_the_first_row(page: Page, book: Book):
    """Ctrl+D fills the selection with its first cell."""
    cell(page, 2, "Campaign").click()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")

    assert until(page, lambda: set(book.column("Campaign")[:4]), {"Spring launch"}) == {"Spring launch"}


def test_undo_and_redo_go_back_and_forth(page: Page, book: Book):
    """Undo restores the very value (a number stays a number), redo writes it again."""
    cell(page, 2, "Price").click()
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    until(page, lambda: book.column("Price")[0], 99)
    page.keyboard.press("Control+z")
    undone = until(page, lambda: book.column("Price")[0], 14.5)
    page.keyboard.press("Control+y")

    assert undone == 14.5
    assert until(page, lambda: book.column("Price")[0], 99) == 99


def test_sorting_moves_the_rows_for_everybody(page: Page, book: Book):
    """Sort by price is a sort of the sheet itself; the page then shows the new order."""
    letter(page, "Price").click(button="right")
    page.get_by_role("menuitem", name="A to Z").click()
    prices = sorted(row["Price"] for row in ROWS)

    assert until(page, lambda: book.column("Price"), prices) == prices
    cheapest = min(ROWS, key=lambda row: row["Price"])["Headline"]
    assert until(page, lambda: texts(page, "Headline")[0], cheapest) == cheapest


def test_rows_are_inserted_and_deleted(page: Page, book: Book):
    """The menu of a row changes the sheet's shape, and the page follows."""
    first, second = ROWS[0]["Headline"], ROWS[1]["Headline"]
    cell(page, 2, "Headline").click(button="right")
    page.get_by_role("menuitem", name="Insert a row below").click()
    inserted = until(page, lambda: texts(page, "Headline")[:3], [first, "", second])
    cell(page, 2, "Headline").click(button="right")
    page.get_by_role("menuitem", name="Delete row 2").click()

    assert inserted == [first, "", second]
    assert until(page, lambda: book.column("Headline")[:2], ["", second]) == ["", second]


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


def test_a_paste_beyond_the_last_row_makes_room(page: Page, book: Book):
    """A block taller than the sheet adds the rows it needs; nothing of it is lost."""
    page.get_by_role("tab", name="Control").click()
    page.get_by_text("Videos at the same time").wait_for()
    page.evaluate("navigator.clipboard.writeText(Array.from({length: 70}, (_, i) => `${i}\\tx`).join('\\n'))")
    page.get_by_text("Credits per row").click()
    page.keyboard.press("Control+v")
    numbers = until(page, lambda: book.read("Control!A8:A")[-1:], [69])

    assert numbers == [69]
    assert book.read("Control!A8:A") == list(range(70))


def test_a_column_hides_and_comes_back(page: Page):
    """Hide is a change of the sheet; the button above brings it back into view."""
    letter(page, "Notes").click(button="right")
    page.get_by_role("menuitem", name="Hide this column").click()
    page.get_by_role("button", name="11 more columns").wait_for()
    hidden = letter(page, "Notes").count()
    page.get_by_role("button", name="11 more columns").click()
    letter(page, "Notes").wait_for()

    assert hidden == 0


def test_a_row_moves_up(page: Page, book: Book):
    """Move up changes places with the row above, for everybody."""
    first, second = ROWS[0]["Headline"], ROWS[1]["Headline"]
    cell(page, 3, "Headline").click(button="right")
    page.get_by_role("menuitem", name="Move up").click()

    assert until(page, lambda: book.column("Headline")[:2], [second, first]) == [second, first]


def test_the_line_above_edits_too(page: Page, book: Book):
    """The whole text stands above the grid and can be edited there."""
    cell(page, 9, "Headline").click()
    line = page.get_by_label("Content of the selected cell")
    before = line.input_value()
    line.fill("Shorter")
    line.press("Enter")

    assert before == ROWS[7]["Headline"]
    assert until(page, lambda: book.column("Headline")[7], "Shorter") == "Shorter"


def test_dragging_the_corner_fills_down(page: Page, book: Book):
    """The small square at the corner of the selection repeats it over the rows it is drawn over."""
    cell(page, 2, "CTA").click()
    start, end = cell(page, 2, "CTA").bounding_box(), cell(page, 4, "CTA").bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + start["width"] - 4, start["y"] + start["height"] - 4)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + 20, steps=4)
    page.mouse.up()

    assert until(page, lambda: book.column("CTA")[:4], ["Order now"] * 3 + ["See how"]) == [
        *["Order now"] * 3,
        "See how",
    ]


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
