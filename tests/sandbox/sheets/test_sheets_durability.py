"""An acknowledged write survives kill -9; an unfinished one leaves nothing half-done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import httpx

from bot.sandbox.sheets.service import SheetsOptions, SheetsStandIn

PROGRAM = """
import sys, threading
from pathlib import Path
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions
server = SandboxServer(Sandbox(Path(sys.argv[1]), SandboxOptions(sheets=SheetsOptions(0, 0)))).start()
server.sandbox.sheets.create_workbook("B", {"A": []}, "b")
print(server.base_url, flush=True)
threading.Event().wait()
"""


def test_answered_writes_survive_a_kill(tmp_path):
    """A real process, killed in the middle of writing: every answered batch is there, whole, in order."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        base_url = process.stdout.readline().strip()
        killer = threading.Timer(0.6, os.kill, (process.pid, signal.SIGKILL))
        answered = write_until_it_dies(base_url, killer)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()

    stand_in = SheetsStandIn(tmp_path, SheetsOptions())
    rows = [row.values[:2] for row in stand_in.library.open("b").tabs[0].rows if row.values]
    stand_in.close()
    assert answered > 5
    # The last one may have been saved without being answered.
    assert len(rows) in {answered, answered + 1}
    assert rows == [[number, f"text {number}"] for number in reversed(range(len(rows)))]


def write_until_it_dies(base_url, killer):
    """Inserts a row at the top and fills it, one batch each; how many were answered. A few are, before it is killed."""
    where = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    number = 0
    with httpx.Client(base_url=base_url) as client:
        while number < 900:
            cells = [
                {"userEnteredValue": {"numberValue": number}},
                {"userEnteredValue": {"stringValue": f"text {number}"}},
            ]
            write = {"start": {"sheetId": 0}, "rows": [{"values": cells}], "fields": "userEnteredValue"}
            body = {"requests": [{"insertDimension": {"range": where}}, {"updateCells": write}]}
            try:
                client.post("/v4/spreadsheets/b:batchUpdate", json=body).raise_for_status()
            except httpx.TransportError:
                break
            number += 1
            if number == 6:
                killer.start()
            time.sleep(0.002)
    return number


def test_everything_about_a_tab_survives(book):
    """Formats, notes, rules, sizes, frozen rows, conditional formats: read back as they were."""
    area = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    columns = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 3}
    look = {"userEnteredFormat": {"textFormat": {"bold": True}}, "note": "hello"}
    rule = {
        "ranges": [area],
        "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": True}}},
    }
    book.put("Videos!A1", [["a", "=1+1"]], "USER_ENTERED")
    book.batch(
        {"repeatCell": {"range": area, "cell": look, "fields": "userEnteredFormat,note"}},
        {"setDataValidation": {"range": area, "rule": {"condition": {"type": "BOOLEAN"}}}},
        {
            "updateDimensionProperties": {
                "range": columns,
                "properties": {"pixelSize": 40},
                "fields": "pixelSize",
            }
        },
        {"addDimensionGroup": {"range": columns}},
        {"addConditionalFormatRule": {"rule": rule}},
        {"addFilterView": {"filter": {"filterViewId": 3, "title": "F", "range": area}}},
        {"moveDimension": {"source": {**columns, "dimension": "ROWS"}, "destinationIndex": 0}},
        {"deleteSheet": {"sheetId": 1}},
    )
    before = book.get(includeGridData=True)

    book.reopen()

    assert book.get(includeGridData=True) == before


def test_an_existing_workbook_is_left_as_it_is(stand_in, http):
    """create_workbook with a known id changes nothing; a demo folder can be resumed."""
    first = stand_in.create_workbook("One", {"A": [["x"]]}, spreadsheet_id="fixed")
    second = stand_in.create_workbook("Two", {"B": [["y"]]}, spreadsheet_id="fixed")

    answer = http.get("/v4/spreadsheets/fixed").json()
    assert first == second == "fixed"
    assert answer["properties"]["title"] == "One"
    assert "fixed" in stand_in.workbook_ids()
