"""Makes a template folder out of an exported project: the project as it is, and a drafted contract beside it."""

from __future__ import annotations

import re
import shutil
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.adapters.contract_file import TemplateError
from bot.adapters.project_file import read_project
from bot.adapters.template_folder import look_over
from bot.domain.templates.drafting.contract_text import contract_text
from bot.domain.templates.drafting.draft import Draft, draft

_WRAPPERS = ("payload", "project", "template")
_OURS = frozenset({"visuals", "scenes", "audios", "duration"})


@dataclass(frozen=True, slots=True)
class DraftedFolder:
    """What was drafted, and what still keeps it from being used."""

    draft: Draft
    folder: Path
    problems: tuple[str, ...] = ()


def draft_folder(project_file: Path, folder: Path | None) -> DraftedFolder:
    """Writes the folder, unless the project has nothing to fill.

    Raises TemplateError where the project is none, or the folder holds something already.
    """
    try:
        project = read_project(project_file)
    except TemplateError as error:
        raise TemplateError(str(error).replace("; contract.toml names it", "")) from None
    _refuse_wrapped(project, project_file)
    title = _title(project, project_file)
    made = draft(project, title)
    target = folder or Path("templates") / _slug(title)
    if not made.columns:
        return DraftedFolder(made, target)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise TemplateError(
            f"{target} holds something already; nothing was written. Name another folder with --dir."
        )
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(project_file, target / "project.json")
    (target / "contract.toml").write_text(contract_text(made), encoding="utf-8")
    return DraftedFolder(made, target, look_over(target)[1])


def _refuse_wrapped(project: dict[str, Any], file: Path) -> None:
    """What an API answers or takes is not yet the project that is in it."""
    for name in _WRAPPERS:
        if isinstance(project.get(name), dict) and not _OURS & set(project):
            raise TemplateError(f'{file}: the project is inside "{name}". Save only that part as a file.')


def _title(project: dict[str, Any], file: Path) -> str:
    said = project.get("name")
    text = said if isinstance(said, str) and said.strip() and "{{" not in said else file.stem
    words = " ".join(re.split(r"[\s_-]+", text)).strip()
    return words[:1].upper() + words[1:] if words else "Template"


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "new"
