"""A template edited while rows are under way: nobody's tick is lost, and nothing is sent that nobody has said yes to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.mortal import Life, ProcessDied
from fakes.world import TEMPLATE, World

from bot.domain.contract import Contract, Field
from bot.domain.control import BoardColumn
from bot.domain.templates.template import Template
from bot.planner.snapshot import Policy

NAMES = ("Spring", "Summer", "Autumn", "Winter")


def drawn(version: str, words: str, **changes: object) -> Template:
    """The world's template with other words in its picture."""
    projects = {
        name: {**one, "visuals": [{"type": "TEXT", "text": f"{{{{headline}}}} for {words} {{{{price}}}}"}]}
        for name, one in TEMPLATE.projects.items()
    }
    return replace(TEMPLATE, version=version, projects=projects, **changes)


def told(world: World) -> str:
    return str(world.sheet.said(BoardColumn.GOING_ON))


def bodies(world: World) -> list[str]:
    """What each paid job draws, in the order they were sent."""
    return [json.loads(charge.body)["visuals"][0]["text"] for charge in world.service.charges]


@pytest.fixture
def running(folder: Path) -> Iterator[World]:
    """Four approved rows, the first of which is being made."""
    world = World(folder, policy=Policy(max_in_flight=1))
    for name in NAMES:
        world.add(name)
    world.know_the_tab()
    world.approve(*NAMES)
    yield world
    world.close()


def test_edited_in_the_middle_of_a_run(running: World):
    """The job under way keeps its version; the rest wait for a word, then are made with the new one."""
    running.template = drawn("2", "only")
    running.service.finish()
    running.wait(30)
    held = [running.shown(name) for name in NAMES], running.shown("Summer", "What to do"), told(running)
    ticks = [running.shown(name, "Approve") for name in NAMES]
    running.sheet.say(BoardColumn.GO_AHEAD, True)
    running.settle()
    running.wait(130)

    assert held == (
        ["Done", "On hold", "On hold", "On hold"],
        "Waits for version 2 of the template. Tick Go ahead on Control to use it.",
        "Template version 2 is new: 3 rows wait, 27 credits. Tick Go ahead to use it.",
    )
    assert ticks == [True] * 4
    assert bodies(running) == [
        "Spring for 9 EUR",
        "Summer for only 9 EUR",
        "Autumn for only 9 EUR",
        "Winter for only 9 EUR",
    ]
    assert [running.shown(name) for name in NAMES] == ["Done"] * 4
    assert [running.shown(name, "Template version") for name in NAMES] == ["v1", "v2", "v2", "v2"]
    assert running.sheet.said(BoardColumn.MADE_WITH) == "3 with v2, 1 with v1"


def test_edited_while_the_robot_was_down(running: World):
    """The new process finds the same: what was approved with another version holds."""
    running.journal.close()
    running.template = drawn("2", "only")
    running.restart()
    running.service.finish()
    running.wait(60)
    held = running.shown("Summer", "What to do")
    running.restart()
    running.sheet.say(BoardColumn.GO_AHEAD, True)
    running.look()
    running.restart()
    running.settle()

    assert held == "Waits for version 2 of the template. Tick Go ahead on Control to use it."
    assert bodies(running)[1:] == [f"{name} for only 9 EUR" for name in NAMES[1:]]


def test_version_that_was_not_counted_up(running: World):
    """Told from the one before by some of its digits."""
    running.template = drawn("1", "only")
    running.service.finish()
    running.wait(30)
    digits = running.template.hash[:4]
    held = running.shown("Summer", "What to do")
    running.sheet.say(BoardColumn.GO_AHEAD, True)
    running.settle()
    running.wait(130)

    assert held == f"Waits for version 1+{digits} of the template. Tick Go ahead on Control to use it."
    assert running.sheet.said(BoardColumn.MADE_WITH) == f"3 with v1+{digits}, 1 with v1"


