"""Why a film could not be made, in words a person can act on."""

from __future__ import annotations


class RenderError(Exception):
    """The film was not made; nothing was left behind."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
