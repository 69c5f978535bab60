"""What the service says about projects, keeps of them, and counts: the reads its clients make around a render."""

import jsonschema
import pytest

from bot.sandbox.zvid import manual


@pytest.mark.parametrize("name", sorted(manual.EXAMPLES))
def test_examples_pass_without_a_warning(shared, name):
    """Each can be asked for by path and by query, is sound as it stands, and fits the schema that is given out."""
    example = shared("GET", f"/api/render/examples/{name}/api-key").json["example"]
    checked = shared.validate(example["payload"])

    assert shared("GET", f"/api/render/examples/api-key?name={name}").json["example"] == example
    assert (checked.status, checked.json["warnings"]) == (200, [])


def test_all_examples_at_once(shared):
    answer = shared("GET", "/api/render/examples/api-key").json

    assert [each["name"] for each in answer["examples"]] == list(manual.EXAMPLES)
    assert answer["authoringWorkflow"]
    assert answer["planLimits"]["planName"] == "Default"


def test_elements(shared):
    """The list in the vendor's order; a page has every field of its kind, and an example that is sound."""
    lines = shared("GET", "/api/render/elements/api-key").json["elements"]
    page = shared("GET", "/api/render/elements/text/api-key").json["element"]

    kinds = ["IMAGE", "VIDEO", "GIF", "SVG", "TEXT", "AUDIO", "SUBTITLE", "SCENE"]
    assert [each["type"] for each in lines] == kinds
    assert {"html", "style", "opacity"} <= {field["name"] for field in page["fields"]}
    assert [field["name"] for field in page["fields"] if field["required"]] == ["type"]
    assert shared.validate({"visuals": [page["example"]]}).status == 200


@pytest.mark.parametrize("what", ["elements/HOLOGRAM", "examples/nonsense"])
def test_unknown_pages(shared, what):
    assert shared("GET", f"/api/render/{what}/api-key").status == 404


@pytest.mark.parametrize(
    ("target", "good", "bad"),
    [
        ("project", {"frameRate": 60}, {"frameRate": 61}),
        ("render-request", {"jobId": "3f0c2a7e-5d55-5b1e-9a53-8c1d6f1f2ab1"}, {"jobId": "1"}),
        ("bulk-render-request", {"items": [{"name": "a"}]}, {"items": []}),
        (
            "webhook",
            {"url": "https://a.example/b"},
            {"url": "https://a.example/b", "events": ["render.begun"]},
        ),
    ],
)
def test_schemas(shared, target, good, bad):
    """Every target has a schema that takes what the service takes and refuses what it refuses."""
    schema = shared("GET", f"/api/render/schema/api-key?target={target}").json["jsonSchema"]
    check = jsonschema.Draft202012Validator(schema)

    assert check.is_valid(good)
    assert not check.is_valid(bad)


def test_an_unknown_target(shared):
    assert shared("GET", "/api/render/schema/api-key?target=poem").fields == ["target"]


def test_drafts_are_kept_changed_and_dropped(call):
    """The listing leaves the project out; a change raises the version; what is gone is gone."""
    made = call("POST", "/api/projects", {"name": "Spring", "payload": {"visuals": "not judged yet"}})
    draft = made.json["project"]
    one = f"/api/projects/{draft['id']}"
    listed = call("GET", "/api/projects").json
    changed = call("PUT", one, {"payload": {"type": "image"}}).json["project"]

    assert (made.status, draft["version"], draft["type"]) == (201, 1, "video")
    assert "payload" not in listed["projects"][0]
    assert listed["pagination"]["total"] == 1
    assert (changed["name"], changed["version"], changed["type"]) == ("Spring", 2, "image")
    assert call("GET", one).json["project"] == changed
    assert call("DELETE", one).json == {"deleted": True, "id": draft["id"]}
    assert call("GET", one).status == 404


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({}, ["body"]),
        ({"name": "a"}, ["payload"]),
        ({"name": " ", "payload": {}}, ["name"]),
        ({"name": "a", "payload": [], "owner": 1}, ["owner", "payload"]),
    ],
)
def test_drafts_that_are_refused(shared, body, places):
    answer = shared("POST", "/api/projects", body)

    assert (answer.status, answer.fields) == (400, places)


def test_usage(start, project):
    """Credits that did not come back, and how the jobs ended."""
    call = start(fail_renders=1, concurrency=1)
    for _ in range(2):
        call.until(call.submit(project).json["jobId"], "completed", "failed")
    usage = call("GET", "/api/credits/usage-stats?timeframe=24h").json

    assert usage == {
        "timeframe": "24h",
        "creditsUsed": 9,
        "counts": {"completed": 1, "failed": 1, "pending": 0},
    }
    assert call("GET", "/api/credits/usage-stats?timeframe=1y").fields == ["timeframe"]


def test_an_estimate_is_the_price(shared, project):
    """The older way to ask tells what a check tells, and refuses what a check refuses."""
    assert shared("POST", "/api/credits/estimate", {"payload": project}).json == {"creditsRequired": 9}
    assert shared("POST", "/api/credits/estimate", {"payload": {"frameRate": 61}}).status == 400


def test_a_project_is_repaired(shared):
    """What is mechanically wrong is mended stage by stage, and every change is told."""
    broken = {
        "type": "VIDEO",
        "quality": 90,
        "frameRate": 90,
        "colour": "red",
        "visuals": [
            {"type": "TEXT"},
            {"type": "TEXT", "text": "Hello", "opacity": 7, "enterBegin": 2, "enterEnd": 1},
        ],
    }
    answer = shared("POST", "/api/render/repair/api-key", {"payload": broken}).json

    assert (answer["valid"], answer["remainingErrors"]) == (True, [])
    assert answer["repaired"] == {
        "type": "video",
        "frameRate": 60,
        "visuals": [{"type": "TEXT", "text": "Hello", "opacity": 1, "enterBegin": 1, "enterEnd": 2}],
    }
    assert {each["field"] for each in answer["changes"]} >= {"type", "quality", "colour", "visuals[0]"}


def test_what_needs_somebody_stays_broken(shared):
    """No address is made up, and nothing is thrown away that may be meant."""
    broken = {"duration": 3, "visuals": [{"type": "IMAGE", "src": "not an address"}]}
    answer = shared("POST", "/api/render/repair/api-key", {"payload": broken}).json

    assert answer["repaired"] == broken
    assert [each["field"] for each in answer["remainingErrors"]] == ["visuals[0].src"]
