"""The calls the vendor's own public clients make, in their order and spelling, made by a plain HTTP client."""

import pytest

STILL = {
    "type": "image",
    "width": 320,
    "height": 240,
    "visuals": [{"type": "text", "text": "Hello", "width": 320, "height": 60}],
}


def _get(call, path):
    answer = call("GET", path)
    assert answer.status == 200, (path, answer.raw)
    return answer.json


def test_the_make_app_looks_around_and_renders(call):
    """Its smoke run: everything free first, then the project it was given back is submitted as validated."""
    assert "user" in _get(call, "/api/user/profile")
    assert "jsonSchema" in _get(call, "/api/render/schema/api-key?target=project")
    assert isinstance(_get(call, "/api/render/elements/api-key")["elements"], list)
    assert "fields" in _get(call, "/api/render/elements/TEXT/api-key")["element"]
    example = _get(call, "/api/render/examples/api-key?name=still-image")["example"]
    assert _get(call, "/api/templates?limit=1&page=1")["templates"] == []
    assert _get(call, "/api/jobs?limit=1&page=1")["jobs"] == []
    mended = call("POST", "/api/render/repair/api-key", {"payload": example["payload"]}).json
    checked = call("POST", "/api/render/validate/api-key", {"payload": mended["repaired"]}).json
    sent = call("POST", "/api/render/image/api-key", {"payload": checked["payload"]})
    done = call.until(sent.json["jobId"], "completed")

    assert checked["valid"] is True
    assert sent.status == 202
    assert done["result"]["url"].endswith(".png")


def test_the_make_app_pages_through_renders(call):
    """Pages of a hundred until `hasNext` says no; the fields it maps are all there, in snake case."""
    for _ in range(3):
        call.until(call.submit(STILL).json["jobId"], "completed")
    page = _get(call, "/api/jobs?limit=2&type=image&page=1")
    last = _get(call, "/api/jobs?limit=2&type=image&page=2")

    assert (page["pagination"]["hasNext"], last["pagination"]["hasNext"]) == (True, False)
    assert set(last["jobs"][0]) == {
        *("id", "status", "job_type", "credits_estimated", "credits_consumed", "video_duration"),
        *("video_resolution", "output_url", "thumbnail_url", "error_message", "created_at", "completed_at"),
        *("name", "template_id"),
    }


def test_the_cli_dry_runs_and_sends_a_batch(call, project):
    """One check a row, the sum, one batch; then it polls the batch until nothing is pending."""
    design = {**project, "name": "{{who}}", "variables": {"who": "x"}}
    rows = [{"variables": {"who": who}, "name": who} for who in ("ann", "<b>", "bo")]
    prices = [call.validate(design, variables=row["variables"]) for row in rows]
    sent = call(
        "POST", "/api/render/bulk/api-key", {"payload": design, "name": "spring 7f3a", "items": rows}
    ).json
    for each in sent["jobs"]:
        call.until(each["jobId"], "completed")
    read = _get(call, f"/api/render/bulk/{sent['bulkId']}")

    assert [answer.status for answer in prices] == [200, 400, 200]
    assert [(each["index"]) for each in sent["jobs"]] == [0, 2]
    assert [(each["item"], each["error"]) for each in sent["errors"]] == [(1, "Validation failed")]
    assert sent["creditsReserved"] == sum(
        answer.json["creditsRequired"] for answer in prices if answer.status == 200
    )
    assert (read["bulk"]["status"], read["bulk"]["counts"]["pending"]) == ("completed", 0)
    assert {each["name"] for each in read["jobs"]} == {"ann", "bo"}
    assert [each["name"] for each in _get(call, "/api/render/bulk?page=1&limit=20")["bulks"]] == [
        "spring 7f3a"
    ]


