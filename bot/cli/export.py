"""`rowreel export`: every video the journal knows, one line each, for a spreadsheet or for a program."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click
from rich.console import Console
from rich.progress import track

from bot.adapters.journal_export import Design, JournalExport
from bot.adapters.private_export import ExportError, private_file
from bot.cli.options import Delimiter, config_option, json_option, settings_with_logs
from bot.domain.contract import PeopleColumn
from bot.domain.delivery import Delivery
from bot.domain.failures import Failure, FailureClass
from bot.domain.ids import TemplateHash
from bot.domain.intents import Intent, State
from bot.settings import Settings

Facts = dict[str, Any]

_STDOUT = Path("-")
_LONG = 2000
"""From so many videos on whoever waits is shown how far it is."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CELL = "cell: "


@click.command()
@click.option(
    "--csv",
    "file",
    type=click.Path(path_type=Path, allow_dash=True),
    default=None,
    help="Write a CSV there; without it, or with -, it goes to stdout.",
)
@click.option(
    "--delimiter",
    type=Delimiter(),
    default="comma",
    show_default=True,
    help="What stands between fields; semicolon for Excel where a comma marks decimals.",
)
@json_option
@click.option("--cells", is_flag=True, help="Also what each row said when it was approved.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@config_option
@click.pass_context
def export(  # noqa: PLR0913 - click hands every option over as an argument
    context: click.Context,
    config: Path,
    file: Path | None,
    *,
    delimiter: str,
    as_json: bool,
    cells: bool,
    force: bool,
) -> None:
    """List every video ever promised: row, id, format, template, state, reason, credits, job, link, times in UTC."""
    if as_json and file is not None:
        raise click.UsageError(
            "Either --csv FILE or --json. JSON goes to stdout: rowreel export --json > FILE"
        )
    settings = settings_with_logs(config)
    path = settings.journal_path
    if file is not None and file.is_file() and _is_own(file, config, settings):
        click.echo(f"rowreel: {file} is one of the robot's own files. Name another one.", err=True)
        context.exit(2)
    with closing(JournalExport(path)) as journal:
        designs = journal.designs()
        columns = _columns(designs.values()) if cells else []
        lines = (_facts(*one, designs, cells=cells) for one in journal.videos())
        total = journal.count()
        shown = _shown(lines, total, quiet=file in {None, _STDOUT} and sys.stdout.isatty())

        def write(to: BinaryIO) -> None:
            if as_json:
                _write_json(shown, to)
            else:
                _write_csv(shown, columns, to, delimiter)

        try:
            if file is None or file == _STDOUT:
                write(sys.stdout.buffer)
                return
            with private_file(file, may_replace=force) as to:
                write(to)
        except BrokenPipeError:
            context.exit(1)
        except ExportError as error:
            click.echo(f"rowreel: {error}", err=True)
            context.exit(2)
    click.echo(f"Wrote {total:,} videos to {file}.", err=True)


def _is_own(file: Path, config: Path, settings: Settings) -> bool:
    """Whether --force would cost the robot its memory or its keys."""
    keys = [settings.folder / one for one in (settings.google.credentials, settings.zvid.key_file) if one]
    place = file.resolve()
    return place.is_relative_to(settings.journal_path.parent.resolve()) or place in {
        one.resolve() for one in (config, *keys)
    }


def _columns(designs: Iterable[Design]) -> list[str]:
    """Every data column any template ever had, each once, and the format."""
    names = [one.column for design in designs if design.contract for one in design.contract.fields]
    return list(dict.fromkeys([*names, PeopleColumn.FORMAT.value]))


def _facts(
    intent: Intent,
    row: int | None,
    delivery: Delivery | None,
    designs: dict[TemplateHash, Design],
    *,
    cells: bool,
) -> Facts:
    copy = delivery.video if delivery is not None and delivery.is_stored else None
    design = designs.get(intent.template_hash)
    trouble = intent.trouble if intent.state is not State.COMPLETED else None
    is_paid = intent.state not in {State.FAILED, State.CANCELLED}
    facts: Facts = {
        "row": row,
        "row_id": intent.key.record,
        "format": intent.format,
        "attempt": intent.attempt + 1,
        "state": intent.state.value,
        "code": trouble.code.value if trouble else None,
        "about": Failure(FailureClass.REJECTED, trouble.code, "").origin.value if trouble else None,
        "reason": trouble.text if trouble else None,
        "said": trouble.detail if trouble else None,
        "credits": (intent.reserved or 0) if is_paid else 0,
        "price_shown": intent.price_shown,
        "quote": intent.quote,
        "url": intent.url,
        "thumbnail_url": intent.thumbnail_url,
        "name": intent.job_name,
        "job_id": intent.job_id,
        "service_job_id": intent.known_as,
        "template": design.title if design else None,
        "template_version": intent.template_version,
        "template_hash": intent.template_hash,
        "payload_sha256": intent.payload_hash,
        "fingerprint": intent.fingerprint,
        "approved_at": _utc(intent.approved_at),
        "sent_at": _utc(intent.sent_at),
        "finished_at": _utc(intent.finished_at),
        "updated_at": _utc(intent.updated_at),
        "spreadsheet": intent.key.tab.spreadsheet,
        "tab_id": intent.key.tab.tab,
        "lasting_url": copy.link if copy else None,
        "copy": copy.name if copy else None,
        "size": copy.digest.size if copy else None,
        "sha256": copy.digest.sha256 if copy else None,
    }
    if cells:
        fields = design.contract.fields if design and design.contract else ()
        names = {one.key: one.column for one in fields}
        said = {names.get(key, key): text for key, text in intent.content.values}
        facts["cells"] = said | {PeopleColumn.FORMAT.value: intent.format}
    return facts


_HEADER = (
    *("row", "row_id", "format", "attempt", "state", "code", "about", "reason", "said", "credits"),
    *("price_shown", "quote", "url", "thumbnail_url", "name", "job_id", "service_job_id", "template"),
    *("template_version", "template_hash", "payload_sha256", "fingerprint", "approved_at", "sent_at"),
    *("finished_at", "updated_at", "spreadsheet", "tab_id", "lasting_url", "copy", "size", "sha256"),
)


def _utc(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None


def _shown(lines: Iterator[Facts], total: int, *, quiet: bool) -> Iterable[Facts]:
    """The same lines; with a bar on a terminal that shows nothing else, when there are many."""
    console = Console(stderr=True)
    if quiet or total < _LONG or not console.is_terminal:
        return lines
    return track(lines, "Videos", total=total, console=console, transient=True)


def _write_csv(lines: Iterable[Facts], columns: list[str], to: BinaryIO, delimiter: str) -> None:
    """With the mark by which Excel knows UTF-8, every text in quotes, and no text that could begin a formula."""
    text = io.TextIOWrapper(to, encoding="utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in (*_HEADER, *(f"{_CELL}{name}" for name in columns))])
    for facts in lines:
        said = facts.get("cells", {})
        writer.writerow(
            [harmless(one) for one in (*(facts[name] for name in _HEADER), *map(said.get, columns))]
        )
    text.flush()
    text.detach()


def _write_json(lines: Iterable[Facts], to: BinaryIO) -> None:
    """One array, one video on each line."""
    text = io.TextIOWrapper(to, encoding="utf-8", errors="replace", newline="\n")
    before = "[\n"
    for facts in lines:
        text.write(before + json.dumps(facts, ensure_ascii=False))
        before = ",\n"
    text.write("[]\n" if before == "[\n" else "\n]\n")
    text.flush()
    text.detach()


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front: it shows what it says."""
    if not isinstance(value, str):
        return "" if value is None else value
    text = value.replace("\0", "")
    begins = text.lstrip(" \u00a0\u200b\ufeff\u3000")
    return f"'{text}" if begins.startswith(_STARTS_A_FORMULA) else text
