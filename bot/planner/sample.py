"""The sample: which rows go first with a template version that nobody has reviewed.

As many rows as the settings say have a place in it; whatever else waits for that version holds until `Go ahead`.
A place is kept through edits and retries once a video was asked for, and is free again when its row is
withdrawn, edited, put off or gone before that. Places are journaled before anything is sent.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.domain.cells import graphemes
from bot.domain.contract import Contract, FieldType
from bot.domain.gates import NO_SAMPLE, Gate, Sample
from bot.domain.ids import RecordId, TemplateHash
from bot.domain.intents import Intent, State
from bot.planner.snapshot import Memory, Policy, Snapshot


def sample_size(policy: Policy) -> int:
    """How many rows may go before anybody has looked; never so many as would need asking for anyway."""
    if policy.sample_size and policy.ask_above_rows:
        return min(policy.sample_size, policy.ask_above_rows)
    return policy.sample_size


def is_sampled(gate: Gate, version: TemplateHash, policy: Policy) -> bool:
    """Whether rows of this version need a place in the sample."""
    return bool(policy.sample_size) and version not in gate.reviewed


def drawn(
    gate: Gate, seen: Snapshot, waiting: Sequence[Intent], policy: Policy, later: Container[RecordId]
) -> Gate:
    """The gate with a place for every row that may go first, chosen among those that wait, in their order.

    Rows whose time has not come take no place: nobody should have to wait for them.
    """
    version = seen.template.hash
    if not is_sampled(gate, version, policy):
        return replace(gate, sample=NO_SAMPLE) if gate.sample.records else gate
    due = [one for one in waiting if one.template_hash == version and one.key.record not in later]
    kept = _kept(gate.sample, seen.memory, version, {one.key.record for one in due})
    places = [*kept, *(one.key.record for one in due if one.number <= gate.released)]
    taken = set(places)
    free = [one for one in due if one.key.record not in taken]
    vacant = sample_size(policy) - len(taken)
    if vacant > 0 and free:
        there = [intent for record in kept for intent in seen.memory.of(record)[-1:]]
        places += [one.key.record for one in choose(vacant, free, there, seen.template.contract)]
    records = tuple(dict.fromkeys(places))
    return replace(gate, sample=Sample(version, records) if records else NO_SAMPLE)


def _kept(
    sample: Sample, memory: Memory, version: TemplateHash, due: Container[RecordId]
) -> Iterator[RecordId]:
    """Those that have their place still; of a version that comes back, those that were sent with it."""
    if sample.version != version:
        sent = (
            one for one in memory.intents.values() if one.template_hash == version and _was_asked_for(one)
        )
        yield from (one.key.record for one in sorted(sent, key=lambda one: one.number))
        return
    for record in sample.records:
        mine = (one for one in memory.of(record) if one.template_hash == version)
        if record in due or any(map(_was_asked_for, mine)):
            yield record


def sampled_videos(memory: Memory) -> list[Intent]:
    """What became of each row of the sample, or is about to."""
    sample = memory.gate.sample
    found = []
    for record in sample.records:
        mine = (one for one in reversed(memory.of(record)) if one.template_hash == sample.version)
        found += [one for one in mine if one.state is State.WAITING or _was_asked_for(one)][:1]
    return found


def _was_asked_for(intent: Intent) -> bool:
    """Whether the service has, or may have, seen it: also one that it refused, not one it shares with a copied row."""
    if intent.is_taken_over:
        return False
    return intent.sent_at is not None or intent.state is State.FAILED


def choose(
    count: int, waiting: Sequence[Intent], there: Sequence[Intent], contract: Contract
) -> list[Intent]:
    """So many of the waiting rows that, with those that are there, they show what the template must cope with.

    The longest and the shortest text, the most empty cells, each format; then a spread over all of them.
    """
    if len(waiting) <= count:
        return list(waiting)
    chosen: list[Intent] = []
    for one in _extremes([*there, *waiting], contract):
        if one in waiting and one not in chosen and len(chosen) < count:
            chosen.append(one)
    for name in contract.formats:
        shown = {one.format for one in (*there, *chosen)}
        found = next((one for one in waiting if one.format == name), None)
        if name not in shown and found is not None and len(chosen) < count:
            chosen.append(found)
    rest = [one for one in waiting if one not in chosen]
    wanted = count - len(chosen)
    chosen += [rest[(2 * number + 1) * len(rest) // (2 * wanted)] for number in range(wanted)]
    return sorted(chosen, key=waiting.index)


def _extremes(everyone: Sequence[Intent], contract: Contract) -> Iterator[Intent]:
    """The rows at the ends; of several alike, the first one."""
    texts = {one.key for one in contract.fields if one.type is FieldType.TEXT}
    optional = {one.key for one in contract.fields if not one.required}
    lengths = [_length(dict(one.content.values), texts) for one in everyone]
    gaps = [sum(not text for key, text in one.content.values if key in optional) for one in everyone]
    yield everyone[lengths.index(max(lengths))]
    yield everyone[lengths.index(min(lengths))]
    if max(gaps):
        yield everyone[gaps.index(max(gaps))]


def _length(values: Mapping[str, str], texts: Container[str]) -> int:
    return sum(graphemes(text) for key, text in values.items() if key in texts)
