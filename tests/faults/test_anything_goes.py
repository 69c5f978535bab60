"""People, the robot, the service and bad luck take steps in any order; money and people's cells stay safe.

Every tick of a person carries a token in a column the robot does not know, so that it can be told which
content was approved: what the row said when the robot first read that tick.
"""

from __future__ import annotations

import random
import re
import secrets
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path
from unittest.mock import patch

from fakes.clock import FakeClock
from fakes.mortal import Life, ProcessDied
from fakes.render_service import FakeRenderService, OnRepeat
from fakes.sheet import OUT_OF_REACH, FakeSheet
from fakes.world import HEADER, World
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.cells import Cell, is_ticked
from bot.domain.failures import Failure
from bot.ports import Reading

TEXTS = st.sampled_from(["Alpha", "Bravo", "Charlie", "A headline that is much too long for it"])
PLACES = st.integers(0, 5)
_DRAWN = re.compile(r'"text":"([^"]*) for ')


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="rowreel-journals-")


class WitnessedSheet(FakeSheet):
    """Keeps which content each tick stood beside when it was first read."""

    def __init__(self) -> None:
        super().__init__((*HEADER, "Approve token", "Retry token"))
        self.meant: dict[Cell, Cell] = {}

    def read(self) -> Reading | Failure:
        reading = super().read()
        if isinstance(reading, Reading):
            for number in self.numbers:
                for box in ("Approve", "Retry"):
                    token = self.cell(number, f"{box} token")
                    if token is not None and is_ticked(self.cell(number, box)):
                        self.meant.setdefault(token, self.cell(number, "Headline"))
        return reading


