"""A team's day at the stand-ins, in as few minutes as they take, and what the serving process holds meanwhile.

    PYTHONPATH=. python tests/sandbox/one_day.py --serve HOME

is the process that is looked at; whoever looks drives it over its real port and reads /proc.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

SPREADSHEET = "day"
ROWS = 100
MEDIA_BYTES = 100_000
_RECT = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="{}"/></svg>'
)
_PAGE = os.sysconf("SC_PAGE_SIZE")
_SHEET = "/v4/spreadsheets/day"


@dataclass(frozen=True, slots=True)
class Held:
    """What the process and its children hold at one moment."""

    memory: int  # bytes, the serving process alone
    drawing: int  # bytes, the processes that draw
    handles: int
    threads: int
    children: int
    media: int  # bytes
    disk: int  # bytes besides those


def held(process: int, home: Path) -> Held:
    children = [
        int(one)
        for task in Path(f"/proc/{process}/task").iterdir()
        for one in (task / "children").read_text().split()
    ]
    sizes = {path: path.stat().st_size for path in home.rglob("*") if path.is_file()}
    media = sum(size for path, size in sizes.items() if path.parent.name == "media")
    return Held(
        memory=_resident(process),
        drawing=sum(map(_resident, children)),
        handles=len(list(Path(f"/proc/{process}/fd").iterdir())),
        threads=len(list(Path(f"/proc/{process}/task").iterdir())),
        children=len(children),
        media=media,
        disk=sum(sizes.values()) - media,
    )


def settled(process: int, home: Path, handles: int, within: float = 5) -> Held:
    """The same a moment later, when connections that ended have been noticed."""
    ends = time.monotonic() + within
    while (now := held(process, home)).handles > handles and time.monotonic() < ends:
        time.sleep(0.05)
    return now


def _resident(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE


@contextmanager
def stand_ins(home: Path) -> Iterator[tuple[str, int]]:
    """Both of them in a process of their own: where, and its number."""
    command = [sys.executable, __file__, "--serve", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.terminate()


@contextmanager
def ear() -> Iterator[str]:
    """Where webhooks may go."""

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hook"
        server.shutdown()


@dataclass
class Day:
    """The people and robots who use the stand-ins; nothing is ever the same twice."""

    base: str
    home: Path
    hook: str
    serial: int = 0
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30, trust_env=False))

    def part(self, size: int) -> None:
        """A 1,728th of a day for each `size`: ten looks of the robot, an edit or two, now and then a video."""
        waiting = []
        for step in range(size):
            self.serial += 1
            viewer = self._viewer() if step % 4 == 0 else None
            for _ in range(10):
                self._call("GET", f"{_SHEET}/values/Videos!A1:Z{ROWS + 1}")
            self._edit()
            if step % 3 == 0:
                waiting.append(self._submit())
            if step % 5 == 0:
                self._move_rows()
            if step % 10 == 0:
                self._sign_in()
            if viewer is not None:
                viewer.close()
            while len(waiting) > (4 if step < size - 1 else 0):
                self._fetch(waiting.pop(0))

    def close(self) -> None:
        self.client.close()

    def _call(self, method: str, path: str, body: Any = None, bearer: str = "page") -> Any:
        headers = {"authorization": f"Bearer {bearer}"}
        answer = self.client.request(method, self.base + path, json=body, headers=headers)
        answer.raise_for_status()
        return answer.json()

    def _edit(self) -> None:
        row = self.serial % ROWS + 2
        values = [[False, f"Headline {self.serial}", f"=LEN(B{row})+{self.serial}", f"note {self.serial}"]]
        self._call("PUT", f"{_SHEET}/values/Videos!A{row}?valueInputOption=USER_ENTERED", {"values": values})
        cell = {
            "userEnteredValue": {"stringValue": f"Done {self.serial}"},
            "userEnteredFormat": {"textFormat": {"bold": self.serial % 2 == 0}},
        }
        place = {"sheetId": 0, "rowIndex": row - 1, "columnIndex": 5}
        request = {"updateCells": {"start": place, "rows": [{"values": [cell]}], "fields": "*"}}
        self._call("POST", f"{_SHEET}:batchUpdate", {"requests": [request]})

    def _move_rows(self) -> None:
        """A row more, a row fewer, and everything in another order."""
        row = {"sheetId": 0, "dimension": "ROWS", "startIndex": 5, "endIndex": 6}
        block = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": ROWS + 1}
        order = "ASCENDING" if self.serial % 2 else "DESCENDING"
        steps = [
            {"insertDimension": {"range": row, "inheritFromBefore": True}},
            {"deleteDimension": {"range": row}},
            {
                "sortRange": {
                    "range": block,
                    "sortSpecs": [{"dimensionIndex": 1, "sortOrder": order}],
                }
            },
        ]
        self._call("POST", f"{_SHEET}:batchUpdate", {"requests": steps})

    def _sign_in(self) -> None:
        """A new access token, and the first read with it."""
        now = int(time.time())
        claim = {"iss": "robot@day", "scope": "sheets", "iat": now, "exp": now + 60}
        part = base64.urlsafe_b64encode(json.dumps(claim).encode()).decode().rstrip("=")
        head = base64.urlsafe_b64encode(b'{"alg":"RS256","typ":"JWT"}').decode().rstrip("=")
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": f"{head}.{part}.AAAA",
        }
        token = self.client.post(f"{self.base}/token", data=form).raise_for_status().json()["access_token"]
        self._call("GET", f"{_SHEET}/values/Videos!A1:A2", bearer=token)

    def _viewer(self) -> socket.socket:
        """Somebody opens the page; the caller closes it without a word."""
        host, _, port = self.base.removeprefix("http://").partition(":")
        line = socket.create_connection((host, int(port)), timeout=10)
        line.sendall(f"GET /sandbox/sheets/{SPREADSHEET}/events HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert b"200 OK" in line.recv(4096)
        return line

    def _submit(self) -> str:
        visual = {
            "type": "SVG",
            "svg": _RECT.format(f"#{self.serial % 4096:03x}"),
            "width": 64,
            "height": 36,
            "enterEnd": 0.5,
            "enterAnimation": "fade",
        }
        words = {"type": "TEXT", "text": f"Day {self.serial}", "width": 60, "height": 30}
        payload = {
            "name": f"day-{self.serial}",
            "width": 64,
            "height": 36,
            "duration": 1,
            "visuals": [visual, words],
        }
        self._call("POST", "/api/render/validate/api-key", {"payload": payload}, self._key)
        body = {"payload": payload, "webhookUrl": self.hook}
        return str(self._call("POST", "/api/render/api-key", body, self._key)["jobId"])

    def _fetch(self, job: str) -> None:
        while (said := self._call("GET", f"/api/jobs/{job}", bearer=self._key))["state"] != "completed":
            assert said["state"] != "failed", said
            time.sleep(0.02)
        result = said["result"]
        for address in (result["url"], result["thumbnailUrl"]) if isinstance(result, dict) else (result,):
            self.client.get(address).raise_for_status()

    @property
    def _key(self) -> str:
        return (self.home / "zvid-key").read_text().strip()


def serve(home: Path) -> None:
    from bot.sandbox.app import Sandbox, SandboxOptions
    from bot.sandbox.serve import SandboxServer
    from bot.sandbox.sheets.service import SheetsOptions
    from bot.sandbox.zvid.service import ZvidOptions

    zvid = ZvidOptions(balance=1_000_000, media_bytes=MEDIA_BYTES)
    # A day's sign-ins come within minutes.
    sheets = SheetsOptions(reads_per_minute=10_000)
    sandbox = Sandbox(home, SandboxOptions(sheets=sheets, zvid=zvid))
    lines = [["Approve", "Headline", "Length", "Note", "Size", "Status"]]
    sandbox.sheets.create_workbook(
        "Day", {"Videos": [*lines, *[[False, "x"]] * ROWS]}, spreadsheet_id=SPREADSHEET
    )
    with SandboxServer(sandbox) as server:
        sys.stdout.write(f"{server.base_url}\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGTERM})


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--serve", type=Path, required=True)
    serve(parser.parse_args().serve)
