"""The one place that picks concrete classes: settings in, a working robot out."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog

from bot.adapters.built_in_templates import find_template
from bot.adapters.google_account import GoogleSheets, SheetUnavailableError, connect
from bot.adapters.google_sheet import CONTROL_TAB, GoogleTab, Workbook, look_at, values_of
from bot.adapters.journal_copies import Backups
from bot.adapters.journal_looks import JournalReader
from bot.adapters.journal_opening import open_journal
from bot.adapters.journal_upkeep import Upkeep
from bot.adapters.media import MediaFetcher
from bot.adapters.render_api import ZvidService
from bot.adapters.service_manager import ServiceManager
from bot.adapters.state_folder import StateFolder
from bot.adapters.system_clock import SystemClock
from bot.adapters.template_folder import BUILT_IN, TemplateError, load_template
from bot.adapters.template_watch import TemplateWatch
from bot.domain.control import read_control
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.holds import Account
from bot.domain.ids import short_spreadsheet, spreadsheet_id
from bot.domain.media.looks import Sizes
from bot.domain.media.reach import PUBLIC, WITH_PRIVATE, Reach
from bot.domain.pace import Pace, Quota
from bot.domain.templates.template import Template
from bot.messengers import herald
from bot.planner.backoff import share_of
from bot.planner.snapshot import Policy
from bot.ports import Clock
from bot.reconciler.account import AccountWatch
from bot.reconciler.books import Books
from bot.reconciler.execute import Executor
from bot.reconciler.follower import follower_of
from bot.reconciler.herald import Herald
from bot.reconciler.late import LateTab
from bot.reconciler.media_desk import MediaDesk
from bot.reconciler.meter import Meter
from bot.reconciler.metered import MeteredService
from bot.reconciler.observe import Observer
from bot.reconciler.presence import Presence, Signature, claimed_by
from bot.reconciler.scouts import Scouts
from bot.reconciler.shift import Shift
from bot.reconciler.strays import Strays
from bot.reconciler.tick import Reconciler
from bot.reconciler.tick_line import TickLine
from bot.settings import MediaSettings, Settings, SheetSettings
from bot.storing import Deliveries, deliveries_of

log = structlog.get_logger()

_CALLS_AT_ONCE = 8
"""More is slower: the service's answers are waited for, not computed."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One tab and who looks after it."""

    title: str
    interval_seconds: float
    reconciler: LateTab


@dataclass(frozen=True, slots=True)
class Robot:
    """Everything a daemon runs."""

    desks: tuple[Desk, ...]
    clock: Clock
    backups: Backups
    upkeep: Upkeep
    manager: ServiceManager
    shift: Shift
    drain_seconds: float
    """How long answers of the service may still be waited for at the end."""

    keep_health: Callable[[tuple[str, ...], datetime], None]
    """Where other commands find it."""

    follow_strays: Callable[[], None]
    """A look at jobs of tabs that are none of the desks'."""

    knows_tabs: bool
    """Whether any tab was ever read to its end: whoever sets a robot up is answered otherwise than one that restarts."""

    media: MediaDesk
    scouts: Scouts | None = None
    """Whoever looks at links, where links are looked at."""

    deliveries: Deliveries | None = None
    """Whoever copies finished videos and looks at their links."""
    herald: Herald | None = None
    """Whoever tells people, where the settings name a way."""

    reads: Pace = field(default_factory=Pace)
    """How often any sheet may be read."""

    meter: Meter | None = None
    """What is counted for whoever watches; None where nobody does."""


def policy(settings: Settings) -> Policy:
    """The queue's rules out of the settings."""
    return Policy(
        max_in_flight=settings.zvid.max_in_flight,
        undo_seconds=settings.queue.undo_seconds,
        poll_seconds=settings.zvid.poll_seconds,
        settle_seconds=settings.zvid.timeout_seconds + settings.zvid.settle_seconds,
        deadline_seconds=settings.zvid.deadline_minutes * 60,
        credits_per_day=settings.budget.credits_per_day or None,
        credits_per_row=settings.budget.credits_per_row or None,
        sample_size=settings.queue.sample_size,
        ask_above_rows=settings.queue.ask_above_rows,
        breaker_failures=settings.queue.breaker_failures,
    )


