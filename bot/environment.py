"""Settings out of the environment: `ROWREEL_` in front, `__` between levels, lists and tables as JSON."""

from __future__ import annotations

import os
import re
from typing import Any

from pydantic_settings import EnvSettingsSource
from pydantic_settings import SettingsError as UnreadableError

from bot.secret_files import SettingsError

PREFIX = "ROWREEL_"
_FIELD = re.compile(r'field "(\w+)"')


class Environment(EnvSettingsSource):
    """What the variables say, unchecked. Raises SettingsError, naming those that cannot be read."""

    def __call__(self) -> dict[str, Any]:
        try:
            found = super().__call__()
        except UnreadableError as error:
            names = ", ".join(variables_of(self._field_in(error)))
            raise SettingsError(
                f'{names} in the environment cannot be read. Lists are written there as JSON, like ["one", "two"].'
            ) from error
        # Where the settings lie is nobody's to set.
        found.pop("folder", None)
        return found

    def forgiving(self, told: list[str]) -> dict[str, Any]:
        """The same for whoever must not stop: parts that cannot be read are told, and left out."""
        while True:
            try:
                return self()
            except SettingsError as error:
                told.append(str(error))
                broken = f"{PREFIX}{self._field_in(error.__cause__)}".lower()
                self.env_vars = {
                    name: said for name, said in self.env_vars.items() if not name.lower().startswith(broken)
                }

    @staticmethod
    def _field_in(error: BaseException | None) -> str:
        found = _FIELD.search(str(error))
        return found[1] if found else ""


def variables_of(*place: int | str) -> list[str]:
    """The variables that set this, or parts of it."""
    name = f"{PREFIX}{'__'.join(str(part) for part in place)}".upper()
    return sorted(one for one in os.environ if one.upper() == name or one.upper().startswith(f"{name}__"))
