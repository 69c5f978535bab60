"""The page for people who see, move or hear differently, on small screens and with many rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_core_python.sync_playwright import Axe
from page_workbook import COLUMN, ROWS, Book
from sheet_page import cell, news, open_book, press, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def a_cell(page: Page) -> None:
    cell(page, 3, "Headline").click()


def a_note(page: Page) -> None:
    cell(page, 1, "Status").hover()
    page.get_by_role("tooltip").wait_for()


def a_menu(page: Page) -> None:
    cell(page, 3, "Headline").click(button="right")


def a_dropdown(page: Page) -> None:
    cell(page, 3, "Format").locator(".choice").click()


def an_editor_with_offers(page: Page) -> None:
    cell(page, 3, "Format").click(position={"x": 4, "y": 4})
    page.keyboard.type("s")


def a_player(page: Page) -> None:
    page.get_by_role("button", name="Watch the video of row 2").click()
    page.locator("#player video").wait_for()


def the_keys(page: Page) -> None:
    page.get_by_role("button", name="Keyboard shortcuts").click()


def a_search(page: Page) -> None:
    press(page, "Control+f")
    page.keyboard.type("gift")


def a_filter_view(page: Page) -> None:
    page.get_by_role("button", name="Filter views").click()
    page.get_by_role("menuitem", name="Needs me").click()


def a_message(page: Page) -> None:
    cell(page, 3, "Format").click(position={"x": 4, "y": 4})
    page.keyboard.type("Round")
    press(page, "Enter")
    page.locator(".toast").wait_for()


def another_tab(page: Page) -> None:
    page.get_by_role("tab", name="Control").click()
    page.get_by_text("Videos at the same time").wait_for()


def unfolded(page: Page) -> None:
    page.get_by_role("button", name="Show 10 columns, Row ID to Problem code").click()
    cell(page, 1, "Row ID").wait_for()


def merged_cells(page: Page) -> None:
    cell(page, 3, "Headline").click()
    press(page, "Shift+ArrowDown", "Shift+ArrowRight", "Shift+F10")
    page.get_by_role("menuitem", name="Merge cells").click()
    page.locator(".is-merged").wait_for()


def a_note_in_writing(page: Page) -> None:
    cell(page, 3, "CTA").click()
    press(page, "Shift+F2")
    page.keyboard.type("Ask Lena")


def a_menu_of_columns(page: Page) -> None:
    a_menu(page)
    page.get_by_role("menuitem", name="Column").click()


# What to look at once it is open; the whole page where the cells themselves look different.
SIGHTS = {
    "cell": (a_cell, None),
    "note": (a_note, "[role=tooltip]"),
    "menu": (a_menu, ".popup"),
    "dropdown": (a_dropdown, ".popup"),
    "editor": (an_editor_with_offers, ".suggest, .canvas > .editor"),
    "player": (a_player, "#player"),
    "keys": (the_keys, "#keys"),
    "search": (a_search, ".find, .is-found"),
    "view": (a_filter_view, "main"),
    "message": (a_message, ".toasts"),
    "tab": (another_tab, "main"),
    "unfolded": (unfolded, ".groups, .head"),
    "merged": (merged_cells, ".canvas, .toasts"),
    "writing": (a_note_in_writing, ".note-box"),
    "columns": (a_menu_of_columns, ".popup"),
}


# Not waiting for videos to load: what is asked about them needs no more than their controls.
OPTIONS = {"resultTypes": ["violations"], "preload": 0}


def serious(page: Page, where: str | None = None) -> list[tuple[str, str]]:
    """What axe finds critical or serious in the page or a part of it."""
    context = where and {"include": [[part.strip()] for part in where.split(",")]}
    found = Axe().run(page, context=context, options=OPTIONS)["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"critical", "serious"}]


@pytest.mark.parametrize("sight", sorted(SIGHTS))
def test_axe_finds_nothing_serious(page: Page, sight: str, picture: Callable[[Page, str], None]):
    """No critical or serious finding with anything open, in light and in dark, contrast included."""
    show, where = SIGHTS[sight]
    show(page)
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        picture(page, f"{sight} {scheme}")
        found[scheme] = serious(page, where)
    page.emulate_media(color_scheme="light")

    assert found == {"light": [], "dark": []}


def test_axe_would_notice(page: Page):
    """A control without a name and a pale word are findings, wherever they stand."""
    page.evaluate(
        """() => {
          document.querySelector('#find').removeAttribute('aria-label');
          document.querySelector('#find').removeAttribute('title');
          document.querySelector('#title').style.color = '#ddd';
        }"""
    )

    assert {name for name, _ in serious(page, ".bar, .top")} == {"button-name", "color-contrast"}


def test_the_grid_tells_where_one_is(page: Page):
    """A screen reader hears a grid of so many rows and columns, and of each cell its row and its column."""
    cell(page, 9, "Format").click(position={"x": 4, "y": 4})
    table = page.get_by_role("grid", name="Videos")
    active = page.locator(f"#{table.get_attribute('aria-activedescendant')}")
    row = active.locator("..")

    assert (table.get_attribute("aria-rowcount"), table.get_attribute("aria-colcount")) == ("1000", "26")
    assert (active.get_attribute("role"), active.get_attribute("aria-colindex")) == (
        "gridcell",
        str(COLUMN["Format"] + 1),
    )
    assert (row.get_attribute("role"), row.get_attribute("aria-rowindex")) == ("row", "9")
    assert active.get_attribute("aria-selected") == "true"
    assert page.get_by_role("gridcell", name="not ticked").count() > page.get_by_role("checkbox").count() / 2
    assert page.get_by_role("columnheader", name="Format", exact=True).count() == 1


def test_rows_are_read_in_the_order_they_have(page: Page, book: Book):
    """Also after a sort and a scroll: what is read aloud is what is seen."""
    page.locator("#grid").evaluate("node => node.scrollTop = 900")
    sort = {
        "range": {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 13},
        "sortSpecs": [{"dimensionIndex": COLUMN["Price"]}],
    }
    book.change({"sortRange": sort})
    page.locator("#grid").evaluate("node => node.scrollTop = 0")
    cheapest = min(ROWS, key=lambda row: row["Price"])["Headline"]
    until(page, lambda: cell(page, 2, "Headline").inner_text(), cheapest)
    rows = page.locator(".row").evaluate_all("rows => rows.map((row) => Number(row.ariaRowIndex))")

    assert rows == sorted(rows)
    assert rows[:3] == [1, 2, 3]


def test_ticks_and_their_outcome_are_told(page: Page, book: Book):
    """The tick is confirmed; then each new state of a ticked row, not its every percent, and nothing of others."""
    cell(page, 8, "Approve").get_by_role("checkbox").click()
    ticked = news(page)
    book.write(7, {"Status": "Rendering 10%"})
    rendering = until(page, lambda: news(page), "Row 8, Decaf nobody will notice: Rendering.")
    book.write(7, {"Status": "Rendering 60%"})
    book.write(8, {"Status": "Ready to approve"})
    book.write(7, {"Status": "Done"})
    done = until(page, lambda: news(page), "Row 8, Decaf nobody will notice: Done.")

    assert ticked == "Approve ticked, row 8."
    assert rendering == "Row 8, Decaf nobody will notice: Rendering."
    assert done == "Row 8, Decaf nobody will notice: Done."


def test_many_changes_are_told_in_one_sentence(page: Page, book: Book):
    """Six rows that finish together are counted, not read out."""
    book.change(
        *(
            {
                "updateCells": {
                    "start": {"sheetId": 0, "rowIndex": row, "columnIndex": COLUMN["Status"]},
                    "rows": [{"values": [{"userEnteredValue": {"stringValue": "On hold"}}]}],
                    "fields": "userEnteredValue",
                }
            }
            for row in range(1, 7)
        )
    )

    assert until(page, lambda: news(page), "6 rows changed: 6 On hold.") == "6 rows changed: 6 On hold."


@pytest.fixture
def phone(page: Page, book: Book) -> Iterator[Page]:
    """The same page on a screen of 360 pixels."""
    page.set_viewport_size({"width": 360, "height": 740})
    open_book(page, book)
    yield page
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_phone_can_tick_and_watch(phone: Page, book: Book, picture: Callable[[Page, str], None]):
    """At 360 pixels the box, the row's words, its state and the way to the video are all within the screen."""
    picture(phone, "360")
    seen = {}
    for column in ("Approve", "Headline", "Preview"):
        box = cell(phone, 2, column).bounding_box()
        assert box is not None
        seen[column] = box["x"] >= 0 and box["x"] + box["width"] <= 360
    words = cell(phone, 4, "Headline").inner_text()
    phone.get_by_role("checkbox", name="Approve, row 8").click()
    ticked = until(phone, lambda: book.column("Approve")[6], wanted=True)
    cell(phone, 2, "Preview").get_by_role("button").click()
    phone.locator("#player video").wait_for()
    picture(phone, "360 player")
    player = phone.locator("#player .player-box").bounding_box()

    assert seen == {"Approve": True, "Headline": True, "Preview": True}
    assert "Two bags, one price" in words
    assert "Rendering 40%" in words
    assert ticked is True
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert phone.locator("#grid").evaluate("node => node.scrollWidth") <= 360
    assert player is not None
    assert player["x"] >= 0
    assert player["x"] + player["width"] <= 360


def test_axe_finds_nothing_serious_on_a_phone(phone: Page):
    """The compact sheet has boxes, states and pictures in fewer cells, and is as sound."""
    assert serious(phone) == []
