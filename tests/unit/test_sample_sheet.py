"""The demo's rows: cells as people would have typed them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.template_folder import BUILT_IN, load_template
from bot.cli.sample_sheet import sample_file, sample_rows, title_column
from bot.domain.cells import graphemes
from bot.secret_files import SettingsError

PROMO = load_template(BUILT_IN)
LESSON = load_template(BUILT_IN.parent / "lesson")


def test_cells_are_what_a_sheet_holds():
    """Boxes, numbers and blanks are real; text that is no number stays text; pictures get their place."""
    header, first, *rest = sample_rows(sample_file(Path("lesson")), LESSON, "http://here", None)
    row = dict(zip(header, first, strict=True))

    assert (row["Approve"], row["Step"], row["Last lesson"]) == (False, 1.0, False)
    assert row["Screenshot"] == "http://here/screen-board.png"
    assert dict(zip(header, rest[9], strict=True))["Step"] == "two"
    assert dict(zip(header, rest[7], strict=True))["Course"] is None


def test_more_rows_than_there_are_differ_and_stay_within_the_limits():
    """The second round says 2 in the first text column, also where that text was as long as it may be."""
    header, *rows = sample_rows(sample_file(None), PROMO, "", 24)
    campaigns = [str(row[header.index("Campaign")] or "") for row in rows]

    assert campaigns[0] != campaigns[12]
    assert campaigns[12].endswith(" 2")
    assert max(map(graphemes, campaigns)) <= 24


@pytest.mark.parametrize(("template", "column"), [(PROMO, "Headline"), (LESSON, "Title")])
def test_rows_are_told_apart_by_their_first_required_text(template, column: str):
    """That is what the summary shows."""
    assert title_column(template) == column


def test_a_folder_without_samples_is_named(tmp_path: Path):
    """A template of one's own can be shown once it has rows to show."""
    with pytest.raises(SettingsError, match=r"sample\.csv is missing"):
        sample_file(tmp_path)
