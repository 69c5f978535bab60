"""Templates: a project with placeholders and a contract; filled with a record they make a payload.

Filling happens here, not at the service, so that each value is escaped for the place it lands in and the
exact payload is known, priced and kept before anything is sent. The same input makes the same bytes.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from bot.domain import wording
from bot.domain.contract import Contract, FieldType
from bot.domain.failures import ProblemCode
from bot.domain.ids import JobId, PayloadHash, RecordId, TemplateHash, canonical_json, sha256
from bot.domain.prices import price
from bot.domain.records import Problem, Record

_PLACEHOLDER = re.compile(r"\{\{\s*([a-zA-Z][a-zA-Z0-9_]*)\s*\}\}")
_NAME_PART = re.compile(r"\{([a-zA-Z][a-zA-Z0-9_]*)\}")
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_\-]+")
_LONG_NUMBER = re.compile(r"[0-9]{8,}")
_ENTITIES = {'"': "&quot;", "'": "&#39;", "{": "&#123;", "}": "&#125;"}

ROBOT_VALUES = ("row_id", "format")
"""Placeholders every template may use without a column."""


@dataclass(frozen=True, slots=True)
class Template:
    """A design at one version: one project for each format, and the contract its rows must meet."""

    title: str
    version: str
    name_rule: str
    contract: Contract
    projects: Mapping[str, Mapping[str, Any]]

    hash: TemplateHash = field(init=False, compare=False, repr=False)
    """Changes with anything that can change a payload or what a row must hold."""

    prices: Mapping[str, int] = field(init=False, compare=False, repr=False)
    """Credits of one video in each format, by the published rule."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "hash", self._hash())
        object.__setattr__(self, "prices", {name: price(one) for name, one in self.projects.items()})

    def _hash(self) -> TemplateHash:
        spelled = canonical_json(
            {
                "name": self.name_rule,
                "projects": dict(self.projects),
                "fields": [
                    [
                        one.key,
                        one.column,
                        one.type,
                        one.required,
                        one.max_chars,
                        dict(one.per_format),
                        one.fallback,
                        list(one.choices),
                    ]
                    for one in self.contract.fields
                ],
                "formats": list(self.contract.formats),
            }
        )
        return TemplateHash(sha256(spelled))

    def price(self, format_name: str) -> int | None:
        """Credits of one video in this format by the published rule; None for a format it does not have."""
        return self.prices.get(format_name)


@dataclass(frozen=True, slots=True)
class Payload:
    """The filled-in project, exactly as it is sent, kept and hashed."""

    body: str
    """Canonical JSON."""

    name: str
    price: int

    @property
    def hash(self) -> PayloadHash:
        """Names the payload by its content."""
        return PayloadHash(sha256(self.body))

    @property
    def project(self) -> dict[str, Any]:
        """The project as data."""
        project: dict[str, Any] = json.loads(self.body)
        return project


@dataclass(frozen=True, slots=True)
class Label:
    """What besides the record's values goes into a payload."""

    record: RecordId
    job_id: JobId
    """Makes the name unlike any other: record, content and attempt may be the same on a duplicated tab."""

    attempt: int


