"""`rowreel template`: draft a contract for a project, look a template over with real rows, and see one of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table as Picture
from rich.text import Text

from bot.adapters.csv_rows import CsvError
from bot.adapters.template_drafts import DraftedFolder, draft_folder
from bot.adapters.template_folder import BUILT_IN
from bot.cli.options import config_option, json_option, settings_with_logs
from bot.cli.preview import preview_command
from bot.doctor.rehearsing import Rehearsed
from bot.doctor.template_check import Verdict, subjects, verdict
from bot.domain import wording

UNUSABLE = 2
_MANY_ROWS = 500


@click.group()
def template() -> None:
    """Draft a contract for a project, look a template over with real rows, see what one would become."""


template.add_command(preview_command)


@template.command("new")
@click.argument("project", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to make; templates/NAME if left out.",
)
@click.pass_context
def new(context: click.Context, project: Path, folder: Path | None) -> None:
    """Make a template folder of a project exported from Zvid's editor: its placeholders become columns.

    The project is copied as it is; the contract beside it is a draft with a word about every line.
    """
    made = draft_folder(project, folder)
    if not made.draft.columns:
        _offer_candidates(project, made)
        context.exit(3)
    _show_draft(made)
    context.exit(3 if made.problems else 0)


def _console() -> Console:
    return Console(markup=False) if sys.stdout.isatty() else Console(markup=False, width=160)


def _show_draft(made: DraftedFolder) -> None:
    console = _console()
    console.print(
        f"Wrote {made.folder / 'project.json'} (as it was) and {made.folder / 'contract.toml'}.", markup=False
    )
    table = Picture("Column", "Placeholder", "Type", "Needed", "Longest", "Falls back to")
    for one in made.draft.columns:
        field = one.field
        table.add_row(
            field.column,
            field.key,
            field.type.value,
            "yes" if field.required else "no",
            str(field.max_chars or "-"),
            field.fallback or "-",
        )
    console.print(table)
    for column in made.draft.columns:
        for remark in column.remarks:
            console.print(f"{column.field.column}: {remark}.", markup=False)
    for line in (*made.draft.remarks, *made.problems):
        console.print(line, markup=False)
    console.print(
        f"Next: look over {made.folder / 'contract.toml'}: types, limits (how long may a text be before it runs out of "
        f"the picture?), what is required. Then: rowreel template check {made.folder} --csv ROWS.csv",
        markup=False,
        soft_wrap=True,
    )


def _offer_candidates(project: Path, made: DraftedFolder) -> None:
    console = _console()
    console.print(
        f"{project} has no placeholders, so no column could fill anything. Nothing was written.", markup=False
    )
    for line in made.draft.remarks:
        console.print(line, markup=False)
    if not made.draft.candidates:
        return
    console.print(
        "In Zvid's editor put a placeholder where each row shall say something of its own, for example:"
    )
    table = Picture("Where", "Now", "Could be")
    for one in made.draft.candidates:
        table.add_row(
            one.path, one.text if len(one.text) <= 60 else f"{one.text[:57]}…", f"{{{{{one.name}}}}}"
        )
    console.print(table)
    console.print(
        f"Keep what it says now as the default in the project's variables, then: rowreel template new {project}",
        markup=False,
    )


@template.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Rows to try it with, the header first.",
)
@click.option(
    "--sheet", "with_sheet", is_flag=True, help="Try it with the rows of the sheets in the settings."
)
@config_option
@json_option
@click.pass_context
def check(
    context: click.Context,
    folder: Path | None,
    csv_file: Path | None,
    *,
    with_sheet: bool,
    config: Path,
    as_json: bool,
) -> None:
    """Look a template over, and how many rows would pass; nothing is sent or written.

    Without a folder: the templates of the settings, or the built-in one. Ends with 2 where a template cannot be used,
    with 3 where rows do not pass.
    """
    settings = settings_with_logs(config) if with_sheet or (folder is None and config.exists()) else None
    console = _console()
    code = 0
    facts = []
    try:
        for subject in subjects(folder, csv_file, settings, with_sheet=with_sheet):
            with _progress() as told:
                found = verdict(subject, settings, told)
            code = UNUSABLE if UNUSABLE in {code, found.code} else max(code, found.code)
            facts.append(found.facts())
            if not as_json:
                _show(console, found)
    except CsvError as error:
        click.echo(f"rowreel: {error}", err=True)
        context.exit(2)
    if as_json:
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
    context.exit(code)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal's stderr, for as long as it takes; short tables need none."""
    columns = TextColumn("Trying rows"), BarColumn(), MofNCompleteColumn()
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("", visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=total > _MANY_ROWS)


