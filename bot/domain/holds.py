"""Holds on the whole account: reasons to send nothing for now, whatever the row.

Jobs already at the service are followed under every hold. A hold lifts by itself: at its time, or when an
answer shows that its cause is gone. While it stands, one call now and then finds that out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.window import Window


class HoldKind(StrEnum):
    """What stands in the way."""

    KEY = "key refused"
    ADDRESS = "address wrong"
    CREDITS = "credits short"
    RATE = "rate limited"
    NETWORK = "network down"
    COLD = "looking for earlier videos"
    """The journal was lost or is an older copy: a job sent just before may not be visible yet."""


_FIRST_GAP = {
    HoldKind.KEY: 300.0,
    HoldKind.ADDRESS: 300.0,
    HoldKind.CREDITS: 60.0,
    HoldKind.RATE: 60.0,
    HoldKind.NETWORK: 15.0,
}
"""Seconds until the cause is looked into again."""

_SIMPLY_END = frozenset({HoldKind.RATE, HoldKind.COLD})
_LONGEST_GAP = 300.0
_LONGEST_RATE_WAIT = 3600.0
_LONG_WAIT = 300.0
_NETWORK_FAILURES = 3
"""Failures to reach the service in a row, from which all sending holds."""

_USUAL_WINDOW = Window.open(3)
_UNREACHED = {ProblemCode.NET, ProblemCode.CERTIFICATE, ProblemCode.SERVICE, ProblemCode.UNSURE}
"""Nobody there, an error of its own, or silence."""


@dataclass(frozen=True, slots=True)
class Hold:
    """One standing hold; times are monotonic seconds of this process."""

    kind: HoldKind
    until: float
    """When one call may look into it; a rate limit and a cold start simply end then."""

    looks: int = 0
    needed: int | None = None
    left: int | None = None
    is_long: bool = False
    """Whether it was set for minutes: a limit by the hour, not one of the moment."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the service's answers so far say about the account."""

    hold: Hold | None = None
    unreached: int = 0
    """Calls in a row that got no answer anybody could use."""

    window: Window = _USUAL_WINDOW
    """How many jobs may be under way."""

    share: float = 1.0
    """Between 0 and 1, other for each installation: not everybody comes back at the same moment."""

    @classmethod
    def fresh(cls, max_in_flight: int, share: float = 1.0) -> Account:
        """Nothing was heard of it yet."""
        return cls(window=Window.open(max_in_flight), share=share)

    def at(self, monotonic: float) -> Account:
        """The same, without a hold that simply ends, when its time is over."""
        is_over = self.hold is not None and self.hold.kind in _SIMPLY_END and monotonic >= self.hold.until
        return replace(self, hold=None) if is_over else self

    def after_failure(self, failure: Failure, monotonic: float, *, was_paid: bool = False) -> Account:
        """One more refusal; one doubt says nothing of the account, several in a row that it is out of reach."""
        if self._is_held_for(HoldKind.COLD):
            # Nothing shortens it; whatever else is wrong shows again afterwards.
            return self
        match failure.kind:
            case FailureClass.DENIED:
                kind = HoldKind.ADDRESS if failure.code is ProblemCode.ADDRESS else HoldKind.KEY
                return self._held_again(kind, failure, monotonic)
            case FailureClass.EXHAUSTED:
                return self._held_again(HoldKind.CREDITS, failure, monotonic)
            case FailureClass.THROTTLED:
                # Answers to requests that left together are one complaint.
                is_new = was_paid and not self._is_held_for(HoldKind.RATE)
                window = self.window.halved() if is_new else self.window
                return replace(self, hold=self._next(HoldKind.RATE, failure, monotonic), window=window)
            case FailureClass.TRANSIENT | FailureClass.IN_DOUBT if failure.code in _UNREACHED:
                return self._unreached(failure, monotonic)
            case _:
                return self

    def _unreached(self, failure: Failure, monotonic: float) -> Account:
        again = replace(self, unreached=self.unreached + 1)
        if again.unreached < _NETWORK_FAILURES or self._is_told(HoldKind.NETWORK, monotonic):
            return again
        return replace(
            again, hold=self._next(HoldKind.NETWORK, failure, monotonic), window=self.window.closed()
        )

    def _held_again(self, kind: HoldKind, failure: Failure, monotonic: float) -> Account:
        if self._is_told(kind, monotonic):
            return self
        return replace(self, hold=self._next(kind, failure, monotonic))

    def _is_told(self, kind: HoldKind, monotonic: float) -> bool:
        """Calls that left together fail together: a hold grows when it was looked into and nothing came."""
        return self.hold is not None and self.hold.kind is kind and monotonic < self.hold.until

    def _is_held_for(self, kind: HoldKind) -> bool:
        return self.hold is not None and self.hold.kind is kind

    def after_success(self, *, was_let_in: bool, has_paid: bool) -> Account:
        """An answer came: the way is open. A price or an accepted render shows that the key works, and only an
        accepted render that there are credits again. A limit ends at its time: what was accepted meanwhile had
        left together with what was refused.
        """
        lifts = {HoldKind.NETWORK}
        lifts |= {HoldKind.KEY, HoldKind.ADDRESS} if was_let_in else set()
        lifts |= {HoldKind.KEY, HoldKind.ADDRESS, HoldKind.CREDITS} if has_paid else set()
        is_over = self.hold is not None and self.hold.kind in lifts
        counts = has_paid and not self._is_held_for(HoldKind.RATE)
        window = self.window.after_accepted() if counts else self.window
        return replace(self, hold=None if is_over else self.hold, unreached=0, window=window)

    def _next(self, kind: HoldKind, failure: Failure, monotonic: float) -> Hold:
        looks = self.hold.looks + 1 if self.hold is not None and self._is_held_for(kind) else 0
        gap = min(_FIRST_GAP[kind] * 2.0 ** min(looks, 6), _LONGEST_GAP)
        if kind is HoldKind.RATE and failure.retry_after is not None:
            gap = min(max(failure.retry_after, 1.0), _LONGEST_RATE_WAIT)
        if kind is HoldKind.NETWORK:
            gap *= 0.5 + 0.5 * self.share
        needed, left = failure.credits or (None, None)
        return Hold(kind, monotonic + gap, looks, needed, left, gap >= _LONG_WAIT)
