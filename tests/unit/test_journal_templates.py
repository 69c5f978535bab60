"""Template versions in the journal: read back, they are the same, boxes to fit into included."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from builders import FIELDS, NOW, contract, template

from bot.adapters.journal_templates import read_template, spell_template
from bot.domain.templates.fits import Fit

BOX = Fit("fonts/x.ttf", "0" * 64, size=40, width=400.5, lines=2, weight=700, uppercase=True)
FITTED = template(contract=contract(replace(FIELDS[0], fits={"wide": BOX}), *FIELDS[1:]))


@pytest.mark.parametrize("design", [template(), FITTED], ids=["plain", "with boxes"])
def test_there_and_back(design):
    """The same rules, the same projects, the same hash; what measures is not kept."""
    found = read_template(spell_template(design, NOW))

    assert found == design
    assert found.hash == design.hash
    assert found.measure is None


def test_a_version_kept_by_an_older_program():
    """Its contract knows nothing of boxes."""
    kept = spell_template(template(), NOW)
    rules = json.loads(kept["contract"])
    for one in rules["contract"]["fields"]:
        del one["fits"]

    assert read_template({**kept, "contract": json.dumps(rules)}).hash == template().hash
