"""A tab that may not be in reach when the robot starts: the others are served, and every look tries again."""

from __future__ import annotations

from collections.abc import Callable, Collection

from bot.domain.failures import Failure
from bot.domain.ids import JobId, TabKey
from bot.reconciler.delivery_desk import DeliveryDesk
from bot.reconciler.report import TickReport
from bot.reconciler.tick import Reconciler
from bot.reconciler.tick_line import TickLine
from bot.reconciler.troubles import Troubles


class LateTab:
    """Looked after like any other as soon as it can be opened."""

    def __init__(
        self,
        open_tab: Callable[[], Reconciler | Failure],
        line: TickLine,
        deliveries: DeliveryDesk | None = None,
    ) -> None:
        """What was found out of its finished videos is written down before each look."""
        self._open_tab = open_tab
        self._line = line
        self._deliveries = deliveries
        self._troubles = Troubles()
        self._reconciler: Reconciler | None = None
        self.failure = self._try()
        """Why it is not open yet."""

    @property
    def key(self) -> TabKey | None:
        """Which tab it is; None until it is open."""
        return None if self._reconciler is None else self._reconciler.books.tab

    def tick(self) -> TickReport:
        """One pass, or one more try to open it."""
        return self._line.measure(self._tick)

    def _tick(self) -> TickReport:
        if self._reconciler is None:
            self.failure = self._try()
        if self._reconciler is None:
            return TickReport(failure=self.failure)
        self._serve(self._reconciler)
        return self._reconciler.tick()

    def follow(self) -> TickReport:
        """Looks after the jobs at the service alone."""
        if self._reconciler is None:
            return TickReport()
        self._serve(self._reconciler)
        return self._line.followed(self._reconciler.follow())

    def hasten(self, named: Collection[JobId]) -> bool:
        """Looks at these jobs as soon as may be; whether that changes anything."""
        return self._reconciler is not None and self._reconciler.books.hasten(named)

    def sign_off(self) -> None:
        """After the last tick."""
        if self._reconciler is not None:
            self._reconciler.sign_off()

    def _serve(self, reconciler: Reconciler) -> None:
        if self._deliveries is not None:
            self._deliveries.serve(reconciler.books)

    def _try(self) -> Failure | None:
        opened = self._open_tab()
        if isinstance(opened, Failure):
            self._troubles.begin("sheet_not_opened", opened.code, opened.detail)
            return opened
        self._troubles.end()
        self._reconciler = opened
        return None
