"""Identities: computed, never drawn twice, and safe in a spreadsheet."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from builders import NAMESPACE, TAB, content
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import (
    IntentName,
    RecordId,
    RecordKey,
    TabKey,
    canonical_json,
    derive_job_id,
    is_spreadsheet,
    sha256,
    short_spreadsheet,
    spell_record_id,
    spreadsheet_id,
)

NAME = IntentName(RecordKey(TAB, RecordId("raaab")), "wide", content().fingerprint, 0)


def test_same_intent_same_job_id():
    """The same intent has the same job id after any crash: it is computed from nothing but its name."""
    again = IntentName(
        RecordKey(TabKey("spreadsheet-1", 0), RecordId("raaab")), "wide", content().fingerprint, 0
    )

    assert derive_job_id(NAMESPACE, NAME) == derive_job_id(NAMESPACE, again)


@pytest.mark.parametrize(
    "other",
    [
        replace(NAME, key=RecordKey(TabKey("spreadsheet-2", 0), RecordId("raaab"))),
        replace(NAME, key=RecordKey(TabKey("spreadsheet-1", 1), RecordId("raaab"))),
        replace(NAME, key=RecordKey(TAB, RecordId("raaac"))),
        replace(NAME, format="square"),
        replace(NAME, fingerprint=content("Big sale!").fingerprint),
        replace(NAME, attempt=1),
    ],
    ids=["spreadsheet", "tab", "record", "format", "content", "attempt"],
)
def test_one_difference_another_job_id(other):
    """Whatever tells one intent from another gives it another job."""
    assert derive_job_id(NAMESPACE, other) != derive_job_id(NAMESPACE, NAME)


def test_other_installation_other_job_id():
    """Two installations on the same sheet never share a job."""
    assert derive_job_id(uuid.uuid4(), NAME) != derive_job_id(NAMESPACE, NAME)


def test_parts_of_a_name_do_not_run_together():
    """Moving a sign from one part of the name to the next makes another name."""
    ab = replace(NAME, key=RecordKey(TAB, RecordId("rab")), format="c")
    a = replace(NAME, key=RecordKey(TAB, RecordId("ra")), format="bc")

    assert derive_job_id(NAMESPACE, ab) != derive_job_id(NAMESPACE, a)


def test_job_id_is_a_uuid_the_service_reads():
    """Lower-case, hyphenated, version 5."""
    job = derive_job_id(NAMESPACE, NAME)

    assert str(uuid.UUID(job)) == job
    assert uuid.UUID(job).version == 5


@given(st.binary(min_size=5, max_size=5))
def test_record_ids_survive_a_spreadsheet(noise):
    """An id is never taken for a number, and dragging the fill handle cannot count it up."""
    spelled = spell_record_id(noise)

    assert spelled.startswith("r")
    assert spelled[-1].isalpha()
    assert spelled == spelled.lower()
    assert len(spelled) == 6
    assert not set(spelled) & set("01ilo")


def test_canonical_json_is_one_spelling():
    """Equal values have equal text, whatever order they were built in."""
    assert canonical_json({"b": 1, "a": ["ü"]}) == canonical_json({"a": ["ü"], "b": 1}) == '{"a":["ü"],"b":1}'


def test_canonical_json_has_no_nan():
    """What is no JSON number cannot get into a payload."""
    with pytest.raises(ValueError, match="JSON"):
        canonical_json(float("nan"))


def test_digest_takes_any_text():
    """Lone surrogates, which a sheet cannot hold but a test can, do not break a digest."""
    assert sha256("\ud800") != sha256("\ud801")


def test_a_record_key_prints_as_its_record():
    """Log lines name a record as its cell does."""
    assert str(NAME.key) == "raaab"


@pytest.mark.parametrize(
    "address",
    [
        "https://docs.google.com/spreadsheets/d/1aB_c-9/edit?gid=0#gid=0",
        "https://docs.google.com/spreadsheets/u/1/d/1aB_c-9/edit",
        " 1aB_c-9 ",
    ],
)
def test_a_spreadsheet_has_one_name(address: str):
    """Whichever account it is open with, and copied with blanks around it."""
    assert spreadsheet_id(address) == "1aB_c-9"
    assert is_spreadsheet(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://docs.google.com/spreadsheets/d/…",
        "https://docs.google.com/spreadsheets/d/e/2PACX-1vT/pubhtml",
        "https://docs.google.com/document/d/1aB_c-9/edit",
        "my sheet",
        "",
    ],
)
def test_what_is_no_spreadsheet(address: str):
    """An address that was cut, a page made of a sheet, another kind of file, a title."""
    assert not is_spreadsheet(address)


def test_short_names_of_spreadsheets():
    """The end of Google's long ones; a practice sheet is called what it is called."""
    assert short_spreadsheet("1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms") == "…E2upms"
    assert short_spreadsheet("practice") == "practice"
