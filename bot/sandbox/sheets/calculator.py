"""The only module that knows IronCalc: evaluates formulas, reads typed numbers, shows numbers.

A Calculator mirrors what one workbook's formulas speak of and is fed what changed; IronCalc 0.9 evaluates
a thousand formulas in half a millisecond. Its own spelling of formulas is never read back.

Two things it lacks are put around it: `IMAGE(url)` becomes a marked text, so that the picture's address
comes out at the end of any formula; and open ranges (`A2:A`) are closed at the grid's end. A panic inside
the engine is no Exception in Python; it costs the formula its value, never the process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache

import ironcalc

from bot.sandbox.sheets.dialects import decimal_mark, with_points
from bot.sandbox.sheets.grid import ErrorValue, Formula, Scalar, Tab
from bot.sandbox.sheets.references import Corner, Reference, references, rewritten
from bot.sandbox.sheets.rounding import rounded

_IMAGE = re.compile(r'("(?:[^"]|"")*")|(?<![\w.])IMAGE\s*\(', re.IGNORECASE)
_INDIRECT = re.compile(r"(?<![\w.])(?:INDIRECT|OFFSET)\s*\(", re.IGNORECASE)
_VOLATILE = re.compile(r"(?<![\w.])(?:NOW|TODAY|RAND|RANDBETWEEN)\s*\(", re.IGNORECASE)
# A private-use character no sheet holds: marks a text as the address of a picture.
_PICTURE = "\ue000"
_LOCALES = {"en": "en", "en_US": "en", "en_GB": "en-GB", "fr": "fr", "es": "es", "it": "it", "de": "de"}
_SECONDS_A_DAY = 86_400
_MOST_FORMULAS_TOLD = 5_000  # the engine keeps every formula it was ever told, overwritten ones too


class _PanicError(Exception):
    """The engine gave up inside."""


@contextmanager
def _no_panic() -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _PanicError(str(error)) from error


def _language(locale: str) -> str:
    # German stands in for all that write numbers like it.
    others = "de" if decimal_mark(locale) == "," else "en"
    return _LOCALES.get(locale) or _LOCALES.get(locale[:2], others)


def _engine(language: str, time_zone: str) -> ironcalc.Model:
    try:
        return ironcalc.create("workbook", language, time_zone, "en")
    except ironcalc.WorkbookError:
        # A time zone the engine does not know; only NOW() and TODAY() would differ.
        return ironcalc.create("workbook", language, "UTC", "en")


def is_volatile(formula: str) -> bool:
    """Whether the formula's value changes with time alone."""
    return _VOLATILE.search(formula) is not None


def plain_number(value: float) -> int | float:
    """Whole numbers travel without `.0`, as the service sends them."""
    number = float(value)
    if number.is_integer() and abs(number) < 1e15:
        return int(number)
    return number