def test_broken_edit_and_its_mending(running: World):
    """Nothing is sent with the old version meanwhile; what is under way arrives, and mended rows go on."""
    [folder] = running.folders
    folder.spoil("wide.json is no JSON: line 3.")
    running.service.finish()
    running.wait(60)
    broken = [running.shown(name) for name in NAMES], running.shown("Summer", "What to do"), told(running)
    code = running.shown("Summer", "Problem code")
    folder.edit(running.template)
    running.settle()

    assert broken == (
        ["Done", "On hold", "On hold", "On hold"],
        'Template "Spring" has a problem. Your row is fine. Video team told.',
        "Template broken: wide.json is no JSON: line 3. Rows hold until it is mended.",
    )
    assert code == "TEMPLATE-BUG"
    assert [running.charges_for(name) for name in NAMES] == [1] * 4


def test_new_template_costs_more(running: World):
    """Go ahead is no word about a price: each row wants its own tick at what it costs by now."""
    running.service.finish()
    running.template = drawn("2", "only")
    running.service.price = 20
    running.wait(30)
    running.sheet.say(BoardColumn.GO_AHEAD, True)
    running.wait(30)

    assert len(running.service.charges) == 1
    assert [running.shown(name, "Approve") for name in NAMES] == [True, False, False, False]
    assert running.shown("Summer", "What to do") == (
        "Now 20 credits, was 9. Nothing was sent. Tick Approve if that is fine."
    )


def test_one_more_column(running: World):
    """Rows nobody edited keep their ticks and their videos, over a restart too; each is paid once, with the new column."""
    for name in NAMES:
        running.sheet.type(running.number(name), "Notes", f"for {name}")
    running.look()
    fields = (*TEMPLATE.contract.fields, Field("notes", "Notes"))
    more = replace(TEMPLATE, version="2", contract=Contract(fields, TEMPLATE.contract.formats))
    more = replace(more, projects={name: _noted(one) for name, one in more.projects.items()})
    running.template = more
    running.service.finish()
    running.wait(30)
    held = [running.shown(name) for name in NAMES], [running.shown(name, "Approve") for name in NAMES]
    running.restart()
    running.sheet.say(BoardColumn.GO_AHEAD, True)
    running.settle()

    assert held == (["Done", *["On hold"] * 3], [True] * 4)
    assert [running.shown(name) for name in NAMES] == ["Done"] * 4
    assert bodies(running) == ["Spring for 9 EUR", *(f"{name} for 9 EUR, for {name}" for name in NAMES[1:])]


def _noted(project: Mapping[str, object]) -> dict[str, object]:
    return {**project, "visuals": [{"type": "TEXT", "text": "{{headline}} for {{price}}, {{notes}}"}]}


def test_quiet_while_it_is_held(running: World):
    """A tab that waits for a word writes nothing, and its robot still sees every edit."""
    running.template = drawn("2", "only")
    running.service.finish()
    running.wait(130)
    writes = running.sheet.writes
    running.wait(60)
    quiet = running.sheet.writes - writes
    running.template = drawn("3", "just")
    running.wait(10)

    assert quiet <= 1
    assert told(running).startswith("Template version 3 is new: 3 rows wait")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("calls", range(1, 8))
def test_f_P01_killed_while_rows_are_made_anew(running: World, calls: int, *, after: bool):
    """Wherever the process dies around a Go ahead: asked again if it was not taken, each row paid once, as version 2."""
    running.service.finish()
    running.template = drawn("2", "only")
    running.wait(30)
    life = Life()
    running.restart(life)
    running.sheet.say(BoardColumn.GO_AHEAD, True)
    life.die_in(calls, after=after)
    with pytest.raises(ProcessDied):
        running.wait(60)
    running.restart()
    running.wait(30)
    if told(running).startswith("Template version"):
        running.sheet.say(BoardColumn.GO_AHEAD, True)
    running.settle()

    assert bodies(running) == ["Spring for 9 EUR", *(f"{name} for only 9 EUR" for name in NAMES[1:])]
    assert [running.shown(name) for name in NAMES] == ["Done"] * 4
