"""Cells of 50,000 characters that patterns choke on: judged, measured and spelled in no time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from builders import contract, label, project, template

from bot.domain.contract import Field, FieldType
from bot.domain.media.links import link_flaw
from bot.domain.records import Content, Record, judge
from bot.domain.templates.fits import Fit, fits
from bot.domain.templates.naming import job_name
from bot.domain.templates.template import fill
from bot.domain.values import Locale, value_text

MOST_SECONDS = 0.05
LONG = {
    "letters": "a" * 50_000,
    "blanks": " " * 24_999 + "x" + " " * 25_000,
    "digits": "9" * 50_000,
    "points": "1." * 25_000,
    "braces": "{" * 50_000,
    "pairs of braces": "{ {" * 16_667,
    "entities": "&#" * 25_000,
    "tags": "<a " * 16_667,
    "opening signs": "(" * 50_000,
    "hyphens": "a-" * 25_000,
    "dashes": "-" * 50_000,
    "han": "日（" * 25_000,
    "marks": "e" + "\u0301" * 49_999,
    "joiners": "👩\u200d" * 25_000,
    "link": "https://e.example/" + "%" * 50_000,
    "half a link": "http" * 12_500,
    "event": " on" * 16_667,
    "no number": "-" + "0" * 49_998 + "x",
    "date": "2026-01-0" * 5_556,
}
BOX = Fit("x.ttf", "0" * 64, size=10, width=100, lines=3)
FIELD = {kind: Field("it", "It", kind, choices=("a",)) for kind in FieldType}


def quickest(work: Callable[[], object]) -> float:
    """CPU seconds of the quickest of three runs: other programs' turns do not count."""
    took = []
    for _ in range(3):
        started = time.thread_time()
        work()
        took.append(time.thread_time() - started)
    return min(took)


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("kind", list(FieldType))
def test_f_X07_judging(name: str, kind: FieldType):
    """Each type's strict form tells in one pass that this is none of it, or that it is text."""

    def work() -> object:
        text = value_text(kind, LONG[name], Locale())
        return judge(Content((("it", text),), "wide"), contract(FIELD[kind]))

    assert quickest(work) < MOST_SECONDS


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("key", ["svg", "html", "text"])
def test_f_X07_placing(name: str, key: str):
    """Spelling a value for its place, and looking at what came of it, reads it a fixed number of times."""
    parts = {"svg": "<svg><text>{{it}}</text></svg>", "html": "<b>{{it}}</b>", "text": "{{it}}"}
    kind = "SVG" if key == "svg" else "TEXT"
    required = contract(Field("it", "It", required=True))
    whole = project({"type": kind, key: parts[key]})
    design = template(contract=required, projects={"wide": whole, "square": whole}, name_rule="{it}")
    record = Record(Content([("it", LONG[name])], "wide"), (LONG[name],))

    assert quickest(lambda: fill(design, record, label())) < MOST_SECONDS


@pytest.mark.parametrize("name", LONG)
def test_f_X07_measuring_and_naming(name: str):
    """So do fit, names and links."""
    text = LONG[name]

    assert quickest(lambda: fits(text, BOX, lambda _box, piece: 10.0 * len(piece))) < MOST_SECONDS
    assert quickest(lambda: job_name("{it}", {"it": text}, label())) < MOST_SECONDS
    assert quickest(lambda: link_flaw(text)) < MOST_SECONDS
