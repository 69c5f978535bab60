"""The whole story of a row as plain facts: what the journal remembers, and what the sheet says now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from bot.adapters.journal_archive import Attempts, Happening, JournalArchive
from bot.cli.sheet_look import TabLook
from bot.domain.cells import cell_text, is_ticked
from bot.domain.contract import Field, PeopleColumn, RobotColumn
from bot.domain.delivery import Delivery
from bot.domain.failures import Failure, FailureClass
from bot.domain.intents import Intent, State
from bot.domain.rows import Row
from bot.planner.recall import recalled

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a story is told from."""

    row: Attempts
    archive: JournalArchive
    now: datetime
    look: TabLook | None = None
    """The row's tab, where it could be looked at."""

    fields: tuple[Field, ...] = ()
    """The columns of the template the tab has today; for rows that were never approved."""

    notes: list[str] = field(default_factory=list)
    """What whoever reads the story must know about it."""

    @property
    def zone(self) -> tzinfo:
        """The sheet's own; UTC where nobody could ask it."""
        return self.look.zone if self.look is not None else UTC

    @property
    def lines(self) -> list[Row]:
        """Where the row stands in the sheet now."""
        return self.look.rows_of(self.row.key.record) if self.look is not None else []


def story_of(case: Case) -> Facts:
    """The facts, ready for JSON: times in the sheet's own zone, with its offset."""
    key, look = case.row.key, case.look
    intents, lines = case.row.intents, case.lines
    film = next((one for one in reversed(intents) if one.state is State.COMPLETED), None)
    return {
        "row_id": key.record,
        "row": lines[0].number if lines else case.row.row_number,
        "is_gone": (not lines) if look is not None else case.row.row_number is None,
        "spreadsheet": key.tab.spreadsheet,
        "tab_id": key.tab.tab,
        "tab": look.title if look is not None else None,
        "zone": str(case.zone),
        "now": _now(case),
        "holds": [look.going_on] if look is not None and look.going_on and _is_waiting(intents) else [],
        "cells": list(_cells(case)),
        "video": _video(film, case) if film else None,
        "attempts": [_attempt(one, case) for one in intents],
        "notes": case.notes,
    }


def _video(film: Intent, case: Case) -> Facts:
    copy = case.archive.delivery(film.job_id)
    return {
        "url": film.url,
        "thumbnail_url": film.thumbnail_url,
        "name": film.job_name,
        "lasting_url": copy.link if copy else None,
    }


def _is_waiting(intents: Sequence[Intent]) -> bool:
    return any(one.state is State.WAITING for one in intents)


def _now(case: Case) -> Facts:
    """The sheet's own words where it can be read; else what the journal makes of it."""
    look, lines = case.look, case.lines
    if look is None or not lines:
        words = recalled(case.row.entry, case.row.intents, case.now, case.zone)
        code = words.code.value if words.code else None
        return {
            "status": words.status or None,
            "what_to_do": words.text or None,
            "problem_code": code,
            "said_by": "journal",
        } | _ticks(case, None)
    row = lines[0]
    said = (cell_text(look.cell(row, one)) or None for one in _SAID)
    return dict(zip(("status", "what_to_do", "problem_code"), said, strict=True)) | _ticks(case, row)


_SAID = (RobotColumn.STATUS, RobotColumn.WHAT_TO_DO, RobotColumn.PROBLEM_CODE)


def _ticks(case: Case, row: Row | None) -> Facts:
    if row is None or case.look is None:
        return {"approve_ticked": None, "retry_ticked": None}
    boxes = (case.look.cell(row, one) for one in (PeopleColumn.APPROVE, PeopleColumn.RETRY))
    approve, retry = (is_ticked(box) for box in boxes)
    return {"said_by": "sheet", "approve_ticked": approve, "retry_ticked": retry}