@pytest.mark.parametrize("form", ["bare", "wrapped"])
def test_the_n8n_trigger_comes_and_goes(start, form):
    """It looks for its own address, makes the endpoint, fetches the secret again, and takes it down."""
    call = start(webhook_answer=form)
    url = "http://127.0.0.1:9/webhook"
    before = _get(call, "/api/webhooks")["webhooks"]
    body = {"url": url, "events": ["render.completed"], "description": "n8n Zvid Trigger"}
    made = call("POST", "/api/webhooks", body)
    hook = made.json.get("webhook", made.json)
    read = _get(call, f"/api/webhooks/{hook['id']}")
    off = call("PUT", f"/api/webhooks/{hook['id']}", {"status": "disabled"}).json

    assert before == []
    assert made.status == 201
    assert read.get("webhook", read)["secret"] == hook["secret"]
    assert off.get("webhook", off)["status"] == "disabled"
    assert [each["url"] for each in _get(call, "/api/webhooks")["webhooks"]] == [url]
    assert call("DELETE", f"/api/webhooks/{hook['id']}").status == 200


def test_a_refused_check_says_all_the_node_shows(shared):
    """`error`, `message`, `details` with places, and the limits of the plan; a check that passes says its warnings."""
    refused = shared.validate({"duration": 601, "visuals": [{"type": "TEXT"}]})
    passed = shared.validate(
        {"duration": 1, "visuals": [{"type": "TEXT", "text": "a", "x": 5, "position": "top-left"}]}
    )

    assert refused.status == 400
    assert set(refused.json) == {"error", "message", "details", "planLimits"}
    assert refused.fields == ["payload.duration"]
    assert refused.json["planLimits"]["maxDuration"] == 600
    assert passed.json["warnings"][0]["field"].startswith("visuals[0]")
    assert passed.json["schemaVersion"] == "1.0.0"


def test_the_mcp_server_renders_a_draft_once(call, project):
    """Draft, quote, and a submit under an id made from the quote; then it polls that id."""
    draft = call("POST", "/api/projects", {"name": "Spring", "payload": project}).json["project"]
    kept = _get(call, f"/api/projects/{draft['id']}")["project"]
    quote = call("POST", "/api/render/validate/api-key", {"payload": kept["payload"]}).json
    job_id = "3f0c2a7e-5d55-5b1e-9a53-8c1d6f1f2ab1"
    sent = call("POST", "/api/render/api-key", {"payload": quote["payload"], "jobId": job_id}).json

    assert (sent["jobId"], sent["creditsReserved"]) == (job_id, quote["creditsRequired"])
    assert call.until(job_id, "completed")["id"] == job_id


def test_the_mcp_server_adapts_an_example(call, project):
    """A template made for one preview, whose project is then rendered; the template is put away again."""
    payload = {**project, "name": "{{who}}", "variables": {"who": "x"}}
    made = call("POST", "/api/templates", {"name": "Example", "description": "auto", "payload": payload})
    one = f"/api/templates/{made.json['template']['id']}"
    preview = call("POST", f"{one}/preview", {"variables": {"who": "Ann"}}).json
    gone = call("DELETE", one)

    assert made.json["template"]["project"] == payload
    assert preview["project"]["name"] == "Ann"
    assert gone.json["archived"] is True
    assert call("PUT", one, {"name": "Late"}).status == 404


def test_the_hosted_mcp_server_calls_without_the_tail(call, project):
    """With a bearer's token the same routes go without `/api-key`."""
    call.headers = {"x-api-key": "", "authorization": f"Bearer {call.zvid.api_key}"}
    del call.headers["x-api-key"]
    sent = call("POST", "/api/render", {"payload": project})
    still = call("POST", "/api/render/image", {"payload": STILL})
    batch = call("POST", "/api/render/bulk", {"payload": project, "items": [{}]})

    assert (sent.status, still.json["creditsReserved"], batch.status) == (202, 1, 202)
    assert call("POST", "/api/render/validate", {"payload": project}).json["valid"] is True
    assert "elements" in _get(call, "/api/render/elements")
    assert "jsonSchema" in _get(call, "/api/render/schema?target=render-request")
