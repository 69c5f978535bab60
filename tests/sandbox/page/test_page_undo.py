"""Undo and redo: one's own steps, and never over what the robot or somebody else wrote since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_workbook import ROWS, Book
from sheet_page import cell, paste, press, texts, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HEADLINES = [row["Headline"] for row in ROWS]


def type_into(page: Page, row: int, column: str, words: str) -> None:
    cell(page, row, column).click()
    page.keyboard.type(words)
    press(page, "Enter")


def rows_at(book: Book, first: int, last: int) -> dict[str, object]:
    """A DimensionRange of rows, counted from 0."""
    return {"sheetId": 0, "dimension": "ROWS", "startIndex": first, "endIndex": last}


def test_undo_and_redo_go_back_and_forth(page: Page, book: Book):
    """Undo restores the very value (a number stays a number), redo writes it again."""
    type_into(page, 2, "Price", "99")
    until(page, lambda: book.column("Price")[0], 99)
    press(page, "Control+z")
    undone = until(page, lambda: book.column("Price")[0], 14.5)
    press(page, "Control+y")

    assert undone == 14.5
    assert until(page, lambda: book.column("Price")[0], 99) == 99


def test_undo_takes_the_look_back_that_typing_gave(page: Page, book: Book):
    """12% makes the cell a percentage; undone, 14.5 is shown as 14.5 again."""
    type_into(page, 2, "Price", "12%")
    until(page, lambda: book.column("Price")[0], 0.12)
    shown = until(page, lambda: texts(page, "Price")[0], "12%")
    press(page, "Control+z")

    assert shown == "12%"
    assert until(page, lambda: (book.column("Price")[0], texts(page, "Price")[0]), (14.5, "14.5")) == (
        14.5,
        "14.5",
    )


def test_undo_spares_what_somebody_else_wrote_since(page: Page, book: Book):
    """Of two cells pasted, one was changed by another since: only the other goes back, and the page says so."""
    cell(page, 2, "CTA").click()
    paste(page, "mine\nmine too\n")
    until(page, lambda: book.column("CTA")[:2], ["mine", "mine too"])
    book.write(1, {"CTA": "theirs"})
    press(page, "Control+z")
    page.get_by_text("One of them was changed by somebody else since.").wait_for()

    assert until(page, lambda: book.column("CTA")[:2], ["theirs", ROWS[1]["CTA"]]) == [
        "theirs",
        ROWS[1]["CTA"],
    ]


def test_undo_of_a_tick_the_robot_took_changes_nothing(page: Page, book: Book):
    """A tick the robot has cleared is not one's own any more: undo leaves it, and redo does not set it again."""
    cell(page, 8, "Approve").get_by_role("checkbox").click()
    until(page, lambda: book.column("Approve")[6], wanted=True)
    book.write(7, {"Approve": False})
    until(page, lambda: cell(page, 8, "Approve").get_by_role("checkbox").is_checked(), wanted=False)
    press(page, "Control+z")
    page.get_by_text("Nothing was changed.").wait_for()

    assert page.get_by_role("button", name="Redo").is_disabled()
    assert book.column("Approve")[6] is False


def test_undo_follows_its_row(page: Page, book: Book):
    """The row was moved since by an insert above: the undo lands on the record, not on the place."""
    type_into(page, 3, "Headline", "Mine")
    until(page, lambda: book.column("Headline")[1], "Mine")
    book.change({"insertDimension": {"range": rows_at(book, 1, 3)}})
    until(page, lambda: texts(page, "Headline")[3], "Mine")
    press(page, "Control+z")

    assert until(page, lambda: book.column("Headline")[3], HEADLINES[1]) == HEADLINES[1]


def test_an_inserted_row_goes_again_unless_it_was_used(page: Page, book: Book):
    """Undo removes the empty row; one in which somebody has written since stays."""
    cell(page, 2, "Headline").click()
    press(page, "Control+Alt+Equal")
    until(page, lambda: book.column("Headline")[:2], [HEADLINES[0], ""])
    press(page, "Control+z")
    undone = until(page, lambda: book.column("Headline")[:2], HEADLINES[:2])
    press(page, "Control+y")
    until(page, lambda: book.column("Headline")[:2], [HEADLINES[0], ""])
    book.write(2, {"Notes": "a colleague was here"})
    press(page, "Control+z")
    page.get_by_text("Nothing was changed.").wait_for()

    assert undone == HEADLINES[:2]
    assert book.column("Headline")[1] == ""


