"""A served sandbox, and clients whose every v4 answer is checked against Google's discovery document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gspread
import gspread.http_client
import httpx
import pytest
from discovery_document import answer_complaints
from google.auth.credentials import AnonymousCredentials

from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions, SheetsStandIn


def check_answer(verb: str, url: str, code: int, content: bytes) -> None:
    """Asserts that a v4 answer is what the discovery document promises, or an error body."""
    path = urlsplit(url).path
    if path.startswith("/v4/spreadsheets") and code != 501:
        assert answer_complaints(verb, path, code, json.loads(content)) == []


def _check(response: httpx.Response) -> None:
    response.read()
    check_answer(response.request.method, str(response.request.url), response.status_code, response.content)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    """One for the whole run, without quotas; every test has a workbook of its own."""
    options = SandboxOptions(sheets=SheetsOptions(reads_per_minute=0, writes_per_minute=0))
    with SandboxServer(Sandbox(tmp_path_factory.mktemp("home"), options)) as server:
        yield server


@pytest.fixture
def stand_in(server: SandboxServer) -> SheetsStandIn:
    return server.sandbox.sheets


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[SheetsOptions], SandboxServer]]:
    """Starts servers with options of one's own, over the same folder; all are closed at the end."""
    running: list[SandboxServer] = []

    def start(options: SheetsOptions) -> SandboxServer:
        for other in running:
            other.close()
        server = SandboxServer(Sandbox(tmp_path, SandboxOptions(sheets=options))).start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.close()


@pytest.fixture(scope="session")
def http(server: SandboxServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.base_url, event_hooks={"response": [_check]}, timeout=10) as client:
        yield client


class Book:
    """One workbook with tabs `Videos` (id 0) and `My Tab` (id 1), spoken to over HTTP."""

    def __init__(self, http: httpx.Client, stand_in: SheetsStandIn) -> None:
        self.http = http
        self.stand_in = stand_in
        self.id = stand_in.create_workbook("Book", {"Videos": [], "My Tab": []})
        self.path = f"/v4/spreadsheets/{self.id}"

    def put(self, where: str, values: list[list[Any]], option: str = "RAW", **query: Any) -> httpx.Response:
        params = {"valueInputOption": option, **query}
        return self.http.put(f"{self.path}/values/{where}", params=params, json={"values": values})

    def read(self, where: str, render: str = "UNFORMATTED_VALUE", **query: Any) -> list[list[Any]]:
        response = self.http.get(f"{self.path}/values/{where}", params={"valueRenderOption": render, **query})
        assert response.status_code == 200, response.text
        return response.json().get("values", [])

    def post(self, method: str, body: Any, **query: Any) -> httpx.Response:
        return self.http.post(f"{self.path}{method}", params=query, json=body)

    def batch(self, *requests: dict[str, Any], **more: Any) -> dict[str, Any]:
        response = self.post(":batchUpdate", {"requests": list(requests), **more})
        assert response.status_code == 200, response.text
        return response.json()

    def refused(self, *requests: dict[str, Any]) -> str:
        """The error text of a batch that must be refused with 400."""
        response = self.post(":batchUpdate", {"requests": list(requests)})
        assert response.status_code == 400, response.text
        return response.json()["error"]["message"]

    def get(self, **query: Any) -> dict[str, Any]:
        response = self.http.get(self.path, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def reopen(self) -> None:
        """Forgets what is in memory, so that the next read comes from disk."""
        self.stand_in.close()


@pytest.fixture
def book(http: httpx.Client, stand_in: SheetsStandIn) -> Book:
    return Book(http, stand_in)


def swapped_host(base_url: str) -> type[gspread.http_client.HTTPClient]:
    """gspread's own client with nothing changed but the host."""

    class Local(gspread.http_client.HTTPClient):
        def request(self, method, endpoint, *args, **kwargs):
            for host in ("https://sheets.googleapis.com", "https://www.googleapis.com"):
                endpoint = endpoint.replace(host, base_url)
            response = super().request(method, endpoint, *args, **kwargs)
            check_answer(method.upper(), response.url, response.status_code, response.content)
            return response

    return Local


@pytest.fixture
def local_client(server: SandboxServer) -> type[gspread.http_client.HTTPClient]:
    return swapped_host(server.base_url)


@pytest.fixture
def gspread_client(local_client: type[gspread.http_client.HTTPClient]) -> gspread.Client:
    client = gspread.Client(AnonymousCredentials(), http_client=local_client)
    client.set_timeout((5, 20))
    return client
