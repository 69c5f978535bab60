"""What is looked at: filter views, folded columns, widths, and looking for words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from page_workbook import ROWS, Book, create_book
from sheet_page import cell, letter, news, open_book, place, press, texts, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

MINE = [
    row["Headline"]
    for row in ROWS
    if row["Status"] in {"Ready to approve", "Needs fixing", "Out of date", "Failed"}
]


def look_through(page: Page, name: str) -> None:
    page.get_by_role("button", name="Filter views").click()
    page.get_by_role("menuitem", name=name).click()


def filled(page: Page) -> list[str]:
    return [text for text in texts(page, "Headline") if text]


def test_a_filter_view_shows_only_its_rows(page: Page, book: Book, picture: Callable[[Page, str], None]):
    """`Needs me` leaves the rows only a person can move on, under the numbers they have in the sheet, for this
    person alone."""
    look_through(page, "Needs me")
    shown = filled(page)
    numbers = [int(text) for text in page.locator(".numbers .row-number").all_inner_texts()]
    picture(page, "filter view")

    assert shown == MINE
    assert numbers[:6] == [1, 8, 9, 10, 12, 13]
    assert cell(page, 1, "Headline").inner_text() == "Headline"
    assert "5 rows" in page.locator("#look").inner_text()
    assert news(page) == "Filter view Needs me: 5 rows."
    assert book.column("Headline") == [row["Headline"] for row in ROWS]


def test_all_rows_come_back(page: Page):
    """Leaving the view shows everything again."""
    look_through(page, "Needs me")
    page.get_by_role("button", name="Show all rows").click()

    assert filled(page) == [row["Headline"] for row in ROWS]
    assert page.locator("#look").is_hidden()


def test_rows_do_not_vanish_from_under_a_hand(page: Page, book: Book):
    """A row ticked in the view stays while its state moves on; the page offers to look again."""
    look_through(page, "Needs me")
    cell(page, 8, "Approve").get_by_role("checkbox").click()
    book.write(7, {"Status": "Sending"})
    book.write(2, {"Status": "Failed"})
    page.get_by_role("button", name="Refresh: 2 rows changed").wait_for()
    before = filled(page)
    page.get_by_role("button", name="Refresh: 2 rows changed").click()

    assert before == MINE
    assert filled(page) == sorted(
        [ROWS[1]["Headline"], *MINE[1:]], key=[row["Headline"] for row in ROWS].index
    )


def test_a_row_inserted_in_a_view_is_seen(page: Page, book: Book):
    """Whoever inserts a row wants to write in it, whatever the filter says of blanks."""
    look_through(page, "Needs me")
    cell(page, 9, "Headline").click()
    press(page, "Control+Alt+Equal")
    until(page, lambda: cell(page, 10, "Headline").inner_text(), "")
    cell(page, 10, "Headline").click()
    page.keyboard.type("New in the view")
    press(page, "Enter")

    assert until(page, lambda: book.column("Headline")[8], "New in the view") == "New in the view"
    assert filled(page)[2] == "New in the view"


def test_a_paste_in_a_view_goes_into_the_rows_that_are_shown(page: Page, book: Book):
    """Hidden rows between are not written over."""
    look_through(page, "Needs me")
    cell(page, 10, "CTA").click()
    page.evaluate("navigator.clipboard.writeText('one\\ntwo')")
    press(page, "Control+v")

    assert until(page, lambda: book.column("CTA")[8:11], ["one", ROWS[9]["CTA"], "two"]) == [
        "one",
        ROWS[9]["CTA"],
        "two",
    ]


def test_a_group_unfolds_and_folds_by_its_sign(page: Page, book: Book):
    """The sign beside the group is the sheet's own: everybody sees the columns then."""
    before = cell(page, 1, "Row ID").count()
    page.get_by_role("button", name="Show 10 columns, Row ID to Problem code").click()
    cell(page, 1, "Row ID").wait_for()
    fold = page.get_by_role("button", name="Fold 10 columns, Row ID to Problem code")
    fold.wait_for()
    fields = "sheets(columnGroups(collapsed),properties.sheetId)"
    url = f"{book.base_url}/v4/spreadsheets/{book.id}"
    unfolded = book.http.get(url, params={"fields": fields}).json()["sheets"][0]["columnGroups"]
    fold.click()
    cell(page, 1, "Row ID").wait_for(state="detached")

    assert before == 0
    assert unfolded == [{}]


