"""Webhooks on real sockets: who is told what, how it is signed, and what happens when nobody answers."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.zvid.service import ZvidOptions


@dataclass
class Listener:
    """An endpoint of a customer; answers what it is told, in turn, and then 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def wait_for(self, count: int, within: float = 8) -> list[dict[str, Any]]:
        ends = time.monotonic() + within
        while len(self.got) < count and time.monotonic() < ends:
            time.sleep(0.01)
        assert len(self.got) >= count, self.got
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
def listener() -> Iterator[Listener]:
    heard = Listener()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.got.append(({key.lower(): value for key, value in self.headers.items()}, body))
            status = heard.answers.pop(0) if heard.answers else 200
            self.send_response(status)
            if status == 302:
                self.send_header("location", "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        heard.url = f"http://127.0.0.1:{server.server_port}/hook?a=1"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield heard
        server.shutdown()
        thread.join()


def test_an_account_is_told_of_a_finished_job(call, project, job_id, listener):
    """Signed over the time and the raw body with the whole secret, and with everything the pages list."""
    hook = call("POST", "/api/webhooks", {"url": listener.url, "events": ["render.completed"]}).json
    call.submit(project, job_id)
    (body,) = listener.wait_for(1)
    headers, raw = listener.got[0]

    signed = hmac.new(
        hook["secret"].encode(), f"{headers['x-zvid-timestamp']}.".encode() + raw, hashlib.sha256
    )
    assert headers["x-zvid-signature"] == f"sha256={signed.hexdigest()}"
    assert abs(int(headers["x-zvid-timestamp"]) - time.time()) < 60
    assert (headers["x-zvid-event"], headers["x-zvid-job-id"]) == ("render.completed", job_id)
    assert (body["event"], body["jobId"], body["data"]["creditsCharged"]) == ("render.completed", job_id, 9)
    assert body["data"]["url"] == call.until(job_id, "completed")["result"]["url"]
    assert body["data"]["size"] > 0
    assert hook["secret"].startswith("whsec_")
    assert hook["id"].startswith("whk_")


def test_a_request_is_told_unsigned(call, project, job_id, listener):
    call.submit(project, job_id, webhookUrl=listener.url)
    (body,) = listener.wait_for(1)

    assert body["jobId"] == job_id
    assert "x-zvid-signature" not in listener.got[0][0]


def test_a_request_can_be_told_signed(start, project, listener):
    """What a remark in the vendor's schema says, by a switch."""
    start(sign_request_webhooks=True).submit(project, webhookUrl=listener.url)
    listener.wait_for(1)

    assert listener.got[0][0]["x-zvid-signature"].startswith("sha256=")


def test_a_failed_job(start, project, job_id, listener):
    """The reason, nothing charged, and no name."""
    start(fail_renders=1).submit(project, job_id, webhookUrl=listener.url)
    (body,) = listener.wait_for(1)

    assert body["event"] == "render.failed"
    assert body["data"] == {
        "status": "failed",
        "type": "video",
        "error": "Failed to download media",
        "creditsCharged": 0,
    }


def test_both_kinds_tell_of_one_job(call, project, listener):
    """An endpoint of the account and an address of the request: two deliveries with ids of their own."""
    call("POST", "/api/webhooks", {"url": listener.url})
    call.submit(project, webhookUrl=listener.url)
    listener.wait_for(2)

    assert len({headers["x-zvid-delivery-id"] for headers, _ in listener.got}) == 2


def test_every_child_of_a_batch_is_told(call, project, listener):
    items = [{"name": "a"}, {"name": "b"}]
    call("POST", "/api/render/bulk/api-key", {"payload": project, "items": items, "webhookUrl": listener.url})

    assert len({body["jobId"] for body in listener.wait_for(2)}) == 2


def test_five_tries_and_no_more(start, project, listener):
    """Anything but 2xx is tried again, a redirect too, under the same delivery id; then it is given up."""
    listener.answers = [500, 302, 404, 503, 500]
    call = start(webhook_pause_factor=0.0001)
    hook = call("POST", "/api/webhooks", {"url": listener.url}).json
    call.submit(project)
    listener.wait_for(5)
    deliveries = f"/api/webhooks/{hook['id']}/deliveries"
    ends = time.monotonic() + 5
    while (log := call("GET", deliveries).json["deliveries"])[0][
        "status"
    ] == "pending" and time.monotonic() < ends:
        time.sleep(0.02)

    assert len(listener.got) == 5
    assert len({headers["x-zvid-delivery-id"] for headers, _ in listener.got}) == 1
    assert (log[0]["status"], log[0]["attempts"], log[0]["responseStatus"]) == ("failed", 5, 500)


def test_a_delivery_outlives_the_process(start, caller, project, listener, tmp_path):
    """What is not delivered when the stand-in ends is delivered by the next one."""
    options = ZvidOptions(render="instant", webhook_delay_seconds=1.0)
    sandbox = Sandbox(tmp_path, SandboxOptions(zvid=options))
    with SandboxServer(sandbox) as server:
        first = caller(server, sandbox.zvid)
        job_id = first.submit(project, webhookUrl=listener.url).json["jobId"]
        first.until(job_id, "completed")
    assert listener.got == []
    start()

    assert listener.wait_for(1)[0]["jobId"] == job_id


def test_deliveries_can_be_doubled(start, project, job_id, listener):
    """One event, twice, under ids of their own."""
    start(webhook_deliveries="twice").submit(project, job_id, webhookUrl=listener.url)

    assert [body["jobId"] for body in listener.wait_for(2)] == [job_id, job_id]


def test_deliveries_can_be_withheld(start, project, job_id, listener):
    """Nothing is heard of the first job, only of the second."""
    call = start(webhook_deliveries="never")
    call.until(call.submit(project, webhookUrl=listener.url).json["jobId"], "completed")
    call.zvid.change(webhook_deliveries="once")
    call.submit(project, job_id, webhookUrl=listener.url)

    assert [body["jobId"] for body in listener.wait_for(1)] == [job_id]


@pytest.mark.parametrize(
    ("hosts", "url", "taken"),
    [
        ("strict-with-http", "http://hooks.example.com/zvid", True),
        ("loopback", "http://127.0.0.1:9/a", True),
        ("loopback", "https://example.com/a", False),
        ("loopback", "http://192.168.0.9/a", False),
        ("strict", "https://example.com/a", True),
        ("strict", "http://example.com/a", False),
        ("strict", "http://127.0.0.1:9/a", False),
        ("strict", "https://u:p@example.com/a", False),
        ("strict", "https://example.com:8443/a", False),
    ],
)
def test_which_addresses_are_taken(start, project, hosts, url, taken):
    """This machine only, or what the service takes; then nobody outside is called all the same."""
    call = start(webhook_hosts=hosts)

    assert call("POST", "/api/webhooks", {"url": url}).status == (201 if taken else 400)
    assert call.submit(project, webhookUrl=url).status == (202 if taken else 400)


def test_endpoints_are_managed(start, listener):
    """The secret is shown on creation and on the single read; a test delivery says that it is one."""
    call = start(plan="Free", webhook_answer="wrapped")
    hook = call("POST", "/api/webhooks", {"url": listener.url, "description": "ours"}).json["webhook"]
    one = f"/api/webhooks/{hook['id']}"
    full = call("POST", "/api/webhooks", {"url": listener.url})
    listed = call("GET", "/api/webhooks").json
    call("PUT", one, {"events": ["render.failed"]})
    call("POST", f"{one}/test")
    (body,) = listener.wait_for(1)

    assert full.status == 403
    assert listed["usage"]["limit"] == 1
    assert "secret" not in listed["webhooks"][0]
    assert call("GET", one).json["webhook"]["secret"] == hook["secret"]
    assert call("GET", one).json["webhook"]["events"] == ["render.failed"]
    assert body["test"] is True
    assert call("DELETE", one).status == 200
    assert call("GET", one).status == 404


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "url"),
        ({"url": "http://127.0.0.1:9/", "events": ["job.done"]}, "events"),
        ({"url": "http://127.0.0.1:9/", "description": "x" * 256}, "description"),
        ({"url": "http://127.0.0.1:9/", "colour": "red"}, "colour"),
    ],
)
def test_endpoints_that_are_refused(shared, body, place):
    answer = shared("POST", "/api/webhooks", body)

    assert (answer.status, answer.fields) == (400, [place])
