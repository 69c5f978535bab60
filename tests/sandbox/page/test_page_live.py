"""What the robot writes reaches the page by itself, without disturbing the person there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from page_workbook import ROWS, Book, create_book
from sheet_page import cell, letter, place, press, texts, until

from bot.sandbox.app import Sandbox
from bot.sandbox.serve import SandboxServer, free_port

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

STAMP = """(words) => {
  window.seen = new Promise((resolve) => {
    const look = () => {
      if (document.querySelector('#grid').textContent.includes(words)) {
        resolve(performance.timeOrigin + performance.now());
      } else requestAnimationFrame(look);
    };
    look();
  });
}"""


def test_progress_shows_by_itself(page: Page, book: Book):
    """A written state is on the screen without anybody asking; how soon is measured in tests/benchmarks/page.py."""
    page.evaluate(STAMP, "Rendering 60%")
    sent = time.time() * 1000
    book.write(7, {"Status": "Rendering 60%"})
    waited = page.evaluate("window.seen") - sent

    assert waited < 2000  # a tenth of a second on a quiet machine; this one is shared
    assert cell(page, 8, "Status").get_by_role("progressbar").get_attribute("aria-valuenow") == "60"


def test_a_short_break_of_the_line_loses_nothing(page: Page, book: Book, server: SandboxServer):
    """The stream ends while the server goes on: the page comes back to it and is told what it missed, only that."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/grid" in request.url else None)
    server.sandbox.sheets.end_streams()
    book.write(7, {"Status": "Done"})
    server.sandbox.sheets.is_over = False

    assert until(page, lambda: texts(page, "Status")[6], "Done", 6000) == "Done"
    assert asked == []


def test_an_open_editor_survives_everything_around_it(page: Page, book: Book):
    """Status, a row inserted above and a sort arrive while somebody types; the words land in their row."""
    cell(page, 5, "Headline").dblclick()
    page.keyboard.press("Control+a")
    page.keyboard.type("Half a sen")
    book.write(4, {"Status": "Rendering 90%", "Credits": "~10"})
    where = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    book.change({"insertDimension": {"range": where}})
    until(page, lambda: texts(page, "Status")[4], "Rendering 90%")
    page.keyboard.type("tence")
    page.keyboard.press("Enter")
    headlines = until(page, lambda: book.column("Headline")[4], "Half a sentence")

    assert headlines == "Half a sentence"
    assert book.column("Headline")[3] == ROWS[2]["Headline"]


def test_twenty_pushes_do_not_disturb_a_word(page: Page, book: Book):
    """While somebody types letter by letter, the row's own state and others change twenty times."""
    cell(page, 8, "Headline").dblclick()
    press(page, "Control+a")
    for number, sign in enumerate("Twenty little pushes"):
        page.keyboard.type(sign)
        book.write(7 if number % 2 else number, {"Status": f"Rendering {number}%", "Credits": str(number)})
    press(page, "Enter")

    assert until(page, lambda: book.column("Headline")[6], "Twenty little pushes") == "Twenty little pushes"
    assert until(page, lambda: texts(page, "Status")[6], "Rendering 19%") == "Rendering 19%"


def test_words_for_a_row_that_is_gone_are_not_lost(page: Page, book: Book):
    """Somebody deletes the row under the editor: nothing is written elsewhere, and the words can be copied."""
    cell(page, 4, "Headline").dblclick()
    press(page, "Control+a")
    page.keyboard.type("Nowhere to go")
    where = {"sheetId": 0, "dimension": "ROWS", "startIndex": 3, "endIndex": 4}
    book.change({"deleteDimension": {"range": where}})
    page.get_by_text("You had typed: Nowhere to go").wait_for()

    assert page.locator(".editor").count() == 0
    assert "Nowhere to go" not in book.column("Headline")


def test_an_open_editor_survives_new_columns(page: Page, book: Book):
    """Widths, colours and header change while somebody types, as when the robot prepares a sheet."""
    cell(page, 5, "Headline").dblclick()
    page.keyboard.press("Control+a")
    page.keyboard.type("Half a sen")
    book.change(
        {
            "updateDimensionProperties": {
                "range": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2},
                "properties": {"pixelSize": 222},
                "fields": "pixelSize",
            }
        }
    )
    column = letter(page, "Campaign")
    until(page, lambda: column.evaluate("node => node.offsetWidth"), 222)
    page.keyboard.type("tence")
    page.keyboard.press("Enter")

    assert until(page, lambda: book.column("Headline")[3], "Half a sentence") == "Half a sentence"


