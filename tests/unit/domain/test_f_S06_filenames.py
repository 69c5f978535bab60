"""Names of delivered files: whatever a cell holds, a name stays within its folder and within its part."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from builders import content, intent
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.filenames import file_name, numbered, public_link, rule_flaw
from bot.domain.intents import State

DONE = intent(state=State.COMPLETED)
RULE = "{date}/{headline}-{row_id}"


def named(headline: str, rule: str = RULE) -> str:
    return file_name(rule, intent(state=State.COMPLETED, content=content(headline)))


@pytest.mark.parametrize(
    ("headline", "name"),
    [
        ("Big sale", "Big-sale-raaab"),
        ("../../x", "x-raaab"),
        ("..", "raaab"),
        ("/etc/passwd", "etc-passwd-raaab"),
        (r"C:\x", "C-x-raaab"),
        ("a\0b", "a-b-raaab"),
        ("  .hidden ", "hidden-raaab"),
        ("Größe 👩\u200d👧", "Größe-👩-👧-raaab"),
        ("x\u202egpj.exe", "x-gpj.exe-raaab"),
        ("50 % off?", "50-off-raaab"),
        ("50 % / ../../etc", "50-etc-raaab"),
        ("line\nline", "line-line-raaab"),
    ],
)
def test_f_S06_what_a_cell_holds_stays_one_part_of_the_name(headline: str, name: str):
    """Separators, drives, control signs and signs that draw nothing are replaced; nothing hides."""
    assert named(headline) == f"2026-08-03/{name}"


@pytest.mark.parametrize("device", ["CON", "nul", "Com1", "lpt9.mp4", "aux.tar.gz", "COM¹"])
def test_f_S06_no_name_is_a_device(device: str):
    """What Windows takes for a device is none with a sign in front."""
    assert named(device, "{headline}/{row_id}") == f"_{device}/raaab"


def test_f_S06_a_trailing_dot_is_cut():
    """Windows drops it, so that two names would be one."""
    assert named("sale...", "{row_id} {headline}") == "raaab-sale"


def test_f_S06_nothing_at_all_is_called_something():
    """A part that comes out empty still is a part."""
    assert named("...", "{headline}/{row_id}") == "video/raaab"


@given(st.text(max_size=400))
@example("é" * 300)
@example("👩" * 300)
def test_f_S06_any_text_makes_a_name_that_every_file_system_takes(text: str):
    """At most 150 bytes a part, no part of dots, no separator but the rule's own."""
    name = named(text)
    folder, _, last = name.partition("/")

    assert folder == "2026-08-03"
    assert 0 < len(last.encode()) <= 150
    assert not re.search(r'[\\/:*?"<>|\x00-\x1f]', last)
    assert last == last.strip(" .")


def test_the_same_promise_has_the_same_name():
    """Whatever is said of it later; a promise without its end goes by its last change."""
    rule = "{date}/{name}-{format}-{attempt}-{nobody}"
    earlier = replace(DONE, finished_at=None)

    assert file_name(rule, DONE) == "2026-08-03/big-sale-raaab-wide-1"
    assert file_name(rule, earlier) == file_name(rule, DONE)


@pytest.mark.parametrize(
    ("number", "name"),
    [(1, "a/b.mp4"), (2, "a/b-2.mp4"), (11, "a/b-11.mp4")],
    ids=["first", "second", "more"],
)
def test_later_files_of_one_name_are_numbered(number: int, name: str):
    """The first one is not."""
    assert numbered("a/b", number, ".mp4") == name


def test_lasting_link_is_spelled_for_browsers():
    """Folders stay folders; blanks and letters are written as addresses are. Without a base there is none."""
    assert (
        public_link("https://cdn.example/v/", "a b/ü#1.mp4") == "https://cdn.example/v/a%20b/%C3%BC%231.mp4"
    )
    assert public_link("", "a.mp4") is None


@pytest.mark.parametrize("rule", ["{date}/{name}", "{row_id}", "a/b/c/d/e/{headline}-{row_id}"])
def test_good_rules(rule: str):
    """Folders, placeholders, and something that tells videos apart."""
    assert rule_flaw(rule) is None


@pytest.mark.parametrize(
    ("rule", "flaw"),
    [
        ("  ", "empty"),
        ("{name", "brace"),
        ("a/b/c/d/e/f/{name}", "folders"),
        ("../{name}", "no name"),
        ("/{name}", "no name"),
        ("{date}", "told apart"),
        ("{name}/{date}", "told apart"),
    ],
)
def test_bad_rules_are_refused_with_the_reason(rule: str, flaw: str):
    """Before the robot starts."""
    assert flaw in str(rule_flaw(rule))
