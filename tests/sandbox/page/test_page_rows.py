"""Rows come, go, move and are sorted, for everybody and at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_workbook import ROWS, Book
from sheet_page import cell, letter, place, press, texts, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HEADLINES = [row["Headline"] for row in ROWS]


def number(page: Page, row: int) -> tuple[float, float]:
    """The middle of a row's number."""
    box = (
        page.locator(".numbers .row-number", has_text=f"{row}")
        .get_by_text(f"{row}", exact=True)
        .bounding_box()
    )
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_rows_are_inserted_and_deleted(page: Page, book: Book):
    """The menu of a row changes the sheet's shape, and the page follows."""
    first, second = HEADLINES[:2]
    cell(page, 2, "Headline").click(button="right")
    page.get_by_role("menuitem", name="Insert a row below").click()
    inserted = until(page, lambda: texts(page, "Headline")[:3], [first, "", second])
    cell(page, 2, "Headline").click(button="right")
    page.get_by_role("menuitem", name="Delete row 2").click()

    assert inserted == [first, "", second]
    assert until(page, lambda: book.column("Headline")[:2], ["", second]) == ["", second]
    assert cell(page, 2, "Approve").get_by_role("checkbox").count() == 1


def test_as_many_rows_are_inserted_as_are_selected(page: Page, book: Book):
    """Three rows selected, three rows above them; three selected, three gone."""
    cell(page, 3, "Headline").click()
    press(page, "Shift+ArrowDown", "Shift+ArrowDown")
    cell(page, 4, "Headline").click(button="right")
    page.get_by_role("menuitem", name="Insert 3 rows above").click()
    inserted = until(page, lambda: texts(page, "Headline")[:5], [HEADLINES[0], "", "", "", HEADLINES[1]])
    cell(page, 3, "Headline").click()
    cell(page, 5, "Headline").click(modifiers=["Shift"])
    page.get_by_role("button", name="Delete the selected rows").click()

    assert inserted == [HEADLINES[0], "", "", "", HEADLINES[1]]
    assert until(page, lambda: book.column("Headline"), HEADLINES) == HEADLINES


def test_a_row_moves_up(page: Page, book: Book):
    """Move up changes places with the row above, for everybody; the header is no place to go to."""
    cell(page, 3, "Headline").click(button="right")
    page.get_by_role("menuitem", name="Move up").click()
    moved = until(page, lambda: texts(page, "Headline")[:2], [HEADLINES[1], HEADLINES[0]])
    cell(page, 2, "Headline").click(button="right")

    assert moved == [HEADLINES[1], HEADLINES[0]]
    assert page.get_by_role("menuitem", name="Move up").is_disabled()
    press(page, "Escape")


def test_selected_rows_are_carried_by_their_numbers(page: Page, book: Book):
    """Dragging over the numbers selects rows; dragging the selected ones moves them."""
    page.mouse.move(*number(page, 2))
    page.mouse.down()
    page.mouse.move(*number(page, 3), steps=3)
    page.mouse.up()
    selected = place(page)
    x, y = number(page, 6)
    page.mouse.move(*number(page, 2))
    page.mouse.down()
    page.mouse.move(x, y + 15, steps=6)
    line = page.locator(".drop-line").count()
    page.mouse.up()
    wanted = [*HEADLINES[2:5], HEADLINES[0], HEADLINES[1], *HEADLINES[5:]]

    assert (selected, line) == ("A2:Z3", 1)
    assert until(page, lambda: book.column("Headline"), wanted) == wanted
    assert until(page, lambda: place(page), "A5:Z6") == "A5:Z6"


def test_sorting_moves_the_rows_for_everybody(page: Page, book: Book):
    """Sort by price is a sort of the sheet itself; the header stays, and the page then shows the new order."""
    letter(page, "Price").click(button="right")
    page.get_by_role("menuitem", name="A to Z").click()
    prices = sorted(row["Price"] for row in ROWS)

    assert until(page, lambda: book.column("Price"), prices) == prices
    cheapest = min(ROWS, key=lambda row: row["Price"])["Headline"]
    assert until(page, lambda: texts(page, "Headline")[0], cheapest) == cheapest
    assert cell(page, 1, "Price").inner_text() == "Price"
    assert book.column("Row ID")[0] == f"r{HEADLINES.index(cheapest):03}k"


def test_a_sort_while_it_renders_keeps_states_with_their_rows(page: Page, book: Book):
    """Progress arrives for a row before and after it moved: the state stays beside its headline."""
    headline = HEADLINES[3]
    book.write(4, {"Status": "Rendering 90%"})
    letter(page, "Headline").click(button="right")
    page.get_by_role("menuitem", name="Z to A").click()
    wanted = sorted(HEADLINES, key=str.casefold, reverse=True)
    until(page, lambda: texts(page, "Headline")[:12], wanted)
    moved = wanted.index(headline)
    before = texts(page, "Status")[moved]
    book.write(moved + 1, {"Status": "Done"})

    assert before == "Rendering 90%"
    assert until(page, lambda: texts(page, "Status")[moved], "Done") == "Done"
    assert texts(page, "Headline")[moved] == headline


def test_rows_cannot_be_put_above_the_header(page: Page, book: Book):
    """Whatever is selected, the frozen row stays the first."""
    cell(page, 1, "Headline").click()
    press(page, "Control+Alt+Minus", "Alt+Shift+ArrowDown")
    page.get_by_text("Select the rows to delete first.").wait_for()
    press(page, "Control+Alt+Equal")
    until(page, lambda: book.column("Headline")[-1], HEADLINES[-1])

    assert book.read("Videos!C1:C2")[0] == "Headline"
    assert book.column("Headline")[: len(HEADLINES)] == HEADLINES
