"""gspread's whole public surface, method by method, against the stand-in; nobody changed the client but its host."""

import inspect

import gspread
import pytest
from gspread.utils import (
    Dimension,
    ExportFormat,
    MergeType,
    PasteOrientation,
    PasteType,
    ValidationConditionType,
)

PUBLIC = {
    kind: {name for name, _ in inspect.getmembers(kind) if not name.startswith("_")}
    for kind in (gspread.Client, gspread.Spreadsheet, gspread.Worksheet)
}
COLUMNS = {"majorDimension": "COLUMNS"}


def of_client(client, book, _sheet):
    yield "create", lambda: client.create("Walk", folder_id="F").title, "Walk"
    yield "open", lambda: client.open("Walk").title, "Walk"
    yield "open_by_key", lambda: client.open_by_key(book.id).id, book.id
    yield "open_by_url", lambda: client.open_by_url(book.url).id, book.id
    yield "openall", lambda: [one.title for one in client.openall("Walk")], ["Walk"]
    yield (
        "list_spreadsheet_files",
        lambda: [one["name"] for one in client.list_spreadsheet_files("Walk", folder_id="F")],
        ["Walk"],
    )
    yield (
        "copy",
        lambda: client.copy(book.id, "Copy", copy_permissions=True, copy_comments=True).title,
        "Copy",
    )
    yield "export", lambda: client.export(book.id, ExportFormat.CSV).splitlines()[0], b"Name,Price,"
    yield (
        "insert_permission",
        lambda: client.insert_permission(book.id, "a@b.c", "user", "writer").status_code,
        200,
    )
    yield (
        "list_permissions",
        lambda: [one["role"] for one in client.list_permissions(book.id)],
        ["owner", "writer", "writer"],
    )
    yield (
        "remove_permission",
        lambda: client.remove_permission(book.id, client.list_permissions(book.id)[-1]["id"]),
        None,
    )
    yield "get_file_drive_metadata", lambda: client.get_file_drive_metadata(book.id)["id"], book.id
    yield "set_timeout", lambda: client.set_timeout((5, 20)), None
    yield "expiry", lambda: client.expiry, None
    scrap = client.create("Scrap")
    yield (
        "import_csv",
        lambda: client.import_csv(scrap.id, "a,b\n1,=1+1\n") and scrap.sheet1.get(),
        [["a", "b"], ["1", "2"]],
    )
    yield "del_spreadsheet", lambda: client.del_spreadsheet(scrap.id), None


