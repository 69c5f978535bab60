"""Whom a file is shared with and what is protected from whom: roles given through Drive, held by both halves.

Accounts speak by a bearer value that is their address, or by a token of `/token` here; the fixture `book` speaks as
nobody in particular, which is whoever owns the machine.
"""

import gspread
import httpx
import pytest

from bot.sandbox.sheets.service import SheetsOptions
from bot.sandbox.sheets.tokens import write_service_account

ROBOT, ANN = "robot@sandbox.iam.gserviceaccount.com", "ann@example.com"
NOT_SHARED = "The caller does not have permission"
PROTECTED = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection "
    "if you need to edit."
)
FIRST_COLUMN = {"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 1}


@pytest.fixture
def locked(book):
    """The book without its open door."""
    assert book.http.delete(f"/drive/v3/files/{book.id}/permissions/anyoneWithLink").status_code == 204
    return book


def share(book, address, role):
    body = {"type": "user", "role": role, "emailAddress": address}
    assert book.http.post(f"/drive/v3/files/{book.id}/permissions", json=body).status_code == 200


def speak(book, address, verb, path, **more):
    return book.http.request(verb, path, headers={"Authorization": f"Bearer {address}"}, **more)


def read(book, address):
    return speak(book, address, "GET", f"{book.path}/values/A1")


def write(book, address, where="A1", values=(("x",),)):
    path = f"{book.path}/values/{where}"
    return speak(book, address, "PUT", path, params={"valueInputOption": "RAW"}, json={"values": values})


def batch(book, address, *requests):
    return speak(book, address, "POST", f"{book.path}:batchUpdate", json={"requests": requests})


@pytest.mark.parametrize(
    ("role", "codes", "drive"),
    [
        (None, (403, 403), 404),
        ("reader", (200, 403), 403),
        ("commenter", (200, 403), 403),
        ("writer", (200, 200), 200),
    ],
)
def test_what_a_role_may_do(locked, role, codes, drive):
    """Not shared: 403 on all (Drive: 404). Shared for reading: 403 on writes. Each write method alike."""
    if role:
        share(locked, ANN, role)

    assert (read(locked, ANN).status_code, write(locked, ANN).status_code) == codes
    refused = batch(locked, ANN, {"addSheet": {}})
    assert refused.status_code == codes[1]
    if refused.status_code == 403:
        assert refused.json()["error"] == {"code": 403, "message": NOT_SHARED, "status": "PERMISSION_DENIED"}
    renamed = speak(locked, ANN, "PATCH", f"/drive/v3/files/{locked.id}", json={"name": "n"})
    assert renamed.status_code == drive
    listed = speak(locked, ANN, "GET", "/drive/v3/files").json()["files"]
    assert (locked.id in {one["id"] for one in listed}) is bool(role)


def test_only_the_owner_may_delete(locked):
    """A writer is refused in Drive's words, and takes the file over by a transfer that says so."""
    share(locked, ANN, "writer")
    path = f"/drive/v3/files/{locked.id}"
    refused = speak(locked, ANN, "DELETE", path)
    (mine,) = [
        one["id"]
        for one in locked.http.get(f"{path}/permissions", params={"fields": "*"}).json()["permissions"]
        if one.get("emailAddress") == ANN
    ]
    unsaid = locked.http.patch(f"{path}/permissions/{mine}", json={"role": "owner"})
    said = locked.http.patch(
        f"{path}/permissions/{mine}", json={"role": "owner"}, params={"transferOwnership": True}
    )

    assert refused.json()["error"]["errors"][0]["reason"] == "insufficientFilePermissions"
    assert (unsaid.status_code, said.status_code) == (403, 200)
    assert speak(locked, ANN, "DELETE", path).status_code == 204


def test_a_domain_or_everybody_can_be_let_in(locked):
    """Permissions of type domain and anyone."""
    path = f"/drive/v3/files/{locked.id}/permissions"
    locked.http.post(path, json={"type": "domain", "role": "reader", "domain": "example.com"})
    by_domain = read(locked, ANN).status_code, read(locked, "b@other.org").status_code
    locked.http.post(path, json={"type": "anyone", "role": "reader"})

    assert by_domain == (200, 403)
    assert read(locked, "b@other.org").status_code == 200


def test_who_makes_a_file_owns_it(server, tmp_path, local_client, http):
    """A signed-in service account's file is nobody else's until it is shared (unmodified gspread)."""
    keys = write_service_account(tmp_path / "keys", server.base_url)
    robot = gspread.service_account(filename=str(keys), http_client=local_client)
    made = robot.create("The robot's own")

    alone = http.get(f"/v4/spreadsheets/{made.id}", headers={"Authorization": f"Bearer {ANN}"})
    made.share(ANN, perm_type="user", role="writer", notify=False)
    shared = http.get(f"/v4/spreadsheets/{made.id}", headers={"Authorization": f"Bearer {ANN}"})

    assert [one.get("emailAddress") for one in made.list_permissions()] == [ROBOT, ANN]
    assert (alone.status_code, shared.status_code) == (403, 200)


def test_gspread_tells_an_unshared_file_from_a_missing_one(locked, server, tmp_path, local_client):
    """open_by_key: 403 is a PermissionError, 404 a SpreadsheetNotFound."""
    keys = write_service_account(tmp_path / "keys", server.base_url)
    robot = gspread.service_account(filename=str(keys), http_client=local_client)

    with pytest.raises(PermissionError):
        robot.open_by_key(locked.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        robot.open_by_key("nowhere")


def test_a_service_account_may_have_no_storage(serve):
    """With the switch on, it cannot make files; a person can."""
    base = serve(SheetsOptions(robots_own_files=False)).base_url
    body = {"name": "n", "mimeType": "application/vnd.google-apps.spreadsheet"}
    refused = httpx.post(f"{base}/drive/v3/files", json=body, headers={"Authorization": f"Bearer {ROBOT}"})
    made = httpx.post(f"{base}/drive/v3/files", json=body, headers={"Authorization": f"Bearer {ANN}"})

    assert refused.status_code == 403
    assert refused.json()["error"]["errors"][0]["reason"] == "storageQuotaExceeded"
    assert made.status_code == 200


# ---------------------------------------------------------------- protected ranges


def protect(book, address=None, **more):
    request = {"addProtectedRange": {"protectedRange": {"range": FIRST_COLUMN, **more}}}
    answer = batch(book, address, request) if address else book.post(":batchUpdate", {"requests": [request]})
    assert answer.status_code == 200, answer.text
    return answer.json()["replies"][0]["addProtectedRange"]["protectedRange"]


CELL = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}
ONE = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
ROWS = {"sheetId": 0, "dimension": "ROWS", "startIndex": 3, "endIndex": 4}
TEXT = [{"values": [{"userEnteredValue": {"stringValue": "x"}}]}]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("updateCells", {"start": CELL, "rows": TEXT, "fields": "userEnteredValue"}),
        ("updateCells", {"start": CELL, "rows": [{"values": [{"note": "n"}]}], "fields": "note"}),
        ("repeatCell", {"range": ONE, "cell": {}, "fields": "userEnteredFormat"}),
        ("setDataValidation", {"range": ONE}),
        ("appendCells", {"sheetId": 0, "rows": TEXT, "fields": "userEnteredValue"}),
        ("findReplace", {"find": "old", "replacement": "new", "allSheets": True}),
        ("copyPaste", {"source": {**ONE, "sheetId": 1}, "destination": ONE}),
        ("cutPaste", {"source": ONE, "destination": {**CELL, "columnIndex": 5}}),
        ("pasteData", {"coordinate": CELL, "data": "x", "delimiter": ","}),
        ("sortRange", {"range": {"sheetId": 0}, "sortSpecs": [{"dimensionIndex": 0}]}),
        ("insertRange", {"range": ONE, "shiftDimension": "ROWS"}),
        ("deleteRange", {"range": ONE, "shiftDimension": "COLUMNS"}),
        ("deleteDimension", {"range": ROWS}),
        ("moveDimension", {"source": ROWS, "destinationIndex": 0}),
        ("mergeCells", {"range": {**ONE, "endRowIndex": 2}, "mergeType": "MERGE_ALL"}),
        ("updateBorders", {"range": ONE, "top": {"style": "SOLID"}}),
        ("autoFill", {"sourceAndDestination": {"source": ONE, "dimension": "ROWS", "fillLength": 2}}),
        ("randomizeRange", {"range": ONE}),
        ("deleteSheet", {"sheetId": 0}),
        ("deleteProtectedRange", {"protectedRangeId": 7}),
        ("updateProtectedRange", {"protectedRange": {"protectedRangeId": 7}, "fields": "description"}),
    ],
)
def test_protected_cells_are_closed_to_others(book, kind, body):
    """Google's 400, whatever the way in; the owner passes, and nothing has changed before."""
    book.put("Videos!A1", [["old", "b"], ["old"]])
    protect(book, protectedRangeId=7, editors={"users": [ANN]})

    refused = batch(book, ROBOT, {kind: body})

    assert refused.status_code == 400
    assert refused.json()["error"]["message"] == f"Invalid requests[0].{kind}: {PROTECTED}"
    assert book.read("Videos") == [["old", "b"], ["old"]]
    assert batch(book, ANN, {kind: body}).status_code == 200


