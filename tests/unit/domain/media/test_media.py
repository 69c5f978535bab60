"""Media: what a look found, when to look again, and what people are told of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOW

from bot.domain.contract import FieldType
from bot.domain.failures import Failure, FailureClass, Origin, ProblemCode
from bot.domain.media.files import FileKind
from bot.domain.media.looks import Finding, Look, MediaColumn, Sight, Sizes, cause_of, problem_with

IMAGE = MediaColumn("Product image", FieldType.IMAGE)
MUSIC = MediaColumn("Music", FieldType.AUDIO)
CLIP = MediaColumn("Clip", FieldType.VIDEO)
STICKER = MediaColumn("Sticker", FieldType.GIF)
MB = 1_000_000
SIZES = Sizes(picture=25 * MB, video=500 * MB, sound=5 * MB)


def there(kind: FileKind, size: int | None = None) -> Sight:
    return Sight(Finding.THERE, kind, size)


@pytest.mark.parametrize(
    ("column", "sight", "code", "words"),
    [
        (IMAGE, Sight(Finding.GONE), "MEDIA-404", '"Product image" link leads nowhere. Paste a new link.'),
        (
            IMAGE,
            Sight(Finding.CIRCLES),
            "MEDIA-404",
            '"Product image" link is passed on too often. Paste the address where it ends.',
        ),
        (
            IMAGE,
            Sight(Finding.LOCKED),
            "MEDIA-PRIVATE",
            '"Product image" needs a sign-in. Share it as "Anyone with the link".',
        ),
        (
            IMAGE,
            Sight(Finding.CLOSED),
            "MEDIA-PRIVATE",
            '"Product image" link is not open to the web. Use a link that anybody can open.',
        ),
        (
            IMAGE,
            there(FileKind.PAGE),
            "MEDIA-PAGE",
            '"Product image" is a web page, not a picture. Use the direct link to the file.',
        ),
        (MUSIC, there(FileKind.PDF), "MEDIA-TYPE", '"Music" is a PDF. Use an MP3 or WAV.'),
        (CLIP, there(FileKind.GIF), "MEDIA-TYPE", '"Clip" is a GIF. Use an MP4 or WebM.'),
        (STICKER, there(FileKind.PNG), "MEDIA-TYPE", '"Sticker" is a PNG picture. Use a GIF.'),
        (IMAGE, there(FileKind.EMPTY), "MEDIA-TYPE", '"Product image" is an empty file. Use a PNG or JPEG.'),
        (
            MUSIC,
            there(FileKind.MP3, 9 * MB),
            "MEDIA-SIZE",
            '"Music" is 9 MB; the limit is 5 MB. Use a smaller file.',
        ),
        (
            CLIP,
            there(FileKind.MP4, 10_000 * MB),
            "MEDIA-SIZE",
            '"Clip" is 10 GB; the limit is 500 MB. Use a smaller file.',
        ),
    ],
)
def test_what_is_wrong(column, sight, code, words):
    """Each flaw has its code, and words that name the column and the fix."""
    problem = problem_with(column, sight, SIZES)

    assert problem is not None
    assert (problem.code, problem.column, problem.text) == (code, column.name, words)
    assert Failure(FailureClass.REJECTED, ProblemCode(code), "").origin is Origin.MEDIA


@pytest.mark.parametrize(
    ("column", "sight"),
    [
        (IMAGE, there(FileKind.JPEG, 25 * MB)),
        (IMAGE, there(FileKind.JPEG)),
        (STICKER, there(FileKind.GIF, 1)),
        (CLIP, there(FileKind.MP4, 499 * MB)),
        (MUSIC, there(FileKind.M4A, 5 * MB)),
        (MUSIC, Sight(Finding.SILENT)),
        (MUSIC, Sight(Finding.UNSAFE)),
    ],
)
def test_nothing_is_wrong(column, sight):
    """Files that can be used, also those of unknown size; and what passes by itself is no flaw."""
    assert problem_with(column, sight, SIZES) is None


def test_any_size():
    """Without a limit the largest file is fine."""
    assert problem_with(CLIP, there(FileKind.MP4, 10**13), Sizes()) is None


def looks(*findings: Finding) -> list[Look]:
    """Looks one after the other, each when the one before wanted it."""
    taken: list[Look] = []
    at = 100.0
    for finding in findings:
        before = taken[-1] if taken else None
        at = before.again_at if before else at
        taken.append(Look.taken(Sight(finding), before, at=at, on=NOW))
    return taken


def test_a_dead_link_is_looked_at_twice_more():
    """Only the third look that finds nothing is believed; from then on it is looked at seldom."""
    taken = looks(*[Finding.GONE] * 4)

    assert [look.is_believed for look in taken] == [False, False, True, True]
    assert [look.gap for look in taken] == [3, 12, 600, 600]
    assert not taken[-1].is_temporary


def test_a_silent_site_is_asked_three_times_more():
    """With growing gaps; then it is said as it is, and the site still asked now and then."""
    taken = looks(*[Finding.SILENT] * 5)

    assert [look.is_believed for look in taken] == [False, False, False, True, True]
    assert [look.gap for look in taken] == [20, 60, 180, 600, 600]
    assert all(look.is_temporary for look in taken)
    assert taken[0].again_on == NOW + timedelta(seconds=20)


def test_counting_begins_anew_with_another_ending():
    """A site that answered in between begins at one again."""
    taken = looks(Finding.SILENT, Finding.SILENT, Finding.THERE, Finding.SILENT)

    assert [look.times for look in taken] == [1, 2, 1, 1]
    assert taken[2].is_believed


@pytest.mark.parametrize("finding", [Finding.LOCKED, Finding.CLOSED, Finding.THERE])
def test_clear_endings_are_believed_at_once(finding):
    """And looked at again more and more seldom: somebody may share the file without touching the sheet."""
    taken = looks(*[finding] * 5)

    assert all(look.is_believed for look in taken)
    assert [look.gap for look in taken] == [120, 300, 600, 1800, 1800]


def test_cause_of_waiting():
    """A site that does not answer, and one that does not prove who it is."""
    silent, unsafe = looks(Finding.SILENT)[0], looks(Finding.UNSAFE)[0]

    assert cause_of(IMAGE, silent) == '"Product image" site is not answering.'
    assert cause_of(IMAGE, unsafe) == '"Product image" site cannot be trusted: its certificate is wrong.'
