"""Holds the switches while the stand-in runs, and hands out what is to go wrong next."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter, OrderedDict, deque
from dataclasses import replace

from bot.sandbox.render.pool import RenderError
from bot.sandbox.zvid.options import Mishap, Switches

_FILES_REMEMBERED = 5_000  # which of them have been read


class Switchboard:
    """The switches of the moment; safe to read and set from any thread."""

    def __init__(self, switches: Switches) -> None:
        self._lock = threading.Lock()
        self._now = switches
        self._calls: Counter[str] = Counter()
        self._media_reads: OrderedDict[str, int] = OrderedDict()
        self._reads: deque[float] = deque()
        self._chance = random.Random(0)  # nosec B311  # noqa: S311 - the same luck in every run, not a secret

    @property
    def now(self) -> Switches:
        return self._now

    def change(self, wanted: object) -> Switches:
        """Sets the named switches; raises SwitchError and changes nothing when one of them is wrong."""
        with self._lock:
            self._now = self._now.changed(wanted)
            return self._now

    def count_call(self, route: str) -> None:
        with self._lock:
            self._calls[route] += 1

    def calls(self) -> Counter[str]:
        with self._lock:
            return Counter(self._calls)

    def take_mishap(self, route: str) -> Mishap | None:
        """The next mishap meant for this route, used up by one."""
        with self._lock:
            for index, mishap in enumerate(self._now.mishaps):
                if mishap.route in {"*", route} and self._chance.random() < mishap.share:
                    left = (replace(mishap, times=mishap.times - 1),) if mishap.times > 1 else ()
                    rest = self._now.mishaps
                    self._now = replace(self._now, mishaps=(*rest[:index], *left, *rest[index + 1 :]))
                    return mishap
        return None

    def read_wait(self) -> int:
        """Counts a look at jobs; how many seconds to wait where there were too many in this minute, else 0."""
        with self._lock:
            most, now = self._now.reads_per_minute, time.monotonic()
            if not most:
                return 0
            while self._reads and self._reads[0] <= now - 60:
                self._reads.popleft()
            if len(self._reads) >= most:
                return int(self._reads[0] + 60 - now) + 1
            self._reads.append(now)
            return 0

    def fail_if_told(self) -> None:
        """Raises RenderError for as many renders as have been told to fail."""
        with self._lock:
            if not self._now.fail_renders:
                return
            self._now = replace(self._now, fail_renders=self._now.fail_renders - 1)
            raise RenderError(self._now.fail_reason)

    def hides_file(self, name: str) -> bool:
        """Whether this read of a finished file still meets a 404."""
        with self._lock:
            reads = self._media_reads.pop(name, 0) + 1
            self._media_reads[name] = reads
            if len(self._media_reads) > _FILES_REMEMBERED:
                self._media_reads.popitem(last=False)
            return reads <= self._now.media_404_reads
