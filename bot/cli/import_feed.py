"""`rowreel import`: brings a CSV feed into the sheet, row by row, and never touches what is not the feed's."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from bot.adapters.feed_file import FeedError, FeedFile, read_feed
from bot.adapters.feed_writer import AT_ONCE, FeedWriter
from bot.adapters.google_sheet import look_at
from bot.cli.options import Delimiter, config_option, settings_with_logs
from bot.domain import wording
from bot.domain.cells import Cell, cell_text, from_serial
from bot.domain.contract import FieldType
from bot.domain.feeds import Changes, Feed, Matched, Update, changes, match, restored
from bot.domain.rows import Table
from bot.domain.values import Locale, locale_named
from bot.secret_files import SettingsError
from bot.settings import Settings, SheetSettings
from bot.wiring import google, template_of

_SAMPLE = 8
_PROBLEMS_TOLD = 20
_ROUNDS = 4
"""How often what moved meanwhile is put right before a person is asked to look."""


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key", required=True, help="The column by which rows are known again, like an article number."
)
@click.option(
    "--delimiter",
    type=Delimiter(),
    help="What stands between fields: comma, semicolon, tab, bar; else found out.",
)
@click.option("--tab", help="Which tab of the settings; needed when there are several.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
@click.pass_context
def import_feed(  # noqa: PLR0913 - click hands every option over as an argument
    context: click.Context,
    file: Path,
    *,
    key: str,
    delimiter: str | None,
    tab: str | None,
    dry_run: bool,
    yes: bool,
    config: Path,
) -> None:
    """Push a CSV feed into the sheet: rows that are there are updated, new ones added, none is removed.

    Only people's data columns are written; boxes and the robot's columns stay as they are.
    """
    settings = settings_with_logs(config)
    sheet = _chosen(settings, tab)
    try:
        source = read_feed(file, delimiter)
    except FeedError as error:
        click.echo(f"rowreel: {error}", err=True)
        context.exit(2)
    client = google(settings)
    try:
        workbook = look_at(client, sheet.spreadsheet, sheet.header_row)
        locale = locale_named(workbook.locale)
        # Only here may anybody wait: this is no tick.
        writer = FeedWriter(client, workbook, sheet.tab, threading.Event().wait)
        table = writer.read()
        found = match(source.feed.header, table.header, template_of(settings, sheet).contract, key)
        plan = found if isinstance(found, tuple) else changes(source.feed, found, table, locale)
        if isinstance(found, tuple) or isinstance(plan, tuple):
            context.exit(_refuse(found if isinstance(found, tuple) else plan))
        _show(source, found, plan, sheet.tab)
        if not plan.updates and not plan.new:
            click.echo("Nothing to do.")
            return
        if dry_run:
            click.echo("Nothing was changed (--dry-run).")
            return
        if not yes and not click.confirm("Go ahead?", default=True):
            click.echo("Nothing was changed.")
            return
        job = _Job(writer, source.feed, found, locale, table)
        context.exit(job.carry_out(plan))
    finally:
        client.close()


def _chosen(settings: Settings, tab: str | None) -> SheetSettings:
    fitting = [sheet for sheet in settings.sheets if tab is None or sheet.tab == tab]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(f'"{sheet.tab}"' for sheet in settings.sheets)
    if tab is None:
        raise SettingsError(f"The settings have several tabs: {listed}. Name one with --tab.")
    if fitting:
        raise SettingsError(
            f'The settings have "{tab}" more than once. Use a settings file with one: --config.'
        )
    raise SettingsError(f'The settings have no tab "{tab}". They have: {listed}.')


def _refuse(problems: Sequence[str] | Changes) -> int:
    assert not isinstance(problems, Changes)
    for problem in problems[:_PROBLEMS_TOLD]:
        click.echo(f"rowreel: {problem}", err=True)
    if len(problems) > _PROBLEMS_TOLD:
        click.echo(f"rowreel: And {len(problems) - _PROBLEMS_TOLD:,} more.", err=True)
    click.echo("Nothing was changed.", err=True)
    return 2


def _show(source: FeedFile, found: Matched, plan: Changes, tab: str) -> None:
    """What will change, with a sample."""
    click.echo(
        f"{wording.rows_words(len(source.feed.lines))} read ({source.encoding}, {source.delimiter}), matched by "
        f'"{found.key.name}" with "{tab}": {len(plan.new):,} new, {plan.changed_rows:,} changed, {plan.same:,} the same.'
    )
    if found.left_alone:
        click.echo(f"Left alone, they are the robot's or boxes: {_quoted(found.left_alone)}.")
    if found.unknown:
        click.echo(f"Not in the sheet, so not read: {_quoted(found.unknown)}.")
    for one in plan.updates[:_SAMPLE]:
        click.echo(
            f"  row {one.row_number} ({wording.short(one.key)}), {one.pair.name}: "
            f"{_told(one.before, one.pair.type)} -> {_told(one.after, one.pair.type)}"
        )
    if len(plan.updates) > _SAMPLE:
        click.echo(f"  and {len(plan.updates) - _SAMPLE:,} more cells")
    types = {one.target: one.type for one in found.pairs}
    for row in plan.new[:3]:
        click.echo(f"  new: {', '.join(_told(cell, types[place]) for place, cell in list(row.items())[:4])}")
    if len(plan.new) > 3:
        click.echo(f"  and {len(plan.new) - 3:,} more new rows")


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{wording.short(name)}"' for name in names)


def _told(cell: Cell, kind: FieldType) -> str:
    if kind is FieldType.DATE and (moment := from_serial(cell)) is not None:
        return f"{moment:%Y-%m-%d %H:%M}"
    return wording.short(cell_text(cell)) or "(empty)"


class _Job:
    """Writes until the sheet says what the feed says, also when people move rows meanwhile."""

    def __init__(self, writer: FeedWriter, feed: Feed, found: Matched, locale: Locale, first: Table) -> None:
        self._writer = writer
        self._feed = feed
        self._found = found
        self._locale = locale
        self._first = first
        self._table = first

    def carry_out(self, plan: Changes) -> int:
        """The exit code; 3 when somebody has to look at rows."""
        added, updated, lost = 0, 0, set[int]()
        console = Console(stderr=True)
        for _ in range(_ROUNDS):
            with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
                stray = self._write(plan, bar)
            added, updated = added + len(plan.new), updated + plan.changed_rows
            again = self._looked_again(stray, lost)
            if isinstance(again, tuple):
                for problem in again[:_PROBLEMS_TOLD]:
                    click.echo(f"rowreel: {problem}", err=True)
                return 3
            plan = again
            if not plan.updates and not plan.new:
                break
        click.echo(f"Done: {wording.rows_words(added)} added, {updated:,} changed.")
        if plan.updates or plan.new:
            click.echo("rowreel: The sheet keeps changing. Run the same command again.", err=True)
        for number in sorted(lost):
            click.echo(f"rowreel: Rows moved while cells were written. Look at row {number}.", err=True)
        return 3 if lost or plan.updates or plan.new else 0

    def _write(self, plan: Changes, bar: Progress) -> list[Update]:
        """Those of the updates that met another row."""
        task = bar.add_task("Cells", total=len(plan.updates) + len(plan.new))
        stray: list[Update] = []
        for start in range(0, len(plan.updates), AT_ONCE):
            part = plan.updates[start : start + AT_ONCE]
            stray += self._writer.update(part, self._found, self._table)
            bar.advance(task, len(part))
        # From the end, each part above the one before it: so they stand in the file's order.
        for start in reversed(range(0, len(plan.new), AT_ONCE)):
            rows = plan.new[start : start + AT_ONCE]
            self._writer.add(rows, plan.first_free, self._found)
            bar.advance(task, len(rows))
        return stray

    def _looked_again(self, stray: Sequence[Update], lost: set[int]) -> Changes | tuple[str, ...]:
        """What is left to do, now that the sheet was read again."""
        self._table = self._writer.read()
        if list(self._table.header) != list(self._first.header):
            return (
                "Somebody changed the header meanwhile. Look at the sheet, then run the same command again.",
            )
        back, unknown = restored(stray, self._found, self._first, self._table, self._feed)
        lost.update(unknown)
        if back:
            self._writer.update(back, self._found, self._table)
            self._table = self._writer.read()
        return changes(self._feed, self._found, self._table, self._locale)
