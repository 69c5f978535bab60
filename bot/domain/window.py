"""The window: how many jobs the service lets us have at the same time, as far as its answers tell.

Halved when it says that there are too many, one wider after every few it takes: whatever the unpublished
limit is, we come near it and stay there. Pure arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

_ACCEPTED_A_STEP = 4
"""Jobs taken without a complaint before one more is dared."""


@dataclass(frozen=True, slots=True)
class Window:
    """As wide as the settings allow until something speaks against it."""

    widest: int
    width: int
    accepted: int = 0
    """Since it last changed."""

    @classmethod
    def open(cls, widest: int) -> Window:
        """Nothing speaks against it."""
        return cls(widest, widest)

    def halved(self) -> Window:
        """The service said that there are too many."""
        return Window(self.widest, max(1, self.width // 2))

    def closed(self) -> Window:
        """After an outage everybody comes back at once: one job first."""
        return Window(self.widest, 1)

    def after_accepted(self) -> Window:
        """One more job was taken."""
        if self.width >= self.widest:
            return self
        if self.accepted + 1 < _ACCEPTED_A_STEP:
            return replace(self, accepted=self.accepted + 1)
        return Window(self.widest, self.width + 1)
