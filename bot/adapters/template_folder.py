"""Template folders: `contract.toml` and the project files it names, read into a Template."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import bot
from bot.domain import contract
from bot.domain.cells import fold
from bot.domain.records import problem_in
from bot.domain.templates import Template, unknown_placeholders

BUILT_IN = Path(bot.__file__).parent / "templates" / "builtin"
_LARGEST_PROJECT = 2_000_000


class TemplateError(RuntimeError):
    """A template that cannot be used; the message names the file and the fix."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Format(_Part):
    resolution: str
    project: str = "project.json"


class _Field(_Part):
    column: str = Field(min_length=1)
    type: contract.FieldType = contract.FieldType.TEXT
    required: bool = False
    max_chars: int | None = Field(None, ge=1)
    per_format: dict[str, int] = {}
    fallback: str = ""
    choices: tuple[str, ...] = ()
    help: str = ""


class _Contract(_Part):
    version: str
    title: str = ""
    name: str = "{row_id}-{format}"
    formats: dict[str, _Format | str] = Field(min_length=1)
    fields: dict[str, _Field] = Field(min_length=1)


def load_template(folder: Path) -> Template:
    """Reads a template folder. Raises TemplateError, naming file and fix, for anything unusable."""
    said = _contract(folder / "contract.toml")
    template = Template(
        title=said.title or folder.name,
        version=said.version,
        name_rule=said.name,
        contract=_domain_contract(said, folder),
        projects={name: _project(folder, _as_format(one)) for name, one in said.formats.items()},
    )
    if unknown := unknown_placeholders(template):
        listed = ", ".join("{{" + name + "}}" for name in unknown)
        raise TemplateError(f"{folder}: no field fills {listed}. Add [fields.{unknown[0]}] to contract.toml.")
    return template


def _contract(path: Path) -> _Contract:
    try:
        return _Contract.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise TemplateError(
            f"{path.parent} is no template folder: there is no contract.toml in it."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(f"{path} cannot be parsed: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise TemplateError(f"{path}: {where}: {first['msg']}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path} cannot be read: {error}.") from error


def _as_format(said: _Format | str) -> _Format:
    return said if isinstance(said, _Format) else _Format(resolution=said)


def _domain_contract(said: _Contract, folder: Path) -> contract.Contract:
    fields = []
    own = {fold(name) for name in (*contract.PeopleColumn, *contract.RobotColumn)}
    for key, one in said.fields.items():
        if fold(one.column) in own:
            raise TemplateError(
                f'{folder}: [fields.{key}] cannot use "{one.column}", a column with a meaning.'
            )
        if unknown := set(one.per_format) - set(said.formats):
            raise TemplateError(f'{folder}: [fields.{key}] limits the unknown format "{min(unknown)}".')
        field = contract.Field(
            key=key,
            column=one.column,
            type=one.type,
            required=one.required,
            max_chars=one.max_chars,
            per_format=one.per_format,
            fallback=one.fallback,
            choices=one.choices,
            note=one.help,
        )
        _check_fallback(field, said, folder)
        fields.append(field)
    return contract.Contract(tuple(fields), tuple(said.formats))


def _check_fallback(field: contract.Field, said: _Contract, folder: Path) -> None:
    """A fallback must meet its own field's rules, or the rows that need it could never be sent."""
    if field.fallback and field.type is contract.FieldType.BOOL:
        raise TemplateError(f"{folder}: [fields.{field.key}] is a box: an empty one is an answer, not a gap.")
    for format_name in said.formats:
        if field.fallback and (problem := problem_in(field, field.fallback, format_name)):
            raise TemplateError(
                f"{folder}: the fallback of [fields.{field.key}] breaks its own rule: {problem.text}"
            )


def _project(folder: Path, said: _Format) -> dict[str, Any]:
    """One format's project; its resolution is the contract's."""
    path = folder / said.project
    try:
        text = path.read_text(encoding="utf-8")
        if len(text) > _LARGEST_PROJECT:
            raise TemplateError(
                f"{path} is too large: {len(text):,} characters; the service takes two million."
            )
        project = json.loads(text)
    except FileNotFoundError:
        raise TemplateError(f"{path} is missing; contract.toml names it.") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise TemplateError(f"{path} is no JSON: {error}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path} cannot be read: {error}.") from error
    if not isinstance(project, dict):
        raise TemplateError(f"{path} holds no project: the outermost thing must be an object.")
    return {**project, "resolution": said.resolution}
