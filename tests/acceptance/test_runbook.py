"""The runbook is tested: every hold, status word, code and alert has one line, and none is about what is gone."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import yaml

from bot.cli import commands
from bot.domain import wording
from bot.domain.failures import ProblemCode
from bot.domain.vitals import HOLDS
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "deploy" / "RUNBOOK.md").read_text(encoding="utf-8")
ALERTS = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8"))


def lines(title: str) -> list[list[str]]:
    """The cells of each line of the table below a heading, without its header."""
    part = RUNBOOK.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in part.splitlines()
        if line.startswith("| `")
    ]


@pytest.mark.parametrize(
    ("title", "all_of_them"),
    [
        ("Holds", list(HOLDS)),
        ("Status", list(wording.STATUS_WORDS)),
        ("Problem codes", list(ProblemCode)),
        ("Alerts", [rule["alert"] for group in ALERTS["groups"] for rule in group["rules"]]),
    ],
)
def test_each_has_one_line_with_what_to_do(title: str, all_of_them: list[str]):
    """Whatever people can meet is there once, with something to do, and nothing else is."""
    named = [name for cells in lines(title) for name in re.findall(r"`([^`]+)`", cells[0])]

    assert sorted(named) == sorted(all_of_them)
    assert all(cell for cells in lines(title) for cell in cells)


def test_what_people_see_is_what_the_sheet_says():
    """Words in quotes stand in the sheet's own sentences."""
    folder = ROOT / "bot" / "domain" / "wording"
    said = " ".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    sentences = re.sub(r'"\s+(f?)"', "", said)
    quoted = re.findall(r"“([^”]+)”", RUNBOOK)

    assert len(quoted) >= len(HOLDS) - 3
    assert [words for words in quoted if words not in sentences] == []


def test_who_acts_is_one_of_the_four():
    """Nobody has to guess whose turn it is."""
    for title in ("Holds", "Problem codes"):
        for cells in lines(title):
            assert set(cells[-1].split(", ")) <= {"admin", "team", "video team", "robot"}, cells


def test_its_commands_and_settings_exist():
    """Commands have the options named, and settings are settings."""
    for words in re.findall(r"`rowreel ((?:[a-z]+ ?)[^`]*)`", RUNBOOK):
        name, *rest = words.split()
        command = commands.commands[name]
        if isinstance(command, click.Group):
            command = command.commands[rest[0]]
        options = {option for one in command.params for option in one.opts}
        assert {word for word in rest if word.startswith("--")} <= options, words
    for part, field in re.findall(r"`(\w+)\.(\w+)(?: = [^`]+)?`", RUNBOOK):
        if part in Settings.model_fields and (part, field) != ("journal", "db"):
            inner = Settings.model_fields[part].annotation
            assert part == "sheets" or field in getattr(inner, "model_fields", {}), f"{part}.{field}"


def test_its_links_lead_somewhere():
    """Headings and files it points to are there."""
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ")).strip().lower().replace(" ", "-")
        for line in RUNBOOK.splitlines()
        if line.startswith("#")
    }
    for target in re.findall(r"\]\(([^)]+)\)", RUNBOOK):
        if target.startswith("#"):
            assert target[1:] in headings
        else:
            assert (ROOT / "deploy" / target).exists()
    for name in re.findall(r"`([\w-]+\.(?:yml|yaml|json|txt|service))`", RUNBOOK):
        if name != "service-account.json":
            assert (ROOT / "deploy" / name).exists(), name