def test_folded_columns_are_shown_on_demand(page: Page):
    """For oneself alone, job id and the like are out of sight until asked for."""
    before = cell(page, 1, "Row ID").count()
    page.get_by_role("button", name="10 more columns").click()
    cell(page, 1, "Row ID").wait_for()

    assert before == 0
    assert cell(page, 1, "Problem code").count() == 1


def test_a_column_hides_and_comes_back(page: Page):
    """Hide is a change of the sheet; the gap in the letters brings it back."""
    letter(page, "Notes").click(button="right")
    page.get_by_role("menuitem", name="Hide this column").click()
    page.get_by_role("button", name="11 more columns").wait_for()
    hidden = cell(page, 1, "Notes").count()
    letter(page, "Retry").locator(".letter-gap").click()
    cell(page, 1, "Notes").wait_for()

    assert hidden == 0


def test_a_width_is_dragged_and_kept(page: Page, book: Book):
    """The edge of a letter is dragged; the width is the sheet's, also for whoever opens it next."""
    box = letter(page, "Campaign").locator(".letter-edge").bounding_box()
    assert box is not None
    before = cell(page, 2, "Campaign").evaluate("node => node.offsetWidth")
    page.mouse.move(box["x"] + 4, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 64, box["y"] + 8, steps=4)
    page.mouse.up()
    fields = "sheets.data.columnMetadata.pixelSize"
    url = f"{book.base_url}/v4/spreadsheets/{book.id}"

    def width() -> int:
        answer = book.http.get(url, params={"fields": fields, "ranges": "Videos!B1"}).json()
        return int(answer["sheets"][0]["data"][0]["columnMetadata"][0]["pixelSize"])

    assert until(page, width, before + 60) == before + 60
    open_book(page, book)
    assert cell(page, 2, "Campaign").evaluate("node => node.offsetWidth") == before + 60


def test_find_goes_through_rows_that_are_not_drawn(page: Page, book: Book):
    """Ctrl+F counts the hits in all rows, Enter goes from one to the next, Escape leaves the cell selected."""
    book.write(120, {"Notes": "the hidden gift"})
    cell(page, 2, "Headline").click()
    press(page, "Control+f")
    page.keyboard.type("GIFT")
    counted = page.locator(".find-count")
    first = (until(page, counted.inner_text, "1 of 7"), place(page))
    press(page, "Shift+Enter")
    last = (counted.inner_text(), place(page))
    found = page.locator(".is-found").count()
    press(page, "Escape")

    assert first == ("1 of 7", "B9")
    assert last == ("7 of 7", "J121")
    assert found == 1
    assert page.locator("#active-cell").inner_text() == "the hidden gift"
    assert page.locator(".find").is_hidden()


def test_find_says_when_there_is_nothing(page: Page):
    """Nothing found is told, also to those who do not see the box."""
    press(page, "Control+f")
    page.keyboard.type("no such words")

    assert until(page, lambda: news(page), "Nothing found") == "Nothing found"
    press(page, "Escape")


def test_of_many_rows_only_those_in_sight_are_drawn(pane: tuple[Page, list[str]], book: Book):
    """Three thousand rows: some forty are drawn, and the last is a keystroke away."""
    page, _ = pane
    many = create_book(book.base_url, book.http, [ROWS[number % len(ROWS)] for number in range(3000)])
    open_book(page, many)
    drawn = page.locator(".row").count()
    cell(page, 2, "Headline").click()
    press(page, "Control+ArrowDown")
    until(page, lambda: place(page), "C3001")

    assert drawn < 60
    assert cell(page, 3001, "Headline").inner_text() == ROWS[2999 % len(ROWS)]["Headline"]
    assert page.locator(".row").count() < 60
