"""`rowreel plan` and `rowreel status`: what would happen next, and what happened so far. Both only look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.options import config_option, json_option, settings_with_logs
from bot.cli.robot import complain_of_header
from bot.cli.standing import print_standing, standing
from bot.domain import wording
from bot.domain.entries import Entry
from bot.domain.intents import Intent, State
from bot.domain.records import Rejection
from bot.planner.actions import Ask, Move, Poll, Propose, Resolve, Submit
from bot.planner.snapshot import Snapshot
from bot.previews import Preview, previews


@click.command()
@config_option
@json_option
@click.pass_context
def plan(context: click.Context, config: Path, as_json: bool) -> None:
    """Show what the next tick would do, with prices; does nothing."""
    settings = settings_with_logs(config)
    code = 0
    found: list[dict[str, Any]] = []
    for sheet, preview in zip(settings.sheets, previews(settings), strict=True):
        if isinstance(preview, Preview):
            found.append(_preview_facts(preview))
        else:
            complain_of_header(sheet.tab, preview)
            code = 1
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        for facts in found:
            _print_preview(facts)
    context.exit(code)


def _preview_facts(preview: Preview) -> dict[str, Any]:
    seen, steps = preview.seen, []
    rows = {intent.job_id: entry.row_number for intent, entry in _rows_of(preview)}
    for change in preview.plan.changes:
        if isinstance(change, Propose):
            steps.append(("approve", change.intent))
        elif isinstance(change, Move) and change.after.state is State.CANCELLED:
            steps.append(("withdraw", change.after))
    names = {Ask: "ask the price", Submit: "send", Resolve: "look for a lost answer", Poll: "look at the job"}
    steps += [(names[type(call)], call.intent) for call in preview.plan.calls]
    return {
        "tab": preview.title,
        "rows": len(seen.lines),
        "need_fixing": sum(isinstance(line.judged, Rejection) for line in seen.lines),
        "links_not_looked_at": preview.unseen_links,
        "held_by": preview.plan.outlook.says or None,
        "cells_to_write": len(preview.plan.edits),
        "credits_to_approve": sum(intent.price_shown for step, intent in steps if step == "approve"),
        "steps": [
            {
                "step": step,
                "row": rows.get(intent.job_id),
                "record": intent.key.record,
                "format": intent.format,
                "credits": intent.quote or intent.price_shown,
                "job_id": intent.job_id,
            }
            for step, intent in steps
        ],
        "fixes": _fixes(seen),
    }


def _rows_of(preview: Preview) -> list[tuple[Intent, Entry]]:
    after = preview.seen.memory.after(preview.plan.changes)
    return [
        (intent, after.entries[intent.key.record])
        for intent in after.intents.values()
        if intent.key.record in after.entries
    ]


def _fixes(seen: Snapshot) -> list[dict[str, Any]]:
    return [
        {"row": line.row.number, "what_to_do": line.judged.text}
        for line in seen.lines
        if isinstance(line.judged, Rejection)
    ]


def _print_preview(facts: dict[str, Any]) -> None:
    console = Console(markup=False)
    rows, cells = wording.rows_words(facts["rows"]), wording.counted(facts["cells_to_write"], "cell")
    counts = f"{rows}, {facts['need_fixing']} need fixing, {cells} to write."
    console.print(Text.assemble((facts["tab"], "bold"), f": {counts}"))
    if facts["steps"]:
        table = Table("Row", "Step", "Format", "Credits", "Record")
        for step in facts["steps"]:
            table.add_row(
                str(step["row"] or "-"), step["step"], step["format"], str(step["credits"]), step["record"]
            )
        console.print(table)
    else:
        console.print("Nothing to send or to ask.")
    if facts["held_by"]:
        console.print(facts["held_by"])
    if facts["links_not_looked_at"]:
        console.print(f"{facts['links_not_looked_at']} links could not be looked at in time.")
    for fix in facts["fixes"]:
        console.print(f"Row {fix['row']}: {fix['what_to_do']}")


@click.command()
@click.option("--offline", is_flag=True, help="Do not look at the sheets: the journal alone.")
@config_option
@json_option
def status(config: Path, *, offline: bool, as_json: bool) -> None:
    """Show where everything stands: rows by state, holds and what lifts them, what was spent, what is under way."""
    facts = standing(settings_with_logs(config), offline=offline)
    if as_json:
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
    else:
        print_standing(facts)
