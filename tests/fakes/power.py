"""A machine whose power is cut: what the disk may hold afterwards, worked out from a recording.

A real process is recorded by strace. What it wrote and synced is on the disk; of what it wrote since the
last sync anything may be there: nothing, all of it, some writes and not others, or half a write.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
_LINE = re.compile(
    r"^\d+ +(?P<call>\w+)\((?P<fd>\d+)<(?P<path>[^>]*)>(?:, )?(?P<rest>.*)\) += (?P<answer>-?\d+)"
)
_WRITE = re.compile(r'^"(?P<data>[^"]*)", \d+, (?P<at>\d+)$')


@dataclass(frozen=True)
class Write:
    at: int
    data: bytes


@dataclass(frozen=True)
class Cut:
    size: int


@dataclass
class Disk:
    """One file: what is safe, and what was done to it since."""

    safe: bytes = b""
    since: list[Write | Cut] = field(default_factory=list)

    def sync(self) -> None:
        self.safe, self.since = carried_out(self.safe, self.since), []


def carried_out(before: bytes, steps: Sequence[Write | Cut]) -> bytes:
    """The bytes after these steps."""
    held = bytearray(before)
    for step in steps:
        if isinstance(step, Cut):
            held = held[: step.size].ljust(step.size, b"\0")
        else:
            held = held.ljust(step.at, b"\0")
            held[step.at : step.at + len(step.data)] = step.data
    return bytes(held)


@dataclass(frozen=True)
class Image:
    """The files as one cut may leave them, and how many answers the process had given before it."""

    answers: int
    files: dict[str, bytes]


def record(command: Sequence[str], log: Path, **given: object) -> list[str]:
    """Runs a command to its end and returns what it wrote, synced and cut off, in order."""
    calls = "trace=pwrite64,write,fdatasync,fsync,ftruncate"
    strace = ["strace", "-f", "-xx", "-s", "200000", "-y", "-e", calls, "-o", str(log)]
    subprocess.run([*strace, *command], check=True, stdout=subprocess.DEVNULL, **given)  # type: ignore[call-overload]
    return log.read_text().splitlines()


def images(lines: Sequence[str], start: dict[str, bytes], seed: int) -> Iterator[Image]:
    """Every state the named files may be in after a cut at any moment of the recording."""
    chance = random.Random(seed)
    disks = {name: Disk(held) for name, held in start.items()}
    answers = 0
    seen: set[int] = set()
    for line in lines:
        found = _LINE.match(line)
        if found is None or int(found["answer"]) < 0:
            continue
        disk = disks.get(Path(_text(found["path"])).name)
        if found["call"] == "write" and found["fd"] == "1":
            answers += 1
        elif disk is None:
            continue
        elif found["call"] in {"fdatasync", "fsync"}:
            disk.sync()
        elif found["call"] == "ftruncate":
            disk.since.append(Cut(int(found["rest"])))
        elif found["call"] == "pwrite64":
            said = _WRITE.match(found["rest"])
            assert said is not None, line[:200]
            disk.since.append(Write(int(said["at"]), _bytes(said["data"])))
        for choose in (_nothing, _everything, _some, _torn):
            image = {name: carried_out(disk.safe, choose(disk.since, chance)) for name, disk in disks.items()}
            mark = hash((answers, *sorted(image.items())))
            if mark not in seen:
                seen.add(mark)
                yield Image(answers, image)


def _nothing(_steps: list[Write | Cut], _chance: random.Random) -> list[Write | Cut]:
    return []


def _everything(steps: list[Write | Cut], _chance: random.Random) -> list[Write | Cut]:
    return steps


def _some(steps: list[Write | Cut], chance: random.Random) -> list[Write | Cut]:
    return [step for step in steps if chance.random() < 0.5]


def _torn(steps: list[Write | Cut], chance: random.Random) -> list[Write | Cut]:
    """All of it, but of the last write only some sectors."""
    if not steps or not isinstance(steps[-1], Write):
        return steps
    last = steps[-1]
    whole = chance.randrange(0, len(last.data) // SECTOR + 1) * SECTOR
    return [*steps[:-1], Write(last.at, last.data[:whole])]


def _bytes(spelled: str) -> bytes:
    return bytes.fromhex(spelled.replace("\\x", ""))


def _text(spelled: str) -> str:
    return _bytes(spelled).decode() if spelled.startswith("\\x") else spelled
