"""Every status word and every problem code is shown by some row, with the words people read beside it."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import (
    FIELDS,
    NOW,
    TAB,
    Desk,
    columns,
    content,
    contract,
    entry,
    intent,
    memory,
    picture_template,
    policy,
    row,
    snapshot,
    template,
    written,
)

import bot
from bot.domain import wording
from bot.domain.bugs import bug_of
from bot.domain.cells import as_serial
from bot.domain.contract import PeopleColumn, RobotColumn
from bot.domain.control import blank_control, read_control
from bot.domain.delivery import DeliveryProblem, Undelivered
from bot.domain.entries import Notice, Tick
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.gates import Gate
from bot.domain.holds import Hold, HoldKind
from bot.domain.ids import JobId
from bot.domain.intents import State, Trouble
from bot.domain.jobs import Absent, Job, JobPhase, Quote
from bot.domain.media.files import FileKind
from bot.domain.media.looks import Finding, Look, Sight, Sights, Sizes
from bot.domain.templates.fits import Fit
from bot.planner.actions import Poll
from bot.planner.delivering import Fetch, outcome
from bot.planner.outcomes import Outcomes
from bot.planner.plan import plan
from bot.planner.snapshot import Line

SHOWN = (RobotColumn.STATUS, RobotColumn.WHAT_TO_DO, RobotColumn.PROBLEM_CODE, RobotColumn.CREDITS)
OPEN, DONE = entry(), intent(state=State.COMPLETED)
LATE = {"hold_left": 80, "hold_until": NOW + timedelta(seconds=80)}
SOON = NOW + timedelta(seconds=80)


def look(line, known, intents, **facts):
    seen = snapshot([line], entries=[known], intents=intents, **facts)
    [after] = written(
        [line], plan(seen, policy(credits_per_day=8) if facts.get("spent_today") else policy()).edits
    )
    return tuple(after.at(columns().robot[column]) for column in SHOWN)


def before(line=None, known=OPEN, *intents, **facts):
    """A row nobody has ticked, or whose tick was cleared."""
    return look(line or row(id="raaab"), known, intents, **facts)


def promised(one, **facts):
    """An approved row with this promise."""
    return look(row(id="raaab", approve=True), entry(approve=Tick.BOUND), [one], **facts)


def held(kind, **facts):
    return promised(intent(), hold=Hold(kind, 0, **facts), **LATE)


def answered(one, answer, *, asked=False):
    """What is shown after an answer of the service."""
    outcomes = Outcomes(NOW, policy())
    known = entry(approve=Tick.BOUND)
    if asked:
        changes = outcomes.asked(one, known, answer)
    elif one.state is State.SENDING:
        changes = outcomes.sent(one, known, answer)
    else:
        call = Poll(one, is_lost=True, is_overdue=isinstance(answer, Job) and answer.phase is JobPhase.ACTIVE)
        changes = outcomes.looked_up(call, answer)
    after = memory(entries=[known], intents=[one]).after(changes)
    [record] = after.entries.values()
    return look(row(id="raaab", approve=True), record, after.intents.values())


def refused(kind, code, **facts):
    return answered(intent(state=State.SENDING, reserved=None), Failure(kind, code, "detail", **facts))


def job(phase, word, **facts):
    return Job(JobId("j"), phase, word, **facts)


def narrow():
    """A template whose headlines have room for ten signs of ten pixels."""
    box = Fit("fonts/x.ttf", "0" * 64, size=20, width=100)
    fields = tuple(replace(one, fits={"wide": box}) if one.key == "headline" else one for one in FIELDS)
    return template(contract=contract(*fields), measure=lambda _box, text: 10.0 * len(text))


def unticked():
    desk = Desk(row())
    for box in (False, True, False):
        desk.tick_box(PeopleColumn.APPROVE, box)
        desk.tick()
    return tuple(desk.shows(column) for column in SHOWN)


def edited_in_time():
    desk = Desk(row())
    desk.tick()
    desk.approve()
    desk.tick()
    desk.edit(headline="Bigger sale")
    desk.tick()
    return tuple(desk.shows(column) for column in SHOWN)


def restless():
    desk = Desk(row("0"))
    for number in range(6):
        desk.edit(headline=str(number))
        desk.tick(seconds=5)
    return tuple(desk.shows(column) for column in SHOWN)


def control(**switches):
    found = read_control(blank_control([("Videos", 0)]), 0)
    return replace(found, switches=replace(found.switches, **switches))


def gated(**gate):
    """A row whose tab has this gate; ticked before the robot knew it, where the gate says so."""
    is_old = gate.get("first_contact")
    known = entry(approve=Tick.UNKNOWN if is_old else Tick.BOUND)
    kept = replace(memory(entries=[known], intents=[] if is_old else [intent()]), gate=Gate(**gate))
    return look(row(id="raaab", approve=True), OPEN, (), memory=kept)


def bugged():
    seen = snapshot([row(id="raaab")], entries=[OPEN])
    [line] = seen.lines
    broken = Line(line.row, line.judged, bug=bug_of(LookupError("x"), 2))
    [after] = written([line.row], plan(replace(seen, lines=(broken,)), policy()).edits)
    return tuple(after.at(columns().robot[column]) for column in SHOWN)


def uncopied():
    """A finished row whose video is too large to be copied."""
    kept = memory(entries=[entry(approve=Tick.BOUND)], intents=[DONE])
    kept.absorb([outcome(Fetch(TAB, DONE, "x"), None, Undelivered(DeliveryProblem.TOO_LARGE, "9 GB"), NOW)])
    return look(row(id="raaab", approve=True), OPEN, (), memory=kept)


def linked(sight, times=1, link="https://pictures.example/shoe.png", *, is_approved=False):
    """A row with a link that was looked at so often, each time with this result."""
    found = None
    for _ in range(times):
        found = Look.taken(sight, found, at=0, on=NOW)
    sights = Sights({link: found}, sizes=Sizes(picture=5_000_000))
    line = row(id="raaab", link=link, approve=is_approved)
    said = content(link=link)
    facts = {"template": picture_template(), "sights": sights}
    if not is_approved:
        return look(line, entry(content=said), (), **facts)
    promise = intent(content=said, template_hash=picture_template().hash)
    return look(line, entry(approve=Tick.BOUND, content=said), [promise], **facts)


THERE = Finding.THERE
TICK = "Tick Approve to render it for 9 credits."
HEADLINE = '"Headline" is empty. Please fill it in.'
TRANSIENT, IN_DOUBT = FailureClass.TRANSIENT, FailureClass.IN_DOUBT
NETWORK = Trouble(TRANSIENT, ProblemCode.NET, "Connection trouble.", "reset")
LINE_UP = "Next in line."

STORIES = {
    # what happened: (scene, status, what to do, problem code, credits)
    "nothing yet": (before, "Ready to approve", TICK, None, "~9"),
    "a cell is empty": (lambda: before(row("", id="raaab")), "Needs fixing", HEADLINE, "DATA-MISSING", "~9"),
    "several cells": (
        lambda: before(row("", price=None, id="raaab", count="1")),
        "Needs fixing",
        '2 things to fix: "Headline", "Price".',
        "DATA-MANY",
        "~9",
    ),
    "too long": (
        lambda: before(row("x" * 68, id="raaab")),
        "Needs fixing",
        '"Headline" is 68 characters; the limit is 45. Shorten by 23.',
        "TEXT-LONG",
        "~9",
    ),
    "does not fit": (
        lambda: before(row("Big spring sale", id="raaab"), template=narrow()),
        "Needs fixing",
        '"Headline" does not fit the Wide format. Try 10 characters or fewer.',
        "TEXT-FIT",
        "~9",
    ),
    "template broken": (
        lambda: before(template=template({"type": "TEXT", "text": "{{badge}}"})),
        "On hold",
        'Template "Spring" has a problem. Your row is fine. Video team told.',
        "TEMPLATE-BUG",
        "~9",
    ),
    "no colour": (
        lambda: before(row(id="raaab", accent="teal-ish")),
        "Needs fixing",
        '"Accent colour" should look like #2DD4BF. Now: "teal-ish".',
        "DATA-FORMAT",
        "~9",
    ),
    "a format of signs only": (
        lambda: before(row(id="raaab", format="?!")),
        "Needs fixing",
        '"Format" must be one of: wide, square. Now: "?!".',
        "DATA-FORMAT",
        None,
    ),
    "a time as text": (
        lambda: before(row(id="raaab", render_at="soon")),
        "Needs fixing",
        '"Render at" is text, not a date. Use Format → Number → Date time.',
        "DATA-DATE",
        "~9",
    ),
    "dearer than it may be": (
        lambda: before(row(id="raaab", max_credits=8)),
        "Needs fixing",
        'Costs 9 credits; "Max credits" says 8. Raise it or shorten the video.',
        "BUDGET-ROW",
        "~9",
    ),
    "a broken formula": (
        lambda: before(row(id="raaab", price="#REF!")),
        "Needs fixing",
        '"Price" shows #REF!. The formula is broken.',
        "CELL-ERROR",
        "~9",
    ),
    "a formula that waits": (
        lambda: before(row(id="raaab", price="Loading...")),
        "Needs fixing",
        '"Price" is still loading. If it never ends, mend the formula.',
        "CELL-ERROR",
        "~9",
    ),
    "a cell that never settles": (
        restless,
        "Needs fixing",
        '"Headline" keeps changing by itself. Paste it as a value, then tick Approve.',
        "CELL-CHANGES",
        "~9",
    ),
    "a copied row": (
        lambda: before(
            known=entry(notice=Notice(ProblemCode.DATA_DUP, wording.READY, wording.copied_from(12)))
        ),
        "Ready to approve",
        "Row copied from row 12. It got its own ID; tick Approve to render it too.",
        "DATA-DUP",
        "~9",
    ),
    "edited in time": (
        edited_in_time,
        "Changed",
        "Changed: Headline. Nothing was sent. Tick Approve again if it is right now.",
        None,
        "~9",
    ),
    "dearer": (
        lambda: answered(intent(quote=None), Quote(36), asked=True),
        "Changed",
        "Now 36 credits, was 9. Nothing was sent. Tick Approve if that is fine.",
        None,
        "~36",
    ),
    "unticked in time": (
        unticked,
        "Cancelled",
        "Approve was unticked in time. Nothing was sent. Tick it again to render.",
        None,
        "~9",
    ),
    "a time to come": (
        lambda: look(
            row(id="raaab", approve=True, render_at=as_serial(NOW + timedelta(days=1))),
            entry(approve=Tick.BOUND),
            [intent()],
        ),
        "Scheduled",
        "Its time is 2026-08-04 12:00. Untick Approve to stop it.",
        None,
        "~9",
    ),
    "undo time": (
        lambda: promised(intent(not_before=SOON)),
        "Waiting",
        "Starts 12:01:20. Untick Approve to stop it.",
        None,
        "~9",
    ),
    "in line": (lambda: promised(intent(quote=None)), "Waiting", LINE_UP, None, "~9"),
    "sent now": (lambda: promised(intent()), "Sending", None, None, "~9"),
    "no answer yet": (
        lambda: promised(intent(state=State.SENDING, reserved=None)),
        "Sending",
        None,
        None,
        "~9",
    ),
    "an answer lost": (
        lambda: refused(IN_DOUBT, ProblemCode.NET),
        "Checking",
        "Making sure this video is not made twice.",
        "UNSURE",
        "~9",
    ),
    "accepted": (lambda: promised(intent(state=State.SUBMITTED)), "Rendering 0%", None, None, 9),
    "at work": (lambda: promised(intent(state=State.ACTIVE, percent=47)), "Rendering 40%", None, None, 9),
    "copied in vain": (
        uncopied,
        "Done",
        "Video ready, but not copied. It is too large. Download it from the link.",
        "DELIVER",
        9,
    ),
    "no link yet": (
        lambda: answered(intent(state=State.ACTIVE), job(JobPhase.WAITING, "completed")),
        "Rendering 0%",
        "Video finished; waiting for the link to work.",
        "LINK-WAIT",
        9,
    ),
    "network": (
        lambda: promised(intent(trouble=NETWORK, not_before=SOON)),
        "Retrying",
        "Connection trouble. Trying again at 12:01:20.",
        "NET",
        "~9",
    ),
    "certificate": (
        lambda: refused(TRANSIENT, ProblemCode.CERTIFICATE),
        "Retrying",
        "No safe connection: an admin must check the robot's clock. Trying again at",
        "CERTIFICATE",
        "~9",
    ),
    "hiccup": (
        lambda: refused(TRANSIENT, ProblemCode.SERVICE),
        "Retrying",
        "Zvid had a hiccup. Trying again at",
        "SERVICE",
        "~9",
    ),
    "key": (
        lambda: held(HoldKind.KEY),
        "On hold",
        "The Zvid key was refused. Rows are safe. An admin must renew the key.",
        "AUTH",
        "~9",
    ),
    "address": (
        lambda: held(HoldKind.ADDRESS),
        "On hold",
        "Zvid is not at the address in the settings. Rows are safe. An admin must correct it.",
        "ADDRESS",
        "~9",
    ),
    "credits": (
        lambda: held(HoldKind.CREDITS, needed=15, left=8),
        "On hold",
        "Needs 15 credits, 8 left. Continues by itself after a top-up.",
        "CREDITS",
        "~9",
    ),
    "rate": (
        lambda: held(HoldKind.RATE),
        "On hold",
        "Zvid's limit is reached. Continues at 12:01:20. Nothing to do.",
        "RATE",
        "~9",
    ),
    "network down": (
        lambda: held(HoldKind.NETWORK),
        "On hold",
        "Connection trouble. Trying again at 12:01:20.",
        "NET",
        "~9",
    ),
    "memory lost": (
        lambda: held(HoldKind.COLD),
        "On hold",
        "The robot lost its memory and looks for earlier videos until 12:01:20. Nothing to do.",
        None,
        "~9",
    ),
    "day": (
        lambda: promised(intent(), spent_today=1),
        "On hold",
        "Today's limit of 8 credits is used up. Continues tomorrow at 00:00.",
        "BUDGET-DAY",
        "~9",
    ),
    "breaker": (
        lambda: gated(streak=5, streak_version=template().hash),
        "On hold",
        "Stopped to protect your credits: 5 rows failed the same way. See Control.",
        "BREAKER",
        "~9",
    ),
    "paused": (
        lambda: promised(intent(), control=control(run=False)),
        "On hold",
        "Run is not ticked on Control. Nothing new starts; videos under way finish.",
        None,
        "~9",
    ),
    "check only": (
        lambda: promised(intent(), control=control(check_only=True)),
        "On hold",
        "Check only is ticked on Control. Rows are checked and priced; nothing is rendered.",
        None,
        "~9",
    ),
    "first contact": (
        lambda: gated(first_contact=True),
        "On hold",
        "Ticked before the robot knew this sheet. Untick Approve and tick it again to render.",
        None,
        "~9",
    ),
    "an id overwritten": (
        lambda: before(row(id="raaab", approve=True), entry(approve=Tick.UNKNOWN)),
        "On hold",
        "Its Row ID was changed, so its tick is not certain. Untick Approve and tick it again.",
        None,
        "~9",
    ),
    "settled, unclear": (
        lambda: promised(intent(state=State.NEEDS_DECISION)),
        "Needs a decision",
        "Nobody can tell if this video was made. Look at Zvid: Retry may cost again, or untick.",
        None,
        9,
    ),
    "too long at work": (
        lambda: answered(intent(state=State.ACTIVE), job(JobPhase.ACTIVE, "active")),
        "Needs a decision",
        "Took longer than 60 min. It may still finish; we keep the number and will check.",
        "TIMEOUT",
        9,
    ),
    "lost": (
        lambda: answered(intent(state=State.ACTIVE), Absent(JobId("j"))),
        "Needs a decision",
        "Zvid no longer knows this video. Tick Retry to make it anew (costs again), or untick.",
        "TIMEOUT",
        9,
    ),
    "done": (lambda: promised(DONE), "Done", None, None, 9),
    "edited later": (
        lambda: before(row("Other", id="raaab"), entry(content=content("Other")), DONE),
        "Out of date",
        "Changed: Headline. Tick Approve to render it again for 9 credits.",
        None,
        "~9",
    ),
    "could not be made": (
        lambda: answered(
            intent(state=State.ACTIVE), job(JobPhase.FAILED, "failed", failed_reason="Too dark.")
        ),
        "Failed",
        "Zvid could not finish this video. Not charged. Tick Retry, or ask the video team.",
        "RENDER-FAIL",
        0,
    ),
    "not accepted": (
        lambda: refused(
            FailureClass.REJECTED, ProblemCode.ZVID_REJECT, fields=(("x", "The clip is too long."),)
        ),
        "Needs fixing",
        "Zvid did not accept the row: The clip is too long.",
        "ZVID-REJECT",
        0,
    ),
    "a dead link": (
        lambda: linked(Sight(Finding.GONE), 3),
        "Needs fixing",
        '"Link" link leads nowhere. Paste a new link.',
        "MEDIA-404",
        "~9",
    ),
    "a link to sign in": (
        lambda: linked(Sight(Finding.LOCKED)),
        "Needs fixing",
        '"Link" needs a sign-in. Share it as "Anyone with the link".',
        "MEDIA-PRIVATE",
        "~9",
    ),
    "a link to a page": (
        lambda: linked(Sight(THERE, FileKind.PAGE)),
        "Needs fixing",
        '"Link" is a web page, not a picture. Use the direct link to the file.',
        "MEDIA-PAGE",
        "~9",
    ),
    "a link to another kind of file": (
        lambda: linked(Sight(THERE, FileKind.PDF)),
        "Needs fixing",
        '"Link" is a PDF. Use a PNG or JPEG.',
        "MEDIA-TYPE",
        "~9",
    ),
    "a link to a large file": (
        lambda: linked(Sight(THERE, FileKind.PNG, 9_000_000)),
        "Needs fixing",
        '"Link" is 9 MB; the limit is 5 MB. Use a smaller file.',
        "MEDIA-SIZE",
        "~9",
    ),
    "a link that has ended": (
        lambda: linked(Sight(THERE), link="https://x.example/a.png?se=2026-08-03T11:40:00Z&sig=a"),
        "Needs fixing",
        '"Link" link expired at 11:40. Use a lasting link.',
        "MEDIA-EXPIRES",
        "~9",
    ),
    "a silent site": (
        lambda: linked(Sight(Finding.SILENT), is_approved=True),
        "Retrying",
        '"Link" site is not answering. Trying again at 12:00:20.',
        "MEDIA-SLOW",
        "~9",
    ),
    "a site that stays silent": (
        lambda: linked(Sight(Finding.SILENT), 4, is_approved=True),
        "Needs fixing",
        '"Link" site is not answering. Paste another link, or wait: looking again at 12:10.',
        "MEDIA-SLOW",
        "~9",
    ),
    "our mistake": (bugged, "Failed", "Our mistake, not yours. Saved for the developers as R-", "BUG", None),
}


@pytest.mark.parametrize("story", STORIES)
def test_story(story):
    """Status, advice, code and credits, as people see them."""
    scene, status, text, code, credits_ = STORIES[story]
    shown = scene()

    assert (shown[0], shown[2], shown[3]) == (status, code, credits_)
    assert shown[1] == text or (text and text[-1] not in ".?" and shown[1].startswith(text))


def test_every_status_word_has_a_story():
    """No word exists that no row can show."""
    told = {status.removesuffix("%").rstrip(" 0123456789") for _, status, _, _, _ in STORIES.values()}

    assert told == set(wording.STATUS_WORDS)


def test_every_problem_code_has_a_story():
    """No code exists that no row can show; trouble with the sheet itself is told on Control or in the log."""
    told = {code for _, _, _, code, _ in STORIES.values() if code}

    assert {*told, "HEADER", "SHARING"} == {code.value for code in ProblemCode}


def test_every_sentence_is_said():
    """Each of the sentences is used somewhere; none is a leftover."""
    package = Path(bot.__file__).parent
    sources = [path for path in package.rglob("*.py") if "sandbox" not in path.parts]
    used = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Attribute, ast.Name))
    }
    sentences = {
        node.name
        for module in (package / "domain" / "wording").glob("[a-z]*.py")
        for node in ast.parse(module.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }

    assert sentences - used == set()
