"""Copies of tabs and files, sharing, export."""

from __future__ import annotations


def test_a_tab_is_duplicated_with_all_that_belongs_to_it(book):
    """Cells, notes, sizes and rules come along; the copy stands where it was wished, under its own id."""
    book.put("Videos!A1", [["x", "=1+1"]], "USER_ENTERED")
    book.batch(
        {
            "updateDimensionProperties": {
                "range": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1},
                "properties": {"pixelSize": 222},
                "fields": "pixelSize",
            }
        }
    )
    wished = {"sourceSheetId": 0, "insertSheetIndex": 1, "newSheetId": 9, "newSheetName": "Again"}
    reply = book.batch({"duplicateSheet": wished})["replies"][0]["duplicateSheet"]["properties"]
    book.put("Again!A1", [["y"]])
    book.reopen()

    assert (reply["sheetId"], reply["index"], reply["title"]) == (9, 1, "Again")
    assert (book.read("Videos"), book.read("Again")) == ([["x", 2]], [["y", 2]])
    data = book.get(ranges="Again!A1", fields="sheets.data.columnMetadata.pixelSize")["sheets"][0]["data"]
    assert data[0]["columnMetadata"] == [{"pixelSize": 222}]
    assert "already exists" in book.refused({"duplicateSheet": wished})


def test_a_tab_is_copied_into_another_file(book, http, stand_in):
    """copyTo puts it last, under `Copy of …`."""
    book.put("Videos!A1", [["x"]])
    other = stand_in.create_workbook("Other", {"First": []})
    answer = book.post("/sheets/0:copyTo", {"destinationSpreadsheetId": other}).json()

    assert (answer["title"], answer["index"]) == ("Copy of Videos", 1)
    read = http.get(f"/v4/spreadsheets/{other}/values/Copy of Videos").json()
    assert read["values"] == [["x"]]
    assert (
        http.post(f"{book.path}/sheets/77:copyTo", json={"destinationSpreadsheetId": other}).status_code
        == 404
    )


def test_a_file_is_copied_renamed_and_exported(book, http):
    """Drive's copy has every tab under a new id; the first one leaves as CSV."""
    book.put("Videos!A1", [["a", "b,c"], ["d"]])
    made = http.post(f"/drive/v3/files/{book.id}/copy", json={"name": "Second"}).json()
    http.patch(f"/drive/v3/files/{made['id']}", json={"name": "Third"})
    export = http.get(f"/drive/v3/files/{made['id']}/export", params={"mimeType": "text/csv"})
    told = http.get(f"/drive/v3/files/{made['id']}").json()

    assert made["id"] != book.id
    assert told["name"] == "Third"
    assert export.headers["content-type"].startswith("text/csv")
    assert export.text == 'a,"b,c"\r\nd,'


def test_sharing_is_kept_and_told(book, http):
    """A permission is given, listed, changed and taken back; the owner is always there, and the sandbox's open door."""
    path = f"/drive/v3/files/{book.id}/permissions"
    wished = {"type": "user", "role": "writer", "emailAddress": "robot@example.com"}
    made = http.post(path, json=wished).json()
    http.patch(f"{path}/{made['id']}", json={"role": "reader"})
    book.reopen()
    listed = http.get(path, params={"fields": "permissions(role,emailAddress)"}).json()["permissions"]

    assert listed[0]["role"] == "owner"
    assert listed[1] == {"role": "writer"}
    assert listed[2] == {"role": "reader", "emailAddress": "robot@example.com"}
    assert http.delete(f"{path}/{made['id']}").status_code == 204
    assert http.delete(f"{path}/{made['id']}").status_code == 404
    assert http.post(path, json={"role": "writer"}).json()["error"]["errors"][0]["reason"] == "badRequest"


def test_what_drive_would_do_to_a_file_and_this_does_not_is_named(book, http):
    """A file is renamed; moving it to the bin is refused rather than pretended."""
    path = f"/drive/v3/files/{book.id}"

    refused = http.patch(path, json={"trashed": True})

    assert refused.status_code == 501
    assert "files.update of trashed" in refused.text
    assert http.get(path, params={"fields": "trashed"}).json() == {"trashed": False}


def test_a_file_is_replaced_by_a_csv(book, http):
    """gspread's import_csv: one tab, read like typing; its other tabs are gone."""
    book.put("Videos!A1", [["old"]])
    sent = {"content": b'a,"b,c"\n1,=A2+1\n', "headers": {"Content-Type": "text/csv"}}

    answer = http.put(f"/upload/drive/v2/files/{book.id}", **sent)
    book.reopen()

    assert answer.json()["id"] == book.id
    assert [one["properties"]["title"] for one in book.get()["sheets"]] == ["Sheet1"]
    assert book.read("Sheet1") == [["a", "b,c"], [1, 2]]
