"""From the key file to the open spreadsheet: who the robot is at Google, and what it may do there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.adapters.google_account import GoogleSheets, SheetUnavailableError, time_at_google
from bot.adapters.google_sheet import Workbook, look_at
from bot.adapters.google_words import ACCOUNT_REFUSED, OFFICE_FILE, SERVICE_DISABLED
from bot.adapters.private_files import is_open_to_others, refusal_of_account, refusal_of_file
from bot.adapters.sheet_probe import refusal_to_write
from bot.doctor.checks import Check, fine, ours, trouble, warn
from bot.doctor.tabs import tab_checks
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import spreadsheet_id
from bot.ports import Clock
from bot.settings import Settings
from bot.wiring import google

_LATE_ENOUGH_TO_TELL = timedelta(seconds=60)
_TOO_LATE = timedelta(minutes=5)
"""Beyond this, Google takes a signed claim for an old one."""

_SET_THE_CLOCK = "Set this machine's clock: turn on time synchronisation (NTP)."


def google_checks(settings: Settings, clock: Clock) -> Iterator[Check]:
    """The account, Google itself, and every spreadsheet with its tabs."""
    before = list(_credentials(settings))
    yield from before
    said = time_at_google(settings.google.base_url)
    yield from _reached(said, settings, clock)
    if isinstance(said, Failure) or any(check.fix for check in before if check.state == "problem"):
        return
    if not settings.sheets:
        # Nothing was said of who the robot is and what it shall read: the settings come first.
        return
    try:
        client = google(settings)
    except SheetUnavailableError as error:
        fix = "Download the account's key anew, as JSON, and name it in google.credentials."
        if settings.credentials_path is None:
            fix = "Name the account's key file, a JSON file, in google.credentials."
        yield ours("credentials", str(error), fix)
        return
    with closing(client):
        yield from _spreadsheets(client, settings)


# -- the account's own file ---------------------------------------------------------


def _credentials(settings: Settings) -> Iterator[Check]:
    if settings.google.credentials == "anonymous":
        yield fine("credentials", "none: a stand-in takes anybody")
        return
    path = settings.credentials_path
    named = "google.credentials"
    if path is None and (said := os.environ.get("GOOGLE_APPLICATION_CREDENTIALS")):
        path, named = Path(said), "GOOGLE_APPLICATION_CREDENTIALS"
    if path is None:
        yield fine("credentials", "google.credentials is empty: whatever this machine is signed in with")
        return
    refusal = refusal_of_file(path) or refusal_of_account(path)
    if refusal is not None:
        yield ours("credentials", f"{named}: {refusal.says}", refusal.fix)
        return
    if is_open_to_others(path):
        yield warn("credentials", f"everybody on this machine may read {path}", f"chmod 600 {path}")
    else:
        yield fine("credentials", f"{path} is a service account's key")


# -- Google itself --------------------------------------------------------------------


def _reached(said: datetime | Failure | None, settings: Settings, clock: Clock) -> Iterator[Check]:
    where = f"the stand-in at {settings.google.base_url}" if settings.google.base_url else "Google"
    if isinstance(said, Failure):
        yield unreachable("google", where, said, settings.google.base_url, "google.base_url")
        return
    yield fine("google", f"{where} answers")
    if said is not None:
        yield clock_check("google clock", said - clock.now())


def unreachable(name: str, where: str, said: Failure, base_url: str, setting: str) -> Check:
    """No answer at all: the clock, the network, or an address that is not there."""
    words = said.detail.removeprefix("not sent: ").partition(". ")[0]
    says = f"{where} cannot be reached: {words}"
    if "clock" in words:
        return trouble(name, says, _SET_THE_CLOCK)
    if base_url.startswith("http://"):
        return trouble(name, says, f"Start the stand-in there, or mend {setting}.")
    return trouble(name, says, f"Check the network, a proxy in between, and {setting}.")


def clock_check(name: str, lead: timedelta) -> Check:
    """How this machine's clock agrees with another one, which is ahead by so much."""
    off = abs(lead)
    side = "behind" if lead > timedelta(0) else "ahead"
    if off < _LATE_ENOUGH_TO_TELL:
        return fine(name, "this machine's clock agrees")
    says = f"this machine's clock is {_spelled(off)} {side}"
    return trouble(name, says, _SET_THE_CLOCK) if off > _TOO_LATE else warn(name, says, _SET_THE_CLOCK)


