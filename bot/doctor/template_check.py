"""Templates looked over, alone or with the rows of a file or of a sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.adapters.built_in_templates import find_template
from bot.adapters.csv_rows import read_csv
from bot.adapters.google_account import SheetUnavailableError
from bot.adapters.google_sheet import GoogleTab, look_at
from bot.adapters.template_folder import BUILT_IN, look_over
from bot.doctor.rehearsing import Rehearsed, Table, rehearse
from bot.domain.failures import Failure
from bot.domain.templates.template import Template
from bot.domain.values import locale_named
from bot.settings import Settings, SheetSettings
from bot.wiring import google, template_folder

Told = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Subject:
    """One template, and where the rows to try it with come from."""

    folder: Path
    rows: Path | SheetSettings | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of one template."""

    folder: Path
    template: Template | None
    problems: tuple[str, ...] = ()
    """Why it cannot be used at all."""

    rehearsed: Rehearsed | None = None

    @property
    def code(self) -> int:
        """2 when it cannot be used, 3 when rows do not pass, else 0."""
        if self.problems:
            return 2
        if self.rehearsed is None:
            return 0
        rows = self.rehearsed.rehearsal
        return 3 if self.rehearsed.problems or rows.passing < rows.rows else 0

    def facts(self) -> dict[str, Any]:
        """All of it, for machines."""
        found: dict[str, Any] = {"folder": str(self.folder), "problems": list(self.problems)}
        if (template := self.template) is not None:
            found |= {
                "title": template.title,
                "version": template.version,
                "credits": dict(template.prices),
                "unused_fields": list(template.unused_fields),
                "constants": list(template.constants),
            }
        if self.rehearsed is not None:
            found["rows"] = _row_facts(self.rehearsed)
        return found


def _row_facts(said: Rehearsed) -> dict[str, Any]:
    rows = said.rehearsal
    return {
        "from": said.table.name,
        "missing_columns": [asdict(one) for one in said.problems],
        "unread_columns": list(said.unread),
        "empty_columns": list(rows.empty_columns()),
        "rows": rows.rows,
        "passing": rows.passing,
        "formats": {name: asdict(one) for name, one in rows.formats.items()},
        "columns": [asdict(one) for one in rows.columns()],
        "limits": [asdict(one) for one in rows.limits()],
    }


def subjects(
    folder: Path | None, csv_file: Path | None, settings: Settings | None, *, with_sheet: bool
) -> Iterator[Subject]:
    """What is to be looked at: the named folder, or the templates the settings name, or the usual one.

    Raises TemplateError where there is none of that name.
    """
    sheets = settings.sheets if settings is not None else ()
    mine = find_template(folder) if folder is not None else None
    if settings is not None and with_sheet:
        for sheet in sheets:
            yield Subject(mine or template_folder(settings, sheet), sheet)
    if csv_file is not None or not with_sheet:
        named = [template_folder(settings, sheet) for sheet in sheets] if settings is not None else []
        for one in [mine] if mine is not None else dict.fromkeys(named or [BUILT_IN]):
            yield Subject(one, csv_file)


def verdict(subject: Subject, settings: Settings | None, told: Told) -> Verdict:
    """Looks one over. Raises CsvError or SheetUnavailableError when its rows cannot be had."""
    template, problems = look_over(subject.folder)
    if template is None or problems or subject.rows is None:
        return Verdict(subject.folder, template, problems)
    if isinstance(subject.rows, Path):
        table = Table(str(subject.rows), read_csv(subject.rows, template.contract))
    else:
        assert settings is not None  # it names the sheet
        table = sheet_table(settings, subject.rows)
    return Verdict(subject.folder, template, (), rehearse(template, table, told))


def sheet_table(settings: Settings, sheet: SheetSettings) -> Table:
    """The rows of a sheet in the settings. Raises SheetUnavailableError."""
    with closing(google(settings)) as client:
        book = look_at(client, sheet.spreadsheet, sheet.header_row)
        tab = GoogleTab(client, book, sheet.tab)
        reading = tab.read()
    if isinstance(reading, Failure):
        raise SheetUnavailableError(f"The tab cannot be read: {reading.detail}", reading)
    name = f'"{sheet.tab}" in "{book.title}"'
    return Table(name, reading.values, tab.zone, locale_named(tab.locale))
