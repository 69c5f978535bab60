"""Rounding as people see it: half away from zero, judged by the digits a number shows, not by its binary ones.

The formula engine cuts numbers from their binary form (`0.125` at `0%` came out as 12%, 1.005 at `0.00` as 1.00);
a number rounded here first has nothing left to cut.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_PLACES = re.compile(r"[0#?][0#?,]*(?:\.([0#?]*))?")
_CLOCK = re.compile(r"[ymdhs]|general|am/pm", re.IGNORECASE)
# Google keeps fifteen digits of a number, as spreadsheets do.
_KEPT = Context(prec=15, rounding=ROUND_HALF_UP)


def rounded(value: float, pattern: str) -> float:
    """The number as far as the pattern shows it; unchanged where the pattern shows a moment or a fraction."""
    plain = _LITERAL.sub("", pattern)
    sections = plain.split(";")
    section = sections[1] if value < 0 and len(sections) > 1 else sections[0]
    found = _PLACES.search(section)
    if found is None or _CLOCK.search(re.sub(r"E[+-]", "", section)) or "/" in section:
        return value
    exact = _KEPT.create_decimal(repr(value))
    decimals = len(found[1] or "")
    if re.search(r"E[+-]", section):
        whole = len(re.findall(r"[0#?]", section.partition(".")[0].partition("E")[0]))
        return float(Context(prec=max(1, decimals + whole), rounding=ROUND_HALF_UP).plus(exact))
    decimals += 2 * section.count("%")
    digits = section.partition(".")[0] if "." in section else section
    tail = re.search(r",+(?=[^0#?,]*$)", section)
    if tail and re.search(r"[0#?]", digits):
        decimals -= 3 * len(tail[0])
    if exact.adjusted() + decimals >= 27:
        return value
    return float(exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def automatic(value: float) -> str:
    """A number under the automatic format: ten digits, all of the whole part, an exponent for the extremes."""
    exact = _KEPT.create_decimal(repr(value))
    if not exact:
        return "0"
    size = exact.adjusted()
    if size >= 15 or size < -9:
        short = Context(prec=6, rounding=ROUND_HALF_UP).plus(exact).normalize()
        digits = "".join(map(str, short.as_tuple().digits))
        fraction = f".{digits[1:]}" if digits[1:] else ""
        return f"{'-' * (value < 0)}{digits[0]}{fraction}E{short.adjusted():+03d}"
    shown = exact.quantize(Decimal(1).scaleb(min(0, size - 9)), rounding=ROUND_HALF_UP)
    return f"{shown:f}".rstrip("0").rstrip(".") if "." in f"{shown:f}" else f"{shown:f}"
