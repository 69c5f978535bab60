"""`rowreel payload`: exactly what was, or will be, sent for a row; byte for byte."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bot.adapters.journal_archive import Attempts, JournalArchive
from bot.cli.asked_row import NotThereError, row_name, the_one, unsent_words
from bot.cli.options import config_option, settings_with_logs
from bot.domain.intents import Intent
from bot.domain.templates.remaking import remake
from bot.domain.templates.template import Payload


@click.command()
@click.argument("row_or_id_or_job")
@click.option(
    "--attempt", type=click.IntRange(min=1), help="Which one, as the sheet counts; the latest if left out."
)
@click.option("--list", "as_list", is_flag=True, help="List the attempts instead.")
@click.option(
    "--rebuild", is_flag=True, help="Make it again from the kept template version, and compare every byte."
)
@config_option
@click.pass_context
def payload(
    context: click.Context,
    row_or_id_or_job: str,
    attempt: int | None,
    *,
    as_list: bool,
    rebuild: bool,
    config: Path,
) -> None:
    """Print the exact payload of a row's attempt: sent, refused or still waiting.

    The payload goes to stdout and nothing else does, so that its sha256 is the hash told on stderr. A row's number
    is the one the robot last saw it at.
    """
    path = settings_with_logs(config).journal_path
    with closing(JournalArchive(path)) as archive:
        try:
            row = _approved(archive, row_or_id_or_job)
            if as_list:
                _print_list(archive, row)
                return
            intent = _chosen(row, attempt)
        except NotThereError as error:
            click.echo(f"rowreel: {error}", err=True)
            context.exit(2)
        body = archive.payloads([intent.payload_hash])[intent.payload_hash]
        _introduce(row, intent, body)
        if rebuild:
            context.exit(_rebuild(archive, intent, body))
    _print_bytes(body)


def _approved(archive: JournalArchive, wanted: str) -> Attempts:
    row = the_one(archive, wanted)
    if not row.intents:
        raise NotThereError(
            f"{row_name(row)} was never approved, so there is no payload. Tick Approve, or see what it still "
            "lacks with: rowreel plan"
        )
    return row


def _chosen(row: Attempts, attempt: int | None) -> Intent:
    if attempt is None:
        return row.intents[-1]
    found = [one for one in row.intents if one.attempt + 1 == attempt]
    if not found:
        there = ", ".join(str(number) for number in sorted({one.attempt + 1 for one in row.intents}))
        raise NotThereError(
            f"{row_name(row)} has no attempt {attempt}, only {there}. Add --list to see them."
        )
    if len(found) > 1:
        click.echo(
            f"The row was approved with {len(found)} different contents; this is attempt {attempt} of the latest. "
            "The others go by their Job ID: add --list.",
            err=True,
        )
    return found[-1]


def _introduce(row: Attempts, intent: Intent, body: str) -> None:
    unsent = unsent_words(intent.state, is_taken_over=intent.is_taken_over)
    when = f"{intent.sent_at:%Y-%m-%d %H:%M:%S} UTC" if intent.sent_at else unsent
    sent = ", never sent" if when == "never" else f", sent {when}"
    click.echo(
        f"{row_name(row)}, format {intent.format}, attempt {intent.attempt + 1}: {_state(intent)}{sent}\n"
        f"job {intent.service_id}, named {intent.job_name}, template version {intent.template_version}\n"
        f"sha256 {intent.payload_hash}, {len(body.encode()):,} bytes",
        err=True,
    )


def _state(intent: Intent) -> str:
    reason = f" ({intent.trouble.detail})" if intent.trouble else ""
    return intent.state.value.replace("_", " ") + reason


def _rebuild(archive: JournalArchive, intent: Intent, body: str) -> int:
    template = archive.template(intent.template_hash)
    if template is None:
        click.echo(
            "rowreel: An older program kept this template without its contract. The payload itself is kept.",
            err=True,
        )
        return 1
    made = remake(intent, template)
    if not isinstance(made, Payload):
        reasons = " ".join(problem.text for problem in made)
        click.echo(f"rowreel: Today's program would not make it any more: {reasons}", err=True)
        return 1
    _print_bytes(made.body)
    if made.body != body:
        click.echo(
            f"rowreel: Made again, it differs: sha256 {made.hash}. This program fills otherwise than the one that made it.",
            err=True,
        )
        return 1
    click.echo(
        f'Made again from "{template.title}" version {template.version} as the journal keeps it: the same, byte for byte.',
        err=True,
    )
    return 0


def _print_list(archive: JournalArchive, row: Attempts) -> None:
    bodies = archive.payloads({one.payload_hash for one in row.intents})
    table = Table(
        "Attempt", "Format", "State", "Approved (UTC)", "Sent (UTC)", "Template", "Bytes", "sha256", "Job ID"
    )
    for one in row.intents:
        table.add_row(
            str(one.attempt + 1),
            one.format,
            one.state.value.replace("_", " "),
            f"{one.approved_at:%Y-%m-%d %H:%M:%S}",
            f"{one.sent_at:%Y-%m-%d %H:%M:%S}"
            if one.sent_at
            else unsent_words(one.state, is_taken_over=one.is_taken_over),
            one.template_version,
            f"{len(bodies[one.payload_hash].encode()):,}",
            one.payload_hash[:12],
            one.service_id,
        )
    console = Console(markup=False) if sys.stdout.isatty() else Console(markup=False, width=200)
    console.print(f"{row_name(row)}, oldest first:")
    console.print(table)


def _print_bytes(body: str) -> None:
    sys.stdout.buffer.write(body.encode())
    sys.stdout.buffer.flush()
    if sys.stdout.isatty():
        # For the eye only: it is no part of the payload.
        click.echo(err=True)
