"""One seed, one history: people, the robot, the service and bad luck take turns as the seed says.

Time is virtual and nothing outside the seed is random, so a seed tells the same story every time.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

from badluck import BadLuck
from fakes.mortal import ProcessDied
from invariants import BrokenInvariantError, Invariants
from people import People
from troubled import AimedLife, Mode, OnSend, TroubledWorld

from bot.planner.snapshot import Policy
from bot.reconciler.tick import TickReport

MOST_FAULTS = 6
SHOWN_STEPS = 30
_ROUNDS_UNTIL_REST = 300
_ROUNDS_UNTIL_ASKED = 60

Step = Callable[[], str]


class SimulationError(AssertionError):
    """A seed whose story broke an invariant, with its last steps and how to see it again."""

    def __init__(self, story: Simulation, broken: BaseException) -> None:
        self.seed = story.seed
        self.broken = str(broken) if isinstance(broken, BrokenInvariantError) else f"P11 broke: {broken!r}"
        shown = "\n".join(story.log[-SHOWN_STEPS:])
        super().__init__(
            f"seed {story.seed}: {self.broken}\n{story.mode}\n{shown}\nAgain: SEED={story.seed} {story.again}"
        )


def simulate(seed: int, folder: Path, kind: type[Simulation] | None = None) -> list[str]:
    """Plays a seed and hands out its log. Raises SimulationError at the first broken invariant."""
    noise = random.Random(f"ids of {seed}")
    with patch.object(secrets, "token_bytes", noise.randbytes):
        story = (kind or Simulation)(seed, folder)
        try:
            story.play()
        except Exception as broken:
            raise SimulationError(story, broken) from broken
        finally:
            story.close()
    return story.log


@dataclass(frozen=True, slots=True)
class Plot:
    """When bad luck strikes."""

    steps: int
    faults: frozenset[int]


class Simulation:
    """The story of one seed."""

    again = "python -m pytest tests/faults/test_simulations.py -s"
    meddles = False
    reaches_in = 1
    """How often somebody gets in between, beside twelve deeds of people."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed = seed
        self.log: list[str] = []
        self._chance = chance = random.Random(seed)
        self.mode = Mode(
            on_send=chance.choice(list(OnSend)),
            visible_after=chance.choice([0.0, 90.0]),
            names_at_once=chance.random() < 0.5,
            listed_at_once=chance.random() < 0.3,
            sweep_above=chance.choice([0, 10]),
        )
        self._plot = self._draw_plot()
        tabs = 2 if chance.random() < 0.3 else 1
        self._world = TroubledWorld(folder, self.mode, tabs, _habits(seed, self.mode))
        self._checks = Invariants(self._world)
        self._people = [
            People(sheet, self._checks, chance, self._world, meddles=self.meddles)
            for sheet in self._world.sheets
        ]
        self._bad_luck = BadLuck(self._world, chance, self._restart)
        self._deeds: tuple[list[Step], list[int]] = _weighed(
            (self._do_something, 12),
            (self._look, 7),
            (self._wait, 8),
            (self._work, 5),
            (self._reach_in, self.reaches_in),
        )

    def _draw_plot(self) -> Plot:
        # Most stories are short: what a long one finds, many short ones find sooner.
        steps = 40 + int(260 * self._chance.random() ** 24)
        return Plot(steps, frozenset(self._chance.sample(range(steps), self._chance.randint(0, MOST_FAULTS))))

    def close(self) -> None:
        self._world.close()
        for left in self._world.path.parent.glob(f"{self._world.path.name}*"):
            left.unlink()

    def play(self) -> None:
        """The whole story, then calm, then the end."""
        self._tick()
        for number in range(self._plot.steps):
            if number in self._plot.faults:
                deed: Step = self._bad_luck.strike
            else:
                [deed] = self._chance.choices(*self._deeds)
            self._tell(deed())
            self._checks.always()
        self._calm_down()
        self._checks.at_rest()

    def _tell(self, what: str) -> None:
        self.log.append(f"{len(self.log) + 1:4} {self._world.clock.monotonic() - 1000:7.0f} s  {what}")

    # -- the robot and the service --------------------------------------------

    def _tick(self) -> list[TickReport] | None:
        """One tick of every tab; a process that dies in it is followed by another one."""
        try:
            return [self._tick_tab(number) for number in range(len(self._world.sheets))]
        except ProcessDied as end:
            self._tell(f"   the process dies of {end}")
            self._restart(AimedLife())
            return None

    def _tick_tab(self, number: int) -> TickReport:
        world, sheet = self._world, self._world.sheets[number]
        sheet.is_clean, sheet.has_strayed = True, False
        applied, writes, live = world.watched.applied, sheet.writes, world.watched.live()
        try:
            report = world.robots[number].tick()
        except ProcessDied:
            if world.watched.applied > applied:
                sheet.believe()
            raise
        if report.bugs:
            raise report.bugs[0].cause
        if report.failure is not None:
            return report
        if report.header:
            return report
        sheet.believe()
        if sheet.writes > writes + 1 + sheet.has_strayed:
            raise BrokenInvariantError("I11 more than one write a tick, and one more to put rows right")
        if report.calls > live + report.changes:
            raise BrokenInvariantError(f"I14 {report.calls} calls for {live} intents")
        if sheet.is_clean:
            self._checks.rows_show_their_own_record(sheet)
        return report

    def _restart(self, life: AimedLife) -> None:
        try:
            self._world.restart(life)
        except ProcessDied:
            self._world.restart(AimedLife())
        self._checks.nothing_is_forgotten()

    def _look(self) -> str:
        told = []
        for _ in range(6):
            reports = self._tick()
            told.append(_what_it_did(reports))
            if reports is None or not any(one.wake_at_once for one in reports):
                break
        return f"the robot looks: {', then '.join(told)}"

    def _wait(self) -> str:
        seconds = self._chance.choice([1, 5, 16, 16, 60, 160])
        self._world.clock.advance(seconds)
        return f"{seconds} s pass, {self._look()}"

    def _work(self) -> str:
        self._world.service.work()
        return "the service works"

    def _do_something(self) -> str:
        return self._chance.choice(self._people).do_something()

    def _reach_in(self) -> str:
        people = self._chance.choice(self._people)
        if not people.sheet.before_write:
            people.sheet.before_write.append(lambda: self._tell(f"   {people.do_something()}"))
        return f"{people.sheet.key.tab}: somebody will reach in between a read and its write"

    # -- the end --------------------------------------------------------------

    def _calm_down(self) -> None:
        """Bad luck and people rest; within a bounded number of looks, so does the robot."""
        self._bad_luck.rest()
        for people in self._people:
            self._tell(people.mend_columns())
            self._tell(people.mend_limits())
        self._world.life = AimedLife()
        # Nobody waits for tomorrow's credits.
        self._world.policy = replace(self._world.policy, credits_per_day=None)
        self._restart(self._world.life)
        self._tell("calm")
        if len(self._world.sheets) > 1 and self._chance.random() < 0.5:
            # One tab stays out of reach: that must not keep the others from their ends.
            broken = self._chance.randrange(len(self._world.sheets))
            self._world.sheets[broken].reads_fail_until = float("inf")
            self._come_to_rest(but=broken)
            self._checks.others_ended(self._world.sheets[broken])
            self._world.sheets[broken].reads_fail_until = 0.0
        self._come_to_rest()
        self._tick()

    def _come_to_rest(self, but: int | None = None) -> None:
        world = self._world
        spared = world.sheets[but].key if but is not None else None
        for number in range(1, _ROUNDS_UNTIL_REST):
            if number % _ROUNDS_UNTIL_ASKED == 0:
                # After several failures in a row, or a lost journal, the robot waits for a person's word.
                for people in self._people:
                    self._tell(people.go_ahead())
            reports = self._tick()
            assert reports is not None
            if any(one.wake_at_once for one in reports):
                continue
            if not world.watched.unended(but=spared):
                return
            world.service.work()
            due = min((one.next_due for one in reports if one.next_due is not None), default=5.0)
            world.clock.advance(min(due, 60.0) + 0.001)
            self._checks.always()


def _habits(seed: int, mode: Mode) -> Policy:
    """What the operator of this story's robot has set."""
    chance = random.Random(f"habits of {seed}")
    return Policy(
        sweep_above=mode.sweep_above,
        sample_size=chance.choice([0, 0, 0, 10, 10, 1, 2, 3]),
        credits_per_day=chance.choice([None, None, None, None, 20, 40]),
        credits_per_row=chance.choice([None, None, None, None, None, 9]),
    )


def _what_it_did(reports: list[TickReport] | None) -> str:
    if reports is None:
        return "dies"
    return " and ".join(_what_one_did(report) for report in reports)


def _what_one_did(report: TickReport) -> str:
    if report.failure is not None:
        return f"cannot read, makes {report.calls} calls"
    if not (report.changes or report.edits or report.calls):
        return "rests"
    return f"decides {report.changes}, writes {report.edits}, calls {report.calls}"


def _weighed(*deeds: tuple[Step, int]) -> tuple[list[Step], list[int]]:
    return [deed for deed, _ in deeds], [weight for _, weight in deeds]
