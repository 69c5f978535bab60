"""`contract.toml` as its author writes it: checked strictly, and told in one sentence where it is wrong."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from bot.domain.contract import FieldType

_LARGEST_FILE = 1_000_000


class TemplateError(RuntimeError):
    """A template that cannot be used; the message names the file and the fix."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FormatEntry(_Part):
    """One shape of the video: which project makes it, at which resolution."""

    resolution: str
    project: str = "project.json"
    width: int | None = Field(None, ge=1)
    height: int | None = Field(None, ge=1)


class FitEntry(_Part):
    """The box a text must fit into; in `fit_per_format` only what differs."""

    font: str | None = None
    size: float | None = Field(None, gt=0)
    width: float | None = Field(None, gt=0)
    lines: int | None = Field(None, ge=1)
    weight: float | None = Field(None, ge=1, le=1000)
    letter_spacing: float | None = None
    uppercase: bool | None = None


class FieldEntry(_Part):
    """One data column."""

    column: str = Field(min_length=1)
    type: FieldType = FieldType.TEXT
    required: bool = False
    max_chars: int | None = Field(None, ge=1)
    per_format: dict[str, int] = {}
    fit: FitEntry | None = None
    fit_per_format: dict[str, FitEntry] = {}
    fallback: str = ""
    choices: tuple[str, ...] = ()
    help: str = ""


class OutputEntry(_Part):
    """Settings of the finished video that take the place of the project's."""

    duration: float | None = Field(None, ge=0.1, le=3600)
    frame_rate: int | None = Field(None, ge=1, le=60)
    output_format: Literal["mp4", "mov", "avi", "webm", "png", "jpg", "jpeg", "webp"] | None = None
    background_color: str | None = Field(None, pattern=r"^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")

    @property
    def changes(self) -> dict[str, Any]:
        """As the project spells them."""
        said = {
            "duration": self.duration,
            "frameRate": self.frame_rate,
            "outputFormat": self.output_format,
            "backgroundColor": self.background_color,
        }
        return {key: value for key, value in said.items() if value is not None}


class ContractFile(_Part):
    """The whole file."""

    version: str
    title: str = ""
    name: str = "{row_id}-{format}"
    output: OutputEntry = OutputEntry()
    formats: dict[str, FormatEntry | str] = Field(min_length=1)
    fields: dict[str, FieldEntry] = Field(min_length=1)


def read_contract(path: Path) -> ContractFile:
    """Raises TemplateError for a file that is none, or says something unknown."""
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise TemplateError(f"{path} is too large for a contract: more than a million bytes.")
        return ContractFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise TemplateError(
            f"{path.parent} is no template folder: there is no contract.toml in it."
        ) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise TemplateError(f"{path} cannot be parsed: {error}.") from error
    except ValidationError as error:
        told = dict.fromkeys(f"{path}: {_told(one)}" for one in error.errors() if one["loc"][-1] != "str")
        raise TemplateError("\n".join(told)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path} cannot be read: {error}.") from error


def _told(error: ErrorDetails) -> str:
    place = [str(part) for part in error["loc"] if part not in {"FormatEntry", "str"}]
    where = ".".join(place)
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(place[-1], _keys_beside(place), 1, 0.6)
        return f"{where} is no key of a contract" + (f"; did you mean {near[0]}?" if near else "; remove it.")
    if error["type"] == "missing":
        return f"{where} is missing; add it."
    return f"{where}: {error['msg']}."


def _keys_beside(place: list[str]) -> list[str]:
    """The keys known where an unknown one stands."""
    tables: dict[str, type[BaseModel]] = {"output": OutputEntry, "formats": FormatEntry, "fields": FieldEntry}
    inside = {"fit", "fit_per_format"} & set(place[:-1])
    model = FitEntry if inside else tables.get(place[0], ContractFile) if len(place) > 1 else ContractFile
    return list(model.model_fields)
