"""The window: how many jobs may be under way at the same time, as far as answers and results tell.

Halved when the service says that there are too many, one wider after every few it takes: whatever the
unpublished limit is, we come near it and stay there. After an outage it begins with one, and is soon half as wide
as it was. After a person's `Go ahead` a tab begins narrow all the
same, and widens in two steps while its videos turn out well. Pure arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

_ACCEPTED_A_STEP = 4
"""Jobs taken without a complaint before one more is dared."""


_STEPS = ((3, 3), (13, 10))
"""Fewer good results than the first: no more jobs of a tab at the same time than the second."""


def width_after(healthy: int | None, widest: int) -> int:
    """How many jobs of a tab may be under way after so many good results since `Go ahead`; None: all of them."""
    if healthy is None:
        return widest
    return min(widest, next(width for results, width in _STEPS if healthy < results))


def one_more(healthy: int | None) -> int | None:
    """After a good result; the last step is the end of it."""
    return healthy + 1 if healthy is not None and healthy + 1 < _STEPS[-1][0] else None


def one_less(healthy: int | None) -> int | None:
    """After a failure that is not the row's own: half of it must be shown again."""
    return healthy // 2 if healthy is not None else None


@dataclass(frozen=True, slots=True)
class Window:
    """As wide as the settings allow until something speaks against it."""

    widest: int
    width: int
    accepted: int = 0
    """Since it last changed."""

    proven: int = 1
    """Up to here every job taken is enough for one more: so wide it was, or half of that, before an outage."""

    @classmethod
    def open(cls, widest: int) -> Window:
        """Nothing speaks against it."""
        return cls(widest, widest)

    def halved(self) -> Window:
        """The service said that there are too many."""
        return Window(self.widest, max(1, self.width // 2))

    def closed(self) -> Window:
        """After an outage everybody comes back at once: one job first, then soon half of what was before.

        Of outages on the heels of each other every one halves it again.
        """
        return Window(self.widest, 1, proven=max(1, self.width // 2, self.proven // 2))

    def after_accepted(self) -> Window:
        """One more job was taken."""
        if self.width >= self.widest:
            return self
        if self.width >= self.proven and self.accepted + 1 < _ACCEPTED_A_STEP:
            return replace(self, accepted=self.accepted + 1)
        return Window(self.widest, self.width + 1, proven=self.proven)
