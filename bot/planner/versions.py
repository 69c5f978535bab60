"""Template versions: what each is called, and what becomes of promises made with one when there is a new one."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.gates import Gate
from bot.domain.intents import Intent, State
from bot.domain.records import Record
from bot.domain.templates.template import Label, Payload, Template, fill
from bot.planner.actions import Renew
from bot.planner.identity import Placed
from bot.planner.snapshot import Memory, Snapshot

_DIGITS = 4
"""Of a version's hash, where its name alone does not tell it from another one."""


def label_of(template: Template, memory: Memory) -> str:
    """People's version; with a few digits of the content where that version was something else before."""
    known = memory.labels.get(template.hash)
    if known is not None:
        return known
    is_taken = template.version in memory.labels.values()
    return f"{template.version}+{template.hash[:_DIGITS]}" if is_taken else template.version


def is_settled(seen: Snapshot, gate: Gate, *, is_pressed: bool) -> bool:
    """Whether somebody has said yes to what the template's files say now, or says so in this very look."""
    is_usable = not (seen.design_trouble or seen.is_design_changing)
    is_said = seen.template.hash in gate.reviewed or (is_pressed and not gate.first_contact)
    return is_usable and is_said


def is_outdated(intent: Intent, template: Template) -> bool:
    """Whether a promise not sent yet was made with another version."""
    return intent.state is State.WAITING and intent.template_hash != template.hash


def renewed(sound: Iterable[Placed], seen: Snapshot, gate: Gate) -> list[Renew]:
    """Promises that wait, as the current version makes them, once somebody has said `Go ahead` for it.

    Their price is asked for anew; a dearer one than the row showed voids the approval as ever.
    """
    if not is_settled(seen, gate, is_pressed=False):
        return []
    found = []
    for one in sound:
        for intent in seen.memory.of(one.record):
            if is_outdated(intent, seen.template) and isinstance(one.line.judged, Record):
                found += _renewed(intent, one.line.judged, seen)
    return found


def _renewed(intent: Intent, record: Record, seen: Snapshot) -> list[Renew]:
    template = seen.template
    payload = fill(template, record, Label(intent.key.record, intent.job_id, intent.attempt))
    if record.content != intent.content or not isinstance(payload, Payload):
        return []
    after = intent.moved(
        State.WAITING,
        job_name=payload.name,
        template_hash=template.hash,
        template_version=label_of(template, seen.memory),
        payload_hash=payload.hash,
        quote=None,
        updated_at=seen.now,
    )
    return [Renew(intent, after, payload, template)]
