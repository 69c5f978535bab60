"""What the robot answers whoever watches it: health, readiness, figures; nothing that people wrote, to nobody else."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from watch_stage import NAME, Stage

from bot.domain.intents import State
from bot.domain.vitals import UnderWay


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.server.stop()


def test_a_robot_at_work_is_healthy_and_ready(stage: Stage):
    """Both answer yes, with nothing to explain."""
    stage.stands()
    status, _, healthy = stage.get("/healthz")
    ready_status, _, ready = stage.get("/readyz")

    assert (status, json.loads(healthy)) == (200, {"healthy": True, "reasons": [], "silent_seconds": 0})
    assert (ready_status, json.loads(ready)) == (200, {"ready": True, "reasons": []})


def test_f_P08_a_worker_that_went_silent_is_told(stage: Stage):
    """Beyond the deadline of a tick; a sign of life later all is well again."""
    stage.stands()
    stage.clock.advance(300)
    stuck, _, said = stage.get("/healthz")
    stage.meter.live()
    again, _, _ = stage.get("/healthz")

    assert (stuck, again) == (503, 200)
    assert json.loads(said)["reasons"] == [
        {"code": "stuck", "says": "No sign of life for 300 seconds.", "tab": None}
    ]


def test_f_P11_the_same_bug_three_times_is_told(stage: Stage):
    """Until a tick without it."""
    stage.meter.publish(("Videos: the same bug R-104200 3 times in a row",))
    failing, _, _ = stage.get("/healthz")
    stage.meter.publish()

    assert (failing, stage.get("/healthz")[0]) == (503, 200)


def test_a_tab_not_read_yet_is_not_ready(stage: Stage):
    """Healthy all the same: a restart would not help."""
    stage.meter.tab("Videos")
    stage.meter.publish()
    status, _, said = stage.get("/readyz")

    assert (status, json.loads(said)["reasons"][0]["code"]) == (503, "tab_not_read")
    assert stage.get("/healthz")[0] == 200


def test_figures_of_a_tab(stage: Stage):
    """Jobs and rows by state, every hold as 0 or 1, money."""
    stage.stands(
        states={State.WAITING: 12, State.ACTIVE: 2},
        statuses={"Done": 3},
        holds=frozenset({"credits short"}),
        spent_today=90,
        day_cap=100,
        reserved=18,
    )
    stage.meter.called("send", "throttled", 0.3)
    stage.meter.requested("read", "ok")
    found = stage.figures()

    def tab(name: str, **labels: str) -> float:
        return found[f"rowreel_{name}", tuple(sorted({"tab": "Videos", **labels}.items()))]

    assert (tab("jobs", state="waiting"), tab("jobs", state="failed")) == (12, 0)
    assert (tab("rows", status="Done"), tab("rows", status="Checking")) == (3, 0)
    assert (tab("hold", kind="credits short"), tab("hold", kind="paused")) == (1, 0)
    assert (tab("credits_today"), tab("credits_per_day"), tab("credits_reserved")) == (90, 100, 18)
    assert tab("ticks_total", outcome="done") == 1
    assert tab("tick_seconds_bucket", le="0.25") == 1
    assert tab("tick_seconds_bucket", le="0.1") == 0


def test_figures_are_those_the_worker_published(stage: Stage):
    """Counted meanwhile, shown with its next picture."""
    stage.stands()
    stage.meter.called("send", "ok", 0.3)
    key = "rowreel_zvid_calls_total", (("kind", "send"), ("outcome", "ok"))
    before = stage.figures().get(key)
    stage.meter.publish()

    assert (before, stage.figures()[key]) == (None, 1)


def test_the_journal_s_size_and_the_process(stage: Stage):
    """Asked of the disk at the moment; a file that is not there has none."""
    stage.journal.write_bytes(b"x" * 1000)
    found = stage.figures()

    assert found["rowreel_journal_bytes", (("file", "journal"),)] == 1000
    assert found["rowreel_journal_bytes", (("file", "wal"),)] == 0
    assert found["rowreel_info", (("version", "1.2.3"),)] == 1
    assert found["process_resident_memory_bytes", ()] > 1e6


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/metrics"])
def test_f_S09_nothing_that_people_wrote(stage: Stage, path: str):
    """Names of videos, made of cells, are in the picture, and in no answer."""
    stage.stands(under_way=(UnderWay("raaab", 2, State.ACTIVE, 40, None, 0, NAME),), says="Paused.")

    assert NAME not in stage.get(path)[2]


@pytest.mark.parametrize("path", ["/healthz", "/nothing-here"])
def test_f_S09_every_answer_is_strict(stage: Stage, path: str):
    """Nothing is kept, framed, guessed or run, also where there is no page."""
    _, said, _ = stage.get(path)

    assert said["cache-control"] == "no-store"
    assert said["x-content-type-options"] == "nosniff"
    assert said["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in said["content-security-policy"]
    assert "server" not in said


@pytest.mark.parametrize(
    ("host", "status"), [("evil.example", 421), ("localhost:1", 200), ("ROBOT.lan", 200), ("10.0.0.7", 200)]
)
def test_f_S09_a_name_led_here_by_a_stranger_is_refused(stage: Stage, host: str, status: int):
    """What a page on the web could make a browser ask for."""
    assert stage.get("/healthz", Host=host)[0] == status


def test_f_S09_nothing_can_be_changed(stage: Stage):
    """There is only reading."""
    assert {stage.get("/healthz", method)[0] for method in ("POST", "PUT", "DELETE")} == {405}
    assert stage.get("/healthz", "HEAD")[0] == 200


def test_names_are_shown_to_whoever_asked_for_them(stage: Stage):
    """`watch.show_names`; markup in one stays text."""
    stage.show_names = True
    stage.stands(under_way=(UnderWay("raaab", 2, State.ACTIVE, 40, None, 0, "<b>sale</b>"),))

    assert "<td>&lt;b&gt;sale&lt;/b&gt;</td>" in stage.get("/")[2]


def test_the_page_tells_how_things_stand(stage: Stage):
    """In people's words: what holds a tab and what lifts it, what waits, what the day cost."""
    stage.stands(
        states={State.WAITING: 12, State.ACTIVE: 2},
        statuses={"Done": 1400, "Needs fixing": 3},
        rows=1417,
        holds=frozenset({"credits short"}),
        spent_today=90,
        day_cap=100,
        reserved=18,
        under_way=(UnderWay("raaab", 2, State.ACTIVE, 40, None, 0, NAME),),
    )
    _, said, page = stage.get("/")

    assert said["content-type"] == "text/html; charset=utf-8"
    assert '<p id="state" role="status" class="state held">On hold</p>' in page
    assert "Not enough credits at Zvid. Continues by itself after a top-up." in page
    assert "<dt>Waiting</dt><dd>12</dd>" in page
    assert "<td>Done</td><td>1,400</td>" in page
    assert "90 credits today of 100; 18 reserved" in page
    assert "<td>raaab</td><td>Rendering 40%</td>" in page


