"""Which line is which record: ids claimed by cells, checked against what the journal remembers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import regex

from bot.domain.cells import cell_text
from bot.domain.entries import Entry
from bot.domain.ids import Fingerprint, RecordId
from bot.planner.snapshot import Line, Snapshot

_WELL_FORMED = regex.compile(r"r[0-9a-z]{3,30}[a-z]")


class Origin(StrEnum):
    """How a line came by its record."""

    KNOWN = "known"
    """Its id cell names a record the journal knows."""

    NEW = "new"
    """First seen now, under a fresh id or one this journal does not know."""

    COPY = "copy"
    """Another line has a better claim to its id; it gets its own."""

    FOUND_AGAIN = "found again"
    """It lost its id, but its content equals exactly one record that has no line."""

    UNCERTAIN = "uncertain"
    """It lost its id and several records could be meant; its tick binds nothing until set anew."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A line, the record it is, and what the journal knew of that record."""

    line: Line
    record: RecordId
    entry: Entry | None
    origin: Origin
    copied_from: int = 0
    """For a copy: the number of the row that keeps the id."""


def identify(seen: Snapshot) -> tuple[Placed, ...]:
    """Gives every line its record; no record has two lines."""
    claims = [_claim(line, seen) for line in seen.lines]
    owners = _owners(seen, claims)
    orphans = _orphans(seen, owners)
    seekers = _seekers(seen, claims)
    spare = iter(seen.spare_ids)
    placed = []
    for position, (line, claim) in enumerate(zip(seen.lines, claims, strict=True)):
        if claim is not None and owners[claim] == position:
            entry = seen.memory.entries.get(claim)
            placed.append(Placed(line, claim, entry, Origin.KNOWN if entry else Origin.NEW))
        elif claim is not None:
            keeper = seen.lines[owners[claim]].row.number
            placed.append(Placed(line, next(spare), None, Origin.COPY, keeper))
        else:
            placed.append(_without_id(line, orphans, seekers, spare))
    return tuple(placed)


def _claim(line: Line, seen: Snapshot) -> RecordId | None:
    text = cell_text(line.row.at(seen.columns.row_id)).casefold()
    return RecordId(text) if _WELL_FORMED.fullmatch(text) else None


def _owners(seen: Snapshot, claims: Sequence[RecordId | None]) -> dict[RecordId, int]:
    """The position that keeps each claimed id: the one with the journal's last content, else the upper one."""
    owners: dict[RecordId, int] = {}
    for position, claim in enumerate(claims):
        if claim is None:
            continue
        if claim not in owners:
            owners[claim] = position
            continue
        entry = seen.memory.entries.get(claim)
        if entry and not _same(seen.lines[owners[claim]], entry) and _same(seen.lines[position], entry):
            owners[claim] = position
    return owners


def _same(line: Line, entry: Entry) -> bool:
    return line.judged.content == entry.content


def _orphans(seen: Snapshot, owners: dict[RecordId, int]) -> dict[Fingerprint, list[Entry]]:
    orphans: dict[Fingerprint, list[Entry]] = {}
    for record, entry in seen.memory.entries.items():
        if record not in owners:
            orphans.setdefault(entry.content.fingerprint, []).append(entry)
    return orphans


def _seekers(seen: Snapshot, claims: Sequence[RecordId | None]) -> dict[Fingerprint, int]:
    """How many lines without an id have each content."""
    seekers: dict[Fingerprint, int] = {}
    for line, claim in zip(seen.lines, claims, strict=True):
        if claim is None:
            content = line.judged.content.fingerprint
            seekers[content] = seekers.get(content, 0) + 1
    return seekers


def _without_id(
    line: Line,
    orphans: dict[Fingerprint, list[Entry]],
    seekers: dict[Fingerprint, int],
    spare: Iterator[RecordId],
) -> Placed:
    content = line.judged.content.fingerprint
    found = orphans.get(content, [])
    if len(found) == 1 and seekers[content] == 1:
        return Placed(line, found[0].key.record, found[0], Origin.FOUND_AGAIN)
    return Placed(line, next(spare), None, Origin.UNCERTAIN if found else Origin.NEW)
