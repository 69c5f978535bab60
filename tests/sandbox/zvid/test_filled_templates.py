"""Every template of the package, filled with anything people could type: what is accepted is sound and nothing got in.

All templates under `bot/templates/` are taken, in all their formats; what is asked of them holds for any template.
"""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.template_folder import BUILT_IN, load_template
from bot.domain.cells import cell_text
from bot.domain.contract import FieldType
from bot.domain.ids import JobId, RecordId, canonical_json
from bot.domain.records import Content, Rejection, judge
from bot.domain.templates.rules import check
from bot.domain.templates.specimen import specimen
from bot.domain.templates.template import Label, Payload, Template, fill
from bot.sandbox.zvid.options import Switches
from bot.sandbox.zvid.refusals import Refusal
from bot.sandbox.zvid.verdict import judge as validate

FOLDERS = sorted(one.parent for one in BUILT_IN.parent.glob("*/contract.toml"))
DESIGNS = [
    (load_template(folder), name) for folder in FOLDERS for name in load_template(folder).contract.formats
]
LABEL = Label(RecordId("r7k3q"), JobId("3f0c2a7e-5d55-5b1e-9a53-8c1d6f1f2ab1"), 0)
SWITCHES = Switches(allow_loopback_media=True)
EACH = pytest.mark.parametrize(
    ("design", "format_name"), DESIGNS, ids=[f"{one.title}-{name}" for one, name in DESIGNS]
)

HOSTILE = (
    "<script>alert(1)</script>",
    '" onload="alert(1)',
    "' onmouseover='x",
    "</text><image href='https://e.example/x.png'/>",
    "</div><img src=x onerror=alert(1)>",
    "]]>",
    "<!--",
    "-->",
    "&lt;b&gt;",
    "&#x3c;script&#x3e;",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    "{{price}}",
    "{ {price} }",
    "{% raw %}${7*7}",
    "url(javascript:x)",
    "red;background:url(https://e.example)",
    "come one = x",
    "href=https://e.example",
    "javascript:alert(1)",
    "=IMPORTXML(A1)",
    "../../etc/passwd",
    "con",
    "__proto__",
    "12345678 and 87654321",
    "\u202eevil\u202c",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "a\u0000b",
    "\ufeff\u200b",
    "x" * 300,
)
"""What has broken such programs before (X01, X02, X06, X07, C03, C05, C07, C10, C11)."""

PRINTED = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=40)
SIGNS = st.text("<>&\"'`{}()=/;:# on\n0", min_size=1, max_size=16)
ANYTHING = st.text(max_size=40) | SIGNS | st.sampled_from(HOSTILE)
FITTING = {
    FieldType.COLOR: st.sampled_from(["#2DD4BF", "#000000", "#abcdef"]),
    FieldType.NUMBER: st.integers(-5, 9_999).map(str) | st.sampled_from(["0.5", "007"]),
    FieldType.MONEY: st.sampled_from(["19.90", "0", "1200"]),
    FieldType.DATE: st.sampled_from(["2026-08-03", "2026-08-03 14:00"]),
    FieldType.BOOL: st.sampled_from(["TRUE", ""]),
}
LINKS = st.sampled_from(
    [
        "https://cdn.example/a.jpg?x=1&y='2'",
        "http://127.0.0.1:8000/media/b.png",
        "https://e.example/%3Cb%3E#{}",
    ]
)


def rows(design: Template, format_name: str) -> st.SearchStrategy[Content]:
    """Rows whose cells mostly are of their type, and hold anything where that is text."""

    def cell(one: Any) -> st.SearchStrategy[str]:
        if one.type is FieldType.TEXT:
            longest = one.limit(format_name) or 40
            cut = (PRINTED | SIGNS | st.sampled_from(HOSTILE)).map(lambda text: cell_text(text[:longest]))
            # Mostly what may pass, else a row of many columns hardly ever would.
            return st.one_of(cut, cut, cut, cut, ANYTHING.map(cell_text))
        if one.type is FieldType.CHOICE:
            return st.sampled_from([*one.choices, ""])
        return (LINKS if one.type.is_link else FITTING[one.type]) | st.just("")

    cells = st.tuples(*(cell(one) for one in design.contract.fields))
    return cells.map(
        lambda texts: Content(
            tuple((one.key, text) for one, text in zip(design.contract.fields, texts, strict=True)),
            format_name,
        )
    )


