"""Stills, stored templates and batches, as the vendor's public clients ask for them."""

from __future__ import annotations

import io
import re
import sqlite3
import time

import pytest
from PIL import Image

PROJECT = {
    "type": "video",
    "name": "offer",
    "resolution": "sd",
    "duration": 2,
    "variables": {"who": "you", "count": 3},
    "visuals": [{"type": "TEXT", "text": "Hello {{who}} {{count}}"}],
}


def settled(call, bulk_id, within=10):
    """The batch once nothing of it is pending."""
    ends = time.monotonic() + within
    while time.monotonic() < ends:
        found = call("GET", f"/api/render/bulk/{bulk_id}").json
        if found["bulk"]["counts"]["pending"] == 0:
            return found
        time.sleep(0.02)
    raise AssertionError(found)


# ---------------------------------------------------------------- stills


def test_a_still_from_submit_to_file(start):
    """One credit, one picture of the wished kind and size, drawn for real."""
    call = start(render="real")
    visuals = [{"type": "TEXT", "text": "Hello", "style": {"fontSize": 90}}]
    still = {"resolution": "sd", "outputFormat": "webp", "visuals": visuals}
    accepted = call("POST", "/api/render/image/api-key", {"payload": still})
    done = call.until(accepted.json["jobId"], "completed", "failed")
    file = call("GET", done["result"]["url"])

    assert accepted.json["creditsReserved"] == 1
    assert "/media/images/" in done["result"]["url"]
    with Image.open(io.BytesIO(file.raw)) as picture:
        assert picture.size == (640, 480)
        assert picture.convert("L").getextrema()[0] < 40
    assert call("GET", done["result"]["thumbnailUrl"]).headers["content-type"] == "image/jpeg"
    assert [line["job_type"] for line in call("GET", "/api/jobs?type=image").json["jobs"]] == ["image"]


def test_the_still_route_takes_no_film(shared):
    answer = shared("POST", "/api/render/image/api-key", {"payload": PROJECT})

    assert (answer.status, answer.fields) == (400, ["payload.type"])


def test_a_still_by_the_ordinary_route(call):
    accepted = call.submit(
        {"type": "image", "resolution": "sd", "visuals": PROJECT["visuals"]}, variables={"who": 1, "count": 2}
    )

    assert accepted.json["creditsReserved"] == 1
    assert call.until(accepted.json["jobId"], "completed")["result"]["url"].endswith(".png")


# ---------------------------------------------------------------- templates


def test_a_template_is_made_changed_copied_and_put_away(call):
    """Its version grows with every change; what is put away is not listed any more."""
    made = call("POST", "/api/templates", {"name": "Offer", "payload": PROJECT})
    template = made.json["template"]
    one = f"/api/templates/{template['id']}"
    changed = call("PUT", one, {"name": "Offer 2"}).json["template"]
    copy = call("POST", f"{one}/duplicate").json["template"]
    gone = call("DELETE", one)

    assert made.status == 201
    assert re.fullmatch(r"tpl_[A-Za-z0-9]{20}", template["id"])
    assert template["variablesSummary"] == [
        {"name": "who", "type": "string", "default": "you"},
        {"name": "count", "type": "number", "default": 3},
    ]
    assert (template["version"], changed["version"], changed["name"], copy["version"]) == (1, 2, "Offer 2", 1)
    assert gone.json == {"archived": True, "id": template["id"]}
    assert [each["id"] for each in call("GET", "/api/templates").json["templates"]] == [copy["id"]]
    assert call("GET", one).json["template"]["status"] == "archived"


def test_a_template_is_rendered_by_its_id(call, job_id):
    """With the request's variables over the template's own; the job says where it came from."""
    template_id = call("POST", "/api/templates", {"name": "a", "payload": PROJECT}).json["template"]["id"]
    body = {
        "template": template_id,
        "variables": {"who": "Ada"},
        "jobId": job_id,
        "overrides": {"name": "ada"},
    }
    checked = call("POST", "/api/render/validate/api-key", body)
    accepted = call("POST", "/api/render/api-key", body)
    call.until(job_id, "completed")

    assert checked.json["creditsRequired"] == accepted.json["creditsReserved"] == 2
    assert call.zvid.project(job_id)["visuals"][0]["text"] == "Hello Ada 3"
    line = call("GET", "/api/jobs").json["jobs"][0]
    assert (line["template_id"], line["name"]) == (template_id, "ada")


def test_a_preview_is_free(call):
    template_id = call("POST", "/api/templates", {"name": "a", "payload": PROJECT}).json["template"]["id"]
    seen = call("POST", f"/api/templates/{template_id}/preview", {"variables": {"who": "Bo"}}).json

    assert seen["project"]["visuals"][0]["text"] == "Hello Bo 3"
    assert seen["stats"]["creditsRequired"] == 2
    assert call.zvid.charges() == []