class _DoesNotFitError(Exception):
    """A value cannot stand where the template wants it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def unknown_placeholders(template: Template) -> tuple[str, ...]:
    """Placeholders that neither a field nor the robot fills, in alphabetical order."""
    known = {one.key for one in template.contract.fields} | set(ROBOT_VALUES)
    texts = (text for project in template.projects.values() for text in _texts(project))
    used = {name for text in texts for name in _PLACEHOLDER.findall(text)}
    used |= set(_NAME_PART.findall(template.name_rule))
    return tuple(sorted(used - known))


def fill(template: Template, record: Record, label: Label) -> Payload | tuple[Problem, ...]:
    """The payload of one record, or what about its values cannot be placed in this template."""
    filler = _Filler(template, record, label)
    try:
        project = filler.fill(template.projects[record.content.format])
    except _DoesNotFitError as error:
        return (error.problem,)
    project["name"] = filler.job_name()
    return Payload(canonical_json(project), project["name"], price(project))


class _Filler:
    """Replaces the placeholders of one project with one record's values."""

    def __init__(self, template: Template, record: Record, label: Label) -> None:
        self._columns = {one.key: one.column for one in template.contract.fields}
        self._types = {one.key: one.type for one in template.contract.fields}
        self._values = {**dict(record.values), "row_id": label.record, "format": record.content.format}
        self._rule = template.name_rule
        self._label = label

    def job_name(self) -> str:
        """The job and file name: the template's rule plus what makes it findable, in allowed signs only."""
        named = _NAME_PART.sub(lambda found: self._values.get(found[1], ""), self._rule)
        plain = unicodedata.normalize("NFKD", named).encode("ascii", "ignore").decode()
        words = _NOT_IN_NAMES.sub("-", plain).strip("-").lower()[:80].strip("-")
        ending = f"{self._label.record}-{self._label.job_id[:8]}-{self._label.attempt}"
        if self._label.record in words:
            ending = ending[len(self._label.record) + 1 :]
        return f"{words}-{ending}" if words else ending

    def fill(self, project: Mapping[str, Any]) -> dict[str, Any]:
        filled = self._object(project)
        filled.pop("variables", None)
        return filled

    def _object(self, node: Mapping[str, Any]) -> dict[str, Any]:
        return {key: self._node(value, key) for key, value in node.items() if key != "condition"}

    def _node(self, node: Any, key: str) -> Any:
        if isinstance(node, Mapping):
            return self._object(node)
        if isinstance(node, list):
            return [self._node(one, key) for one in node if self._is_wanted(one)]
        if isinstance(node, str) and "{{" in node:
            return self._text(node, key)
        return node

    def _is_wanted(self, node: Any) -> bool:
        """`condition` on an object inside an array decides whether it stays (Zvid docs, dynamic-content)."""
        if not isinstance(node, Mapping) or "condition" not in node:
            return True
        condition = node["condition"]
        if isinstance(condition, str):
            condition = self._text(condition, "condition")
        return bool(condition)

    def _text(self, node: str, key: str) -> Any:
        whole = _PLACEHOLDER.fullmatch(node.strip())
        if whole and key not in _CONTEXTS:
            return self._typed(whole[1])
        place = _CONTEXTS.get(key, _as_it_is)
        filled = _PLACEHOLDER.sub(lambda found: place(self, found[1]), node)
        if filled.count("{{") > _PLACEHOLDER.sub("\0", node).count("{{"):
            # The service expands inline payloads too: braces of two values side by side must not meet.
            names = [name for name in _PLACEHOLDER.findall(node) if name in self._columns]
            name = next((name for name in names if "{" in self._values[name]), names[0])
            raise self._refusal(name, wording.placeholder_inside(self._columns[name]))
        return filled

    def _typed(self, name: str) -> Any:
        value = self._values[name]
        if self._types.get(name) is FieldType.NUMBER and value:
            return float(value) if "." in value else int(value)
        if self._types.get(name) is FieldType.BOOL:
            return value == "TRUE"
        return value

    def markup(self, name: str) -> str:
        """Inside SVG or HTML: no value can become markup, an attribute's end or a placeholder."""
        value = self._values[name]
        if name in self._columns and _LONG_NUMBER.search(value):
            raise self._refusal(name, wording.long_number(self._columns[name]))
        return escape(value, _ENTITIES)

    def plain(self, name: str) -> str:
        """Inside `text`, where the service refuses angle brackets (Zvid docs, elements/text)."""
        value = self._values[name]
        if "<" in value or ">" in value:
            raise self._refusal(name, wording.not_plain_text(self._columns[name]))
        return value

    def untouched(self, name: str) -> str:
        return self._values[name]

    def _refusal(self, name: str, words: str) -> _DoesNotFitError:
        return _DoesNotFitError(Problem(ProblemCode.DATA_FORMAT, self._columns[name], words))


_CONTEXTS: dict[str, Callable[[_Filler, str], str]] = {
    "svg": _Filler.markup,
    "html": _Filler.markup,
    "text": _Filler.plain,
}
_as_it_is = _Filler.untouched


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
