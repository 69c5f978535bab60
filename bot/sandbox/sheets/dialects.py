"""How formulas are written where the comma is the decimal mark: `=IF(A1>0,5; "a"; "b")`.

The semicolon divides arguments everywhere; the comma does so only where it is no decimal mark, and a formula
that uses it otherwise there cannot be read. In a list in braces the backslash then stands between columns.
"""

from __future__ import annotations

import re

_PART = re.compile(r"""(?P<text>"(?:[^"]|"")*"|'(?:[^']|'')*')|(?P<decimal>(?<=\d),(?=\d))|[{};,\\]""")


_WITH_COMMA = re.compile(
    "(az|be|bg|bs|ca|cs|da|de|el|es|et|eu|fi|fr|gl|hr|hu|hy|id|is|it|ka|kk|ky|lt|lv|mk|nb|nl|nn|no|pl|pt|ro|ru|sk|sl"
    "|sq|sr|sv|tr|uk|uz|vi)(_.*)?"
)
_WITH_POINT = re.compile("(de|it)_CH|es_(MX|DO|GT|HN|NI|PA|PE|SV)")


def decimal_mark(locale: str) -> str:
    """What stands before the fraction of a number (Unicode CLDR, number symbols)."""
    return "," if _WITH_COMMA.fullmatch(locale) and not _WITH_POINT.fullmatch(locale) else "."


_BOOLEANS = {
    "de": ("WAHR", "FALSCH"),
    "es": ("VERDADERO", "FALSO"),
    "fr": ("VRAI", "FAUX"),
    "it": ("VERO", "FALSO"),
    "nl": ("WAAR", "ONWAAR"),
    "pl": ("PRAWDA", "FAŁSZ"),
    "pt": ("VERDADEIRO", "FALSO"),
}


def boolean_words(locale: str) -> tuple[str, str]:
    """How true and false are written."""
    return _BOOLEANS.get(locale[:2], ("TRUE", "FALSE"))


def with_points(formula: str, decimal_mark: str) -> str | None:
    """The formula with commas between arguments and points in numbers; None when it cannot be read."""
    is_comma, depth, readable = decimal_mark == ",", 0, True

    def change(match: re.Match[str]) -> str:
        nonlocal depth, readable
        sign = match[0]
        if match["text"]:
            return sign
        if match["decimal"] and is_comma:
            return "."
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if sign == ";" and not depth:
            return ","
        if sign == "\\" and depth and is_comma:
            return ","
        readable = readable and not (sign == "," and is_comma)
        return sign

    text = _PART.sub(change, formula)
    return text if readable else None
