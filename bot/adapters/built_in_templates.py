"""The templates that come along, which settings may name without a path."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.template_folder import BUILT_IN, TemplateError

_SHELF = BUILT_IN.parent


def built_in_names() -> tuple[str, ...]:
    """Their names, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in _SHELF.glob("*/contract.toml")))


def find_template(path: Path) -> Path:
    """The folder at a path or, where there is none, the built-in one of its name. Raises TemplateError."""
    if path.is_dir():
        return path
    if path.name in built_in_names():
        return _SHELF / path.name
    names = ", ".join(built_in_names())
    raise TemplateError(f"There is no template folder {path}. The built-in ones are: {names}.")
