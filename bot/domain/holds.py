"""Holds on the whole account: reasons to send nothing for now, whatever the row.

Jobs already at the service are followed under every hold. A hold lifts by itself: at its time, or when an
answer shows that its cause is gone. While it stands, one call now and then finds that out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.failures import Failure, FailureClass, ProblemCode


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
_NETWORK_FAILURES = 3
"""Failures to reach the service in a row, from which all sending holds."""


@dataclass(frozen=True, slots=True)
class Hold:
    """One standing hold; times are monotonic seconds of this process."""

    kind: HoldKind
    until: float
    """When one call may look into it; a rate limit and a cold start simply end then."""

    looks: int = 0
    needed: int | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What the service's answers so far say about the account."""

    hold: Hold | None = None
    unreached: int = 0
    """Calls in a row that did not get through."""

    def at(self, monotonic: float) -> Account:
        """The same, without a hold that simply ends, when its time is over."""
        is_over = self.hold is not None and self.hold.kind in _SIMPLY_END and monotonic >= self.hold.until
        return replace(self, hold=None) if is_over else self

    def after_failure(self, failure: Failure, monotonic: float) -> Account:
        """One more refusal; a doubt says nothing of the account."""
        if self.hold is not None and self.hold.kind is HoldKind.COLD:
            # Nothing shortens it; whatever else is wrong shows again afterwards.
            return self
        match failure.kind:
            case FailureClass.DENIED:
                kind = HoldKind.ADDRESS if failure.code is ProblemCode.ADDRESS else HoldKind.KEY
                return replace(self, hold=self._next(kind, failure, monotonic))
            case FailureClass.EXHAUSTED:
                return replace(self, hold=self._next(HoldKind.CREDITS, failure, monotonic))
            case FailureClass.THROTTLED:
                return replace(self, hold=self._next(HoldKind.RATE, failure, monotonic))
            case FailureClass.TRANSIENT if failure.code in {ProblemCode.NET, ProblemCode.CERTIFICATE}:
                unreached = self.unreached + 1
                hold = self.hold
                if unreached >= _NETWORK_FAILURES:
                    hold = self._next(HoldKind.NETWORK, failure, monotonic)
                return Account(hold, unreached)
            case _:
                return self

    def after_success(self, *, was_let_in: bool, has_paid: bool) -> Account:
        """An answer came: the way is open. A price or an accepted render shows that the key works, and only an
        accepted render that there are credits and room again.
        """
        lifts = {HoldKind.NETWORK}
        lifts |= {HoldKind.KEY, HoldKind.ADDRESS} if was_let_in else set()
        lifts |= {HoldKind.KEY, HoldKind.ADDRESS, HoldKind.CREDITS, HoldKind.RATE} if has_paid else set()
        is_over = self.hold is not None and self.hold.kind in lifts
        return Account(hold=None if is_over else self.hold)

    def _next(self, kind: HoldKind, failure: Failure, monotonic: float) -> Hold:
        looks = self.hold.looks + 1 if self.hold is not None and self.hold.kind is kind else 0
        gap = min(_FIRST_GAP[kind] * 2.0 ** min(looks, 6), _LONGEST_GAP)
        if kind is HoldKind.RATE and failure.retry_after is not None:
            gap = min(max(failure.retry_after, 1.0), _LONGEST_RATE_WAIT)
        needed, left = failure.credits or (None, None)
        return Hold(kind, monotonic + gap, looks, needed, left)
