"""The fault console and the real robot: what people are told to try."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from stage import running

pytestmark = pytest.mark.browser


def test_f_Z13_a_lost_answer_is_checked_and_paid_once(place: tuple[Path, str, str], chromium: str):
    """Switch it on, tick a row: the sheet says Checking, then Done, and the service's books hold one charge."""
    folder, base_url, key = place
    from playwright.sync_api import sync_playwright

    with running("run", cwd=folder), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        console, sheet = browser.new_page(), browser.new_page()
        console.goto(f"{base_url}/faults")
        sheet.goto(f"{base_url}/#{key}")
        console.get_by_role("switch", name="Answer to a paid send gets lost").click()
        sheet.get_by_role("gridcell").filter(has_text="Ready to approve").wait_for()
        sheet.get_by_role("checkbox", name="Approve, row 2", exact=True).click()
        state = console.locator("#lines .state")
        for word in ("Checking", "Done"):
            state.filter(has_text=word).wait_for(timeout=45_000)
        console.get_by_text("Answers lost: 1").wait_for()
        told = {
            name: console.locator(f'#tally dd[data-name="{name}"]').inner_text()
            for name in ("jobs", "credits", "done", "paidTwice", "wrongLinks")
        }
        browser.close()

    assert told == {"jobs": "1", "credits": "9", "done": "1 of 1", "paidTwice": "0", "wrongLinks": "0"}
    with sqlite3.connect(folder / "S" / "zvid.db") as books:
        charges = books.execute("SELECT count(*) FROM ledger WHERE kind = 'reserve'").fetchone()[0]
    books.close()
    assert charges == 1
