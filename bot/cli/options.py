"""Options that several commands share, and how they become settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import click

from bot.logs import set_up_logs
from bot.settings import DEFAULT_FILE, Settings, load_settings

Command = TypeVar("Command", bound=Callable[..., Any])


def config_option(command: Command) -> Command:
    """`--config FILE`, the settings file."""
    return click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        default=DEFAULT_FILE,
        show_default=True,
        help="The settings file.",
    )(command)


def json_option(command: Command) -> Command:
    """`--json`, for machines."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


class Delimiter(click.ParamType[str]):
    """One character between two fields, or a word for it."""

    name = "delimiter"
    _WORDS: ClassVar = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "bar": "|"}

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        found = self._WORDS.get(value.lower(), value)
        if len(found) != 1 or found.isalnum() or found in '"\r\n\0':
            self.fail(
                f'"{value}" is none: name comma, semicolon, tab, bar or another single sign.', param, ctx
            )
        return found


def settings_with_logs(config: Path) -> Settings:
    """Reads the settings and sets the logs up as they say; secrets are hidden from them."""
    settings = load_settings(config)
    set_up_logs(settings.log.format, settings.log.level, settings.secrets())
    return settings
