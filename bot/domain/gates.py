"""Gates: what stops a whole tab until a person says `Go ahead`, and what people's switches stop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.entries import Tick
from bot.domain.failures import ProblemCode
from bot.domain.ids import RecordId, TemplateHash
from bot.domain.window import one_less, one_more

_VERSIONS_KEPT = 50
"""Versions that `Go ahead` was said for, the latest ones."""


class Stop(StrEnum):
    """Why nothing new starts on a tab, whatever the account allows."""

    PAUSED = "paused"
    """`Run` is not ticked."""

    CHECK_ONLY = "check only"
    """`Check only` is ticked."""

    BREAKER = "breaker"
    """Several videos in a row failed the same way."""

    DAY = "day"
    """The next in line would cost more than is left of the day's credits."""

    TEMPLATE = "template broken"
    """The template folder cannot be used as it is now."""

    VERSION = "version"
    """It was approved with another version of the template, and nobody said `Go ahead` for this one."""

    SAMPLE = "sample"
    """The first videos of a template version go alone, until somebody who looked at them says `Go ahead`."""

    MANY_ROWS = "many rows"
    """More rows than usual wait, and nobody said `Go ahead` for them."""


QUESTIONS = frozenset({Stop.VERSION, Stop.SAMPLE, Stop.MANY_ROWS})
"""What holds rows until a person has answered with `Go ahead`."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The rows that may go before anybody has looked at what a template version makes of them."""

    version: TemplateHash | None = None
    records: tuple[RecordId, ...] = ()


NO_SAMPLE = Sample()


@dataclass(frozen=True, slots=True)
class Gate:
    """What the journal keeps of one tab's gate."""

    box: Tick = Tick.OPEN
    """What the `Go ahead` box last meant."""

    first_contact: bool = False
    """Whether ticks from before the robot knew this tab wait for `Go ahead`."""

    released: int = 0
    """Promises up to this number need no further `Go ahead`."""

    streak: int = 0
    """Videos in a row that ended badly, all in the same way."""

    streak_code: ProblemCode | None = None
    streak_version: TemplateHash | None = None
    """The template version they were made with: an edited one begins anew."""

    healthy: int | None = None
    """Good results since `Go ahead`, while the window still grows with them; None: it is as wide as it may be."""

    reviewed: tuple[TemplateHash, ...] = ()
    """Template versions `Go ahead` was said for."""

    sample: Sample = NO_SAMPLE
    """Whose turn comes before that; journaled before any of them is sent."""

    def seen(self, *, ticked: bool, is_known: bool) -> Gate:
        """After a look at the box; a tick from before the tab was known counts for nothing."""
        if not ticked:
            return replace(self, box=Tick.OPEN)
        return self if is_known or self.box is not Tick.OPEN else replace(self, box=Tick.SPENT)

    def opened(self, up_to: int, version: TemplateHash | None) -> Gate:
        """A person said `Go ahead`: all that waits now may go, and the count of failures begins anew.

        Where it was a word about the template version, too, this one is asked about no more.
        """
        fresh = replace(self.calm(), box=Tick.SPENT, first_contact=False, released=up_to, healthy=0)
        if version is None or version in self.reviewed:
            return fresh
        return replace(fresh, reviewed=(*self.reviewed, version)[-_VERSIONS_KEPT:])

    def calm(self) -> Gate:
        """Nothing failed of late."""
        return replace(self, streak=0, streak_code=None, streak_version=None)

    def ended(self, code: ProblemCode | None, version: TemplateHash) -> Gate:
        """One more video of this version ended: well (None), or badly in this way."""
        if code is None:
            gate = self.calm() if version == self.streak_version else self
            return replace(gate, healthy=one_more(self.healthy))
        is_alike = (code, version) == (self.streak_code, self.streak_version)
        return replace(
            self,
            streak=self.streak + 1 if is_alike else 1,
            streak_code=code,
            streak_version=version,
            healthy=one_less(self.healthy),
        )

    def is_shut(self, version: TemplateHash, failures: int) -> bool:
        """Whether so many videos of this version in a row failed the same way."""
        return self.streak_version == version and self.streak >= failures
