"""The package's own templates, filled with the first good row of their sample sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.adapters.built_in_templates import find_template
from bot.adapters.template_folder import load_template
from bot.cli.sample_sheet import sample_file, sample_rows
from bot.domain.ids import JobId, RecordId
from bot.domain.records import Content, Record, judge
from bot.domain.templates.template import Label, Payload, fill
from bot.domain.values import Locale, value_text

NAMES = ("builtin", "lesson", "listing", "product")
FORMATS = ("vertical", "square", "wide")
_PLACE = "http://127.0.0.1:9/media/pictures"


def film_of(name: str, wanted: str) -> dict[str, Any]:
    template = load_template(find_template(Path(name)))
    header, *rows = sample_rows(
        sample_file(None if name == "builtin" else Path(name)), template, _PLACE, None
    )
    for row in (dict(zip(header, row, strict=True)) for row in rows):
        values = tuple(
            (one.key, value_text(one.type, row[one.column], Locale())) for one in template.contract.fields
        )
        record = judge(Content(values, wanted), template.contract)
        if isinstance(record, Record):
            label = Label(RecordId("r7k3q"), JobId("3f0c2a7e-5d55-5b1e-9a53-8c1d6f1f2ab1"), 1)
            filled = fill(template, record, label)
            if isinstance(filled, Payload):
                return dict(filled.project)
    raise LookupError(f"No good row for {name}.")
