"""How entries and intents are spelled as rows of the journal, and read back."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot.domain.entries import Churn, Entry, Notice, Tick
from bot.domain.events import Event
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.gates import Gate, Sample
from bot.domain.ids import (
    Fingerprint,
    JobId,
    PayloadHash,
    RecordId,
    RecordKey,
    TabKey,
    TemplateHash,
    canonical_json,
)
from bot.domain.intents import Intent, State, Trouble
from bot.domain.records import Content
from bot.planner.actions import SetGate


def spell_content(content: Content) -> str:
    """The content as canonical JSON."""
    return canonical_json({"format": content.format, "values": [list(pair) for pair in content.values]})


def read_content(spelled: str) -> Content:
    """What spell_content wrote."""
    said = json.loads(spelled)
    # Interned: the keys are the same in every row, and so are many values.
    values = tuple((sys.intern(key), sys.intern(value)) for key, value in said["values"])
    return Content(values, sys.intern(said["format"]))


def spell_entry(entry: Entry) -> dict[str, Any]:
    """An entry as one row."""
    notice = entry.notice
    return {
        "spreadsheet": entry.key.tab.spreadsheet,
        "tab": entry.key.tab.tab,
        "record": entry.key.record,
        "content": spell_content(entry.content),
        "approve": entry.approve.value,
        "retry": entry.retry.value,
        "approved": entry.approved,
        "notice": canonical_json([notice.code, notice.status, notice.text]) if notice else None,
        "present": entry.present,
        "row_number": entry.row_number,
        "render_at": entry.render_at,
        "churn": _spell_churn(entry.churn) if entry.churn else None,
        "stands_for": canonical_json(list(entry.stands_for)) if entry.stands_for else None,
    }


def _spell_churn(churn: Churn) -> str:
    return canonical_json([list(churn.columns), churn.times, churn.at.isoformat()])


def _read_churn(spelled: str) -> Churn:
    columns, times, at = json.loads(spelled)
    return Churn(tuple(columns), times, datetime.fromisoformat(at))


@lru_cache(maxsize=64)
def _tab(spreadsheet: str, tab: int) -> TabKey:
    """One object for all rows of a tab."""
    return TabKey(spreadsheet, tab)


def read_entry(row: Mapping[str, Any]) -> Entry:
    """What spell_entry wrote."""
    notice = None
    if row["notice"]:
        code, status, text = json.loads(row["notice"])
        notice = Notice(ProblemCode(code) if code else None, status, text)
    return Entry(
        key=RecordKey(_tab(row["spreadsheet"], row["tab"]), RecordId(row["record"])),
        content=read_content(row["content"]),
        approve=Tick(row["approve"]),
        retry=Tick(row["retry"]),
        approved=Fingerprint(row["approved"]) if row["approved"] else None,
        notice=notice,
        present=row["present"],
        row_number=row["row_number"],
        render_at=row["render_at"],
        churn=_read_churn(row["churn"]) if row["churn"] else None,
        stands_for=tuple(map(Fingerprint, json.loads(row["stands_for"]))) if row["stands_for"] else (),
    )


def read_event(row: Mapping[str, Any]) -> Event:
    """One line of the story, with what its promise and its row say today."""
    said = json.loads(row["detail"]) if row["detail"] else {}
    return Event(
        number=row["id"],
        at=row["at"],
        record=RecordId(row["record"]),
        row_number=row["row_number"] or 0,
        name=row["job_name"],
        state=State(row["state"]),
        credits=row["credits"],
        text=str(said.get("text", "")),
        said=str(said.get("trouble", "")) if said.get("code") == ProblemCode.RENDER_FAIL else "",
    )


def spell_gate(change: SetGate) -> dict[str, Any]:
    """A gate as one row."""
    gate = change.gate
    return {
        "spreadsheet": change.tab.spreadsheet,
        "tab": change.tab.tab,
        "box": gate.box.value,
        "first_contact": gate.first_contact,
        "released": gate.released,
        "streak": gate.streak,
        "streak_code": gate.streak_code,
        "streak_version": gate.streak_version,
        "healthy": gate.healthy,
        "reviewed": canonical_json(list(gate.reviewed)),
        "sample": canonical_json([gate.sample.version, list(gate.sample.records)]),
    }


def read_gate(row: Mapping[str, Any]) -> Gate:
    """What spell_gate wrote."""
    return Gate(
        box=Tick(row["box"]),
        first_contact=row["first_contact"],
        released=row["released"],
        streak=row["streak"],
        streak_code=ProblemCode(row["streak_code"]) if row["streak_code"] else None,
        streak_version=TemplateHash(row["streak_version"]) if row["streak_version"] else None,
        healthy=row["healthy"],
        reviewed=tuple(map(TemplateHash, json.loads(row["reviewed"]))),
        sample=_read_sample(row["sample"]),
    )


def _read_sample(spelled: str) -> Sample:
    version, records = json.loads(spelled)
    return Sample(TemplateHash(version) if version else None, tuple(map(RecordId, records)))


_PLAIN = (
    "attempt",
    "job_name",
    "template_version",
    "price_shown",
    "approved_at",
    "updated_at",
    "tries",
    "losses",
    "not_before",
    "quote",
    "reserved",
    "sent_at",
    "finished_at",
    "service_word",
    "percent",
    "url",
    "thumbnail_url",
    "named",
    "number",
)
"""Fields whose column holds them as they are."""


def spell_intent(intent: Intent) -> dict[str, Any]:
    """An intent as one row."""
    trouble = intent.trouble
    row: dict[str, Any] = {name: getattr(intent, name) for name in _PLAIN}
    row |= {
        "job_id": intent.job_id,
        "spreadsheet": intent.key.tab.spreadsheet,
        "tab": intent.key.tab.tab,
        "record": intent.key.record,
        "format": intent.format,
        "fingerprint": intent.fingerprint,
        "content": spell_content(intent.content),
        "state": intent.state.value,
        "template_hash": intent.template_hash,
        "payload_hash": intent.payload_hash,
        "known_as": intent.known_as,
        "trouble": canonical_json([trouble.kind, trouble.code, trouble.text, trouble.detail])
        if trouble
        else None,
    }
    return row


def read_intent(row: Mapping[str, Any]) -> Intent:
    """What spell_intent wrote."""
    trouble = None
    if row["trouble"]:
        kind, code, text, detail = json.loads(row["trouble"])
        trouble = Trouble(FailureClass(kind), ProblemCode(code), text, detail)
    return Intent(
        job_id=JobId(row["job_id"]),
        key=RecordKey(_tab(row["spreadsheet"], row["tab"]), RecordId(row["record"])),
        content=read_content(row["content"]),
        state=State(row["state"]),
        template_hash=TemplateHash(row["template_hash"]),
        payload_hash=PayloadHash(row["payload_hash"]),
        known_as=JobId(row["known_as"]) if row["known_as"] else None,
        trouble=trouble,
        **{name: row[name] for name in _PLAIN},
    )