# Made once: a strategy made anew in every example is another one to hypothesis.
ROWS = {(design.title, format_name): rows(design, format_name) for design, format_name in DESIGNS}


def placed(design: Template, content: Content) -> Payload | tuple[Any, ...]:
    judged = judge(content, design.contract, measure=design.measure)
    return judged.problems if isinstance(judged, Rejection) else fill(design, judged, LABEL)


def harmless(design: Template, content: Content) -> Content:
    """The same row with a plain letter wherever somebody wrote text."""
    kinds = {one.key: one.type for one in design.contract.fields}
    values = ((key, "x" if text and kinds[key] is FieldType.TEXT else text) for key, text in content.values)
    return Content(tuple(values), content.format)


def price_of_the_service(payload: Payload) -> int:
    """What the service's own check asks; this stand-in has no font for some letters, which is no rule of the service."""
    try:
        return validate({"payload": payload.project}, SWITCHES).credits
    except Refusal as refused:
        told = [one["message"] for one in refused.body["details"]]
        assert all("it has no font for them" in words for words in told), told
        return payload.price


class _Tags(HTMLParser):
    """The elements and attributes of a text, and what it says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[Any] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, sorted(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(tag)

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.tags.append(("declaration", decl))

    def handle_pi(self, data: str) -> None:
        self.tags.append(("instruction", data))


def tree(element: Any) -> list[Any]:
    return [element.tag, sorted(element.attrib), [tree(child) for child in element]]


def skeleton(node: Any, key: str = "") -> Any:
    """A project without what it says: keys, types, elements and attributes."""
    if isinstance(node, dict):
        return {name: skeleton(value, name) for name, value in node.items()}
    if isinstance(node, list):
        return [skeleton(one) for one in node]
    if key == "svg":
        return tree(fromstring(node, forbid_dtd=True))
    return _Tags(node).tags if key == "html" else type(node).__name__


def no_number(name: str) -> Any:
    raise AssertionError(name)


@EACH
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_f_X01_X02_whatever_people_type(design: Template, format_name: str, data: st.DataObject):
    """A payload is strict JSON, passes our rules and the service's, and has the template's own structure; or columns are named."""
    content = data.draw(ROWS[design.title, format_name])
    outcome = placed(design, content)
    if not isinstance(outcome, Payload):
        columns = {one.column for one in design.contract.fields}
        assert {one.column for one in outcome} <= columns
        assert all(f'"{one.column[:20]}' in one.text for one in outcome)
        return
    project = json.loads(outcome.body, parse_constant=no_number)

    assert check(project) == ()
    assert canonical_json(project) == outcome.body
    assert price_of_the_service(outcome) == outcome.price
    assert "{{" not in outcome.body
    twin = placed(design, harmless(design, content))
    assert isinstance(twin, Payload)
    assert skeleton(project) == skeleton(twin.project)


@EACH
def test_f_X01_hostile_words_in_every_column(design: Template, format_name: str):
    """Each hostile text, in all text columns at once, stays text or is refused by the names of its columns."""
    usual = specimen(design.contract, format_name)
    limits = {
        one.key: one.limit(format_name) or 300 for one in design.contract.fields if one.type is FieldType.TEXT
    }
    columns = {one.column for one in design.contract.fields if one.key in limits}
    for text in HOSTILE:
        cut = {key: cell_text(text[:limit]) or "x" for key, limit in limits.items()}
        content = Content(tuple((key, cut.get(key, said)) for key, said in usual.values), format_name)
        outcome = placed(design, content)

        if isinstance(outcome, Payload):
            twin = placed(design, harmless(design, content))
            assert isinstance(twin, Payload)
            assert skeleton(outcome.project) == skeleton(twin.project)
            assert price_of_the_service(outcome) == outcome.price
        else:
            assert {problem.column for problem in outcome} <= columns


@EACH
def test_an_ordinary_row_is_accepted(design: Template, format_name: str):
    """The made-up row of every template renders."""
    outcome = placed(design, specimen(design.contract, format_name))

    assert isinstance(outcome, Payload)
    assert (
        validate({"payload": outcome.project}, SWITCHES).credits == outcome.price == design.price(format_name)
    )
