"""Status cells: a projection of the journal onto the rows, and how it differs from what was read."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple

from bot.domain import wording
from bot.domain.bugs import Bug, bug_of
from bot.domain.cells import Cell, Formula, Written, column_letters, is_error, is_ticked
from bot.domain.contract import PeopleColumn, RobotColumn
from bot.domain.entries import Entry, Tick
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.ids import RecordId
from bot.domain.intents import Intent, State
from bot.domain.records import Rejection, changed_columns
from bot.domain.rows import Row
from bot.planner.actions import CellEdit
from bot.planner.budget import price
from bot.planner.carrying import is_about, is_refused_elsewhere
from bot.planner.delivering import delivery_words, links_to_show
from bot.planner.identity import Placed
from bot.planner.progress import Line, progress_words
from bot.planner.snapshot import Snapshot

_PREVIEW, _THUMBNAIL = map(list(RobotColumn).index, (RobotColumn.PREVIEW, RobotColumn.THUMBNAIL_URL))


class Cells(NamedTuple):
    """The robot's cells of one row, in the order of its columns; None where nothing is said."""

    status: Written
    what_to_do: Written
    video: Written
    preview: Written
    """A formula reads back as empty text: it is written together with the address it shows, never compared."""

    credits: Written
    row_id: Written
    job_id: Written
    template_version: Written
    attempt: Written
    updated: Written
    submitted: Written
    finished: Written
    thumbnail_url: Written
    approved_as: Written
    problem_code: Written


class Shown(NamedTuple):
    """One row in people's words."""

    status: str = ""
    what_to_do: str = ""
    credits: Cell = None
    problem: str = ""
    intent: Intent | None = None
    """Whose job and times the row shows."""

    film: Intent | None = None
    """Whose video the row shows: the latest there is, also while a newer one is made."""

    def showing(self, film: Intent | None) -> Shown:
        """The same words beside a video."""
        return self if film is None else self._replace(film=film)


@dataclass(frozen=True, slots=True)
class Projection:
    """Every cell that is not what the journal says, and how many rows show which status."""

    edits: tuple[CellEdit, ...]
    statuses: Mapping[str, int]
    bugs: Mapping[RecordId, Bug]
    """Rows that could not be decided on, or not be shown."""


def project(
    placed: Iterable[Placed], seen: Snapshot, line: Line, undecided: Mapping[RecordId, Bug]
) -> Projection:
    """What the rows should say; no edits when all is well."""
    edits: list[CellEdit] = []
    statuses: Counter[str] = Counter()
    bugs = dict(undecided)
    places = [seen.columns.robot[column] for column in RobotColumn]
    for one in placed:
        shown = undecided.get(one.record) or _shown(one, seen, line, places)
        if isinstance(shown, Bug):
            bugs[one.record] = shown
            statuses[wording.FAILED] += 1
            edits.extend(_flagged(one, shown, seen))
            continue
        status, differing = shown
        statuses[status.rpartition(" ")[0] if status.endswith("%") else status] += 1
        edits.extend(differing)
    for row in seen.blanks:
        edits.extend(
            CellEdit(row.number, position, None, None)
            for position in seen.columns.robot.values()
            if row.at(position) is not None
        )
    return Projection(tuple(edits), statuses, bugs)


def _shown(
    placed: Placed, seen: Snapshot, line: Line, places: Sequence[int]
) -> tuple[str, list[CellEdit]] | Bug:
    """A row's status, and every cell of it that is not what the journal says."""
    try:
        entry = seen.memory.entries[placed.record]
        shown = describe(placed, entry, seen, line)
        wanted = cells(shown, placed.record, seen)
        return shown.status, [*_row_edits(placed, wanted, seen, places), *_cleared_ticks(placed, entry, seen)]
    except Exception as error:  # noqa: BLE001 - one row's bug must not stop the others
        return bug_of(error, placed.line.row.number)


def _flagged(placed: Placed, bug: Bug, seen: Snapshot) -> Iterator[CellEdit]:
    """A row that met a mistake of ours says so; a video under way keeps its own status."""
    row = placed.line.row
    wanted: dict[RobotColumn, Written] = {
        RobotColumn.WHAT_TO_DO: wording.saved_for_developers(bug.number),
        RobotColumn.PROBLEM_CODE: ProblemCode.BUG.value,
    }
    if not any(intent.is_live for intent in seen.memory.of(placed.record)):
        wanted[RobotColumn.STATUS] = wording.FAILED
    is_named = row.at(seen.columns.row_id) == placed.record
    for column, value in wanted.items():
        position = seen.columns.robot[column]
        if not _equal(row.at(position), value):
            yield CellEdit(row.number, position, value, placed.record if is_named else None)


