"""The templates port: a folder somebody edits, real files and the fake alike."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest
from fakes.clock import FakeClock
from fakes.templates import FakeTemplates

from bot.adapters.template_folder import BUILT_IN, TemplateError, load_template
from bot.adapters.template_watch import TemplateWatch
from bot.domain.templates.designs import Design
from bot.ports import Templates

SETTLES = 1.1


class Designer(Protocol):
    """Whoever works on the template."""

    clock: FakeClock

    def open(self) -> Templates: ...
    def edit(self, version: str) -> None: ...
    def spoil(self) -> None: ...


class OnDisk:
    """With an editor, in the folder itself."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.folder = folder / "template"
        shutil.copytree(BUILT_IN, self.folder)
        self.contract = self.folder / "contract.toml"

    def open(self) -> Templates:
        return TemplateWatch(self.folder, self.clock)

    def edit(self, version: str) -> None:
        said = self.contract.read_text(encoding="utf-8")
        mended = said.removeprefix("= = =\n").replace('version = "1"', f'version = "{version}"')
        self.contract.write_text(mended, encoding="utf-8")

    def spoil(self) -> None:
        self.contract.write_text("= = =\n" + self.contract.read_text(encoding="utf-8"), encoding="utf-8")


class InMemory:
    """By hand."""

    def __init__(self, _folder: Path) -> None:
        self.clock = FakeClock()
        self.template = load_template(BUILT_IN)
        self.templates = FakeTemplates(self.template)

    def open(self) -> Templates:
        return self.templates

    def edit(self, version: str) -> None:
        self.templates.edit(replace(self.template, version=version))

    def spoil(self) -> None:
        self.templates.spoil("contract.toml cannot be parsed.")


@pytest.fixture(params=[OnDisk, InMemory])
def designer(request: pytest.FixtureRequest, tmp_path: Path) -> Designer:
    made: Designer = request.param(tmp_path)
    return made


@pytest.fixture
def disk(tmp_path: Path) -> OnDisk:
    return OnDisk(tmp_path)


def after_a_while(designer: Designer, templates: Templates) -> Design:
    """The look once files have kept still."""
    templates.look()
    designer.clock.advance(SETTLES)
    return templates.look()


def test_nothing_changes(designer: Designer):
    """The very same template with every look, so that nothing is judged again."""
    templates = designer.open()
    first, second = templates.look(), after_a_while(designer, templates)

    assert first.template is second.template
    assert (first.trouble, first.is_changing) == ("", False)


def test_edit_is_noticed_then_believed(designer: Designer):
    """At once nobody may rely on the old version any more; the new one counts once its files keep still."""
    templates = designer.open()
    before = templates.look()
    designer.edit("2")
    at_once = templates.look()
    designer.clock.advance(SETTLES)
    then = templates.look()

    assert (at_once.template.version, at_once.is_changing) == (before.template.version, True)
    assert (then.template.version, then.is_changing, then.trouble) == ("2", False, "")
    assert then.template.hash != before.template.hash


def test_broken_edit_keeps_the_last_version(designer: Designer):
    """It says what is wrong, and what rows can be judged by meanwhile."""
    templates = designer.open()
    before = templates.look()
    designer.spoil()
    broken = after_a_while(designer, templates)

    assert broken.template is before.template
    assert "contract.toml cannot be parsed" in broken.trouble


def test_broken_edit_is_mended(designer: Designer):
    """Whatever was saved last counts."""
    templates = designer.open()
    designer.spoil()
    after_a_while(designer, templates)
    designer.edit("3")
    mended = after_a_while(designer, templates)

    assert (mended.template.version, mended.trouble) == ("3", "")


# -- real files --------------------------------------------------------------------


def test_touched_files_are_the_same_version(disk: OnDisk):
    """Copied anew, or saved without a change: the hash is what counts."""
    templates = disk.open()
    before = templates.look()
    os.utime(disk.contract, (1, 1))
    touched = templates.look()
    disk.clock.advance(SETTLES)

    assert touched.is_changing
    assert templates.look().template.hash == before.template.hash


def test_half_saved_is_not_read(disk: OnDisk):
    """As long as one file after the other is written, nothing is believed."""
    templates = disk.open()
    seen = []
    for version in ("2", "3"):
        disk.contract.write_text(
            (BUILT_IN / "contract.toml").read_text(encoding="utf-8").replace('"1"', f'"{version}"', 1),
            encoding="utf-8",
        )
        os.utime(disk.contract, (1, int(version)))
        seen.append(templates.look())
        disk.clock.advance(0.6)
    seen.append(templates.look())
    disk.clock.advance(0.6)

    assert [one.is_changing for one in seen] == [True] * 3
    assert templates.look().template.version == "3"


def test_project_file_counts(disk: OnDisk):
    """A picture moved by a pixel is another version, whatever the contract calls it."""
    templates = disk.open()
    before = templates.look()
    project = disk.folder / "wide.json"
    project.write_text(project.read_text(encoding="utf-8").replace("#0A0E1C", "#0A0E1D", 1), encoding="utf-8")
    after = after_a_while(disk, templates)

    assert after.template.version == before.template.version
    assert after.template.hash != before.template.hash


@pytest.mark.parametrize(
    "harm",
    [
        shutil.rmtree,
        lambda folder: (folder / "wide.json").unlink(),
        lambda folder: (folder / "wide.json").write_text("{"),
    ],
    ids=["no folder", "no project", "half a project"],
)
def test_what_is_gone_is_trouble(disk: OnDisk, harm: Callable[[Path], object]):
    """Named for whoever mends it, and no end of the robot."""
    templates = disk.open()
    harm(disk.folder)
    broken = after_a_while(disk, templates)

    assert broken.trouble
    assert "Traceback" not in broken.trouble


def test_deep_and_many_files(disk: OnDisk):
    """What lies beside a template is not gone through without an end."""
    (disk.folder / "1" / "2" / "3" / "4" / "5").mkdir(parents=True)
    (disk.folder / "around").symlink_to(disk.folder, target_is_directory=True)
    templates = disk.open()
    (disk.folder / "1" / "2" / "3" / "4" / "5" / "deep.txt").write_text("x")
    unseen = templates.look()
    (disk.folder / "1" / "note.txt").write_text("x")

    assert not unseen.is_changing
    assert templates.look().is_changing


def test_broken_from_the_start(disk: OnDisk):
    """Without any version that could be used there is nothing to go on with."""
    disk.spoil()

    with pytest.raises(TemplateError, match="cannot be parsed"):
        disk.open()