class Calculator:
    """Evaluates one workbook's formulas.

    While there are any, it holds a mirror of the formula cells and of every column a formula speaks of.
    """

    def __init__(self, time_zone: str, image_reads_as: str = "", locale: str = "en_US") -> None:
        self._image_reads_as = image_reads_as
        self._decimal_mark = decimal_mark(locale)
        self._time_zone = time_zone
        self._model: ironcalc.Model | None = None
        # Per tab the columns formulas speak of; None stands for all of them.
        self._spoken_of: list[set[int] | None] = []
        self._volatile: set[tuple[int, int]] = set()
        self._formulas_told = 0

    @property
    def has_volatile(self) -> bool:
        """Whether time alone changes some result."""
        return bool(self._volatile)

    def forget(self) -> None:
        """The mirror is stale (rows or tabs changed places); it is built anew when next needed."""
        self._model = None
        self._spoken_of = []
        self._volatile = set()
        self._formulas_told = 0

    def update(self, tabs: Sequence[Tab], changed: dict[int, list[int]]) -> None:
        """Evaluates after the given rows (sheet id -> row numbers) changed, and writes results into the grid.

        Rows whose results differ are noted as changed in their tab.
        """
        if not any(row.formulas for tab in tabs for row in tab.rows):
            self.forget()
            return
        try:
            with _no_panic():
                model = self._mirror(tabs, changed)
                model.evaluate()
                for number, tab in enumerate(tabs):
                    _take_results(model, number, tab, self._image_reads_as)
        except _PanicError:
            self.forget()
            _give_up(tabs)

    def _mirror(self, tabs: Sequence[Tab], changed: dict[int, list[int]]) -> ironcalc.Model:
        spoken_of = _spoken_of(tabs, self._spoken_of, changed)
        is_full = self._formulas_told > _MOST_FORMULAS_TOLD
        if self._model is None or is_full or spoken_of != self._spoken_of:
            self.forget()
            self._spoken_of = _spoken_of(tabs, [], {tab.sheet_id: list(range(tab.row_count)) for tab in tabs})
            self._model = _engine("en", self._time_zone)
            self._model.rename_sheet(0, "S0")
            for number in range(1, len(tabs)):
                self._model.add_sheet(f"S{number}")
            for number, tab in enumerate(tabs):
                for index in range(tab.row_count):
                    self._feed(self._model, tabs, number, index)
            self._formulas_told = 0
            return self._model
        for number, tab in enumerate(tabs):
            for index in changed.get(tab.sheet_id, ()):
                self._model.range_clear_all(number, index + 1, 1, index + 1, tab.column_count)
                self._feed(self._model, tabs, number, index)
        return self._model

    def _feed(self, model: ironcalc.Model, tabs: Sequence[Tab], number: int, index: int) -> None:
        tab = tabs[number]
        row = tab.rows[index]
        columns = self._spoken_of[number]
        for column in range(len(row.values)) if columns is None else columns:
            value = row.value(column)
            if value is None or column in row.formulas:
                continue
            if isinstance(value, str):
                model.update_cell_with_text(number, index + 1, column + 1, value)
            elif isinstance(value, bool):
                model.update_cell_with_bool(number, index + 1, column + 1, value)
            else:
                model.update_cell_with_number(number, index + 1, column + 1, value)
        self._volatile.discard((number, index))
        self._formulas_told += len(row.formulas)
        for column, formula in row.formulas.items():
            if is_volatile(formula.text):
                self._volatile.add((number, index))
            readable = with_points(formula.text, self._decimal_mark)
            text = _in_dialect(readable, tabs, tab) if readable is not None else "=#ERROR!"
            try:
                model.update_cell_with_formula(number, index + 1, column + 1, text)
            except ironcalc.WorkbookError:
                model.update_cell_with_formula(number, index + 1, column + 1, "=#ERROR!")


def _spoken_of(
    tabs: Sequence[Tab], known: Sequence[set[int] | None], changed: dict[int, list[int]]
) -> list[set[int] | None]:
    """The columns formulas speak of: those already known and those the changed rows' formulas add."""
    numbers = {tab.title.lower(): number for number, tab in enumerate(tabs)}
    found: list[set[int] | None] = [
        None
        if number < len(known) and known[number] is None
        else set(known[number] or ())
        if known
        else set()
        for number in range(len(tabs))
    ]
    for home, tab in enumerate(tabs):
        for index in changed.get(tab.sheet_id, ()):
            for formula in tab.rows[index].formulas.values():
                if _INDIRECT.search(formula.text):
                    return [None] * len(tabs)
                for ref in references(formula.text):
                    number = home if ref.sheet is None else numbers.get(ref.sheet.lower())
                    if number is not None:
                        found[number] = _with_columns(found[number], ref)
    return found


def _with_columns(columns: set[int] | None, ref: Reference) -> set[int] | None:
    last = ref.last or ref.first
    if columns is None or ref.first.column is None or last.column is None:
        return None
    return columns | set(range(ref.first.column, last.column + 1))


def _take_results(model: ironcalc.Model, number: int, tab: Tab, image_reads_as: str) -> None:
    """Copies what the engine found into the grid; rows where anything differs are noted as changed."""
    links: dict[tuple[int, int], str] | None = None
    for index, row in enumerate(tab.rows):
        for column, formula in row.formulas.items():
            raw = model.get_cell_value(number, index + 1, column + 1)
            link = None
            if "HYPERLINK" in formula.text.upper():
                links = _links(model, number) if links is None else links
                link = links.get((index, column))
            # Most results are what they were; type() tells True from 1.
            is_same = raw is not None and raw == formula.raw and type(raw) is type(formula.raw)
            if is_same and link == formula.link:
                continue
            differs = _take_result(model, (number, index, column), raw, formula, row.values)
            if formula.image and row.values[column] == "":
                row.values[column] = image_reads_as
            if differs or link != formula.link:
                tab.touched(index)
            formula.raw = raw
            formula.link = link


def _links(model: ironcalc.Model, number: int) -> dict[tuple[int, int], str]:
    """Targets of HYPERLINK formulas, by row and column."""
    return {(link["row"] - 1, link["column"] - 1): link.get("target", "") for link in model.get_links(number)}


