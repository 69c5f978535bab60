"""Records: rows that passed the contract, or the reasons why one did not."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from bot.domain import wording
from bot.domain.cells import Cell, cell_text, graphemes, is_error, is_loading, undrawable
from bot.domain.contract import Columns, Contract, Field, FieldType, PeopleColumn
from bot.domain.failures import ProblemCode
from bot.domain.ids import Fingerprint, canonical_json, sha256
from bot.domain.media.links import LONGEST_LINK, LinkFlaw, link_flaw
from bot.domain.rows import Row
from bot.domain.templates.fits import Measure, fits, longest_that_fits
from bot.domain.values import PATTERNS, Locale, example, value_text

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
MEDIA_WORDS = {
    FieldType.IMAGE: wording.A_PICTURE,
    FieldType.VIDEO: wording.A_VIDEO,
    FieldType.GIF: wording.A_GIF,
    FieldType.AUDIO: wording.A_SOUND,
}
_LOST_DIGITS = re.compile(r"-?[0-9]\.[0-9]{14}e\+[0-9]+")
_PLAIN = Locale()
_Reason = tuple[ProblemCode, str]


@dataclass(frozen=True, slots=True, init=False)
class Content:
    """What an approval is bound to: every data cell that can change the payload, and the format."""

    keys: tuple[str, ...]
    """Field keys in contract order; one object for all rows, since big sheets have many."""

    texts: tuple[str, ...]
    """Their normal texts."""

    format: str
    """The format as the row names it; unknown names are kept so that they can be reported."""

    fingerprint: Fingerprint = dataclasses.field(compare=False, repr=False)
    """Equal exactly when the content is equal."""

    def __init__(self, values: Iterable[tuple[str, str]], format: str) -> None:  # noqa: A002 - people's word
        pairs = list(values)
        spelled = canonical_json([list(map(list, pairs)), format])
        object.__setattr__(self, "keys", _shared(tuple(key for key, _ in pairs)))
        object.__setattr__(self, "texts", tuple(text for _, text in pairs))
        object.__setattr__(self, "format", format)
        object.__setattr__(self, "fingerprint", Fingerprint(sha256(spelled)))

    @property
    def values(self) -> tuple[tuple[str, str], ...]:
        """(field key, normal text) in contract order."""
        return tuple(zip(self.keys, self.texts, strict=True))

    @property
    def is_blank(self) -> bool:
        """Whether no data cell is filled: such a line is no row."""
        return not any(self.texts)


@lru_cache(maxsize=64)
def _shared(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The one object for equal keys."""
    return keys


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing the row's author can fix, in words for a cell."""

    code: ProblemCode
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Record:
    """Content that passed the contract."""

    content: Content
    texts: tuple[str, ...]
    """Its texts with the fallbacks filled in; the very same object where none stepped in."""

    price: int | None = None
    """Credits, where its own values decide on them; None where its format does."""

    @property
    def values(self) -> tuple[tuple[str, str], ...]:
        """(field key, text) in contract order."""
        return tuple(zip(self.content.keys, self.texts, strict=True))


@dataclass(frozen=True, slots=True)
class Rejection:
    """Content that did not pass, with every reason."""

    content: Content
    problems: tuple[Problem, ...]
    price: int | None = None
    """As that of a record, where it is known."""

    @property
    def code(self) -> ProblemCode:
        """The one problem's code, or that there are many."""
        told = self._told
        return told[0].code if len(told) == 1 else ProblemCode.DATA_MANY

    @property
    def text(self) -> str:
        """What to do, in words for the row's author."""
        told = self._told
        if len(told) == 1:
            return told[0].text
        return wording.several_to_fix([problem.column for problem in told])

    @property
    def _told(self) -> tuple[Problem, ...]:
        """What the author can mend; the template's own problem is another's, and told once nothing else is wrong."""
        own = tuple(one for one in self.problems if one.code is not ProblemCode.TEMPLATE_BUG)
        return own or self.problems[:1]


def data_places(columns: Columns, contract: Contract) -> tuple[int, ...]:
    """Where the cells stand that read_content looks at, in an order of their own."""
    places = [columns.data[one.key] for one in contract.fields]
    if PeopleColumn.FORMAT in columns.people:
        places.append(columns.people[PeopleColumn.FORMAT])
    return tuple(places)


def read_content(row: Row, columns: Columns, contract: Contract, locale: Locale = _PLAIN) -> Content:
    """The row's content, normalised; reads no robot column."""
    named = row.at(columns.people[PeopleColumn.FORMAT]) if PeopleColumn.FORMAT in columns.people else None
    known = contract.format_named(named)
    return Content(
        # Interned: many rows share a value.
        values=tuple(
            (one.key, sys.intern(value_text(one.type, row.at(columns.data[one.key]), locale)))
            for one in contract.fields
        ),
        format=known if known is not None else cell_text(named),
    )


