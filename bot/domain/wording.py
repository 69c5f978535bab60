"""Every sentence people read in the sheet; one place, so that wording can be mended or translated.

House style: name the column in quotes, say what is wrong, say what to do; under 90 characters where
possible. No status codes, no blame.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.domain.cells import clipped

NEEDS_FIXING = "Needs fixing"
READY = "Ready to approve"
CHANGED = "Changed"
SCHEDULED = "Scheduled"
WAITING = "Waiting"
ON_HOLD = "On hold"
SENDING = "Sending"
CHECKING = "Checking"
RENDERING = "Rendering"
RETRYING = "Retrying"
NEEDS_DECISION = "Needs a decision"
DONE = "Done"
FAILED = "Failed"
OUT_OF_DATE = "Out of date"
CANCELLED = "Cancelled"

STATUS_WORDS = (
    NEEDS_FIXING,
    READY,
    CHANGED,
    SCHEDULED,
    WAITING,
    ON_HOLD,
    SENDING,
    CHECKING,
    RENDERING,
    RETRYING,
    NEEDS_DECISION,
    DONE,
    FAILED,
    OUT_OF_DATE,
    CANCELLED,
)
"""Every word a `Status` cell can begin with; blank means there is nothing to render in the row."""

NEEDS_A_PERSON = (NEEDS_FIXING, READY, CHANGED, NEEDS_DECISION, FAILED, OUT_OF_DATE)
"""Of these, what only a person moves on."""

_LONGEST = 1000
_PLAIN_STATES = {"", "queued", "waiting", "delayed", "prioritized", "active", "waiting-children", "failed"}
"""States the service documents (Zvid docs, render-lifecycle), and the end it may still take back."""

FINISHED = "completed"
"""The service's word for a video that is there, as far as it knows."""


def clip(text: str) -> str:
    """Bounded text for a cell."""
    return clipped(text, _LONGEST)


def credit_words(amount: int) -> str:
    """`9 credits`, `1 credit`."""
    return f"{amount:,} credit{'' if amount == 1 else 's'}"


def missing(column: str) -> str:
    return f'"{column}" is empty. Please fill it in.'


def several_to_fix(columns: Sequence[str]) -> str:
    listed = ", ".join(f'"{column}"' for column in columns)
    return f"{len(columns)} things to fix: {listed}."


def too_long(column: str, length: int, limit: int) -> str:
    return f'"{column}" is {length} characters; the limit is {limit}. Shorten by {length - limit}.'


def should_look_like(column: str, example: str, now: str) -> str:
    return f'"{column}" should look like {example}. Now: "{_short(now)}".'


A_PICTURE = "a picture"
A_VIDEO = "a video"
A_GIF = "a GIF"
A_SOUND = "a sound file"


def should_be_a_link(column: str, what: str, now: str) -> str:
    return f'"{column}" should be a link to {what}, like https://…. Now: "{_short(now)}".'


def link_too_long(column: str, length: int, limit: int) -> str:
    return f'"{column}" is a link of {length:,} characters; the limit is {limit:,}. Use a shorter one.'


def blank_in_link(column: str) -> str:
    return f'"{column}" has a blank or an invisible character in its link. Copy the link again.'


def secret_in_link(column: str) -> str:
    return f'"{column}" has a password in its link. Use a link without one.'


def link_not_public(column: str) -> str:
    return f'"{column}" link is not open to the web. Use a link that anybody can open.'


def link_leads_nowhere(column: str) -> str:
    return f'"{column}" link leads nowhere. Paste a new link.'


def link_goes_in_circles(column: str) -> str:
    return f'"{column}" link is passed on too often. Paste the address where it ends.'


def link_needs_sign_in(column: str) -> str:
    return f'"{column}" needs a sign-in. Share it as "Anyone with the link".'


def link_shows_a_page(column: str, wanted: str) -> str:
    return f'"{column}" is a web page, not {wanted}. Use the direct link to the file.'


def link_is_a_share(column: str, direct: str) -> str:
    return clip(f'"{column}" shows a page around the file. Use {direct} instead.')


