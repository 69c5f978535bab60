"""`rowreel init`: makes a sheet ready, and writes `bot.toml` where there is none."""

from __future__ import annotations

from pathlib import Path

import click

from bot.adapters.google_account import GoogleSheets, SheetUnavailableError
from bot.adapters.google_sheet import Workbook, look_at, spreadsheet_id
from bot.adapters.sheet_builder import Building, build, survey
from bot.cli.options import config_option, settings_with_logs
from bot.domain.header_doctor import NearMiss
from bot.domain.templates.template import Template
from bot.secret_files import SettingsError
from bot.settings import Settings, SheetSettings
from bot.wiring import google, template_of


@click.command()
@config_option
@click.option("--sheet", help="Address of the spreadsheet; needed when there is no settings file yet.")
@click.option("--credentials", default="", help="The service account's key file.")
@click.option("--tab", help="Which tab of that spreadsheet; Videos if it is left out.")
@click.option("--template", type=click.Path(file_okay=False, path_type=Path), help="Template folder.")
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
    before = config.read_text(encoding="utf-8") if config.exists() else None
    text = _settings_text(before, config, sheet, tab, credentials, template)
    if text is not None:
        config.write_text(text, encoding="utf-8")
    try:
        settings = settings_with_logs(config)
        client = google(settings)
        if text is not None:
            # Only settings that lead to a spreadsheet are kept.
            look_at(client, settings.sheets[-1].spreadsheet)
    except (SettingsError, SheetUnavailableError):
        if text is not None and before is None:
            config.unlink()
        elif text is not None and before is not None:
            config.write_text(before, encoding="utf-8")
        raise
    if text is not None:
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
        named = credentials
        if credentials and config.parent.resolve() != Path.cwd():
            # A path in the file counts from the file.
            named = str(Path(credentials).resolve())
        head = f'[google]\ncredentials = "{_quoted(named)}"\n'
        return f"{head}\n{_sheet_text(sheet, tab, template)}"
    if not sheet:
        return None
    known = settings_with_logs(config).sheets
    tabs = {one.tab for one in known if spreadsheet_id(one.spreadsheet) == spreadsheet_id(sheet)}
    if tab in tabs or (tab is None and tabs):
        return None
    return f"{before.rstrip()}\n\n{_sheet_text(sheet, tab, template)}"


def _sheet_text(sheet: str, tab: str | None, template: Path | None) -> str:
    lines = ["[[sheets]]", f'spreadsheet = "{_quoted(sheet)}"', f'tab = "{_quoted(tab or "Videos")}"']
    if template is not None:
        lines.append(f'template = "{_quoted(str(template))}"')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
