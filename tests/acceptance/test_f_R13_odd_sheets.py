"""Merged, filtered and hidden cells in a real sheet: who is a row, and a robot that does not fight merges for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from stage import call

from bot.adapters.google_sheet import look_at
from bot.adapters.sheet_builder import build, survey
from bot.adapters.template_folder import BUILT_IN, load_template
from bot.domain.pace import Quota
from bot.reconciler.tick import Reconciler
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.settings import load_settings
from bot.wiring import google, robot

HEADER = ["Approve", "Campaign", "Headline", "Subline", "Price", "CTA", "Accent colour", "Format", "Notes"]
KEY = "book"


class Desk:
    """A prepared sheet and a robot that looks at it when told to."""

    def __init__(self, server: SandboxServer, robot: Reconciler) -> None:
        self._base = f"{server.base_url}/v4/spreadsheets/{KEY}"
        self.robot = robot
        self.server = server

    def change(self, *requests: dict[str, Any]) -> None:
        call(f"{self._base}:batchUpdate", {"requests": list(requests)})

    def merge(self, name: str, first: int, last: int) -> None:
        """The cells of one column from row to row, as people count them."""
        column = self.header().index(name)
        area = {
            "sheetId": self.tab(),
            "startRowIndex": first - 1,
            "endRowIndex": last,
            "startColumnIndex": column,
            "endColumnIndex": column + 1,
        }
        self.change({"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}})

    def tab(self) -> int:
        [first, *_] = call(f"{self._base}?fields=sheets.properties.sheetId")["sheets"]
        return int(first["properties"].get("sheetId", 0))

    def values(self, tab: str) -> list[list[Any]]:
        said = call(f"{self._base}/values/{tab}?valueRenderOption=UNFORMATTED_VALUE")
        values: list[list[Any]] = said["values"]
        return values

    def header(self) -> list[str]:
        return next(line for line in self.values("Videos") if "Headline" in line)

    def column(self, name: str) -> list[Any]:
        place = self.header().index(name)
        lines = self.values("Videos")
        below = lines[lines.index(self.header()) + 1 :]
        return [line[place] if place < len(line) else "" for line in below]


@contextmanager
def desk(folder: Path, *rows: list[Any], above: Sequence[list[Any]] = ()) -> Iterator[Desk]:
    config, header_row = folder / "bot.toml", len(above) + 1
    with SandboxServer(Sandbox(folder, SandboxOptions())) as server:
        config.write_text(
            f'[google]\nbase_url = "{server.base_url}"\ncredentials = "anonymous"\n'
            f'[zvid]\nbase_url = "{server.base_url}"\nkey_file = "zvid-key"\n[[sheets]]\nspreadsheet = "{KEY}"\n'
            f"header_row = {header_row}\n"
        )
        server.sandbox.sheets.create_workbook("Book", {"Videos": [*above, HEADER, *rows]}, spreadsheet_id=KEY)
        client = google(load_settings(config))
        book = look_at(client, KEY, header_row)
        build(client, book, survey(client, book, "Videos", load_template(BUILT_IN)))
        client.close()
        with robot(load_settings(config), Quota.of_one_command()) as built:
            [one] = built.desks
            yield Desk(server, one.reconciler)  # type: ignore[arg-type]


def line(headline: str | None, price: str | None = "€ 5") -> list[Any]:
    return [False, None, headline, None, price, None, None, "Wide", None]


def test_f_R13_rows_under_a_merged_cell(tmp_path: Path):
    """Only the first row of a merged block has its text; the one below has data of its own and misses it."""
    with desk(tmp_path, line("Spring"), line("Summer"), line("Autumn")) as one:
        one.merge("Headline", 2, 3)
        one.robot.tick()
        said = one.column("Status"), one.column("What to do")[1]

    assert said == (
        ["Ready to approve", "Needs fixing", "Ready to approve"],
        '"Headline" is empty. Please fill it in.',
    )


def test_f_R13_merged_cells_of_the_robot(tmp_path: Path):
    """What is written under a merge is lost: people read on Control why; once parted, all is right."""
    with desk(tmp_path, line("Spring"), line("Summer")) as one:
        one.merge("Status", 2, 3)
        for _ in range(7):
            one.robot.tick()
        told, under = str(one.values("Control")), one.column("Status")
        area = {"sheetId": one.tab()}
        one.change({"unmergeCells": {"range": area}})
        one.robot.tick()
        after = one.column("Status")

    assert 'What the robot writes to "Status" does not stay. Another tool, or merged cells?' in told
    assert under == ["Ready to approve", ""]
    assert after == ["Ready to approve"] * 2


@pytest.mark.parametrize("way", ["hiddenByUser", "filter"])
def test_f_R13_rows_nobody_sees_count(tmp_path: Path, way: str):
    """Hidden by hand or by a filter's view, a row is a row: it is checked, and its tick counts."""
    with desk(tmp_path, line("Spring"), line("Summer")) as one:
        span = {"sheetId": one.tab(), "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
        spec = {"columnIndex": 2, "filterCriteria": {"hiddenValues": ["Spring"]}}
        view = {"title": "Mine", "range": {"sheetId": one.tab()}, "filterSpecs": [spec]}
        properties = {"range": span, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
        hiding = {"updateDimensionProperties": properties}
        one.change(hiding if way == "hiddenByUser" else {"addFilterView": {"filter": view}})
        one.robot.tick()

        assert one.column("Status") == ["Ready to approve"] * 2


NOTES = [["Spring campaign", None, "Ask Ada before you tick anything."], [], ["v3", 7, True, "=1+1"]]


def test_f_R13_notes_above_the_header(tmp_path: Path):
    """The header stands in row 4: what is above is never touched, rows below it are rows like any other."""
    with desk(tmp_path, line("Spring"), line("Autumn"), line(None), above=NOTES) as one:
        before = one.values("Videos")[:3]
        one.robot.tick()
        first = one.column("Status"), one.column("What to do")[2], one.column("Row ID")
        span = {"sheetId": one.tab(), "startRowIndex": 4, "endRowIndex": 7, "startColumnIndex": 0}
        by_headline = {"dimensionIndex": one.header().index("Headline")}
        one.change({"sortRange": {"range": span, "sortSpecs": [by_headline]}})
        one.robot.tick()

        assert first[0] == ["Ready to approve", "Ready to approve", "Needs fixing"]
        assert first[1] == '"Headline" is empty. Please fill it in.'
        assert one.column("Headline")[:2] == ["Autumn", "Spring"]
        assert one.column("Row ID")[:2] == [first[2][1], first[2][0]]
        assert one.values("Videos")[:3] == before


def test_f_R13_row_inserted_above_the_notes(tmp_path: Path):
    """The header moved down: the tab is held and nothing is written until it stands where it was said to stand."""
    with desk(tmp_path, line("Spring"), above=NOTES) as one:
        one.robot.tick()
        span = {"sheetId": one.tab(), "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
        one.change({"insertDimension": {"range": span}})
        before = one.values("Videos")
        report = one.robot.tick()
        after = one.values("Videos")
        one.change({"deleteDimension": {"range": span}})
        one.robot.tick()

        assert report.header
        assert after == before
        assert one.column("Status") == ["Ready to approve"]


def test_f_R13_row_inserted_above_the_notes_as_the_robot_writes(tmp_path: Path):
    """What was meant for the first row met the header: it gets its names back, though it stands elsewhere now."""
    with desk(tmp_path, line("Spring"), line("Autumn"), above=NOTES) as one:
        one.robot.tick()
        names = one.header()
        status = names.index("Status")
        spoiled = {"userEnteredValue": {"stringValue": "spoiled"}}
        start = {"sheetId": one.tab(), "rowIndex": 4, "columnIndex": status}
        one.change(
            {"updateCells": {"start": start, "rows": [{"values": [spoiled]}], "fields": "userEnteredValue"}}
        )
        span = {"sheetId": one.tab(), "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
        hands = {"sheet_id": one.tab(), "requests": [{"insertDimension": {"range": span}}]}
        one.server.sandbox.sheets.change(hands=[hands])
        one.robot.tick()
        struck = one.values("Videos")[4][status]
        report = one.robot.tick()
        mended = one.values("Videos")[4]
        one.change({"deleteDimension": {"range": span}})
        one.robot.tick()

        assert struck == "Ready to approve"
        assert report.header
        assert mended == names
        assert one.column("Status") == ["Ready to approve"] * 2


@pytest.mark.parametrize("header_row", [1, 4])
def test_f_R13_sheet_prepared_twice(tmp_path: Path, header_row: int):
    """Columns, boxes, notes and colours stand with the header, wherever that is; a second look adds nothing."""
    with desk(tmp_path, line("Spring"), above=NOTES[: header_row - 1]) as one:
        client = google(load_settings(tmp_path / "bot.toml"))
        found = survey(client, look_at(client, KEY, header_row), "Videos", load_template(BUILT_IN))
        client.close()
        [sheet, *_] = call(f"{one._base}?fields=sheets(properties.gridProperties,conditionalFormats.ranges)")[
            "sheets"
        ]

        assert found.additions == ()
        assert sheet["properties"]["gridProperties"]["frozenRowCount"] == header_row
        assert {one["startRowIndex"] for rule in sheet["conditionalFormats"] for one in rule["ranges"]} == {
            header_row
        }
