"""A row made up for a template: valid, every column filled, so that a design can be tried without anybody's data."""

from __future__ import annotations

from bot.domain.cells import graphemes
from bot.domain.contract import Contract, Field, FieldType
from bot.domain.records import Content

_EXAMPLES = {
    FieldType.COLOR: "#2DD4BF",
    FieldType.NUMBER: "1",
    FieldType.MONEY: "19.90",
    FieldType.DATE: "2026-08-03",
    FieldType.BOOL: "TRUE",
    FieldType.URL: "https://example.com/",
    FieldType.IMAGE: "https://example.com/picture.jpg",
    FieldType.VIDEO: "https://example.com/video.mp4",
    FieldType.GIF: "https://example.com/picture.gif",
    FieldType.AUDIO: "https://example.com/sound.mp3",
}
"""In each type's one spelling; links that nobody fetches as long as nothing is rendered."""


def specimen(contract: Contract, format_name: str) -> Content:
    """The content of such a row in this format."""
    return Content(tuple((one.key, made_up(one, format_name)) for one in contract.fields), format_name)


def made_up(one: Field, format_name: str) -> str:
    """A value for one column: its fallback, or else an example of its type."""
    if one.fallback:
        return one.fallback
    if one.type is FieldType.CHOICE:
        return one.choices[0] if one.choices else ""
    if one.type in _EXAMPLES:
        return _EXAMPLES[one.type]
    limit = one.limit(format_name)
    return one.column if limit is None or graphemes(one.column) <= limit else "Abc"[:limit]
