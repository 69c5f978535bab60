"""One tab: whether it is there, what is odd about its header, what `rowreel init` would add, and its template."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from bot.adapters.google_account import GoogleSheets, SheetUnavailableError
from bot.adapters.google_sheet import CONTROL_TAB, LOG_TAB, Workbook
from bot.adapters.sheet_builder import survey
from bot.adapters.sheet_probe import closed_columns, first_rows
from bot.adapters.template_folder import TemplateError
from bot.doctor.checks import Check, fine, trouble, warn
from bot.domain.cells import Cell, cell_text, fold
from bot.domain.contract import HeaderProblem, PeopleColumn, RobotColumn, locate
from bot.domain.header_doctor import examine
from bot.domain.templates.template import Template
from bot.settings import Settings, SheetSettings
from bot.wiring import template_of

_INIT = "rowreel init"
_NAMED = 5


def tab_checks(
    client: GoogleSheets, book: Workbook, settings: Settings, sheet: SheetSettings
) -> Iterator[Check]:
    """Everything about one `[[sheets]]` part but its template, which is looked at on its own."""
    if sheet.tab not in book.tabs:
        near = difflib.get_close_matches(sheet.tab, book.tabs, 1, 0.6)
        listed = ", ".join(f'"{title}"' for title in book.tabs)
        hint = f'Did you mean "{near[0]}"? Set it' if near else f"Make it with: {_INIT}, or set another one"
        yield trouble(
            "tab",
            f'"{book.title}" has no tab "{sheet.tab}"; its tabs: {listed}',
            f"{hint} as [[sheets]] tab.",
        )
        return
    yield fine("tab", f'"{sheet.tab}" is there')
    try:
        template = template_of(settings, sheet)
    except TemplateError:
        # Told where templates are looked at; without one nobody knows which columns there should be.
        return
    try:
        yield from _header(client, book, sheet, template)
        yield from _beside(client, book, sheet, template)
    except SheetUnavailableError as error:
        yield warn("header", f'"{sheet.tab}": {error}', "Try again in a minute.")


def _header(
    client: GoogleSheets, book: Workbook, sheet: SheetSettings, template: Template
) -> Iterator[Check]:
    rows = first_rows(client, book, sheet.tab)
    found = examine(rows, template.contract, sheet.header_row)
    tab = f'"{sheet.tab}"'
    if found.header_row is not None:
        yield trouble(
            "header",
            f"{tab}: it seems to be in row {found.header_row}, below some notes",
            f"Rowreel reads it in row {sheet.header_row}: set header_row = {found.header_row} under [[sheets]], or delete "
            "the rows above it.",
        )
        return
    located = locate(rows[0] if rows else (), template.contract)
    problems: tuple[HeaderProblem, ...] = located if isinstance(located, tuple) else ()
    for one in (*found.twice, *found.taken):
        says, _, fix = one.partition(". ")
        yield trouble("header", f"{tab}: {says}", fix)
    for near in found.near_misses:
        says, _, question = near.text.partition(". ")
        yield trouble(
            "header", f"{tab}: {says}. {question}", f'Rename it to "{near.meant}": {_INIT} asks for each.'
        )
    meant = {near.meant for near in found.near_misses}
    missing = [one.column for one in problems if one.kind == "missing" and one.column not in meant]
    if missing:
        yield trouble("header", f"{tab} lacks {_listed(missing)}", f"Add what is missing with: {_INIT}")
    for ghost in found.ghosts:
        yield warn(
            "header",
            f"{tab}: {ghost.rstrip('.')}",
            "It is found all the same; type the name anew to be rid of it.",
        )
    if not problems and not found.twice:
        yield fine("header", f"{tab}: every column is there, once")
    if rows and (names := list(_closed(client, book, sheet.tab, rows[0]))):
        who = client.address or "the robot's account"
        yield warn(
            "protection",
            f"{tab}: the robot may not write in {_listed(names)}, which somebody protected",
            f"Let {who} edit them: Data, Protect sheets and ranges.",
        )


def _closed(client: GoogleSheets, book: Workbook, tab: str, header: Sequence[Cell]) -> Iterator[str]:
    """Those of the columns the robot writes in that it may not write in."""
    spans = closed_columns(client, book, tab)
    ours = {fold(name) for name in (*RobotColumn, PeopleColumn.APPROVE, PeopleColumn.RETRY)}
    for place, cell in enumerate(header):
        if fold(cell_text(cell)) in ours and any(place in span for span in spans):
            yield cell_text(cell)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f'"{name}"' for name in names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more columns" if len(names) > _NAMED else shown


def _beside(
    client: GoogleSheets, book: Workbook, sheet: SheetSettings, template: Template
) -> Iterator[Check]:
    """The other tabs, and what makes a tab comfortable; the robot works without."""
    gone = [title for title in (CONTROL_TAB, LOG_TAB) if title not in book.tabs]
    if CONTROL_TAB in gone:
        yield warn(
            "control and log",
            f'no tab "{CONTROL_TAB}": nobody can stop the robot from the sheet',
            f"Add it with: {_INIT}",
        )
    elif gone:
        yield warn("control and log", f'no tab "{LOG_TAB}"', f"Add it with: {_INIT}")
    elif book.own_log is None:
        yield warn(
            "control and log",
            f'the tab "{LOG_TAB}" is not the robot\'s: it leaves it alone, and keeps no log in the spreadsheet',
            f"Give it another name, then run: {_INIT}",
        )
    else:
        yield fine("control and log", "both tabs are there")
    additions = [
        one
        for one in survey(client, book, sheet.tab, template).additions
        if not one.startswith(("columns", "the tab"))
    ]
    if additions:
        yield warn(
            "boxes and colours", f'"{sheet.tab}" lacks: {"; ".join(additions)}', f"Add them with: {_INIT}"
        )
    else:
        yield fine("boxes and colours", f'"{sheet.tab}" has all of them')