def _show(console: Console, found: Verdict) -> None:
    template = found.template
    if template is not None:
        where = "built in" if found.folder.parent == BUILT_IN.parent else found.folder
        prices = ", ".join(f"{name} {price}" for name, price in template.prices.items())
        console.print(
            f'"{template.title}" version {template.version} ({where}): {prices} credits', markup=False
        )
    if found.problems:
        console.print(f"It cannot be used ({len(found.problems)} to mend):", style="bold red")
        for problem in found.problems:
            console.print(f"  {problem}", markup=False, soft_wrap=True)
        return
    assert template is not None  # it has no problems
    columns = {one.key: one.column for one in template.contract.fields}
    for key in template.unused_fields:
        console.print(f'"{columns[key]}" is asked for, but nothing in the design shows it.', markup=False)
    if template.constants:
        listed = ", ".join("{{" + name + "}}" for name in template.constants)
        console.print(f"The same in every video, out of the project's own variables: {listed}", markup=False)
    if found.rehearsed is None:
        console.print("It can be used. Try it with rows: --csv FILE, or --sheet for those of the settings.")
    else:
        _show_rows(console, found.rehearsed)


def _show_rows(console: Console, said: Rehearsed) -> None:
    if said.problems:
        console.print(
            f"{said.table.name}: no row can be tried before the header is mended:", style="bold red"
        )
        for problem in said.problems:
            words = wording.header_problem(problem.column, problem.kind, problem.near)
            console.print(f"  {words}", markup=False)
        _show_unread(console, said)
        return
    rows = said.rehearsal
    colour = "green" if rows.passing == rows.rows else "yellow"
    console.print(
        f"{said.table.name}: {rows.passing:,} of {rows.rows:,} rows pass",
        style=f"bold {colour}",
        markup=False,
    )
    for name, one in rows.formats.items():
        console.print(
            f"  {name}: {one.passing:,} of {one.rows:,}, {wording.credit_words(one.credits)}", markup=False
        )
    _show_reasons(console, said)
    _show_limits(console, said)
    _show_unread(console, said)
    if empty := rows.empty_columns():
        console.print(f"Columns no row fills: {', '.join(empty)}", markup=False)


def _show_unread(console: Console, said: Rehearsed) -> None:
    if said.unread:
        console.print(f"Columns nothing is made of: {', '.join(said.unread)}", markup=False)


def _show_reasons(console: Console, said: Rehearsed) -> None:
    found = said.rehearsal.columns()
    if not found:
        return
    table = Picture("Column", "Rows", "Why", "For example")
    for one in found:
        why = ", ".join(f"{count} {code}" for code, count in one.codes.items())
        examples = "\n".join(f"row {example.row}: {example.text}" for example in one.examples)
        table.add_row(Text(one.column), str(one.rows), why, Text(examples))
    console.print(table)


def _show_limits(console: Console, said: Rehearsed) -> None:
    tight = [one for one in said.rehearsal.limits() if one.over]
    if not tight:
        return
    table = Picture("Column", "Format", "Limit", "Within", "Over", "Longest", "A limit of")
    for one in tight:
        lets = "\n".join(f"{limit} would let {count} more pass" for limit, count in one.would_let)
        table.add_row(
            Text(one.column),
            one.format,
            str(one.limit),
            str(one.within),
            str(one.over),
            str(one.longest),
            lets or "-",
        )
    console.print(table)
    console.print("Raise a limit only where the longer text still fits the picture.")
