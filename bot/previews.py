"""What the next tick would do on every tab, for whoever asks beforehand; no lock, no key, nothing written."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace

from bot.adapters.google_account import SheetUnavailableError
from bot.adapters.google_sheet import GoogleTab, look_at
from bot.adapters.journal_looks import EmptyJournal
from bot.adapters.state_folder import StateFolder
from bot.adapters.system_clock import SystemClock
from bot.adapters.template_watch import TemplateWatch
from bot.domain.contract import HeaderProblem
from bot.domain.failures import Failure
from bot.planner.actions import Plan
from bot.planner.plan import judged, plan
from bot.planner.snapshot import Snapshot
from bot.ports import Clock, JournalView
from bot.reconciler.observe import Observer
from bot.reconciler.presence import Presence, Signature
from bot.reconciler.timers import Timers
from bot.settings import Settings
from bot.wiring import google, journal_view, media_desk, policy, scouts_of, template_folder

_LONGEST_LOOKING = 15.0
"""Seconds somebody who asks for a plan waits for looks at links."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the next tick of one tab would see and do."""

    title: str
    seen: Snapshot
    plan: Plan
    unseen_links: int = 0
    """Links that could not be looked at in time."""


def previews(settings: Settings) -> list[Preview | tuple[HeaderProblem, ...]]:
    """What the next tick would do on every tab; no lock, no key, nothing written, nobody called.

    Raises SheetUnavailableError, TemplateError or JournalError, with words for the operator.
    """
    clock = SystemClock()
    client = google(settings)
    folder = StateFolder(settings.journal_path.parent)
    found: list[Preview | tuple[HeaderProblem, ...]] = []
    for sheet in settings.sheets:
        watch = TemplateWatch(template_folder(settings, sheet), clock)
        tab = GoogleTab(client, look_at(client, sheet.spreadsheet, sheet.header_row), sheet.tab)
        reading = tab.read()
        if isinstance(reading, Failure):
            raise SheetUnavailableError(f"The tab cannot be read: {reading.detail}")
        with ExitStack() as stack:
            journal: JournalView = EmptyJournal()
            if settings.journal_path.exists():
                journal = stack.enter_context(journal_view(settings))
            namespace = folder.known_namespace()
            presence = Presence(Signature("", (), str(namespace)), tab.key.spreadsheet, clock)
            observer = Observer(tab, journal, clock, watch, namespace, presence)
            memory = journal.remember_tab(tab.key)
            timers = Timers()
            for intent in memory.intents.values():
                timers.follow(intent, now=clock.now(), monotonic=clock.monotonic())
            seen = observer.snapshot(reading, memory, timers)
        found.append(_preview(sheet.tab, seen, settings, clock) if isinstance(seen, Snapshot) else seen)
    return found


def _preview(title: str, seen: Snapshot, settings: Settings, clock: Clock) -> Preview:
    """The plan once its links were looked at, as far as that can be done while somebody waits."""
    rules, scouts = policy(settings), scouts_of(settings, clock)
    media = media_desk(settings, clock, scouts)
    media.want(seen.tab, plan(media.shown_to(seen), rules).wishes)
    media.wait(_LONGEST_LOOKING)
    seen = media.shown_to(seen)
    decided = plan(seen, rules)
    if scouts is not None:
        scouts.close()
    looks = seen.sights.looks if seen.sights is not None else {}
    unseen = sum(seen.sights is not None and link not in looks for link in decided.wishes.links)
    lines = tuple(one.line for one in judged(seen, rules).placed)
    return Preview(title, replace(seen, lines=lines), decided, unseen)
