"""A story on the terminal: calm columns for the eye, plain lines for a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.asked_row import unsent_words
from bot.cli.explain_facts import Facts
from bot.domain import wording
from bot.domain.events import CALLED
from bot.domain.ids import short_spreadsheet
from bot.domain.intents import State

_Line = tuple[str, Text | str]

_INKS = {
    wording.DONE: "green",
    wording.FAILED: "red",
    wording.NEEDS_FIXING: "red",
    wording.ON_HOLD: "magenta",
    wording.NEEDS_DECISION: "yellow",
    wording.READY: "yellow",
    wording.CHANGED: "yellow",
    wording.OUT_OF_DATE: "yellow",
}
_LONGEST_SAID = 400


def print_story(facts: Facts) -> None:
    """The whole page."""
    console = Console(highlight=False)
    if not console.is_terminal:
        # A line stays a line: somebody may search in it.
        console = Console(highlight=False, width=10_000)
    console.print(_headline(facts))
    _print_lines(console, _standing(facts))
    if facts["cells"]:
        console.print()
        _print_cells(console, facts["cells"])
    for number, attempt in enumerate(facts["attempts"]):
        console.print()
        is_last = number == len(facts["attempts"]) - 1
        console.print(_attempt_headline(attempt), style="" if is_last else "dim")
        _print_lines(console, _attempt_lines(attempt))
        _print_lines(console, _happened(attempt), indent="    ")
    if not facts["attempts"]:
        console.print("\nNobody approved it so far, so nothing was sent and nothing was charged.")
    for note in facts["notes"]:
        console.print(Text(f"\nNote: {note}", style="yellow"))


def _headline(facts: Facts) -> Text:
    where = (
        f"Row {facts['row']}" if facts["row"] is not None and not facts["is_gone"] else "A row that is gone"
    )
    tab = (
        f' in "{facts["tab"]}"'
        if facts["tab"]
        else f" in tab {facts['tab_id']} of {short_spreadsheet(facts['spreadsheet'])}"
    )
    return Text.assemble((where, "bold"), f"{tab}, Row ID ", (facts["row_id"], "bold"))


def _standing(facts: Facts) -> Iterator[_Line]:
    now = facts["now"]
    status = now["status"] or "nothing was approved yet"
    ink = next((ink for word, ink in _INKS.items() if status.startswith(word)), "cyan")
    yield "Status", Text(status, style=f"bold {ink}")
    if now["what_to_do"]:
        yield "What to do", _one_line(now["what_to_do"])
    if now["problem_code"]:
        yield "Problem code", now["problem_code"]
    for hold in facts["holds"]:
        yield "On this tab", _one_line(hold)
    video = facts["video"]
    if video:
        yield "Video", Text(video["url"] or "no link yet")
        yield "Thumbnail", Text(video["thumbnail_url"] or "none")
        if video["lasting_url"]:
            yield "Copy", Text(video["lasting_url"])
    if now["approve_ticked"] is not None:
        boxes = [f"{name} {'ticked' if now[key] else 'empty'}" for name, key in _BOXES]
        yield "Boxes", ", ".join(boxes)
    yield "Times are", facts["zone"]


_BOXES = (("Approve", "approve_ticked"), ("Retry", "retry_ticked"))


def _print_cells(console: Console, cells: list[Facts]) -> None:
    was_approved = any(one["approved"] is not None for one in cells)
    lines = []
    for one in cells:
        before, now = one["approved"], one["now"]
        if one["changed"]:
            shown = Text.assemble(_one_line(before), ("  → now: ", "bold yellow"), (_one_line(now), "yellow"))
        else:
            shown = Text(_one_line(before if was_approved else now))
        lines.append((one["column"], shown))
    console.print("Cells as approved last" if was_approved else "Cells", style="bold")
    _print_lines(console, lines)


def _attempt_headline(attempt: Facts) -> Text:
    state = CALLED[State(attempt["state"])]
    return Text.assemble((f"Attempt {attempt['attempt']}, {attempt['format']}: {state}", "bold"))


def _attempt_lines(attempt: Facts) -> Iterator[_Line]:
    template, price = attempt["template"], attempt["price"]
    yield "Approved", _clock(attempt["approved_at"])
    if attempt["is_taken_over"]:
        yield "Taken over", "from the row this one was copied with; never sent, never charged here"
    yield "Template", f"{template['title']}, version {template['version']} ({template['hash'][:12]})"
    yield "Price", _price(price)
    yield "Job", attempt["job_id"]
    if attempt["service_job_id"]:
        yield "Zvid's own id", attempt["service_job_id"]
    yield "Name", attempt["name"]
    yield "Payload", f"sha256 {attempt['payload_sha256'][:12]}, see: rowreel payload {attempt['job_id']}"
    unsent = unsent_words(State(attempt["state"]), is_taken_over=attempt["is_taken_over"])
    yield "Sent", _clock(attempt["sent_at"]) or unsent
    if attempt["finished_at"]:
        yield "Ended", _clock(attempt["finished_at"])
    if attempt["not_before"]:
        yield "Not before", _clock(attempt["not_before"])
    if attempt["url"]:
        yield "Video", Text(attempt["url"])
    if attempt["copy"]:
        yield from _copy_lines(attempt["copy"])
    trouble = attempt["trouble"]
    if trouble:
        yield "Trouble", f"{trouble['code']} ({trouble['about']}): {_one_line(trouble['text'])}"
        if trouble["said"]:
            yield "It said", _one_line(trouble["said"])


def _copy_lines(copy: Facts) -> Iterator[_Line]:
    if copy["name"]:
        yield "Copy", Text(f"{copy['name']} in {copy['storage']}, since {_clock(copy['updated_at'])}")
        yield "", f"{copy['size']:,} bytes, sha256 {copy['sha256']}"
        if copy["url"]:
            yield "Lasting link", Text(copy["url"])
    elif copy["problem"]:
        more = f", not before {_clock(copy['not_before'])}" if copy["not_before"] else ""
        yield "Copy", f"none: {copy['problem']} ({_one_line(copy['said'])}), {copy['tries']} tries{more}"
    if copy["looked_at"]:
        how = "leads nowhere" if copy["link_is_dead"] else "last looked at"
        yield "Link", f"{how}, {_clock(copy['looked_at'])}"


def _price(price: Facts) -> str:
    parts = [f"{price['shown']} shown"]
    parts += [f"{price['quote']} quoted"] if price["quote"] is not None else []
    parts += [f"{price['reserved']} reserved"] if price["reserved"] is not None else []
    parts += [f"{price['returned']} returned"] if price["returned"] else []
    return ", ".join(parts)


def _happened(attempt: Facts) -> Iterator[_Line]:
    if not attempt["happened"]:
        yield "", "what happened is so long ago that it is kept no more (journal.events_kept_days)"
    for one in attempt["happened"]:
        word = CALLED[State(one["state"])]
        if one["state"] == State.SENDING:
            word = f"{word}, try {one['try']}"
        told = f"{word}: {_one_line(one['text'])}" if one["text"] else word
        if one["said"]:
            told += f' It said: "{_one_line(one["said"])}"'
        yield _clock(one["at"]), told


def _print_lines(console: Console, lines: Iterable[_Line], indent: str = "  ") -> None:
    if not console.is_terminal:
        for label, shown in lines:
            console.print(Text.assemble(indent, f"{label}: " if label else "", shown))
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(min_width=19, no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for label, shown in lines:
        table.add_row(f"{indent}{label}", shown if isinstance(shown, Text) else Text(shown))
    console.print(table)


def _one_line(text: Any) -> str:
    """Whatever people and services wrote, without what would draw or steer a terminal."""
    return wording.short(str(text or "(empty)"), _LONGEST_SAID)


def _clock(moment: str | None) -> str:
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M:%S}" if moment else ""
