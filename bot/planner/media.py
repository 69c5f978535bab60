"""Links in rows: what looking at them found decides which rows can be approved and which promises wait; and which
links are looked at next.

A row whose video is made, or being made, is not judged by its links any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain import wording
from bot.domain.cells import is_ticked
from bot.domain.contract import PeopleColumn
from bot.domain.entries import Tick
from bot.domain.failures import ProblemCode
from bot.domain.ids import RecordId
from bot.domain.intents import Intent, State
from bot.domain.media.lifetimes import expires_at
from bot.domain.media.looks import Look, MediaColumn, Sights, cause_of, is_fine, problem_with
from bot.domain.media.sharing import direct_link
from bot.domain.records import Problem, Record, Rejection
from bot.planner.actions import LinkWishes
from bot.planner.identity import Placed
from bot.planner.snapshot import Policy, Snapshot

_UNTIL_FETCHED = timedelta(minutes=5)
"""How long after its turn a link must still work: the service fetches the file when it begins to render."""

_JUST_SEEN = 30.0
"""Seconds within which neither a tick nor a failed video brings another look at a link."""

_AHEAD = 16
"""How many promises at the head of the line are looked at again where the last look is old."""

_LASTING = frozenset(
    {
        ProblemCode.MEDIA_404,
        ProblemCode.MEDIA_PRIVATE,
        ProblemCode.MEDIA_PAGE,
        ProblemCode.MEDIA_TYPE,
        ProblemCode.MEDIA_SIZE,
        ProblemCode.MEDIA_EXPIRES,
    }
)
"""What no waiting mends. A site that is silent may answer again: its rows keep their approval."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """The link a promise waits for."""

    column: MediaColumn
    look: Look | None = None
    """The latest look at it, which told nothing yet; None: there was none that counts."""

    @property
    def is_silent(self) -> bool:
        """Whether its site does not answer."""
        return self.look is not None and self.look.is_temporary


@dataclass(frozen=True, slots=True)
class Viewed:
    """The rows as their links let them be."""

    placed: tuple[Placed, ...]
    unseen: Mapping[RecordId, Unseen] = field(default_factory=dict)
    old: Mapping[RecordId, tuple[str, ...]] = field(default_factory=dict)
    """Waiting promises with links that were fine, too long ago to be sent now."""

    wishes: LinkWishes = field(default_factory=LinkWishes)

    def before_sending(self, line: Sequence[Intent]) -> LinkWishes:
        """The wishes with those of the promises at the head of the line: they are looked at once more."""
        again = [link for one in line[:_AHEAD] for link in self.old.get(one.key.record, ())]
        return replace(self.wishes, due=(*again, *self.wishes.due)) if again else self.wishes


def is_lasting(judged: Record | Rejection) -> bool:
    """Whether a row's links make a standing approval void."""
    return isinstance(judged, Rejection) and any(problem.code in _LASTING for problem in judged.problems)


def with_links(placed: tuple[Placed, ...], seen: Snapshot, policy: Policy) -> Viewed:
    """The same rows, judged by what is known of their links."""
    fields = seen.template.contract.fields
    columns = [(at, MediaColumn(one.column, one.type)) for at, one in enumerate(fields) if one.type.is_media]
    if seen.sights is None or not columns:
        return Viewed(placed)
    return _Viewer(seen, seen.sights, policy, columns).view(placed)


class _Viewer:
    """One look over all rows."""

    def __init__(
        self, seen: Snapshot, sights: Sights, policy: Policy, columns: Collection[tuple[int, MediaColumn]]
    ) -> None:
        self._seen = seen
        self._sights = sights
        self._policy = policy
        self._columns = columns
        self._unseen: dict[RecordId, Unseen] = {}
        self._old: dict[RecordId, tuple[str, ...]] = {}
        self._links: set[str] = set()
        self._due: list[list[str]] = [[], []]
        """Links to look at now: of promises that wait, and of other rows."""

        self._moments: list[float] = []
        """Seconds until something about a link changes by itself."""

    def view(self, placed: Iterable[Placed]) -> Viewed:
        rows = tuple(self._row(one) for one in placed)
        due = tuple(dict.fromkeys((*self._due[0], *self._due[1])))
        wishes = LinkWishes(due, frozenset(self._links), min(self._moments, default=None))
        return Viewed(rows, self._unseen, self._old, wishes)

    def _row(self, placed: Placed) -> Placed:
        judged = placed.line.judged
        if not isinstance(judged, Record):
            return placed
        links = [(column, judged.content.values[at][1]) for at, column in self._columns]
        links = [(column, link) for column, link in links if link]
        intents = self._seen.memory.of(placed.record)
        if not links or not self._matters(judged, intents):
            return placed
        if not intents and all(self._is_known_to_be_fine(column, link) for column, link in links):
            # Most rows of a big sheet, on every read.
            self._links.update(link for _, link in links)
            return placed
        row = _Row(self, placed, intents)
        found = [row.judge(column, link) for column, link in links]
        problems = tuple(one for one in found if isinstance(one, Problem))
        if problems:
            return replace(placed, line=replace(placed.line, judged=Rejection(judged.content, problems)))
        unseen = next((one for one in found if isinstance(one, Unseen)), None)
        if unseen is not None:
            self._unseen[placed.record] = unseen
        elif row.is_waiting and row.old:
            self._old[placed.record] = tuple(row.old)
        return placed

    def _is_known_to_be_fine(self, column: MediaColumn, link: str) -> bool:
        """Whether a link was looked at, can be used, and has no end of its own."""
        look = self._sights.looks.get(link)
        is_usable = look is not None and is_fine(column, look.sight, self._sights.sizes)
        return is_usable and "?" not in link

    def _matters(self, record: Record, intents: tuple[Intent, ...]) -> bool:
        """Whether anything may still be sent for what the row says, as it stands."""
        live = [one for one in intents if one.is_live]
        if live:
            return all(one.state is State.WAITING for one in live)
        mine = [one for one in intents if one.content == record.content]
        last = max(mine, key=lambda one: one.attempt, default=None)
        return last is None or last.state is not State.COMPLETED

    def look_at(self, link: str) -> Look | None:
        """The latest look at a link that a row depends on."""
        self._links.add(link)
        return self._sights.looks.get(link)

    def wish(self, link: str, *, is_waiting: bool) -> None:
        """Look at this one now."""
        self._due[0 if is_waiting else 1].append(link)

    def note(self, seconds: float) -> None:
        """Something changes by itself then."""
        self._moments.append(seconds)

    @property
    def sights(self) -> Sights:
        return self._sights

    @property
    def seen(self) -> Snapshot:
        return self._seen

    @property
    def fresh_seconds(self) -> float:
        return self._policy.look_fresh_seconds


