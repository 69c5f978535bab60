"""The placeholder language, rule by rule."""

import pytest

from bot.sandbox.zvid.placeholders import resolve


def filled(value: object, **known: object) -> object:
    """What a value becomes; fails on any problem."""
    project, problems = resolve({"visuals": [{"v": value}]}, known)
    assert problems == []
    return project["visuals"][0]["v"]


def places(project: dict, **known: object) -> list[str]:
    return [problem.field for problem in resolve(project, known)[1]]


@pytest.mark.parametrize(
    ("template", "known", "expected"),
    [
        ("{{a}}", {"a": 7}, 7),
        ("{{ a }}", {"a": True}, True),
        ("{{a}}", {"a": [1, 2]}, [1, 2]),
        ("{{a}}", {"a": None}, None),
        ("x{{a}}", {"a": 7}, "x7"),
        ("{{a}} {{b}}", {"a": "one", "b": "two"}, "one two"),
        ("x{{a}}y", {"a": None}, "xy"),
        ("x{{a}}", {"a": True}, "xtrue"),
        ("x{{a}}", {"a": 2.5}, "x2.5"),
        ("x{{a}}", {"a": {"b": [1]}}, 'x{"b":[1]}'),
        ("{{a.b.1}}", {"a": {"b": ["x", "y"]}}, "y"),
        ("{{a_1.B2}}", {"a_1": {"B2": "x"}}, "x"),
        ("<b>{{a}}</b>", {"a": "<i>&"}, "<b><i>&</b>"),
        ("no {braces} }}", {}, "no {braces} }}"),
    ],
)
def test_values(template, known, expected):
    """A lone placeholder keeps the value's type, one among words becomes text; nothing is escaped."""
    got = filled(template, **known)

    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize("path", ["b", "a.c", "a.0", "list.9", "__proto__", "a.constructor"])
def test_unresolved(path):
    """A name nobody gave is refused at its place."""
    project = {"visuals": [{"text": f"Hi {{{{{path}}}}}"}]}

    assert places(project, a={"b": 1}, list=[1]) == ["visuals[0].text"]


@pytest.mark.parametrize("inner", ["a | upper", "a + 1", "1a", "a..b", "", "a-b"])
def test_malformed(inner):
    """There are no filters, no arithmetic and no odd names."""
    assert places({"name": f"{{{{{inner}}}}}"}, a=1) == ["name"]


def test_request_beats_project():
    """The request's variables win over the project's own."""
    project = {"name": "{{a}}-{{b}}", "variables": {"a": "own", "b": "own"}}

    assert resolve(project, {"a": "given"}) == ({"name": "given-own"}, [])


def test_scene_beats_both():
    """A scene's variables shadow both, inside that scene."""
    project = {
        "name": "{{a}}",
        "scenes": [{"variables": {"a": "scene"}, "id": "{{a}}"}, {"id": "{{a}}"}],
    }

    assert resolve(project, {"a": "given"})[0] == {
        "name": "given",
        "scenes": [{"id": "scene"}, {"id": "given"}],
    }


def test_variables_in_variables():
    """Variables may use each other, in any order."""
    project = {"name": "{{a}}", "variables": {"a": "{{b}}!", "b": "{{c}}", "c": "x"}}

    assert resolve(project, {})[0] == {"name": "x!"}


def test_cycle():
    """A cycle ends, and stays as it was written."""
    project, _ = resolve({"name": "{{a}}", "variables": {"a": "{{b}}", "b": "{{a}}"}}, {})

    assert project["name"] in {"{{a}}", "{{b}}"}


def test_growing_variables():
    """Variables that double each other do not fill the memory."""
    variables = {f"v{number}": f"{{{{v{number + 1}}}}}" * 30 for number in range(12)}
    project, problems = resolve({"name": "{{v0}}", "variables": {**variables, "v12": "x" * 30}}, {})

    assert problems or len(project["name"]) < 5_000_000


@pytest.mark.parametrize(
    ("condition", "stays"),
    [
        (True, True),
        (False, False),
        (None, False),
        ("{{yes}}", True),
        ("{{no}}", False),
        ("{{zero}}", False),
        ("{{empty}}", False),
        ("{{missing}}", False),
        ("{{word}}", True),
        ("", False),
        (0, False),
        ([], True),
    ],
)
def test_condition(condition, stays):
    """A falsy condition drops its object; the string "false" is truthy."""
    known = {"yes": True, "no": False, "zero": 0, "empty": "", "word": "false"}
    project, problems = resolve({"visuals": [{"condition": condition, "type": "TEXT"}]}, known)

    assert problems == []
    assert project["visuals"] == ([{"type": "TEXT"}] if stays else [])


def test_dropped_objects_need_no_values():
    """What is switched off may hold placeholders nobody can fill."""
    assert resolve({"scenes": [{"condition": False, "id": "{{nobody}}"}]}, {}) == ({"scenes": []}, [])


def test_a_scene_iterates_over_a_list():
    """One scene an item, with the item and its index inside, chained by the scene's own transition."""
    scenes = [
        {"id": "intro", "transition": "fade", "transitionId": "a"},
        {
            "id": "a",
            "iterate": "shop.items",
            "iterateAs": "it",
            "transition": "fade",
            "transitionId": "end",
            "name": "{{index}} {{it.name}}",
        },
        {"id": "end"},
    ]
    project, problems = resolve({"scenes": scenes}, {"shop": {"items": [{"name": "x"}, {"name": "y"}]}})

    assert problems == []
    assert [(one["id"], one.get("name"), one.get("transitionId")) for one in project["scenes"]] == [
        ("intro", None, "a-1"),
        ("a-1", "0 x", "a-2"),
        ("a-2", "1 y", "end"),
        ("end", None, None),
    ]


def test_clones_may_be_dropped_and_counted_from_nought():
    """The condition is asked for each clone; a scene without an id is named by its position."""
    scenes = [{"iterate": "items", "condition": "{{item}}", "name": "{{item}}"}]
    project, problems = resolve({"scenes": scenes}, {"items": ["a", "", "c"]}, clones_from=0)

    assert problems == []
    assert [(one["id"], one["name"]) for one in project["scenes"]] == [("scene-1-0", "a"), ("scene-1-2", "c")]


@pytest.mark.parametrize("items", [None, "text", {"a": 1}, list(range(51))])
def test_what_cannot_be_iterated_over(items):
    """No array, none at all, or too long a one."""
    assert places({"scenes": [{"iterate": "items", "id": "a"}]}, items=items) == ["scenes[0].iterate"]


def test_too_many_scenes_after_iterating():
    scenes = [{"iterate": "items", "id": name} for name in ("a", "b", "c")]

    assert places({"scenes": scenes}, items=list(range(40))) == ["scenes"]


def test_keys_are_not_filled():
    """Only values are filled; forbidden names are dropped."""
    assert filled({"{{a}}": "{{a}}", "__proto__": 1}, a="x") == {"{{a}}": "x"}


def test_through_the_api(call, project):
    """Placeholders, conditions and overrides are gone from the payload the check returns."""
    project["name"] = "offer-{{who}}"
    project["visuals"].append({"type": "TEXT", "text": "x", "condition": "{{extra}}"})
    answer = call.validate(project, variables={"who": "Ann", "extra": False}, overrides={"frameRate": 25})

    assert answer.status == 200
    assert answer.json["payload"]["name"] == "offer-Ann"
    assert len(answer.json["payload"]["visuals"]) == 1
    assert answer.json["payload"]["frameRate"] == 25
