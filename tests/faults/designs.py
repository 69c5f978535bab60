"""What a designer makes of the template and its contract while rows are under way."""

from __future__ import annotations

from dataclasses import replace

from fakes.world import TEMPLATE

from bot.domain.contract import Contract, Field
from bot.domain.templates.template import Template


def _template(version: str, *fields: Field, formats: tuple[str, ...], words: str) -> Template:
    projects = {
        name: TEMPLATE.projects[name]
        | {"visuals": [{"type": "TEXT", "text": f"{{{{headline}}}} for {words}"}]}
        for name in formats
    }
    return replace(
        TEMPLATE, version=version, contract=Contract(fields=fields, formats=formats), projects=projects
    )


TEMPLATES = (
    TEMPLATE,
    _template(
        "2",
        Field("headline", "Headline", required=True, max_chars=60),
        Field("price", "Price", fallback="10 EUR"),
        formats=("wide", "square"),
        words="only {{price}}",
    ),
    _template(
        "3",
        Field("headline", "Headline", required=True, max_chars=20),
        Field("notes", "Notes", fallback="nothing"),
        formats=("square", "wide"),
        words="{{notes}}",
    ),
)
"""What a designer makes of the template and its contract."""
