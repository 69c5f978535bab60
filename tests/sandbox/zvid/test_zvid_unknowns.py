"""What only the live service could tell, each a switch: what becomes of a job, of its money, of its traces."""

import pytest


def test_a_job_cannot_be_taken_back(call, project, job_id):
    """The default: the path of the route is not known, so nobody may rely on it."""
    call.submit(project, job_id)

    assert call("DELETE", f"/api/jobs/{job_id}").status == 501


def test_only_ended_jobs_can_be_deleted(start, project, job_id):
    """A live one is a conflict and goes on; an ended one is gone from both reads, and stays paid for."""
    call = start(job_removal="ended", extra_render_seconds=0.3)
    call.submit(project, job_id)
    live = call("DELETE", f"/api/jobs/{job_id}")
    call.until(job_id, "completed")
    gone = call("DELETE", f"/api/jobs/{job_id}")

    assert (live.status, gone.status) == (409, 200)
    assert call.job(job_id).status == 404
    assert call("GET", "/api/jobs").json["pagination"]["total"] == 0
    assert call.zvid.balance() == 1164 - 9


def test_a_live_job_can_be_cancelled(start, project, job_id):
    """It ends as cancelled, its credits come back, and a drawing under way changes nothing any more."""
    call = start(job_removal="all", extra_render_seconds=0.3)
    call.submit(project, job_id)
    call.until(job_id, "active")
    answer = call("DELETE", f"/api/jobs/{job_id}")
    waiting = call.submit(project).json["jobId"]
    call.until(waiting, "completed")

    assert answer.json == {"cancelled": True, "id": job_id}
    assert call.job(job_id).json["state"] == "cancelled"
    assert call.zvid.balance() == 1164 - 9
    assert [line["credits_consumed"] for line in call("GET", "/api/jobs").json["jobs"]] == [9, 0]


def test_jobs_and_files_are_forgotten(call, project, job_id):
    """How long history and files are kept is not published."""
    call.submit(project, job_id)
    url = call.until(job_id, "completed")["result"]["url"]
    seen = call.job(job_id).status, call("GET", url).status
    call.zvid.change(forget_jobs_after_seconds=1e-9, forget_files_after_seconds=1e-9)

    assert seen == (200, 200)
    assert (call.job(job_id).status, call("GET", url).status) == (404, 404)
    assert call("GET", "/api/jobs").json["jobs"] == []


def test_a_failure_that_is_not_refunded(start, project, job_id):
    call = start(fail_renders=1, refund_failures=False)
    call.submit(project, job_id)
    call.until(job_id, "failed")

    assert (call.zvid.balance(), call.zvid.refunds()) == (1164 - 9, [])


@pytest.mark.parametrize(
    ("form", "keys", "header"),
    [
        ("full", {"error", "message", "retryAfter", "current", "limit"}, True),
        ("older", {"error", "message", "retryAfter"}, True),
        ("bare", {"error"}, False),
    ],
)
def test_how_much_a_429_says(start, project, form, keys, header):
    call = start(concurrent_limit=1, extra_render_seconds=60, too_many_form=form)
    call.submit(project)
    refused = call.submit(project)

    assert (refused.status, set(refused.json), "retry-after" in refused.headers) == (429, keys, header)


def test_variables_may_not_act_on_a_single_render(start, project, job_id):
    """A check and a batch fill them in while a single submit renders the project's own default: the trap."""
    call = start(inline_variables="not-in-single")
    greeting = {**project, "name": "{{who}}", "variables": {"who": "nobody"}}
    checked = call.validate(greeting, variables={"who": "Ann"})
    call.submit(greeting, job_id, variables={"who": "Ann"})
    batch = call(
        "POST", "/api/render/bulk/api-key", {"payload": greeting, "items": [{"variables": {"who": "Bo"}}]}
    )

    assert checked.json["payload"]["name"] == "Ann"
    assert call.zvid.project(job_id)["name"] == "nobody"
    assert call.zvid.project(batch.json["jobs"][0]["jobId"])["name"] == "Bo"


def test_the_size_of_a_project_that_names_none(shared, start):
    bare = {"duration": 1, "visuals": []}
    other = start(default_size="1920x1080")

    assert shared.validate(bare).json["payload"]["width"] == 1280
    assert other.validate(bare).json["payload"]["width"] == 1920
    assert other.validate({**bare, "resolution": "hd"}).json["payload"]["width"] == 1280


def test_numbers_written_as_words(start, project):
    """Refused by the current pages; the vendor's own mirror of the validator makes numbers of them."""
    project["visuals"][0]["opacity"] = "0.5"
    call = start()
    refused = call.validate({**project, "frameRate": "25"})
    call.zvid.change(unknown_property="strip")
    taken = call.validate({**project, "frameRate": "25"}).json["payload"]

    assert refused.fields == ["payload.frameRate"]
    assert (taken["frameRate"], taken["visuals"][0]["opacity"]) == (25, 0.5)


def test_a_result_that_says_more(start, project, job_id):
    call = start(result_form="rich", progress_form="absent")
    call.submit(project, job_id)
    status = call.until(job_id, "completed")

    assert (status["result"]["duration"], status["result"]["creditsCharged"]) == (9, 9)
    assert "progress" not in status


def test_batches_in_any_order(start, project):
    call = start(bulk_order="oldest")
    body = {"payload": project, "items": [{"name": name} for name in "abcdef"]}
    sent = call("POST", "/api/render/bulk/api-key", body).json
    ids = [each["jobId"] for each in sent["jobs"]]

    def listed():
        return [each["id"] for each in call("GET", f"/api/render/bulk/{sent['bulkId']}").json["jobs"]]

    oldest = listed()
    call.zvid.change(bulk_order="mixed")

    assert oldest == ids
    assert listed() == sorted(ids)


def test_reads_can_be_limited(start, project, job_id):
    """Polling too often is told to wait; submitting is not held up by it."""
    call = start(reads_per_minute=2)
    call.submit(project, job_id)
    answers = [call.job(job_id), call("GET", "/api/jobs"), call.job(job_id)]

    assert [answer.status for answer in answers] == [200, 200, 429]
    assert 0 < answers[-1].json["retryAfter"] <= 61
    assert call.submit(project).status == 202


def test_scenes_that_leave_their_length_open(shared, start):
    """The editor takes at least the project's duration (ten seconds by default), which is then paid for."""
    scene = {"visuals": [{"type": "TEXT", "text": "a", "width": 9, "height": 9, "exitEnd": 2}]}
    other = start(open_scenes="sum")

    assert shared.validate({"scenes": [scene]}).json["creditsRequired"] == 10
    assert other.validate({"scenes": [scene]}).json["creditsRequired"] == 2


def test_what_scenes_without_an_id_are_called(shared, start):
    """A transition to "scene-1" reaches the second scene only where they are counted from nought."""
    first = {"duration": 2, "transition": "fade", "transitionDuration": 1, "transitionId": "scene-1"}
    project = {"scenes": [first, {"duration": 2}]}
    other = start(scene_ids_from=0)

    assert shared.validate(project).json["payload"]["duration"] == 4
    assert other.validate(project).json["payload"]["duration"] == 3
