"""Keeps the template a tab works with as its files are now, and the judge of rows that goes with it."""

from __future__ import annotations

from datetime import tzinfo

import structlog

from bot.domain.templates.designs import Design
from bot.domain.templates.template import Template
from bot.domain.values import Locale
from bot.ports import Templates
from bot.reconciler.judge import Judge
from bot.reconciler.troubles import Troubles

log = structlog.get_logger()


_SOON = 1.0


class DesignDesk:
    """One tab's: an edit while the robot works is noticed with the next tick."""

    def __init__(self, templates: Templates, zone: tzinfo, locale: Locale) -> None:
        self._templates = templates
        self._zone = zone
        self._locale = locale
        self._troubles = Troubles()
        self.design = templates.look()
        self.judge = Judge(self.template, zone, locale)

    @property
    def template(self) -> Template:
        """The last version that could be used."""
        return self.design.template

    @property
    def mark(self) -> tuple[object, ...]:
        """Another one whenever rows may have to be decided anew."""
        return id(self.template), self.design.trouble, self.design.is_changing

    @property
    def next_due(self) -> float | None:
        """Seconds until another look, while files are being saved."""
        return _SOON if self.design.is_changing else None

    def look(self) -> Design:
        """One look at the folder."""
        before, self.design = self.design, self._templates.look()
        if self.template is not before.template:
            self.judge = Judge(self.template, self._zone, self._locale)
            if self.template.hash != before.template.hash:
                was, now = before.template, self.template
                log.info("template_changed", was=was.version, now=now.version, hash=now.hash[:12])
        if self.design.trouble:
            self._troubles.begin("template_not_usable", self.design.trouble)
        elif not self.design.is_changing:
            self._troubles.end()
        return self.design