@pytest.mark.parametrize(
    ("project", "place"),
    [
        ({"visuals": [{"type": "TEXT", "text": "{{who}}"}]}, "payload.visuals[0].text"),
        ({"scenes": [{"id": "a"}]}, "payload.scenes[0].duration"),
        ("no object", "payload"),
    ],
)
def test_templates_that_are_refused(shared, project, place):
    """Placeholders without a default, scenes without a length."""
    answer = shared("POST", "/api/templates", {"name": "a", "payload": project})

    assert (answer.status, answer.fields) == (400, [place])


@pytest.mark.parametrize(("switch", "status"), [("refuse", 404), ("render", 202)])
def test_an_archived_template(start, switch, status):
    call = start(archived_template=switch)
    template_id = call("POST", "/api/templates", {"name": "a", "payload": PROJECT}).json["template"]["id"]
    call("DELETE", f"/api/templates/{template_id}")

    assert call("POST", "/api/render/api-key", {"template": template_id}).status == status


def test_the_plan_limits_templates(start):
    call = start(plan="Free")
    statuses = [call("POST", "/api/templates", {"name": "a", "payload": PROJECT}).status for _ in range(6)]

    assert statuses == [201] * 5 + [403]


def test_an_unknown_template(shared):
    answer = shared("POST", "/api/render/api-key", {"template": "tpl_" + "x" * 20})

    assert (answer.status, answer.json["error"]) == (404, "Template not found")


# ---------------------------------------------------------------- batches


def test_a_batch_from_submit_to_files(call):
    """Refused items are named by their place and cost nothing; the others get jobs, told by their place too."""
    items = [{"variables": {"who": "Ada"}, "name": "ada"}, {"variables": {"who": "<b>"}}, {"name": "bo"}]
    accepted = call(
        "POST", "/api/render/bulk/api-key", {"payload": PROJECT, "items": items, "name": "spring 7f"}
    )
    answer = accepted.json
    done = settled(call, answer["bulkId"])

    assert accepted.status == 202
    assert (answer["totalJobs"], answer["rejectedItems"], answer["creditsReserved"]) == (2, 1, 4)
    assert [job["index"] for job in answer["jobs"]] == [0, 2]
    assert [(one["item"], one["details"][0]["field"]) for one in answer["errors"]] == [(1, "visuals[0].text")]
    assert done["bulk"]["status"] == "completed"
    assert done["bulk"]["counts"] == {"completed": 2, "failed": 0, "pending": 0}
    assert {child["id"] for child in done["jobs"]} == {job["jobId"] for job in answer["jobs"]}
    assert {child["name"] for child in done["jobs"]} == {"ada", "bo"}
    assert call("GET", "/api/render/bulk").json["bulks"][0]["name"] == "spring 7f"
    assert call.zvid.balance() == 1164 - 4


def test_children_fail_and_are_refunded(start):
    call = start(fail_renders=1)
    items = [{}, {}]
    bulk_id = call("POST", "/api/render/bulk/api-key", {"payload": PROJECT, "items": items}).json["bulkId"]

    assert settled(call, bulk_id)["bulk"]["status"] == "completed_with_errors"
    assert call.zvid.balance() == 1164 - 2


def test_a_batch_that_costs_too_much(start):
    """The price of all of it is told, and none of it is queued."""
    call = start(balance=5, addon_credits=0)
    answer = call("POST", "/api/render/bulk/api-key", {"payload": PROJECT, "items": [{}] * 3})

    assert answer.status == 402
    assert (answer.json["creditsRequired"], answer.json["creditsAvailable"]) == (6, 5)
    assert call.zvid.jobs() == []


def test_a_batch_beyond_the_hour_is_refused_whole(start):
    call = start(hourly_limit=2)
    answer = call("POST", "/api/render/bulk/api-key", {"payload": PROJECT, "items": [{}] * 3})

    assert answer.status == 429
    assert call.zvid.jobs() == []


@pytest.mark.parametrize("status", [400, 403])
def test_a_batch_beyond_the_plan(start, status):
    call = start(plan="Free", bulk_limit_status=status)
    answer = call("POST", "/api/render/bulk/api-key", {"payload": PROJECT, "items": [{}] * 6})

    assert (answer.status, answer.json["error"]) == (status, "Bulk limit exceeded")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"payload": PROJECT, "items": []}, "body.items"),
        ({"items": [{}]}, "body"),
        ({"payload": PROJECT, "items": [{"jobId": "x"}]}, "body.items[0].jobId"),
        ({"payload": PROJECT, "items": [{"variables": {"who": "<"}}]}, "visuals[0].text"),
    ],
)
def test_batches_that_are_refused(shared, body, place):
    """A wrong envelope, or nothing in it that could be rendered."""
    answer = shared("POST", "/api/render/bulk/api-key", body)

    assert (answer.status, answer.fields) == (400, [place])


