"""Settings that are wrong in places: what is left of them, so that the rest can be looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.complaints import complaint, news
from bot.environment import Environment
from bot.secret_files import SettingsError
from bot.settings import Settings, contradiction, read_file

_NOWHERE = {"spreadsheet": "nowhere-at-all"}
"""Stands for the sheet of settings that name none."""


def salvage_settings(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """What can be made of settings that load_settings() may refuse, and every complaint about them.

    For whoever looks things over and must not stop here: what is wrong counts as not said.
    """
    told: list[str] = []
    try:
        said = read_file(path)
    except SettingsError as error:
        said, told = {"sheets": [_NOWHERE]}, [str(error)]
    found = _built(said, path, told)
    if problem := contradiction(found):
        told.append(problem)
    sheets = tuple(sheet for sheet in found.sheets if sheet.spreadsheet != _NOWHERE["spreadsheet"])
    return found.model_copy(update={"sheets": sheets}), tuple(told)


def _built(said: dict[str, Any], path: Path, told: list[str]) -> Settings:
    """Takes out what is wrong, one value after the other, until the rest will do."""
    said = _over(said, Environment(Settings).forgiving(told))
    taken: set[tuple[int | str, ...]] = set()
    while True:
        try:
            found = _AsSaid(**said, folder=path.resolve().parent)
            return Settings.model_construct(**{name: getattr(found, name) for name in Settings.model_fields})
        except ValidationError as error:
            # What was taken out for being wrong is not missing.
            fresh = [one for one in news(error) if one["type"] != "missing" or one["loc"] not in taken]
            lines = [complaint(one, Settings) for one in fresh]
            told += [one for one in lines if one not in told]
            taken.update(one["loc"] for one in fresh)
            if not any(_take_out(said, one) for one in news(error)):
                said = {"sheets": [_NOWHERE]}


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Both as one; where they differ the second counts."""
    merged = dict(below)
    for name, said in above.items():
        before = merged.get(name)
        merged[name] = _over(before, said) if isinstance(before, dict) and isinstance(said, dict) else said
    return merged


class _AsSaid(Settings):
    """Settings out of nothing but what is handed in: the environment was asked before."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the parent's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the parent's signature
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the parent's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the parent's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def _take_out(said: dict[str, Any], wrong: ErrorDetails) -> bool:
    """Removes the value, or the part that lacks one, and says whether it was there; one sheet always is."""
    place = wrong["loc"][:-1] if wrong["type"] == "missing" and len(wrong["loc"]) > 1 else wrong["loc"]
    whole: Any = said
    try:
        for part in place[:-1]:
            whole = whole[part]
        del whole[place[-1]]
    except (LookupError, TypeError):
        if place != ("sheets",):
            return False
    if not said.get("sheets"):
        said["sheets"] = [_NOWHERE]
    return True
