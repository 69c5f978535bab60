"""The page for people who see, move or hear differently, on small screens and with many rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from axe_core_python.sync_playwright import Axe
from page_workbook import ROWS, create_book
from sheet_page import cell

from bot.sandbox.serve import SandboxServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page: Page, scheme: str):
    """No critical or serious finding in either colour scheme, contrast included."""
    page.emulate_media(color_scheme=scheme)
    cell(page, 3, "Headline").click()
    found = Axe().run(page, options={"resultTypes": ["violations"]})["violations"]
    serious = [
        (one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"critical", "serious"}
    ]

    assert serious == []


def test_the_keyboard_can_leave_the_grid(page: Page):
    """Escape, then Tab, goes on to the tabs: the grid is no trap."""
    cell(page, 3, "Headline").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('#grid') === null")


def test_a_phone_can_tick_and_watch(page: Page):
    """At 360 pixels the box, the state and the way to the video are all within the screen."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.get_by_role("checkbox", name="Approve, row 8").click()

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert "Rendering 40%" in cell(page, 4, "Headline").inner_text()
    for column in ("Approve", "Headline", "Preview"):
        box = cell(page, 2, column).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 360


def test_a_thousand_rows_are_ready_in_a_second(browser: Browser, server: SandboxServer, http: httpx.Client):
    """From opening the page to rows that can be edited."""
    book = create_book(server.base_url, http, [ROWS[number % len(ROWS)] for number in range(1000)])
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{book.base_url}/#{book.id}")
        page.wait_for_selector("html[data-ready]")
        ready = int(page.get_attribute("html", "data-ready") or 0)

        assert page.locator(".row").count() > 10
    assert ready < 2000  # about one second on a quiet machine; this one is shared