def _take_result(
    model: ironcalc.Model,
    place: tuple[int, int, int],
    raw: str | float | bool | None,
    formula: Formula,
    values: list[Scalar],
) -> bool:
    """Copies one result into the grid; whether anything differs from before."""
    number, index, column = place
    shown: str | None = None
    image: str | None = None
    value: Scalar = None
    if isinstance(raw, bool):
        value = raw
    elif isinstance(raw, float):
        value = plain_number(raw)
        if model.get_cell_style(number, index + 1, column + 1).get("num_fmt", "general") != "general":
            shown = model.get_formatted_cell_value(number, index + 1, column + 1)
    elif isinstance(raw, str):
        if model.get_cell_type(number, index + 1, column + 1) == ironcalc.CellType.ErrorValue:
            value = ErrorValue(raw)
        elif _PICTURE in raw:
            # What a read of an IMAGE cell gives instead is the caller's to say.
            value, image = "", raw.partition(_PICTURE)[2]
        else:
            value = raw
    if column >= len(values):
        values.extend([None] * (column + 1 - len(values)))
    before = (values[column], type(values[column]), formula.shown, formula.image)
    values[column] = value
    formula.shown, formula.image = shown, image
    return before != (value, type(value), shown, image)


def _give_up(tabs: Sequence[Tab]) -> None:
    for tab in tabs:
        for index, row in enumerate(tab.rows):
            for column in row.formulas:
                row.set(column, ErrorValue("#ERROR!"), row.formulas[column].text)
                tab.touched(index)


def _in_dialect(formula: str, tabs: Sequence[Tab], home: Tab) -> str:
    """The formula as the engine wants it: tabs by number, closed ranges, pictures as marked text."""
    numbers = {tab.title.lower(): number for number, tab in enumerate(tabs)}

    def change(ref: Reference) -> str:
        number = numbers.get(ref.sheet.lower()) if ref.sheet is not None else None
        if ref.sheet is not None and number is None:
            return "#REF!"
        target = home if number is None else tabs[number]
        prefix = "" if number is None else f"S{number}!"
        return prefix + str(_closed(ref, target))

    text = rewritten(formula, change)
    return _IMAGE.sub(lambda match: match[1] or f'CHOOSE(1,"{_PICTURE}"&', text)


def _closed(ref: Reference, tab: Tab) -> Reference:
    """`A2:A` -> `A2:A1000`, `B3:3` -> `B3:Z3`; whole columns and rows are known to the engine."""
    first, last = ref.first, ref.last
    if last is not None and first.row is not None and last.row is None and first.column is not None:
        last = replace(last, row=tab.row_count - 1)
    elif last is not None and first.column is not None and last.column is None:
        last = replace(last, column=tab.column_count - 1)
    return Reference(None, first, Corner(last.column, last.row) if last else None)


@lru_cache(maxsize=4)
def _scratch(locale: str) -> ironcalc.Model:
    return _engine(locale, "UTC")


@lru_cache(maxsize=20_000)
def shown_number(value: float, pattern: str, locale: str) -> str:
    """A number under a number pattern, in the words of the file's locale."""
    model = _scratch(_language(locale))
    number = rounded(float(value), pattern)
    if re.search(r"[ymdhs]", pattern, re.IGNORECASE) and "0" not in pattern:
        # The engine truncates fractions of a second and may then show second 60.
        number = round(number * _SECONDS_A_DAY) / _SECONDS_A_DAY + 1e-9
    try:
        with _no_panic():
            model.update_cell_with_number(0, 1, 1, number)
            style = model.get_cell_style(0, 1, 1)
            style["num_fmt"] = pattern
            model.set_cell_style(0, 1, 1, style)
            return str(model.get_formatted_cell_value(0, 1, 1))
    except _PanicError:
        _scratch.cache_clear()
        return str(value)


def typed_number(text: str, locale: str) -> tuple[int | float | bool, str] | None:
    """What a typed text means as (value, number pattern); None when it stays a text.

    The pattern is empty for a plain number or boolean.
    """
    model = _scratch(_language(locale))
    try:
        with _no_panic():
            model.range_clear_all(0, 2, 2, 2, 2)
            model.set_user_input(0, 2, 2, text)
            raw = model.get_cell_value(0, 2, 2)
            pattern = str(model.get_cell_style(0, 2, 2).get("num_fmt", "general"))
    except (_PanicError, ironcalc.WorkbookError):
        _scratch.cache_clear()
        return None
    if isinstance(raw, bool):
        return raw, ""
    if isinstance(raw, float):
        return plain_number(raw), "" if pattern == "general" else pattern
    return None
