"""Values: what a cell comes to in a column of a given type, in one spelling for every spreadsheet.

Numbers, amounts and dates that the sheet itself understood arrive as numbers, whatever its locale; only text is
read by the locale's decimal sign. Nothing is guessed: text that is not strictly one of these stays as it is, and is
refused with an example.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.cells import Cell, cell_text
from bot.domain.contract import FieldType

_COMMA_LANGUAGES = frozenset(
    [
        "af",
        "az",
        "be",
        "bg",
        "bs",
        "ca",
        "cs",
        "da",
        "de",
        "el",
        "es",
        "et",
        "eu",
        "fi",
        "fr",
        "gl",
        "hr",
        "hu",
        "hy",
        "id",
        "is",
        "it",
        "ka",
        "kk",
        "lt",
        "lv",
        "mk",
        "nb",
        "nl",
        "nn",
        "no",
        "pl",
        "pt",
        "ro",
        "ru",
        "sk",
        "sl",
        "sq",
        "sr",
        "sv",
        "tr",
        "uk",
        "vi",
    ]
)
_POINT_COUNTRIES = frozenset(
    [
        "de_CH",
        "de_LI",
        "it_CH",
        "es_DO",
        "es_GT",
        "es_HN",
        "es_MX",
        "es_NI",
        "es_PA",
        "es_PE",
        "es_PR",
        "es_SV",
        "es_US",
    ]
)
"""Where the language's own sign is not used (Unicode CLDR, numbers/symbols)."""

_FIRST_DATE, _LAST_DATE = 61, 1_000_000
"""1900-03-01, from where all spreadsheets count alike, and a day in the year 4637."""


@dataclass(frozen=True, slots=True)
class Locale:
    """How a spreadsheet writes numbers."""

    decimal_sign: str = "."


def locale_named(name: str) -> Locale:
    """By the spreadsheet's own setting, like `en_US` or `de`."""
    is_comma = name.partition("_")[0] in _COMMA_LANGUAGES and name not in _POINT_COUNTRIES
    return Locale("," if is_comma else ".")


def value_text(kind: FieldType, cell: Cell, locale: Locale) -> str:
    """The cell in its type's one spelling; text that is none of it keeps its own, marked as a sheet marks text."""
    text = cell_text(cell)
    reader = _READERS.get(kind)
    if reader is None or not text:
        return text
    found = reader(cell, locale)
    if found is not None:
        return found
    return f"'{text}" if PATTERNS[kind].fullmatch(text) else text


def example(kind: FieldType, locale: Locale) -> str:
    """What a cell of this type looks like in this sheet."""
    return _EXAMPLES[kind].replace(".", locale.decimal_sign)


def _number(cell: Cell, locale: Locale) -> str | None:
    """Digits with at most one decimal sign: no thousands, no exponent, no per cent, no currency."""
    if isinstance(cell, bool):
        return None
    text = cell_text(cell)
    if isinstance(cell, str):
        other = "," if locale.decimal_sign == "." else "."
        if other in text:
            return None
        text = text.replace(locale.decimal_sign, ".")
    return text if PATTERNS[FieldType.NUMBER].fullmatch(text) else None


def _money(cell: Cell, locale: Locale) -> str | None:
    """An amount with no or two decimals, never by way of a float's own arithmetic."""
    text = _number(cell, locale)
    if text is None:
        return None
    amount = Decimal(text)
    cents = amount.quantize(Decimal("0.01"))
    if cents != amount:
        return None
    return str(int(amount)) if amount == amount.to_integral_value() else str(cents)


def _date(cell: Cell, _locale: Locale) -> str | None:
    """A real date cell, with its time where it has one; text is never read as a date."""
    is_number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    if not is_number or not _FIRST_DATE <= float(cell or 0) < _LAST_DATE:
        return None
    exact = datetime(1899, 12, 30) + timedelta(days=float(cell or 0), seconds=0.5)  # noqa: DTZ001 - sheets know no zones
    day = exact.replace(microsecond=0)
    return f"{day:%Y-%m-%d}" if day.time().isoformat() == "00:00:00" else f"{day:%Y-%m-%d %H:%M}"


def _bool(cell: Cell, _locale: Locale) -> str | None:
    """A box: ticked, or as good as empty, so that a column of boxes makes no rows."""
    return {"TRUE": "TRUE", "FALSE": ""}.get(cell_text(cell).upper())


_READERS: dict[FieldType, Callable[[Cell, Locale], str | None]] = {
    FieldType.NUMBER: _number,
    FieldType.MONEY: _money,
    FieldType.DATE: _date,
    FieldType.BOOL: _bool,
}
PATTERNS = {
    FieldType.NUMBER: re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?"),
    FieldType.MONEY: re.compile(r"-?[0-9]{1,15}(\.[0-9]{2})?"),
    FieldType.DATE: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?"),
    FieldType.BOOL: re.compile(r"TRUE"),
}
"""The one spelling of each type."""

_EXAMPLES = {FieldType.NUMBER: "12.5", FieldType.MONEY: "19.90"}
