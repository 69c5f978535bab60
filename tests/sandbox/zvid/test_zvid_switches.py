"""Each switch does what it says, when started with and when thrown while running."""

import time
import uuid
from email.utils import parsedate_to_datetime

import pytest

from bot.sandbox.zvid.options import SWITCH_NAMES, SwitchError, Switches


def test_switches_over_http(call):
    """The switches can be read and set over HTTP; what is not named stays."""
    before = call("GET", "/sandbox/zvid/faults").json
    answer = call(
        "PUT", "/sandbox/zvid/faults", {"plan": "Free", "mishaps": [{"answer": "hang", "route": "job"}]}
    )
    after = call("GET", "/sandbox/zvid/faults").json

    assert set(before) == set(SWITCH_NAMES)
    assert answer.status == 200
    assert {name for name in before if before[name] != after[name]} == {"plan", "mishaps"}
    assert after["mishaps"][0]["times"] == 1


@pytest.mark.parametrize(
    "wanted",
    [
        {"duplicate": "409"},
        {"plan": "Gold"},
        {"plan": "Free", "nonsense": 1},
        {"slow_seconds": -1},
        {"visibility_delay_seconds": "9"},
        {"mishaps": [{"answer": "explode"}]},
        {"mishaps": [{"answer": 500, "when": "now"}]},
        {"limit_overrides": {"maxFun": 3}},
        {"fail_renders": 1.5},
        ["plan"],
    ],
)
def test_unknown_switches(shared, wanted):
    """A switch or a value that does not exist is refused, and nothing changes."""
    before = shared("GET", "/sandbox/zvid/faults").json
    answer = shared("PUT", "/sandbox/zvid/faults", wanted)

    assert answer.status == 400
    assert answer.json["message"]
    assert shared("GET", "/sandbox/zvid/faults").json == before


def test_unknown_switch_names_itself():
    """The refusal names what is unknown and what there is."""
    with pytest.raises(SwitchError, match=r"Unknown switches: plam\. Known: .*\bplan\b"):
        Switches().changed({"plam": "Free"})


def test_a_clock_of_its_own(call):
    """Answers are dated by the service's clock, an hour ahead of ours."""
    call("PUT", "/sandbox/zvid/faults", {"clock_ahead_seconds": 3600})
    said = parsedate_to_datetime(call("GET", "/api/credits/balance").headers["date"])

    assert abs(said.timestamp() - time.time() - 3600) < 5


# ---------------------------------------------------------------- the same job id twice


def test_charge_twice(call, project, job_id):
    """The default: a repeat is charged again, runs once, and the first content stays."""
    call.submit(project, job_id)
    call.until(job_id, "completed")
    again = call.submit({**project, "name": "other", "duration": 5}, job_id)
    call.until(job_id, "completed")

    assert (again.status, again.json["creditsReserved"]) == (202, 5)
    assert [charge.amount for charge in call.zvid.charges()] == [-9, -5]
    assert [(job.name, job.runs) for job in call.zvid.jobs()] == [("spring-r7k3q", 1)]


def test_same_202(start, project, job_id):
    """A repeat finds the first job and costs nothing."""
    call = start(duplicate_job_id="same-202")
    call.submit(project, job_id)
    again = call.submit({**project, "duration": 5}, job_id)

    assert (again.status, again.json["jobId"]) == (202, job_id)
    assert len(call.zvid.charges()) == len(call.zvid.jobs()) == 1


def test_conflict(start, project, job_id):
    """A repeat is refused and changes nothing."""
    call = start(duplicate_job_id="409")
    call.submit(project, job_id)
    again = call.submit(project, job_id)

    assert again.status == 409
    assert len(call.zvid.charges()) == len(call.zvid.jobs()) == 1


def test_rerun(start, project, job_id):
    """A repeat of a finished job draws again, for money, under the old id."""
    call = start(duplicate_job_id="rerun")
    call.submit(project, job_id)
    first = call.until(job_id, "completed")["result"]["url"]
    call.submit({**project, "name": "other"}, job_id)
    second = call.until(job_id, "completed")["result"]["url"]

    assert first != second
    assert len(call.zvid.charges()) == 2
    assert [job.runs for job in call.zvid.jobs()] == [2]


