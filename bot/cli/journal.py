"""`rowreel journal`: look the robot's memory over, copy it, put a copy back."""

from __future__ import annotations

from pathlib import Path

import click

from bot.adapters.journal_copies import copy_journal, describe, new_name, recover
from bot.adapters.journal_laws import look_over
from bot.adapters.journal_schema import refuse_missing
from bot.adapters.state_folder import StateFolder
from bot.adapters.system_clock import SystemClock
from bot.cli.options import config_option, settings_with_logs


@click.group()
def journal() -> None:
    """Look the robot's memory over, copy it, put a copy back."""


@journal.command("check")
@config_option
@click.pass_context
def check(context: click.Context, config: Path) -> None:
    """Look the journal over, one line for each law; also while a robot works."""
    path = settings_with_logs(config).journal_path
    findings = look_over(path, StateFolder(path.parent).known_installation())
    for finding in findings:
        click.echo(finding)
    context.exit(0 if all(finding.holds for finding in findings) else 1)


@journal.command("backup")
@config_option
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="A file that is not there yet.")
def backup(config: Path, to: Path | None) -> None:
    """Make a checked copy, also while a robot works; without --to among the daily ones, and as old as those get."""
    path = settings_with_logs(config).journal_path
    refuse_missing(path)
    target = to or new_name(path, SystemClock().now())
    copy_journal(path, target)
    click.echo(f"{target}: {describe(target)}")


@journal.command("recover")
@config_option
@click.option(
    "--from",
    "copy",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    required=True,
    help="The copy to put in the journal's place.",
)
def put_back(config: Path, copy: Path) -> None:
    """Put a copy in the journal's place; the old file is kept. Not while a robot works."""
    path = settings_with_logs(config).journal_path
    now = SystemClock().now()
    state = StateFolder(path.parent).open(now)
    try:
        kept = recover(path, copy, state, now)
    finally:
        state.close()
    if kept is not None:
        click.echo(f"The old journal is kept as {kept}.")
    click.echo(f"{path} is now what {copy} was: {describe(path)}.")
    click.echo(
        "It is marked as cold: it does not know what was made since that copy. Before the robot pays for anything "
        "it first asks Zvid whether it was made already. Go on with: rowreel run"
    )