def google(
    settings: Settings, quota: Quota | None = None, on_request: Callable[[str, str], None] | None = None
) -> GoogleSheets:
    """The Google client the settings describe, at the pace of one short command."""
    client = connect(
        settings.credentials_path,
        settings.google.base_url,
        anonymous=settings.google.credentials == "anonymous",
        quota=quota or Quota.of_one_command(),
    )
    if on_request is not None:
        client.on_request = on_request
    return client


def template_folder(settings: Settings, sheet: SheetSettings) -> Path:
    """Where a sheet's template is, or the usual one. Raises TemplateError when there is none of that name."""
    path = settings.template_path(sheet)
    return BUILT_IN if path is None else find_template(path)


def template_of(settings: Settings, sheet: SheetSettings) -> Template:
    """A sheet's template, or the built-in one."""
    return load_template(template_folder(settings, sheet))


def scouts_of(settings: Settings, clock: Clock) -> Scouts | None:
    """Whoever looks at links, if the settings want that."""
    if not settings.media.check:
        return None
    seconds = settings.media.timeout_seconds
    return Scouts(MediaFetcher(clock, timeout_seconds=seconds, reach=reach_of(settings.media)).look)


def media_desk(settings: Settings, clock: Clock, scouts: Scouts | None) -> MediaDesk:
    """Whoever keeps what was found at links."""
    return MediaDesk(clock, scouts, reach=reach_of(settings.media), sizes=sizes_of(settings.media))


def sizes_of(media: MediaSettings) -> Sizes:
    """The largest files that are used."""
    limits = (media.picture_mb, media.video_mb, media.sound_mb)
    return Sizes(*(round(limit * 1_000_000) for limit in limits))


def reach_of(media: MediaSettings) -> Reach:
    """Where files may lie."""
    return WITH_PRIVATE if media.allow_private else PUBLIC


@contextmanager
def robot(settings: Settings, quota: Quota | None = None) -> Iterator[Robot]:
    """A robot that may write: holds the journal's lock until the block ends.

    A tab out of reach is tried again with every tick; only a robot that never saw any of its tabs refuses to
    start without one. Raises SettingsError, TemplateError, AlreadyRunningError, JournalError or SheetUnavailableError, each
    with words for the operator.
    """
    clock = SystemClock()
    key = settings.zvid_key()
    watches = _watches(settings, clock)
    with ExitStack() as stack:
        state = StateFolder(settings.journal_path.parent).open(clock.now())
        stack.callback(state.close)
        meter = Meter(clock)
        client = google(settings, quota or Quota(), meter.requested)
        books: dict[str, Workbook | Failure] = {}
        if state.known_installation() is None and not settings.journal_path.exists():
            books = _books(client, settings)
            _take_over(client, (book for book in books.values() if isinstance(book, Workbook)), state)
        # Trouble with the journal is said first, also where the sheet cannot be reached either.
        journal = open_journal(settings.journal_path, state, clock.now())
        stack.callback(journal.close)
        books = books or _books(client, settings)
        service = ZvidService(
            settings.zvid.base_url, key, timeout_seconds=settings.zvid.timeout_seconds, clock=clock
        )
        stack.callback(service.close)
        pool = stack.enter_context(ThreadPoolExecutor(_CALLS_AT_ONCE, thread_name_prefix="zvid"))
        manager = ServiceManager(os.environ)
        shift = Shift(manager.alive, meter.live)
        executor = Executor(MeteredService(service, meter, clock), pool, shift, meter)
        installed = journal.installation()
        is_cold, namespace = installed.cold_since is not None, installed.id
        account = AccountWatch(
            clock,
            Account.fresh(settings.zvid.max_in_flight, share_of(str(namespace))),
            cold_seconds=policy(settings).settle_seconds if is_cold else 0,
            on_settled=journal.mark_settled,
        )
        scouts = scouts_of(settings, clock)
        if scouts is not None:
            stack.callback(scouts.close)
        media = media_desk(settings, clock, scouts)
        deliveries = stack.enter_context(closing(deliveries_of(settings, clock, meter)))
        signature = Signature(*state.sign_in(), str(namespace))
        here: dict[str, Presence] = {}

        def opened(sheet: SheetSettings, watch: TemplateWatch | None) -> Reconciler | Failure:
            book = books.get(sheet.spreadsheet) or _book(client, sheet)
            if isinstance(book, Failure):
                return book
            try:
                tab = GoogleTab(client, replace(book, header_row=sheet.header_row), sheet.tab)
            except SheetUnavailableError as error:
                return error.failure
            found = _watch(settings, sheet, clock, journal.last_template(tab.key)) if watch is None else watch
            if isinstance(found, TemplateError):
                return Failure(FailureClass.REJECTED, ProblemCode.TEMPLATE_BUG, str(found))
            presence = here.setdefault(tab.key.spreadsheet, Presence(signature, tab.key.spreadsheet, clock))
            observer = Observer(tab, journal, clock, found, namespace, presence)
            reconciler = Reconciler(observer, journal, executor, policy(settings), account, media)
            reconciler.recover()
            return reconciler

        desks = [
            Desk(
                title,
                sheet.interval_seconds,
                LateTab(partial(opened, sheet, watch), TickLine(title, meter, clock), deliveries.desk),
            )
            for title, sheet, watch in zip(_titles(settings.sheets), settings.sheets, watches, strict=True)
        ]
        # From here on every try looks anew.
        books.clear()
        failures = [desk.reconciler.failure for desk in desks]
        if failures[0] is not None and all(failures) and not journal.tabs():
            raise SheetUnavailableError(failures[0].detail, failures[0])
        yield Robot(
            tuple(desks),
            clock,
            Backups(journal, settings.journal.backups_kept),
            Upkeep(journal, clock, settings.journal.events_kept_days),
            manager,
            shift,
            settings.zvid.timeout_seconds,
            state.keep_health,
            Strays(
                journal,
                journal.tabs_in_flight(),
                lambda: {desk.reconciler.key for desk in desks},
                lambda tab: follower_of(
                    Books(tab, journal, clock, meter), journal, executor, account, policy(settings)
                ),
            ).follow,
            bool(journal.tabs()),
            media,
            scouts,
            deliveries,
            herald(settings, journal, clock, meter),
            client.quota.reads,
            meter,
        )