def judge(
    content: Content, contract: Contract, locale: Locale = _PLAIN, measure: Measure | None = None
) -> Record | Rejection:
    """Checks content against the contract: required, type, length, fit; names every problem at once."""
    problems = []
    if content.format not in contract.formats:
        text = wording.unknown_choice("Format", content.format, contract.formats)
        problems.append(Problem(ProblemCode.DATA_FORMAT, "Format", text))
    filled = []
    for one, text in zip(contract.fields, content.texts, strict=True):
        if problem := problem_in(one, text, content.format, locale, measure):
            problems.append(problem)
        filled.append(text or one.fallback)
    if problems:
        return Rejection(content, tuple(problems))
    texts = tuple(filled)
    return Record(content, content.texts if texts == content.texts else texts)


def problem_in(
    one: Field, text: str, format_name: str, locale: Locale = _PLAIN, measure: Measure | None = None
) -> Problem | None:
    """What is wrong with one text for one column, or None; whether it fits is only known to who measures."""
    if text:
        found = (
            _unusable(one, text)
            or _type_problem(one, text, locale)
            or _too_long(one, text, format_name)
            or _does_not_fit(one, text, format_name, measure)
        )
    else:
        found = (ProblemCode.DATA_MISSING, wording.missing(one.column)) if one.required else None
    return Problem(found[0], one.column, found[1]) if found else None


def _unusable(one: Field, text: str) -> _Reason | None:
    """What no column takes, whatever its type."""
    if is_loading(text):
        return ProblemCode.CELL_ERROR, wording.still_loading(one.column)
    if is_error(text):
        return ProblemCode.CELL_ERROR, wording.formula_error(one.column, text)
    if sign := undrawable(text):
        return ProblemCode.DATA_FORMAT, wording.undrawable(one.column, ord(sign))
    if "{{" in text:
        return ProblemCode.DATA_FORMAT, wording.placeholder_inside(one.column)
    if _LOST_DIGITS.fullmatch(text):
        return ProblemCode.DATA_FORMAT, wording.lost_digits(one.column)
    return None


def _type_problem(one: Field, text: str, locale: Locale) -> _Reason | None:
    strict = PATTERNS.get(one.type)
    if strict is not None and strict.fullmatch(text):
        return None
    now = text.removeprefix("'")
    match one.type:
        case FieldType.DATE:
            return ProblemCode.DATA_DATE, wording.date_as_text(one.column)
        case FieldType.NUMBER | FieldType.MONEY:
            words = wording.should_look_like(one.column, example(one.type, locale), now)
        case FieldType.BOOL:
            words = wording.should_be_a_box(one.column, now)
        case FieldType.COLOR if not _COLOR.fullmatch(text):
            words = wording.should_look_like(one.column, "#2DD4BF", text)
        case FieldType.URL | FieldType.IMAGE | FieldType.VIDEO | FieldType.GIF | FieldType.AUDIO:
            return _link_problem(one, text)
        case FieldType.CHOICE if text not in one.choices:
            words = wording.unknown_choice(one.column, text, one.choices)
        case _:
            return None
    return ProblemCode.DATA_FORMAT, words


def _link_problem(one: Field, text: str) -> _Reason | None:
    match link_flaw(text):
        case None:
            return None
        case LinkFlaw.NO_LINK if one.type.is_media:
            words = wording.should_be_a_link(one.column, MEDIA_WORDS[one.type], text)
        case LinkFlaw.NO_LINK:
            words = wording.should_look_like(one.column, "https://…", text)
        case LinkFlaw.LONG:
            words = wording.link_too_long(one.column, len(text), LONGEST_LINK)
        case LinkFlaw.BLANK:
            words = wording.blank_in_link(one.column)
        case LinkFlaw.SECRET:
            words = wording.secret_in_link(one.column)
        case never:
            assert_never(never)
    return ProblemCode.DATA_FORMAT, words


def _too_long(one: Field, text: str, format_name: str) -> _Reason | None:
    limit = one.limit(format_name)
    if limit is None or (length := graphemes(text)) <= limit:
        return None
    return ProblemCode.TEXT_LONG, wording.too_long(one.column, length, limit)


def _does_not_fit(one: Field, text: str, format_name: str, measure: Measure | None) -> _Reason | None:
    box = one.fits.get(format_name)
    if box is None or measure is None or fits(text, box, measure):
        return None
    characters = longest_that_fits(text, box, measure)
    return ProblemCode.TEXT_FIT, wording.does_not_fit(one.column, format_name, characters)


def changed_columns(before: Content, after: Content, contract: Contract) -> tuple[str, ...]:
    """Names of the columns whose content differs."""
    earlier = dict(before.values)
    names = [
        one.column
        for one, key, text in zip(contract.fields, after.keys, after.texts, strict=True)
        if earlier.get(key, "") != text
    ]
    if before.format != after.format:
        names.append(PeopleColumn.FORMAT.value)
    return tuple(names)


def cell_of(content: Content, key: str) -> Cell:
    """One value by its field key, for messages and lists."""
    return dict(content.values).get(key)
