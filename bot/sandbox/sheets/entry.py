"""What a value written by a client becomes: RAW takes JSON as it is, USER_ENTERED reads it like typing.

Numbers, percent, currency and booleans are read by the formula engine; dates and times here, since the
engine knows a few date forms only. Serial day 0 is 1899-12-30 and there is no time zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.sandbox.sheets.calculator import plain_number, typed_number
from bot.sandbox.sheets.dialects import boolean_words
from bot.sandbox.sheets.grid import Scalar
from bot.sandbox.sheets.styles import Style
from bot.sandbox.sheets.wire import Json, invalid

MAX_CHARACTERS = 50_000
_DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
_US = (("%m/%d/%Y", "m/d/yyyy"), ("%m/%d/%y", "m/d/yyyy"))
_ELSEWHERE = (("%d/%m/%Y", "dd/mm/yyyy"), ("%d/%m/%y", "dd/mm/yyyy"), ("%d.%m.%Y", "dd.mm.yyyy"))
_ANYWHERE = (
    ("%Y-%m-%d", "yyyy-mm-dd"),
    ("%Y/%m/%d", "yyyy/mm/dd"),
    ("%d %b %Y", "d mmm yyyy"),
    ("%d %B %Y", "d mmmm yyyy"),
    ("%b %d, %Y", "mmm d, yyyy"),
    ("%B %d, %Y", "mmmm d, yyyy"),
)
_TIMES = (
    ("%H:%M:%S", "h:mm:ss"),
    ("%H:%M", "h:mm"),
    ("%I:%M:%S %p", "h:mm:ss am/pm"),
    ("%I:%M %p", "h:mm am/pm"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A value or a formula for a cell, and the number format typing it implies."""

    value: Scalar = None
    formula: str | None = None
    number_format: Json | None = None


def raw(value: Scalar) -> Entry:
    """JSON as it is; an empty text empties the cell."""
    if isinstance(value, str):
        _check_length(value)
        return Entry(value or None)
    if value is None or isinstance(value, bool):
        return Entry(value)
    return Entry(plain_number(value))


def typed(value: Scalar, locale: str, style: Style | None, *, signs: bool = True) -> Entry:
    """A value read as if a person had typed it; only texts are read, other JSON is taken as it is."""
    if not isinstance(value, str):
        return raw(value)
    _check_length(value)
    if value.startswith("'"):
        return Entry(value[1:] or None)
    if style is not None and style.number_type == "TEXT":
        return Entry(value or None)
    if value.startswith("=") and len(value) > 1:
        return Entry(formula=value)
    if signs and len(value) > 1 and value[0] in "+-" and value[1].isalpha():
        return Entry(formula="=" + value)
    if value.strip().upper() in boolean_words(locale):
        return Entry(value.strip().upper() == boolean_words(locale)[0])
    return _number(value.strip(), locale) or _moment(value.strip(), locale) or Entry(value or None)


def _check_length(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise invalid(
            f"Your input contains more than the maximum of {MAX_CHARACTERS} characters in a single cell."
        )


def _number(text: str, locale: str) -> Entry | None:
    # Most cells are words; the engine is asked only where a number or a boolean is possible.
    if not any(letter.isdigit() for letter in text) and text.upper() not in {"TRUE", "FALSE"}:
        return None
    found = typed_number(text, locale)
    if found is None:
        return None
    value, pattern = found
    if not pattern:
        return Entry(value)
    if "yy" in pattern:
        return None
    kind = "PERCENT" if "%" in pattern else "SCIENTIFIC" if "E+" in pattern else "NUMBER"
    if any(sign in text for sign in "$€£¥"):
        kind = "CURRENCY"
    return Entry(value, number_format={"type": kind, "pattern": pattern.replace("#,##0%", "0%")})


def _moment(text: str, locale: str) -> Entry | None:
    if not text or not any(letter.isdigit() for letter in text):
        return None
    dates = (*_ANYWHERE, *(_US if locale in {"en_US", "en"} else _ELSEWHERE))
    for form, pattern in dates:
        if found := _read(text, form):
            return Entry(serial(found), number_format={"type": "DATE", "pattern": pattern})
    for form, pattern in _TIMES:
        if found := _read(text, form):
            fraction = serial(found) % 1
            return Entry(plain_number(fraction), number_format={"type": "TIME", "pattern": pattern})
        for day, day_pattern in dates:
            if found := _read(text, f"{day} {form}"):
                both = {"type": "DATE_TIME", "pattern": f"{day_pattern} {pattern}"}
                return Entry(serial(found), number_format=both)
    return _day_of_this_year(text, locale)


def _day_of_this_year(text: str, locale: str) -> Entry | None:
    """`1/2` is a day of the current year."""
    form = "%m/%d/%Y" if locale in {"en_US", "en"} else "%d/%m/%Y"
    found = _read(f"{text}/{datetime.now(UTC).year}", form)
    if found is None:
        return None
    return Entry(serial(found), number_format={"type": "DATE", "pattern": "m/d"})


def _read(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return None


def serial(moment: datetime) -> int | float:
    """The spreadsheet's number for a moment."""
    return plain_number((moment - _DAY_ZERO).total_seconds() / 86_400)
