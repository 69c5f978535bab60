"""Feeds: what a table from outside changes in a tab, row by row, matched by a key column of people's own.

Only people's data columns are ever changed; ticks and the robot's columns are left alone, and no row is removed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.cells import Cell, as_serial, cell_text, fold, is_ticked
from bot.domain.contract import Contract, FieldType, PeopleColumn, RobotColumn
from bot.domain.rows import Row, Table
from bot.domain.values import PATTERNS, Locale, value_text

_TICKS = (PeopleColumn.APPROVE, PeopleColumn.RETRY)
_WISHES = {PeopleColumn.RENDER_AT: FieldType.DATE, PeopleColumn.MAX_CREDITS: FieldType.NUMBER}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?")
_LONGEST = 50_000
"""Characters a cell may hold (Google Docs editors help, files you can store)."""

_TOLD = 5


@dataclass(frozen=True, slots=True)
class Feed:
    """A table as its file has it; each line with the number an editor shows for it."""

    header: tuple[str, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A column of the feed and the one of the sheet it fills."""

    name: str
    source: int
    target: int
    type: FieldType


@dataclass(frozen=True, slots=True)
class Matched:
    """Which columns meet."""

    pairs: tuple[Pair, ...]
    key: Pair
    left_alone: tuple[str, ...]
    """Columns of the feed that no feed may fill: ticks, and the robot's."""

    unknown: tuple[str, ...]
    """Columns of the feed the sheet does not have."""


@dataclass(frozen=True, slots=True)
class Update:
    """One cell of a row that is there already."""

    row_number: int
    key: str
    pair: Pair
    before: Cell
    after: Cell


@dataclass(frozen=True, slots=True)
class Changes:
    """All that the feed changes."""

    updates: tuple[Update, ...]
    new: tuple[Mapping[int, Cell], ...]
    """Rows to add, by column."""

    same: int
    first_free: int
    """The row below the last one that holds anything."""

    @property
    def changed_rows(self) -> int:
        """How many rows that are there already differ."""
        return len({one.row_number for one in self.updates})


def match(
    header: Sequence[str], sheet: Sequence[Cell], contract: Contract, key: str
) -> Matched | tuple[str, ...]:
    """Finds each column of the feed in the sheet; capitals, blanks and punctuation do not matter. Else what is wrong."""
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(sheet):
        places.setdefault(fold(cell_text(cell)), []).append(place)
    types = {fold(one.column): one.type for one in contract.fields}
    types |= {fold(name): kind for name, kind in _WISHES.items()}
    reserved = {fold(name) for name in (*_TICKS, *RobotColumn)}
    pairs, left_alone, unknown, problems = [], [], [], []
    folded = [fold(name) for name in header]
    for source, word in enumerate(folded):
        name = cell_text(header[source])
        if not word:
            continue
        if folded.count(word) > 1:
            problems.append(f'The file has the column "{name}" more than once.')
        elif word in reserved:
            left_alone.append(name)
        elif word not in places:
            unknown.append(name)
        elif len(places[word]) > 1:
            problems.append(f'The sheet has the column "{name}" more than once. Rename or delete one.')
        else:
            target = places[word][0]
            pairs.append(Pair(cell_text(sheet[target]), source, target, types.get(word, FieldType.TEXT)))
    found = next((one for one in pairs if folded[one.source] == fold(key)), None)
    if problems or found is None:
        return tuple(dict.fromkeys(problems)) or (_no_key(key, header, sheet, reserved),)
    return Matched(tuple(pairs), found, tuple(left_alone), tuple(unknown))


def _no_key(key: str, header: Sequence[str], sheet: Sequence[Cell], reserved: set[str]) -> str:
    if fold(key) in reserved:
        return (
            f'"{key}" is the robot\'s, or a box. Match rows by a column of your own, like an article number.'
        )
    names = [cell_text(cell) for cell in sheet]
    is_in_file = fold(key) in {fold(name) for name in header}
    where, there = ("sheet", names) if is_in_file else ("file", list(header))
    by_word = {fold(one): one for one in there if fold(one)}
    near = [by_word[word] for word in difflib.get_close_matches(fold(key), by_word, 1, 0.6)]
    return f'The {where} has no column "{key}".' + "".join(f' Did you mean "{one}"?' for one in near)


def changes(feed: Feed, found: Matched, table: Table, locale: Locale) -> Changes | tuple[str, ...]:
    """What has to be written; else what is wrong with the keys, with line and row numbers."""
    rows: dict[str, list[Row]] = {}
    for row in table.rows:
        rows.setdefault(cell_text(row.at(found.key.target)), []).append(row)
    if problems := tuple(_problems(feed, found, rows)):
        return problems
    updates: list[Update] = []
    new: list[Mapping[int, Cell]] = []
    same = 0
    for _, texts in feed.lines:
        wanted = {one: feed_cell(one.type, texts[one.source], locale) for one in found.pairs}
        key = cell_text(texts[found.key.source])
        if key not in rows:
            new.append({one.target: cell for one, cell in wanted.items() if cell is not None})
            continue
        row = rows[key][0]
        different = [
            Update(row.number, key, one, row.at(one.target), cell)
            for one, cell in wanted.items()
            if one is not found.key and not is_same(row.at(one.target), cell)
        ]
        updates += different
        same += not different
    return Changes(tuple(updates), tuple(new), same, _first_free(table))


