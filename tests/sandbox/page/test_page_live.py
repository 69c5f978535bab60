"""What the robot writes reaches the page by itself, without disturbing the person there."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import pytest
from page_workbook import ROWS, Book, create_book
from sheet_page import cell, letter, texts, until

from bot.sandbox.app import Sandbox
from bot.sandbox.serve import SandboxServer, free_port

if TYPE_CHECKING:
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


def test_progress_shows_within_a_tenth_of_a_second(page: Page, book: Book):
    """From sending the write to the frame that shows it, in the middle of five writes."""
    waits = []
    for percent in (10, 20, 30, 50, 60):
        page.evaluate(STAMP, f"Rendering {percent}%")
        sent = time.time() * 1000
        book.write(7, {"Status": f"Rendering {percent}%"})
        waits.append(page.evaluate("window.seen") - sent)

    assert statistics.median(waits) < 100
    bar = cell(page, 8, "Status").get_by_role("progressbar")
    assert bar.get_attribute("aria-valuenow") == "60"


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
    assert page.locator("#place").inner_text() == "C4"


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


def test_folded_columns_are_shown_on_demand(page: Page):
    """Job id and the like are out of sight until asked for."""
    before = letter(page, "Row ID").count()
    page.get_by_role("button", name="10 more columns").click()
    letter(page, "Row ID").wait_for()

    assert before == 0
    assert letter(page, "Problem code").count() == 1


def test_a_header_tells_its_note(page: Page):
    """The note of a robot's column appears where the pointer rests."""
    cell(page, 1, "Status").hover()
    tip = page.get_by_role("tooltip")
    tip.wait_for()

    assert "Filled in by the video robot" in tip.inner_text()


def test_the_video_opens_and_plays(page: Page):
    """A click on the link opens a player that really plays; Escape closes it and the sound of it."""
    cell(page, 2, "Video").get_by_role("link").click()
    video = page.locator("#player video")
    video.wait_for()
    playing = until(
        page, lambda: video.evaluate("node => node.currentTime > 0.2 && !node.paused"), wanted=True
    )
    size = video.evaluate("node => [node.videoWidth, node.videoHeight]")
    page.keyboard.press("Escape")

    assert playing is True
    assert size == [270, 480]
    assert until(page, page.locator("#player video").count, 0) == 0


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