def wrong_file(column: str, found: str, wanted: str) -> str:
    return f'"{column}" is {found}. Use {wanted}.'


def file_too_large(column: str, size: int, limit: int) -> str:
    return f'"{column}" is {_bytes(size)}; the limit is {_bytes(limit)}. Use a smaller file.'


def link_expires(column: str, time: str) -> str:
    return f'"{column}" link expires at {time}, before its turn. Use a lasting link.'


def link_expired(column: str, time: str) -> str:
    return f'"{column}" link expired at {time}. Use a lasting link.'


def looking_at(column: str) -> str:
    return f'Looking at the link in "{column}" first.'


def cause_site_silent(column: str) -> str:
    return f'"{column}" site is not answering.'


def cause_site_unsafe(column: str) -> str:
    return f'"{column}" site cannot be trusted: its certificate is wrong.'


def site_given_up(cause: str, time: str) -> str:
    return f"{cause} Paste another link, or wait: looking again at {time}."


def _bytes(amount: int) -> str:
    """`9.4 MB`, as file managers count; never two figures that look the same on both sides of a limit."""
    size, unit = (amount / 1e9, "GB") if amount >= 1e9 else (amount / 1e6, "MB")
    return f"{size:,.1f} {unit}".replace(".0 ", " ")


def should_be_a_box(column: str, now: str) -> str:
    return f'"{column}" should be a box, ticked or empty. Now: "{_short(now)}".'


def lost_digits(column: str) -> str:
    return f'"{column}" is a number too long for a sheet. Format it as plain text and type it again.'


def unknown_choice(column: str, now: str, choices: Sequence[str]) -> str:
    return f'"{column}" must be one of: {", ".join(choices)}. Now: "{_short(now)}".'


def date_as_text(column: str) -> str:
    return f'"{column}" is text, not a date. Use Format → Number → Date time.'


def time_without_date(column: str) -> str:
    return f'"{column}" is not a date with a time. Write it like 2026-08-03 14:00.'


def formula_error(column: str, shown: str) -> str:
    return f'"{column}" shows {shown}. The formula is broken or still loading.'


def keeps_changing(columns: Sequence[str]) -> str:
    listed = ", ".join(f'"{column}"' for column in columns)
    return f"{listed}: changes all the time. If a formula does that, paste its value. Then tick Approve."


def undrawable(column: str, code_point: int) -> str:
    return f'"{column}" holds an invisible character (U+{code_point:04X}). Type the text again.'


def placeholder_inside(column: str) -> str:
    return f'"{column}" holds "{{{{". Please write it without double braces.'


def not_plain_text(column: str) -> str:
    return f'"{column}" holds "<" or ">". Please write it without them.'


def long_number(column: str) -> str:
    return f'"{column}" holds a number of eight or more digits. Please break it up with spaces.'


def starts_at(time: str) -> str:
    return f"Starts {time}. Untick Approve to stop it."


def scheduled(moment: str) -> str:
    return f"Its time is {moment}. Untick Approve to stop it."


def in_line(ahead: int) -> str:
    return "Next in line." if ahead == 0 else f"In line, {ahead} before it."


def tick_to_render(amount: int) -> str:
    return f"Tick Approve to render it for {credit_words(amount)}."


def tick_to_refresh(columns: Sequence[str], amount: int) -> str:
    return f"Changed: {', '.join(columns)}. Tick Approve to render it again for {credit_words(amount)}."


def changed_while_waiting(columns: Sequence[str]) -> str:
    return f"Changed: {', '.join(columns)}. Nothing was sent. Tick Approve again if it is right now."


def changed_while_rendering(columns: Sequence[str]) -> str:
    return f"Rendering the earlier text. Changed since: {', '.join(columns)}."


def dearer(now: int, before: int) -> str:
    return f"Now {credit_words(now)}, was {before}. Nothing was sent. Tick Approve if that is fine."


def withdrawn() -> str:
    return "Approve was unticked in time. Nothing was sent. Tick it again to render."


def copied_from(number: int) -> str:
    return f"Row copied from row {number}. It got its own ID; tick Approve to render it too."


