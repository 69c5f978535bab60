"""Template folders: `contract.toml`, the project files and the fonts it names, read into a Template."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bot
from bot.adapters.contract_file import (
    ContractFile,
    FieldEntry,
    FormatEntry,
    TemplateError,
    read_contract,
)
from bot.adapters.project_file import read_project
from bot.adapters.typefaces import FontError, FontShelf
from bot.domain import contract
from bot.domain.cells import fold
from bot.domain.fits import Fit, Measure
from bot.domain.naming import is_rule
from bot.domain.records import problem_in
from bot.domain.templates import ROBOT_VALUES, Template, unknown_placeholders

__all__ = ["BUILT_IN", "TemplateError", "load_template", "read_folder"]

BUILT_IN = Path(bot.__file__).parent / "templates" / "builtin"
_FIT_DEFAULTS: dict[str, Any] = {"lines": 1, "weight": None, "letter_spacing": 0.0, "uppercase": False}


def load_template(folder: Path) -> Template:
    """Reads a template folder. Raises TemplateError, naming file and fix, for anything unusable."""
    template = read_folder(folder)
    if unknown := unknown_placeholders(template):
        listed = ", ".join("{{" + name + "}}" for name in unknown)
        raise TemplateError(f"{folder}: no field fills {listed}. Add [fields.{unknown[0]}] to contract.toml.")
    if template.flaws:
        more = f" (and {len(template.flaws) - 1} more)" if len(template.flaws) > 1 else ""
        raise TemplateError(f"{folder}: {template.flaws[0]}{more}.")
    return template


def read_folder(folder: Path) -> Template:
    """As load_template, but leaves unknown placeholders and flaws for the caller to list."""
    said = read_contract(folder / "contract.toml")
    _check_names(said, folder)
    shelf = FontShelf()
    fields = tuple(_field(key, one, said, folder, shelf) for key, one in said.fields.items())
    for one in fields:
        _check_fallback(one, said, folder, shelf.measure)
    return Template(
        title=said.title or folder.name,
        version=said.version,
        name_rule=said.name,
        contract=contract.Contract(fields, tuple(said.formats)),
        projects={name: _project(folder, name, said) for name in said.formats},
        measure=shelf.measure,
    )


def _check_names(said: ContractFile, folder: Path) -> None:
    if not is_rule(said.name):
        raise TemplateError(f"{folder}: name has a brace that belongs to no field; write it like {{row_id}}.")
    own = {fold(name) for name in (*contract.PeopleColumn, *contract.RobotColumn)}
    taken: set[str] = set()
    for key, one in said.fields.items():
        if key in ROBOT_VALUES:
            raise TemplateError(f"{folder}: [fields.{key}] has a name the robot fills itself; rename it.")
        if fold(one.column) in own:
            raise TemplateError(
                f'{folder}: [fields.{key}] cannot use "{one.column}", a column with a meaning.'
            )
        if fold(one.column) in taken:
            raise TemplateError(f'{folder}: two fields use the column "{one.column}"; each needs its own.')
        taken.add(fold(one.column))
        for table in ("per_format", "fit_per_format"):
            if unknown := set(getattr(one, table)) - set(said.formats):
                raise TemplateError(
                    f'{folder}: [fields.{key}] limits the unknown format "{min(unknown)}" in {table}.'
                )


def _field(key: str, one: FieldEntry, said: ContractFile, folder: Path, shelf: FontShelf) -> contract.Field:
    if one.type is contract.FieldType.CHOICE and not one.choices:
        raise TemplateError(f'{folder}: [fields.{key}] is a choice without choices; add choices = ["…"].')
    return contract.Field(
        key=key,
        column=one.column,
        type=one.type,
        required=one.required,
        max_chars=one.max_chars,
        per_format=one.per_format,
        fallback=one.fallback,
        choices=one.choices,
        note=one.help,
        fits=dict(_fits(key, one, said, folder, shelf)),
    )


def _fits(
    key: str, one: FieldEntry, said: ContractFile, folder: Path, shelf: FontShelf
) -> Iterator[tuple[str, Fit]]:
    """The box in each format: what `fit` says, with what `fit_per_format` says otherwise."""
    for name in said.formats:
        parts = [part for part in (one.fit, one.fit_per_format.get(name)) if part is not None]
        told = {key: value for part in parts for key, value in part.model_dump(exclude_none=True).items()}
        if not told:
            continue
        if missing := {"font", "size", "width"} - set(told):
            raise TemplateError(
                f'{folder}: the fit of [fields.{key}] in "{name}" lacks {min(missing)}; add it.'
            )
        path = _inside(folder, told["font"])
        try:
            font_hash = shelf.add(told["font"], path)
        except FontError as error:
            raise TemplateError(f"{path} {error}; [fields.{key}] measures with it.") from error
        yield name, Fit(**{**_FIT_DEFAULTS, **told, "font_hash": font_hash})


def _check_fallback(one: contract.Field, said: ContractFile, folder: Path, measure: Measure) -> None:
    """A fallback must meet its own field's rules, or the rows that need it could never be sent."""
    if one.fallback and one.type is contract.FieldType.BOOL:
        raise TemplateError(f"{folder}: [fields.{one.key}] is a box: an empty one is an answer, not a gap.")
    for format_name in said.formats:
        if one.fallback and (problem := problem_in(one, one.fallback, format_name, measure=measure)):
            raise TemplateError(
                f"{folder}: the fallback of [fields.{one.key}] breaks its own rule: {problem.text}"
            )


def _project(folder: Path, format_name: str, said: ContractFile) -> dict[str, Any]:
    """One format's project; its resolution and output settings are the contract's."""
    entry = said.formats[format_name]
    wanted = entry if isinstance(entry, FormatEntry) else FormatEntry(resolution=entry)
    project = read_project(_inside(folder, wanted.project))
    scenes = project.get("scenes")
    if said.output.duration is not None and isinstance(scenes, list) and scenes:
        raise TemplateError(
            f"{folder}: output.duration has no effect on {wanted.project}: its scenes say how long they are."
        )
    size = {"width": wanted.width, "height": wanted.height}
    own_size = {key: value for key, value in size.items() if value is not None}
    if own_size and wanted.resolution != "custom":
        raise TemplateError(
            f'{folder}: [formats.{format_name}] has a size of its own; that needs resolution = "custom".'
        )
    return {**project, **said.output.changes, **own_size, "resolution": wanted.resolution}


def _inside(folder: Path, name: str) -> Path:
    """A file the contract names; it may not lead out of the folder, also not by a link."""
    path = folder / name
    if Path(name).is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
        raise TemplateError(f"{folder}: {name} is outside the template's folder; copy it into it.")
    return path