def describe(placed: Placed, entry: Entry, seen: Snapshot, line: Line) -> Shown:
    """What a row says: the live intent first, then what became of this very content, then what to do."""
    intents = seen.memory.of(placed.record)
    finished = next((one for one in reversed(intents) if one.state is State.COMPLETED), None)
    live = next((intent for intent in reversed(intents) if intent.is_live), None)
    if live is not None:
        return _under_way(live, placed, entry, seen, line).showing(finished)
    mine = [one for one in intents if is_about(one, entry) and _tells(one, seen)]
    if mine:
        # Attempts count on even where the wall clock was set back between them.
        last = max(mine, key=lambda one: one.attempt)
        film = last if last.state is State.COMPLETED else finished
        return _ended(last, placed, entry, seen).showing(film)
    return _not_started(placed, entry, seen, finished).showing(finished)


def _tells(intent: Intent, seen: Snapshot) -> bool:
    """Whether what became of a promise says anything of its row as it would be made now."""
    return intent.state is not State.CANCELLED and not is_refused_elsewhere(intent, seen.template.hash)


def _under_way(intent: Intent, placed: Placed, entry: Entry, seen: Snapshot, line: Line) -> Shown:
    charged: Cell = (
        intent.reserved if intent.reserved is not None else f"~{intent.quote or intent.price_shown}"
    )
    judged = placed.line.judged
    if intent.state is State.WAITING and isinstance(judged, Rejection):
        # Approved, and since then the contract changed, or a cell beside the content: it waits for its author.
        return Shown(wording.NEEDS_FIXING, judged.text, charged, judged.code.value, intent)
    words, now = progress_words(intent, seen, line), judged.content
    text = words.text
    if not is_about(intent, entry) and intent.state is not State.WAITING:
        text = wording.changed_while_rendering(changed_columns(intent.content, now, seen.template.contract))
    return Shown(words.status, text, charged, words.code.value if words.code else "", intent)


def _ended(intent: Intent, placed: Placed, entry: Entry, seen: Snapshot) -> Shown:
    said = entry.notice.text if entry.notice else ""
    if intent.state is State.COMPLETED:
        of_copy = delivery_words(seen.memory.deliveries.get(intent.job_id), seen.zone)
        code = ProblemCode.DELIVER.value if of_copy and not said else ""
        return Shown(wording.DONE, said or of_copy, intent.reserved or intent.quote, code, intent)
    judged, trouble = placed.line.judged, intent.trouble
    if isinstance(judged, Rejection):
        # Trying again would not help before it is mended.
        return Shown(wording.NEEDS_FIXING, judged.text, 0, judged.code.value, intent)
    is_authors = trouble is not None and trouble.kind is FailureClass.REJECTED
    status = wording.NEEDS_FIXING if is_authors else wording.FAILED
    text = said or (trouble.text if trouble else "")
    return Shown(status, text, 0, trouble.code.value if trouble else "", intent)


def _not_started(placed: Placed, entry: Entry, seen: Snapshot, finished: Intent | None) -> Shown:
    judged = placed.line.judged
    cost = price(placed, seen)
    estimate = f"~{cost}" if cost is not None else None
    if isinstance(judged, Rejection):
        is_ours = judged.code is ProblemCode.TEMPLATE_BUG
        status = wording.ON_HOLD if is_ours else wording.NEEDS_FIXING
        return Shown(status, judged.text, estimate, judged.code.value, finished)
    assert cost is not None  # a record has a format the template knows
    box = placed.line.row.at(seen.columns.people[PeopleColumn.APPROVE])
    if entry.approve is Tick.UNKNOWN and is_ticked(box):
        return Shown(wording.ON_HOLD, _why_unknown(seen), estimate, "", finished)
    if entry.notice:
        code = entry.notice.code.value if entry.notice.code else ""
        return Shown(entry.notice.status, entry.notice.text, estimate, code, finished)
    if finished is not None:
        names = changed_columns(finished.content, judged.content, seen.template.contract)
        return Shown(wording.OUT_OF_DATE, wording.tick_to_refresh(names, cost), estimate, "", finished)
    return Shown(wording.READY, wording.tick_to_render(cost), estimate)