def ticked_before_first_look(*, can_release: bool) -> str:
    if can_release:
        return "Ticked before the robot knew this sheet. Tick Go ahead on Control, or tick Approve anew."
    return "Ticked before the robot knew this sheet. Untick Approve and tick it again to render."


def ticked_beside_a_spoiled_id() -> str:
    return (
        "Its Row ID was overwritten, so nobody can tell what was approved. Untick Approve and tick it again."
    )


def tick_lost() -> str:
    return (
        "Approve was cleared by mistake: rows moved while the robot wrote. Nothing was sent. Tick it again."
    )


def paused() -> str:
    return "Run is not ticked on Control. Nothing new starts; videos under way finish."


def only_checked() -> str:
    return "Check only is ticked on Control. Rows are checked and priced; nothing is rendered."


def breaker(count: int) -> str:
    return f"Stopped to protect your credits: {count} rows failed the same way. See Control."


def day_is_spent(limit: int) -> str:
    return f"Today's limit of {credit_words(limit)} is used up. Continues tomorrow at 00:00."


def over_max_credits(cost: int, limit: int) -> str:
    return f'Costs {credit_words(cost)}; "Max credits" says {limit:,}. Raise it or shorten the video.'


def over_row_limit(cost: int, limit: int) -> str:
    return f"Costs {credit_words(cost)}; the limit for one video is {limit:,}. Shorten it, or ask an admin."


def many_rows(count: int) -> str:
    return f"{count} rows wait at once. Tick Go ahead on Control to render them."


def many_rows_without_control(count: int) -> str:
    return f'{count} rows wait at once and there is no "Go ahead" box. An admin must run rowreel init.'


def settling(time: str) -> str:
    return f"The robot lost its memory and looks for earlier videos until {time}. Nothing to do."


def retry_needs_approval() -> str:
    return "Retry needs Approve. Tick Approve as well, then Retry."


def refused_by_service(what: str) -> str:
    return clip(f"Zvid did not accept the row: {what}")


def render_failed(reason: str) -> str:
    return clip(
        f"Zvid could not finish this video: {_short(reason, 120)} Not charged. Tick Retry to try again."
    )


def making_sure() -> str:
    return "Making sure this video is not made twice."


def trying_again(cause: str, time: str) -> str:
    return f"{cause} Trying again at {time}."


def cause_network() -> str:
    return "Connection trouble."


def cause_certificate() -> str:
    return "No safe connection. An admin must look at the clock of the robot's machine."


def cause_service() -> str:
    return "Zvid had a hiccup. Not charged."


def cause_ids() -> str:
    return "Zvid wants it without our number. Not charged."


def cause_rate() -> str:
    return "Zvid's limit is reached."


def credits_short(needed: int | None = None, left: int | None = None) -> str:
    if needed is None or left is None:
        return "Not enough credits at Zvid. Continues by itself after a top-up."
    return f"Needs {credit_words(needed)}, {left} left. Continues by itself after a top-up."


def limit_reached(time: str) -> str:
    return f"Zvid's limit is reached. Continues at {time}. Nothing to do."


def key_refused() -> str:
    return "The Zvid key was refused. Rows are safe. An admin must renew the key."


def address_wrong() -> str:
    return "Zvid is not at the address in the settings. Rows are safe. An admin must correct it."


def nobody_can_tell() -> str:
    return "Nobody can tell whether this video was made. Look at Zvid. Then tick Retry (may cost again) or untick."


def lost_at_service() -> str:
    return "Zvid no longer knows this video. Tick Retry to render it again (costs again), or untick Approve."


def failed_with_a_video() -> str:
    return "Zvid says that it failed, yet shows a video. Look there. Retry may cost again; or untick."


def in_service_words(word: str) -> str:
    """What a state of the service means to people; nothing for those that go without saying."""
    if word in _PLAIN_STATES:
        return ""
    if word == FINISHED:
        return "The video is finished. Waiting for its link."
    return f'Zvid calls it "{_short(word)}". We keep looking.'


def overdue(minutes: int) -> str:
    return f"Took longer than {minutes} min. It may still finish; we keep looking. Retry may cost again."


