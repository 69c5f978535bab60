"""Template folders: what cannot be used is refused with the file and the fix."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.adapters.template_folder import BUILT_IN, TemplateError, load_template

GOOD = 'version = "2"\n[formats]\nwide = "hd"\n[fields.h]\ncolumn = "Headline"\nrequired = true\n'
PROJECT = '{"type": "video", "duration": 3, "visuals": [{"type": "TEXT", "text": "{{h}}"}]}'


def folder(home: Path, contract: str = GOOD, project: str = PROJECT) -> Path:
    (home / "contract.toml").write_text(contract)
    (home / "project.json").write_text(project)
    return home


def test_a_folder_becomes_a_template(tmp_path: Path):
    """Version, formats and the contract's resolution are taken over."""
    template = load_template(folder(tmp_path))

    assert template.version == "2"
    assert template.price("wide") == 3
    assert template.projects["wide"]["resolution"] == "hd"


def test_the_built_in_template_costs_nine_credits_in_every_format():
    """Nine seconds, and no format above the area that costs more."""
    template = load_template(BUILT_IN)

    assert {template.price(name) for name in template.contract.formats} == {9}


@pytest.mark.parametrize(
    ("contract", "project", "words"),
    [
        (GOOD.replace("version", "verson"), PROJECT, "contract.toml"),
        (GOOD + "max_chars = 0\n", PROJECT, "fields.h.max_chars"),
        (GOOD + "per_format = { tall = 3 }\n", PROJECT, 'limits the unknown format "tall"'),
        (GOOD + 'type = "number"\nfallback = "many"\n', PROJECT, "breaks its own rule"),
        (GOOD + 'max_chars = 3\nfallback = "many"\n', PROJECT, "breaks its own rule"),
        (GOOD, "[]", "the outermost thing must be an object"),
        (GOOD, "{" * 50, "is no JSON"),
        (GOOD, '{"a": "' + "x" * 2_000_001 + '"}', "is too large"),
        (GOOD, PROJECT.replace("{{h}}", "{{x}}"), "no field fills {{x}}. Add [fields.x]"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, contract: str, project: str, words: str):
    """One sentence names the place and what is wrong there."""
    with pytest.raises(TemplateError, match=re.escape(words)):
        load_template(folder(tmp_path, contract, project))