def of_spreadsheet(_client, book, sheet):
    yield "id", lambda: len(book.id), 44
    yield "title", lambda: book.title, "Book"
    yield "url", lambda: book.url.endswith(book.id), True
    yield "creationTime", lambda: book.creationTime[-1], "Z"
    yield "lastUpdateTime", lambda: book.lastUpdateTime[-1], "Z"
    yield "get_lastUpdateTime", lambda: book.get_lastUpdateTime()[-1], "Z"
    yield "update_drive_metadata", book.update_drive_metadata, None
    yield "locale", lambda: book.locale, "en_US"
    yield "timezone", lambda: book.timezone, "Etc/UTC"
    yield "sheet1", lambda: book.sheet1.id, 0
    yield "update_title", lambda: book.update_title("Books")["replies"], [{}]
    yield "update_timezone", lambda: book.update_timezone("Europe/Berlin")["replies"], [{}]
    yield "update_locale", lambda: book.update_locale("en_GB")["replies"], [{}]
    yield "fetch_sheet_metadata", lambda: book.fetch_sheet_metadata()["properties"]["locale"], "en_GB"
    yield "worksheets", lambda: [one.title for one in book.worksheets()], ["Videos", "My Tab"]
    yield "worksheet", lambda: book.worksheet("My Tab").id, 1
    yield "get_worksheet", lambda: book.get_worksheet(1).id, 1
    yield "get_worksheet_by_id", lambda: book.get_worksheet_by_id(1).title, "My Tab"
    yield "add_worksheet", lambda: book.add_worksheet("Two", 10, 5, 0).row_count, 10
    yield "duplicate_sheet", lambda: book.duplicate_sheet(sheet.id, 1, new_sheet_name="Dup").title, "Dup"
    sheet.define_named_range("A1:B1", "header")
    yield "named_range", lambda: [cell.value for cell in book.named_range("header")], ["Name", "Price"]
    yield "reorder_worksheets", lambda: len(book.reorder_worksheets(book.worksheets()[::-1])["replies"]), 4
    yield "del_worksheet", lambda: book.del_worksheet(book.worksheet("Two"))["replies"], [{}]
    yield (
        "del_worksheet_by_id",
        lambda: book.del_worksheet_by_id(book.worksheet("Dup").id)["replies"],
        [{}],
    )
    yield "list_named_ranges", lambda: [one["name"] for one in book.list_named_ranges()], ["header"]
    yield "values_get", lambda: book.values_get("header")["values"], [["Name", "Price"]]
    yield (
        "values_update",
        lambda: book.values_update("My Tab!A1", {"valueInputOption": "RAW"}, {"values": [[1]]})[
            "updatedCells"
        ],
        1,
    )
    yield (
        "values_append",
        lambda: book.values_append("My Tab!A1", {"valueInputOption": "RAW"}, {"values": [[2]]})["tableRange"],
        "'My Tab'!A1",
    )
    yield (
        "values_batch_get",
        lambda: [one["values"] for one in book.values_batch_get(["My Tab!A:A"], COLUMNS)["valueRanges"]],
        [[["1", "2"]]],
    )
    yield (
        "values_batch_update",
        lambda: book.values_batch_update(
            {"valueInputOption": "RAW", "data": [{"range": "My Tab!C1", "values": [[3]]}]}
        )["totalUpdatedCells"],
        1,
    )
    yield "values_clear", lambda: book.values_clear("My Tab!A1")["clearedRange"], "'My Tab'!A1"
    yield (
        "values_batch_clear",
        lambda: book.values_batch_clear(body={"ranges": ["My Tab"]})["clearedRanges"],
        ["'My Tab'!A1:Z1000"],
    )
    yield (
        "batch_update",
        lambda: book.batch_update({"requests": [{"findReplace": {"find": "?", "allSheets": True}}]})[
            "replies"
        ],
        [{"findReplace": {}}],
    )
    yield "list_protected_ranges", lambda: book.list_protected_ranges(0), []
    yield "share", lambda: book.share("o@b.c", "user", "writer").status_code, 200
    yield "list_permissions", lambda: book.list_permissions()[-1]["emailAddress"], "o@b.c"
    yield (
        "transfer_ownership",
        lambda: book.transfer_ownership(book.list_permissions()[-1]["id"]).status_code,
        200,
    )
    yield (
        "accept_ownership",
        lambda: book.accept_ownership(book.list_permissions()[-1]["id"]).status_code,
        200,
    )
    yield "remove_permissions", lambda: len(book.remove_permissions("owner@sandbox.example")), 1
    yield "export", lambda: book.export(ExportFormat.TSV), b""


