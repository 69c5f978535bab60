"""The console in a real Chromium: for everybody, on any screen, with foreign text as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest
from axe_core_python.sync_playwright import Axe
from console_bench import Bench

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about; a test that provokes a complaint takes it out."""
    return []


@pytest.fixture
def page(browser: Browser, bench: Bench, complaints: list[str]) -> Iterator[Page]:
    """The console, open and ready; whatever the browser complains about fails the test."""
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        context.set_default_timeout(5000)
        opened = context.new_page()
        opened.on("console", lambda message: complaints.append(message.text))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.goto(f"{bench.base_url}/faults")
        opened.wait_for_selector("html[data-ready]")
        yield opened
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page: Page, scheme: str):
    """No critical or serious finding in either colour scheme, with a fault on."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.get_by_role("switch", name="Slow service").click()
    page.wait_for_selector('[data-fault="zvid-slow"].is-on')
    found = Axe().run(page, options={"resultTypes": ["violations"]})["violations"]
    serious = [
        (one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"critical", "serious"}
    ]

    assert serious == []


def test_the_keyboard_switches_and_all_off_ends(page: Page, bench: Bench):
    """Space turns a switch on; the page says so to those who listen; `All off` ends it."""
    switch = page.get_by_role("switch", name="Too many requests")
    switch.focus()
    page.keyboard.press("Space")
    page.locator("#news", has_text="Too many requests: on").wait_for(state="attached")
    on = bench.faults()["zvid-busy"]["on"]
    page.get_by_role("button", name="All off").click()
    page.locator("#on-now", has_text="All is well").wait_for()

    assert on
    assert switch.get_attribute("aria-checked") == "false"
    assert bench.faults()["zvid-busy"]["on"] is False


def test_foreign_text_stays_text(page: Page):
    """Markup in a cell is shown as it was typed."""
    lines = page.locator("#lines").inner_text()

    assert "<img src=x onerror=alert(1)>" in lines
    assert "<b>bold</b>" in lines
    assert page.locator("#lines img, #lines b").count() == 0


def test_a_refusal_is_told(page: Page, bench: Bench, complaints: list[str]):
    """What cannot be done is said in a sentence, and nothing else happens."""
    bench.put("Videos!G1", "Something else")
    with page.expect_response(lambda answer: answer.status == 409):
        page.get_by_role("button", name="Delete it").click()

    page.get_by_role("alert").filter(has_text="robot's columns").wait_for()
    # A refused request is a line of the browser's own, and no fault of the page.
    assert ["409" in line for line in complaints] == [True]
    complaints.clear()


def test_a_phone_shows_it_all(page: Page):
    """At 360 pixels nothing stands out of the screen."""
    page.set_viewport_size({"width": 360, "height": 740})

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for switch in page.get_by_role("switch").all():
        box = switch.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 360


@pytest.mark.parametrize("path", ["/faults", "/console/faults.js", "/console/faults.css"])
def test_the_policy_is_strict(bench: Bench, path: str):
    """Nothing inline and nothing foreign may run."""
    answer = httpx.get(bench.base_url + path)

    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_the_sheet_leads_to_the_console(page: Page, bench: Bench):
    """The sheet's header has the way there, and the console the way back."""
    page.get_by_role("link", name="The sheet", exact=True).click()
    page.wait_for_selector("html[data-ready]")
    page.get_by_role("link", name="Faults").click()
    page.wait_for_selector("#cards .card")

    assert page.get_by_role("heading", level=1).inner_text() == "Make it go wrong"
