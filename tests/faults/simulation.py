"""One seed, one history: people, the robot, the service and bad luck take turns as the seed says.

Time is virtual and nothing outside the seed is random, so a seed tells the same story every time.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from fakes.mortal import ProcessDied
from fakes.render_service import CONFLICT
from invariants import BrokenInvariantError, Invariants
from people import People
from troubled import AimedLife, Mode, OnSend, TroubledWorld

from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.reconciler.tick import TickReport

MOST_FAULTS = 6
SHOWN_STEPS = 30
_ROUNDS_UNTIL_REST = 300

Step = Callable[[], str]

_BREAKDOWN = Failure(FailureClass.IN_DOUBT, ProblemCode.SERVICE, "500: internal error")
_REFUSALS = (
    Failure(FailureClass.THROTTLED, ProblemCode.RATE, "429: slow down", retry_after=20),
    Failure(FailureClass.THROTTLED, ProblemCode.RATE, "429: slow down"),
    Failure(FailureClass.EXHAUSTED, ProblemCode.CREDITS, "402: Insufficient credits"),
    Failure(FailureClass.DENIED, ProblemCode.AUTH, "401: Unauthorized"),
    Failure(FailureClass.TRANSIENT, ProblemCode.NET, "not sent (ConnectError)"),
    CONFLICT,
)
_FOR_SUBMITS_ALONE = {FailureClass.CONFLICT, FailureClass.EXHAUSTED}


class SimulationError(AssertionError):
    """A seed whose story broke an invariant, with its last steps and how to see it again."""

    def __init__(self, story: Simulation, broken: BaseException) -> None:
        self.seed = story.seed
        self.broken = str(broken) if isinstance(broken, BrokenInvariantError) else f"P11 broke: {broken!r}"
        shown = "\n".join(story.log[-SHOWN_STEPS:])
        super().__init__(
            f"seed {story.seed}: {self.broken}\n{story.mode}\n{shown}\n"
            f"Again: SEED={story.seed} python -m pytest tests/faults/test_simulations.py -s"
        )


def simulate(seed: int, folder: Path) -> list[str]:
    """Plays a seed and hands out its log. Raises SimulationError at the first broken invariant."""
    noise = random.Random(f"ids of {seed}")
    with patch.object(secrets, "token_bytes", noise.randbytes):
        story = Simulation(seed, folder)
        try:
            story.play()
        except Exception as broken:
            raise SimulationError(story, broken) from broken
        finally:
            story.close()
    return story.log


@dataclass(frozen=True, slots=True)
class _Plot:
    """When bad luck strikes."""

    steps: int
    faults: frozenset[int]


class Simulation:
    """The story of one seed."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed = seed
        self.log: list[str] = []
        self._chance = chance = random.Random(seed)
        self.mode = Mode(
            on_send=chance.choice(list(OnSend)),
            visible_after=chance.choice([0.0, 90.0]),
            names_at_once=chance.random() < 0.5,
            listed_at_once=chance.random() < 0.3,
        )
        # Most stories are short: what a long one finds, many short ones find sooner.
        steps = 50 + int(250 * chance.random() ** 24)
        faults = chance.sample(range(steps), chance.randint(0, MOST_FAULTS))
        self._plot = _Plot(steps, frozenset(faults))
        self._world = TroubledWorld(folder, self.mode)
        self._checks = Invariants(self._world)
        self._people = People(self._world.sheet, self._checks, chance)
        self._deeds: tuple[list[Step], list[int]] = _weighed(
            (self._people.do_something, 12),
            (self._look, 7),
            (self._wait, 8),
            (self._work, 5),
            (self._reach_in, 1),
        )
        self._mishaps: list[Step] = [
            self._die,
            self._die_sending,
            self._die_while_recovering,
            self._lose_answers,
            self._lose_requests,
            self._break_down,
            self._refuse,
            self._fail_renders,
            self._fail_reads,
            self._fail_writes,
            self._lose_writes,
            self._set_the_clock,
        ]

    def close(self) -> None:
        self._world.close()
        for left in self._world.path.parent.glob(f"{self._world.path.name}*"):
            left.unlink()

    def play(self) -> None:
        """The whole story, then calm, then the end."""
        self._tick()
        for number in range(self._plot.steps):
            if number in self._plot.faults:
                deed = self._chance.choice(self._mishaps)
            else:
                [deed] = self._chance.choices(*self._deeds)
            self._tell(deed())
            self._checks.always()
        self._calm_down()
        self._checks.at_rest()

    def _tell(self, what: str) -> None:
        self.log.append(f"{len(self.log) + 1:4} {self._world.clock.monotonic() - 1000:7.0f} s  {what}")

    # -- the robot and the service --------------------------------------------

    def _tick(self) -> TickReport | None:
        """One tick; a process that dies in it is followed by another one."""
        world, sheet = self._world, self._world.sheet
        sheet.is_clean = True
        applied, writes = world.watched.applied, sheet.writes
        try:
            report = world.tick()
        except ProcessDied as end:
            if world.watched.applied > applied:
                sheet.believe()
            self._tell(f"   the process dies of {end}")
            self._restart(AimedLife())
            return None
        if report.failure is not None:
            return report
        sheet.believe()
        if sheet.writes > writes + 1:
            raise BrokenInvariantError("I11 more than one write a tick")
        if sheet.is_clean:
            self._checks.rows_show_their_own_record()
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
            report = self._tick()
            told.append(_what_it_did(report))
            if report is None or not report.wake_at_once:
                break
        return f"the robot looks: {', then '.join(told)}"

    def _wait(self) -> str:
        seconds = self._chance.choice([1, 5, 16, 16, 60, 160])
        self._world.clock.advance(seconds)
        return f"{seconds} s pass, {self._look()}"

    def _work(self) -> str:
        self._world.service.work()
        return "the service works"

    def _reach_in(self) -> str:
        if not self._world.sheet.before_write:
            self._world.sheet.before_write.append(lambda: self._tell(f"   {self._people.do_something()}"))
        return "somebody will reach in between a read and its write"

    # -- bad luck -------------------------------------------------------------

    def _die(self) -> str:
        calls, after = self._chance.randint(1, 12), self._chance.random() < 0.5
        self._world.life.die_in(calls, after=after)
        return f"! the process will die {'after' if after else 'before'} its port call no. {calls} from here"

    def _die_sending(self) -> str:
        after = self._chance.random() < 0.7
        self._world.life.aim = ("submit", after)
        return f"! the process will die {'after' if after else 'before'} its next paid request"

    def _die_while_recovering(self) -> str:
        self._restart(AimedLife(self._chance.randint(1, 2), after=self._chance.random() < 0.5))
        return "! the process dies at rest, and perhaps again as it starts"

    def _lose_answers(self) -> str:
        self._world.service.lost_answers += self._chance.randint(1, 2)
        return "! answers to paid requests will be lost"

    def _lose_requests(self) -> str:
        self._world.service.lost_requests += self._chance.randint(1, 2)
        return "! paid requests will be lost"

    def _for_a_while(self) -> float:
        return self._world.clock.monotonic() + self._chance.choice([5, 30, 120])

    def _break_down(self) -> str:
        until = self._for_a_while()
        calls = self._chance.choice(
            [("submit",), ("look_up", "find"), ("ask",), ("ask", "submit", "look_up", "find")]
        )
        self._world.service.outages |= dict.fromkeys(calls, (until, _BREAKDOWN))
        return f"! 500 for {', '.join(calls)} until {until - 1000:.0f} s"

    def _refuse(self) -> str:
        until, failure = self._for_a_while(), self._chance.choice(_REFUSALS)
        calls = ("submit",) if failure.kind in _FOR_SUBMITS_ALONE else ("ask", "submit", "look_up", "find")
        self._world.service.outages |= dict.fromkeys(calls, (until, failure))
        return f"! {failure.detail} for {', '.join(calls)} until {until - 1000:.0f} s"

    def _fail_renders(self) -> str:
        self._world.service.failing_renders += ["Failed to download media"] * self._chance.randint(1, 3)
        return "! renders will fail"

    def _fail_reads(self) -> str:
        self._world.sheet.reads_fail_until = until = self._for_a_while()
        return f"! the sheet cannot be read until {until - 1000:.0f} s"

    def _fail_writes(self) -> str:
        self._world.sheet.writes_fail_until = until = self._for_a_while()
        return f"! the sheet cannot be written until {until - 1000:.0f} s"

    def _lose_writes(self) -> str:
        self._world.sheet.lost_writes += 1
        return "! the answer to a write will be lost"

    def _set_the_clock(self) -> str:
        seconds = self._chance.choice([-86_400, -3600, -60, 60, 3600, 86_400])
        self._world.clock.jump(seconds)
        return f"! the wall clock jumps by {seconds} s"

    # -- the end --------------------------------------------------------------

    def _calm_down(self) -> None:
        """Bad luck and people rest; within a bounded number of looks, so does the robot."""
        world, sheet = self._world, self._world.sheet
        world.service.lost_answers = world.service.lost_requests = sheet.lost_writes = 0
        world.service.outages.clear()
        sheet.reads_fail_until = sheet.writes_fail_until = 0.0
        sheet.before_write.clear()
        world.life = AimedLife()
        self._restart(world.life)
        self._tell("calm")
        for _ in range(_ROUNDS_UNTIL_REST):
            report = self._tick()
            assert report is not None
            if report.wake_at_once:
                continue
            if not any(
                one.is_live and one.state != "needs_decision" for one in world.watched.intents.values()
            ):
                break
            world.service.work()
            world.clock.advance(min(report.next_due or 5.0, 60.0) + 0.001)
            self._checks.always()
        self._tick()


def _what_it_did(report: TickReport | None) -> str:
    if report is None:
        return "dies"
    if report.failure is not None:
        return f"cannot read, makes {report.calls} calls"
    if not (report.changes or report.edits or report.calls):
        return "rests"
    return f"decides {report.changes}, writes {report.edits}, calls {report.calls}"


def _weighed(*deeds: tuple[Step, int]) -> tuple[list[Step], list[int]]:
    return [deed for deed, _ in deeds], [weight for _, weight in deeds]