def of_worksheet(_client, book, sheet):
    yield "id", lambda: sheet.id, 0
    yield "title", lambda: sheet.title, "Videos"
    yield "index", lambda: sheet.index, 0
    yield "url", lambda: sheet.url[-5:], "gid=0"
    yield "spreadsheet", lambda: sheet.spreadsheet is book, True
    yield "row_count", lambda: sheet.row_count, 1000
    yield "column_count", lambda: (sheet.column_count, sheet.col_count), (26, 26)
    yield "col_count", lambda: sheet.col_count, 26
    yield "isSheetHidden", lambda: sheet.isSheetHidden, False
    yield "is_gridlines_hidden", lambda: sheet.is_gridlines_hidden, False
    yield "get_all_values", sheet.get_all_values, [["Name", "Price", ""], ["Amira", "9.5", "19"]]
    yield (
        "get_all_records",
        lambda: sheet.get_all_records(expected_headers=["Name", "Price"]),
        [{"Name": "Amira", "Price": 9.5, "": 19}],
    )
    yield "get_all_cells", lambda: len(sheet.get_all_cells()), 26_000
    yield "get_values", lambda: sheet.get_values("A1:B1"), [["Name", "Price"]]
    yield "get", lambda: sheet.get("A1:A2", major_dimension="COLUMNS"), [["Name", "Amira"]]
    yield "range", lambda: [cell.value for cell in sheet.range("A1:B1")], ["Name", "Price"]
    yield "expand", lambda: sheet.expand(top_left_range_name="A2"), [["Amira", "9.5", "19"]]
    yield "acell", lambda: sheet.acell("A1").value, "Name"
    yield "cell", lambda: sheet.cell(2, 2).value, "9.5"
    yield "row_values", lambda: sheet.row_values(1), ["Name", "Price"]
    yield "col_values", lambda: sheet.col_values(1), ["Name", "Amira"]
    yield "batch_get", lambda: sheet.batch_get(["A1", "B2"]), [[["Name"]], [["9.5"]]]
    yield "find", lambda: sheet.find("Amira").address, "A2"
    yield "findall", lambda: [cell.address for cell in sheet.findall("Name")], ["A1"]
    yield "update", lambda: sheet.update([["x"]], "A4")["updatedCells"], 1
    yield "update_acell", lambda: sheet.update_acell("B4", "=1+1")["updatedCells"], 1
    yield "update_cell", lambda: sheet.update_cell(4, 3, "5")["updatedCells"], 1
    yield "update_cells", lambda: sheet.update_cells([gspread.Cell(4, 4, "d")])["updatedCells"], 1
    yield (
        "batch_update",
        lambda: sheet.batch_update([{"range": "E4", "values": [["e"]]}])["totalUpdatedCells"],
        1,
    )
    yield (
        "append_row",
        lambda: sheet.append_row([7], table_range="A4:E4")["updates"]["updatedRange"],
        "Videos!A5",
    )
    yield (
        "append_rows",
        lambda: sheet.append_rows([[8], [9]], insert_data_option="INSERT_ROWS")["updates"]["updatedRows"],
        2,
    )
    yield "insert_row", lambda: sheet.insert_row(["i"], 2)["updates"]["updatedRange"], "Videos!A2"
    yield "insert_rows", lambda: sheet.insert_rows([["j"]], 2)["updates"]["updatedRange"], "Videos!A2"
    yield "delete_rows", lambda: sheet.delete_rows(2, 3)["replies"], [{}]
    yield "insert_cols", lambda: sheet.insert_cols([["k", "l"]], 2)["updates"]["updatedRange"], "Videos!B1:B2"
    yield "delete_columns", lambda: sheet.delete_columns(2)["replies"], [{}]
    yield "delete_dimension", lambda: sheet.delete_dimension(Dimension.rows, 7)["replies"], [{}]
    yield "add_rows", lambda: sheet.add_rows(2), None
    yield "add_cols", lambda: sheet.add_cols(2), None
    yield "resize", lambda: sheet.resize(50, 12)["replies"], [{}]
    yield "batch_clear", lambda: sheet.batch_clear(["A4:E9"])["clearedRanges"], ["Videos!A4:E9"]
    yield "sort", lambda: sheet.sort((1, "des"), range="A1:C2")["replies"], [{}]
    yield "format", lambda: sheet.format("A1", {"textFormat": {"bold": True}})["replies"], [{}]
    yield (
        "batch_format",
        lambda: sheet.batch_format([{"range": "A1:B1", "format": {"borders": {"top": {"style": "SOLID"}}}}])[
            "replies"
        ],
        [{}],
    )
    yield "freeze", lambda: sheet.freeze(1, 1)["replies"], [{}]
    yield "frozen_row_count", lambda: sheet.frozen_row_count, 1
    yield "frozen_col_count", lambda: sheet.frozen_col_count, 1
    yield "set_basic_filter", lambda: sheet.set_basic_filter("A1:C5")["replies"], [{}]
    yield "clear_basic_filter", lambda: sheet.clear_basic_filter()["replies"], [{}]
    yield "update_tab_color", lambda: sheet.update_tab_color("#ff0000")["replies"], [{}]
    yield "tab_color", lambda: sheet.tab_color, "#FF0000"
    yield "get_tab_color", sheet.get_tab_color, "#FF0000"
    yield "clear_tab_color", lambda: sheet.clear_tab_color()["replies"], [{}]
    yield (
        "add_protected_range",
        lambda: sheet.add_protected_range("A1:B2", ["me@x.y"])["replies"][0]["addProtectedRange"][
            "protectedRange"
        ]["editors"],
        {"users": ["me@x.y"], "groups": []},
    )
    yield (
        "delete_protected_range",
        lambda: sheet.delete_protected_range(book.list_protected_ranges(0)[0]["protectedRangeId"])["replies"],
        [{}],
    )
    yield (
        "define_named_range",
        lambda: sheet.define_named_range("A1", "here")["replies"][0]["addNamedRange"]["namedRange"]["name"],
        "here",
    )
    yield (
        "delete_named_range",
        lambda: sheet.delete_named_range(book.list_named_ranges()[0]["namedRangeId"])["replies"],
        [{}],
    )
    yield (
        "add_validation",
        lambda: sheet.add_validation("B2", ValidationConditionType.one_of_list, ["a"])["replies"],
        [{}],
    )
    yield "insert_note", lambda: sheet.insert_note("A1", "n"), None
    yield "insert_notes", lambda: sheet.insert_notes({"A2": "m"}), None
    yield "update_note", lambda: sheet.update_note("A1", "o"), None
    yield "update_notes", lambda: sheet.update_notes({"B2": "p"}), None
    yield "get_note", lambda: sheet.get_note("A1"), "o"
    yield "get_notes", sheet.get_notes, [["o"], ["m", "p"]]
    yield "clear_note", lambda: sheet.clear_note("A1"), None
    yield "clear_notes", lambda: sheet.clear_notes(["A2", "B2"]), None
    yield "add_dimension_group_columns", lambda: len(sheet.add_dimension_group_columns(0, 2)["replies"]), 1
    yield "add_dimension_group_rows", lambda: len(sheet.add_dimension_group_rows(3, 5)["replies"]), 1
    yield "list_dimension_group_columns", lambda: sheet.list_dimension_group_columns()[0]["depth"], 1
    yield "list_dimension_group_rows", lambda: sheet.list_dimension_group_rows()[0]["range"]["endIndex"], 5
    yield (
        "delete_dimension_group_columns",
        lambda: sheet.delete_dimension_group_columns(0, 2)["replies"][0],
        {"deleteDimensionGroup": {}},
    )
    yield (
        "delete_dimension_group_rows",
        lambda: sheet.delete_dimension_group_rows(3, 5)["replies"][0],
        {"deleteDimensionGroup": {}},
    )
    for name in ("hide_columns", "unhide_columns", "hide_rows", "unhide_rows"):
        yield name, lambda name=name: getattr(sheet, name)(1, 2)["replies"], [{}]
    yield "columns_auto_resize", lambda: sheet.columns_auto_resize(0, 3)["replies"], [{}]
    yield "rows_auto_resize", lambda: sheet.rows_auto_resize(0, 3)["replies"], [{}]
    for name in ("hide", "show", "hide_gridlines", "show_gridlines"):
        yield name, lambda name=name: getattr(sheet, name)()["replies"], [{}]
    yield "merge_cells", lambda: sheet.merge_cells("D1:E2")["replies"], [{}]
    yield "unmerge_cells", lambda: sheet.unmerge_cells("D1:E2")["replies"], [{}]
    yield (
        "batch_merge",
        lambda: sheet.batch_merge([{"range": "D1:E2", "mergeType": MergeType.merge_rows}])["replies"],
        [{}],
    )
    for kind in PasteType:
        yield "copy_range", lambda kind=kind: sheet.copy_range("A1:B2", "A5:B6", kind)["replies"], [{}]
        yield "cut_range", lambda kind=kind: sheet.cut_range("A5:B6", "A8", kind)["replies"], [{}]
    yield (
        "copy_range",
        lambda: sheet.copy_range("A1:B2", "A5:B6", paste_orientation=PasteOrientation.transpose)["replies"],
        [{}],
    )
    yield "copy_to", lambda: sheet.copy_to(book.id)["title"], "Copy of Videos"
    yield "duplicate", lambda: sheet.duplicate(new_sheet_name="Again").title, "Again"
    yield "update_title", lambda: sheet.update_title("One")["replies"], [{}]
    yield "update_index", lambda: sheet.update_index(1)["replies"], [{}]
    yield "clear", lambda: sheet.clear()["clearedRange"], "One!A1:L50"


@pytest.mark.parametrize(
    ("kind", "steps"),
    [
        (gspread.Client, of_client),
        (gspread.Spreadsheet, of_spreadsheet),
        (gspread.Worksheet, of_worksheet),
    ],
    ids=["client", "spreadsheet", "worksheet"],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_public_method(gspread_client, book, kind, steps):
    """Each does what its documentation says; what a future gspread adds is missed here by name."""
    spreadsheet = gspread_client.open_by_key(book.id)
    sheet = spreadsheet.get_worksheet(0)
    sheet.update([["Name", "Price"], ["Amira", 9.5, "=B2*2"]], "A1", value_input_option="USER_ENTERED")
    called, wrong = set(), []

    for name, call, expected in steps(gspread_client, spreadsheet, sheet):
        called.add(name)
        got = call()
        if got != expected:
            wrong.append((name, got, expected))

    assert wrong == []
    assert called == PUBLIC[kind]