def test_rerun_while_running(start, project, job_id):
    """A repeat of a job still under way finds that job."""
    call = start(duplicate_job_id="rerun", extra_render_seconds=60)
    call.submit(project, job_id)
    again = call.submit(project, job_id)

    assert again.status == 202
    assert len(call.zvid.charges()) == 1


def test_job_id_not_honoured(start, project, job_id):
    """The caller's id is ignored: another comes back, and the own one is never found."""
    call = start(honour_job_id=False)
    given = call.submit(project, job_id).json["jobId"]

    assert given != job_id
    assert uuid.UUID(given).version == 4
    assert call.job(job_id).status == 404
    assert call.job(given).status == 200


# ---------------------------------------------------------------- what can be seen


def test_visibility_delay(call, project, job_id):
    """A new job is missing from both reads for a while, though it was charged."""
    call.zvid.change(visibility_delay_seconds=60)
    call.submit(project, job_id)
    hidden = call.job(job_id).status, call("GET", "/api/jobs").json["jobs"]
    call.zvid.change(visibility_delay_seconds=0)

    assert hidden == (404, [])
    assert len(call.zvid.charges()) == 1
    assert call.job(job_id).status == 200


def test_stranger_404(call, job_id):
    """By default a stranger's job looks like none."""
    call.zvid.change(stranger_jobs=[job_id])

    assert call.job(job_id).json == {"error": "Job not found"}


def test_stranger_403(call, project, job_id):
    """A stranger's job may be refused openly; its id cannot be taken."""
    call.zvid.change(stranger_jobs=[job_id], stranger_status=403)

    assert (call.job(job_id).status, call.job(job_id).json["error"]) == (403, "Access denied")
    assert call.submit(project, job_id).status == 409


def test_late_files(start, project, job_id):
    """The file host denies a new file so many times."""
    call = start(media_404_reads=2)
    call.submit(project, job_id)
    url = call.until(job_id, "completed")["result"]["url"]

    assert [call("GET", url).status for _ in range(4)] == [404, 404, 200, 200]


def test_times_by_age(start, project, job_id):
    """Times are numbers while the job lives and ISO strings once it is history."""
    call = start(extra_render_seconds=0.2)
    call.submit(project, job_id)
    live = call.until(job_id, "active")["ts"]
    past = call.until(job_id, "completed")["ts"]

    assert isinstance(live["created"], int)
    assert live["finished"] is None
    assert past["created"].endswith("Z")
    assert past["finished"] >= past["created"]


@pytest.mark.parametrize(("form", "kind"), [("epoch", int), ("iso", str)])
def test_times_in_one_form(start, project, job_id, form, kind):
    """Times can be had in one form throughout."""
    call = start(ts_form=form, extra_render_seconds=0.1)
    call.submit(project, job_id)

    assert isinstance(call.until(job_id, "active")["ts"]["created"], kind)
    assert isinstance(call.until(job_id, "completed")["ts"]["finished"], kind)


@pytest.mark.parametrize(("form", "shown"), [("number", 100), ("null", None)])
def test_progress_forms(start, project, job_id, form, shown):
    """Progress can be a bare number or nothing."""
    call = start(progress_form=form)
    call.submit(project, job_id)

    assert call.until(job_id, "completed")["progress"] == shown


def test_result_as_string(start, project, job_id):
    """The result can be the bare address."""
    call = start(result_form="string")
    call.submit(project, job_id)

    assert call("GET", call.until(job_id, "completed")["result"]).status == 200


def test_another_word(start, project, job_id):
    """A job at work can go by any word, in both reads."""
    call = start(state_word="stalled", extra_render_seconds=60)
    call.submit(project, job_id)
    call.until(job_id, "stalled")

    assert call("GET", "/api/jobs").json["jobs"][0]["status"] == "stalled"


def test_names_in_the_listing(start, project):
    """By default the listing names a job only once it is completed."""
    call = start(extra_render_seconds=60)
    call.submit(project)
    hidden = call("GET", "/api/jobs").json["jobs"][0]["name"]
    call.zvid.change(name_before_completion=True)

    assert hidden is None
    assert call("GET", "/api/jobs").json["jobs"][0]["name"] == "spring-r7k3q"


# ---------------------------------------------------------------- limits, speed, failures


