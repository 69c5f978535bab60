"""Placeholders: a project's own variables are settled once, in bounds; what a row fills is left for it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.templates.placeholders import Settler, spelled


def settled(project, fillable=("headline",)):
    settler = Settler(set(fillable))
    return settler.settled(project), settler


@pytest.mark.parametrize(
    ("text", "variables", "after"),
    [
        ("{{headline}}", {"headline": "Sample"}, "{{headline}}"),
        ("{{ brand }}", {"brand": "Acme"}, "Acme"),
        ("By {{brand}}!", {"brand": "Acme"}, "By Acme!"),
        ("{{size}}", {"size": 42}, 42),
        ("{{size}}px", {"size": 42.0}, "42px"),
        ("{{on}} {{off}} {{nothing}}.", {"on": True, "off": False, "nothing": None}, "true false ."),
        ("{{greeting}}", {"greeting": "Hi {{headline}}"}, "Hi {{headline}}"),
        ("{{a}}", {"a": "{{b}}", "b": "{{c}}", "c": [1, "{{brand}}"], "brand": "Acme"}, [1, "Acme"]),
        ("{{shop.name}} {{shop.tags.1}}", {"shop": {"name": "Acme", "tags": ["x", "y"]}}, "Acme y"),
        ("{{shop}}", {"shop": {"name": "{{headline}}"}}, {"name": "{{headline}}"}),
        ("is {{shop}}", {"shop": {"name": "Größe"}}, 'is {"name":"Größe"}'),
    ],
)
def test_own_variables(text, variables, after):
    """A project's variables become plain values, with their type where the placeholder is the whole text."""
    project, settler = settled({"visuals": [{"text": text}], "variables": variables})

    assert project == {"visuals": [{"text": after}]}
    assert not settler.flaws
    assert not settler.unknown
    assert settler.constants == set(variables) - {"headline"}


def test_a_scene_has_variables_of_its_own():
    """Inside a scene they stand before the project's."""
    scene = {"id": "{{mood}}", "variables": {"mood": "calm"}}
    project, settler = settled({"scenes": [scene, {"id": "{{mood}}"}], "variables": {"mood": "loud"}})

    assert project == {"scenes": [{"id": "calm"}, {"id": "loud"}]}
    assert not settler.flaws


def test_a_scene_may_not_hide_a_field():
    """What a row fills would never be shown there."""
    _, settler = settled({"scenes": [{"variables": {"headline": "Hi"}}]})

    assert [str(flaw) for flaw in settler.flaws] == [
        "scenes[0].variables.headline: hides [fields.headline]; rename the scene's variable"
    ]


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("{{tagline}}", {"tagline"}),
        ("{{headline.name}}", {"headline.name"}),
        ("{{shop.none}}", {"shop.none"}),
        ("{{shop.tags.9}}", {"shop.tags.9"}),
        ("{{shop.tags.x}}", {"shop.tags.x"}),
        ("{{shop.__proto__}}", {"shop.__proto__"}),
        ("{{a}}", {"a", "b"}),
    ],
)
def test_what_nothing_fills(text, unknown):
    """Names without a value, paths that lead nowhere and circles are told."""
    variables = {"shop": {"tags": ["x"]}, "a": "{{b}}", "b": "{{a}}"}
    _, settler = settled({"text": text, "variables": variables})

    assert settler.unknown & unknown
    assert settler.unknown <= unknown


@pytest.mark.parametrize(
    "text", ["{{", "{{ }}", "{{1st}}", "{{a | upper}}", "{{#each}}", "{{headline", "a{{b c}}"]
)
def test_f_X06_no_other_language(text):
    """There are names and nothing else: no filters, no loops, no arithmetic."""
    _, settler = settled({"visuals": [{"text": text}]})

    assert [str(flaw) for flaw in settler.flaws] == [
        'visuals[0].text: holds "{{" that begins no placeholder like {{name}}'
    ]


@pytest.mark.parametrize(
    "variables",
    [
        {f"v{n}": f"{{{{v{n + 1}}}}}" * 10 for n in range(9)} | {"v9": "ha" * 50},
        {"v0": "{{v1}}" * 100_000, "v1": "x" * 900_000},
    ],
    ids=["doubling", "many times long"],
)
def test_f_X06_variables_do_not_explode(variables):
    """A small project cannot fill the memory, nor take long."""
    started = time.thread_time()
    project, settler = settled({"text": "{{v0}}{{v0}}", "variables": variables})

    assert [flaw.words for flaw in settler.flaws] == ["its variables grow beyond two million characters"]
    assert project == {"text": ""}
    assert time.thread_time() - started < 2


def test_paths_are_spelled_as_in_javascript():
    """Authors find the place."""
    assert spelled(("scenes", 0, "visuals", 2, "svg")) == "scenes[0].visuals[2].svg"
    assert spelled(()) == "the project"


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c"]),
        st.recursive(
            st.sampled_from(["{{a}}", "{{b.x}}", "x{{c}}", "{{headline}}", 1, None, True]),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.just("x"), inner),
            max_leaves=4,
        ),
    )
)
def test_any_variables_come_to_an_end(variables):
    """Whatever variables say of each other, settling ends, and leaves no variable behind."""
    project, settler = settled({"text": "{{a}} {{b}}", "other": ["{{c}}"], "variables": variables})

    assert "variables" not in project
    if not settler.unknown and not settler.flaws:
        assert "{{a" not in str(project)