def _watches(settings: Settings, clock: Clock) -> list[TemplateWatch | None]:
    """Each sheet's template, watched; None where it cannot be used for now: one tab's trouble is not the others'.

    Raises TemplateError where there is nothing to begin with.
    """
    found = [_watch(settings, sheet, clock) for sheet in settings.sheets]
    broken = [one for one in found if isinstance(one, TemplateError)]
    if len(broken) == len(found) and not settings.journal_path.exists():
        raise broken[0]
    return [None if isinstance(one, TemplateError) else one for one in found]


def _watch(
    settings: Settings, sheet: SheetSettings, clock: Clock, last: Template | None = None
) -> TemplateWatch | TemplateError:
    """A sheet's template, watched; or why it cannot be used."""
    try:
        return TemplateWatch(template_folder(settings, sheet), clock, last)
    except TemplateError as error:
        path = settings.template_path(sheet)
        # Gone altogether: with a version to go on with, it may as well come back.
        return error if last is None or path is None else TemplateWatch(path, clock, last)


def _books(client: GoogleSheets, settings: Settings) -> dict[str, Workbook | Failure]:
    """Every spreadsheet once, however many of its tabs are looked after."""
    first = {sheet.spreadsheet: sheet for sheet in settings.sheets}
    return {address: _book(client, sheet) for address, sheet in first.items()}


def _book(client: GoogleSheets, sheet: SheetSettings) -> Workbook | Failure:
    try:
        return look_at(client, sheet.spreadsheet)
    except SheetUnavailableError as error:
        return replace(error.failure, detail=str(error))


def _titles(sheets: Sequence[SheetSettings]) -> list[str]:
    """What each tab is called in the log and in health: two spreadsheets may have tabs of the same name."""
    named = Counter(sheet.tab for sheet in sheets)
    return [
        sheet.tab
        if named[sheet.tab] == 1
        else f"{sheet.tab} in {short_spreadsheet(spreadsheet_id(sheet.spreadsheet))}"
        for sheet in sheets
    ]


def _take_over(client: GoogleSheets, books: Iterable[Workbook], state: StateFolder) -> None:
    """A robot without any state goes on under the name its sheet remembers: so it finds what was paid for."""
    for book in books:
        values = values_of(client, book, CONTROL_TAB)
        name = claimed_by(read_control(values or (), 0), book.spreadsheet)
        if name is not None:
            log.warning("installation_taken_over", installation=str(name), spreadsheet=book.spreadsheet)
            state.keep_installation(name)
            return


@contextmanager
def journal_view(settings: Settings) -> Iterator[JournalReader]:
    """The journal, to look at while a robot may be working. Raises JournalError when there is none."""
    reader = JournalReader(settings.journal_path)
    try:
        yield reader
    finally:
        reader.close()
