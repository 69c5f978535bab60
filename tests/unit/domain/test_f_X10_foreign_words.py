"""What a service or somebody's cell says stays words: bounded, in one line, and never a formula or a command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import wording

FOREIGN = {
    "refused": wording.refused_by_service,
    "state": wording.in_service_words,
    "log": lambda said: wording.happened("Failed", "Not charged.", said),
    "breaker": lambda said: wording.board_breaker(5, said),
    "cell": lambda said: wording.should_look_like("Accent colour", "#2DD4BF", said),
    "rule": lambda said: wording.breaks_a_rule("Count", "must be a number from 0 to 1", said),
    "choice": lambda said: wording.unknown_choice("Mood", said, ("Calm", "Loud")),
    "column": wording.missing,
}
HOSTILE = [
    "\x1b[31mred\x1b[0m\x07",
    "\x00\x9b2J",
    '=IMPORTXML("https://e.example")',
    "+1", "-1", "@SUM(A1)", "\t=1", "\r=1",
    "line\nafter\r\nline\u2028end",
    "\u202eevil\u2066\u202c",
    "<script>alert(1)</script>",
    "{{price}}",
    "x" * 60_000,
    "\n" * 60_000,
]  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("said", HOSTILE)
def test_f_X10_hostile_words(name, said):
    """Each sentence holds them without becoming anything else."""
    check(FOREIGN[name](said))


@pytest.mark.parametrize("name", FOREIGN)
@given(said=st.text(max_size=200))
def test_f_X10_any_words(name, said):
    """So it does with any other text."""
    check(FOREIGN[name](said))


def check(text):
    assert len(text) <= 300
    assert text[:1] not in set("=+-@\t\r\n")
    assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 for sign in text)
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029") & set(text)
