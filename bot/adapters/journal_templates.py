"""Template versions as the journal keeps them, whole, so that they outlive their files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from bot.domain.contract import Contract
from bot.domain.ids import canonical_json
from bot.domain.templates.template import Template

_CONTRACT = TypeAdapter(Contract)


def spell_template(template: Template, at: datetime) -> dict[str, Any]:
    """A template version as one row."""
    rules = {"name": template.name_rule, "contract": _CONTRACT.dump_python(template.contract, mode="json")}
    return {
        "hash": template.hash,
        "title": template.title,
        "version": template.version,
        "projects": canonical_json(dict(template.projects)),
        "first_used_at": at,
        "contract": canonical_json(rules),
    }


def read_template(row: Mapping[str, Any]) -> Template | None:
    """What spell_template wrote; None where an older program kept no contract."""
    projects = json.loads(row["projects"])
    if row["contract"] is None:
        return None
    rules = json.loads(row["contract"])
    return Template(
        title=row["title"],
        version=row["version"],
        name_rule=rules["name"],
        contract=_CONTRACT.validate_python(rules["contract"]),
        projects=projects,
    )
