"""Templates: a project with placeholders and a contract; filled with a record they make a payload.

Filling happens here, not at the service, so that each value is spelled for the place it lands in and the exact
payload is known, checked, priced and kept before anything is sent. The same input makes the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from bot.domain import wording
from bot.domain.contract import Contract
from bot.domain.failures import ProblemCode
from bot.domain.ids import PayloadHash, TemplateHash, canonical_json, sha256
from bot.domain.prices import price
from bot.domain.records import Content, Problem, Record
from bot.domain.templates.blueprint import Blueprint, draw_up
from bot.domain.templates.fits import Measure
from bot.domain.templates.naming import Label, job_name, parts_of
from bot.domain.templates.nodes import DoesNotFitError
from bot.domain.templates.placeholders import read_path, spelled
from bot.domain.templates.proofs import blamed, prove
from bot.domain.templates.rules import Issue, check

__all__ = ["Label", "Payload", "Template", "column_behind", "fill", "unknown_placeholders"]

ROBOT_VALUES = ("row_id", "format")
"""Placeholders every template may use without a column."""

_SOME_ID = "r0000x"


@dataclass(frozen=True, slots=True)
class Template:
    """A design at one version: one project for each format, and the contract its rows must meet."""

    title: str
    version: str
    name_rule: str
    contract: Contract
    projects: Mapping[str, Mapping[str, Any]]

    measure: Measure | None = field(default=None, compare=False, repr=False)
    """Measures texts where the contract says that they must fit; None where that was done before."""

    hash: TemplateHash = field(init=False, compare=False, repr=False)
    """Changes with people's version and with anything that can change a payload or what a row must hold."""

    prices: Mapping[str, int] = field(init=False, compare=False, repr=False)
    """Credits of one video in each format, by the published rule."""

    blueprints: Mapping[str, Blueprint] = field(init=False, compare=False, repr=False)
    """The projects, ready to be filled."""

    flaws: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """What must be mended before anything can be filled, with paths; for the template's author."""

    def __post_init__(self) -> None:
        fields = {one.key: one for one in self.contract.fields}
        drawn = {name: draw_up(one, fields, ROBOT_VALUES) for name, one in self.projects.items()}
        flaws: list[str] = []
        prices = dict.fromkeys(drawn, 0)
        for name, one in drawn.items():
            flaws += map(str, one.flaws)
            flaws += [f"no field fills {{{{{missing}}}}}" for missing in sorted(one.unknown)]
            if not one.unknown:
                proof = prove(one, self.contract.fields, {"row_id": _SOME_ID, "format": name})
                told = tuple(spelled(flaw.path) for flaw in one.flaws)
                flaws += [flaw for flaw in proof.flaws if not flaw.startswith(told)]
                prices[name] = proof.price
        object.__setattr__(self, "hash", self._hash())
        object.__setattr__(self, "blueprints", drawn)
        object.__setattr__(self, "flaws", tuple(dict.fromkeys(flaws)))
        object.__setattr__(self, "prices", prices)

    def _hash(self) -> TemplateHash:
        spelled = canonical_json(
            {
                "version": self.version,
                "name": self.name_rule,
                "projects": dict(self.projects),
                "fields": [one.rules for one in self.contract.fields],
                "formats": list(self.contract.formats),
            }
        )
        return TemplateHash(sha256(spelled))

    def price(self, format_name: str) -> int | None:
        """Credits of one video in this format by the published rule; None for a format it does not have."""
        return self.prices.get(format_name)

    @property
    def constants(self) -> tuple[str, ...]:
        """Placeholders without a field, which the project's own variables fill alike for every row."""
        return tuple(sorted({name for one in self.blueprints.values() for name in one.constants}))

    @property
    def unused_fields(self) -> tuple[str, ...]:
        """Fields no format shows and no name uses."""
        used = parts_of(self.name_rule).union(*(one.used for one in self.blueprints.values()))
        return tuple(one.key for one in self.contract.fields if one.key not in used)


@dataclass(frozen=True, slots=True)
class Payload:
    """The filled-in project, exactly as it is sent, kept and hashed."""

    utf8: bytes
    """Its canonical JSON as it travels: a thousand of them as text would be two or three times as large."""

    name: str
    price: int

    @classmethod
    def of(cls, body: str, name: str, price: int) -> Self:
        """Of canonical JSON as text."""
        return cls(body.encode("utf-8", "surrogatepass"), name, price)

    @property
    def body(self) -> str:
        """Canonical JSON."""
        return self.utf8.decode("utf-8", "surrogatepass")

    @property
    def hash(self) -> PayloadHash:
        """Names the payload by its content."""
        return PayloadHash(sha256(self.utf8))

    @property
    def project(self) -> dict[str, Any]:
        """The project as data."""
        project: dict[str, Any] = json.loads(self.body)
        return project


def unknown_placeholders(template: Template) -> tuple[str, ...]:
    """Placeholders that no field, no variable of the project and not the robot fills, in alphabetical order."""
    known = {one.key for one in template.contract.fields} | set(ROBOT_VALUES)
    unknown = (parts_of(template.name_rule) - known).union(
        *(one.unknown for one in template.blueprints.values())
    )
    return tuple(sorted(unknown))


def fill(template: Template, record: Record, label: Label) -> Payload | tuple[Problem, ...]:
    """The payload of one record, or what about its values cannot be placed in this template."""
    if template.flaws:
        return (_template_problem(template),)
    blueprint = template.blueprints[record.content.format]
    values = {**dict(record.values), "row_id": str(label.record), "format": record.content.format}
    columns = {one.key: one.column for one in template.contract.fields}
    try:
        project: dict[str, Any] = blueprint.root.fill(values)
    except DoesNotFitError as error:
        if error.name not in columns:
            return (_template_problem(template),)
        column = columns[error.name]
        return (Problem(ProblemCode.DATA_FORMAT, column, error.words(column)),)
    project = {**project, "name": job_name(template.name_rule, values, label)}
    if issues := check(project):
        told = [_told(issue, template, blueprint, values) for issue in issues]
        return tuple(dict.fromkeys(told))
    return Payload.of(canonical_json(project), project["name"], price(project))


def _told(issue: Issue, template: Template, blueprint: Blueprint, values: Mapping[str, str]) -> Problem:
    """An issue in words for whoever can mend it: the author of a value in that place, or else the template's."""
    names = blamed(issue, blueprint, values)
    for one in template.contract.fields:
        if one.key in names:
            words = wording.breaks_a_rule(one.column, issue.words, values[one.key])
            return Problem(ProblemCode.DATA_FORMAT, one.column, words)
    return _template_problem(template)


def column_behind(template: Template, content: Content, named: str) -> str | None:
    """The column whose cell stands at a place of the payload, as the service names it; None unless it is one."""
    blueprint, path = template.blueprints.get(content.format), read_path(named)
    if blueprint is None or not path:
        return None
    typed = dict(content.values)
    values = {one.key: typed.get(one.key) or one.fallback for one in template.contract.fields}
    values |= {"row_id": _SOME_ID, "format": content.format}
    names = blueprint.root.names(path, values)
    columns = [one.column for one in template.contract.fields if one.key in names]
    return columns[0] if len(columns) == 1 else None


def _template_problem(template: Template) -> Problem:
    return Problem(ProblemCode.TEMPLATE_BUG, "", wording.template_broken(template.title))
