"""The Log tab: the last things that happened, copied out of the journal now and then."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import wording
from bot.domain.cells import Written, as_serial
from bot.domain.events import CALLED, Event
from bot.ports import Clock, JournalView, Sheet

_SECONDS_BETWEEN = 10.0
"""The page is as large as hundreds of rows: it rides along with some writes, not with each."""

Page = Sequence[Sequence[Written]]


class Diary:
    """Knows which page was written last."""

    def __init__(self, sheet: Sheet, journal: JournalView, clock: Clock) -> None:
        self._sheet = sheet
        self._journal = journal
        self._clock = clock
        self._newest: tuple[int, int | None] = (0, None)
        """Of the page given last: the edition of the books, and its first event."""

        self._edition = 0
        """Of the books, when the Log last said all that is in them."""

        self._shown: int | None = None
        self._written_at: float | None = None

    def is_behind(self, edition: int) -> bool:
        """Whether something happened since, and a page of its own is not too much."""
        return edition != self._edition and self._may_write()

    def page(self, edition: int) -> Page | None:
        """The whole Log, newest first; None when there is no news or it was written a moment ago."""
        if not self._may_write():
            return None
        events = self._journal.latest_events(self._sheet.key.spreadsheet, wording.LOG_LINES)
        self._newest = (edition, events[0].number if events else None)
        if self._newest[1] == self._shown:
            self._edition = edition
            return None
        return [self._line(event) for event in events]

    def was_written(self, page: Page | None) -> None:
        """The page given last is in the sheet."""
        if page is not None:
            self._edition, self._shown = self._newest
            self._written_at = self._clock.monotonic()

    def _may_write(self) -> bool:
        return self._written_at is None or self._clock.monotonic() - self._written_at >= _SECONDS_BETWEEN

    def _line(self, event: Event) -> list[Written]:
        return [
            as_serial(event.at.astimezone(self._sheet.zone)),
            event.row_number or None,
            event.name,
            wording.happened(CALLED[event.state], event.text, event.said),
            event.credits,
            event.record,
        ]
