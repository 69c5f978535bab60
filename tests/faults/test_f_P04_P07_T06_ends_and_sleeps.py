"""The robot is told to end, or sleeps, or is slow, at every step of a tick: nothing is sent that should not be."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from fakes.staff import desk, in_virtual_time, staffed
from fakes.world import World

from bot.daemon import Daemon
from bot.domain.intents import State
from bot.reconciler.shift import Shift
from bot.reconciler.tick import TickReport
from bot.watchman import SECONDS_TO_LEAVE, Watchman


@pytest.fixture
def world(folder):
    world = World(folder)
    world.know_the_tab()
    yield world
    world.close()


class Hooked:
    """A port that does something else as well, once, at the next call of a name after it was armed."""

    def __init__(self, port: Any, name: str, deed: Callable[[], None], *, after: bool = False) -> None:
        self._port, self._name, self._after = port, name, after
        self._deed = deed
        self._deeds: list[Callable[[], None]] = []

    def arm(self) -> None:
        self._deeds.append(self._deed)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name != self._name:
            return found

        def call(*given: Any) -> Any:
            if not self._after and self._deeds:
                self._deeds.pop()()
            answer = found(*given)
            if self._after and self._deeds:
                self._deeds.pop()()
            return answer

        return call


def hooked(world: World, port: str, name: str, deed: Callable[[], None], *, after: bool = False) -> Hooked:
    """A robot one of whose ports is hooked, to be armed when it has come so far."""
    hook = Hooked(getattr(world, port), name, deed, after=after)
    ports = {"sheet": world.sheet, "journal": world.journal, "service": world.service, port: hook}
    world.robot = world.start(**ports)
    return hook


def due(world: World, *headlines: str) -> None:
    """Approved and quoted; the next tick would send them."""
    for headline in headlines:
        world.sheet.tick(world.add(headline))
    world.look()
    world.clock.advance(world.policy.undo_seconds + 0.1)


def go_on(world: World, *headlines: str) -> None:
    """After a restart every row is done, and was paid for once."""
    world.restart()
    world.settle()
    assert [world.shown(one) for one in headlines] == ["Done"] * len(headlines)
    assert [world.charges_for(one) for one in headlines] == [1] * len(headlines)


# -- P04 ----------------------------------------------------------------------


def test_f_P04_told_to_end_during_a_read(world: World):
    """What was read binds no tick and sends nothing any more."""
    world.sheet.tick(world.add("Spring"))
    hooked(world, "sheet", "read", world.shift.end).arm()
    world.tick()

    assert world.intents() == []
    go_on(world, "Spring")


@pytest.mark.parametrize("when", ["read", "write"])
def test_f_P04_told_to_end_before_the_calls(world: World, when: str):
    """An intent that is due stays where it is."""
    hook = hooked(world, "sheet", when, world.shift.end)
    due(world, "Spring")
    world.add("Another")
    hook.arm()
    world.tick()

    assert world.service.sends == 0
    assert world.states() == [State.WAITING]
    go_on(world, "Spring")


def test_f_P04_told_to_end_between_two_calls(world: World):
    """The answer under way is kept; what waited for its turn was surely not sent and waits again."""
    hooked(world, "service", "submit", world.shift.end).arm()
    due(world, "Spring", "Summer")
    world.tick()

    assert world.service.sends == 1
    by_state = {one.state: one for one in world.intents()}
    assert set(by_state) == {State.SUBMITTED, State.WAITING}
    assert by_state[State.WAITING].sent_at is None
    go_on(world, "Spring", "Summer")


def test_f_P04_no_look_after_the_end(world: World):
    """Polling stops as well, also while the sheet cannot be read."""
    world.add("Spring")
    world.approve("Spring")
    world.clock.advance(60)
    world.shift.end()
    report = world.tick()

    assert report.calls == 0
    assert world.states() == [State.SUBMITTED]


def watched(shift: Shift) -> tuple[Watchman, list[int]]:
    left: list[int] = []
    return Watchman(shift, left.append, drain_seconds=30, stuck_seconds=100), left


@pytest.mark.parametrize("calling", [False, True])
def test_f_P04_the_end_does_not_wait_for_ever(calling: bool):
    """A sheet that hangs is left after some seconds; a paid answer gets the drain time on top."""
    shift = Shift()
    watchman, left = watched(shift)
    shift.end()
    with shift.calls() if calling else contextlib.nullcontext():
        looks = 0
        while not left:
            watchman.look()
            looks += 1

    assert looks == SECONDS_TO_LEAVE + 30 * calling
    assert left == [0]


# -- P06 ----------------------------------------------------------------------


def test_f_P06_sighup_is_said_once(heard: list[Any]):
    """One line, from another thread than the one the signal interrupts."""
    watchman, left = watched(Shift())
    watchman.hang_up()
    watchman.look()
    watchman.look()

    assert [one["event"] for one in heard] == ["sighup_ignored"]
    assert left == []


# -- P07 ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["advance", "jump"])
def test_f_P07_asleep_during_a_read(world: World, kind: str):
    """Ten minutes pass, on either clock: what was read before is acted upon in no way."""
    world.sheet.tick(world.add("Spring"))
    sleep = getattr(world.clock, kind)
    hooked(world, "sheet", "read", lambda: sleep(600), after=True).arm()
    report = world.tick()

    assert report == TickReport(wake_at_once=True)
    assert world.intents() == []
    go_on(world, "Spring")


def test_f_P07_unticked_while_it_slept(world: World):
    """Asleep between the read and the send; meanwhile somebody took the approval back: never sent."""

    def sleep() -> None:
        world.clock.advance(600)
        world.sheet.untick(2)

    hook = hooked(world, "sheet", "write", sleep)
    due(world, "Spring")
    world.add("Another")
    hook.arm()
    world.tick()
    states = world.states()
    world.wait(60)

    assert states == [State.WAITING]
    assert world.states() == [State.CANCELLED]
    assert world.service.sends == 0


def test_f_P07_asleep_right_before_the_send(world: World):
    """Marked as being sent already: taken back, looked at again, sent once."""
    # The poll of another job is what takes ten minutes.
    hook = hooked(world, "service", "look_up", lambda: world.clock.advance(600))
    world.add("First")
    world.approve("First")
    due(world, "Spring")
    world.clock.advance(60)
    hook.arm()
    before = world.service.sends
    world.tick()

    assert world.service.sends == before
    assert world.states() == [State.SUBMITTED, State.WAITING]
    go_on(world, "First", "Spring")


def test_f_P07_journaled_but_not_shown(world: World):
    """Asleep while the journal was written: the sheet is read again before anything is written into it."""
    world.add("Spring")

    class Slow:
        def learn_tab(self, *_given: Any) -> None:
            world.clock.advance(600)

        def __getattr__(self, name: str) -> Any:
            return getattr(world.journal, name)

    world.robot = world.start(world.sheet, Slow(), world.service)  # type: ignore[arg-type]
    world.robot.books._memory = world.journal.remember_tab(world.sheet.key)
    object.__setattr__(world.robot.books._memory, "is_known", False)
    writes = world.sheet.writes
    report = world.tick()

    assert report.wake_at_once
    assert world.sheet.writes == writes
    go_on(world)


def at_ticks(world: World, lengths: list[float]) -> list[tuple[float, float]]:
    """When each tick of a daemon began and ended, given how long each takes."""
    spans: list[tuple[float, float]] = []

    def tick() -> TickReport:
        began = world.clock.monotonic()
        world.clock.advance(lengths.pop(0))
        spans.append((began, world.clock.monotonic()))
        if not lengths:
            daemon.stop()
        return TickReport()

    daemon = Daemon(staffed(world, desk(tick, interval=5)))
    in_virtual_time(daemon, world.clock)
    daemon.run()
    return spans


def test_f_P07_no_burst_after_a_long_sleep(world: World):
    """Ten minutes asleep are not made up for: the next looks come at their usual distance."""
    spans = at_ticks(world, [600, 0, 0, 0])

    assert [after[0] - before[1] for before, after in pairwise(spans)] == [5, 5, 5]


def test_f_T06_a_tick_longer_than_the_interval(world: World):
    """The next one begins after it, none runs beside it, and none is lost."""
    spans = at_ticks(world, [7, 12, 7, 0])

    assert len(spans) == 4
    assert all(after[0] >= before[1] for before, after in pairwise(spans))


def test_f_P07_a_stopped_process_is_not_stuck():
    """Only looks that were made count: whoever was stopped together with the worker saw nothing."""
    shift = Shift()
    watchman, left = watched(shift)
    for _ in range(99):
        watchman.look()
    shift.live()
    for _ in range(99):
        watchman.look()

    assert left == []
