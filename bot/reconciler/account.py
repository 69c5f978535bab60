"""What this process heard of the account: one for all tabs, since a refused key is refused for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.domain.failures import Failure
from bot.domain.holds import Account, Hold, HoldKind
from bot.domain.jobs import Accepted, Quote
from bot.planner.snapshot import Snapshot
from bot.ports import Clock
from bot.reconciler.execute import Answer

log = structlog.get_logger()


class AccountWatch:
    """Listens to every answer of the service and knows which hold stands."""

    def __init__(
        self,
        clock: Clock,
        account: Account | None = None,
        *,
        cold_seconds: float = 0,
        on_settled: Callable[[], None] | None = None,
    ) -> None:
        """A cold start sends nothing for some seconds, and says when they are over."""
        self._clock = clock
        self._account = account or Account()
        self._on_settled = on_settled
        self._shown_until: datetime | None = None
        self.edition = 0
        """Grows whenever a hold begins, changes or lifts."""

        if cold_seconds:
            self._become(replace(self._account, hold=Hold(HoldKind.COLD, clock.monotonic() + cold_seconds)))

    def heard(self, answer: Answer, *, was_paid: bool) -> None:
        """Takes one answer in, to the paid request or to a free one."""
        monotonic = self._clock.monotonic()
        if isinstance(answer, Failure):
            self._become(self._account.after_failure(answer, monotonic, was_paid=was_paid))
        else:
            was_let_in = isinstance(answer, (Quote, Accepted))
            has_paid = isinstance(answer, Accepted)
            self._become(self._account.after_success(was_let_in=was_let_in, has_paid=has_paid))

    def shown_to(self, seen: Snapshot) -> Snapshot:
        """The snapshot with the hold that stands and the window as wide as it is."""
        monotonic = self._clock.monotonic()
        self._become(self._account.at(monotonic))
        hold, seen = self._account.hold, replace(seen, window=self._account.window.width)
        if hold is None:
            return seen
        return replace(seen, hold=hold, hold_left=hold.until - monotonic, hold_until=self._shown_until)

    def next_due(self) -> float | None:
        """Seconds until the hold may be looked into; None without a hold or when that is now."""
        hold = self._account.hold
        left = hold.until - self._clock.monotonic() if hold is not None else 0.0
        return left if left > 0 else None

    def _become(self, account: Account) -> None:
        before, after = self._account.hold, account.hold
        if account.window.width != self._account.window.width:
            log.info("window_changed", was=self._account.window.width, now=account.window.width)
        self._account = account
        if before == after:
            return
        self.edition += 1
        if after is None:
            log.info("hold_lifted", hold=before.kind.value if before else "")
            if before is not None and before.kind is HoldKind.COLD and self._on_settled is not None:
                self._on_settled()
            return
        left = after.until - self._clock.monotonic()
        self._shown_until = self._clock.now() + timedelta(seconds=left)
        log.warning("sending_held", hold=after.kind.value, look_again_in=round(left))
