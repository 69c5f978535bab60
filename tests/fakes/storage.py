"""Fakes for copies of finished videos: a storage, the web the videos are loaded from, and couriers without threads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.domain.delivery import OF_THE_STORAGE, DeliveryProblem, Digest, Fetched, Stored, Undelivered
from bot.domain.filenames import numbered
from bot.domain.ids import TabKey
from bot.domain.media.files import file_kind
from bot.planner.delivering import Fetch, Found, Order

VIDEO = b"\x00\x00\x00\x08ftyp" + b"\x00\x00\x00\x08moov"
PICTURE = b"\xff\xd8\xff" + bytes(64)


def digest_of(content: bytes) -> Digest:
    """Its size and checksum."""
    return Digest(len(content), hashlib.sha256(content).hexdigest())


class FakeStorage:
    """Keeps files in memory; refuses them all while it is in trouble."""

    label = "fake storage"

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.trouble: DeliveryProblem | None = None

    def keep(self, name: str, ending: str, file: Path, digest: Digest) -> str | Undelivered:
        if self.trouble:
            return Undelivered(self.trouble, "told to")
        for number in range(1, 100):
            called = numbered(name, number, ending)
            if called not in self.files or digest_of(self.files[called]) == digest:
                self.files[called] = file.read_bytes()
                return called
        raise AssertionError("too many files of one name")

    def holds(self, stored: Stored) -> bool | Undelivered:
        if self.trouble:
            return Undelivered(self.trouble, "told to")
        return len(self.files.get(stored.name, b"")) == stored.digest.size

    def rehearse(self) -> Undelivered | None:
        return Undelivered(self.trouble, "told to") if self.trouble else None


class FakeDownloads:
    """What is at each link; any other link is dead."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.fetches: list[str] = []
        self.open = ""
        """Links that begin so always work."""

    def fetch(self, link: str, into: Path, limit: int) -> Fetched | Undelivered:
        self.fetches.append(link)
        content = self.files.get(link)
        if content is None:
            return Undelivered(DeliveryProblem.SOURCE_GONE, "told to")
        if len(content) > limit:
            return Undelivered(DeliveryProblem.TOO_LARGE, "told to")
        into.write_bytes(content)
        return Fetched(digest_of(content), file_kind(content))

    def is_alive(self, link: str) -> bool | None:
        return link in self.files or bool(self.open and link.startswith(self.open))


class PlainLoft:
    """Loads each file to its own name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def place(self, name: str) -> Path:
        return self._folder / name

    def loaded(self, into: Path) -> Path | None:
        return into if into.exists() else None

    def discard(self, into: Path) -> None:
        into.unlink(missing_ok=True)


class InlineCouriers:
    """Carries every order out at once, in the caller's thread; loses what was found where a process would die."""

    def __init__(self, carry_out: Callable[[Order], Found]) -> None:
        self._carry_out = carry_out
        self._returned: list[tuple[Order, Found]] = []

    def send(self, tab: TabKey, orders: Sequence[Order]) -> None:
        known = {order.intent.job_id for order, _ in self._returned}
        is_closed = False
        for order in orders:
            assert order.tab == tab
            if order.intent.job_id in known or (is_closed and isinstance(order, Fetch)):
                continue
            found = self._carry_out(order)
            self._returned.append((order, found))
            is_closed = is_closed or (isinstance(found, Undelivered) and found.problem in OF_THE_STORAGE)

    def returned(self, tab: TabKey) -> list[tuple[Order, Found]]:
        return [one for one in self._returned if one[0].tab == tab]

    def written_down(self, orders: Sequence[Order]) -> None:
        self._returned = [one for one in self._returned if one[0] not in orders]
