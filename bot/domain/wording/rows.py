"""Sentences of rows: what they wait for, what holds them up, what became of their videos, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.wording.fitting import fitted, in_plain_words, listed
from bot.domain.wording.words import credit_words

_PLAIN_STATES = {"", "queued", "waiting", "delayed", "prioritized", "active", "waiting-children", "failed"}
"""States the service documents (Zvid docs, render-lifecycle), and the end it may still take back."""

_COUNTED_IN_LINE = 20
"""A place in line is told exactly up to here, and roughly behind."""

FINISHED = "completed"
"""The service's word for a video that is there, as far as it knows."""


# -- before and in line --------------------------------------------------------


def tick_to_render(amount: int) -> str:
    return f"Tick Approve to render it for {credit_words(amount)}."


def tick_to_refresh(columns: Sequence[str], amount: int) -> str:
    sentence = "Changed: {}. Tick Approve to render it again for {}."
    return fitted(sentence, listed(columns, 30), credit_words(amount))


def changed_while_waiting(columns: Sequence[str]) -> str:
    sentence = "Changed: {}. Nothing was sent. Tick Approve again if it is right now."
    return fitted(sentence, listed(columns, 24))


def changed_while_rendering(columns: Sequence[str]) -> str:
    return fitted("Rendering the earlier text. Changed since: {}.", listed(columns, 46))


def dearer(now: int, before: int) -> str:
    return f"Now {credit_words(now)}, was {before:,}. Nothing was sent. Tick Approve if that is fine."


def withdrawn() -> str:
    return "Approve was unticked in time. Nothing was sent. Tick it again to render."


def copied_from(number: int) -> str:
    return f"Row copied from row {number}. It got its own ID; tick Approve to render it too."


def ticked_before_first_look(*, can_release: bool) -> str:
    if can_release:
        return "Ticked before the robot knew this sheet. Tick Go ahead on Control, or tick Approve anew."
    return "Ticked before the robot knew this sheet. Untick Approve and tick it again to render."


def ticked_beside_a_spoiled_id() -> str:
    return "Its Row ID was changed, so its tick is not certain. Untick Approve and tick it again."


def tick_lost() -> str:
    return "Rows moved while the robot wrote, and this tick was lost. Nothing was sent. Tick again."


def retry_needs_approval() -> str:
    return "Retry needs Approve. Tick Approve as well, then Retry."


def starts_at(time: str) -> str:
    return f"Starts {time}. Untick Approve to stop it."


def scheduled(moment: str) -> str:
    return f"Its time is {moment}. Untick Approve to stop it."


def in_line(ahead: int) -> str:
    if ahead == 0:
        return "Next in line."
    if ahead <= _COUNTED_IN_LINE:
        return f"In line, {ahead:,} before it."
    # Every video that begins moves all others up: a long line would be written anew each time.
    return f"In line, over {_round_below(ahead):,} before it."


def _round_below(count: int) -> int:
    """The largest of 10, 20, 50, 100, 200, 500 and so on that is less."""
    size: int = 10 ** (len(str(count - 1)) - 1)
    return next(step * size for step in (5, 2, 1) if step * size < count)


# -- on hold -------------------------------------------------------------------


def paused() -> str:
    return "Run is not ticked on Control. Nothing new starts; videos under way finish."


def only_checked() -> str:
    return "Check only is ticked on Control. Rows are checked and priced; nothing is rendered."


def breaker(count: int) -> str:
    return f"Stopped to protect your credits: {count} rows failed the same way. See Control."


def day_is_spent(limit: int) -> str:
    return f"Today's limit of {credit_words(limit)} is used up. Continues tomorrow at 00:00."


def many_rows(count: int) -> str:
    return f"{count:,} rows wait at once. Tick Go ahead on Control to render them."


def new_version(version: str) -> str:
    return fitted("Waits for version {} of the template. Tick Go ahead on Control to use it.", version)


def sample_first(size: int) -> str:
    first = "first video was" if size == 1 else f"first {size} videos were"
    return f"Waits until the {first} looked at. Tick Go ahead on Control."


def nobody_can_say_go_ahead() -> str:
    return "Waits for Go ahead, and there is no such box on Control. An admin must run rowreel init."


def settling(time: str) -> str:
    return f"The robot lost its memory and looks for earlier videos until {time}. Nothing to do."


def credits_short(needed: int | None = None, left: int | None = None) -> str:
    if needed is None or left is None:
        return "Not enough credits at Zvid. Continues by itself after a top-up."
    return f"Needs {credit_words(needed)}, {left:,} left. Continues by itself after a top-up."


def limit_reached(time: str, *, is_long: bool = True) -> str:
    limit = "hourly limit reached" if is_long else "limit is reached"
    return f"Zvid's {limit}. Continues at {time}. Nothing to do."


def key_refused() -> str:
    return "The Zvid key was refused. Rows are safe. An admin must renew the key."


def address_wrong() -> str:
    return "Zvid is not at the address in the settings. Rows are safe. An admin must correct it."


def template_broken(title: str) -> str:
    return fitted('Template "{}" has a problem. Your row is fine. Video team told.', title)


# -- sent, and what became of it -----------------------------------------------


def making_sure() -> str:
    return "Making sure this video is not made twice."


def trying_again(cause: str, time: str, *, is_free: bool = False) -> str:
    charge = " Not charged." if is_free else ""
    return fitted(f"{{}} Trying again at {{}}.{charge}", cause, time)


def cause_network() -> str:
    return "Connection trouble."


def cause_certificate() -> str:
    return "No safe connection: an admin must check the robot's clock."


def cause_service() -> str:
    return "Zvid had a hiccup."


def cause_ids() -> str:
    return "Zvid wants it without our number."


def cause_rate() -> str:
    return "Zvid's limit is reached."


def refused_by_service(what: str, column: str | None = None) -> str:
    if column is None:
        return fitted("Zvid did not accept the row: {}", in_plain_words(what))
    return fitted('Zvid did not accept the row: "{}": {}', column, in_plain_words(what))


def render_failed() -> str:
    return "Zvid could not finish this video. Not charged. Tick Retry, or ask the video team."


def nobody_can_tell() -> str:
    return "Nobody can tell if this video was made. Look at Zvid: Retry may cost again, or untick."


def lost_at_service() -> str:
    return "Zvid no longer knows this video. Tick Retry to make it anew (costs again), or untick."


def failed_with_a_video() -> str:
    return "Zvid says that it failed, yet shows a video. Look there. Retry may cost again; or untick."


def in_service_words(word: str) -> str:
    """What a state of the service means to people; nothing for those that go without saying."""
    if word in _PLAIN_STATES:
        return ""
    if word == FINISHED:
        return "Video finished; waiting for the link to work."
    return fitted('Zvid calls it "{}". We keep looking.', in_plain_words(word))


def overdue(minutes: int) -> str:
    return f"Took longer than {minutes} min. It may still finish; we keep the number and will check."


def saved_for_developers(number: str) -> str:
    return f"Our mistake, not yours. Saved for the developers as {number}."
