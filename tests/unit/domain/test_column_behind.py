"""Which column a path of the service's speaks of."""

from __future__ import annotations

import pytest
from builders import content, template

from bot.domain.templates.template import column_behind

DESIGN = template(
    {"type": "TEXT", "text": "{{badge}}", "condition": "{{badge}}"},
    {"type": "TEXT", "text": "{{headline}}", "style": {"fontSize": 40}},
    {"type": "TEXT", "text": "{{headline}} for {{price}}"},
)


@pytest.mark.parametrize(
    ("place", "badge", "column"),
    [
        ("visuals[1].text", "New", "Headline"),
        ("payload.visuals[1].text", "New", "Headline"),
        ("visuals[0].text", "New", "Badge"),
        # What its condition left out does not count.
        ("visuals[0].text", "", "Headline"),
        ("visuals[1].style.fontSize", "New", None),
        ("visuals[2].text", "New", None),
        ("visuals[9].text", "New", None),
        ("visuals.text", "New", None),
        ("payload.duration", "New", None),
        ("[0]", "New", None),
        ("", "New", None),
        ("$..[?(@)]", "New", None),
    ],
)
def test_column_behind_a_path(place, badge, column):
    """One of the row's cells stands there, and no other; else it is nobody's in particular."""
    assert column_behind(DESIGN, content(badge=badge), place) == column


def test_unknown_format():
    """Nothing can be said of a format the template does not have."""
    assert column_behind(DESIGN, content(format="tall"), "visuals[1].text") is None
