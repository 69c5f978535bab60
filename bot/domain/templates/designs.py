"""Designs: what a template folder holds at one moment, which somebody may just be editing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.templates.template import Template


@dataclass(frozen=True, slots=True)
class Design:
    """The template that rows are judged by, and whether anything may be made with it."""

    template: Template
    """The last version that could be used."""

    trouble: str = ""
    """Why the files as they are now cannot be used, for the template's author; empty when they can."""

    is_changing: bool = False
    """Whether the files were changed just now: what they say is believed once they have kept still."""
