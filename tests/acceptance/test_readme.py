"""The README is tested: what it names exists, and what exists is named."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from bot import settings
from bot.adapters import contract_file
from bot.adapters.built_in_templates import built_in_names, find_template
from bot.adapters.template_folder import load_template
from bot.cli import commands
from bot.domain import wording
from bot.domain.contract import FieldType, PeopleColumn, RobotColumn
from bot.domain.failures import ProblemCode
from bot.domain.gates import Stop
from bot.domain.holds import HoldKind
from bot.domain.news import Topic

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_is_named_and_exists():
    """The table of commands lists exactly the commands there are."""
    named = set(re.findall(r"^\| `rowreel ([a-z]+)`", README, re.MULTILINE))

    assert named == set(commands.commands)


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_every_named_option_exists(name: str):
    """Options in a command's line of the table are options of that command, and none of its own is missing."""
    line = next(line for line in README.splitlines() if line.startswith(f"| `rowreel {name}`"))
    named = set(re.findall(r"(--[a-z-]+)", line))
    command = commands.commands[name]
    parts = list(command.commands.values()) if isinstance(command, click.Group) else [command]
    own = {
        option
        for part in parts
        for one in part.params
        if isinstance(one, click.Option)
        for option in one.opts
    }

    assert named == own - {"--config"}
    assert all(f"`{part.name}`" in line for part in parts if part is not command)


def _settings(model: type[BaseModel], prefix: str = "") -> set[str]:
    parts = {
        "journal": settings.JournalSettings,
        "google": settings.GoogleSettings,
        "zvid": settings.ZvidSettings,
        "queue": settings.QueueSettings,
        "budget": settings.BudgetSettings,
        "media": settings.MediaSettings,
        "delivery": settings.DeliverySettings,
        "watch": settings.WatchSettings,
        "notify": settings.NotifySettings,
        "webhooks": settings.WebhookSettings,
        "log": settings.LogSettings,
        "sheets": settings.SheetSettings,
    }
    assert set(settings.Settings.model_fields) == {*parts, "folder"}
    return {f"{part}.{name}" for part, inner in parts.items() for name in inner.model_fields}


def test_every_setting_is_named_and_exists():
    """The table of settings lists exactly the settings there are."""
    table = README.split("## Settings")[1].split("\n## ")[0]
    lines = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = {name for line in lines for name in re.findall(r"`([a-z_.]+)`", line)}

    assert named == _settings(settings.Settings)


def test_every_topic_of_a_message_is_named():
    """Programs sort by them."""
    listed = README.split("each with `topic` (")[1].split(")")[0]

    assert set(re.findall(r"`([^`]+)`", listed)) == {*Topic, "batch ended"}


def test_every_status_word_is_named_and_exists():
    """The table of states lists exactly the words a Status cell can begin with."""
    table = README.split("| `Status` | meaning")[1].split("\n\n")[0]
    named = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)

    assert sorted(named) == sorted(wording.STATUS_WORDS)


def test_every_problem_code_is_named_and_exists():
    """The table of problem codes lists exactly the codes a row can show."""
    table = README.split("| `Problem code` | status")[1].split("\n\n")[0]
    named = [code for line in table.splitlines() for code in re.findall(r"`([A-Z]+(?:-[A-Z0-9]+)*)`", line)]

    assert sorted(named) == sorted(ProblemCode)


def test_every_hold_is_named_and_exists():
    """The table of holds lists exactly what can keep rows back, by the names `status` uses."""
    table = README.split("| hold | stops |")[1].split("\n\n")[0]
    named = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)

    assert sorted(named) == sorted((*Stop, *HoldKind))


def test_every_column_is_named():
    """People can look every column up."""
    for column in (*PeopleColumn, *RobotColumn):
        assert f"`{column}`" in README


@pytest.mark.parametrize("name", built_in_names())
def test_every_template_is_named_with_its_columns(name: str):
    """The part about templates has each one's columns in its contract's order, the required ones in bold."""
    part = README.split("## Templates")[1].split("\n## ")[0]
    line = next(piece for piece in part.split("\n\n") if piece.startswith(f"**`{name}`**"))
    fields = load_template(find_template(Path(name))).contract.fields

    named = re.findall(r"(\*\*)?`([^`]+)`", line)[1:]
    assert named == [("**" if one.required else "", one.column) for one in fields]


def test_every_key_of_a_contract_is_named_and_exists():
    """The table of contract.toml lists exactly the keys there are."""
    table = README.split("| key | default | meaning |")[1].split("\n\n")[0]
    lines = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = {key for line in lines for key in re.findall(r"`([a-z_.*]+)`", line)}
    tables = {
        "": contract_file.ContractFile,
        "output.": contract_file.OutputEntry,
        "formats.*.": contract_file.FormatEntry,
        "fields.*.": contract_file.FieldEntry,
        "fit.": contract_file.FitEntry,
    }
    keys = {f"{prefix}{key}" for prefix, model in tables.items() for key in model.model_fields}

    assert named == keys - {"output", "fields"}


def test_every_type_of_a_field_is_named_and_exists():
    """The table of types lists exactly the types there are."""
    table = README.split("| `type` of a field")[1].split("\n\n")[0]
    lines = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = {kind for line in lines for kind in re.findall(r"`([a-z]+)`", line)}

    assert named == set(FieldType)


def test_the_example_settings_are_valid_and_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The example file loads, and shows every setting with its default."""
    example = (ROOT / "deploy" / "bot.example.toml").read_text(encoding="utf-8")
    (tmp_path / "bot.toml").write_text(example)

    loaded = settings.load_settings(tmp_path / "bot.toml")

    assert loaded.zvid == settings.ZvidSettings()
    assert loaded.queue == settings.QueueSettings()
    for name in _settings(settings.Settings):
        assert re.search(rf"^(# )?{name.split('.')[1]} =", example, re.MULTILINE), name


def test_every_file_the_readme_points_to_exists():
    """Paths and pictures are there."""
    for path in re.findall(r"\]\((\.[^)#]+)\)", README):
        assert (ROOT / path).exists()
    for path in (
        "deploy/Dockerfile",
        "deploy/compose.yaml",
        "deploy/rowreel.service",
        "bot/templates/builtin",
    ):
        assert (ROOT / path).exists()
