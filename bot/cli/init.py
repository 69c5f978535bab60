"""`rowreel init`: makes a sheet ready, and writes `bot.toml` where there is none."""

from __future__ import annotations

from pathlib import Path

import click

from bot.adapters.google_sheet import look_at
from bot.adapters.sheet_builder import build, survey
from bot.cli.options import config_option, settings_with_logs
from bot.settings import SettingsError
from bot.wiring import google, template_of


@click.command()
@config_option
@click.option("--sheet", help="Address of the spreadsheet; needed when there is no settings file yet.")
@click.option("--credentials", default="", help="The service account's key file.")
@click.option("--template", type=click.Path(file_okay=False, path_type=Path), help="Template folder.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def init(config: Path, sheet: str | None, credentials: str, template: Path | None, yes: bool) -> None:
    """Prepare a sheet: robot columns, boxes, dropdowns, colours. Lists what it will add and asks."""
    if not config.exists():
        if not sheet:
            raise SettingsError(
                f"There is no {config}. Name the sheet: rowreel init --sheet URL --credentials FILE"
            )
        config.write_text(_first_settings(sheet, credentials, template), encoding="utf-8")
        click.echo(f"Wrote {config}.")
    settings = settings_with_logs(config)
    client = google(settings)
    for one in settings.sheets:
        workbook = look_at(client, one.spreadsheet)
        building = survey(client, workbook, one.tab, template_of(settings, one))
        if not building.additions:
            click.echo(f'"{one.tab}" is ready: nothing to add.')
            continue
        click.echo(f'To "{one.tab}" in "{workbook.title}" this adds:')
        for addition in building.additions:
            click.echo(f"  - {addition}")
        if not yes and not click.confirm("Go ahead?", default=True):
            click.echo("Nothing was changed.")
            continue
        build(client, workbook, building)
        click.echo("Done.")


def _first_settings(sheet: str, credentials: str, template: Path | None) -> str:
    lines = [
        "[google]",
        f'credentials = "{_quoted(credentials)}"',
        "",
        "[[sheets]]",
        f'spreadsheet = "{_quoted(sheet)}"',
    ]
    lines.append('tab = "Videos"')
    if template is not None:
        lines.append(f'template = "{_quoted(str(template))}"')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
