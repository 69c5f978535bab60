"""`rowreel template preview`: a row's pictures before anything is spent; drawn on this machine, nothing is sent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import click

from bot.adapters.built_in_templates import find_template
from bot.adapters.csv_rows import CsvError, read_csv
from bot.adapters.template_folder import BUILT_IN, look_over
from bot.cli.options import config_option, settings_with_logs
from bot.cli.sample_sheet import sample_file
from bot.cli.stills import Gallery, NoPictureError
from bot.doctor.previewing import NoSuchRowError, Previewed, Shot, preview
from bot.doctor.rehearsing import Table
from bot.doctor.template_check import sheet_table
from bot.domain import wording
from bot.domain.records import Rejection
from bot.domain.templates.template import Template
from bot.secret_files import SettingsError
from bot.settings import Settings, SheetSettings
from bot.wiring import template_folder

OUTSIDE, UNUSABLE, TO_FIX = 1, 2, 3


@dataclass(frozen=True, slots=True)
class _Source:
    """A template, and the rows one of which is shown."""

    folder: Path
    rows: Path | SheetSettings

    @property
    def is_sample(self) -> bool:
        """Whether the rows are those that come along: their pictures are drawn here."""
        try:
            return self.rows == sample_file(None if self.folder == BUILT_IN else self.folder)
        except SettingsError:
            # A template of one's own need not bring a sample.
            return False


@click.command("preview")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Take the row from this file, the header first.",
)
@click.option("--sheet", "with_sheet", is_flag=True, help="Take it from the sheet in the settings.")
@click.option("--tab", help="Which tab of the settings; needed when there are several.")
@click.option(
    "--row", type=click.IntRange(min=2), help="Its number, as the sheet counts; else the first good one."
)
@click.option("--format", "formats", multiple=True, help="Only this format; may be given several times.")
@click.option(
    "--at",
    type=click.FloatRange(min=0),
    multiple=True,
    metavar="SECONDS",
    help="This moment instead of those where the film is fullest; may be given several times.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The picture to write.")
@click.option("--all", "singles", is_flag=True, help="Also each still by itself, in full size.")
@click.option("--open", "shows", is_flag=True, help="Open the picture.")
@config_option
@click.pass_context
def preview_command(  # noqa: PLR0913 - click hands every option over as an argument
    context: click.Context,
    folder: Path | None,
    *,
    csv_file: Path | None,
    with_sheet: bool,
    tab: str | None,
    row: int | None,
    formats: tuple[str, ...],
    at: tuple[float, ...],
    out: Path | None,
    singles: bool,
    shows: bool,
    config: Path,
) -> None:
    """Draw a row's stills before any credit is spent: what stands where, what falls back, what does not fit.

    Without --csv or --sheet, a row of the template's own sample. Nothing is sent to Zvid and nothing is written to
    the sheet. Ends with 3 where the row must be mended first.
    """
    if csv_file is not None and with_sheet:
        raise click.UsageError("Either --csv FILE or --sheet.")
    if any(math.isnan(moment) for moment in at):
        raise click.UsageError("--at is a number of seconds.")
    settings = settings_with_logs(config) if with_sheet or (folder is None and config.exists()) else None
    if tab is not None and settings is None:
        raise click.UsageError("--tab says which tab of the settings: it goes with --sheet.")
    source = _source(folder, csv_file, settings, with_sheet=with_sheet, tab=tab)
    template = _usable(context, source.folder)
    _refuse_unknown(formats, template)
    gallery = Gallery(settings, is_sample=source.is_sample)
    found = _row(context, template, _table(context, source, template, settings), row)
    if isinstance(found.judged, Rejection):
        context.exit(_tell_what_to_mend(found, found.judged))
    if links := gallery.problems(template, found):
        _tell([f"Row {found.number} cannot be made as it is:", *(f"  {line}" for line in links)])
        context.exit(TO_FIX)
    shots = [one for one in found.shots if not formats or one.format in {name.lower() for name in formats}]
    _tell_of_row(found, template, shots)
    title = f"{template.title}, version {template.version}: row {found.number} of {_name_of(source)}"
    try:
        written = gallery.draw(title, shots, at, out or _usual_name(source, found.number), singles=singles)
    except NoPictureError as error:
        click.echo(f"rowreel: {error}", err=True)
        context.exit(OUTSIDE)
    click.echo(f"Wrote {', '.join(map(str, written))}. Nothing was sent, nothing charged.")
    if shows:
        click.launch(str(written[0]))


def _source(
    folder: Path | None,
    csv_file: Path | None,
    settings: Settings | None,
    *,
    with_sheet: bool,
    tab: str | None,
) -> _Source:
    sheet = _sheet(settings, tab) if settings is not None else None
    mine = find_template(folder) if folder is not None else None
    if mine is None:
        mine = template_folder(settings, sheet) if settings is not None and sheet is not None else BUILT_IN
    if csv_file is not None:
        return _Source(mine, csv_file)
    if with_sheet and sheet is not None:
        return _Source(mine, sheet)
    try:
        return _Source(mine, sample_file(None if mine == BUILT_IN else mine))
    except SettingsError:
        raise SettingsError(
            f"{mine} has no sample.csv. Say where a row comes from: --csv FILE or --sheet."
        ) from None


def _sheet(settings: Settings, tab: str | None) -> SheetSettings:
    fitting = [one for one in settings.sheets if tab is None or one.tab == tab]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(f'"{one.tab}"' for one in settings.sheets)
    raise SettingsError(f"The settings have these tabs: {listed}. Name one with --tab.")


def _usable(context: click.Context, folder: Path) -> Template:
    template, problems = look_over(folder)
    if template is None or problems:
        _refuse(context, list(problems))
    return template


def _row(context: click.Context, template: Template, table: Table, number: int | None) -> Previewed:
    try:
        found = preview(template, table, number)
    except NoSuchRowError as error:
        _refuse(context, [str(error)])
    if isinstance(found, tuple):
        _refuse(context, [wording.header_problem(one.column, one.kind, one.near) for one in found])
    return found


def _refuse(context: click.Context, lines: list[str]) -> NoReturn:
    for line in lines:
        click.echo(f"rowreel: {line}", err=True)
    context.exit(UNUSABLE)


def _table(context: click.Context, source: _Source, template: Template, settings: Settings | None) -> Table:
    if isinstance(source.rows, Path):
        try:
            return Table(source.rows.name, read_csv(source.rows, template.contract))
        except CsvError as error:
            _refuse(context, [str(error)])
    assert settings is not None  # it names the sheet
    return sheet_table(settings, source.rows)


def _refuse_unknown(formats: tuple[str, ...], template: Template) -> None:
    known = list(template.contract.formats)
    for name in formats:
        if name.lower() not in known:
            raise click.UsageError(f'There is no format "{name}". The template has: {", ".join(known)}.')


def _tell_what_to_mend(found: Previewed, judged: Rejection) -> int:
    """As the sheet would, but all of it at once."""
    lines = [one.text for one in judged.problems]
    _tell([f"Row {found.number} needs fixing:", *(f"  {line}" for line in lines), "Nothing was drawn."])
    return TO_FIX


def _tell_of_row(found: Previewed, template: Template, shots: list[Shot]) -> None:
    _tell([f'Row {found.number}, as "{template.title}" version {template.version} would make it:'])
    for column, text in found.fallbacks:
        _tell([f'  "{column}" is empty; instead: {wording.short(text)}'])
    for shot in shots:
        own = ", the row's own" if shot.format == found.judged.content.format else ""
        if shot.payload is not None:
            _tell([f"  {shot.format}{own}: {wording.credit_words(shot.payload.price)}"])
        else:
            _tell([f"  {shot.format}{own}: does not work", *(f"    {one.text}" for one in shot.problems)])


def _tell(lines: list[str]) -> None:
    for line in lines:
        click.echo(line)


def _name_of(source: _Source) -> str:
    return source.rows.name if isinstance(source.rows, Path) else f'"{source.rows.tab}"'


def _usual_name(source: _Source, number: int) -> Path:
    return Path(f"preview-{source.folder.name}-row{number}.png")
