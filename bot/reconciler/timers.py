"""Waiting, by the monotonic clock: a wall-clock jump neither cuts a wait short nor stretches it."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.ids import JobId
from bot.domain.intents import Intent, State
from bot.planner.snapshot import Doubt

_LONGEST_AFTER_RESTART = 3600.0


@dataclass
class Timers:
    """When each intent's next step is due in this process, and since when it is in doubt.

    After a restart a wait is what wall time says is left of it, bounded; a doubt begins again.
    """

    _due: dict[JobId, float] = field(default_factory=dict)
    _doubt_since: dict[JobId, float] = field(default_factory=dict)
    _absences: dict[JobId, int] = field(default_factory=dict)
    _accepted_since: dict[JobId, float] = field(default_factory=dict)
    _not_before: dict[JobId, datetime | None] = field(default_factory=dict)
    """The wall time each wait was taken over from: the same again means the same wait, wherever the clock went."""

    _alone_at: dict[JobId, float] = field(default_factory=dict)
    """When a job that the listing does not show is next looked at alone."""

    def follow(self, intent: Intent, *, now: datetime, monotonic: float) -> None:
        """Takes over the wait an intent names, and begins or ends its doubt."""
        if not intent.is_live:
            self._due.pop(intent.job_id, None)
            self._not_before.pop(intent.job_id, None)
            self._accepted_since.pop(intent.job_id, None)
            self._alone_at.pop(intent.job_id, None)
            self.end_doubt(intent.job_id)
            return
        if intent.job_id in self._due and self._not_before.get(intent.job_id) == intent.not_before:
            left = max(self._due[intent.job_id] - monotonic, 0.0)
        else:
            left = (intent.not_before - now).total_seconds() if intent.not_before else 0.0
        self._not_before[intent.job_id] = intent.not_before
        self._due[intent.job_id] = monotonic + min(max(left, 0.0), _LONGEST_AFTER_RESTART)
        if intent.state is State.CHECKING:
            self.begin_doubt(intent.job_id, monotonic)
        elif intent.state in {State.WAITING, State.SENDING}:
            self.end_doubt(intent.job_id)
        else:
            self._accepted_since.setdefault(intent.job_id, monotonic)

    def hasten(self, job_id: JobId, monotonic: float) -> bool:
        """Its wait is over now; whether there was one."""
        if self._due.get(job_id, monotonic) <= monotonic:
            return False
        self._due[job_id] = monotonic
        return True

    def begin_doubt(self, job_id: JobId, monotonic: float) -> None:
        """From now on, unless it began before, nobody knows where this job is."""
        self._doubt_since.setdefault(job_id, monotonic)

    def end_doubt(self, job_id: JobId) -> None:
        """The job was seen, or is surely not there."""
        self._doubt_since.pop(job_id, None)
        self._absences.pop(job_id, None)

    def count_absence(self, job_id: JobId) -> None:
        """One more settled look found nothing."""
        self._absences[job_id] = self._absences.get(job_id, 0) + 1

    def look_alone(self, job_id: JobId, at: float, *, anew: bool) -> None:
        """The listing does not show this job; a look that was made begins the wait anew."""
        if anew:
            self._alone_at[job_id] = at
        else:
            self._alone_at.setdefault(job_id, at)

    def was_listed(self, job_id: JobId) -> None:
        """The listing shows it: no need to look at it alone."""
        self._alone_at.pop(job_id, None)

    def alone(self, monotonic: float) -> AbstractSet[JobId]:
        """Jobs whose time has come to be looked at alone."""
        return {job_id for job_id, at in self._alone_at.items() if at <= monotonic}

    def waits(self, monotonic: float) -> Mapping[JobId, float]:
        """Seconds each intent has still to wait; only those that do."""
        return {job_id: due - monotonic for job_id, due in self._due.items() if due > monotonic}

    def doubts(self, monotonic: float) -> Mapping[JobId, Doubt]:
        """How long each doubtful job has been looked for."""
        return {
            job_id: Doubt(monotonic - since, self._absences.get(job_id, 0))
            for job_id, since in self._doubt_since.items()
        }

    def ages(self, monotonic: float) -> Mapping[JobId, float]:
        """Seconds this process has followed each accepted job."""
        return {job_id: monotonic - since for job_id, since in self._accepted_since.items()}

    def next_due(self, monotonic: float) -> float | None:
        """Seconds until the next wait ends; None when nobody waits any more."""
        future = [due for due in self._due.values() if due > monotonic]
        return min(future) - monotonic if future else None

    def came_due(self, since: float, monotonic: float) -> bool:
        """Whether a wait ended between two moments."""
        return any(since < due <= monotonic for due in self._due.values())