def test_protected_cells_are_closed_to_plain_values_too(book):
    """values.update, append and clear; the columns beside are open, and rows may be inserted."""
    book.put("Videos!A1", [["old", "b"]])
    protect(book, editors={"users": [ANN]})
    append = {"params": {"valueInputOption": "RAW"}, "json": {"values": [["x"]]}}

    refused = [
        write(book, ROBOT),
        write(book, ROBOT, "A1:B1", [["x", "y"]]),
        speak(book, ROBOT, "POST", f"{book.path}/values/A1:append", **append),
        speak(book, ROBOT, "POST", f"{book.path}/values/A1:clear"),
    ]

    assert {answer.json()["error"]["message"] for answer in refused} == {PROTECTED}
    assert {answer.json()["error"]["status"] for answer in refused} == {"INVALID_ARGUMENT"}
    assert write(book, ROBOT, "A1:B1", [[None, "y"]]).status_code == 200
    assert batch(book, ROBOT, {"insertDimension": {"range": ROWS}}).status_code == 200
    assert write(book, ANN).status_code == 200


@pytest.mark.parametrize(
    ("more", "code", "told"),
    [
        # Left out: everybody who may edit the file is put in, so nothing is protected.
        ({}, 200, {"users": ["owner@sandbox.example"]}),
        ({"warningOnly": True}, 200, {"users": ["owner@sandbox.example"]}),
        ({"editors": {"users": [ROBOT]}}, 200, {"users": [ROBOT]}),
        ({"editors": {"users": [ANN]}}, 400, None),
        ({"editors": {}}, 400, None),
        ({"editors": {"domainUsersCanEdit": True}}, 400, None),
        ({"warningOnly": True, "editors": {"users": [ANN]}}, 200, {"users": ["owner@sandbox.example"]}),
    ],
)
def test_whom_a_protection_lets_through(book, more, code, told):
    """Editors, their absence, and a mere warning; who may not edit is not told who may."""
    reply = protect(book, **more)

    assert write(book, ROBOT).status_code == code
    mask = {"fields": "sheets.protectedRanges"}
    (seen,) = speak(book, ROBOT, "GET", book.path, params=mask).json()["sheets"][0]["protectedRanges"]
    assert seen.get("editors") == told
    assert seen.get("requestingUserCanEdit") == (True if code == 200 else None)
    assert reply["editors"] == ({} if more.get("warningOnly") else more.get("editors", {}))
    (owners,) = book.get(**mask)["sheets"][0]["protectedRanges"]
    assert "editors" in owners
    assert "everybody" not in owners


