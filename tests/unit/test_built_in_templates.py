"""Built-in templates: found by a bare name, unless people have a folder of that name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.adapters.built_in_templates import built_in_names, find_template
from bot.adapters.template_folder import BUILT_IN, TemplateError
from bot.settings import load_settings
from bot.wiring import template_of


def test_there_are_four():
    """The promo of the demo and the three others."""
    assert built_in_names() == ("builtin", "lesson", "listing", "product")


@pytest.mark.parametrize("name", ["builtin", "lesson", "listing", "product"])
def test_a_bare_name_finds_the_built_in_folder(tmp_path: Path, name: str):
    """Where the settings file has no folder of that name beside it."""
    assert find_template(tmp_path / name) == BUILT_IN.parent / name


def test_a_folder_of_ones_own_comes_first(tmp_path: Path):
    """Somebody who copied a template to change it means the copy."""
    (tmp_path / "product").mkdir()

    assert find_template(tmp_path / "product") == tmp_path / "product"


def test_an_unknown_name_is_told_with_those_there_are(tmp_path: Path):
    """One sentence with the path that was looked at and the names to choose from."""
    with pytest.raises(TemplateError, match=re.escape("builtin, lesson, listing, product")):
        find_template(tmp_path / "prodct")


@pytest.mark.parametrize(
    ("line", "title"), [("", "Promo"), ('template = "listing"', "Listing"), ('template = ""', "Promo")]
)
def test_settings_name_a_template(tmp_path: Path, line: str, title: str):
    """From the settings to the template: left out or empty is the usual one."""
    (tmp_path / "bot.toml").write_text(f'[[sheets]]\nspreadsheet = "abc"\n{line}\n', encoding="utf-8")
    settings = load_settings(tmp_path / "bot.toml")

    assert template_of(settings, settings.sheets[0]).title == title
