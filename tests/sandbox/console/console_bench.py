"""A sandbox with a small sheet the robot could have prepared, and the hands of everybody at it."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.zvid.service import ZvidOptions

HEADER = ["Approve", "Headline", "Retry", "Status", "What to do", "Video", "Row ID", "Job ID"]
ROWS = [
    [False, "Basil", False, "Done", "", "", "r1k", ""],
    [False, "Apples", False, "Rendering 40%", "", "", "r2k", ""],
    [False, "<img src=x onerror=alert(1)>", False, "Needs fixing", "<b>bold</b>", "", "r3k", ""],
]
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="#369"/></svg>'


@dataclass
class Bench:
    """The sandbox, the sheet in it, and the hands of page, robot and client of Zvid."""

    sandbox: Sandbox
    base_url: str
    book: str

    def faults(self) -> dict[str, Any]:
        told = httpx.get(f"{self.base_url}/sandbox/faults").json()
        return {fault["id"]: fault for fault in told["faults"]}

    def tally(self) -> dict[str, Any]:
        told: dict[str, Any] = httpx.get(f"{self.base_url}/sandbox/faults").json()["tally"]
        return told

    def turn(self, name: str, *, on: bool = True) -> httpx.Response:
        return httpx.put(f"{self.base_url}/sandbox/faults/{name}", json={"on": on})

    def google(self, method: str, path: str, body: object = None, user: str = "robot") -> httpx.Response:
        url = f"{self.base_url}/v4/spreadsheets/{self.book}{path}"
        return httpx.request(method, url, json=body, headers={"Authorization": f"Bearer {user}"}, timeout=10)

    def cells(self, area: str) -> list[list[Any]]:
        answer = self.google("GET", f"/values/{area}?valueRenderOption=UNFORMATTED_VALUE", user="page")
        found: list[list[Any]] = answer.json().get("values", [])
        return found

    def put(self, area: str, value: object) -> httpx.Response:
        return self.google("PUT", f"/values/{area}?valueInputOption=RAW", {"values": [[value]]}, user="page")

    def write_status(self, row: int, text: str) -> httpx.Response:
        """As the robot writes: cells by their place, in one batchUpdate."""
        cell = {
            "start": {"sheetId": 0, "rowIndex": row - 1, "columnIndex": 3},
            "rows": [{"values": [{"userEnteredValue": {"stringValue": text}}]}],
            "fields": "userEnteredValue",
        }
        return self.google("POST", ":batchUpdate", {"requests": [{"updateCells": cell}]})

    def zvid(self, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {"x-api-key": self.sandbox.zvid.api_key}
        return httpx.request(method, self.base_url + path, json=body, headers=headers, timeout=10)

    def submit(self, name: str, job_id: str | None = None) -> httpx.Response:
        drawing = {"type": "SVG", "svg": DRAWING, "width": 320, "height": 180}
        payload = {"name": name, "duration": 1, "width": 320, "height": 180, "visuals": [drawing]}
        body = {"payload": payload, "jobId": job_id or str(uuid.uuid4())}
        return self.zvid("POST", "/api/render/api-key", body)

    def finished(self, name: str) -> str:
        """Orders a video, waits for it, and answers where it is."""
        job_id = self.submit(name).json()["jobId"]
        for _ in range(500):
            job = next(one for one in self.sandbox.zvid.jobs() if one.id == job_id)
            if job.video:
                return f"{self.base_url}/media/videos/{job.video}"
            time.sleep(0.01)
        raise AssertionError("The video was never finished.")


def make_bench(home: Path) -> tuple[Sandbox, str]:
    sandbox = Sandbox(home, SandboxOptions(zvid=ZvidOptions(render="instant")))
    book = sandbox.sheets.create_workbook("Rows", {"Videos": [HEADER, *ROWS]}, spreadsheet_id="b")
    return sandbox, book
