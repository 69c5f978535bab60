"""Sentences about copies of finished videos, and about links that end."""

from __future__ import annotations

from bot.domain.wording.fitting import fitted


def copied_again(cause: str, time: str) -> str:
    return fitted("Video ready. {} Copying it again at {}.", cause, time)


def copied_later(cause: str) -> str:
    return fitted("Video ready, not copied yet. {} Tried again every hour.", cause)


def never_copied(cause: str) -> str:
    return fitted("Video ready, but not copied. {}", cause)


def link_ended() -> str:
    return "The link has ended, and there is no copy. Tick Retry to make the video again."


def link_ended_with_copy(name: str) -> str:
    return fitted("Link expired. Stored copy: {}.", name)


def lasting_link_closed() -> str:
    return "The stored copy is there, but its link does not open. Ask an admin."


def copies_not_kept(cause: str) -> str:
    return fitted("Finished videos are not copied. {} See rowreel doctor.", cause)


def cause_no_room() -> str:
    return "No room for copies."


def cause_not_allowed() -> str:
    return "The storage refuses copies."


def cause_blocked() -> str:
    return "Something is in the way of the copy."


def cause_storage_away() -> str:
    return "The storage is not answering."


def cause_source_slow() -> str:
    return "Its file does not load."


def cause_source_cut() -> str:
    return "Its file came incomplete."


def cause_source_closed() -> str:
    return "Its link is not open to the web. Ask an admin."


def cause_too_large() -> str:
    return "It is too large. Download it from the link."


def cause_no_video() -> str:
    return "Its link leads to no video. Ask the video team."


def cause_our_mistake() -> str:
    return "Our mistake, saved for the developers."