def _problems(feed: Feed, found: Matched, rows: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    seen: dict[str, list[int]] = {}
    empty = []
    for number, texts in feed.lines:
        if len(texts) != len(feed.header):
            yield f"Line {number} has {_fields(len(texts))}, the header has {len(feed.header)}."
            continue
        key = cell_text(texts[found.key.source])
        if not key:
            empty.append(number)
        seen.setdefault(key, []).append(number)
        if any(len(texts[one.source]) > _LONGEST for one in found.pairs):
            yield f"Line {number} has more than {_LONGEST:,} characters in one field."
    name = found.key.name
    if empty:
        yield f'"{name}" is empty in {_numbers("line", empty)}.'
    for key, numbers in seen.items():
        if key and len(numbers) > 1:
            yield f'"{name}" is {key} in {_numbers("line", numbers)}: which one is meant?'
        if key and len(rows.get(key, ())) > 1:
            where = _numbers("row", [row.number for row in rows[key]])
            yield f'"{name}" is {key} in {where} of the sheet: which one is meant?'


def _fields(count: int) -> str:
    return "1 field" if count == 1 else f"{count} fields"


def _numbers(word: str, numbers: Sequence[int]) -> str:
    """`lines 3, 7, 9 and 4 more`."""
    shown = ", ".join(map(str, numbers[:_TOLD]))
    more = f" and {len(numbers) - _TOLD} more" if len(numbers) > _TOLD else ""
    return f"{word}{'s' if len(numbers) > 1 else ''} {shown}{more}"


def _first_free(table: Table) -> int:
    """A column of empty boxes is no content; a tick is, so that no new row finds one."""
    last = max((row.number for row in table.rows if any(_is_filled(cell) for cell in row.cells)), default=1)
    return last + 1


def _is_filled(cell: Cell) -> bool:
    return cell is not None and cell is not False and cell != ""


def feed_cell(kind: FieldType, text: str, locale: Locale) -> Cell:
    """What a cell of this type is to hold: numbers, ISO dates and boxes only where the column is for them."""
    said = cell_text(text)
    if not said:
        return None
    if kind in {FieldType.NUMBER, FieldType.MONEY}:
        spelled = value_text(kind, said, locale)
        if PATTERNS[kind].fullmatch(spelled):
            return float(spelled) if "." in spelled else int(spelled)
    if kind is FieldType.DATE and _DATE.fullmatch(said):
        return _serial(said)
    if kind is FieldType.BOOL and said.upper() in {"TRUE", "FALSE"}:
        return said.upper() == "TRUE"
    return said


def _serial(said: str) -> Cell:
    try:
        return as_serial(datetime.fromisoformat(said))
    except ValueError:
        return said


def is_same(now: Cell, wanted: Cell) -> bool:
    """Whether a cell holds this already, as far as anybody could tell."""
    if isinstance(wanted, bool):
        return is_ticked(now) is wanted and (wanted or not cell_text(now) or is_box(now))
    if wanted is None:
        return now is False or not cell_text(now)
    if isinstance(wanted, str):
        return cell_text(now) == wanted
    is_number = isinstance(now, (int, float)) and not isinstance(now, bool)
    return is_number and abs(float(now or 0) - wanted) < 1e-6


def is_box(cell: Cell) -> bool:
    """Whether it is an empty or a ticked box, also one that arrived as text."""
    return cell_text(cell).upper() in {"TRUE", "FALSE"}


def restored(
    stray: Sequence[Update], found: Matched, first: Table, now: Table, feed: Feed
) -> tuple[tuple[Update, ...], tuple[int, ...]]:
    """What stray writes took from rows that moved into their way gets back what it held; else which rows to look at.

    Rows of the feed need none of this: what it says of them is written anew.
    """
    key = found.key.target
    fed = {cell_text(texts[found.key.source]) for _, texts in feed.lines}
    before = {cell_text(row.at(key)): row for row in first.rows}
    there = {row.number: row for row in now.rows}
    back, lost = [], []
    for one in stray:
        row = there.get(one.row_number)
        name = cell_text(row.at(key)) if row is not None else ""
        if row is None or name in fed:
            continue
        if not name or name not in before:
            lost.append(one.row_number)
            continue
        held = before[name].at(one.pair.target)
        if is_same(row.at(one.pair.target), one.after) and not is_same(one.after, held):
            back.append(Update(row.number, name, one.pair, one.after, held))
    return tuple(back), tuple(dict.fromkeys(lost))
