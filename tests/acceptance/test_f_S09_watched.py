"""The real robot, watched from outside: its page, health and figures, and nothing of what it must keep to itself."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from stage import call, running, until

PATHS = ("/", "/healthz", "/readyz", "/metrics")


def read(address: str, path: str) -> str:
    with urllib.request.urlopen(f"{address.rstrip('/')}{path}", timeout=10) as answer:
        assert answer.status == 200
        return answer.read().decode()


@contextmanager
def watched(folder: Path, base_url: str, key: str) -> Iterator[str]:
    """A robot that has seen its sheet; gives the address it said to be watched at."""
    with (
        (folder / "log").open("w+") as log,
        running("run", cwd=folder, stderr=log, ROWREEL_WATCH__LISTEN="127.0.0.1:0"),
    ):
        until(base_url, key, "Ready to approve")
        told = [json.loads(line) for line in (folder / "log").read_text().splitlines()]
        yield next(line["address"] for line in told if line["event"] == "watch_listening")


def test_f_S01_S09_a_robot_at_work_tells_figures_and_no_secrets(place: tuple[Path, str, str]):
    """One video from the tick to its link: it is counted, and neither the key nor any cell is in an answer."""
    folder, base_url, key = place
    secret = (folder / "S" / "zvid-key").read_text().strip()
    area = f"{base_url}/v4/spreadsheets/{key}/values/Videos!A2:C2?valueInputOption=RAW"
    call(area, {"values": [[False, None, "Spring canaryheadline"]]}, method="PUT")
    with watched(folder, base_url, key) as address:
        call(area, {"values": [[True, None, "Spring canaryheadline"]]}, method="PUT")
        until(base_url, key, "Done")
        answers = {path: read(address, path) for path in PATHS}
    link = call(f"{base_url}/v4/spreadsheets/{key}/values/Videos")["values"]

    assert 'rowreel_renders_ended_total{failure="none",outcome="completed"} 1.0' in answers["/metrics"]
    assert "<h2>Videos</h2>" in answers["/"]
    assert any("/media/" in str(cell) for line in link for cell in line)
    for path, answer in answers.items():
        for hidden in (secret, secret[-8:], "canaryheadline", "/media/", key, base_url):
            assert hidden not in answer, path


@pytest.mark.browser
def test_the_page_in_a_browser(place: tuple[Path, str, str], chromium: str):
    """Nothing is refused by its own policy, it fits a telephone, a screen reader finds its way; silence is told."""
    from axe_core_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    folder, base_url, key = place
    troubles: list[str] = []
    with watched(folder, base_url, key) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for scheme in ("light", "dark"):
            context = browser.new_context(
                color_scheme=scheme, viewport={"width": 360, "height": 800}, bypass_csp=True
            )
            page = context.new_page()
            page.goto(address)
            for one in page.locator("summary").all():
                one.click()
            broken = Axe().run(page)["violations"]
            assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in broken] == []
        strict = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
        strict.on("console", lambda message: troubles.append(message.text))
        strict.goto(address)
        strict.locator("summary").first.click()
        strict.evaluate("look()")
        strict.wait_for_timeout(300)
        width = strict.evaluate("document.documentElement.scrollWidth")
        still_open = strict.locator("details[open]").count()
        # As where the robot is stopped in its tracks: the connection stands, and no answer comes.
        strict.route("**/*", lambda _never_answered: None)
        strict.evaluate("look()")
        silent = (strict.locator("#state").inner_text(), strict.title())
        browser.close()

    assert (width, still_open, troubles) == (360, 1, [])
    assert silent == ("Not reached", "Not reached · Rowreel")
