"""Cells as the API's CellData: what grid reads answer and what updateCells and its kin are given."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from bot.sandbox.sheets.calculator import shown_number
from bot.sandbox.sheets.dialects import decimal_mark
from bot.sandbox.sheets.entry import Entry, raw
from bot.sandbox.sheets.grid import ErrorValue, Formula, Row, Scalar
from bot.sandbox.sheets.masks import Mask
from bot.sandbox.sheets.rounding import automatic
from bot.sandbox.sheets.styles import Style
from bot.sandbox.sheets.wire import ApiError, Json, bad_field, invalid, not_built

_ERROR_TYPES = {
    "#NULL!": "NULL_VALUE",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NAME?": "NAME",
    "#NUM!": "NUM",
    "#N/A": "N_A",
}
RUNS = frozenset({"textFormatRuns", "chipRuns"})
WRITABLE = frozenset({"userEnteredValue", "userEnteredFormat", "note", "dataValidation"}) | RUNS
# Fields of CellData that exist in the API but not here, and those nobody may write.
_NOT_BUILT = frozenset({"pivotTable", "dataSourceTable", "dataSourceFormula"})
_READ_ONLY = frozenset({"effectiveValue", "effectiveFormat", "formattedValue", "hyperlink"})
# The engine's two words for "no pattern".
_AUTOMATIC = {"", "general", "General"}


def shown(
    value: Scalar,
    style: Style | None,
    formula: Formula | None,
    locale: str,
    booleans: tuple[str, str] = ("TRUE", "FALSE"),
) -> str:
    """The text a person sees in the cell."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return booleans[0] if value else booleans[1]
    pattern = style.pattern if style else ""
    if pattern:
        return str(value) if pattern == "@" else shown_number(value, pattern, locale)
    return general(value, locale) if formula is None or formula.shown is None else formula.shown


def general(value: float, locale: str) -> str:
    """A number under the automatic format."""
    if isinstance(value, int):
        return str(value)
    return automatic(value).replace(".", decimal_mark(locale))


def is_moment(value: Scalar, style: Style | None, formula: Formula | None) -> bool:
    """Whether a number is shown as a date or a time."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if style is not None and style.number_type:
        return style.number_type in {"DATE", "TIME", "DATE_TIME"}
    return formula is not None and formula.shown is not None and any(mark in formula.shown for mark in "/:")


def extended(value: Scalar) -> Json:
    """A value as ExtendedValue."""
    if isinstance(value, str):
        if isinstance(value, ErrorValue):
            return {"errorValue": {"type": _ERROR_TYPES.get(value, "ERROR"), "message": ""}}
        return {"stringValue": value}
    return {"boolValue": value} if isinstance(value, bool) else {"numberValue": value}


@dataclass(frozen=True, slots=True)
class Wish:
    """A mask over CellData, taken apart once for the many cells it is asked of."""

    entered: bool
    effective: bool
    formatted: bool
    link: bool
    look: bool
    effective_look: bool
    validation: bool
    note: bool
    runs: frozenset[str]
    # Set where the mask goes deeper than the fields above.
    deeper: Mask | None

    @staticmethod
    def of(mask: Mask) -> Wish:
        is_flat = mask.is_all or all(child.is_all for child in mask.children.values())
        return Wish(
            mask.wants("userEnteredValue"),
            mask.wants("effectiveValue"),
            mask.wants("formattedValue"),
            mask.wants("hyperlink"),
            mask.wants("userEnteredFormat"),
            mask.wants("effectiveFormat"),
            mask.wants("dataValidation"),
            mask.wants("note"),
            frozenset(name for name in RUNS if mask.wants(name)),
            None if is_flat else mask,
        )


def cell_data(row: Row, column: int, wish: Wish, look: Look) -> Json:
    """One cell as CellData, built no further than wished for; `{}` for a cell with nothing in it."""
    value = row.value(column)
    style = row.styles.get(column)
    data = _content(value, style, row.formulas.get(column), wish, look)
    if style is not None:
        if wish.look and style.format:
            data["userEnteredFormat"] = style.format
        if wish.validation and style.validation:
            data["dataValidation"] = style.validation
    if wish.effective_look and (style is not None or data):
        data["effectiveFormat"] = look.effective(style, value)
    if wish.note and column in row.notes:
        data["note"] = row.notes[column]
    if wish.runs and column in row.runs:
        data |= {name: runs for name, runs in row.runs[column].items() if name in wish.runs}
    return data if wish.deeper is None else wish.deeper.pick(data)


def _content(value: Scalar, style: Style | None, formula: Formula | None, wish: Wish, look: Look) -> Json:
    if formula is None and value is None:
        return {}
    data: Json = {}
    told = {} if value is None else extended(value)
    if wish.entered:
        data["userEnteredValue"] = {"formulaValue": formula.text} if formula else told
    if wish.effective and told:
        data["effectiveValue"] = told
    if wish.formatted:
        data["formattedValue"] = shown(value, style, formula, look.locale, look.booleans)
    if wish.link and formula is not None and formula.link:
        data["hyperlink"] = formula.link
    return data


class Look:
    """What one spreadsheet adds to its cells' own formats: locale and default format."""

    def __init__(self, locale: str, default_format: Json, booleans: tuple[str, str]) -> None:
        self.locale = locale
        self.booleans = booleans
        self._default = default_format
        self._merged: dict[tuple[int, str], Json] = {}

    def effective(self, style: Style | None, value: Scalar) -> Json:
        """The default format with the cell's own on top, aligned by the kind of value.

        Conditional formats are not folded in here; they are listed with the tab.
        """
        number = isinstance(value, int | float) and not isinstance(value, bool)
        side = "CENTER" if isinstance(value, bool) else "RIGHT" if number else "LEFT"
        key = (style.number if style else 0, side)
        if key not in self._merged:
            base = {**self._default, "horizontalAlignment": side, "hyperlinkDisplayType": "PLAIN_TEXT"}
            self._merged[key] = _overlaid(base, style.format if style else {})
        return self._merged[key]


