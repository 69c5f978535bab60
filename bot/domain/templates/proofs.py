"""Proofs: a template is filled with made-up rows and checked whole, before any row of people's is.

What the service would refuse is then the template's own mistake, unless a value that only a row can bring is to
blame; that is judged with the row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.contract import Field
from bot.domain.ids import canonical_json
from bot.domain.prices import price
from bot.domain.templates.blueprint import Blueprint
from bot.domain.templates.nodes import DoesNotFitError, Values
from bot.domain.templates.rules import Issue, check
from bot.domain.templates.specimen import made_up


@dataclass(frozen=True, slots=True)
class Proof:
    """What a format's project comes to."""

    flaws: tuple[str, ...]
    price: int
    """Credits of its dearest made-up row."""


def prove(blueprint: Blueprint, fields: Sequence[Field], robots: Values) -> Proof:
    """Fills one format with everything there is, and with nothing but what must be."""
    flaws: list[str] = []
    prices = [0]
    for values in (_full(fields, robots["format"]), _bare(fields, robots["format"])):
        try:
            filled = blueprint.root.fill({**robots, **values})
        except DoesNotFitError as error:
            flaws.extend(_misplaced(error, fields))
            continue
        # Read back, so that nothing in it counts as looked at.
        project: dict[str, Any] = json.loads(canonical_json({**filled, "name": "sample"}))
        issues = check(project)
        flaws.extend(_told(issues, blueprint, fields, {**robots, **values}))
        prices.append(price(project) if not issues else 0)
    return Proof(tuple(dict.fromkeys(flaws)), max(prices))


def blamed(issue: Issue, blueprint: Blueprint, values: Values) -> frozenset[str]:
    """Whose values stand where the issue is."""
    names = blueprint.root.names(issue.path, values)
    beside = [blueprint.root.names((*issue.path[:-1], key), values) for key in issue.beside]
    return names or frozenset().union(*beside)


def _full(fields: Sequence[Field], format_name: str) -> Mapping[str, str]:
    return {one.key: made_up(one, format_name) for one in fields}


def _bare(fields: Sequence[Field], format_name: str) -> Mapping[str, str]:
    return {one.key: made_up(one, format_name) if one.required else one.fallback for one in fields}


def _misplaced(error: DoesNotFitError, fields: Sequence[Field]) -> Iterator[str]:
    for one in fields:
        if one.key == error.name and one.fallback:
            yield f"the fallback of [fields.{one.key}]: {error.words(one.column)}"


def _told(
    issues: Sequence[Issue], blueprint: Blueprint, fields: Sequence[Field], values: Values
) -> Iterator[str]:
    for issue in issues:
        names = blamed(issue, blueprint, values)
        culprits = [one for one in fields if one.key in names]
        if not culprits:
            yield str(issue)
        for one in culprits:
            if one.fallback:
                yield f"{issue} with the fallback of [fields.{one.key}]"
            elif not values[one.key]:
                yield f'{issue} where "{one.column}" is empty; give [fields.{one.key}] a fallback or required = true'
