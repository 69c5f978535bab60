"""Whole reads of a sheet of 1,000 rows and 20 columns from the stand-in, over real HTTP: how many a second."""

from __future__ import annotations

import http.client
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROWS, COLUMNS, SECONDS = 1_000, 20, 3.0
PATH = f"/v4/spreadsheets/b/values/Videos!A1:T{ROWS}?valueRenderOption=UNFORMATTED_VALUE"


def reads_a_second() -> dict[str, float]:
    """With a quiet sheet, and with a cell of it written before every tenth read; one client on one connection."""
    from bot.sandbox.app import Sandbox, SandboxOptions
    from bot.sandbox.serve import SandboxServer
    from bot.sandbox.sheets.service import SheetsOptions

    with TemporaryDirectory() as home:
        options = SandboxOptions(sheets=SheetsOptions(reads_per_minute=0, writes_per_minute=0))
        sandbox = Sandbox(Path(home), options)
        cells = [
            [f"Row {row}, column {column}" if column % 3 else row * column for column in range(COLUMNS)]
            for row in range(ROWS)
        ]
        sandbox.sheets.create_workbook("B", {"Videos": cells}, spreadsheet_id="b")
        with SandboxServer(sandbox) as server:
            return {"quiet": _measured(server.port, 0), "changing": _measured(server.port, 10)}


def _measured(port: int, write_every: int) -> float:
    line = http.client.HTTPConnection("127.0.0.1", port)
    taken = 0
    started = time.monotonic()
    while (spent := time.monotonic() - started) < SECONDS:
        if write_every and taken % write_every == 0:
            place = "/v4/spreadsheets/b/values/Videos!A1?valueInputOption=RAW"
            line.request("PUT", place, f'{{"values": [[{taken}]]}}')
            assert line.getresponse().read()
        line.request("GET", PATH)
        assert len(line.getresponse().read()) > ROWS * COLUMNS
        taken += 1
    line.close()
    return taken / spent


if __name__ == "__main__":
    print({name: round(rate) for name, rate in reads_a_second().items()})
