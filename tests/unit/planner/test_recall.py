"""What a row says by memory alone."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from builders import NOW, content, entry, intent

from bot.domain import wording
from bot.domain.entries import Notice
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.intents import Intent, State, Trouble
from bot.planner.recall import recalled

SOON = NOW + timedelta(seconds=30)
REFUSED = Trouble(FailureClass.REJECTED, ProblemCode.ZVID_REJECT, "Zvid did not accept it.", "400")
BROKEN = Trouble(FailureClass.TRANSIENT, ProblemCode.NET, wording.cause_network(), "no line")


@pytest.mark.parametrize(
    ("promises", "status", "text"),
    [
        ([intent()], wording.WAITING, ""),
        ([intent(not_before=NOW)], wording.WAITING, ""),
        ([intent(not_before=SOON)], wording.WAITING, wording.starts_at("12:00:30")),
        (
            [intent(not_before=SOON, trouble=BROKEN)],
            wording.RETRYING,
            wording.trying_again("Connection trouble.", "12:00:30"),
        ),
        ([intent(trouble=BROKEN)], wording.WAITING, ""),
        ([intent(state=State.SENDING)], wording.SENDING, ""),
        ([intent(state=State.CHECKING)], wording.CHECKING, wording.making_sure()),
        ([intent(state=State.ACTIVE, percent=47)], "Rendering 40%", ""),
        ([intent(state=State.COMPLETED)], wording.DONE, ""),
        ([intent(state=State.FAILED, trouble=REFUSED)], wording.NEEDS_FIXING, REFUSED.text),
        ([intent(state=State.FAILED, trouble=BROKEN)], wording.FAILED, BROKEN.text),
        ([intent(state=State.FAILED)], wording.FAILED, ""),
        ([intent(state=State.FAILED), intent(state=State.COMPLETED, attempt=1)], wording.DONE, ""),
        ([intent(state=State.COMPLETED, content=content("Old"))], wording.OUT_OF_DATE, ""),
        ([intent(state=State.CANCELLED)], wording.CANCELLED, ""),
        ([], "", ""),
    ],
)
def test_a_row_says_what_became_of_its_promises(promises: list[Intent], status: str, text: str):
    """The live one first, then what became of this very content."""
    words = recalled(entry(), promises, NOW, UTC)

    assert (words.status, words.text) == (status, text)


def test_a_notice_is_said_as_it_was_in_the_sheet():
    """Why a tick was cleared."""
    told = Notice(ProblemCode.DATA_MISSING, wording.NEEDS_FIXING, wording.missing("Price"))

    words = recalled(entry(notice=told), [intent(state=State.COMPLETED, content=content("Old"))], NOW, UTC)

    assert words == (wording.NEEDS_FIXING, wording.missing("Price"), ProblemCode.DATA_MISSING)


def test_a_notice_about_a_finished_row_stands_beside_its_end():
    """Like a Retry that needs Approve."""
    told = Notice(None, wording.DONE, wording.retry_needs_approval())

    words = recalled(entry(notice=told), [intent(state=State.COMPLETED)], NOW, UTC)

    assert (words.status, words.text) == (wording.DONE, wording.retry_needs_approval())


def test_a_row_that_left_nothing_but_a_video_still_says_so():
    """Its entry may be gone; its promises never are."""
    assert recalled(None, [intent(state=State.COMPLETED)], NOW, UTC).status == wording.DONE
    assert recalled(None, [], NOW, UTC).status == ""
