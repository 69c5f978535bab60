"""Which line is which record: ids claimed by cells, checked against what the journal remembers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import regex

from bot.domain.cells import cell_text
from bot.domain.contract import Columns
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
    """Another line has a better claim to its id, or it came without one and says what a known row says: a
    tick may have come along with the rest. It gets an id of its own."""

    FOUND_AGAIN = "found again"
    """It lost its id, but its content equals exactly one record that has no line."""

    MOVED = "moved"
    """Its content stood under another id at the last read, as after sorting some columns only: the record
    follows its content. Or it was edited while that happened to others, so that it may be one of them. A tick
    beside it may belong to another row: it binds nothing new until set anew."""

    UNCERTAIN = "uncertain"
    """It lost its id and cannot be told from another record, or from one that lost its line just now; its
    tick binds nothing until set anew."""


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
    spelled = [_spelled(line, seen.columns) for line in seen.lines]
    claims = _claims(seen, spelled)
    owners = _owners(seen, claims)
    orphans = _orphans(seen, owners)
    # A record that lost its line in this very read may be any line without an id, edited meanwhile.
    left_now = any(entry.present for found in orphans.values() for entry in found)
    seekers = _seekers(seen, claims)
    twins = _twins(seen, owners)
    shared = _shared(seen, claims, owners)
    spare = iter(seen.spare_ids)
    placed = []
    for position, (line, claim) in enumerate(zip(seen.lines, claims, strict=True)):
        if claim is not None and owners[claim] == position:
            entry = seen.memory.entries.get(claim)
            is_steady = claim == spelled[position] and claim not in shared
            known = Origin.KNOWN if is_steady else Origin.MOVED
            placed.append(Placed(line, claim, entry, known if entry else Origin.NEW))
        elif claim is not None:
            keeper = seen.lines[owners[claim]].row.number
            placed.append(Placed(line, next(spare), None, Origin.COPY, keeper))
        else:
            found = _without_id(line, orphans, seekers, spare)
            twin = twins.get(line.judged.content.fingerprint)
            if found.origin is Origin.NEW and twin is not None:
                found = replace(found, origin=Origin.COPY, copied_from=twin)
            if found.origin is Origin.NEW and (left_now or spelled[position] in seen.memory.entries):
                found = replace(found, origin=Origin.UNCERTAIN)
            is_moved = found.entry is not None and spelled[position] in seen.memory.entries
            placed.append(replace(found, origin=Origin.MOVED) if is_moved else found)
    return tuple(_doubt_twins(_doubt_edited(placed), orphans))


def _doubt_edited(placed: Sequence[Placed]) -> list[Placed]:
    """Ids and contents came apart in this very read: a row that says something new beside its old id, beside one
    nobody gave, or the same as another, may just as well be another one, and the tick beside it that one's.
    """
    if not any(one.origin is Origin.MOVED for one in placed):
        return list(placed)
    says = Counter(one.line.judged.content.fingerprint for one in placed)
    return [replace(one, origin=_doubted(one, says)) for one in placed]


def _doubted(one: Placed, says: Counter[Fingerprint]) -> Origin:
    if one.origin is Origin.NEW:
        return Origin.UNCERTAIN
    if one.entry is None:
        return one.origin
    is_certain = _same(one.line, one.entry) and says[one.line.judged.content.fingerprint] == 1
    return one.origin if is_certain else Origin.MOVED


def _doubt_twins(placed: Sequence[Placed], orphans: dict[Fingerprint, list[Entry]]) -> list[Placed]:
    """A record lost its line just now, and two lines say what it said: rows moved while an id was written, and
    which of the twins is which nobody can tell. A tick that was taken from one must not count again with the other.
    """
    left_now = {content for content, found in orphans.items() if any(entry.present for entry in found)}
    if not left_now:
        return list(placed)
    says = Counter(one.line.judged.content.fingerprint for one in placed)
    twins = {content for content in left_now if says[content] > 1}
    return [
        replace(one, origin=Origin.MOVED)
        if one.entry is not None and one.line.judged.content.fingerprint in twins
        else one
        for one in placed
    ]


def _spelled(line: Line, columns: Columns) -> RecordId | None:
    text = cell_text(line.row.at(columns.row_id)).casefold()
    return RecordId(text) if _WELL_FORMED.fullmatch(text) else None


def _claims(seen: Snapshot, spelled: Sequence[RecordId | None]) -> list[RecordId | None]:
    """The record each line claims: what its id cell says, unless its content says otherwise.

    Ids are typed over, swapped, or left behind when some columns are sorted without them; then a record
    whose video exists must not be rendered again only because its content met another id.
    """
    claims = list(spelled)
    _doubt_spoiled_ids(seen, claims)
    _undo_misplaced_ids(seen, claims)
    entries = seen.memory.entries
    strayed = [
        position
        for position, claim in enumerate(claims)
        if claim and claim in entries and not _same(seen.lines[position], entries[claim])
    ]
    if len(strayed) > 1:
        _follow_content(seen, claims, strayed)
    return claims


def _doubt_spoiled_ids(seen: Snapshot, claims: list[RecordId | None]) -> None:
    """Beside content of a record that lost its line, an id that was never given, or whose own row stands
    elsewhere, is a spoiled one.
    """
    entries = seen.memory.entries
    if not seen.memory.is_known:
        return
    is_home = [
        claim in entries and _same(line, entries[claim]) if claim else False
        for line, claim in zip(seen.lines, claims, strict=True)
    ]
    at_home = {claim for claim, home in zip(claims, is_home, strict=True) if home}
    spoiled = [
        position
        for position, claim in enumerate(claims)
        if claim and not is_home[position] and (claim not in entries or claim in at_home)
    ]
    if not spoiled:
        return
    claimed = set(claims)
    lost = [entry for record, entry in entries.items() if record not in claimed]
    contents = {entry.content.fingerprint for entry in lost}
    left_now = any(entry.present for entry in lost)
    for position in spoiled:
        is_strange = claims[position] not in entries
        if seen.lines[position].judged.content.fingerprint in contents or (is_strange and left_now):
            claims[position] = None


def _undo_misplaced_ids(seen: Snapshot, claims: list[RecordId | None]) -> None:
    """An id stands beside other content than its record's, and that content has no id, or this one is of a
    record that lost its line just now: rows moved while the id was written, and it landed on the wrong one.
    """
    entries = seen.memory.entries
    strayed = [
        position
        for position, claim in enumerate(claims)
        if claim and claim in entries and not _same(seen.lines[position], entries[claim])
    ]
    if not strayed:
        return
    claimed = set(claims)
    left_now = {
        entry.content.fingerprint
        for record, entry in entries.items()
        if entry.present and record not in claimed
    }
    seekers: dict[Fingerprint, list[int]] = {}
    for position, claim in enumerate(claims):
        if claim is None:
            seekers.setdefault(seen.lines[position].judged.content.fingerprint, []).append(position)
    for position in strayed:
        claim = claims[position]
        assert claim is not None  # strayed lines have one
        home = seekers.get(entries[claim].content.fingerprint, [])
        if len(home) == 1 and claims.count(claim) == 1:
            claims[home[0]], claims[position] = claim, None
        elif seen.lines[position].judged.content.fingerprint in left_now:
            claims[position] = None


def _follow_content(seen: Snapshot, claims: list[RecordId | None], strayed: Sequence[int]) -> None:
    """Gives each strayed line the record whose content it holds, where exactly one can be meant."""
    entries = seen.memory.entries
    at_home = {claim for position, claim in enumerate(claims) if position not in strayed}
    free = frozenset(claim for position in strayed if (claim := claims[position]) and claim not in at_home)
    records: dict[Fingerprint, list[RecordId]] = {}
    for record in free:
        records.setdefault(entries[record].content.fingerprint, []).append(record)
    places: dict[Fingerprint, list[int]] = {}
    for position in strayed:
        places.setdefault(seen.lines[position].judged.content.fingerprint, []).append(position)
    for content in records.keys() & places.keys():
        is_certain = len(records[content]) == len(places[content]) == 1
        for position in places[content]:
            claims[position] = records[content][0] if is_certain else None
    _pair_the_rest(seen, claims, free)


def _pair_the_rest(seen: Snapshot, claims: list[RecordId | None], free: frozenset[RecordId]) -> None:
    """One line and one record left over belong together: that line was moved and edited at once."""
    entries = seen.memory.entries
    unclaimed = free - set(claims)
    pushed_out = [
        position
        for position, claim in enumerate(claims)
        if claim
        and claim in free
        and claims.count(claim) > 1
        and not _same(seen.lines[position], entries[claim])
    ]
    if len(unclaimed) == len(pushed_out) == 1:
        claims[pushed_out[0]] = next(iter(unclaimed))


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


def _shared(
    seen: Snapshot, claims: Sequence[RecordId | None], owners: dict[RecordId, int]
) -> frozenset[RecordId]:
    """Ids of known records that several lines claim and none says what its record said: which of them is the
    record is a guess, so that a tick beside it may have been meant for another.
    """
    if len(owners) == len(claims) - claims.count(None):
        return frozenset()
    entries = seen.memory.entries
    return frozenset(
        claim
        for claim, times in Counter(claims).items()
        if times > 1 and claim in entries and not _same(seen.lines[owners[claim]], entries[claim])
    )


def _same(line: Line, entry: Entry) -> bool:
    # As long as nobody edits a row, both are the same object.
    return line.judged.content is entry.content or line.judged.content == entry.content


def _orphans(seen: Snapshot, owners: dict[RecordId, int]) -> dict[Fingerprint, list[Entry]]:
    orphans: dict[Fingerprint, list[Entry]] = {}
    for record, entry in seen.memory.entries.items():
        if record not in owners:
            orphans.setdefault(entry.content.fingerprint, []).append(entry)
    return orphans


def _twins(seen: Snapshot, owners: dict[RecordId, int]) -> dict[Fingerprint, int]:
    """Row numbers of known records that stand where they were, by what they say."""
    entries = seen.memory.entries
    return {
        entries[record].content.fingerprint: seen.lines[position].row.number
        for record, position in owners.items()
        if record in entries and _same(seen.lines[position], entries[record])
    }


def _seekers(seen: Snapshot, claims: Sequence[RecordId | None]) -> dict[Fingerprint, set[int]]:
    """The row numbers of lines without an id, by what they say."""
    seekers: dict[Fingerprint, set[int]] = {}
    for line, claim in zip(seen.lines, claims, strict=True):
        if claim is None:
            seekers.setdefault(line.judged.content.fingerprint, set()).add(line.row.number)
    return seekers


def _without_id(
    line: Line,
    orphans: dict[Fingerprint, list[Entry]],
    seekers: dict[Fingerprint, set[int]],
    spare: Iterator[RecordId],
) -> Placed:
    content = line.judged.content.fingerprint
    found = orphans.get(content, [])
    if len(found) == 1 and len(seekers[content]) == 1:
        return Placed(line, found[0].key.record, found[0], Origin.FOUND_AGAIN)
    # Twins that stand where they stood, as when the whole id column was deleted: each keeps its video.
    in_place = {entry.row_number: entry for entry in found if entry.present}
    if in_place.keys() == seekers[content] and len(in_place) == len(found):
        entry = in_place[line.row.number]
        return Placed(line, entry.key.record, entry, Origin.MOVED)
    return Placed(line, next(spare), None, Origin.UNCERTAIN if found else Origin.NEW)