def test_a_warning_made_a_lock_puts_all_editors_in(book):
    """warningOnly from true to false without editors; naming them afterwards closes it."""
    protect(book, protectedRangeId=7, warningOnly=True)
    change = {"protectedRangeId": 7, "warningOnly": False}
    book.batch({"updateProtectedRange": {"protectedRange": change, "fields": "warningOnly"}})
    before = write(book, ROBOT).status_code
    named = {"protectedRangeId": 7, "editors": {"users": [ANN]}}
    book.batch({"updateProtectedRange": {"protectedRange": named, "fields": "editors"}})
    book.reopen()

    assert (before, write(book, ROBOT).status_code) == (200, 400)


def test_who_protects_stays_an_editor(book):
    """An account that names only others is put in beside them."""
    protect(book, ROBOT, editors={"users": [ANN]})

    assert write(book, ROBOT).status_code == 200
    assert write(book, "b@other.org").status_code == 400


def test_a_protected_tab_with_holes(book):
    """Only unprotectedRanges are open; the tab cannot be renamed, get rows or be deleted."""
    protect(book, range={"sheetId": 0}, editors={"users": [ANN]}, unprotectedRanges=[ONE])
    rename = {"properties": {"sheetId": 0, "title": "New"}, "fields": "title"}

    assert write(book, ROBOT).status_code == 200
    assert write(book, ROBOT, "A1:A2", [["x"], ["y"]]).status_code == 400
    for request in ({"insertDimension": {"range": ROWS}}, {"updateSheetProperties": rename}):
        assert PROTECTED in batch(book, ROBOT, request).json()["error"]["message"]
    assert write(book, ROBOT, "'My Tab'!A1").status_code == 200
