"""Project files: strict and bounded; whatever JSON allows beyond a project is refused with the file's name."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from bot.adapters.contract_file import TemplateError
from bot.adapters.project_file import read_project

BOMBS = {
    "nesting": ("[" * 200_000, "is nested deeper than 100 levels"),
    "closed nesting": ('{"a":' * 200_000 + "1" + "}" * 200_000, "is nested deeper than 100 levels"),
    "many values": ('{"visuals": [' + "0," * 200_000 + "0]}", "holds more than 100,000 values"),
    "too long": ('{"a": "' + "x" * 2_000_001 + '"}', "it is too large: 2,000,010 characters"),
    "far too long": (" " * 8_000_001, "it is too large: 8,000,001 bytes"),
    "twice": ('{"a": 1, "b": 2, "a": 3}', 'an object has "a" twice; remove one'),
    "not a number": ('{"a": NaN}', "NaN is no number JSON knows"),
    "infinity": ('{"a": -Infinity}', "-Infinity is no number JSON knows"),
    "large float": ('{"a": 1e999}', "1e999 is too large a number"),
    "5,000 digits": ('{"a": ' + "9" * 5_000 + "}", "a number has 5,000 digits; 15 are the most"),
    "negative digits": ('{"a": -' + "9" * 16 + "}", "a number has 16 digits"),
    "half a character": ('{"a": "\\ud800"}', "half a character"),
    "half a key": ('{"\\udfff": 1}', "half a character"),
    "no JSON": ("{'a': 1}", "is no JSON"),
    "cut": ('{"a": [1, 2', "is no JSON"),
    "list": ("[]", "the outermost thing must be an object"),
    "text": ('"project"', "the outermost thing must be an object"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_f_X04_bombs(tmp_path: Path, name: str):
    """Refused by one sentence, and in no time."""
    text, words = BOMBS[name]
    (tmp_path / "project.json").write_text(text)
    started = time.thread_time()

    with pytest.raises(TemplateError, match=re.escape(words)) as raised:
        read_project(tmp_path / "project.json")

    assert str(tmp_path / "project.json") in str(raised.value)
    assert len(str(raised.value)) < 400
    assert time.thread_time() - started < 3


def test_what_cannot_be_read(tmp_path: Path):
    """A missing file, a folder and bytes that are no text are told as such."""
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe{}")

    with pytest.raises(TemplateError, match="is missing; contract"):
        read_project(tmp_path / "none.json")
    with pytest.raises(TemplateError, match="cannot be read"):
        read_project(tmp_path)
    with pytest.raises(TemplateError, match="cannot be read"):
        read_project(tmp_path / "bytes.json")


def test_as_the_editor_exports_it(tmp_path: Path):
    """Numbers keep their kind, text its signs; a mark at the beginning does no harm."""
    (tmp_path / "project.json").write_text(
        '\ufeff{"a": [1, 2.5, -3e2, true, null], "b": "Größe \\" [{,"}', "utf-8"
    )

    assert read_project(tmp_path / "project.json") == {"a": [1, 2.5, -300.0, True, None], "b": 'Größe " [{,'}
