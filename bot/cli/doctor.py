"""`rowreel doctor`: looks at everything the robot needs, and says how to mend what is wrong."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from bot.cli.options import config_option, json_option
from bot.doctor.checks import Check, State, exit_code
from bot.doctor.examination import examination
from bot.domain import wording
from bot.logs import set_up_logs

_MARKS = {
    State.OK: ("ok", "green"),
    State.WARNING: ("warning", "yellow"),
    State.PROBLEM: ("PROBLEM", "bold red"),
}
_WIDTH = max(len(word) for word, _ in _MARKS.values())


@click.command()
@config_option
@click.option("--notify", "sends", is_flag=True, help="Also send a test message to everybody [notify] names.")
@json_option
@click.pass_context
def doctor(context: click.Context, config: Path, sends: bool, as_json: bool) -> None:
    """Look at settings, journal, Google, the sheet, templates and Zvid: one line each, with the fix.

    Nothing is changed, nothing costs credits, and nobody gets a message unless --notify asks for it. Ends with 1 or
    2 where there are problems; warnings do not count.
    """
    set_up_logs("console", "error")
    checks = examination(config, sends=sends)
    if as_json:
        found = list(checks)
        facts = [{"check": one.name, "state": one.state, "says": one.says, "fix": one.fix} for one in found]
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
    elif sys.stdout.isatty():
        found = _shown(checks)
    else:
        found = [_printed(check) for check in checks]
    if not as_json:
        click.echo(_summary(found))
    context.exit(exit_code(found))


def _shown(checks: Iterator[Check]) -> list[Check]:
    """A table that grows as the answers come in."""
    table = Table("", "Check", box=None, header_style="bold", padding=(0, 2, 0, 0))
    # Paths are long, and are to be copied: never cut.
    table.add_column("What was found", overflow="fold")
    found: list[Check] = []
    with Live(table, console=Console(), auto_refresh=False, vertical_overflow="visible") as live:
        for check in checks:
            found.append(check)
            word, colour = _MARKS[check.state]
            says = Text(check.says)
            if check.fix:
                says.append(f"\n→ {check.fix}", style="bold")
            table.add_row(Text(word, style=colour), check.name, says)
            live.refresh()
    return found


def _printed(check: Check) -> Check:
    """One line for people and for grep, the fix included."""
    fix = f" -> {check.fix}" if check.fix else ""
    click.echo(f"{_MARKS[check.state][0]:<{_WIDTH}}  {check.name}: {check.says}{fix}")
    return check


def _summary(found: list[Check]) -> str:
    problems = sum(check.state is State.PROBLEM for check in found)
    warnings = sum(check.state is State.WARNING for check in found)
    if not problems and not warnings:
        return f"All {len(found)} checks are fine."
    many = [
        wording.counted(count, word)
        for count, word in ((problems, "problem"), (warnings, "warning"))
        if count
    ]
    return f"{' and '.join(many)} in {len(found)} checks."