def test_hourly_limit(start, project):
    """The Free plan takes twenty jobs an hour; the refusal says how many there were and when to come back."""
    call = start(plan="Free")
    taken = [call.submit(project).status for _ in range(20)]
    refused = call.submit(project)

    assert set(taken) == {202}
    assert refused.status == 429
    assert refused.json["error"] == "hourly_limit_exceeded"
    assert (refused.json["current"], refused.json["limit"]) == (20, 20)
    assert 3500 < refused.json["retryAfter"] <= 3600
    assert refused.headers["retry-after"] == str(refused.json["retryAfter"])
    assert len(call.zvid.charges()) == 20


def test_own_hourly_limit(start, project):
    """The hourly figure can be set, and lifted."""
    call = start(plan="Free", hourly_limit=1)
    statuses = [call.submit(project).status for _ in range(2)]
    call.zvid.change(hourly_limit=0)

    assert statuses == [202, 429]
    assert call.submit(project).status == 202


def test_concurrent_limit(start, project):
    """More live jobs than allowed are refused, and free."""
    call = start(concurrent_limit=2, extra_render_seconds=60)
    statuses = [call.submit(project).status for _ in range(3)]

    assert statuses == [202, 202, 429]
    assert len(call.zvid.charges()) == 2


def test_limits_of_the_plan(start, project):
    """A refusal tells the plan's limits; single figures can be set."""
    call = start(plan="Free")
    free = call.submit({**project, "duration": 301})
    call.zvid.change(limit_overrides={"maxDuration": 5})
    own = call.submit({**project, "duration": 6})

    assert free.json["planLimits"]["maxDuration"] == 300
    assert free.fields == ["payload.duration"]
    assert own.json["details"][0]["message"] == "duration cannot exceed 5 (based on your Free plan)"


def test_slow(call):
    """Every answer can be made to wait."""
    call.zvid.change(slow_seconds=0.2)
    began = time.monotonic()
    call("GET", "/api/credits/balance")

    assert time.monotonic() - began >= 0.2


def test_failing_renders(start, project):
    """So many renders fail, the next ones do not."""
    call = start(fail_renders=1, concurrency=1)
    ids = [call.submit(project).json["jobId"] for _ in range(2)]

    assert call.until(ids[0], "failed", "completed")["state"] == "failed"
    assert call.until(ids[1], "failed", "completed")["state"] == "completed"


def test_stripped_property(start, project, job_id):
    """Unknown properties, also deep inside, can be dropped instead of refused."""
    project["visuals"][0]["colour"] = "red"
    call = start()
    refused = call.submit({**project, "nonsense": 1}, job_id)
    call.zvid.change(unknown_property="strip")
    checked = call.validate({**project, "nonsense": 1}, extra=True)

    assert refused.fields == ["payload.nonsense"]
    assert checked.status == 200
    assert "nonsense" not in checked.json["payload"]
    assert "colour" not in checked.json["payload"]["visuals"][0]


@pytest.mark.parametrize(
    ("prefix", "top", "element"),
    [
        ("mixed", "payload.frameRate", "visuals[0].opacity"),
        ("payload", "payload.frameRate", "payload.visuals[0].opacity"),
        ("bare", "frameRate", "visuals[0].opacity"),
    ],
)
def test_spelling_of_fields(start, project, prefix, top, element):
    """Places are spelled in the ways the sources show."""
    call = start(field_prefix=prefix)
    project["visuals"][0]["opacity"] = 2

    assert call.validate({**project, "frameRate": 61}).fields == [top]
    assert call.validate(project).fields == [element]


def test_inert_variables(start, project):
    """Variables of a request can be without effect, as older notes say."""
    call = start(inline_variables="ignore")
    project["name"] = "{{who}}"

    assert call.validate(project, variables={"who": "Ann"}).status == 400
    assert call.validate({**project, "variables": {"who": "Ann"}}).json["payload"]["name"] == "Ann"


def test_loopback_media(start, project):
    """Media on this machine is refused as at the service, unless allowed for a demo."""
    project["visuals"] = [
        {"type": "IMAGE", "src": "http://127.0.0.1:8711/media/a.png", "width": 9, "height": 9}
    ]
    call = start()
    refused = call.validate(project)
    call.zvid.change(allow_loopback_media=True)

    assert refused.fields == ["visuals[0].src"]
    assert call.validate(project).status == 200
