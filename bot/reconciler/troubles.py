"""Troubles of one tab: told in the log when they begin, change and end, not with every look."""

from __future__ import annotations

import structlog

log = structlog.get_logger()


class Troubles:
    """Knows which trouble was told last."""

    def __init__(self) -> None:
        self._told: tuple[object, ...] | None = None

    def begin(self, event: str, about: object, detail: str = "") -> None:
        """Such is the trouble now; `about` says whether it is the same as before, `detail` may vary."""
        if self._told != (event, about):
            self._told = (event, about)
            log.warning(event, about=about, detail=detail)

    def end(self) -> None:
        """All is well."""
        if self._told is not None:
            log.info("tab_works_again", after=self._told[0])
            self._told = None