class Anything(RuleBasedStateMachine):
    """One tab, at most a handful of rows."""

    @initialize(on_repeat=st.sampled_from(OnRepeat), hidden=st.sampled_from([0, 90]))
    def begin(self, on_repeat: OnRepeat, hidden: float) -> None:
        noise = random.Random(7)
        self._noise = patch.object(secrets, "token_bytes", noise.randbytes)
        self._noise.start()
        clock = FakeClock()
        service = FakeRenderService(clock, on_repeat, visible_after=hidden)
        self.sheet = WitnessedSheet()
        self.world = World(Path(_folder().name), clock=clock, service=service, life=Life(), sheet=self.sheet)
        self.world.look()
        self.tokens = 0

    def teardown(self) -> None:
        if hasattr(self, "world"):
            try:
                self._end_well()
            finally:
                self._noise.stop()
                self.world.close()
                self.world.path.unlink()

    # -- people ---------------------------------------------------------------

    def _row(self, place: int) -> int | None:
        numbers = self.sheet.numbers
        return numbers[place % len(numbers)] if numbers else None

    @rule(place=PLACES, text=TEXTS, ticked=st.booleans())
    def insert(self, place: int, text: str, ticked: bool) -> None:
        if len(self.sheet.numbers) < 6:
            number = 2 + place % (len(self.sheet.numbers) + 1)
            self.sheet.insert(number, {"Headline": text, "Approve": False, "Retry": False})
            if ticked:
                self._tick(number, "Approve")

    @rule(place=PLACES, text=TEXTS)
    def edit(self, place: int, text: str) -> None:
        if number := self._row(place):
            self.sheet.type(number, "Headline", text)

    @rule(place=PLACES, box=st.sampled_from(["Approve", "Approve", "Retry"]))
    def tick_box(self, place: int, box: str) -> None:
        if number := self._row(place):
            self._tick(number, box)

    def _tick(self, number: int, box: str) -> None:
        if not is_ticked(self.sheet.cell(number, box)):
            self.tokens += 1
            self.sheet.tick(number, box)
            self.sheet.type(number, f"{box} token", self.tokens)

    @rule(place=PLACES, box=st.sampled_from(["Approve", "Retry"]))
    def untick_box(self, place: int, box: str) -> None:
        if number := self._row(place):
            self.sheet.untick(number, box)

    @rule(reverse=st.booleans())
    def sort(self, reverse: bool) -> None:
        self.sheet.sort("Headline", reverse=reverse)

    @rule(place=PLACES)
    def delete(self, place: int) -> None:
        if number := self._row(place):
            self.sheet.delete(number)

    @rule(place=PLACES, to=PLACES)
    def copy(self, place: int, to: int) -> None:
        if (number := self._row(place)) and len(self.sheet.numbers) < 6:
            target = 2 + to % (len(self.sheet.numbers) + 1)
            self.sheet.copy(number, target)
            for box in ("Approve", "Retry"):
                # A tick the robot never read, copied, is two ticks of a person.
                if is_ticked(self.sheet.cell(target, box)):
                    self._give_token_if_unread(target, box)

    def _give_token_if_unread(self, number: int, box: str) -> None:
        if self.sheet.cell(number, f"{box} token") not in self.sheet.meant:
            self.tokens += 1
            self.sheet.type(number, f"{box} token", self.tokens)

    @rule(place=PLACES, spoiled=st.sampled_from([None, "Done", "r7k3qm"]))
    def spoil_id(self, place: int, spoiled: str | None) -> None:
        if number := self._row(place):
            self.sheet.type(number, "Row ID", spoiled)

    @rule(place=PLACES)
    def spoil_status(self, place: int) -> None:
        if number := self._row(place):
            self.sheet.type(number, "Status", "Done")

    # -- the robot and the service --------------------------------------------

    @rule(times=st.integers(1, 4))
    def look(self, times: int) -> None:
        for _ in range(times):
            self._tick_robot()

    @rule(seconds=st.sampled_from([1, 5, 16, 60, 160]))
    def wait(self, seconds: int) -> None:
        self.world.clock.advance(seconds)
        self._tick_robot()

    @rule()
    def work(self) -> None:
        self.world.service.work()

    def _tick_robot(self) -> None:
        try:
            self.world.tick()
        except ProcessDied:
            self.world.restart(Life())

    # -- bad luck -------------------------------------------------------------

    @rule()
    def restart(self) -> None:
        self.world.restart(Life())

    @rule(calls=st.integers(1, 8), after=st.booleans())
    def die_soon(self, calls: int, after: bool) -> None:
        assert self.world.life is not None
        self.world.life.die_in(calls, after=after)

    @rule()
    def lose_an_answer(self) -> None:
        self.world.service.lost_answers += 1

    @rule()
    def lose_a_request(self) -> None:
        self.world.service.lost_requests += 1

    @rule()
    def fail_a_render(self) -> None:
        self.world.service.failing_renders.append("Failed to download media")

    @rule(arrives=st.booleans())
    def lose_a_write(self, arrives: bool) -> None:
        if arrives:
            self.sheet.lost_writes += 1
        else:
            self.sheet.failing_writes.append(OUT_OF_REACH)

    @rule()
    def fail_a_read(self) -> None:
        self.sheet.failing_reads.append(OUT_OF_REACH)

    @precondition(lambda self: not self.sheet.before_write)
    @rule(reverse=st.booleans())
    def sort_between_read_and_write(self, reverse: bool) -> None:
        self.sheet.before_write.append(lambda: self.sheet.sort("Headline", reverse=reverse))

    # -- what always holds ----------------------------------------------------

    @invariant()
    def nothing_is_paid_twice(self) -> None:
        """A job id is derived from record, format, fingerprint and attempt: one charge each."""
        if hasattr(self, "world"):
            paid = Counter(charge.job_id for charge in self.world.service.charges)
            assert all(times == 1 for times in paid.values()), paid

    @invariant()
    def every_charge_has_its_own_tick(self) -> None:
        """For no content is more paid than there were ticks that meant it."""
        if hasattr(self, "world"):
            drawn = Counter(
                _DRAWN.search(charge.body)[1]  # type: ignore[index]
                for charge in self.world.service.charges
            )
            meant = Counter(self.sheet.meant.values())
            assert all(meant[text] >= times for text, times in drawn.items()), (drawn, meant)

    @invariant()
    def peoples_cells_are_theirs(self) -> None:
        if hasattr(self, "world"):
            assert self.world.changed_peoples_cells() == []

    def _end_well(self) -> None:
        """Bad luck ends: everything comes to rest, each row shows its own record, every job is known."""
        world, sheet = self.world, self.sheet
        world.service.lost_answers = world.service.lost_requests = sheet.lost_writes = 0
        world.service.visible_after = 0
        for trouble in (sheet.failing_reads, sheet.failing_writes, sheet.before_write):
            trouble.clear()
        world.restart(Life())
        world.settle()
        world.wait(20)
        world.settle()
        rows = [row for row in map(sheet.row, sheet.numbers) if row["Headline"] is not None]
        ids = [row["Row ID"] for row in rows]

        assert len(set(ids)) == len(ids)
        assert None not in ids
        for row in rows:
            _check_row(world, row)
        assert set(world.service.jobs) <= {intent.service_id for intent in world.intents()}
        assert world.robot.tick().edits == 0
        self.nothing_is_paid_twice()
        self.every_charge_has_its_own_tick()
        self.peoples_cells_are_theirs()


def _check_row(world: World, row: dict[str, Cell]) -> None:
    """A link belongs to the record, and `Done` to exactly this content."""
    mine = [intent for intent in world.intents() if intent.key.record == row["Row ID"]]
    if row["Video"] is not None:
        assert row["Video"] in [intent.url for intent in mine], row
    if row["Status"] == "Done":
        job = next(job for job in world.service.jobs.values() if job.url == row["Video"])
        assert f'"{row["Headline"]} for ' in job.body, row
    else:
        assert row["Status"] in {
            "Ready to approve",
            "Needs fixing",
            "Changed",
            "Failed",
            "Out of date",
            "On hold",
        }, row


TestAnything = Anything.TestCase
TestAnything.settings = settings(
    max_examples=50,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
