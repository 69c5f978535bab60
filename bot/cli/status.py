"""`rowreel plan` and `rowreel status`: what would happen next, and what happened so far. Both only look."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from bot.adapters.state_folder import StateFolder
from bot.cli.options import config_option, json_option, settings_with_logs
from bot.cli.robot import complain_of_header
from bot.domain.entries import Entry
from bot.domain.intents import Intent, State
from bot.domain.records import Rejection
from bot.planner.actions import Ask, Move, Poll, Propose, Resolve, Submit
from bot.planner.snapshot import Snapshot
from bot.wiring import Preview, journal_view, previews


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
    console = Console()
    console.print(
        f"[bold]{facts['tab']}[/bold]: {facts['rows']} rows, {facts['need_fixing']} need fixing, "
        f"{facts['cells_to_write']} cells to write."
    )
    if facts["steps"]:
        table = Table("Row", "Step", "Format", "Credits", "Record")
        for step in facts["steps"]:
            table.add_row(
                str(step["row"] or "-"), step["step"], step["format"], str(step["credits"]), step["record"]
            )
        console.print(table)
    else:
        console.print("Nothing to send or to ask.")
    if facts["links_not_looked_at"]:
        console.print(f"{facts['links_not_looked_at']} links could not be looked at in time.")
    for fix in facts["fixes"]:
        console.print(f"Row {fix['row']}: {fix['what_to_do']}", markup=False)


@click.command()
@config_option
@json_option
def status(config: Path, as_json: bool) -> None:
    """Show counts by state and what was spent, from the journal alone."""
    settings = settings_with_logs(config)
    with journal_view(settings) as journal:
        memories = {tab: journal.remember_tab(tab) for tab in journal.tabs()}
        spent = journal.spent()
        cold_since = journal.installation().cold_since
    states: Counter[str] = Counter()
    rows = 0
    for memory in memories.values():
        states.update(intent.state.value for intent in memory.intents.values())
        rows += sum(entry.present for entry in memory.entries.values())
    health = StateFolder(settings.journal_path.parent).health()
    failing, since = health or ((), None)
    facts = {
        "health": {"failing": failing, "since": since.isoformat()} if since else None,
        "tabs": len(memories),
        "rows": rows,
        "intents": {state.value: states.get(state.value, 0) for state in State},
        "credits_spent_or_reserved": spent,
        "cold_since": cold_since.isoformat() if cold_since else None,
    }
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    console = Console()
    console.print(f"{len(memories)} tabs, {rows} rows known, {spent:,} credits spent or reserved.")
    if since is not None:
        words = "; ".join(failing) if failing else "well"
        console.print(f"The robot, as it last said ({since:%Y-%m-%d %H:%M} UTC): {words}.", markup=False)
    if cold_since is not None:
        console.print(
            f"Cold since {cold_since:%Y-%m-%d %H:%M} UTC: the journal was lost, or an older copy took its place. "
            "It may not know of videos made before; if you have a newer copy: rowreel journal recover --from FILE"
        )
    if not states:
        return
    table = Table("State", "Videos")
    for name, count in states.items():
        table.add_row(name, str(count))
    console.print(table)