def test_items_lost_on_the_way_to_the_queue(start):
    """They are counted and missing; the older spelling of refused items can be switched on."""
    call = start(bulk_fails_to_queue=1, bulk_error_spelling="itemErrors")
    answer = call("POST", "/api/render/bulk/api-key", {"payload": PROJECT, "items": [{}, {}]}).json

    assert (answer["failedToQueue"], len(answer["jobs"]), answer["itemErrors"]) == (1, 1, [])


def test_a_batch_of_stills(call):
    still = {"type": "image", "resolution": "sd", "visuals": [{"type": "TEXT", "text": "Hi"}]}
    bulk_id = call("POST", "/api/render/image/bulk/api-key", {"payload": still, "items": [{}, {}]}).json[
        "bulkId"
    ]
    done = settled(call, bulk_id)

    assert (done["bulk"]["type"], done["bulk"]["creditsReserved"]) == ("image", 2)
    assert len({child["outputUrl"] for child in done["jobs"]}) == 2


def test_single_renders_go_before_batches(start, job_id):
    """Interactive work overtakes a waiting batch."""
    call = start(concurrency=1, extra_render_seconds=0.15)
    call("POST", "/api/render/bulk/api-key", {"payload": PROJECT, "items": [{}] * 4})
    call.submit(PROJECT, job_id)
    call.until(job_id, "completed")

    assert sum(job.is_final for job in call.zvid.jobs()) <= 3


# ---------------------------------------------------------------- around them


def test_the_key_may_travel_as_a_bearer(shared):
    headers = {"x-api-key": shared.zvid.api_key}
    shared.headers["authorization"] = f"Bearer {headers['x-api-key']}"
    try:
        assert shared("GET", "/api/user/profile").json["credits"]["balance"] == 1164
    finally:
        shared.headers.clear()


@pytest.mark.parametrize(
    ("form", "keys"),
    [
        ("camel", {"balance", "subscriptionCredits", "addonCredits"}),
        ("snake", {"balance", "subscription_credits", "addon_credits"}),
        ("oldest", {"balance", "reserved", "available"}),
    ],
)
def test_balances_in_every_form(start, form, keys):
    answer = start(balance_form=form)("GET", "/api/credits/balance").json

    assert set(answer) == keys
    assert answer["balance"] == 1164


def test_old_files_make_room(start, project):
    """Beyond the bound the oldest files go; the newest stay, and the jobs are still known."""
    call = start(media_bytes=6_000)
    urls = []
    for _ in range(6):
        job_id = call.submit(project).json["jobId"]
        urls.append(call.until(job_id, "completed")["result"]["url"])
    statuses = [call("GET", url).status for url in urls]

    assert statuses[0] == 404
    assert statuses[-1] == 200
    assert statuses == sorted(statuses, reverse=True)
    assert len(call.zvid.jobs()) == 6


def test_a_folder_of_an_earlier_version(start, project, tmp_path, job_id):
    """Jobs kept before batches were built are still there, and new ones go beside them."""
    with sqlite3.connect(tmp_path / "zvid.db") as old:
        old.execute(
            "CREATE TABLE jobs (id TEXT PRIMARY KEY, place INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,"
            " width INTEGER NOT NULL, height INTEGER NOT NULL, seconds REAL NOT NULL, credits INTEGER NOT NULL,"
            " state TEXT NOT NULL, runs INTEGER NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,"
            " finished_ms INTEGER, video TEXT, thumbnail TEXT, failed_reason TEXT, project TEXT NOT NULL) STRICT"
        )
        old.execute(
            "INSERT INTO jobs VALUES (?, 1, 'old', 'video', 1, 1, 1, 1, 'completed', 1, 1, 1, 1, 'a', 'b', NULL, '{}')",
            ["11111111-1111-4111-8111-111111111111"],
        )
    old.close()
    call = start()
    call.submit(project, job_id)
    call.until(job_id, "completed")

    assert [job.name for job in call.zvid.jobs()] == ["old", "spring-r7k3q"]


def test_how_deep_a_zoom_goes(start, job_id):
    """A plain `zoom` goes as far as the switch says; one with a depth keeps its own."""
    call = start(zoom_depth=1.5, allow_loopback_media=True)
    image = {"type": "IMAGE", "src": "http://127.0.0.1:9/a.png"}
    scenes = [{"id": "a", "duration": 1, "visuals": [image | {"zoom": True}, image | {"zoom": {"depth": 3}}]}]
    call.submit({"resolution": "sd", "scenes": scenes}, job_id)

    visuals = call.zvid.project(job_id)["scenes"][0]["visuals"]
    assert [visual["zoom"] for visual in visuals] == [{"depth": 1.5}, {"depth": 3}]
