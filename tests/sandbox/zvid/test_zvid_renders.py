"""From a submit to a file, as a client sees it."""

import io
import stat
import uuid

import av
import pytest


def test_submit_to_file(call, project, job_id):
    """A render is accepted under the caller's id, runs, and ends in a film that plays."""
    accepted = call.submit(project, job_id)
    done = call.until(job_id, "completed")
    film = call("GET", done["result"]["url"])

    assert accepted.status == 202
    assert accepted.json["jobId"] == job_id
    assert accepted.json["status"] == "queued"
    assert accepted.json["creditsReserved"] == 9
    assert film.headers["content-type"] == "video/mp4"
    with av.open(io.BytesIO(film.raw)) as container:
        assert len(list(container.decode(video=0))) == 10


def test_real_renderer(start, project, job_id):
    """With the real renderer the film has the size and the length that were asked for."""
    call = start(render="real")
    call.submit({**project, "duration": 0.5, "resolution": "sd"}, job_id)
    done = call.until(job_id, "completed", "failed", within=30)
    film = call("GET", done["result"]["url"])

    with av.open(io.BytesIO(film.raw)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.frames) == (640, 480, 15)
    assert call("GET", done["result"]["thumbnailUrl"]).headers["content-type"] == "image/jpeg"


def test_file_is_seekable(call, project, job_id):
    """A browser may ask for the middle of the film."""
    call.submit(project, job_id)
    url = call.until(job_id, "completed")["result"]["url"]
    whole = call("GET", url).raw
    call.headers["range"] = "bytes=100-199"
    part = call("GET", url)

    assert part.status == 206
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole)}"
    assert part.raw == whole[100:200]


def test_file_name(call, project, job_id):
    """The file name begins with the project's name and ends with a moment."""
    call.submit({**project, "name": "two words"}, job_id)
    url = call.until(job_id, "completed")["result"]["url"]

    beginning, _, moment = url.removesuffix(".mp4").rpartition("-")
    assert beginning == f"{call.server.base_url}/media/videos/two%20words"
    assert len(moment) == 13
    assert moment.isdecimal()


def test_same_name_at_the_same_time(start, project):
    """Two jobs of one name that end in the same moment keep a film each."""
    call = start(concurrency=8)
    ids = [call.submit(project).json["jobId"] for _ in range(12)]
    urls = {call.until(job, "completed")["result"]["url"] for job in ids}

    assert len(urls) == 12
    assert {call("GET", url).status for url in urls} == {200}


@pytest.mark.parametrize("name", ["..%2fzvid.db", "..%2f..%2fzvid-key", "nothing.mp4", "%2e%2e"])
def test_only_finished_files_are_served(shared, name):
    """No path leads out of the folder of finished files."""
    assert shared("GET", f"/media/videos/{name}").status in {404, 501}


def test_drawn_id(call, project):
    """Without a job id the service draws one that its own status route can read."""
    drawn = call.submit(project).json["jobId"]

    assert uuid.UUID(drawn).version == 4
    assert call.job(drawn).status == 200


def test_queue_positions(start, project):
    """Jobs beyond the concurrency limit wait in the order they came."""
    call = start(concurrency=1, extra_render_seconds=60)
    first = call.submit(project).json["jobId"]
    call.until(first, "active")
    positions = [call.submit(project).json["queuePosition"] for _ in range(3)]

    assert positions == [1, 2, 3]
    assert [job.state for job in call.zvid.jobs()] == ["active", "waiting", "waiting", "waiting"]


def test_concurrency(start, project):
    """As many jobs run at once as the option says, and no more."""
    call = start(concurrency=3, extra_render_seconds=60)
    ids = [call.submit(project).json["jobId"] for _ in range(5)]
    call.until(ids[2], "active")

    assert sorted(job.state for job in call.zvid.jobs()) == ["active"] * 3 + ["waiting"] * 2


def test_failed_render(start, project, job_id):
    """A failed job says why, has no file, and gives its credits back."""
    call = start(fail_renders=1, fail_reason="Failed to download media")
    call.submit(project, job_id)
    failed = call.until(job_id, "failed")

    assert failed["failedReason"] == "Failed to download media"
    assert failed["result"] is None
    assert call("GET", "/api/credits/balance").json["balance"] == 1164


