"""A journal whose every word is kept apart from its file, so that it can be held to it."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any

from bot.adapters.journal import SqliteJournal
from bot.domain.ids import JobId, RecordKey, TabKey, TemplateHash
from bot.domain.intents import MOVES, Intent, State
from bot.planner.actions import Change, Move, Propose, Remember
from bot.planner.snapshot import Memory

EDGES = deepcopy(MOVES)
"""As they are when nobody has tampered with them."""

ENDS = {State.COMPLETED, State.FAILED, State.CANCELLED}
_SUMS = {"in_flight", "spent", "honours_ids", "refuses_ids", "spent_since"}


class WatchedJournal:
    """Keeps apart from the file what the journal has said is durable, and how states moved."""

    def __init__(self) -> None:
        self.intents: dict[JobId, Intent] = {}
        self.entries: dict[RecordKey, Any] = {}
        self.made_with: dict[JobId, TemplateHash] = {}
        """With which version of the template each was promised."""

        self.given_up: set[JobId] = set()
        """Jobs a person stopped waiting for though nobody could tell what became of them."""

        self.told: set[JobId] = set()
        """Jobs whose price the service's own answer told us."""

        self.bad_moves: list[str] = []
        self.applied = 0
        self.file: Any = None
        self._sums: dict[tuple[str, tuple[Any, ...]], Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name in _SUMS:
            return lambda *given: self._sum(name, *given)
        return getattr(self.file, name)

    def _sum(self, name: str, *given: Any) -> Any:
        """Asked for every tick; as long as no intent changes, the file's answer is the one it gave before."""
        if (name, given) not in self._sums:
            self._sums[name, given] = getattr(self.file, name)(*given)
        return self._sums[name, given]

    def begin(self, file: SqliteJournal) -> None:
        """A new process opened the file."""
        self.file = file
        self._sums.clear()

    def believe(self, memories: Sequence[Memory]) -> None:
        """Another file is in its place: what that one holds is all that is remembered."""
        self.intents = {job_id: one for memory in memories for job_id, one in memory.intents.items()}
        self.made_with = {job_id: one.template_hash for job_id, one in self.intents.items()}
        self.entries = {one.key: one for memory in memories for one in memory.entries.values()}
        self.given_up = {
            one for one in self.given_up if one in self.intents and self.intents[one].state in ENDS
        }
        self.told = {job_id for job_id in self.told if job_id in self.intents and self._is_past_doubt(job_id)}

    def _is_past_doubt(self, job_id: JobId) -> bool:
        return self.intents[job_id].state not in {State.WAITING, State.SENDING, State.CHECKING}

    def live(self) -> int:
        """How many promises have not ended."""
        return sum(one.is_live for one in self.intents.values())

    def unended(self, but: TabKey | None = None) -> list[Intent]:
        """Promises that have not ended and wait for no person, those of one tab left out."""
        return [
            one
            for one in self.intents.values()
            if one.is_live and one.state is not State.NEEDS_DECISION and one.key.tab != but
        ]

    def apply(self, changes: Sequence[Change], at: datetime) -> None:
        if not all(isinstance(change, Remember) for change in changes):
            self._sums.clear()
        self.file.apply(changes, at)
        self.applied += 1
        for change in changes:
            if isinstance(change, Remember):
                self.entries[change.entry.key] = change.entry
            elif isinstance(change, Propose):
                self.intents[change.intent.job_id] = change.intent
                self.made_with[change.intent.job_id] = change.intent.template_hash
            elif isinstance(change, Move):
                self._note(change)

    def id_of(self, job_name: str) -> JobId:
        """Our id of the promise whose job has this name."""
        [found] = [one.job_id for one in self.intents.values() if one.job_name == job_name]
        return found

    def _note(self, move: Move) -> None:
        was, now = self.intents[move.after.job_id], move.after
        is_dropped = was.is_taken_over and (was.state, now.state) == (State.CHECKING, State.CANCELLED)
        is_move = now.state is not was.state and not is_dropped
        if was.state in ENDS or (is_move and now.state not in EDGES[was.state]):
            self.bad_moves.append(f"{now.job_id}: {was.state} -> {now.state}")
        if was.state is State.NEEDS_DECISION and now.state in ENDS and now.trouble == was.trouble:
            self.given_up.add(now.job_id)
        if was.state is State.SENDING and now.state is State.SUBMITTED:
            self.told.add(now.job_id)
        self.intents[now.job_id] = now