def test_deleted_rows_come_back_with_all_they_held(page: Page, book: Book):
    """Values, boxes, dropdowns and ids are there again, and the steps before still find the row."""
    type_into(page, 4, "Headline", "Mine")
    until(page, lambda: book.column("Headline")[2], "Mine")
    cell(page, 3, "Headline").click()
    press(page, "Shift+ArrowDown", "Control+Alt+Minus")
    gone = until(page, lambda: book.column("Headline")[:2], [HEADLINES[0], HEADLINES[3]])
    press(page, "Control+z")
    back = until(page, lambda: book.column("Headline")[:4], [*HEADLINES[:2], "Mine", HEADLINES[3]])
    box = cell(page, 3, "Approve").get_by_role("checkbox").is_checked()
    word = cell(page, 4, "Format").inner_text()
    press(page, "Control+z")

    assert gone == [HEADLINES[0], HEADLINES[3]]
    assert back == [*HEADLINES[:2], "Mine", HEADLINES[3]]
    assert (box, word) == (True, ROWS[2]["Format"])
    assert book.column("Row ID")[:4] == ["r000k", "r001k", "r002k", "r003k"]
    assert until(page, lambda: book.column("Headline")[2], HEADLINES[2]) == HEADLINES[2]


def test_a_sort_is_undone_to_the_very_order(page: Page, book: Book):
    """Also when the robot wrote a state and a row was added in between."""
    cell(page, 2, "Price").click()
    page.get_by_role("button", name="Sort", exact=True).click()
    page.get_by_role("menuitem", name="A to Z").click()
    until(page, lambda: book.column("Price")[0], 6.9)
    book.write(1, {"Status": "Rendering 10%"})
    press(page, "Control+z")
    back = until(page, lambda: book.column("Headline"), HEADLINES)
    states = book.column("Status")
    press(page, "Control+y")

    assert back == HEADLINES
    assert states[HEADLINES.index("Cold brew season is back")] == "Rendering 10%"
    assert until(page, lambda: book.column("Price")[0], 6.9) == 6.9
    assert book.column_count() == 26


def test_moves_and_widths_are_undone_too(page: Page, book: Book):
    """Three steps back: the width, the row's place, the words."""
    type_into(page, 2, "CTA", "Mine")
    cell(page, 2, "Headline").click()
    press(page, "Alt+Shift+ArrowDown")
    until(page, lambda: texts(page, "Headline")[:2], [HEADLINES[1], HEADLINES[0]])
    cell(page, 3, "Headline").click(button="right")
    before = cell(page, 2, "Headline").evaluate("node => node.offsetWidth")
    page.get_by_role("menuitem", name="Column").click()
    page.get_by_role("menuitem", name="Wider").click()
    wider = until(page, lambda: cell(page, 2, "Headline").evaluate("node => node.offsetWidth"), before + 40)
    press(page, "Control+z", "Control+z", "Control+z")
    order = until(page, lambda: book.column("Headline")[:2], HEADLINES[:2])

    assert wider == before + 40
    assert order == HEADLINES[:2]
    assert until(page, lambda: book.column("CTA")[0], ROWS[0]["CTA"]) == ROWS[0]["CTA"]
    assert cell(page, 2, "Headline").evaluate("node => node.offsetWidth") == before


def test_undo_in_another_tab_goes_there(page: Page, book: Book):
    """What was done on Control is undone on Control, which is shown for it."""
    page.get_by_role("tab", name="Control").click()
    page.get_by_text("Videos at the same time").click()
    press(page, "ArrowRight", "7", "Enter")
    until(page, lambda: book.read("Control!B6:B6"), [7])
    page.get_by_role("tab", name="Videos").click()
    cell(page, 2, "Headline").click()
    press(page, "Control+z")

    assert until(page, lambda: book.read("Control!B6:B6"), [3]) == [3]
    page.get_by_role("tab", name="Control", selected=True).wait_for()
