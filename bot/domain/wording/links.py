"""Sentences about links in cells, and the pictures, videos and sounds behind them."""

from __future__ import annotations

from bot.domain.wording.fitting import LONGEST_AT_ALL, fitted


def should_be_a_link(column: str, what: str, now: str) -> str:
    return fitted('"{}" should be a link to {}, like https://…. Now: "{}".', column, what, now)


def link_too_long(column: str, length: int, limit: int) -> str:
    sentence = '"{}" is a link of {} characters; the limit is {}. Use a shorter one.'
    return fitted(sentence, column, f"{length:,}", f"{limit:,}")


def blank_in_link(column: str) -> str:
    return fitted('"{}" has a blank or an invisible character in its link. Copy the link again.', column)


def secret_in_link(column: str) -> str:
    return fitted('"{}" has a password in its link. Use a link without one.', column)


def link_not_public(column: str) -> str:
    return fitted('"{}" link is not open to the web. Use a link that anybody can open.', column)


def link_leads_nowhere(column: str) -> str:
    return fitted('"{}" link leads nowhere. Paste a new link.', column)


def link_goes_in_circles(column: str) -> str:
    return fitted('"{}" link is passed on too often. Paste the address where it ends.', column)


def link_needs_sign_in(column: str) -> str:
    return fitted('"{}" needs a sign-in. Share it as "Anyone with the link".', column)


def link_shows_a_page(column: str, wanted: str) -> str:
    return fitted('"{}" is a web page, not {}. Use the direct link to the file.', column, wanted)


def link_is_a_share(column: str, direct: str) -> str:
    """Longer than other cells where it must be: a link is of use only whole."""
    sentence = '"{}" shows a page around the file. Use {} instead.'
    return fitted(sentence, column, direct, longest=LONGEST_AT_ALL)


def wrong_file(column: str, found: str, wanted: str) -> str:
    return fitted('"{}" is {}. Use {}.', column, found, wanted)


def file_too_large(column: str, size: int, limit: int) -> str:
    return fitted('"{}" is {}; the limit is {}. Use a smaller file.', column, _bytes(size), _bytes(limit))


def link_expires(column: str, time: str) -> str:
    return fitted('"{}" link expires at {}, before its turn. Use a lasting link.', column, time)


def link_expired(column: str, time: str) -> str:
    return fitted('"{}" link expired at {}. Use a lasting link.', column, time)


def looking_at(column: str) -> str:
    return fitted('Looking at the link in "{}" first.', column)


def cause_site_silent(column: str) -> str:
    return fitted('"{}" site is not answering.', column, longest=60)


def cause_site_unsafe(column: str) -> str:
    return fitted('"{}" site cannot be trusted: its certificate is wrong.', column, longest=66)


def site_given_up(cause: str, time: str) -> str:
    return fitted("{} Paste another link, or wait: looking again at {}.", cause, time)


def _bytes(amount: int) -> str:
    """`9.4 MB`, as file managers count; never two figures that look the same on both sides of a limit."""
    size, unit = (amount / 1e9, "GB") if amount >= 1e9 else (amount / 1e6, "MB")
    return f"{size:,.1f} {unit}".replace(".0 ", " ")
