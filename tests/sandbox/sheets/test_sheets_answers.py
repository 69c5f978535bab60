"""The check every answer of the stand-in goes through finds what Google would never answer."""

from __future__ import annotations

import pytest
from discovery_document import answer_complaints

VALUES = "/v4/spreadsheets/ID/values/%27A%20b%27%21A1%3AB2"


@pytest.mark.parametrize(
    ("verb", "path", "code", "body", "said"),
    [
        ("GET", VALUES, 200, {"range": "A1", "madeUp": 1}, "$.madeUp: unknown"),
        ("GET", VALUES, 200, {"range": 7}, "$.range: 7 is no string"),
        ("GET", "/v4/spreadsheets/ID", 200, {"sheets": [{"rowGroups": [{"deep": 1}]}]}, "rowGroups[0].deep"),
        ("POST", "/v4/spreadsheets/ID:madeUp", 200, {}, "no such method"),
        ("GET", "/drive/v3/files/ID", 200, {"sheetId": 1}, "$.sheetId: unknown"),
        ("GET", VALUES, 400, {"error": {"code": 404, "message": ""}}, "the body says 404"),
        ("GET", VALUES, 400, {"detail": "no"}, "is no error body"),
    ],
)
def test_what_google_would_never_answer_is_told(verb, path, code, body, said):
    """Unknown names, wrong types, methods there are not, and error bodies of another shape."""
    assert any(said in one for one in answer_complaints(verb, path, code, body))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (VALUES, {"range": "'A b'!A1:B2", "majorDimension": "ROWS", "values": [[1, "x", True]]}),
        ("/drive/v3/files/ID", {"id": "ID", "kind": "drive#file", "trashed": False}),
    ],
)
def test_what_google_answers_passes(path, body):
    """Answers as they were recorded."""
    assert answer_complaints("GET", path, 200, body) == []
