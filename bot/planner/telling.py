"""Telling: what is told now, of all that stands and all batches that ended, merged into one letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

from bot.domain import wording
from bot.domain.ids import TabKey
from bot.domain.letters import Item, Letter, Tally
from bot.domain.news import Batch, Ledger, Matter, Quiet, Topic, is_due, noted, told
from bot.planner.digest import ended, first_batch, tally_words
from bot.planner.matters import ACCOUNT, ROBOT, owner_of
from bot.planner.snapshot import Memory


@dataclass(frozen=True, slots=True)
class Affairs:
    """One tab as its last tick left it."""

    tab: TabKey
    zone: tzinfo
    matters: tuple[Matter, ...]
    memory: Memory


@dataclass(frozen=True, slots=True)
class Manners:
    """When nobody is told anything, and which batches are too small to speak of when all went well."""

    quiet: Quiet | None = None
    digest_rows: int = 2

    def are_kept(self, now: datetime, zone: tzinfo) -> bool:
        """Whether something may be told now."""
        return self.quiet is None or not self.quiet.covers(now, zone)

    def mentions(self, tally: Tally) -> bool:
        """Whether the end of such a batch is told."""
        return tally.done < tally.total or tally.total >= self.digest_rows


@dataclass(frozen=True, slots=True)
class News:
    """What was told so far; kept in the journal."""

    ledger: Ledger = field(default_factory=dict)
    batches: Mapping[TabKey, Batch] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a letter needs beside its news."""

    id: str
    titles: Mapping[TabKey, str]
    links: Mapping[TabKey, str] = field(default_factory=dict)


def tell(
    news: News,
    standings: Sequence[Affairs],
    robot: Iterable[Matter],
    manners: Manners,
    now: datetime,
    envelope: Envelope,
) -> tuple[News, Letter | None]:
    """The news once what is due was told, and the letter that tells it, if anything is due."""
    robot = tuple(robot)
    zone = standings[0].zone if standings else UTC
    owners = {ROBOT, *(owner_of(one.tab) for one in standings), *([ACCOUNT] if standings else [])}
    sources = [(robot, zone), *((one.matters, one.zone) for one in standings)]
    ledger = noted(news.ledger, (matter for found, _ in sources for matter in found), owners, now)
    # An account's matter is every tab's: once is enough.
    due = {
        matter.key: matter
        for found, there in sources
        if manners.are_kept(now, there)
        for matter in found
        if is_due(matter, ledger, now)
    }
    batches, tallies = dict(news.batches), list[tuple[TabKey, Tally]]()
    for one in standings:
        known = batches.get(one.tab)
        tally, after = ended(known, one.memory, now) if known else (None, first_batch(one.memory))
        if tally is None:
            batches[one.tab] = after
        elif manners.are_kept(now, one.zone):
            batches[one.tab] = after
            tallies += [(one.tab, tally)] if manners.mentions(tally) else []
    items = [*_items(due.values(), envelope), *(_of_batch(tab, tally, envelope) for tab, tally in tallies)]
    after_all = News(told(ledger, due.values(), now), batches)
    if not items:
        return after_all, None
    return after_all, _letter(items, _link(standings, envelope), now, envelope.id)


def _items(due: Iterable[Matter], envelope: Envelope) -> Iterator[Item]:
    """One for each matter; of rows that need a decision, one for each tab."""
    titles = {owner_of(tab): title for tab, title in envelope.titles.items()}
    decisions: dict[str, list[Matter]] = {}
    for matter in due:
        if matter.topic is Topic.DECISION:
            decisions.setdefault(matter.owner, []).append(matter)
        else:
            yield Item(matter.topic, matter.tab or titles.get(matter.owner, ""), matter.text)
    for owner, found in decisions.items():
        places = [one.row for one in found]
        text = found[0].text if len(found) == 1 else wording.decide_on_several(places)
        rows = tuple(place for place in places if place is not None)
        yield Item(Topic.DECISION, titles.get(owner, ""), text, rows, tuple(one.record for one in found))


def _of_batch(tab: TabKey, tally: Tally, envelope: Envelope) -> Item:
    open_ = (*tally.to_fix, *tally.failed, *tally.undecided)
    rows = tuple(place for place in open_ if place is not None)
    return Item(None, envelope.titles.get(tab, ""), tally_words(tally), rows)


def _link(standings: Sequence[Affairs], envelope: Envelope) -> str:
    """The sheet, where there is only one."""
    links = {envelope.links.get(one.tab, "") for one in standings}
    return links.pop() if len(links) == 1 else ""


def _letter(items: Sequence[Item], link: str, now: datetime, letter_id: str) -> Letter:
    urgent = [one for one in items if one.topic is not None]
    first = items[0]
    subject = (
        wording.subject(first.tab, first.text) if len(items) == 1 else wording.subject_of_several(len(items))
    )
    return Letter(letter_id, now, subject, tuple(items), is_urgent=bool(urgent), link=link)


def trial_letter(letter_id: str, now: datetime) -> Letter:
    """What `doctor` sends when asked to."""
    text = wording.greeting()
    return replace(_letter([Item(Topic.TRIAL, "", text)], "", now, letter_id), is_urgent=False)
