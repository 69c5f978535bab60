"""`rowreel init`: makes a sheet ready, and writes `bot.toml` where there is none."""

from __future__ import annotations

import contextlib
import shutil
import tomllib
from pathlib import Path

import click

from bot.adapters.google_account import GoogleSheets, SheetUnavailableError
from bot.adapters.google_sheet import Workbook, look_at
from bot.adapters.sheet_builder import Building, build, survey
from bot.adapters.whole_files import put_in_place
from bot.cli.options import config_option, settings_with_logs
from bot.domain.header_doctor import NearMiss
from bot.domain.ids import spreadsheet_id
from bot.domain.templates.template import Template
from bot.logs import set_up_logs
from bot.secret_files import SettingsError
from bot.settings import Settings, SheetSettings, settings_of
from bot.wiring import google, template_of


@click.command()
@config_option
@click.option("--sheet", help="Address of the spreadsheet; needed when there is no settings file yet.")
@click.option("--credentials", default="", help="The service account's key file.")
@click.option("--tab", help="Which tab of that spreadsheet; Videos if it is left out.")
@click.option(
    "--template",
    type=click.Path(file_okay=False, path_type=Path),
    help="Template folder, or the name of a built-in one.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def init(  # noqa: PLR0913 - click hands every option over as an argument
    context: click.Context,
    config: Path,
    *,
    sheet: str | None,
    credentials: str,
    tab: str | None,
    template: Path | None,
    yes: bool,
) -> None:
    """Prepare a sheet: robot columns, boxes, dropdowns, colours. Lists what it will add and asks."""
    before = _read(config)
    text = _settings_text(before, config, sheet, tab, credentials, template)
    if text is None:
        settings = settings_with_logs(config)
        client = google(settings)
    else:
        settings, client = _tried(text, config)
        _write(config, text)
        click.echo(f"Wrote {config}." if before is None else f"Added the tab to {config}.")
    done = [_prepare(client, settings, one, yes=yes) for one in settings.sheets]
    client.close()
    context.exit(0 if all(done) else (3 if any(done) else 1))


def _prepare(client: GoogleSheets, settings: Settings, sheet: SheetSettings, *, yes: bool) -> bool:
    """One tab; says whether it is as it should be. Trouble with one keeps none of the others waiting."""
    try:
        workbook = look_at(client, sheet.spreadsheet, sheet.header_row)
        template = template_of(settings, sheet)
        building = survey(client, workbook, sheet.tab, template)
        renames = _agreed(building, sheet, yes=yes)
        if renames is None:
            return False
        return _build(client, workbook, sheet, template, renames, yes=yes)
    except SheetUnavailableError as error:
        click.echo(f"rowreel: {sheet.tab}: {error}", err=True)
        return False


def _agreed(building: Building, sheet: SheetSettings, *, yes: bool) -> list[NearMiss] | None:
    """Which headers are to be put right; None when a person has to mend the header first."""
    found, tab = building.diagnosis, sheet.tab
    for ghost in found.ghosts:
        click.echo(f"{tab}: {ghost} It is found all the same.")
    problems = [*found.twice, *found.taken]
    if found.header_row is not None:
        problems.append(
            f"The header seems to be in row {found.header_row}, below some notes. Rowreel reads it in row "
            f"{sheet.header_row}: set header_row = {found.header_row} under [[sheets]], or delete the rows above it."
        )
    # Nobody is asked about names while something else has to be mended first anyway.
    may_ask = not yes and not problems
    renames: list[NearMiss] = []
    for near in found.near_misses:
        if may_ask and click.confirm(f"{tab}: {near.text} Rename it?", default=True):
            renames.append(near)
        elif not may_ask or not click.confirm(f'Add a new column "{near.meant}" beside it?', default=False):
            problems.append(f"{near.text} Rename it, or run rowreel init without --yes to be asked.")
    for problem in problems:
        click.echo(f"rowreel: {tab}: {problem}", err=True)
    if problems:
        click.echo("Nothing was changed.")
        return None
    return renames


