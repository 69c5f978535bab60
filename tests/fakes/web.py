"""The web as tests need it: names that stand for any addresses, files, and a fake of the port that looks at links."""

from __future__ import annotations

import socket
from collections.abc import Callable, Hashable, Mapping, Sequence

from bot.domain.media.files import FileKind
from bot.domain.media.looks import Finding, Sight

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(48)
PAGE = b"<!doctype html><html><body>Hello</body></html>"

Answers = Sequence[str] | Exception | Callable[[], Sequence[str]]


class FakeNames:
    """A name service: a name has one answer after the other; the last one stays."""

    def __init__(self, names: Mapping[str, Sequence[Answers]]) -> None:
        self._names = {name: list(answers) for name, answers in names.items()}
        self.asked: list[str] = []

    def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        answers = self._names.get(host)
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer


class FakeMedia:
    """What is at each link; a link has one sight after the other, the last one stays. Unknown links are pictures."""

    def __init__(self) -> None:
        self.sights: dict[str, list[Sight]] = {}
        self.looks: list[str] = []

    def put(self, link: str, *sights: Sight | Finding | FileKind) -> None:
        """What a look at this link finds, now and then."""
        self.sights[link] = [_sight(one) for one in sights]

    def look(self, link: str) -> Sight:
        self.looks.append(link)
        sights = self.sights.get(link) or [_sight(FileKind.PNG)]
        return sights.pop(0) if len(sights) > 1 else sights[0]


class InlineScouts:
    """Looks as soon as something is wanted, in the caller's thread; held back, when the test says so."""

    def __init__(self, media: FakeMedia) -> None:
        self._media = media
        self._wanted: dict[Hashable, tuple[str, ...]] = {}
        self._returned: list[tuple[str, Sight]] = []
        self.is_held = False

    def send(self, who: Hashable, links: Sequence[str]) -> None:
        self._wanted[who] = tuple(links)
        if not self.is_held:
            self.come_back()

    def come_back(self) -> None:
        """All that is wanted is looked at now."""
        here = {link for link, _ in self._returned}
        for link in dict.fromkeys(link for links in self._wanted.values() for link in links):
            if link not in here:
                self._returned.append((link, self._media.look(link)))
        self._wanted.clear()

    def returned(self) -> list[tuple[str, Sight]]:
        found, self._returned = self._returned, []
        return found

    @property
    def pending(self) -> set[str]:
        waiting = {link for links in self._wanted.values() for link in links}
        return waiting | {link for link, _ in self._returned}

    @property
    def has_news(self) -> bool:
        return bool(self._returned)

    @property
    def is_idle(self) -> bool:
        return not any(self._wanted.values())

    def wait(self, seconds: float) -> bool:  # noqa: ARG002 - the port's signature
        return self.is_idle


def _sight(said: Sight | Finding | FileKind) -> Sight:
    if isinstance(said, FileKind):
        return Sight(Finding.THERE, said, 1_000)
    return Sight(said) if isinstance(said, Finding) else said
