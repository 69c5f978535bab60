"""What one row costs before anything is sent: judged by the contract, filled, checked and hashed.

    python tests/benchmarks/one_row.py

Every template of the package, in its dearest format, with rows that have no cell in common.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.adapters.template_folder import BUILT_IN, load_template
from bot.domain.contract import FieldType
from bot.domain.ids import JobId, RecordId
from bot.domain.records import Content, Record, judge
from bot.domain.templates.specimen import specimen
from bot.domain.templates.template import Label, Payload, Template, fill

GOAL = 0.0005
"""Seconds of CPU."""

ROWS = 400
LABEL = Label(RecordId("r7k3q"), JobId("3f0c2a7e-5d55-5b1e-9a53-8c1d6f1f2ab1"), 0)


def row(design: Template, format_name: str, number: int) -> Content:
    """A row like no other."""
    values = []
    for one, (key, text) in zip(
        design.contract.fields, specimen(design.contract, format_name).values, strict=True
    ):
        match one.type:
            case FieldType.TEXT:
                values.append((key, f"{text[:4]} {number}"))
            case FieldType.COLOR:
                values.append((key, f"#{number * 977 % 0xFFFFFF:06X}"))
            case kind if kind.is_link:
                values.append((key, f"{text}?{number}"))
            case _:
                values.append((key, text))
    return Content(tuple(values), format_name)


def seconds_a_row(design: Template, format_name: str) -> float:
    """CPU of one row: the best of five rounds, so that other programs' turns do not count."""
    took = []
    for turn in range(5):
        rows = [row(design, format_name, turn * ROWS + number) for number in range(ROWS)]
        started = time.thread_time()
        for content in rows:
            judged = judge(content, design.contract, measure=design.measure)
            assert isinstance(judged, Record)
            payload = fill(design, judged, LABEL)
            assert isinstance(payload, Payload)
            assert payload.hash
        took.append((time.thread_time() - started) / ROWS)
    return min(took)


def one_row() -> dict[str, float]:
    """Seconds by template, of its dearest format."""
    designs = [load_template(found.parent) for found in sorted(BUILT_IN.parent.glob("*/contract.toml"))]
    return {
        design.title: max(seconds_a_row(design, name) for name in design.contract.formats)
        for design in designs
    }


if __name__ == "__main__":
    for title, seconds in one_row().items():
        print(f"{title}: {seconds * 1000:.2f} ms a row; goal <= {GOAL * 1000:.1f} ms")
