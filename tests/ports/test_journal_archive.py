"""Template versions in the journal: whole, and known again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from builders import NOW, intent, payload, template
from fakes.world import fresh_journal

from bot.adapters.journal import SqliteJournal
from bot.adapters.journal_archive import JournalArchive
from bot.adapters.journal_laws import look_over
from bot.adapters.template_folder import BUILT_IN, load_template
from bot.domain.ids import TemplateHash
from bot.domain.templates.template import Template
from bot.planner.actions import Propose
from bot.ports import JournalError

BODY = payload('{"name":"big-sale"}')


def kept(path: Path, *designs: Template) -> None:
    """A journal with one promise for each design."""
    journal = fresh_journal(path)
    for number, design in enumerate(designs):
        made = intent(f"raaa{'abcdefgh'[number]}", payload_hash=BODY.hash, template_hash=design.hash)
        journal.apply([Propose(made, BODY, design)], NOW)
    journal.close()


def shelf() -> list[Template]:
    """The default template, and all built-in ones."""
    folders = sorted(path.parent for path in BUILT_IN.parent.glob("*/contract.toml"))
    return [template(), *(load_template(folder) for folder in folders)]


def test_every_template_is_read_back_as_it_was(tmp_path: Path):
    """Contract, projects, name rule: the same hash; only what measures texts stays with the folder."""
    designs = shelf()
    kept(tmp_path / "journal.db", *designs)
    with closing(JournalArchive(tmp_path / "journal.db")) as archive:
        again = [archive.template(design.hash) for design in designs]

    assert again == designs
    assert [one.hash for one in again if one] == [one.hash for one in designs]


def test_a_template_kept_without_its_contract_gets_it(tmp_path: Path):
    """With the next row that uses it: an older program kept only the projects."""
    path = tmp_path / "journal.db"
    kept(path, template())
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE templates SET contract = NULL")
        file.commit()
    with closing(JournalArchive(path)) as archive:
        before = archive.template(template().hash)
    journal = SqliteJournal(path)
    made = intent("rbbbb", payload_hash=BODY.hash, template_hash=template().hash)
    journal.apply([Propose(made, BODY, replace(template(), title="Renamed"))], NOW)
    journal.close()
    with closing(JournalArchive(path)) as archive:
        after = archive.template(template().hash)

    assert before is None
    assert after == template()


@pytest.mark.parametrize(
    "spoil",
    ["UPDATE templates SET projects = '{'", "UPDATE templates SET contract = '{'"],
    ids=["projects", "contract"],
)
def test_a_template_nobody_can_read_is_damage(tmp_path: Path, spoil: str):
    """For whoever asks for it, and for whoever looks the journal over."""
    path = tmp_path / "journal.db"
    kept(path, template())
    with closing(sqlite3.connect(path)) as file:
        file.execute(spoil)
        file.commit()
    with closing(JournalArchive(path)) as archive, pytest.raises(JournalError, match="is damaged"):
        archive.template(template().hash)
    wrong = [finding.law for finding in look_over(path) if not finding.holds]

    assert "every intent has its template" in wrong


def test_a_template_that_is_gone_is_damage(tmp_path: Path):
    """Intents never outlive their template."""
    kept(tmp_path / "journal.db")
    with (
        closing(JournalArchive(tmp_path / "journal.db")) as archive,
        pytest.raises(JournalError, match="is gone"),
    ):
        archive.template(TemplateHash("0" * 64))
