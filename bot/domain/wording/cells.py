"""Sentences about one cell or one row's cells: what is wrong with them, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.wording.fitting import fitted, listed
from bot.domain.wording.words import credit_words


def missing(column: str) -> str:
    return fitted('"{}" is empty. Please fill it in.', column)


def several_to_fix(columns: Sequence[str]) -> str:
    quoted = listed([f'"{column}"' for column in columns], 70)
    return fitted("{} things to fix: {}.", len(columns), quoted)


def too_long(column: str, length: int, limit: int) -> str:
    sentence = '"{}" is {} characters; the limit is {}. Shorten by {}.'
    return fitted(sentence, column, length, limit, length - limit)


def does_not_fit(column: str, format_name: str, characters: int) -> str:
    fewer = f"{characters} characters or fewer" if characters > 1 else "shorter words"
    return fitted('"{}" does not fit the {} format. Try {}.', column, format_name.title(), fewer)


def should_look_like(column: str, example: str, now: str) -> str:
    return fitted('"{}" should look like {}. Now: "{}".', column, example, now)


def should_be_a_box(column: str, now: str) -> str:
    return fitted('"{}" should be a box, ticked or empty. Now: "{}".', column, now)


def lost_digits(column: str) -> str:
    return fitted('"{}" is longer than a number can be. Format it as plain text and retype it.', column)


def unknown_choice(column: str, now: str, choices: Sequence[str]) -> str:
    return fitted('"{}" must be one of: {}. Now: "{}".', column, listed(choices, 44), now)


def date_as_text(column: str) -> str:
    return fitted('"{}" is text, not a date. Use Format → Number → Date time.', column)


def time_without_date(column: str) -> str:
    return fitted('"{}" is not a date with a time. Write it like 2026-08-03 14:00.', column)


def formula_error(column: str, shown: str) -> str:
    return fitted('"{}" shows {}. The formula is broken.', column, shown)


def still_loading(column: str) -> str:
    return fitted('"{}" is still loading. If it never ends, mend the formula.', column)


def keeps_changing(columns: Sequence[str]) -> str:
    quoted = listed([f'"{column}"' for column in columns], 34)
    return fitted("{} keeps changing by itself. Paste it as a value, then tick Approve.", quoted)


def undrawable(column: str, code_point: int) -> str:
    return fitted(
        '"{}" holds an invisible character (U+{}). Type the text again.', column, f"{code_point:04X}"
    )


def placeholder_inside(column: str) -> str:
    return fitted('"{}" holds "{{{{". Please write it without double braces.', column)


def not_plain_text(column: str) -> str:
    return fitted('"{}" holds "<" or ">". Please write it without them.', column)


def only_dots(column: str) -> str:
    return fitted('"{}" has only dots, which links read in another way. Use letters.', column)


def breaks_a_rule(column: str, rule: str, now: str) -> str:
    """A rule about the place where the value lands; it goes on from the column's name."""
    return fitted('"{}" {}. Now: "{}".', column, rule, now)


def long_number(column: str) -> str:
    return fitted('"{}" holds a number of eight or more digits. Please break it up with spaces.', column)


def over_max_credits(cost: int, limit: int) -> str:
    return f'Costs {credit_words(cost)}; "Max credits" says {limit:,}. Raise it or shorten the video.'


def over_row_limit(cost: int, limit: int) -> str:
    return f"Costs {credit_words(cost)}; the limit for one video is {limit:,}. Shorten it, or ask an admin."
