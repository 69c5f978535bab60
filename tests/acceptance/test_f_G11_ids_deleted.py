"""Somebody deletes the `Row ID` column of a real sheet."""

from __future__ import annotations

from pathlib import Path

from stage import call, rowreel, rows_of


def test_f_G11_init_brings_the_ids_back(place: tuple[Path, str, str]):
    """The tab is held with words; `rowreel init` adds the column, and the next look fills in the id it had."""
    folder, base_url, key = place
    assert rowreel("once", cwd=folder).returncode == 0
    [row] = rows_of(base_url, key)
    at = list(row).index("Row ID")
    tabs = call(f"{base_url}/v4/spreadsheets/{key}")["sheets"]
    tab = next(one["properties"] for one in tabs if one["properties"]["title"] == "Videos")
    span = {"sheetId": tab["sheetId"], "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
    delete = {"requests": [{"deleteDimension": {"range": span}}]}
    call(f"{base_url}/v4/spreadsheets/{key}:batchUpdate", delete)
    held = rowreel("once", cwd=folder)
    mended = rowreel("init", "--yes", cwd=folder)
    again = rowreel("once", cwd=folder)

    assert held.returncode == 1
    assert 'Column "Row ID" not found.' in held.stderr
    assert (mended.returncode, again.returncode) == (0, 0)
    assert [one["Row ID"] for one in rows_of(base_url, key)] == [row["Row ID"]]
