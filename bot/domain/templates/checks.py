"""Checks: small rules about one JSON value, put together into rules about a whole one.

A check returns what is wrong as (path inside the value, words) pairs; the words go on from the name of what was
checked, like `must be a number from 0 to 1`. What is proven is not looked into.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.domain.templates.placeholders import Path
from bot.domain.templates.proven import PartlyProven, Proven

Wrong = Sequence[tuple[Path, str]]
Check = Callable[[Any], Wrong]
Look = Callable[[str], str | None]
"""What is wrong with a text, in words, or None."""

FINE: Wrong = ()
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def is_number(value: Any) -> bool:
    """JSON's own numbers; a box is none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def wrong(words: str) -> Wrong:
    """The value itself is wrong."""
    return (((), words),)


def number(low: float | None = None, high: float | None = None, *, whole: bool = False) -> Check:
    """A number within one bound or two; 30.0 is as whole as 30."""
    kind = "a whole number" if whole else "a number"
    match low, high:
        case None, _:
            said = wrong(f"must be {kind} of at most {high:,}")
        case _, None:
            said = wrong(f"must be {kind} of at least {low:,}")
        case _:
            said = wrong(f"must be {kind} from {low:,} to {high:,}")
    least = -float("inf") if low is None else low
    most = float("inf") if high is None else high

    def check(value: Any) -> Wrong:
        is_fine = is_number(value) and least <= value <= most and (not whole or value == int(value))
        return FINE if is_fine else said

    return check


def flag(value: Any) -> Wrong:
    """True or false."""
    return FINE if isinstance(value, bool) else wrong("must be true or false")


def anything(_value: Any) -> Wrong:
    """No rule."""
    return FINE


def one_of(words: Sequence[str], *, what: str = "") -> Check:
    """One of these words; `what` names them where there are too many to list."""
    known = frozenset(words)
    said = wrong(f"must be {what}" if what else f"must be one of: {', '.join(words)}")
    return lambda value: FINE if isinstance(value, str) and value in known else said


def text(longest: int, look: Look | None = None, *, shortest: int = 0) -> Check:
    """A bounded text without control characters, and what else may be wrong with it."""

    def check(value: Any) -> Wrong:
        if not isinstance(value, str):
            return wrong("must be text")
        if not shortest <= len(value) <= longest:
            return wrong(
                f"must have {shortest or 'no more than'}{' to' if shortest else ''} {longest:,} characters"
            )
        if isinstance(value, Proven):
            return FINE
        if not value.isprintable() and _CONTROL.search(value):
            return wrong("must hold no control characters")
        found = look(value) if look else None
        return wrong(found) if found else FINE

    return check


def like(pattern: str, words: str, longest: int = 1000) -> Check:
    """A text of this form."""
    form = re.compile(pattern)
    said = wrong(words)
    return lambda value: (
        FINE if isinstance(value, str) and len(value) <= longest and form.fullmatch(value) else said
    )


def null_or(check: Check) -> Check:
    """Null is fine too."""
    return lambda value: FINE if value is None else check(value)


def either(first: Check, second: Check) -> Check:
    """Where one of two will do, the second's words tell what is missing."""

    def check(value: Any) -> Wrong:
        return FINE if not first(value) else second(value)

    return check


def group(parts: Mapping[str, Check], *, needs: Sequence[str] = (), least: int = 0) -> Check:
    """An object of these keys and no others."""

    def check(value: Any) -> Wrong:
        if isinstance(value, Proven):
            return FINE
        if not isinstance(value, Mapping):
            return wrong("must be an object")
        found: list[tuple[Path, str]] = []
        for key, inner in (value.filled if isinstance(value, PartlyProven) else value).items():
            rule = parts.get(key)
            if rule is None:
                found.append(((key,), _unknown(key, parts)))
            elif said := rule(inner):
                found.extend(((key, *path), words) for path, words in said)
        found.extend(((key,), "is missing") for key in needs if key not in value)
        if len(value) < least:
            found.append(((), "must not be empty"))
        return found

    return check


def items(rule: Check, *, least: int = 0) -> Check:
    """A list of such values."""

    def check(value: Any) -> Wrong:
        if isinstance(value, Proven):
            return FINE
        if not isinstance(value, list):
            return wrong("must be a list")
        if len(value) < least:
            return wrong("must not be empty")
        return [((at, *path), words) for at, one in enumerate(value) for path, words in rule(one)]

    return check


def _unknown(key: str, parts: Mapping[str, Check]) -> str:
    near = difflib.get_close_matches(key, parts, 1, 0.7)
    return "is no key the service knows here" + (f"; did you mean {near[0]}?" if near else "; remove it")