def _spelled(off: timedelta) -> str:
    seconds = off.total_seconds()
    for size, name in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.0f} {name}s"
    return f"{seconds:.0f} seconds"


# -- spreadsheets ----------------------------------------------------------------------


def _spreadsheets(client: GoogleSheets, settings: Settings) -> Iterator[Check]:
    """Each spreadsheet once, whichever way its tabs name it; the first answer also tells of the account."""
    books: dict[str, Workbook | None] = {}
    is_account_known = False
    for sheet in settings.sheets:
        key = spreadsheet_id(sheet.spreadsheet)
        if key not in books:
            try:
                books[key] = look_at(client, sheet.spreadsheet)
                refused = None
            except SheetUnavailableError as error:
                books[key], refused = None, error.failure
            if not is_account_known:
                account = list(_account(client, refused))
                yield from account
                is_account_known = True
                if any(check.state == "problem" for check in account):
                    return
            yield _spreadsheet(client, key, books[key], refused)
            if (book := books[key]) is not None:
                yield _editing(client, book)
        book = books[key]
        if book is not None:
            # One spreadsheet, but each of its tabs may have its header in another row.
            yield from tab_checks(client, replace(book, header_row=sheet.header_row), settings, sheet)


def _account(client: GoogleSheets, refused: Failure | None) -> Iterator[Check]:
    """Who we are, and whether the API is there for us at all."""
    who = client.address or "the account"
    if refused is not None and (refused.reason == ACCOUNT_REFUSED or _is_signed_out(refused)):
        yield trouble(
            "google account",
            f"Google does not accept {who}: {refused.detail.rpartition('Google said: ')[2]}",
            "Look whether its key was deleted or the account disabled, and at this machine's clock; else make a new key.",
        )
        return
    yield fine("google account", f"{who}: this is the address to share the spreadsheet with, as editor")
    if refused is not None and refused.reason == SERVICE_DISABLED:
        yield trouble(
            "sheets api",
            "the Google Sheets API is not enabled in the project of the robot's account",
            "In Google's console open APIs & Services, Library, Google Sheets API, and press Enable. It takes a few minutes.",
        )
    else:
        yield fine("sheets api", "enabled")


def _is_signed_out(refused: Failure) -> bool:
    return refused.code is ProblemCode.AUTH and refused.reason != SERVICE_DISABLED


def _spreadsheet(client: GoogleSheets, key: str, book: Workbook | None, refused: Failure | None) -> Check:
    if book is not None:
        return fine("spreadsheet", f'"{book.title}", in {book.zone}, {book.locale}')
    assert refused is not None
    who = client.address or "the robot's account"
    if refused.reason == OFFICE_FILE:
        return trouble(
            "spreadsheet",
            f"{key} is an Excel file opened in Drive (.xlsx)",
            "In its menu choose File, Save as Google Sheets, and use the address of the new spreadsheet.",
        )
    if refused.reason == "NOT_FOUND":
        return trouble(
            "spreadsheet",
            f"there is no spreadsheet {key}, or it is in the bin",
            "Copy the address from the browser into [[sheets]] spreadsheet.",
        )
    if refused.kind is FailureClass.DENIED:
        return trouble(
            "spreadsheet", f"{key} is not shared with the robot", f"Share it, as editor, with {who}."
        )
    if refused.kind is FailureClass.THROTTLED:
        return warn(
            "spreadsheet", "Google's quota for this account is used up just now", "Try again in a minute."
        )
    return trouble(
        "spreadsheet",
        f"{key} cannot be read: {refused.detail}",
        "Try again; if it stays so, check the network.",
    )


def _editing(client: GoogleSheets, book: Workbook) -> Check:
    refused = refusal_to_write(client, book)
    if refused is None:
        return fine("editing", "the robot may write in it")
    if refused.kind is FailureClass.DENIED:
        who = client.address or "the robot's account"
        return trouble(
            "editing", f'"{book.title}" is shared, but only to look at', f"Share it with {who} as editor."
        )
    return warn("editing", f"could not be tried: {refused.detail}", "Try again in a minute.")
