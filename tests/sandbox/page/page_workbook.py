"""Fills a spreadsheet over the wire, as `init` and the robot would, with rows in the states people meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

PEOPLES = [
    "Approve",
    "Campaign",
    "Headline",
    "Subline",
    "Price",
    "CTA",
    "Accent colour",
    "Format",
    "Retry",
    "Notes",
]
ROBOTS = ["Status", "What to do", "Video", "Preview", "Credits"]
FOLDED = [
    "Row ID",
    "Job ID",
    "Template version",
    "Attempt",
    "Updated",
    "Submitted",
    "Finished",
    "Thumbnail URL",
    "Approved as",
    "Problem code",
]
HEADER = [*PEOPLES, *ROBOTS, *FOLDED]
ROBOT_NOTE = "Filled in by the video robot. Do not type here. To try again, tick Retry."
COLUMN = {name: index for index, name in enumerate(HEADER)}

# fill, text, status words, from the palette people see
COLOURS = [
    ("#FEF7E0", "#8F4E00", ["Ready to approve", "Changed", "Out of date", "Needs a decision"]),
    ("#E8F0FE", "#174EA6", ["Waiting", "Starts", "Sending", "Rendering", "Checking", "Retrying"]),
    ("#E6F4EA", "#137333", ["Done"]),
    ("#FCE8E6", "#C5221F", ["Needs fixing", "Failed"]),
    ("#F3E8FD", "#681DA8", ["On hold"]),
    (None, "#5F6368", ["Cancelled"]),
]

ROWS: list[dict[str, Any]] = [
    {
        "Approve": True,
        "Campaign": "Spring launch",
        "Headline": "Fresh roast, every Monday",
        "Subline": "Small batches from the corner roastery",
        "Price": 14.5,
        "CTA": "Order now",
        "Accent colour": "#2DD4BF",
        "Format": "Vertical",
        "Status": "Done",
        "What to do": "Watch",
        "clip": "vertical",
        "Credits": "9",
    },
    {
        "Approve": True,
        "Campaign": "Spring launch",
        "Headline": "Cold brew season is back",
        "Subline": "Twelve hours slow, ready in one pour",
        "Price": 6.9,
        "CTA": "Taste it",
        "Accent colour": "#F97316",
        "Format": "Square",
        "Status": "Done",
        "What to do": "Watch",
        "clip": "square",
        "Credits": "9",
    },
    {
        "Approve": True,
        "Campaign": "Spring launch",
        "Headline": "Two bags, one price",
        "Subline": "Mix any beans you like",
        "Price": 22,
        "CTA": "Mix yours",
        "Accent colour": "#8B5CF6",
        "Format": "Wide",
        "Status": "Rendering 40%",
        "Credits": "~9",
    },
    {
        "Approve": True,
        "Campaign": "Spring launch",
        "Headline": "Meet the grinder that lasts",
        "Subline": "Steel burrs, ten year warranty",
        "Price": 129,
        "CTA": "See how",
        "Accent colour": "#0EA5E9",
        "Format": "Vertical",
        "Status": "Rendering 80%",
        "Credits": "~9",
    },
    {
        "Approve": True,
        "Campaign": "Office",
        "Headline": "Coffee for the whole floor",
        "Subline": "Weekly delivery, cancel any time",
        "Price": 49,
        "CTA": "Get a quote",
        "Accent colour": "#22C55E",
        "Format": "Square",
        "Status": "Sending",
        "Credits": "~9",
    },
    {
        "Approve": True,
        "Campaign": "Office",
        "Headline": "A machine that cleans itself",
        "Subline": "Twenty cups before the first meeting",
        "Price": 890,
        "CTA": "Book a demo",
        "Accent colour": "#EAB308",
        "Format": "Wide",
        "Status": "Starts 14:02:15",
        "What to do": "Untick Approve to stop it.",
        "Credits": "~9",
    },
    {
        "Approve": False,
        "Campaign": "Office",
        "Headline": "Decaf nobody will notice",
        "Subline": "Water process, full body",
        "Price": 15.5,
        "CTA": "Try decaf",
        "Accent colour": "#EC4899",
        "Format": "Vertical",
        "Status": "Ready to approve",
        "What to do": "Tick Approve to make this video for about 9 credits.",
        "Credits": "~9",
    },
    {
        "Approve": False,
        "Campaign": "Gifts",
        "Headline": "A subscription that arrives before they wake up on Sunday morning",
        "Subline": "Three, six or twelve months",
        "Price": 39,
        "CTA": "Give coffee",
        "Accent colour": "#14B8A6",
        "Format": "Vertical",
        "Status": "Needs fixing",
        "What to do": "“Headline” is 65 characters; the limit is 45. Shorten by 20.",
        "Credits": "~9",
    },
    {
        "Approve": False,
        "Campaign": "Gifts",
        "Headline": "The sampler box",
        "Subline": "Five origins, five stories",
        "Price": 28,
        "CTA": "Unwrap it",
        "Accent colour": "teal-ish",
        "Format": "Square",
        "Status": "Needs fixing",
        "What to do": "“Accent colour” should look like #2DD4BF. Now: “teal-ish”.",
    },
    {
        "Approve": True,
        "Campaign": "Gifts",
        "Headline": "Mugs made to be kept",
        "Subline": "Thrown and glazed by hand",
        "Price": 24,
        "CTA": "Pick a colour",
        "Accent colour": "#6366F1",
        "Format": "Wide",
        "Status": "On hold",
        "What to do": "Zvid's hourly limit reached. Continues at 15:00. Nothing to do.",
        "Credits": "~9",
    },
    {
        "Approve": False,
        "Campaign": "Gifts",
        "Headline": "Beans of the month",
        "Subline": "Ethiopia, washed, floral",
        "Price": 17,
        "CTA": "Reserve a bag",
        "Accent colour": "#F43F5E",
        "Format": "Square",
        "Status": "Out of date",
        "What to do": "Changed: Price. Tick Approve to refresh it for about 9 credits.",
        "clip": "square",
        "Credits": "~9",
    },
    {
        "Approve": True,
        "Campaign": "Gifts",
        "Headline": "Gift cards in a minute",
        "Subline": "Any amount, any day",
        "Price": 25,
        "CTA": "Send one",
        "Accent colour": "#0D9488",
        "Format": "Vertical",
        "Status": "Failed",
        "What to do": "Zvid could not finish this video. Not charged. Tick Retry, or ask the video team.",
        "Credits": "0",
        "Problem code": "RENDER-FAIL",
    },
]


@dataclass(frozen=True)
class Book:
    """A spreadsheet on a running sandbox, written and read as a robot would."""

    base_url: str
    id: str
    http: httpx.Client

    def change(self, *requests: dict[str, Any]) -> None:
        self.post(f"/v4/spreadsheets/{self.id}:batchUpdate", {"requests": list(requests)})

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.http.post(self.base_url + path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def write(self, row: int, values: dict[str, Any], sheet_id: int = 0) -> None:
        """Writes named cells of one row (0 is the header)."""
        self.change(
            *(
                {
                    "updateCells": {
                        "start": {"sheetId": sheet_id, "rowIndex": row, "columnIndex": COLUMN[name]},
                        "rows": [{"values": [entered(value)]}],
                        "fields": "userEnteredValue",
                    }
                }
                for name, value in values.items()
            )
        )

    def column(self, name: str) -> list[Any]:
        """The unformatted cells below a header; trailing blanks are cut by the service."""
        letter = chr(ord("A") + COLUMN[name])
        return self.read(f"Videos!{letter}2:{letter}")

    def column_count(self, tab: int = 0) -> int:
        fields = "sheets.properties.gridProperties.columnCount"
        answer = self.http.get(f"{self.base_url}/v4/spreadsheets/{self.id}", params={"fields": fields})
        return int(answer.json()["sheets"][tab]["properties"]["gridProperties"]["columnCount"])

    def block(self, area: str) -> list[list[Any]]:
        """Unformatted values, row by row."""
        answer = self.http.get(
            f"{self.base_url}/v4/spreadsheets/{self.id}/values/{area}",
            params={"valueRenderOption": "UNFORMATTED_VALUE"},
        )
        return list(answer.json().get("values", []))

    def read(self, area: str) -> list[Any]:
        answer = self.http.get(
            f"{self.base_url}/v4/spreadsheets/{self.id}/values/{area}",
            params={"valueRenderOption": "UNFORMATTED_VALUE", "majorDimension": "COLUMNS"},
        )
        assert answer.is_success, answer.text
        columns = answer.json().get("values", [])
        return columns[0] if columns else []


def entered(value: object) -> dict[str, Any]:
    """A typed cell, as updateCells wants it."""
    match value:
        case None | "":
            return {}
        case bool():
            return {"userEnteredValue": {"boolValue": value}}
        case int() | float():
            return {"userEnteredValue": {"numberValue": value}}
        case str() if value.startswith("="):
            return {"userEnteredValue": {"formulaValue": value}}
        case _:
            return {"userEnteredValue": {"stringValue": str(value)}}


def create_book(base_url: str, http: httpx.Client, rows: list[dict[str, Any]] | None = None) -> Book:
    """A spreadsheet with Videos, Control and Log, set up in the requests that set up a real one."""
    rows = ROWS if rows is None else rows
    sheets = [
        {
            "properties": {
                "sheetId": 0,
                "title": "Videos",
                "gridProperties": grid(max(len(rows) + 200, 1000), 26),
            }
        },
        {"properties": {"sheetId": 1, "title": "Control", "gridProperties": grid(60, 6, frozen=0)}},
        {"properties": {"sheetId": 2, "title": "Log", "gridProperties": grid(1000, 6)}},
    ]
    answer = http.post(
        f"{base_url}/v4/spreadsheets", json={"properties": {"title": "Coffee campaign"}, "sheets": sheets}
    )
    assert answer.is_success, answer.text
    book = Book(base_url, answer.json()["spreadsheetId"], http)
    book.change(*_header(), *_body(rows, base_url), *_looks(), *_others())
    return book


def grid(rows: int, columns: int, frozen: int = 1) -> dict[str, int]:
    return {"rowCount": rows, "columnCount": columns, "frozenRowCount": frozen}


def area(column: str, first: int = 1, last: int | None = None) -> dict[str, int]:
    index = COLUMN[column]
    bounds = {"sheetId": 0, "startRowIndex": first, "startColumnIndex": index, "endColumnIndex": index + 1}
    return bounds if last is None else {**bounds, "endRowIndex": last}


def _header() -> list[dict[str, Any]]:
    cells = [{"userEnteredValue": {"stringValue": name}} for name in HEADER]
    for name in [*ROBOTS, *FOLDED]:
        cells[COLUMN[name]].update(
            {"note": ROBOT_NOTE, "userEnteredFormat": {"textFormat": {"italic": True}}}
        )
    for name in PEOPLES:
        cells[COLUMN[name]]["note"] = "Optional."
    cells[COLUMN["Approve"]]["note"] = "Tick to render exactly what the row says now."
    fields = "userEnteredValue,note,userEnteredFormat.textFormat.italic"
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}
    return [{"updateCells": {"start": start, "rows": [{"values": cells}], "fields": fields}}]


def _body(rows: list[dict[str, Any]], base_url: str) -> list[dict[str, Any]]:
    lines = []
    for number, row in enumerate(rows):
        values: dict[str, Any] = {"Approve": False, "Retry": False, **row}
        values["Row ID"] = f"r{number:03}k"
        if clip := row.get("clip"):
            values["Video"] = f"{base_url}/media/{clip}-{number}.mp4"
            values["Thumbnail URL"] = f"{base_url}/media/{clip}-{number}.jpg"
            values["Preview"] = f'=IMAGE("{base_url}/media/{clip}-{number}.jpg")'
        lines.append({"values": [entered(values.get(name)) for name in HEADER]})
    start = {"sheetId": 0, "rowIndex": 1, "columnIndex": 0}
    return [{"updateCells": {"start": start, "rows": lines, "fields": "userEnteredValue"}}] if lines else []


def _looks() -> list[dict[str, Any]]:
    requests: list[dict[str, Any]] = []
    for name in ("Approve", "Retry"):
        rule = {"condition": {"type": "BOOLEAN"}, "strict": True, "showCustomUi": True}
        requests.append({"setDataValidation": {"range": area(name), "rule": rule}})
    words = [{"userEnteredValue": word} for word in ("Vertical", "Square", "Wide")]
    rule = {"condition": {"type": "ONE_OF_LIST", "values": words}, "strict": True, "showCustomUi": True}
    requests.append({"setDataValidation": {"range": area("Format"), "rule": rule}})
    for fill, text, states in COLOURS:
        for state in states:
            looks: dict[str, Any] = {"textFormat": {"foregroundColorStyle": {"rgbColor": rgb(text)}}}
            if fill:
                looks["backgroundColorStyle"] = {"rgbColor": rgb(fill)}
            condition = {"type": "TEXT_STARTS_WITH", "values": [{"userEnteredValue": state}]}
            conditional = {
                "ranges": [area("Status")],
                "booleanRule": {"condition": condition, "format": looks},
            }
            requests.append({"addConditionalFormatRule": {"index": 0, "rule": conditional}})
    first = COLUMN[FOLDED[0]]
    span = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": first, "endIndex": first + len(FOLDED)}
    group = {"range": span, "depth": 1, "collapsed": True}
    requests += [
        {"addDimensionGroup": {"range": span}},
        {"updateDimensionGroup": {"dimensionGroup": group, "fields": "collapsed"}},
        {"addFilterView": {"filter": NEEDS_ME}},
    ]
    return requests


# Everything but what only a person can move on is hidden, each word by itself.
NEEDS_ME: dict[str, Any] = {
    "title": "Needs me",
    "range": {"sheetId": 0, "startRowIndex": 0, "startColumnIndex": 0},
    "filterSpecs": [
        {
            "columnIndex": COLUMN["Status"],
            "filterCriteria": {
                "hiddenValues": [
                    "",
                    "Done",
                    "Sending",
                    "On hold",
                    "Starts 14:02:15",
                    *(f"Rendering {percent}%" for percent in range(0, 101, 10)),
                ]
            },
        }
    ],
}


def _others() -> list[dict[str, Any]]:
    control = [
        ["Robot: working · last looked 14:02:10 · 2 rendering · 1 waiting · 1,137 credits"],
        [],
        ["Run", True],
        ["Check only, render nothing", False],
        ["Go ahead: Coffee spring (version 3)", False],
        ["Videos at the same time", 3],
        ["Credits per day", 500],
        ["Credits per row", 0],
    ]
    log = [
        ["When", "Row", "What happened"],
        ["14:02:08", "r001k", "Done, 9 credits"],
        ["14:01:31", "r000k", "Done, 9 credits"],
    ]
    checks = {"condition": {"type": "BOOLEAN"}, "strict": True, "showCustomUi": True}
    switches = {
        "sheetId": 1,
        "startRowIndex": 2,
        "endRowIndex": 5,
        "startColumnIndex": 1,
        "endColumnIndex": 2,
    }
    least = {"type": "NUMBER_GREATER_THAN_EQ", "values": [{"userEnteredValue": "0"}]}
    numbers = {**switches, "startRowIndex": 5, "endRowIndex": 8}
    return [
        *(_fill(sheet_id, lines) for sheet_id, lines in ((1, control), (2, log))),
        {"setDataValidation": {"range": switches, "rule": checks}},
        {"setDataValidation": {"range": numbers, "rule": {"condition": least, "strict": True}}},
    ]


def _fill(sheet_id: int, lines: list[list[Any]]) -> dict[str, Any]:
    rows = [{"values": [entered(value) for value in line]} for line in lines]
    start = {"sheetId": sheet_id, "rowIndex": 0, "columnIndex": 0}
    return {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}}


def rgb(colour: str) -> dict[str, float]:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return dict(zip(("red", "green", "blue"), parts, strict=True))
