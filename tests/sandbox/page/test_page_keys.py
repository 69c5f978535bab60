"""The keyboard alone: every place of the sheet can be reached, and left again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_workbook import ROWS, Book
from sheet_page import cell, place, press, texts, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SPOT = {"x": 4, "y": 4}  # beside what is in the cell


PLACES = {  # from C3
    "ArrowDown": "C4",
    "ArrowUp ArrowUp": "C1",
    "ArrowLeft ArrowLeft ArrowLeft": "A3",
    "ArrowRight": "D3",
    "Tab Tab": "E3",
    "Shift+Tab": "B3",
    "Home": "A3",
    "End": "Z3",
    "Control+Home": "A1",
    "Control+End Home": "A13",
    "Control+ArrowDown": "C13",
    "Control+ArrowUp": "C1",
    "Control+ArrowRight": "I3",
    "Control+ArrowLeft": "A3",
    "PageDown PageUp": "C3",
    "Shift+ArrowDown Shift+ArrowRight": "C3:D4",
    "Control+Shift+ArrowDown": "C3:C13",
    "Shift+Space": "A3:Z3",
    "Control+Space": "C1:C37",
    "Control+a": "A1:Z37",
}


def test_keys_lead_to_places(page: Page):
    """The keys of any spreadsheet lead where they lead there."""
    found = {}
    for keys in PLACES:
        cell(page, 3, "Headline").click()
        press(page, *keys.split())
        found[keys] = place(page)

    assert found == PLACES


def test_page_down_goes_on_by_a_screen(page: Page):
    """The cell it lands on is within sight."""
    cell(page, 2, "Headline").click()
    press(page, "PageDown")
    row = int(place(page)[1:])
    box = cell(page, row, "Headline").bounding_box()

    assert 10 < row < 20
    assert box is not None
    assert box["y"] + box["height"] < 900


def test_enter_returns_to_where_the_tabs_began(page: Page, book: Book):
    """Typed along a row with Tab, Enter goes to the next row below the first of the cells."""
    cell(page, 14, "Campaign").click()
    page.keyboard.type("Autumn")
    press(page, "Tab")
    page.keyboard.type("Soup")
    press(page, "Tab")
    page.keyboard.type("Warm")
    press(page, "Enter")

    assert place(page) == "B15"
    assert until(page, lambda: book.column("Subline")[-1], "Warm") == "Warm"
    assert (book.column("Campaign")[-1], book.column("Headline")[-1]) == ("Autumn", "Soup")


def test_f2_goes_on_writing_at_the_end(page: Page, book: Book):
    """The cell keeps its words; Home and End move within them."""
    cell(page, 3, "Headline").click()
    press(page, "F2")
    page.keyboard.type("!")
    press(page, "Home")
    page.keyboard.type("Now: ")
    press(page, "Enter")
    wanted = f"Now: {ROWS[1]['Headline']}!"

    assert until(page, lambda: book.column("Headline")[1], wanted) == wanted


def test_the_keyboard_can_leave_the_grid(page: Page):
    """Escape, then Tab, goes on to the tabs: the grid is no trap."""
    cell(page, 3, "Headline").click()
    press(page, "Escape", "Tab")

    assert page.evaluate("document.activeElement.closest('#grid') === null")


def test_the_keyboard_can_enter_the_grid(page: Page):
    """Tab comes from the tools over the signs of the groups into the grid, where a cell is active at once."""
    page.get_by_role("button", name="10 more columns").focus()
    press(page, "Tab", "Tab")

    assert page.locator("#active-cell").count() == 1
    assert place(page) == "A2"


def test_rows_come_and_go_by_keyboard(page: Page, book: Book):
    """Insert below, move it up, delete it: nothing needs a mouse."""
    first, second = ROWS[0]["Headline"], ROWS[1]["Headline"]
    cell(page, 2, "Headline").click()
    press(page, "Control+Alt+Equal")
    inserted = until(page, lambda: texts(page, "Headline")[:3], [first, "", second])
    press(page, "ArrowDown", "Alt+Shift+ArrowUp")
    moved = until(page, lambda: texts(page, "Headline")[:3], ["", first, second])
    stands = until(page, lambda: place(page), "C2")
    press(page, "Control+Alt+Minus")

    assert inserted == [first, "", second]
    assert moved == ["", first, second]
    assert stands == "C2"
    assert until(page, lambda: book.column("Headline")[:2], [first, second]) == [first, second]


def test_the_menu_opens_by_keyboard(page: Page, book: Book):
    """Shift+F10 at the cell, letters go to the entries, Enter takes one, focus comes back."""
    cell(page, 3, "Headline").click()
    press(page, "Shift+F10", "d", "Enter")
    gone = until(page, lambda: book.column("Headline")[1], ROWS[2]["Headline"])

    assert gone == ROWS[2]["Headline"]
    assert page.evaluate("document.activeElement.className") == "table"


def test_alt_enter_plays_and_focus_returns(page: Page):
    """The video of the row opens from its state; Escape closes it, and the arrows go on where they were."""
    cell(page, 2, "Status").click(position=SPOT)
    press(page, "Alt+Enter")
    page.locator("#player video").wait_for()
    press(page, "Escape")
    page.locator("#player").wait_for(state="hidden")
    press(page, "ArrowDown")

    assert place(page) == "K3"
