"""Quotas per user and minute, their refusals, and the counters."""

from __future__ import annotations

import httpx
import pytest

from bot.sandbox.sheets.quota import Quotas
from bot.sandbox.sheets.service import SheetsOptions
from bot.sandbox.sheets.wire import ApiError


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def quotas(clock):
    return Quotas(reads_per_minute=3, writes_per_minute=2, unlimited=frozenset({"page"}), clock=clock)


def spend(quotas, times, user="robot", *, write=False):
    """How many of so many calls were let through."""
    passed = 0
    for _ in range(times):
        try:
            quotas.spend(user, "spreadsheets.values.get", write=write)
            passed += 1
        except ApiError as error:
            if error.code != 429:
                raise
    return passed


def test_reads_and_writes_have_limits_of_their_own(quotas):
    """Reads used up, writes go on, and the other way round."""
    assert (spend(quotas, 5), spend(quotas, 5, write=True)) == (3, 2)


def test_each_user_has_a_quota(quotas):
    """One busy client does not stop another; the page has no limit."""
    spend(quotas, 5)

    assert (spend(quotas, 5, "other"), spend(quotas, 50, "page")) == (3, 50)


def test_the_minute_refills(quotas, clock):
    """A new minute, a new quota."""
    spend(quotas, 5)
    clock.now = 59.9
    late = spend(quotas, 1)
    clock.now = 60.0

    assert (late, spend(quotas, 5)) == (0, 3)


def test_a_limit_of_zero_is_none(clock):
    """Switched off."""
    quotas = Quotas(reads_per_minute=0, writes_per_minute=0, unlimited=frozenset(), clock=clock)

    assert spend(quotas, 500) == 500


def test_the_default_is_googles(serve):
    """60 reads a minute for one user over the wire; the 61st gets the reported body; counters tell."""
    server = serve(SheetsOptions())
    book = server.sandbox.sheets.create_workbook("B", {"A": [["x"]]})
    # Fix the clock, lest a minute turns in the middle.
    server.sandbox.sheets.quotas._clock = lambda: 0.0
    url = f"{server.base_url}/v4/spreadsheets/{book}/values/A1"

    with httpx.Client(headers={"Authorization": "Bearer robot"}) as client:
        codes = [client.get(url).status_code for _ in range(61)]
        error = client.get(url).json()["error"]
        page = client.get(url, headers={"Authorization": "Bearer page"})
        write = client.put(url, params={"valueInputOption": "RAW"}, json={"values": [[1]]})
        counts = client.get(f"{server.base_url}/sandbox/sheets/counts").json()

    assert codes == [200] * 60 + [429]
    assert error["status"] == "RESOURCE_EXHAUSTED"
    assert error["message"].startswith(
        "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' "
        "of service 'sheets.googleapis.com' for consumer 'project_number:"
    )
    assert error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert (page.status_code, write.status_code) == (200, 200)
    assert counts["robot"] == {
        "reads": 60,
        "writes": 1,
        "refused": 2,
        "methods": {"spreadsheets.values.get": 60, "spreadsheets.values.update": 1},
    }
    assert server.sandbox.sheets.counts["page"].reads == 1


def test_unknown_tokens_can_be_refused(serve):
    """With require_token only tokens from here, and the page, are let in."""
    server = serve(SheetsOptions(require_token=True))
    book = server.sandbox.sheets.create_workbook("B", {"A": []})
    url = f"{server.base_url}/v4/spreadsheets/{book}"

    refused = httpx.get(url, headers={"Authorization": "Bearer nonsense"})
    nobody = httpx.get(url)
    page = httpx.get(url, headers={"Authorization": "Bearer page"})

    assert (refused.status_code, nobody.status_code, page.status_code) == (401, 401, 200)
    assert refused.json()["error"]["status"] == "UNAUTHENTICATED"
