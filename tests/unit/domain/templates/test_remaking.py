"""Payloads made again."""

from __future__ import annotations

from builders import content, contract, intent, record, template

from bot.domain.contract import Field
from bot.domain.ids import RecordId
from bot.domain.templates.remaking import remake
from bot.domain.templates.template import Label, Payload, fill


def test_the_same_promise_makes_the_same_bytes():
    """Content, template, record, job id and attempt are all that goes into a payload; fallbacks included."""
    promise = intent("raaab", content=content("Big sale", badge="New"), attempt=2)
    sent = fill(template(), record("Big sale", badge="New"), Label(RecordId("raaab"), promise.job_id, 2))

    assert remake(promise, template()) == sent
    assert isinstance(sent, Payload)


def test_content_that_no_longer_passes_says_why():
    """A stricter program, or another contract, refuses by name of the column."""
    strict = template(contract=contract(*(Field(f.key, f.column, max_chars=2) for f in contract().fields)))
    found = remake(intent("raaab", content=content("Big sale")), strict)

    assert [problem.column for problem in found] == ["Headline", "Price"]
