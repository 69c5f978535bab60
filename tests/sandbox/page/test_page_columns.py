"""Columns come, go and move; cells are merged and parted; each can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from page_workbook import COLUMN, HEADER, ROWS, Book
from sheet_page import cell, letter, place, press, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HEADLINES = [row["Headline"] for row in ROWS]


def header(book: Book) -> list[str]:
    return book.block("Videos!A1:Z1")[0]


def told(book: Book, fields: str, area: str) -> dict[str, Any]:
    """What the sheet tells of the first tab."""
    query = {"fields": f"sheets({fields})", "ranges": area}
    answer = book.http.get(f"{book.base_url}/v4/spreadsheets/{book.id}", params=query)
    return answer.json().get("sheets", [{}])[0]


def note(book: Book, address: str) -> str | None:
    [data] = told(book, "data.rowData.values.note", f"Videos!{address}").get("data", [{}])
    return data.get("rowData", [{}])[0].get("values", [{}])[0].get("note")


def merges(book: Book) -> list[tuple[int, ...]]:
    sides = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
    return [
        tuple(block[side] for side in sides) for block in told(book, "merges", "Videos").get("merges", [])
    ]


def sized(book: Book) -> list[int]:
    """The columns that have a width of their own."""
    [data] = told(book, "data.columnMetadata.pixelSize", "Videos!A:I")["data"]
    return [at for at, one in enumerate(data["columnMetadata"]) if one["pixelSize"] != 100]


def choose(page: Page, *items: str) -> None:
    for item in items:
        page.get_by_role("menuitem", name=item, exact=True).click()


def test_a_column_is_inserted_and_goes_again(page: Page, book: Book):
    """To the left by the menu of its letter; undo takes it out, but not once something stands in it."""
    wanted = [*HEADER[:2], "", *HEADER[2:]]
    letter(page, "Headline").click(button="right")
    choose(page, "Insert a column left")
    inserted = until(page, lambda: header(book), wanted)
    press(page, "Control+z")
    gone = until(page, lambda: header(book), HEADER)
    press(page, "Control+y")
    until(page, lambda: header(book), wanted)
    book.write(2, {"Headline": "mine"})
    press(page, "Control+z")
    page.get_by_text("changed by somebody else since").wait_for()

    assert (inserted, gone) == (wanted, HEADER)
    assert header(book) == wanted


def test_deleted_columns_come_back_with_all_they_held(page: Page, book: Book):
    """Words, notes, rules and widths, and the formulas elsewhere that spoke of them."""
    book.write(1, {"Notes": "=C2"})
    before = book.block("Videos!A1:K6")
    letter(page, "Headline").click()
    letter(page, "Subline").click(modifiers=["Shift"])
    press(page, "Control+Alt+-")
    left = until(page, lambda: header(book), [*HEADER[:2], *HEADER[4:]])
    press(page, "Control+z")

    assert left == [*HEADER[:2], *HEADER[4:]]
    assert until(page, lambda: book.block("Videos!A1:K6"), before) == before
    assert note(book, "C1") == "Optional."
    assert until(page, lambda: cell(page, 2, "Notes").inner_text(), HEADLINES[0]) == HEADLINES[0]


def test_columns_move_by_keyboard(page: Page, book: Book):
    """Two at once, to the left and back; the selection goes along."""
    letter(page, "Subline").click()
    letter(page, "Price").click(modifiers=["Shift"])
    press(page, "Alt+Shift+ArrowLeft")
    wanted = [*HEADER[:2], "Subline", "Price", "Headline", *HEADER[5:]]
    moved = until(page, lambda: header(book), wanted)
    until(page, lambda: place(page)[:1], "C")
    at = place(page)
    press(page, "Alt+Shift+ArrowRight")

    assert moved == wanted
    assert at.startswith("C1:D")
    assert until(page, lambda: header(book), HEADER) == HEADER


def test_columns_are_selected_and_carried_by_their_letters(page: Page, book: Book):
    """A drag along the letters selects; a drag of what is selected carries it."""
    price, cta = (letter(page, name).bounding_box() for name in ("Price", "CTA"))
    campaign = letter(page, "Campaign").bounding_box()
    assert price is not None
    assert cta is not None
    assert campaign is not None
    page.mouse.move(price["x"] + 20, price["y"] + 8)
    page.mouse.down()
    page.mouse.move(cta["x"] + 20, price["y"] + 8, steps=4)
    page.mouse.up()
    selected = place(page)
    page.mouse.down()
    page.mouse.move(campaign["x"] + 10, price["y"] + 8, steps=6)
    page.mouse.up()
    wanted = [HEADER[0], "Price", "CTA", *HEADER[1:4], *HEADER[6:]]

    assert selected.startswith("E1:F")
    assert until(page, lambda: header(book), wanted) == wanted
    assert until(page, lambda: place(page)[:4], "B1:C") == "B1:C"


def test_columns_are_hidden_shown_and_fitted_together(page: Page, book: Book):
    letter(page, "Subline").click()
    letter(page, "Price").click(modifiers=["Shift"])
    letter(page, "Price").click(button="right")
    choose(page, "Hide these columns")
    hidden = until(page, lambda: letter(page, "Subline").count() + letter(page, "Price").count(), 0)
    letter(page, "Headline").click(button="right")
    choose(page, "Show hidden columns")
    shown = until(page, lambda: letter(page, "Price").count(), 1)
    letter(page, "Subline").click()
    letter(page, "Price").click(modifiers=["Shift"])
    letter(page, "Price").locator(".letter-edge").dblclick()

    assert (hidden, shown) == (0, 1)
    assert until(page, lambda: sized(book), [COLUMN["Subline"], COLUMN["Price"]]) == [
        COLUMN["Subline"],
        COLUMN["Price"],
    ]


# ---------------------------------------------------------------- merging


def test_cells_are_merged_and_parted(page: Page, book: Book, picture: Callable[[Page, str], None]):
    """Two by two become one as large as they were; arrows go past it, undo finds it and brings back what it covered."""
    cell(page, 3, "Headline").click()
    press(page, "Shift+ArrowDown", "Shift+ArrowRight")
    small = cell(page, 3, "Headline").bounding_box()
    cell(page, 3, "Headline").click(button="right")
    choose(page, "Merge cells")
    merged = until(page, lambda: merges(book), [(2, 4, 2, 4)])
    until(page, lambda: cell(page, 4, "Subline").is_visible(), wanted=False)
    large = cell(page, 3, "Headline").bounding_box()
    press(page, "ArrowRight")
    right = until(page, lambda: place(page), "E3")
    press(page, "ArrowLeft", "ArrowDown")
    below = until(page, lambda: place(page), "C5")
    picture(page, "merged")
    above = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    book.change({"insertDimension": {"range": above, "inheritFromBefore": False}})
    until(page, lambda: merges(book), [(3, 5, 2, 4)])
    press(page, "Control+z")

    assert merged == [(2, 4, 2, 4)]
    assert small is not None
    assert large is not None
    assert large["width"] > small["width"] * 1.5
    assert large["height"] == 2 * small["height"]
    assert (right, below) == ("E3", "C5")
    assert until(page, lambda: merges(book), []) == []
    wanted = [[ROWS[number][name] for name in ("Headline", "Subline")] for number in (1, 2)]
    assert until(page, lambda: book.block("Videos!C4:D5"), wanted) == wanted


def test_a_merged_block_is_parted_by_the_menu(page: Page, book: Book):
    """A block that somebody else merged is one cell here; parting it can be undone."""
    area = {"startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 2, "endColumnIndex": 4}
    book.change({"mergeCells": {"range": {"sheetId": 0, **area}, "mergeType": "MERGE_ALL"}})
    until(page, lambda: cell(page, 2, "Subline").is_visible(), wanted=False)
    cell(page, 2, "Headline").click(button="right")
    choose(page, "Unmerge cells")
    parted = until(page, lambda: merges(book), [])
    press(page, "Control+z")

    assert parted == []
    assert until(page, lambda: merges(book), [(1, 2, 2, 4)]) == [(1, 2, 2, 4)]


def test_what_is_deleted_comes_back_merged(page: Page, book: Book):
    """A block over rows and columns that go is a block again when they are back."""
    area = {"startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 2, "endColumnIndex": 4}
    book.change({"mergeCells": {"range": {"sheetId": 0, **area}, "mergeType": "MERGE_ALL"}})
    until(page, lambda: cell(page, 3, "Subline").is_visible(), wanted=False)
    cell(page, 2, "Campaign").click()
    page.get_by_role("button", name="Delete the selected rows").click()
    row_gone = until(page, lambda: merges(book), [(1, 2, 2, 4)])
    press(page, "Control+z")
    row_back = until(page, lambda: merges(book), [(1, 3, 2, 4)])
    letter(page, "Subline").click()
    press(page, "Control+Alt+-")
    columns_gone = until(page, lambda: merges(book), [])
    press(page, "Control+z")

    assert (row_gone, row_back, columns_gone) == ([(1, 2, 2, 4)], [(1, 3, 2, 4)], [])
    assert until(page, lambda: merges(book), [(1, 3, 2, 4)]) == [(1, 3, 2, 4)]
    assert until(page, lambda: header(book), HEADER) == HEADER


# ---------------------------------------------------------------- along a selection


def test_enter_and_tab_go_along_a_selection(page: Page, book: Book):
    """Down each column with Enter, along each row with Tab, round and round; what is typed lands in each."""
    cell(page, 2, "Headline").click()
    press(page, "Shift+ArrowRight", "Shift+ArrowDown")
    page.keyboard.type("a")
    press(page, "Enter")
    page.keyboard.type("b")
    press(page, "Enter")
    page.keyboard.type("c")
    press(page, "Tab", "Tab")
    page.keyboard.type("d")
    press(page, "Enter")
    wanted = [["a", "c"], ["b", "d"]]

    assert until(page, lambda: book.block("Videos!C2:D3"), wanted) == wanted
    assert place(page) == "C2:D3"


def test_the_selection_is_filled_from_one_cell(page: Page, book: Book):
    """Ctrl+Enter fills it whole, Ctrl+R to the right, Ctrl+D down."""
    cell(page, 2, "Campaign").click()
    press(page, "Shift+ArrowDown", "Shift+ArrowRight", "Control+Enter")
    whole = until(page, lambda: book.block("Videos!B2:C3"), [["Spring launch"] * 2] * 2)
    cell(page, 5, "Headline").click()
    press(page, "Shift+ArrowRight", "Control+r")
    right = until(page, lambda: book.block("Videos!D5")[0][0], HEADLINES[3])

    assert whole == [["Spring launch"] * 2] * 2
    assert right == HEADLINES[3]


def test_today_is_typed_by_one_key(page: Page, book: Book):
    """A date and not a word: the sheet counts with it."""
    cell(page, 2, "Notes").click()
    press(page, "Control+;")

    assert until(page, lambda: isinstance(book.block("Videos!J2")[0][0], int | float), wanted=True) is True


# ---------------------------------------------------------------- notes


def test_a_note_is_written_changed_and_deleted(page: Page, book: Book):
    """By keyboard from the cell and back to it; Escape leaves it; undo takes it away again."""
    cell(page, 2, "CTA").click()
    press(page, "Shift+F2")
    page.keyboard.type("Ask Lena")
    press(page, "Control+Enter")
    written = until(page, lambda: note(book, "F2"), "Ask Lena")
    press(page, "Shift+F2")
    page.keyboard.type(" or not")
    press(page, "Escape")
    kept = note(book, "F2")
    cell(page, 2, "CTA").click(button="right")
    choose(page, "Delete note")
    deleted = until(page, lambda: note(book, "F2"), None)
    press(page, "Control+z")

    assert (written, kept, deleted) == ("Ask Lena", "Ask Lena", None)
    assert until(page, lambda: note(book, "F2"), "Ask Lena") == "Ask Lena"
    assert book.block("Videos!F2") == [[ROWS[0]["CTA"]]]