def test_the_page_says_what_needs_somebody(stage: Stage):
    """Why it is not ready stands first."""
    stage.meter.tab("Videos")
    stage.meter.publish()
    page = stage.get("/")[2]

    assert "Needs somebody</p>" in page
    assert "Videos: The tab was not read yet; the log says why if that lasts." in page


def test_a_journal_that_cannot_be_read_is_said(stage: Stage):
    """The rest of the page is there all the same."""
    stage.stands()

    assert "The journal cannot be read at the moment." in stage.get("/")[2]


def test_f_S09_the_page_loads_nothing_from_anywhere(stage: Stage):
    """What a browser may run and style is what is in the page, to the letter."""
    stage.stands()
    _, said, page = stage.get("/")
    inside = [re.search(rf"<{tag}>(.*)</{tag}>", page, re.DOTALL).group(1) for tag in ("style", "script")]  # type: ignore[union-attr]
    hashes = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in inside]

    assert all(f"'sha256-{one}'" in said["content-security-policy"] for one in hashes)
    assert "unsafe" not in said["content-security-policy"]
    assert not re.search(r"(src|href)=.(https?:)?//", page)
    assert " style=" not in page
    assert " on" not in re.sub(r">[^<]*<", "><", page.partition("<body>")[2].partition("<script>")[0])


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        ({"credits short"}, ["Needs 36 credits, 4 left."]),
        (
            {"credits short", "paused"},
            ["Needs 36 credits, 4 left.", "Not enough credits", "Run is not ticked"],
        ),
    ],
)
def test_nothing_that_holds_a_tab_is_hidden(stage: Stage, kinds: set[str], told: list[str]):
    """One hold is told once, in the tab's own words; several are all told."""
    stage.stands(holds=frozenset(kinds), says="Needs 36 credits, 4 left.")
    page = stage.get("/")[2]

    assert page.count('<p class="held">') == len(told)
    assert all(f'<p class="held">{words}' in page for words in told)
