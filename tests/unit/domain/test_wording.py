"""Words in cells: short, plain, and without codes."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from bot.domain import wording
from bot.domain.wording import (
    LONGEST,
    LONGEST_AT_ALL,
    STATUS_WORDS,
    cells,
    clip,
    control,
    delivery,
    links,
    rows,
    words,
)
from bot.domain.wording.fitting import fitted, in_plain_words, listed

ORDINARY = {
    "missing": ("Product image",),
    "several_to_fix": (["Headline", "Price", "Accent colour"],),
    "too_long": ("Headline", 68, 45),
    "does_not_fit": ("CTA", "square", 18),
    "breaks_a_rule": ("Product image", "must be a number from 0 to 1", "7"),
    "only_dots": ("Product image",),
    "should_look_like": ("Accent colour", "#2DD4BF", "teal-ish"),
    "unknown_choice": ("Format", "Tall", ("vertical", "square", "wide")),
    "date_as_text": ("Product image",),
    "time_without_date": ("Product image",),
    "should_be_a_link": ("Product image", wording.A_SOUND, "shoe.jpg"),
    "link_too_long": ("Product image", 2_740, 2_040),
    "blank_in_link": ("Product image",),
    "secret_in_link": ("Product image",),
    "link_not_public": ("Product image",),
    "link_leads_nowhere": ("Product image",),
    "link_goes_in_circles": ("Product image",),
    "link_needs_sign_in": ("Product image",),
    "link_shows_a_page": ("Product image", wording.A_SOUND),
    "link_is_a_share": ("Product image", "https://www.dropbox.com/s/abc/shoe.jpg?dl=1"),
    "wrong_file": ("Product image", "a PDF", "a PNG or JPEG"),
    "file_too_large": ("Product image", 9_400_000, 5_000_000),
    "link_expires": ("Product image", "15:20"),
    "link_expired": ("Product image", "2026-08-03 15:20"),
    "looking_at": ("Product image",),
    "cause_site_silent": ("Product image",),
    "cause_site_unsafe": ("Product image",),
    "site_given_up": ('"Product image" site is not answering.', "14:10"),
    "should_be_a_box": ("Product image", "yes"),
    "lost_digits": ("Product image",),
    "keeps_changing": (["Product image"],),
    "scheduled": ("2026-08-03 14:00",),
    "formula_error": ("Product image", "#VALUE!"),
    "still_loading": ("Product image",),
    "undrawable": ("Product image", 0xFFFE),
    "placeholder_inside": ("Product image",),
    "not_plain_text": ("Product image",),
    "long_number": ("Product image",),
    "starts_at": ("14:02:15",),
    "in_line": (12,),
    "tick_to_render": (36,),
    "tick_to_refresh": (["Headline", "Price"], 36),
    "changed_while_waiting": (["Headline", "Price"],),
    "changed_while_rendering": (["Headline", "Price"],),
    "dearer": (36, 9),
    "copied_from": (1_204,),
    "ticked_before_first_look": ({"can_release": True},),
    "ticked_beside_a_spoiled_id": (),
    "tick_lost": (),
    "retry_needs_approval": (),
    "refused_by_service": ('"Video clip" is longer than the plan allows.',),
    "render_failed": (),
    "making_sure": (),
    "trying_again": ("Connection trouble.", "14:06:00"),
    "cause_network": (),
    "cause_service": (),
    "cause_ids": (),
    "cause_certificate": (),
    "cause_rate": (),
    "credits_short": (),
    "key_refused": (),
    "address_wrong": (),
    "nobody_can_tell": (),
    "lost_at_service": (),
    "limit_reached": ("14:00:00",),
    "overdue": (60,),
    "failed_with_a_video": (),
    "in_service_words": ("stalled",),
    "template_broken": ("Spring",),
    "saved_for_developers": ("R-104200",),
    "paused": (),
    "only_checked": (),
    "breaker": (5,),
    "over_max_credits": (64, 30),
    "over_row_limit": (64, 30),
    "many_rows": (51,),
    "day_is_spent": (500,),
    "withdrawn": (),
    "sample_first": (10,),
    "new_version": ("4",),
    "nobody_can_say_go_ahead": (),
    "settling": ("14:02:10",),
    "happened": ("Failed", "Zvid could not finish this video."),
    "working": (1_164,),
    "stopped": (),
    "stopped_without_journal": (),
    "sheet_of_another_robot": (),
    "board_first_contact": (23, 315),
    "board_many_rows": (51, 459),
    "board_sample": (10, 60, 4),
    "board_template": ("project.json is no JSON: line 3.",),
    "board_version": ("4", 45, 405),
    "board_sample_ended": (10, "9 done, 1 failed", 50, 450),
    "board_breaker": (5, "Upstream renderer closed the connection."),
    "board_line": (wording.Ticked(18, 3, 2), 4, 189, 1_000),
    "about": (4,),
    "made_with": ([("3", 48), ("2", 12)],),
    "header_problem": ("Product image", "missing", "Product Image URL"),
    "header_unusable": (['Column "Product image" not found. Did you mean "Image"?'],),
    "cells_refused": ('"Videos" G2:G40',),
    "tab_deleted": (),
    "fought_over": (["Status", "Video"],),
    "copied_again": ("The storage is not answering.", "14:10"),
    "copied_later": ("Something is in the way of the copy.",),
    "never_copied": ("Its link leads to no video. Ask the video team.",),
    "link_ended": (),
    "link_ended_with_copy": ("2026-08-03/big-sale-raaab.mp4",),
    "lasting_link_closed": (),
    "copies_not_kept": ("The storage refuses copies.",),
    "cause_no_room": (),
    "cause_not_allowed": (),
    "cause_blocked": (),
    "cause_storage_away": (),
    "cause_source_slow": (),
    "cause_source_cut": (),
    "cause_source_closed": (),
    "cause_too_large": (),
    "cause_no_video": (),
    "cause_our_mistake": (),
    "credit_words": (1_164,),
    "rows_words": (23,),
}
OWNERS = {module.__name__ for module in (cells, control, delivery, links, rows, words)}
SENTENCES = sorted(
    name
    for name, member in vars(wording).items()
    if inspect.isfunction(member) and member.__module__ in OWNERS
)

PARTS = {"credit_words", "rows_words", "in_line", "about", "made_with", "working"}
PARTS |= {"stopped", "stopped_without_journal", "sheet_of_another_robot"}
"""Words that stand within a longer line."""


def said(name: str) -> str:
    """A sentence for ordinary input."""
    given = [one for one in ORDINARY[name] if not isinstance(one, dict)]
    named = {key: value for one in ORDINARY[name] if isinstance(one, dict) for key, value in one.items()}
    return getattr(wording, name)(*given, **named)


@pytest.mark.parametrize("name", SENTENCES)
def test_ordinary_words(name):
    """Every sentence for ordinary input fits a cell and holds no status code and no blame."""
    text = said(name)

    assert 0 < len(text) <= (LONGEST_AT_ALL if name == "link_is_a_share" else LONGEST)
    assert not re.search(r"\b[1-5]\d\d\b(?! credits)", text)
    assert not re.search(r"invalid|error occurred|exception|HTTP(?!s:)|null|None", text, re.IGNORECASE)


@pytest.mark.parametrize("name", sorted(set(SENTENCES) - PARTS))
def test_sentences_begin_and_end(name):
    """A sentence begins with a capital or a quoted column, and ends."""
    text = said(name)

    assert text[0] == '"' or text[0].isupper() or text[0].isdigit()
    assert text[-1] in ".?"


def hostile(given):
    """The same kind of thing, far longer than anybody meant."""
    if isinstance(given, str):
        return "Long 👩\u200d👩\u200d👧 name, " * 3_000
    if isinstance(given, int) and not isinstance(given, bool):
        return 99_999
    if isinstance(given, list):
        return [hostile(one) for one in given] * 20
    return (
        given._make(map(hostile, given))
        if hasattr(given, "_make")
        else tuple(map(hostile, given))
        if isinstance(given, tuple)
        else given
    )


OURS = {"time", "moment", "number"}
"""Parts nobody but the robot writes."""


@pytest.mark.parametrize("name", sorted(set(SENTENCES) - {"happened", "link_is_a_share", "board_line"}))
def test_whatever_is_put_into_a_sentence_it_fits_a_cell(name):
    """Names of columns, texts of people and words of the service give way."""
    given = [one for one in ORDINARY[name] if not isinstance(one, dict)]
    named = {key: value for one in ORDINARY[name] if isinstance(one, dict) for key, value in one.items()}
    parts = inspect.signature(getattr(wording, name)).parameters
    given = [one if part in OURS else hostile(one) for part, one in zip(parts, given, strict=False)]

    assert len(getattr(wording, name)(*given, **named)) <= LONGEST


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Headline"], "Headline"),
        (["Headline", "Price"], "Headline, Price"),
        (["Headline", "Price", "Product image"], "Headline and 2 more"),
        (["A column of a very long name", "Price"], "A column of a very long name and 1 more"),
    ],
)
def test_as_many_names_as_there_is_room_for(names, words):
    """The first one is always told, and how many there are besides."""
    assert listed(names, 24) == words


def test_the_longest_part_gives_way():
    """A short name beside a long text stays whole."""
    text = fitted('"{}" should look like {}. Now: "{}".', "Accent colour", "#2DD4BF", "teal " * 40)

    assert text.startswith('"Accent colour" should look like #2DD4BF. Now: "teal teal')
    assert text.endswith('…".')
    assert len(text) == LONGEST


@pytest.mark.parametrize(
    ("foreign", "words"),
    [
        (
            "HTTP 404 while loading https://cdn.example/a.png?token=s3cret&x=1",
            "while loading https://cdn.example/a.png",
        ),
        ("503: Service Unavailable", "Service Unavailable"),
        ("Request failed with status code 500", "Request failed with"),
        ("The clip is 720 px wide.", "The clip is 720 px wide."),
        ("PREMIUM_REQUIRED for this.", "premium required for this."),
    ],
)
def test_foreign_words_lose_numbers_for_machines_and_secrets(foreign, words):
    """No status number, no query string; all else stays."""
    assert in_plain_words(foreign) == words


def test_log_tells_what_the_service_gave_as_its_reason():
    """Beside our own words, in quotes."""
    assert wording.happened("Failed", "It ended.", "HTTP 500 on air") == 'Failed: It ended. It said: "on air"'
    assert wording.happened("Done", "") == "Done"


def test_header_with_many_problems_is_told_in_short():
    """The first of them, and how many there are besides."""
    words = wording.header_unusable(
        ['Column "A" not found.', 'Column "B" not found.', 'Column "C" not found.']
    )

    assert words == 'On hold: Column "A" not found. And 2 more.'


@pytest.mark.parametrize("filler", range(8))
def test_f_G13_clipped_text_ends_with_a_whole_character(filler: int):
    """A family of five code points and a flag are never cut in two, wherever the limit falls."""
    family, flag = "👩\u200d👩\u200d👧", "🇩🇪"
    text = wording.refused_by_service("x" * filler + (family + flag) * 500)
    body = text.removesuffix("…").replace(family, "").replace(flag, "")

    assert len(text) <= LONGEST
    assert body == "Zvid did not accept the row: " + "x" * filler


def test_one_endless_character_is_cut_all_the_same():
    """A letter under ten thousand accents is longer than a cell."""
    assert len(clip("e" + "\u0301" * 10_000)) == LONGEST_AT_ALL


@pytest.mark.parametrize(
    ("amount", "words"), [(0, "0 credits"), (1, "1 credit"), (9, "9 credits"), (1164, "1,164 credits")]
)
def test_credits(amount, words):
    """One credit is one credit."""
    assert wording.credit_words(amount) == words


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (0, "Next in line."),
        (3, "In line, 3 before it."),
        (20, "In line, 20 before it."),
        (21, "In line, over 20 before it."),
        (50, "In line, over 20 before it."),
        (51, "In line, over 50 before it."),
        (100, "In line, over 50 before it."),
        (437, "In line, over 200 before it."),
        (1001, "In line, over 1,000 before it."),
    ],
)
def test_place_in_line(ahead, words):
    """The first one is next; those far behind are told roughly, and so seldom anew."""
    assert wording.in_line(ahead) == words


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (
            ("Product image", "missing", "Product Image URL"),
            'Column "Product image" not found. Did you mean "Product Image URL"?',
        ),
        (("Price", "missing", None), 'Column "Price" not found.'),
        (("Price", "twice", None), 'Column "Price" is there twice. Rename or delete one.'),
    ],
)
def test_header_words(problem, words):
    """A header problem says which column and what to do."""
    assert wording.header_problem(*problem) == words


@pytest.mark.parametrize(
    ("ticked", "to_fix", "cost", "allowed", "words"),
    [
        ((21, 0, 2), 5, 189, 1_000, "23 rows ticked → 21 ready, 2 need fixing. 189 credits of 1,000."),
        ((18, 3, 1), 1, 189, None, "22 rows ticked → 18 ready, 3 rendering, 1 needs fixing. 189 credits."),
        ((1, 0, 0), 0, 9, 0, "1 row ticked → 1 ready. 9 credits of 0."),
        ((0, 2, 0), 1, 18, None, "2 rows ticked → 2 rendering. 18 credits."),
        ((0, 0, 2), 2, 0, 1_000, "2 rows ticked → 2 need fixing."),
        ((0, 0, 0), 1, 0, 1_000, "Nothing is waiting. 1 row needs fixing."),
        ((0, 0, 0), 0, 0, None, "Nothing is waiting."),
    ],
)
def test_what_is_going_on(
    ticked: tuple[int, int, int], to_fix: int, cost: int, allowed: int | None, words: str
):
    """Only what there is; the parts add up to what was ticked."""
    assert wording.board_line(wording.Ticked(*ticked), to_fix, cost, allowed) == words


def test_status_words_are_distinct():
    """No status word begins another: colours go by the first words."""
    for word in STATUS_WORDS:
        assert [other for other in STATUS_WORDS if other.startswith(word)] == [word]


SHOWN_BY = (
    *("domain/control.py", "domain/wishes.py", "domain/records.py", "domain/templates/template.py"),
    *("reconciler/publish.py", "reconciler/diary.py"),
    *("adapters/column_builder.py", "adapters/control_builder.py", "adapters/status_looks.py"),
)
SENTENCE = re.compile(r"[A-Z\"][^\n]* [^\n]*[.?]")


def spoken_in(path: Path) -> list[str]:
    """Texts in a module that read like a sentence, what developers read left aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    calls = [one for one in ast.walk(tree) if isinstance(one, (ast.Raise, ast.Call))]
    told = [one for one in calls if isinstance(one, ast.Raise) or "log." in ast.unparse(one.func)]
    own |= {id(inner) for one in told for inner in ast.walk(one)}
    return [
        one.value
        for one in ast.walk(tree)
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in own
        if SENTENCE.fullmatch(one.value.strip())
    ]


def test_nobody_else_speaks():
    """What fills cells, notes and headers finds its sentences here: one place to mend or translate them."""
    package = Path(wording.__file__).parents[2]
    modules = [*(package / name for name in SHOWN_BY), *(package / "planner").glob("*.py")]

    assert {path.name: said for path in modules if (said := spoken_in(path))} == {}
    assert spoken_in(Path(wording.__file__).parent / "rows.py") != []


@pytest.mark.parametrize(
    "said", ["Failed to download media", "Failed to download media.", "Failed to download media ..."]
)
def test_what_the_service_said_is_one_sentence(said: str):
    """It ends its own sentences as it likes; the next one of ours begins anew."""
    assert (
        wording.board_breaker(6, said)
        == "6 videos failed alike: Failed to download media. Tick Go ahead to go on."
    )
