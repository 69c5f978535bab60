"""The watch over every request to Google: it knows what is wrong, and it sees every process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import google_watch
import pytest
from discovery_document import request_complaints

BATCH = "/v4/spreadsheets/book:batchUpdate"


def asked(*requests: object, **more: object) -> list[str]:
    return request_complaints(
        "POST", BATCH, {"fields": ["spreadsheetId"]}, {"requests": list(requests), **more}
    )


def wide(fields: str = "pixelSize", **more: object) -> dict[str, Any]:
    span = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    return {
        "updateDimensionProperties": {
            "range": span,
            "properties": {"pixelSize": 90},
            "fields": fields,
            **more,
        }
    }


def test_good_request_is_good():
    """Nothing to complain about."""
    assert asked(wide()) == []


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (wide(colour="red"), ".colour: unknown"),
        (wide("pixelsize"), "pixelsize is no field"),
        (
            wide("pixelSize,hiddenByUser,developerMetadata(metadataKey,value)"),
            "developerMetadata.value is no field",
        ),
        (wide("pixelSize/x"), "pixelSize.x is no field"),
        (wide(""), "no fields are named"),
        (wide(properties={"pixelSize": "90"}), "'90' is no integer"),
        (wide(properties={"pixelSize": None}), "None is no integer"),
        (wide(range={"dimension": "DIAGONALS"}), "'DIAGONALS' is no string"),
        ({**wide(), "deleteSheet": {"sheetId": 1}}, "2 kinds of request in one"),
        ({"updateChartSpec": {"chartId": 1}, "x": {}}, ".x: unknown"),
        (
            {"updateSlicerSpec": {"fields": "title"}},
            "nobody says yet what the mask of UpdateSlicerSpecRequest",
        ),
    ],
)
def test_what_is_wrong_inside_is_named(request_: dict[str, Any], words: str):
    """Unknown names, wrong types, masks that name nothing: wherever they are."""
    assert any(words in text for text in asked(request_))


@pytest.mark.parametrize(
    ("verb", "path", "query", "body", "words"),
    [
        ("POST", "/v4/spreadsheets/book:batchupdate", {}, {}, "no such method"),
        ("PUT", BATCH, {}, {"requests": []}, "no such method"),
        ("POST", BATCH, {"felds": ["x"]}, {"requests": []}, "?felds: unknown"),
        ("POST", BATCH, {"fields": ["x"]}, {"requests": []}, "?fields: x is no field"),
        ("POST", BATCH, {"fields": ["spreadsheetId", "replies"]}, {"requests": []}, "?fields: given 2 times"),
        ("POST", BATCH, {}, None, "there is no body"),
        ("GET", "/v4/spreadsheets/book", {"includeGridData": ["yes"]}, None, "'yes' is no boolean"),
        ("GET", "/v4/spreadsheets/book", {}, {}, "a body that nobody reads"),
        ("GET", "/v4/spreadsheets/book/values/A1", {"majorDimension": ["X"]}, None, "'X' is no string"),
    ],
)
def test_what_is_wrong_around_is_named(
    verb: str, path: str, query: dict[str, list[str]], body: object, words: str
):
    """Methods, parameters, bodies."""
    assert any(words in text for text in request_complaints(verb, path, query, body))


def test_other_processes_are_watched(tmp_path: Path):
    """What a command sends is noted before it leaves, also by a process the tests only started."""
    program = (
        "from bot.adapters.google_account import connect\n"
        "connect(None, 'http://127.0.0.1:9', anonymous=True)"
        ".request('post', 'book:batchUpdate', {'felds': 'x'}, {'requests': []})"
    )
    folder = {google_watch.FOLDER: str(tmp_path)}
    subprocess.run([sys.executable, "-c", program], env={**os.environ, **folder}, check=True, cwd=tmp_path)
    [said] = tmp_path.glob("complaints-*.txt")

    assert said.read_text() == f"POST {BATCH}: ?felds: unknown\n"
    assert google_watch.watched(tmp_path) == 1


def test_own_process_is_watched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The same without another process."""
    from bot.adapters.google_account import connect

    monkeypatch.setenv(google_watch.FOLDER, str(tmp_path))
    client = connect(None, "http://127.0.0.1:9", anonymous=True)
    client.request("get", "book", {"fields": "titel"}, None)

    assert list(google_watch.complained()) == ["GET /v4/spreadsheets/book: ?fields: titel is no field"]
