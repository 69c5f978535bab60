"""The web as tests need it: names that stand for any addresses, files, and a fake of the port that looks at links."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence

from bot.domain.files import FileKind
from bot.domain.media import Finding, Sight

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


def _sight(said: Sight | Finding | FileKind) -> Sight:
    if isinstance(said, FileKind):
        return Sight(Finding.THERE, said, 1_000)
    return Sight(said) if isinstance(said, Finding) else said