def _cells(case: Case) -> list[Facts]:
    """Each cell as it was approved last, and as it is now: in the sheet, or as the robot read it last."""
    intents, entry, lines = case.row.intents, case.row.entry, case.lines
    last = intents[-1] if intents else None
    content = last.content if last is not None else (entry.content if entry is not None else None)
    if content is None:
        return []
    kept = case.archive.template(last.template_hash) if last is not None else None
    fields = {one.key: one for one in (kept.contract.fields if kept is not None else case.fields)}
    read = dict(entry.content.values) if entry is not None else {}
    found = []
    for key, text in content.values:
        one = fields.get(key)
        now = read.get(key)
        if case.look is not None:
            now = case.look.text(lines[0], one) if lines and one is not None else now if lines else None
        found.append(_cell(one.column if one else key, text if last else None, now))
    shown = entry.content.format if entry is not None else None
    if case.look is not None and lines and last is not None and kept is not None:
        cell = case.look.cell(lines[0], PeopleColumn.FORMAT)
        shown = kept.contract.format_named(cell) or cell_text(cell)
    found.append(_cell(PeopleColumn.FORMAT.value, content.format if last else None, shown))
    return found


def _cell(column: str, approved: str | None, now: str | None) -> Facts:
    is_changed = approved is not None and now is not None and approved != now
    return {"column": column, "approved": approved, "now": now, "changed": is_changed}


def _attempt(intent: Intent, case: Case) -> Facts:
    happened = case.archive.story(intent.job_id)
    trouble = intent.trouble
    returned = intent.reserved if intent.state is State.FAILED and intent.reserved else 0
    return {
        "attempt": intent.attempt + 1,
        "format": intent.format,
        "fingerprint": intent.fingerprint,
        "state": intent.state.value,
        "approved_at": _moment(intent.approved_at, case),
        "sent_at": _moment(intent.sent_at, case),
        "finished_at": _moment(intent.finished_at, case),
        "not_before": _moment(intent.not_before, case) if intent.is_live else None,
        "template": {
            "title": case.archive.title(intent.template_hash),
            "version": intent.template_version,
            "hash": intent.template_hash,
        },
        "payload_sha256": intent.payload_hash,
        "price": {
            "shown": intent.price_shown,
            "quote": intent.quote,
            "reserved": intent.reserved,
            "returned": returned,
        },
        "job_id": intent.job_id,
        "service_job_id": intent.known_as,
        "name": intent.job_name,
        "refused_sends": intent.tries,
        "lost_sends": intent.losses,
        "service_state": intent.service_word,
        "percent": intent.percent,
        "url": intent.url,
        "thumbnail_url": intent.thumbnail_url,
        "trouble": {
            "code": trouble.code.value,
            "about": Failure(FailureClass.REJECTED, trouble.code, "").origin.value,
            "text": trouble.text,
            "said": trouble.detail,
        }
        if trouble
        else None,
        "copy": _copy(case.archive.delivery(intent.job_id), case),
        "is_taken_over": intent.is_taken_over,
        "happened": list(_happened(happened, case)),
    }


def _copy(delivery: Delivery | None, case: Case) -> Facts | None:
    """Where the video was copied to, or why it was not, and how its links are."""
    if delivery is None:
        return None
    video, thumbnail = delivery.video, delivery.thumbnail
    return {
        "state": delivery.state.value,
        "storage": delivery.storage or None,
        "name": video.name if video else None,
        "size": video.digest.size if video else None,
        "sha256": video.digest.sha256 if video else None,
        "url": delivery.link,
        "thumbnail_name": thumbnail.name if thumbnail else None,
        "thumbnail_url": delivery.thumbnail_link,
        "problem": delivery.problem.value if delivery.problem else None,
        "said": delivery.detail or None,
        "tries": delivery.tries,
        "not_before": _moment(delivery.not_before, case),
        "updated_at": _moment(delivery.updated_at, case),
        "looked_at": _moment(delivery.looked_at, case),
        "link_is_dead": delivery.is_link_dead,
    }


def _happened(happened: Sequence[Happening], case: Case) -> list[Facts]:
    """Every step, each send with its number: the same job may be sent more than once, and is paid once."""
    tries, found = 0, []
    for one in happened:
        tries += one.state is State.SENDING
        found.append(
            {
                "at": _moment(one.at, case),
                "state": one.state.value,
                "try": tries or None,
                "code": one.code or None,
                "text": one.text or None,
                "said": one.said or None,
            }
        )
    return found


def _moment(moment: datetime | None, case: Case) -> str | None:
    return moment.astimezone(case.zone).isoformat(timespec="seconds") if moment else None
