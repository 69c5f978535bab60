"""Sentences for whoever watches the robot from outside the sheet: its page, and the service manager's line."""

from __future__ import annotations

from bot.domain.wording.fitting import counted
from bot.domain.wording.words import rows_words

_HOLDS = {
    "paused": "Run is not ticked on Control: nothing new starts.",
    "check only": "Check only is ticked on Control: rows are priced, nothing is rendered.",
    "breaker": "Several videos in a row failed the same way. Somebody must look, then tick Go ahead.",
    "day": "The day's credits are used up. Continues at the sheet's midnight.",
    "template broken": "The template cannot be used as it is. The log says where.",
    "version": "Rows wait until somebody ticks Go ahead for a new version of the template.",
    "sample": "Rows wait until somebody has looked at the first videos and ticks Go ahead.",
    "many rows": "More rows than usual wait. Somebody must tick Go ahead.",
    "first contact": "Rows were ticked before the robot knew them. Somebody must tick Go ahead.",
    "key refused": "The Zvid key was refused. Renew it and restart the robot.",
    "address wrong": "Zvid is not at the address in the settings. Correct zvid.base_url.",
    "credits short": "Not enough credits at Zvid. Continues by itself after a top-up.",
    "rate limited": "Zvid's limit is reached. Continues by itself.",
    "network down": "Zvid cannot be reached. Tried again by itself.",
    "looking for earlier videos": "The journal was lost or replaced. Sending waits a moment.",
    "sheet not read": "The sheet cannot be read. Tried again by itself; the log says why.",
    "sheet refused": "Google refuses the robot's account, or the sheet is not shared with it.",
    "sheet gone": "Tab or spreadsheet is not there. Bring it back, or take it out of the settings.",
    "sheet not written": "The sheet can be read, but not written. The log says why.",
    "header": "The tab's header cannot be worked with. Control or the log says why.",
    "another robot": "Another robot works on this sheet, or claims it. The log says what to do.",
    "journal": "The journal cannot be used, so nothing is sent. The log says why.",
}


def hold_told(kind: str) -> str:
    """What a hold means to whoever runs the robot."""
    return _HOLDS.get(kind, f"Held: {kind}.")


_ENDS = {
    "RENDER-FAIL": "Zvid could not finish it",
    "ZVID-REJECT": "Zvid did not accept the row",
    "TEMPLATE-BUG": "The template, not the row",
    "UNSURE": "Nobody can tell whether it was made",
    "TIMEOUT": "Took too long, or Zvid lost it",
    "SERVICE": "Zvid had trouble of its own",
    "NET": "Zvid could not be reached",
    "BUG": "A mistake of ours",
}


def end_told(code: str) -> str:
    """Why a video was not made, as one line of a list; a code that says enough stands for itself."""
    return _ENDS.get(code, code or "Without a reason")


def robot_line(under_way: int, waiting: int, held: int) -> str:
    """`3 rendering, 12 rows waiting, 1 tab held`."""
    parts = [
        f"{under_way:,} rendering" if under_way else "",
        f"{rows_words(waiting)} waiting" if waiting else "",
    ]
    parts.append(f"{counted(held, 'tab')} held" if held else "")
    return ", ".join(part for part in parts if part) or "idle"
