"""`rowreel explain`: what happened to this row, and to its videos; it only looks, also while the robot works."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import click

from bot.adapters.journal_archive import Attempts, JournalArchive
from bot.adapters.state_folder import StateFolder
from bot.adapters.system_clock import SystemClock
from bot.adapters.template_folder import TemplateError
from bot.cli.asked_row import NotThereError, the_one
from bot.cli.explain_facts import Case, story_of
from bot.cli.explain_page import print_story
from bot.cli.options import config_option, json_option, settings_with_logs
from bot.cli.sheet_look import NoLook, TabLook, looks
from bot.domain.cells import cell_text
from bot.domain.contract import Field, RobotColumn
from bot.settings import Settings
from bot.wiring import template_of


@click.command()
@click.argument("row_or_id_or_name_or_job")
@click.option("--offline", is_flag=True, help="Do not look at the sheet: the journal alone.")
@config_option
@json_option
@click.pass_context
def explain(
    context: click.Context, row_or_id_or_name_or_job: str, config: Path, *, offline: bool, as_json: bool
) -> None:
    """Tell the whole story of a row: its cells, ticks, prices, every attempt and try, its job and its video.

    A row's number is the one the robot last saw it at. Nothing is written, and nothing is asked of Zvid.
    """
    settings = settings_with_logs(config)
    wanted = row_or_id_or_name_or_job
    with closing(JournalArchive(settings.journal_path)) as archive:
        try:
            row = archive.whole(the_one(archive, wanted).key)
        except NotThereError as error:
            click.echo(f"rowreel: {error}", err=True)
            context.exit(2)
        facts = story_of(_case(settings, archive, row, wanted.strip(), offline=offline))
    if as_json:
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
    else:
        print_story(facts)


def _case(settings: Settings, archive: JournalArchive, row: Attempts, wanted: str, *, offline: bool) -> Case:
    folder = StateFolder(settings.journal_path.parent)
    notes: list[str] = []
    found = [] if offline else looks(settings, {row.key.tab.spreadsheet})
    look = next((one for one in found if isinstance(one, TabLook) and one.key == row.key.tab), None)
    if look is None:
        blind = [one.reason for one in found if isinstance(one, NoLook)]
        notes.append(_unseen(blind, offline=offline))
    else:
        notes += _moved(look, row, wanted)
    if folder.holder() is None:
        notes.append("No robot is running here: the sheet says what the last one wrote.")
    health = folder.health()
    if health is not None:
        notes += [f"The robot is failing: {reason}" for reason in health[0]]
    return Case(row, archive, SystemClock().now(), look, _fields(settings, look), notes)


def _unseen(blind: list[str], *, offline: bool) -> str:
    if offline:
        return "The sheet was not looked at: cells are as the robot last read them, times are UTC."
    if blind:
        return f"The sheet could not be looked at, so this is the journal alone, in UTC. {blind[0]}"
    return "The row's tab is not in the settings any more, so this is the journal alone, in UTC."


def _moved(look: TabLook, row: Attempts, wanted: str) -> list[str]:
    """A number people read off the sheet may by now be another row's."""
    lines = look.rows_of(row.key.record)
    told = []
    if len(lines) > 1:
        numbers = ", ".join(str(line.number) for line in lines)
        told.append(f"Rows {numbers} have this Row ID: one was copied; the robot gives the copy its own.")
    if wanted.isdecimal() and all(line.number != int(wanted) for line in lines):
        there = next((line for line in look.rows if line.number == int(wanted)), None)
        now = cell_text(look.cell(there, RobotColumn.ROW_ID)) if there is not None else ""
        other = f" Row {wanted} is {now} now: rowreel explain {now}" if now else ""
        told.append(f"The robot last saw this row at {wanted}; it is not there any more.{other}")
    return told


def _fields(settings: Settings, look: TabLook | None) -> tuple[Field, ...]:
    """The columns as the tab's template names them today; none where it cannot be used."""
    sheet = look.settings if look is not None else settings.sheets[0]
    try:
        return template_of(settings, sheet).contract.fields
    except TemplateError:
        return ()
