"""Notes on headers and beside the switches of Control: longer than cells, and read once."""

from __future__ import annotations

from bot.domain.contract import Field, PeopleColumn, RobotColumn

_ROBOT_NOTE = "Filled in by the video robot. Do not type here."
_HEADER_NOTES: dict[str, str] = {
    PeopleColumn.APPROVE: "Tick to render exactly what the row says now, at the price shown. Untick to stop it.",
    PeopleColumn.RETRY: "Tick to render an approved row again. The robot unticks it when it has taken it.",
    PeopleColumn.FORMAT: "Blank means the first format.",
    PeopleColumn.RENDER_AT: "Not before this date and time of the sheet's zone. Blank: as soon as possible.",
    PeopleColumn.PRIORITY: "High goes first, Low last. Blank: Normal.",
    PeopleColumn.MAX_CREDITS: "The row is not sent if it would cost more. Blank: no limit of its own.",
    **dict.fromkeys(RobotColumn, _ROBOT_NOTE),
    RobotColumn.STATUS: f"{_ROBOT_NOTE} To try again, tick Retry.",
}
RUN_NOTE = "Untick to pause: nothing new starts, videos under way finish."
CHECK_ONLY_NOTE = "Tick to have rows checked and priced only; nothing is rendered."
WINDOW_NOTE = "Blank: as many as the robot may. A number can only lower that."
DAY_CAP_NOTE = "Blank: no limit of the sheet's own. A number can only lower the robot's."
SIGNATURE_NOTE = "Filled in by the robot, like the three below."
WORKER_NOTE = "Only one robot may work here. Clear this cell if another one is gone for good."
INSTALLATION_NOTE = "Keep it: a new robot finds the videos of a lost one by it, and pays none twice."

ROBOT_NOT_STARTED = "Robot: not started yet"
ROBOT_SILENT = "Robot has not looked since "
ROBOT_SILENT_ADVICE = ". Rows are safe. Tell an admin."
ROBOT_SAYS = "Robot: "
ROBOT_LOOKED = " · last looked "
"""Parts of Control's first line, which a formula puts together."""


def header_note(name: str) -> str | None:
    """What stands on a header that every sheet has; None for a data column."""
    return _HEADER_NOTES.get(name)


def field_note(field: Field) -> str:
    """What a data column may hold, for the header's note."""
    parts = [field.note] if field.note else []
    parts.append("Required." if field.required else "Optional.")
    if field.max_chars:
        parts.append(f"At most {field.max_chars} characters.")
    parts.extend(f"{name.title()}: at most {limit}." for name, limit in field.per_format.items())
    if field.choices:
        parts.append(f"One of: {', '.join(field.choices)}.")
    if field.fallback:
        parts.append(f'Empty means "{field.fallback}".')
    return " ".join(parts)
