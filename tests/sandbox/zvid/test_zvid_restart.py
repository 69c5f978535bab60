"""A killed service: nothing that was answered is lost, and nothing is paid twice."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
import uuid
from pathlib import Path

import pytest

# Serves until it is killed; prints where.
PROGRAM = """
import sys, threading
from pathlib import Path
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.zvid.service import ZvidOptions

if __name__ == "__main__":
    options = ZvidOptions(render="instant", api_key="zvid_k", extra_render_seconds=float(sys.argv[2]))
    with SandboxServer(Sandbox(Path(sys.argv[1]), SandboxOptions(zvid=options))) as server:
        print(server.base_url, flush=True)
        threading.Event().wait()
"""


@pytest.fixture
def program(tmp_path: Path):
    file = tmp_path / "serve_it.py"
    file.write_text(PROGRAM)
    running: list[subprocess.Popen[str]] = []

    def begin(home: Path, extra_seconds: float) -> tuple[subprocess.Popen[str], str]:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
        process = subprocess.Popen(
            [sys.executable, file, home, str(extra_seconds)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        running.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline().strip()

    yield begin
    for process in running:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def post(base: str, body: object) -> dict:
    request = urllib.request.Request(
        f"{base}/api/render/api-key", json.dumps(body).encode(), {"x-api-key": "zvid_k"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def test_killed_at_work(program, start, project, tmp_path):
    """Jobs waiting or active at a kill -9 all end with the next process; each is paid once."""
    home = tmp_path / "home"
    process, base = program(home, 60)
    ids = [post(base, {"payload": project, "jobId": str(uuid.uuid4())})["jobId"] for _ in range(5)]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    call = start(home=home, api_key="zvid_k")
    films = {call.until(job, "completed")["result"]["url"] for job in ids}

    assert len(films) == 5
    assert [charge.job_id for charge in call.zvid.charges()] == ids
    assert [job.runs for job in call.zvid.jobs()] == [1] * 5
    assert call.zvid.balance() == 1164 - 45


def test_killed_after_the_end(program, start, project, tmp_path):
    """What was finished stays finished and can be read and downloaded at the new address."""
    home = tmp_path / "home"
    process, base = program(home, 0)
    job = post(base, {"payload": project})["jobId"]
    state = ""
    while state != "completed":
        request = urllib.request.Request(f"{base}/api/jobs/{job}", headers={"x-api-key": "zvid_k"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            state = json.load(answer)["state"]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    call = start(home=home, api_key="zvid_k")
    url = call.job(job).json["result"]["url"]

    assert url.startswith(call.server.base_url)
    assert call("GET", url).status == 200
    assert [each.runs for each in call.zvid.jobs()] == [1]


def test_opening_credits_come_once(start, tmp_path, project):
    """A second start in a folder finds the account as it was, and the same key."""
    first = start()
    first.submit(project)
    first.server.close()
    second = start(balance=5000)

    assert second.zvid.balance() == 1155
    assert second.zvid.api_key == first.zvid.api_key


def test_stop_in_the_middle(start, tmp_path, project, job_id):
    """An ordinary stop with a job at work leaves it to the next start."""
    first = start(extra_render_seconds=60)
    first.submit(project, job_id)
    first.until(job_id, "active")
    first.server.close()
    second = start()

    assert second.until(job_id, "completed")["result"]["url"]
    assert len(second.zvid.charges()) == 1
