"""A template folder somebody edits while the robot works."""

from __future__ import annotations

from bot.domain.templates.designs import Design
from bot.domain.templates.template import Template


class FakeTemplates:
    """Changes are seen by the next look and believed by the one after it, as with real files."""

    def __init__(self, template: Template) -> None:
        self._design = Design(template)
        self._next: Design | None = None
        self._then = self._design

    @property
    def believed(self) -> Design:
        """What the last look said."""
        return self._design

    def edit(self, template: Template) -> None:
        """Somebody saves another version."""
        self._next = Design(template)

    def spoil(self, reason: str) -> None:
        """Somebody saves what cannot be used."""
        self._next = Design(self._design.template, reason)

    def look(self) -> Design:
        changed, self._next = self._next, None
        if changed is not None:
            self._design = Design(self._design.template, self._design.trouble, is_changing=True)
            self._then = changed
        elif self._design.is_changing:
            self._design = self._then
        return self._design
