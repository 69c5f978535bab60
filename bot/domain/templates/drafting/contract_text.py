"""The draft as a `contract.toml` with a word about everything in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from bot.domain.contract import Field, FieldType
from bot.domain.templates.drafting.columns import Drafted
from bot.domain.templates.drafting.draft import Draft

_HOLDS = {
    FieldType.TEXT: "any text",
    FieldType.URL: "a link",
    FieldType.IMAGE: "a public link to a picture",
    FieldType.VIDEO: "a public link to a video",
    FieldType.GIF: "a public link to a GIF",
    FieldType.AUDIO: "a public link to a sound file",
    FieldType.COLOR: "a colour as #RRGGBB",
    FieldType.NUMBER: "a number",
    FieldType.BOOL: "a box: ticked or not",
    FieldType.CHOICE: "one of the choices",
}


def contract_text(draft: Draft) -> str:
    """The whole file."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    yield "# What a row must hold so that project.json can be filled. Drafted from the project: look over every line."
    yield "# A row that does not meet this is never sent; its author reads what to mend in the sheet."
    yield 'version = "1"                 # yours: raise it when you change something; rows show it'
    yield f"title = {_quoted(draft.title)}"
    yield f"name = {_quoted(_name_rule(draft.columns))}   # of jobs and files; row and attempt are always added"
    yield ""
    yield "# The first format is what an empty cell in the column Format means. Others may use the same project in"
    yield '# another shape (square = "squared"), or one of their own: square = { resolution = "squared", project = "square.json" }'
    yield "[formats]"
    yield f"{draft.format} = {_quoted(draft.resolution)}"
    for one in draft.columns:
        yield ""
        yield from _field_lines(one)


def _name_rule(columns: Sequence[Drafted]) -> str:
    first = next((one.field.key for one in columns if one.field.type is FieldType.TEXT), None)
    return f"{{{first}}}-{{row_id}}-{{format}}" if first else "{row_id}-{format}"


def _field_lines(one: Drafted) -> Iterator[str]:
    field = one.field
    shown = ", ".join(one.places[:3]) + (
        f" and {len(one.places) - 3} more places" if len(one.places) > 3 else ""
    )
    yield f"# {{{{{field.key}}}}} in {shown}: {_HOLDS[field.type]}"
    for remark in one.remarks:
        yield f"# LOOK: {remark}"
    yield f"[fields.{field.key}]"
    yield f"column = {_quoted(field.column)}"
    yield f"type = {_quoted(field.type.value)}"
    if field.type is FieldType.CHOICE:
        yield f"choices = [{', '.join(map(_quoted, field.choices))}]"
    if field.required:
        yield "required = true"
    yield from _limit_lines(field)
    if field.fallback:
        yield f"fallback = {_quoted(field.fallback)}   # the project's own; steps in where the cell is empty"


def _limit_lines(field: Field) -> Iterator[str]:
    if field.max_chars is not None:
        yield f"max_chars = {field.max_chars}   # the project's own text and some room; look whether it fits"
    elif field.type is FieldType.TEXT:
        yield "# max_chars = 40   # how many fit? Longer texts would run out of the picture"


def _quoted(text: str) -> str:
    """As TOML spells a text; JSON's spelling is one of its own, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
