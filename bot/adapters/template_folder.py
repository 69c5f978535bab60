"""Template folders: `contract.toml`, the project files and the fonts it names, read into a Template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from bot.adapters.project_file import line_of, read_project
from bot.adapters.typefaces import FontError, FontShelf
from bot.domain import contract
from bot.domain.cells import fold
from bot.domain.records import problem_in
from bot.domain.templates.fits import Fit, Measure
from bot.domain.templates.naming import is_rule
from bot.domain.templates.template import ROBOT_VALUES, Template, unknown_placeholders

__all__ = ["BUILT_IN", "TemplateError", "load_template", "look_over"]

BUILT_IN = Path(bot.__file__).parent / "templates" / "builtin"
_FIT_DEFAULTS: dict[str, Any] = {"lines": 1, "weight": None, "letter_spacing": 0.0, "uppercase": False}


def load_template(folder: Path) -> Template:
    """Reads a template folder. Raises TemplateError, naming file and fix, for anything unusable."""
    template, problems = look_over(folder)
    if template is None or problems:
        more = f" And {len(problems) - 1} more: rowreel template check" if len(problems) > 1 else ""
        raise TemplateError(f"{problems[0].rstrip('.')}.{more}")
    return template


def look_over(folder: Path) -> tuple[Template | None, tuple[str, ...]]:
    """Every problem of a folder, each with its fix; the template where there is one to speak of all the same."""
    notes = _Notes()
    with notes:
        return _template(folder, read_contract(folder / "contract.toml"))
    return None, notes.told


def _template(folder: Path, said: ContractFile) -> tuple[Template | None, tuple[str, ...]]:
    notes, shelf = _Notes(), FontShelf()
    with notes:
        _check_rule(said, folder)
    fields = []
    taken: set[str] = set()
    for key, one in said.fields.items():
        with notes:
            _check_name(key, one, said, folder, taken)
        with notes:
            fields.append(_field(key, one, said, folder, shelf))
            _check_fallback(fields[-1], said, folder, shelf.measure)
    projects = {}
    for name in said.formats:
        with notes:
            projects[name] = _project(folder, name, said)
    if notes.told:
        return None, notes.told
    template = Template(
        title=said.title or folder.name,
        version=said.version,
        name_rule=said.name,
        contract=contract.Contract(tuple(fields), tuple(said.formats)),
        projects=projects,
        measure=shelf.measure,
    )
    return template, tuple(_problems(template, folder, said))


def _problems(template: Template, folder: Path, said: ContractFile) -> Iterator[str]:
    """What only the projects and the contract together show."""
    for name in unknown_placeholders(template):
        yield f"{folder}: no field fills {{{{{name}}}}}. Add [fields.{name}] to contract.toml."
    unknown = {f"no field fills {{{{{name}}}}}" for name in unknown_placeholders(template)}
    files = {name: folder / _entry(one).project for name, one in said.formats.items()}
    for flaw in template.flaws:
        if flaw not in unknown:
            yield f"{_where(flaw, template, files, folder)}: {flaw}."


def _where(flaw: str, template: Template, files: Mapping[str, Path], folder: Path) -> str:
    """The project file a flaw is in, and its line there; the folder where several may be meant."""
    drawn = {name for name, one in template.blueprints.items() if flaw in map(str, one.flaws)}
    meant = {path for name, path in files.items() if name in drawn or not drawn}
    if len(meant) != 1:
        return str(folder)
    [path] = meant
    line = line_of(path.read_text(encoding="utf-8-sig"), flaw.partition(": ")[0])
    return f"{path}, line {line}" if line is not None else str(path)


class _Notes:
    """Takes down what is wrong and goes on."""

    def __init__(self) -> None:
        self.told: tuple[str, ...] = ()

    def __enter__(self) -> None:
        """One more thing to look at."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, TemplateError):
            return False
        self.told += tuple(str(error).split("\n"))
        return True


def _check_rule(said: ContractFile, folder: Path) -> None:
    if not is_rule(said.name):
        raise TemplateError(f"{folder}: name has a brace that belongs to no field; write it like {{row_id}}.")


def _check_name(key: str, one: FieldEntry, said: ContractFile, folder: Path, taken: set[str]) -> None:
    own = {fold(name) for name in (*contract.PeopleColumn, *contract.RobotColumn)}
    if key in ROBOT_VALUES:
        raise TemplateError(f"{folder}: [fields.{key}] has a name the robot fills itself; rename it.")
    if fold(one.column) in own:
        raise TemplateError(f'{folder}: [fields.{key}] cannot use "{one.column}", a column with a meaning.')
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
    wanted = _entry(said.formats[format_name])
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


def _entry(said: FormatEntry | str) -> FormatEntry:
    return said if isinstance(said, FormatEntry) else FormatEntry(resolution=said)


def _inside(folder: Path, name: str) -> Path:
    """A file the contract names; it may not lead out of the folder, also not by a link."""
    path = folder / name
    if Path(name).is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
        raise TemplateError(f"{folder}: {name} is outside the template's folder; copy it into it.")
    return path
