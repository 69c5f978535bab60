"""pygsheets, unchanged, against the stand-in: it asks with `fields=*` and builds on google-api-python-client."""

from __future__ import annotations

from collections.abc import Iterator

import pygsheets
import pytest
from google.oauth2.credentials import Credentials


@pytest.fixture
def client(server) -> Iterator[pygsheets.client.Client]:
    made = pygsheets.client.Client(Credentials("token"))
    made.sheet.service._baseUrl = f"{server.base_url}/"
    made.drive.service._baseUrl = f"{server.base_url}/drive/v3/"
    yield made
    for service in (made.sheet.service, made.drive.service):
        service.close()


@pytest.fixture
def worksheet(client, book):
    book.put("Videos!A1", [["h", "k"], ["b", 1], ["a", 2]])
    return client.open_by_key(book.id).worksheet_by_title("Videos")


def test_it_reads_and_writes(worksheet):
    """Values, records, appended, inserted and deleted rows, find and replace, sort."""
    worksheet.update_value("C1", "note")
    worksheet.update_values("C2", [["x"], [True]])
    worksheet.append_table([["c", "=1+2"]])
    worksheet.insert_rows(1, number=1, values=["top", "0"])
    worksheet.delete_rows(2)
    worksheet.replace("x", "y")
    worksheet.sort_range("A2", "C4", 0)

    assert worksheet.get_all_values(include_tailing_empty=False, include_tailing_empty_rows=False) == [
        ["h", "k", "note"],
        ["a", "2", "TRUE"],
        ["b", "1", "y"],
        ["c", "3"],
    ]
    assert [cell.label for cell in worksheet.find("TRUE")] == ["C2"]


def test_it_names_protects_and_tags(worksheet):
    """Named and protected ranges, developer metadata of the tab."""
    worksheet.create_named_range("prices", "A1", "B2", returnas="json")
    worksheet.create_protected_range("A1", "B2")
    worksheet.create_developer_metadata("key", "value")

    assert worksheet.get_named_range("prices").range == "A1:B2"
    assert len(worksheet.get_protected_ranges()) == 1
    assert [(one.key, one.value) for one in worksheet.get_developer_metadata()] == [("key", "value")]
    worksheet.delete_named_range("prices")
    assert worksheet.get_named_ranges() == []


def test_it_shapes_the_sheet(worksheet):
    """Formats, notes, merges, rules, sizes, hidden rows, filters, copies of tabs."""
    worksheet.cell("A1").set_text_format("bold", True).note = "Read me"
    worksheet.set_data_validation(
        "C1", "C3", condition_type="ONE_OF_LIST", condition_values=["a", "b"], showCustomUi=True
    )
    worksheet.adjust_column_width(1, 2, 120)
    worksheet.hide_dimensions(3, 3, "ROWS")
    worksheet.set_basic_filter("A1", "B3")
    worksheet.clear_basic_filter()
    worksheet.frozen_rows = 1
    copy = worksheet.spreadsheet.add_worksheet("Copy", src_worksheet=worksheet)

    assert copy.get_value("A2") == "b"
    assert worksheet.cell("A1").note == "Read me"
    assert worksheet.frozen_rows == 1


def test_it_makes_shares_and_removes_files(client):
    """Drive: create, share, list, open by title, delete."""
    made = client.create("A file of pygsheets")
    made.share("somebody@example.com", role="reader")

    assert [one["role"] for one in made.permissions] == ["owner", "writer", "reader"]
    assert client.open("A file of pygsheets").id == made.id
    made.remove_permission("somebody@example.com")
    made.delete()
    assert "A file of pygsheets" not in client.spreadsheet_titles()