def _build(
    client: GoogleSheets,
    workbook: Workbook,
    sheet: SheetSettings,
    template: Template,
    renames: list[NearMiss],
    *,
    yes: bool,
) -> bool:
    building = survey(client, workbook, sheet.tab, template, renames)
    for remark in building.remarks:
        click.echo(remark)
    if not building.additions:
        click.echo(f'"{sheet.tab}" in "{workbook.title}" is ready: nothing to add.')
        return True
    click.echo(f'To "{sheet.tab}" in "{workbook.title}" this adds:')
    for addition in building.additions:
        click.echo(f"  - {addition}")
    if not yes and not click.confirm("Go ahead?", default=True):
        click.echo("Nothing was changed.")
        return True
    if not yes:
        # Whoever was asked took their time: what is added must still stand where there is room for it.
        now = survey(
            client, look_at(client, sheet.spreadsheet, sheet.header_row), sheet.tab, template, renames
        )
        if now.requests != building.requests:
            raise SheetUnavailableError(
                "The sheet was changed meanwhile. Nothing was added; run rowreel init again."
            )
    build(client, workbook, building)
    click.echo("Done.")
    return True


def _read(config: Path) -> str | None:
    try:
        return config.read_text(encoding="utf-8") if config.exists() else None
    except UnicodeDecodeError:
        raise SettingsError(f"{config} is no UTF-8 text. Save it as that.") from None


def _tried(text: str, config: Path) -> tuple[Settings, GoogleSheets]:
    """Only settings that lead to a spreadsheet, with a template that can be used, are kept."""
    settings = settings_of(tomllib.loads(text.removeprefix("\ufeff")), config)
    set_up_logs(settings.log.format, settings.log.level, settings.secrets())
    template_of(settings, settings.sheets[-1])
    client = google(settings)
    look_at(client, settings.sheets[-1].spreadsheet)
    return settings, client


def _write(config: Path, text: str) -> None:
    """Whole or not at all: what was there stays there, also on a full disk."""
    place = config.resolve()
    aside = place.with_name(f".{place.name}.new")
    try:
        aside.write_text(text, encoding="utf-8")
        if place.exists():
            shutil.copymode(place, aside)
        put_in_place(aside, place)
    except OSError as error:
        raise SettingsError(
            f"{config} cannot be written: {error.strerror}. Nothing was changed, here or in the sheet."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)


def _settings_text(
    before: str | None,
    config: Path,
    sheet: str | None,
    tab: str | None,
    credentials: str,
    template: Path | None,
) -> str | None:
    """What the settings file should hold from now on; None when it stays as it is."""
    if before is None:
        if not sheet:
            raise SettingsError(
                f"There is no {config}. Name the sheet: rowreel init --sheet URL --credentials FILE"
            )
        head = f'[google]\ncredentials = "{_quoted(_from(config, credentials))}"\n'
        return f"{head}\n{_sheet_text(sheet, tab, _template_name(config, template))}"
    settings = settings_with_logs(config)
    if credentials and settings.credentials_path != settings.folder / _from(config, credentials):
        raise SettingsError(
            f"{config} is there already, with other credentials. Change google.credentials in it, and leave "
            "--credentials out."
        )
    named = _template_name(config, template)
    tabs = [
        one
        for one in settings.sheets
        if not sheet or spreadsheet_id(one.spreadsheet) == spreadsheet_id(sheet)
    ]
    known = next((one for one in tabs if tab in {None, one.tab}), None)
    if known is None and sheet:
        return f"{before.rstrip()}\n\n{_sheet_text(sheet, tab, named)}"
    if known is not None and named is not None and Path(named) != (known.template or Path("builtin")):
        raise SettingsError(
            f'{config} names another template for "{known.tab}". Change it there, then run: rowreel init'
        )
    return None


def _from(config: Path, named: str) -> str:
    """A path in the file counts from the file."""
    return named if not named or config.parent.resolve() == Path.cwd() else str(Path(named).resolve())


def _template_name(config: Path, template: Path | None) -> str | None:
    """The same for a folder; a name without one is a built-in template's."""
    if template is None:
        return None
    return _from(config, str(template)) if template.is_dir() else str(template)


def _sheet_text(sheet: str, tab: str | None, template: str | None) -> str:
    lines = ["[[sheets]]", f'spreadsheet = "{_quoted(sheet)}"', f'tab = "{_quoted(tab or "Videos")}"']
    if template is not None:
        lines.append(f'template = "{_quoted(template)}"')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