def _overlaid(below: Json, above: Json) -> Json:
    result = dict(below)
    for name, value in above.items():
        old = result.get(name)
        deep = isinstance(old, dict) and isinstance(value, dict) and "olor" not in name
        result[name] = _overlaid(old or {}, value) if deep else value
    return result


def entry_of(given: Json | None) -> Entry:
    """A userEnteredValue as an entry. Raises ApiError for what nobody may write."""
    if not given:
        return Entry()
    if len(given) != 1:
        raise invalid("Invalid userEnteredValue: exactly one value must be set.")
    ((kind, value),) = given.items()
    match kind, value:
        case "stringValue", str():
            return raw(value)
        case "numberValue", bool():
            raise bad_field("user_entered_value.number_value", "TYPE_DOUBLE", str(value).lower())
        case "numberValue", int() | float():
            return raw(value)
        case "boolValue", bool():
            return raw(value)
        case "formulaValue", str():
            if not value.startswith("="):
                raise invalid("Invalid formulaValue: it must begin with =.")
            return Entry(formula=value)
        case "errorValue", _:
            raise invalid("ExtendedValue.error_value cannot be set.")
        case _:
            raise bad_field(f"user_entered_value.{kind}", "ExtendedValue", str(value))


def writable_mask(mask: Mask) -> Mask:
    """The mask of a cell write, checked. Raises ApiError for fields that cannot be written."""
    if mask.is_all:
        return Mask({name: Mask() for name in WRITABLE})
    for name in mask.children:
        if name not in WRITABLE | _NOT_BUILT | _READ_ONLY:
            raise _unknown_field(name)
    kept = {name: child for name, child in mask.children.items() if name in WRITABLE | _NOT_BUILT}
    if not kept:
        raise invalid(f"Field {next(iter(mask.children))} is read-only.")
    # Among others a read-only field is passed over: pygsheets names `hyperlink` with every format it applies.
    return Mask(kept)


def refuse_unbuilt(cell: Json) -> None:
    """Raises ApiError (501) for a cell that would hold what there is not here."""
    for name in _NOT_BUILT & cell.keys():
        raise not_built(f"CellData.{name}")


def _unknown_field(name: str) -> ApiError:
    text = f"Invalid field mask: cannot find matching fields for path '{name}'"
    return ApiError(400, "INVALID_ARGUMENT", text)


def tidy_format(value: Any) -> Any:
    """A format as the service keeps it: 32-bit colours without zero parts, each with its *Style twin.

    Seen in recorded traffic: a colour written comes back rounded to a float, black comes back as `{}`,
    and backgroundColor fills backgroundColorStyle. A pattern without digits of its own gets none.
    """
    if isinstance(value, list):
        return [tidy_format(item) for item in value]
    if not isinstance(value, dict):
        return value
    tidy: Json = {}
    for name, item in value.items():
        if name.endswith(("ColorStyle", "colorStyle")):
            tidy[name] = _colour_style(item)
            if "rgbColor" in item:
                tidy[name.removesuffix("Style")] = tidy[name]["rgbColor"]
        elif name.endswith(("Color", "color")):
            tidy[name] = _colour(item)
            tidy.setdefault(name + "Style", {"rgbColor": _colour(item)})
        else:
            tidy[name] = tidy_format(item)
    return tidy


def _colour_style(style: Json) -> Json:
    return {**style, "rgbColor": _colour(style["rgbColor"])} if "rgbColor" in style else dict(style)


def _colour(colour: Json) -> Json:
    parts = {name: _float32(part) for name, part in colour.items() if name != "alpha"}
    return {name: part for name, part in parts.items() if part}


def _float32(value: float) -> float | int:
    """The shortest number that is the same 32-bit float."""
    packed = struct.pack("f", value)
    for digits in range(1, 10):
        short = float(f"{value:.{digits}g}")
        if struct.pack("f", short) == packed:
            return int(short) if short.is_integer() else short
    return struct.unpack("f", packed)[0]  # type: ignore[no-any-return]