def test_the_selection_stays_with_its_row(page: Page, book: Book):
    """After a row is inserted above, the same record is selected, one place lower."""
    cell(page, 3, "Headline").click()
    where = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    book.change({"insertDimension": {"range": where}})
    until(page, lambda: texts(page, "Headline")[0], "")

    assert page.locator("#active-cell").inner_text().strip() == ROWS[1]["Headline"]
    assert until(page, lambda: place(page), "C4") == "C4"


def test_a_status_takes_the_colour_of_the_sheets_rule(page: Page, book: Book):
    """When Status becomes Done, its colours are the ones the conditional format names."""
    book.write(4, {"Status": "Done"})
    until(page, lambda: texts(page, "Status")[3], "Done")
    pill = cell(page, 5, "Status").locator(".pill")

    assert pill.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(230, 244, 234)"
    assert pill.evaluate("node => getComputedStyle(node).color") == "rgb(19, 115, 51)"


def test_tabs_show_their_own_cells(page: Page, book: Book):
    """Control opens with its heartbeat line and real boxes; a change while it was hidden is there too."""
    page.get_by_role("tab", name="Control").click()
    page.get_by_text("Robot: working").first.wait_for()
    page.get_by_role("checkbox").first.wait_for()
    boxes = page.get_by_role("checkbox").count()
    page.get_by_role("tab", name="Videos").click()
    page.get_by_text("Cold brew season is back").first.wait_for()

    assert boxes == 3


def test_a_header_tells_its_note(page: Page):
    """The note of a robot's column appears where the pointer rests."""
    cell(page, 1, "Status").hover()
    tip = page.get_by_role("tooltip")
    tip.wait_for()

    assert "Filled in by the video robot" in tip.inner_text()


def test_a_note_is_read_by_keyboard_too(page: Page):
    """It appears when the selection comes to the cell, and belongs to it for a screen reader; Escape hides it."""
    cell(page, 1, "Notes").click()
    press(page, "ArrowRight")
    tip = page.locator("[role=tooltip]")
    tip.wait_for()
    words = tip.inner_text()
    described = page.locator("#active-cell").get_attribute("aria-describedby")
    press(page, "Escape")

    assert words == "Filled in by the video robot. Do not type here. To try again, tick Retry."
    assert described == tip.get_attribute("id")
    assert tip.is_hidden()


def test_the_video_opens_and_plays(page: Page, picture: Callable[[Page, str], None]):
    """A click on the link opens a player that really plays; Escape closes it, and the arrows go on from the cell."""
    cell(page, 2, "Video").get_by_role("link").click()
    video = page.locator("#player video")
    video.wait_for()
    playing = until(
        page, lambda: video.evaluate("node => node.currentTime > 0.2 && !node.paused"), wanted=True
    )
    size = video.evaluate("node => [node.videoWidth, node.videoHeight]")
    picture(page, "player")
    press(page, "Escape")
    closed = until(page, page.locator("#player video").count, 0)
    press(page, "ArrowDown")

    assert playing is True
    assert size == [270, 480]
    assert closed == 0
    assert place(page) == "M3"


def test_a_thumbnail_opens_its_rows_video(page: Page):
    """The preview leads to the video of the same row."""
    cell(page, 3, "Preview").get_by_role("button").click()

    assert page.locator("#player video").get_attribute("src", timeout=3000).endswith("/media/square-1.mp4")


def test_a_finished_row_is_watched_from_its_status(page: Page):
    """The state of a finished row carries the way to its video, wherever the link's column stands."""
    page.get_by_role("button", name="Watch the video of row 2").click()

    assert page.locator("#player video").get_attribute("src", timeout=3000).endswith("/media/vertical-0.mp4")


def test_the_page_comes_back_with_the_server(browser: Browser, tmp_path: Path, http: httpx.Client):
    """The light tells that the line is down; when the server is back, so is the page, with what it missed."""
    with SandboxServer(Sandbox(tmp_path)) as first:
        book = create_book(first.base_url, http)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto(book.base_url)
        page.get_by_text("Live", exact=True).wait_for()
    page.get_by_text("Waiting for the sheet").wait_for()
    with SandboxServer(Sandbox(tmp_path), free_port(first.port)):
        book.write(7, {"Status": "Done"})
        page.get_by_text("Live", exact=True).wait_for(timeout=8000)
        status = until(page, lambda: texts(page, "Status")[6], "Done")
        context.close()

    assert status == "Done"


def test_a_sheet_appears_by_itself(browser: Browser, tmp_path: Path, http: httpx.Client):
    """Without any spreadsheet the page says so quietly, and opens the first one there is."""
    with SandboxServer(Sandbox(tmp_path)) as empty:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto(empty.base_url)
        page.get_by_text("No sheet yet").wait_for()
        create_book(empty.base_url, http)
        page.get_by_text("Cold brew season is back").wait_for(timeout=5000)
        hidden = page.locator("#empty").is_hidden()
        context.close()

    assert hidden