class _Row:
    """One row's links."""

    def __init__(self, viewer: _Viewer, placed: Placed, intents: tuple[Intent, ...]) -> None:
        self._viewer = viewer
        self._placed = placed
        self.is_waiting = any(one.state is State.WAITING for one in intents)
        failed = (one.finished_at for one in intents if one.state is State.FAILED and one.finished_at)
        self._failed_at = max(failed, default=None)
        self._now = viewer.seen.now
        at = placed.line.wish.at
        self._turn = max(self._now, at) if at is not None else self._now
        self.old: list[str] = []

    def judge(self, column: MediaColumn, link: str) -> Problem | Unseen | None:
        """What is wrong with a link, or that it must be looked at first; None when it is fine."""
        problem = self._by_its_words(column, link)
        if problem is not None:
            return problem
        look = self._viewer.look_at(link)
        if look is None:
            self._wish(link)
            return Unseen(column)
        age = self._viewer.sights.monotonic - look.at
        if not look.is_believed:
            self._again(link, look)
            return Unseen(column, look)
        problem = self._by_what_was_found(column, look)
        if problem is None:
            if self._failed_at is not None and look.on < self._failed_at and age > _JUST_SEEN:
                self._wish(link)
            if age > self._viewer.fresh_seconds:
                self.old.append(link)
            return None
        if self._is_asking() and age > _JUST_SEEN:
            # Whoever ticks a bad row may just have shared its file: the link in the sheet stays the same.
            self._wish(link)
            return Unseen(column)
        self._again(link, look)
        is_open = self.is_waiting and link in self._viewer.sights.pending
        return Unseen(column, look) if is_open else problem

    def _by_its_words(self, column: MediaColumn, link: str) -> Problem | None:
        """What a link says of itself, without asking anybody."""
        name = column.name
        if self._viewer.sights.reach.place(link) is None:
            return Problem(ProblemCode.MEDIA_PRIVATE, name, wording.link_not_public(name))
        direct = direct_link(link)
        if direct is not None:
            return Problem(ProblemCode.MEDIA_PAGE, name, wording.link_is_a_share(name, direct))
        end = expires_at(link)
        if end is None:
            return None
        if end - _UNTIL_FETCHED > self._turn:
            self._viewer.note((end - _UNTIL_FETCHED - self._turn).total_seconds())
            return None
        words = wording.link_expires if end > self._now else wording.link_expired
        return Problem(ProblemCode.MEDIA_EXPIRES, name, words(name, self._clock(end)))

    def _by_what_was_found(self, column: MediaColumn, look: Look) -> Problem | None:
        if look.is_temporary:
            text = wording.site_given_up(cause_of(column, look), self._clock(look.again_on))
            return Problem(ProblemCode.MEDIA_SLOW, column.name, text)
        return problem_with(column, look.sight, self._viewer.sights.sizes)

    def _again(self, link: str, look: Look) -> None:
        """Looks again when it is time."""
        left = look.again_at - self._viewer.sights.monotonic
        if left <= 0:
            self._wish(link)
        else:
            self._viewer.note(left)

    def _wish(self, link: str) -> None:
        self._viewer.wish(link, is_waiting=self.is_waiting)

    def _is_asking(self) -> bool:
        """Whether somebody ticked a box just now."""
        entry, row, people = self._placed.entry, self._placed.line.row, self._viewer.seen.columns.people
        boxes = ((PeopleColumn.APPROVE, entry and entry.approve), (PeopleColumn.RETRY, entry and entry.retry))
        return any(
            box in people and tick is Tick.OPEN and is_ticked(row.at(people[box])) for box, tick in boxes
        )

    def _clock(self, moment: datetime) -> str:
        """In the sheet's own time, with its day where that is another one."""
        local, today = (one.astimezone(self._viewer.seen.zone) for one in (moment, self._now))
        return local.strftime("%H:%M" if local.date() == today.date() else "%Y-%m-%d %H:%M")
