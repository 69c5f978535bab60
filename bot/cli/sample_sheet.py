"""The demo's sample rows: a CSV beside a template, as the cells people would have typed."""

from __future__ import annotations

import csv
from pathlib import Path

import bot
from bot.adapters.built_in_templates import find_template
from bot.cli.sandbox import DEFAULT_PORT
from bot.domain.cells import Cell
from bot.domain.contract import Field, FieldType
from bot.domain.templates.template import Template
from bot.secret_files import SettingsError

SAMPLE_PICTURES = f"http://127.0.0.1:{DEFAULT_PORT}/media/pictures"
"""Where the links of the samples lead, unless the stand-in has to take another port."""

_WIDTHS = {
    "Approve": 86,
    "Campaign": 104,
    "Headline": 150,
    "Subline": 92,
    "Price": 72,
    "CTA": 88,
    "Accent colour": 94,
    "Format": 88,
    "Notes": 64,
    "Retry": 64,
    "Status": 160,
    "What to do": 168,
    "Video": 90,
    "Preview": 84,
    "Credits": 72,
}
"""Pixels, so that a laptop's window shows everything of the usual sheet from the tick to the video."""

_WIDER = {
    **dict.fromkeys(("Picture", "Second picture", "Portrait", "Screenshot", "Badge", "Old price"), 84),
    **dict.fromkeys(("Product", "Title", "Point 1", "Point 2", "Point 3"), 150),
    **dict.fromkeys(("Line", "Place", "Highlight", "Price", "Agent", "Agency", "Shop", "CTA", "Outro"), 112),
    **dict.fromkeys(("Step", "Of"), 64),
}
"""What other templates need: they have more columns than a window has room for."""


def column_widths(template: Path | None) -> dict[str, int]:
    """By header."""
    return _WIDTHS if template is None else {**_WIDTHS, **_WIDER}


def sample_file(template: Path | None) -> Path:
    """The CSV of a template, or the usual one. Raises SettingsError when a folder has none."""
    if template is None:
        inside = Path(bot.__file__).parent / "sample_sheet.csv"
        return inside if inside.exists() else inside.parent.parent / "sample_sheet.csv"
    path = find_template(template) / "sample.csv"
    if not path.exists():
        raise SettingsError(f"{path} is missing: the demo takes its rows from it.")
    return path


def sample_rows(path: Path, template: Template, pictures: str, count: int | None) -> list[list[Cell]]:
    """The header and the rows; repeated, and numbered apart, when more are wanted than there are."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *lines = list(csv.reader(file))
    fields = {one.column: one for one in template.contract.fields}
    apart = next((one for one in template.contract.fields if one.type is FieldType.TEXT), None)
    rows: list[list[Cell]] = [list(header)]
    for number in range(len(lines) if count is None else count):
        texts = [text.replace(SAMPLE_PICTURES, pictures) for text in lines[number % len(lines)]]
        if apart and (round_ := number // len(lines)):
            place = header.index(apart.column)
            texts[place] = _numbered(apart, texts[place], f" {round_ + 1}")
        rows.append([_cell(fields.get(name), text) for name, text in zip(header, texts, strict=True)])
    return rows


def title_column(template: Template) -> str:
    """The column by which people tell the rows apart."""
    texts = [one for one in template.contract.fields if one.type is FieldType.TEXT]
    return next((one.column for one in texts if one.required), texts[0].column if texts else "")


def _numbered(field: Field, text: str, ending: str) -> str:
    """A text with a number behind it, within the column's limit."""
    text = text or ("" if field.required else field.column)
    limit = min([field.max_chars or 1000, *field.per_format.values()])
    return text[: limit - len(ending)] + ending if text else ""


def _cell(field: Field | None, text: str) -> Cell:
    """Boxes and numbers as a sheet holds them; what is no number stays the text it is."""
    if field and field.type in {FieldType.NUMBER, FieldType.MONEY}:
        try:
            return float(text)
        except ValueError:
            return text or None
    return {"TRUE": True, "FALSE": False, "": None}.get(text, text)