def _why_unknown(seen: Snapshot) -> str:
    """Why a tick binds nothing: it is from before the tab was known, or its row cannot be told from others."""
    if seen.memory.is_known and not seen.memory.gate.first_contact:
        return wording.ticked_beside_a_spoiled_id()
    can_release = seen.memory.gate.first_contact and seen.control.switches.has_go_ahead
    return wording.ticked_before_first_look(can_release=can_release)


def cells(shown: Shown, record: RecordId, seen: Snapshot) -> Cells:
    """The robot's cells of one row."""
    intent, film, zone = shown.intent, shown.film, seen.zone
    named = _named(intent, shown) if intent else None
    video, thumbnail = (
        links_to_show(film, seen.memory.deliveries.get(film.job_id)) if film is not None else (None, None)
    )
    return Cells(
        status=shown.status or None,
        what_to_do=wording.clip(shown.what_to_do) or None,
        video=video or None,
        preview=None,
        credits=shown.credits,
        row_id=record,
        job_id=named.service_id if named else None,
        template_version=f"v{intent.template_version}" if intent else None,
        attempt=intent.attempt + 1 if intent else None,
        updated=_moment(intent.updated_at, zone) if intent else None,
        submitted=_moment(intent.sent_at, zone) if intent else None,
        finished=_moment(intent.finished_at, zone) if intent else None,
        thumbnail_url=thumbnail or None,
        # What the named job was made for: a robot that lost its journal takes the two together.
        approved_as=(named or intent).fingerprint[:8] if intent else None,
        problem_code=shown.problem or None,
    )


def _once(value: Written) -> Written:
    """Thousands of rows are told the same."""
    return sys.intern(value) if type(value) is str else value


def _named(intent: Intent, shown: Shown) -> Intent | None:
    """Whose job a row names; one that was never sent is not named, since a robot that lost its journal takes
    every named job for one that may be paid.
    """
    was_sent = intent.sent_at is not None or intent.state not in {State.WAITING, State.FAILED}
    if was_sent or shown.status == wording.SENDING:
        return intent
    return shown.film


def _row_edits(placed: Placed, wanted: Cells, seen: Snapshot, places: Sequence[int]) -> Iterator[CellEdit]:
    row = placed.line.row
    read = row.among(places)
    if tuple(read) == wanted and bool not in map(type, read):
        # Most rows on most reads. A box is no number, though Python takes it for one.
        return
    for place, cell, value in zip(places, read, wanted, strict=True):
        if place != places[_PREVIEW] and not _equal(cell, value):
            yield CellEdit(row.number, place, _once(value), placed.record)
    if not _equal(read[_THUMBNAIL], wanted.thumbnail_url) or _is_foreign(read[_PREVIEW]):
        yield _preview(row, wanted.thumbnail_url, placed.record, seen)


def _is_foreign(picture: Cell) -> bool:
    """Whether somebody wrote over a picture: that reads as empty text, or as an error while it cannot be loaded."""
    return picture is not None and not is_error(picture)


def _preview(row: Row, thumbnail: Written, record: RecordId, seen: Snapshot) -> CellEdit:
    """A picture formula reads back as empty text, so it is written together with its address, not compared with it."""
    place = f"{column_letters(seen.columns.robot[RobotColumn.THUMBNAIL_URL])}{row.number}"
    value = Formula(f"=IMAGE({place})") if thumbnail else None
    return CellEdit(row.number, seen.columns.robot[RobotColumn.PREVIEW], value, record)


def _cleared_ticks(placed: Placed, entry: Entry, seen: Snapshot) -> Iterator[CellEdit]:
    """The only cells of people's the robot writes, and only ever to clear them."""
    if entry.approve is not Tick.SPENT and entry.retry is not Tick.SPENT:
        return
    boxes = ((PeopleColumn.APPROVE, entry.approve), (PeopleColumn.RETRY, entry.retry))
    for column, tick in boxes:
        position = seen.columns.people.get(column)
        if position is not None and tick is Tick.SPENT and is_ticked(placed.line.row.at(position)):
            yield CellEdit(placed.line.row.number, position, value=False, record=placed.record)


def _equal(read: Cell, wanted: Written) -> bool:
    if isinstance(read, bool) or isinstance(wanted, bool):
        return read is wanted
    return read == wanted


@lru_cache(4096)
def _moment(moment: datetime | None, zone: tzinfo) -> str | None:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if moment else None
