"""What makes `Status` quick to read: a colour for each word, and a view of the rows that need a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot.adapters.cell_requests import rgb
from bot.domain import wording

Request = dict[str, Any]

NEEDS_ME = "Needs me"

COLOURS = (
    ("#FEF7E0", "#8F4E00", (wording.READY, wording.CHANGED, wording.OUT_OF_DATE, wording.NEEDS_DECISION)),
    (
        "#E8F0FE",
        "#174EA6",
        (
            wording.SCHEDULED,
            wording.WAITING,
            wording.SENDING,
            wording.RENDERING,
            wording.CHECKING,
            wording.RETRYING,
        ),
    ),
    ("#E6F4EA", "#137333", (wording.DONE,)),
    ("#FCE8E6", "#C5221F", (wording.NEEDS_FIXING, wording.FAILED)),
    ("#F3E8FD", "#681DA8", (wording.ON_HOLD,)),
    (None, "#5F6368", (wording.CANCELLED,)),
)
"""Fill, ink and the words a status begins with; never colour alone (contrast above 4.5:1)."""


def colour_requests(where: Request, rules: Iterable[Request]) -> Iterator[Request]:
    """Rules for the words that have none there; colours people gave to columns of their own stay as they are."""
    coloured = {word for rule in rules if _is_on(where, rule) for word in _words_of(rule)}
    looks = [(fill, ink, word) for fill, ink, words in COLOURS for word in words if word not in coloured]
    for index, (fill, ink, word) in enumerate(looks):
        # By its beginning: "Rendering 40%" is a rendering row.
        look: Request = {"textFormat": {"foregroundColorStyle": {"rgbColor": rgb(ink)}}}
        if fill is not None:
            look["backgroundColorStyle"] = {"rgbColor": rgb(fill)}
        condition = {"type": "TEXT_STARTS_WITH", "values": [{"userEnteredValue": word}]}
        rule = {"ranges": [where], "booleanRule": {"condition": condition, "format": look}}
        yield {"addConditionalFormatRule": {"index": index, "rule": rule}}


def _is_on(where: Request, rule: Request) -> bool:
    column = where["startColumnIndex"]
    return any(
        spot.get("startColumnIndex", 0) <= column < spot.get("endColumnIndex", column + 1)
        for spot in rule.get("ranges", [])
    )


def _words_of(rule: Request) -> set[str]:
    values = rule.get("booleanRule", {}).get("condition", {}).get("values", [])
    return {value.get("userEnteredValue", "") for value in values}


def view_requests(area: Request, status: int, views: Iterable[Request]) -> Iterator[Request]:
    """Shows the rows only a person can move on; whoever opens it changes nobody else's view.

    One that goes by another column, since `Status` was made anew, is aimed at it again.
    """
    percents = [f"{wording.RENDERING} {percent}%" for percent in range(0, 101, 10)]
    others = [word for word in wording.STATUS_WORDS if word not in wording.NEEDS_A_PERSON]
    spec = {"columnIndex": status, "filterCriteria": {"hiddenValues": ["", *others, *percents]}}
    wanted: Request = {"title": NEEDS_ME, "range": area, "filterSpecs": [spec]}
    known = next((view for view in views if view.get("title") == NEEDS_ME), None)
    if known is None:
        yield {"addFilterView": {"filter": wanted}}
    elif all(one.get("columnIndex", 0) != status for one in known.get("filterSpecs", [])):
        again = {"filterViewId": known["filterViewId"], **wanted}
        yield {"updateFilterView": {"filter": again, "fields": "range,filterSpecs"}}