def test_broken_drawing_fails_late(start, project, job_id):
    """A drawing that is no XML passes the check, as at the service, and fails while rendering."""
    call = start(render="real")
    project["visuals"][0]["svg"] = "<svg><g></svg>"
    accepted = call.submit(project, job_id)
    failed = call.until(job_id, "failed", "completed", within=30)

    assert accepted.status == 202
    assert failed["state"] == "failed"
    assert failed["failedReason"]
    assert call.zvid.balance() == 1164


def test_progress_moves(start, project, job_id):
    """While a job runs its progress is an object with a phase, and 100 only at the end."""
    call = start(extra_render_seconds=0.3)
    call.submit(project, job_id)
    running = call.until(job_id, "active")["progress"]
    finished = call.until(job_id, "completed")["progress"]

    assert set(running) == {"phase", "percentage", "message"}
    assert running["percentage"] < 100
    assert finished["percentage"] == 100


def test_listing(call, project):
    """The listing is newest first, in pages, and counts."""
    ids = [call.submit(project).json["jobId"] for _ in range(5)]
    first = call("GET", "/api/jobs?page=1&limit=2").json
    last = call("GET", "/api/jobs?page=3&limit=2").json

    assert [job["id"] for job in first["jobs"]] == [ids[4], ids[3]]
    assert [job["id"] for job in last["jobs"]] == [ids[0]]
    assert first["pagination"] == {"page": 1, "limit": 2, "total": 5, "totalPages": 3, "hasNext": True}
    assert last["pagination"]["hasNext"] is False


def test_listing_of_stills(call, project):
    """The listing can be asked for one type only."""
    call.submit(project)

    assert call("GET", "/api/jobs?type=image").json["jobs"] == []
    assert len(call("GET", "/api/jobs?type=video").json["jobs"]) == 1


@pytest.mark.parametrize("query", ["limit=101", "limit=0", "page=x", "page=-1", "type=gif", "limit=%C2%B2"])
def test_listing_refuses(shared, query):
    """A page that cannot be is refused by name."""
    assert shared("GET", f"/api/jobs?{query}").status == 400


@pytest.mark.parametrize("bad", ["7", "not-a-uuid", "01890a5d-ac96-774b-bcce-b302099a8057"])
def test_unreadable_id(shared, bad):
    """The status route reads UUIDs of version 1 to 5 only."""
    answer = shared.job(bad)

    assert answer.status == 400
    assert answer.json["error"] == "Invalid job ID"


def test_unknown_id(shared, job_id):
    """A job nobody sent is not found."""
    answer = shared.job(job_id)

    assert (answer.status, answer.json) == (404, {"error": "Job not found"})


@pytest.mark.parametrize("key", ["", "zvid_wrong"])
def test_wrong_key(call, key, project):
    """Without the right key every route answers 401 and does nothing."""
    call.headers["x-api-key"] = key

    assert call.submit(project).status == 401
    assert call("GET", "/api/jobs").status == 401
    assert call("GET", "/api/credits/balance").status == 401
    assert call.zvid.jobs() == []


def test_key_file(call, tmp_path):
    """The key is drawn once, has the service's form, and only its owner can read the file."""
    file = tmp_path / "zvid-key"

    assert file.read_text().strip() == call.zvid.api_key
    assert call.zvid.api_key.startswith("zvid_")
    assert len(call.zvid.api_key) == 69
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/render/creative-plan/api-key"),
        ("DELETE", "/api/jobs/3f0c2a7e-5d55-5b1e-9a53-8c1d6f1f2ab1"),
        ("GET", "/api/library/examples"),
        ("GET", "/api/stock/search"),
    ],
)
def test_not_built(shared, method, path):
    """What is not built answers 501 and names itself."""
    answer = shared(method, path)

    assert answer.status == 501
    assert f"{method} {path}" in answer.json["message"]


def test_projects_are_kept(call, project, job_id):
    """Tests can see what was charged for, resolved."""
    call.submit({**project, "name": "{{a}}"}, job_id, variables={"a": "spring"})

    assert call.zvid.project(job_id)["name"] == "spring"
    assert (call.zvid.project(job_id)["width"], call.zvid.project(job_id)["height"]) == (1280, 720)


def test_calls_are_counted(call, project, job_id):
    """Tests can see how often each route was called."""
    call.submit(project, job_id)
    call.job(job_id)
    call.job(job_id)

    assert call.zvid.calls()["submit"] == 1
    assert call.zvid.calls()["job"] == 2
