"""Looks are made beside the ticks: each link once, two at a time on one host, and no site delays another's."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from builders import snapshot
from fakes.clock import FakeClock
from fakes.staff import desk, staffed
from fakes.web import FakeMedia, InlineScouts
from fakes.world import World

from bot.daemon import Daemon
from bot.domain.ids import TabKey
from bot.domain.media.files import FileKind
from bot.domain.media.looks import Finding, Sight
from bot.planner.actions import LinkWishes
from bot.reconciler.media_desk import MediaDesk
from bot.reconciler.scouts import Scouts
from bot.reconciler.tick import TickReport
from bot.settings import Settings
from bot.wiring import media_desk, scouts_of

PICTURE = Sight(Finding.THERE, FileKind.PNG)
PATIENCE = 10


class Site:
    """Counts who looks at what, and keeps looks at some hosts waiting until it is opened."""

    def __init__(self, *slow: str) -> None:
        self._slow = slow
        self._lock = threading.Lock()
        self._busy: Counter[str] = Counter()
        self.opened = threading.Event()
        self.looks: list[str] = []
        self.most_on_one_host = 0
        self.most_at_once = 0

    def look(self, link: str) -> Sight:
        host = urlsplit(link).hostname or ""
        with self._lock:
            self.looks.append(link)
            self._busy[host] += 1
            self.most_on_one_host = max(self.most_on_one_host, *self._busy.values())
            self.most_at_once = max(self.most_at_once, self._busy.total())
        if host in self._slow:
            self.opened.wait(PATIENCE)
        with self._lock:
            self._busy[host] -= 1
        return PICTURE


@pytest.fixture
def hired() -> Iterator[Callable[..., Scouts]]:
    """Scouts of a test, sent home at its end."""
    made: list[Scouts] = []

    def hire(look: Callable[[str], Sight], *more: Callable[[], None]) -> Scouts:
        made.append(Scouts(look, *more))
        return made[-1]

    yield hire
    for one in made:
        one.close()


def until(claim: Callable[[], object]) -> None:
    """Waits until it is so."""
    for _ in range(PATIENCE * 1_000):
        if claim():
            return
        time.sleep(0.001)
    raise AssertionError("it never came to be")


def links(host: str, count: int) -> list[str]:
    return [f"https://{host}.example/{number}.png" for number in range(count)]


def test_f_M08_two_at_a_time_on_one_host(hired):
    """A hundred links of one host: all are looked at once, never three at the same time."""
    site = Site()
    scouts = hired(site.look)
    scouts.send("tab", links("a", 100))

    assert scouts.wait(PATIENCE)
    assert sorted(site.looks) == sorted(links("a", 100))
    assert site.most_on_one_host <= 2
    assert len(scouts.returned()) == 100


def test_f_M08_several_hosts_side_by_side(hired):
    """Eight looks at most, whoever they go to."""
    hosts = [f"h{number}" for number in range(20)]
    site = Site(*(f"{host}.example" for host in hosts))
    scouts = hired(site.look)
    scouts.send("tab", [link for host in hosts for link in links(host, 3)])
    until(lambda: site.most_at_once >= 8)
    site.opened.set()

    assert scouts.wait(PATIENCE)
    assert site.most_at_once == 8
    assert site.most_on_one_host <= 2


def test_f_M08_a_slow_host_delays_nobody_else(hired):
    """All others are back while the first two looks still wait."""
    site = Site("slow.example")
    scouts = hired(site.look)
    scouts.send("tab", [*links("slow", 50), *links("quick", 50)])
    found: list[str] = []
    until(lambda: len(found) == 50 or found.extend(link for link, _ in scouts.returned()))

    assert sorted(found) == sorted(links("quick", 50))
    assert scouts.pending == set(links("slow", 50))
    assert not scouts.is_idle
    site.opened.set()


def test_f_M08_wanted_by_many_looked_at_once(hired):
    """Two tabs, and plan after plan, want the same while it is under way."""
    site = Site("slow.example")
    scouts = hired(site.look)
    for _ in range(5):
        scouts.send("one", links("slow", 2))
        scouts.send("other", links("slow", 2))
    site.opened.set()

    assert scouts.wait(PATIENCE)
    scouts.send("one", links("slow", 2))
    assert scouts.wait(PATIENCE)
    assert sorted(site.looks) == links("slow", 2)
    assert scouts.has_news


def test_what_was_taken_may_be_wanted_again(hired):
    """A look whose result was heard of is followed by another, if somebody wants that."""
    site = Site()
    scouts = hired(site.look)
    for _ in range(2):
        scouts.send("tab", links("a", 1))
        assert scouts.wait(PATIENCE)
        assert scouts.returned() == [(links("a", 1)[0], PICTURE)]

    assert site.looks == links("a", 1) * 2


def test_what_nobody_wants_any_more_is_not_looked_at(hired):
    """Rows are edited and deleted while their links wait for their turn."""
    site = Site("slow.example")
    scouts = hired(site.look)
    scouts.send("tab", links("slow", 50))
    until(lambda: len(site.looks) >= 2)
    scouts.send("tab", [])
    site.opened.set()

    assert scouts.wait(PATIENCE)
    assert len(site.looks) == 2


def test_news_are_told_when_all_are_back(hired):
    """Once for a whole list, not once a link."""
    told = threading.Semaphore(0)
    scouts = hired(Site().look, told.release)
    scouts.send("tab", links("a", 30))

    assert told.acquire(timeout=PATIENCE)
    assert scouts.wait(PATIENCE)
    assert not told.acquire(blocking=False)


def test_a_look_that_breaks_is_a_silent_site(hired):
    """A mistake of ours stops neither the scout nor the others."""

    def look(link: str) -> Sight:
        if link.endswith("/0.png"):
            raise LookupError("a bug")
        return PICTURE

    scouts = hired(look)
    scouts.send("tab", links("a", 3))

    assert scouts.wait(PATIENCE)
    found = dict(scouts.returned())
    assert [found[link].finding for link in links("a", 3)] == [Finding.SILENT, Finding.THERE, Finding.THERE]


def test_nothing_is_begun_after_the_end(hired):
    """The robot leaves; what is still under way ends with it."""
    site = Site("slow.example")
    scouts = hired(site.look)
    scouts.send("tab", links("slow", 50))
    until(lambda: len(site.looks) >= 2)
    scouts.close()
    scouts.send("tab", links("quick", 5))
    site.opened.set()

    assert scouts.wait(PATIENCE)
    assert len(site.looks) == 2


# -- the desk --------------------------------------------------------------------


def wishes(*due: str, needs: tuple[str, ...] = (), next_in: float | None = None) -> LinkWishes:
    return LinkWishes(due, frozenset({*due, *needs}), next_in)


def test_looks_no_row_needs_are_forgotten():
    """A formula that makes a new link every minute fills no memory; what rows depend on is kept."""
    clock, media = FakeClock(), FakeMedia()
    one = MediaDesk(clock, InlineScouts(media))
    tab = TabKey("book", 0)
    for number in range(3_000):
        clock.advance(60)
        one.want(tab, wishes(f"https://a.example/{number}.png", needs=("https://a.example/0.png",)))
        one.take_in()

    assert len(one._looks) <= 1_002
    assert "https://a.example/0.png" in one._looks
    assert "https://a.example/2999.png" in one._looks
    assert "https://a.example/1.png" not in one._looks


def test_two_tabs_share_what_is_known():
    """What one wants, the other hears of."""
    clock, media = FakeClock(), FakeMedia()
    one = MediaDesk(clock, InlineScouts(media))
    one.want(TabKey("book", 0), wishes("https://a.example/0.png", next_in=60))
    one.want(TabKey("book", 7), wishes("https://b.example/0.png"))
    before = one.edition
    one.take_in()

    assert one.edition == before + 2
    assert one.next_due(TabKey("book", 0)) == 60
    assert one.next_due(TabKey("book", 7)) is None


def test_what_a_single_round_waits_for():
    """Looks under way, and those that decide whether a dead link is believed; a silent site is not waited for."""
    clock, media = FakeClock(), FakeMedia()
    scouts = InlineScouts(media)
    one, tab = MediaDesk(clock, scouts), TabKey("book", 0)
    dead, silent = "https://a.example/dead.png", "https://a.example/silent.png"
    media.put(dead, Finding.GONE)
    media.put(silent, Finding.SILENT)
    assert (MediaDesk(clock).open_in(), MediaDesk(clock).wait(1)) == (None, True)
    one.want(tab, wishes(dead, silent))
    assert one.open_in() == 0
    one.take_in()
    assert one.open_in() == 3
    clock.advance(3)
    for _ in range(2):
        one.want(tab, wishes(dead, needs=(silent,)))
        one.take_in()

    assert one.open_in() is None


def test_looking_can_be_switched_off():
    """Then nobody is hired, and no link is in any row's way."""
    clock = FakeClock()
    settings = Settings(sheets=({"spreadsheet": "book"},), media={"check": False})
    one = media_desk(settings, clock, scouts_of(settings, clock))
    seen = snapshot()
    one.want(seen.tab, wishes("https://a.example/0.png"))

    assert scouts_of(settings, clock) is None
    assert one.shown_to(seen).sights is None
    assert (one.has_news, one.is_back, one.next_due(seen.tab)) == (False, False, None)


# -- the daemon ------------------------------------------------------------------


def test_news_bring_the_next_look_at_the_sheet_forward(folder):
    """Nobody waits a minute for what a scout brought home; a tab in trouble keeps its distance."""
    world = World(folder)
    ticks: list[str] = []
    scouts = Scouts(Site().look)

    def tick(name: str) -> Callable[[], TickReport]:
        def work() -> TickReport:
            ticks.append(name)
            if len(ticks) == 2:
                scouts.on_news()
            if ticks.count("well") == 2:
                daemon.stop()
            if name == "broken":
                raise LookupError(name)
            return TickReport()

        return work

    robot = staffed(
        world, desk(tick("well"), "Well", interval=600), desk(tick("broken"), "Broken", interval=600)
    )
    daemon = Daemon(replace(robot, scouts=scouts))
    daemon.run()

    assert ticks == ["well", "broken", "well"]
    scouts.close()
    world.close()
