"""What may go wrong around the robot, drawn by chance: deaths, lost answers, outages, clocks, journals, prices."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from designs import TEMPLATES
from fakes.render_service import CONFLICT
from troubled import NAMELESS, AimedLife, TroubledWorld

from bot.domain.cells import is_ticked
from bot.domain.control import BoardColumn
from bot.domain.failures import Failure, FailureClass, ProblemCode

Mishap = Callable[[], str]

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


class BadLuck:
    """Strikes one world; every mishap says in words what it did."""

    def __init__(
        self, world: TroubledWorld, chance: random.Random, restart: Callable[[AimedLife], None]
    ) -> None:
        self._world = world
        self._chance = chance
        self._restart = restart
        mishaps: tuple[tuple[Mishap, int], ...] = (
            (self._die, 2),
            (self._die_sending, 2),
            (self._die_while_recovering, 2),
            (self._lose_answers, 2),
            (self._lose_requests, 2),
            (self._break_down, 2),
            (self._refuse, 2),
            (self._fail_renders, 2),
            (self._fail_reads, 2),
            (self._fail_writes, 2),
            (self._lose_writes, 2),
            (self._set_the_clock, 2),
            (self._change_the_price, 3),
            (self._edit_the_template, 3),
            (self._break_the_template, 1),
            (self._lose_the_journal, 1),
            (self._restore_a_copy, 2),
            (self._take_turns, 1),
        )
        self._mishaps = [mishap for mishap, _ in mishaps]
        self._weights = [weight for _, weight in mishaps]

    def strike(self) -> str:
        """One mishap, told in words."""
        [mishap] = self._chance.choices(self._mishaps, self._weights)
        return mishap()

    def rest(self) -> None:
        """Nothing goes wrong any more; whoever broke the template has mended it."""
        self._world.template = self._world.template
        service = self._world.service
        service.lost_answers = service.lost_requests = 0
        service.outages.clear()
        service.hands.clear()
        for sheet in self._world.sheets:
            sheet.lost_writes = 0
            sheet.reads_fail_until = sheet.writes_fail_until = 0.0
            sheet.before_write.clear()

    def _for_a_while(self) -> float:
        return self._world.clock.monotonic() + self._chance.choice([5, 30, 120])

    # -- the process ----------------------------------------------------------

    def _die(self) -> str:
        calls, after = self._chance.randint(1, 12), self._chance.random() < 0.5
        self._world.life.die_in(calls, after=after)
        return f"! the process will die {'after' if after else 'before'} its port call no. {calls} from here"

    def _die_sending(self) -> str:
        after = self._chance.random() < 0.7
        self._world.life.aim = ("submit", after)
        return f"! the process will die {'after' if after else 'before'} its next paid request"

    def _die_while_recovering(self) -> str:
        self._restart(self._short_life())
        return "! the process dies at rest, and perhaps again as it starts"

    def _short_life(self) -> AimedLife:
        return AimedLife(self._chance.randint(1, 2), after=self._chance.random() < 0.5)

    def _set_the_clock(self) -> str:
        seconds = self._chance.choice([-86_400, -3600, -60, 60, 3600, 86_400])
        self._world.clock.jump(seconds)
        self._world.is_accountable = False
        return f"! the wall clock jumps by {seconds} s"

    # -- the service ----------------------------------------------------------

    def _lose_answers(self) -> str:
        self._world.service.lost_answers += self._chance.randint(1, 2)
        return "! answers to paid requests will be lost"

    def _lose_requests(self) -> str:
        self._world.service.lost_requests += self._chance.randint(1, 2)
        return "! paid requests will be lost"

    def _break_down(self) -> str:
        until = self._for_a_while()
        calls = self._chance.choice(
            [
                ("submit",),
                ("look_up", "find", "sweep"),
                ("ask",),
                ("ask", "submit", "look_up", "find", "sweep"),
            ]
        )
        self._world.service.outages |= dict.fromkeys(calls, (until, _BREAKDOWN))
        return f"! 500 for {', '.join(calls)} until {until - 1000:.0f} s"

    def _refuse(self) -> str:
        until, failure = self._for_a_while(), self._chance.choice(_REFUSALS)
        calls = (
            ("submit",)
            if failure.kind in _FOR_SUBMITS_ALONE
            else ("ask", "submit", "look_up", "find", "sweep")
        )
        self._world.service.outages |= dict.fromkeys(calls, (until, failure))
        return f"! {failure.detail} for {', '.join(calls)} until {until - 1000:.0f} s"

    def _fail_renders(self) -> str:
        self._world.service.failing_renders += ["Failed to download media"] * self._chance.randint(1, 3)
        return "! renders will fail"

    def _change_the_price(self) -> str:
        self._world.service.price = self._chance.choice([5, 9, 12, 36])
        self._world.is_accountable = False
        return f"! a render costs {self._world.service.price} from now on"

    # -- the sheet ------------------------------------------------------------

    def _fail_reads(self) -> str:
        sheet = self._chance.choice(self._world.sheets)
        sheet.reads_fail_until = until = self._for_a_while()
        return f"! {sheet.key.tab}: cannot be read until {until - 1000:.0f} s"

    def _fail_writes(self) -> str:
        sheet = self._chance.choice(self._world.sheets)
        sheet.writes_fail_until = until = self._for_a_while()
        return f"! {sheet.key.tab}: cannot be written until {until - 1000:.0f} s"

    def _lose_writes(self) -> str:
        sheet = self._chance.choice(self._world.sheets)
        sheet.lost_writes += 1
        return f"! {sheet.key.tab}: the answer to a write will be lost"

    # -- the operator ---------------------------------------------------------

    def _edit_the_template(self) -> str:
        self._world.template = self._chance.choice(TEMPLATES)
        self._world.is_edited = True
        for sheet in self._world.sheets:
            if is_ticked(sheet.said(BoardColumn.GO_AHEAD)):
                self._world.hear_go_ahead(sheet)
        if is_down := self._chance.random() < 0.5:
            self._restart(AimedLife())
        return f"! the template is edited: version {self._world.template.version}{', restart' if is_down else ''}"

    def _break_the_template(self) -> str:
        for folder in self._world.folders:
            folder.spoil("contract.toml cannot be parsed")
        return "! the template is broken"

    def _lose_the_journal(self) -> str:
        self._world.replace_journal(None)
        self._restart(self._short_life())
        return "! the journal is lost"

    def _restore_a_copy(self) -> str:
        copy = self._copy()
        if copy is None:
            return "somebody copies the journal"
        self._world.replace_journal(copy)
        self._restart(self._short_life())
        return f"! an older copy of the journal is put in place: {copy.suffix}"

    def _take_turns(self) -> str:
        copy = self._copy()
        if copy is None:
            return "somebody copies the folder"
        self._world.replace_journal(copy, keep=True)
        self._restart(self._short_life())
        return f"! another robot's folder takes a turn: {copy.suffix}"

    def _copy(self) -> Path | None:
        """A copy to put in place; when there is none, one is made now.

        A service that gives ids of its own cannot be asked for what such a journal forgot.
        """
        world = self._world
        if world.copies and world.service.mode.on_send not in NAMELESS:
            return self._chance.choice(world.copies)
        world.keep_a_copy()
        return None
