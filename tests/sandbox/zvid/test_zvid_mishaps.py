"""Answers that get lost or go wrong, on real sockets."""

import http.client
import json
import socket

import pytest

SUBMIT = "/api/render/api-key"


def exchange(call, body: bytes, *, within: float = 1.0) -> tuple[bytes, str]:
    """Sends a submit over a bare socket; what came back and how the connection ended."""
    head = (
        f"POST {SUBMIT} HTTP/1.1\r\nHost: x\r\nx-api-key: {call.zvid.api_key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    got = b""
    with socket.create_connection(("127.0.0.1", call.server.port), timeout=within) as connection:
        connection.sendall(head + body)
        try:
            while piece := connection.recv(65536):
                got += piece
        except ConnectionResetError:
            return got, "reset"
        except TimeoutError:
            return got, "silence"
    return got, "end"


def mishap(**fields: object) -> dict[str, object]:
    return {"route": "submit", **fields}


@pytest.mark.parametrize("after_work", [False, True])
@pytest.mark.parametrize(("answer", "ending"), [("close", "end"), ("reset", "reset"), ("hang", "silence")])
def test_lost_answer(call, project, job_id, answer, ending, after_work):
    """The connection ends without a byte, before the work or after it; the next call is served."""
    call.zvid.change(mishaps=[mishap(answer=answer, after_work=after_work)])
    got, how = exchange(call, json.dumps({"payload": project, "jobId": job_id}).encode(), within=0.4)
    looked_up = call.job(job_id)

    assert (got, how) == (b"", ending)
    assert looked_up.status == (200 if after_work else 404)
    assert len(call.zvid.charges()) == (1 if after_work else 0)
    assert call.submit(project).status == 202


def test_half_a_body(call, project, job_id):
    """The whole length is declared, half of it comes; the job exists."""
    call.zvid.change(mishaps=[mishap(answer="half")])
    connection = http.client.HTTPConnection("127.0.0.1", call.server.port, timeout=5)
    body = json.dumps({"payload": project, "jobId": job_id})
    connection.request("POST", SUBMIT, body, {"x-api-key": call.zvid.api_key})
    answer = connection.getresponse()
    with pytest.raises(http.client.IncompleteRead) as cut:
        answer.read()
    connection.close()

    assert answer.status == 202
    assert 0 < len(cut.value.partial) < int(answer.headers["content-length"])
    assert call.job(job_id).status == 200


@pytest.mark.parametrize("status", [401, 402, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("after_work", [False, True])
def test_status_instead(shared, project, job_id, status, after_work):
    """A status may be a lie: the work was done all the same, or was not."""
    shared.zvid.change(mishaps=[mishap(answer=status, after_work=after_work)])
    answer = shared.submit(project, job_id)

    assert answer.status == status
    assert answer.json["error"]
    assert shared.job(job_id).status == (200 if after_work else 404)


def test_retry_after(shared, project):
    """The wait stands in the header and, where it is a number, in the body."""
    shared.zvid.change(mishaps=[mishap(answer=429, retry_after="7")])
    answer = shared.submit(project)

    assert answer.headers["retry-after"] == "7"
    assert answer.json["retryAfter"] == 7


def test_page_for_people(shared, project):
    """A proxy's HTML may come in place of JSON."""
    shared.zvid.change(mishaps=[mishap(answer=502, body="<html><h1>Bad gateway</h1></html>")])
    answer = shared.submit(project)

    assert answer.status == 502
    assert answer.headers["content-type"] == "text/html"
    assert answer.raw.startswith(b"<html>")


def test_unreadable_success(shared, project, job_id):
    """A 202 whose body is no JSON still stands for an accepted job."""
    shared.zvid.change(mishaps=[mishap(answer=202, after_work=True, body='{"jobId": NaN')])
    answer = shared.submit(project, job_id)

    assert (answer.status, answer.raw) == (202, b'{"jobId": NaN')
    assert shared.job(job_id).status == 200


def test_next_calls_only(shared, project):
    """A mishap befalls as many calls as it says, of its own route."""
    shared.zvid.change(mishaps=[mishap(answer=503, times=2)])
    seen = [shared.submit(project).status for _ in range(3)]

    assert seen == [503, 503, 202]
    assert shared.zvid.switches().mishaps == ()


def test_other_routes_are_spared(shared, project, job_id):
    """A mishap of the status route leaves submits alone, and one for `*` takes any call."""
    shared.zvid.change(mishaps=[{"route": "job", "answer": 500}, {"route": "*", "answer": 504}])

    assert shared.submit(project, job_id).status == 504
    assert shared.submit(project, job_id).status == 202
    assert shared.job(job_id).status == 500
    assert shared.job(job_id).status == 200


def test_in_the_order_given(shared):
    """Several mishaps of a route follow one another."""
    shared.zvid.change(mishaps=[{"route": "jobs", "answer": 500}, {"route": "jobs", "answer": 503}])

    assert [shared("GET", "/api/jobs").status for _ in range(3)] == [500, 503, 200]


def test_lost_calls_are_counted(call, project):
    """A call whose answer was lost was a call."""
    call.zvid.change(mishaps=[mishap(answer="reset")])
    exchange(call, json.dumps({"payload": project}).encode())

    assert call.zvid.calls()["submit"] == 1


def test_hanging_call_does_not_outlive_the_server(start, project):
    """A server with a silent call open still ends promptly."""
    call = start()
    call.zvid.change(mishaps=[mishap(answer="hang")])
    body = json.dumps({"payload": project}).encode()
    head = f"POST {SUBMIT} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", call.server.port), timeout=8) as connection:
        connection.sendall(head + body)
        while not call.zvid.calls()["submit"]:
            pass
        call.server.close()

        assert not call.server._thread.is_alive()


def test_whoever_is_gone_in_the_middle_of_a_request_breaks_nothing(start, capfd):
    """As a client that was killed: no trace of it in the terminal."""
    call = start()
    head = (
        f"POST {SUBMIT} HTTP/1.1\r\nHost: x\r\nx-api-key: {call.zvid.api_key}\r\nContent-Length: 100\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", call.server.port)) as connection:
        connection.sendall(head.encode() + b"{")
        while not call.zvid.calls()["submit"]:
            pass
    call.server.close()

    assert capfd.readouterr().err == ""


def test_a_share_of_the_calls(call, project):
    """A mishap with a share befalls about so many of the calls; those that go through use nothing of it up."""
    call.zvid.change(mishaps=[mishap(answer=503, share=0.3, times=10)])
    statuses = [call.submit(project).status for _ in range(60)]

    assert statuses.count(503) == 10
    assert set(statuses[:10]) == {202, 503}