def template_broken(title: str) -> str:
    return f'Template "{title}" has a problem. Your row is fine. The video team must mend it.'


def saved_for_developers(number: str) -> str:
    return f"Our mistake, not yours. Saved for the developers as {number}."


ACCEPTED = "Accepted by Zvid"
WITHDRAWN = "Withdrawn before sending"
LOG_LINES = 200
"""How many events the Log shows; the journal keeps them all."""

LOG_HEADER = ("Time", "Row", "Video", "What happened", "Credits", "Row ID")


def happened(status: str, detail: str) -> str:
    """One line of the Log: the state in people's words, and what was seen where something went wrong."""
    return clip(f"{status}: {_short(detail, 200)}" if detail else status)


def working(spent: int) -> str:
    """What the robot says of itself on Control; the time of its last look stands beside it."""
    return f"working · {credit_words(spent)} used"


def stopped() -> str:
    return "stopped by its operator. Rows are safe"


def stopped_without_journal() -> str:
    return "stopped: its journal cannot be used. Nothing is sent; an admin must read the log"


def sheet_of_another_robot() -> str:
    return "waiting: this sheet belongs to another robot. If that one is gone, clear the Installation cell"


def board_first_contact(rows: int, credits_: int) -> str:
    return (
        f"{_rows(rows)} ticked before the robot knew this tab, {credit_words(credits_)}. "
        "Tick Go ahead to render them."
    )


def board_many_rows(rows: int, credits_: int) -> str:
    return f"{_rows(rows)} wait at once, {credit_words(credits_)}. Tick Go ahead to render them."


def board_breaker(count: int, reason: str) -> str:
    return f"{count} videos in a row failed the same way: {_short(reason, 120)} Tick Go ahead to go on."


class Ticked(NamedTuple):
    """What became of the rows people ticked, but for those that are done."""

    ready: int
    rendering: int
    refused: int


def board_line(ticked: Ticked, to_fix: int, cost: int, allowed: int | None) -> str:
    """`23 rows ticked → 21 ready, 2 need fixing. 189 credits of 1,000.`"""
    if not any(ticked):
        return (
            f"Nothing is waiting. {_rows(to_fix)} {_needs(to_fix)} fixing."
            if to_fix
            else "Nothing is waiting."
        )
    parts = [f"{ticked.ready:,} ready"] if ticked.ready else []
    parts += [f"{ticked.rendering:,} rendering"] if ticked.rendering else []
    parts += [f"{ticked.refused:,} {_needs(ticked.refused)} fixing"] if ticked.refused else []
    said = f"{_rows(sum(ticked))} ticked → {', '.join(parts)}."
    if not ticked.ready and not ticked.rendering:
        return said
    return f"{said} {credit_words(cost)}{f' of {allowed:,}' if allowed is not None else ''}."


def about(minutes: int) -> str:
    return f" About {minutes} min."


def made_with(counts: Sequence[tuple[str, int]]) -> str:
    """`48 with v3, 12 with v2`."""
    return ", ".join(f"{count} with v{version}" for version, count in counts)


def _needs(count: int) -> str:
    return "needs" if count == 1 else "need"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def cells_refused(where: str) -> str:
    return f"The robot cannot write to {where}: is it protected? Allow the robot's account to edit it."


def header_unusable(problems: Sequence[str]) -> str:
    """The tab's line on Control while its header cannot be worked with."""
    more = f" And {len(problems) - 2} more." if len(problems) > 2 else ""
    return clip(f"On hold: {' '.join(problems[:2])}{more} Mend the header, or run rowreel init.")


def tab_unusable(reason: str) -> str:
    return clip(f"On hold: {reason}.")


def header_problem(column: str, kind: str, near: str | None) -> str:
    """One line about a header that cannot be worked with, for the log and the terminal."""
    if kind == "twice":
        return f'Column "{column}" is there twice. Rename or delete one.'
    hint = f' Did you mean "{near}"?' if near else ""
    return f'Column "{column}" not found.{hint}'


def _short(text: str, length: int = 40) -> str:
    return clipped(" ".join(text.split()), length)
