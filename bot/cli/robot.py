"""`rowreel run` and `rowreel once`: the daemon, and one tick of it."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import FrameType

import click

from bot.cli.options import config_option, settings_with_logs
from bot.daemon import Daemon, longest_silence
from bot.domain import wording
from bot.domain.contract import HeaderProblem, PeopleColumn, RobotColumn
from bot.domain.pace import Quota
from bot.receiving import receiving
from bot.reconciler.report import TickReport
from bot.watching import watching
from bot.wiring import Desk, Robot, robot

_LONGEST_LOOKING = 30.0
"""Seconds a single round takes at most for links."""


@click.command()
@config_option
@click.pass_context
def run(context: click.Context, config: Path) -> None:
    """Run the robot until it is told to stop (Ctrl-C or SIGTERM; a second one ends it at once)."""
    settings = settings_with_logs(config)
    with robot(settings) as built:
        # All that is loaded by now stays to the end: it need not be searched for garbage every few ticks.
        gc.freeze()
        first_looks: dict[str, TickReport] = {}

        def give_up_without_a_usable_tab(desk: Desk, report: TickReport) -> None:
            """At its very first start a header nobody can work with is told to whoever sets the robot up."""
            if built.knows_tabs or desk.title in first_looks:
                return
            first_looks[desk.title] = report
            if report.header:
                # Nobody may be reading any more.
                with contextlib.suppress(OSError):
                    complain_of_header(desk.title, report.header)
            if len(first_looks) == len(built.desks) and all(look.header for look in first_looks.values()):
                daemon.stop()

        daemon = Daemon(built, give_up_without_a_usable_tab, os._exit)
        stop_on_signals(daemon)
        # Signals interrupt this thread alone: whatever the worker holds at that moment, they cannot meet it.
        with (
            watching(settings, built, longest_silence(built)),
            receiving(settings, built.clock, daemon.hear_of),
            ThreadPoolExecutor(1, thread_name_prefix="robot") as worker,
        ):
            worker.submit(daemon.run).result()
    context.exit(1 if first_looks and all(look.header for look in first_looks.values()) else 0)


@click.command()
@config_option
@click.pass_context
def once(context: click.Context, config: Path) -> None:
    """Do one tick of every tab, and what more of them links in rows need to be looked at; then leave."""
    settings = settings_with_logs(config)
    with robot(settings, Quota.of_one_command()) as built:
        reports = [desk.reconciler.tick() for desk in built.desks]
        ends = built.clock.monotonic() + _LONGEST_LOOKING
        while _waits_for_looks(built, ends):
            again = [desk.reconciler.tick() for desk in built.desks]
            reports = [_added(one, other) for one, other in zip(reports, again, strict=True)]
        built.follow_strays()
        codes = [_say(desk.title, report) for desk, report in zip(built.desks, reports, strict=True)]
    context.exit(max(codes))


def _waits_for_looks(built: Robot, ends: float) -> bool:
    """Waits until looks at links that rows need have found something; False when there is none to come in time."""
    pause = built.media.open_in()
    left = ends - built.clock.monotonic()
    if pause is None or pause >= left:
        return False
    threading.Event().wait(pause)
    built.media.wait(left - pause)
    return True


def _added(one: TickReport, other: TickReport) -> TickReport:
    """Two ticks as one."""
    return replace(
        other,
        changes=one.changes + other.changes,
        edits=one.edits + other.edits,
        calls=one.calls + other.calls,
    )


def _say(title: str, report: TickReport) -> int:
    if report.failure is not None:
        click.echo(f"rowreel: {title}: {report.failure.detail}", err=True)
        return 1
    if report.header:
        complain_of_header(title, report.header)
        return 1
    if report.is_aside:
        click.echo(
            f"rowreel: {title}: another robot works on this spreadsheet, or claims it, so nothing was done. "
            "The log says what to do.",
            err=True,
        )
        return 1
    if report.unwritten is not None:
        click.echo(f"rowreel: {title}: the sheet could not be written: {report.unwritten.detail}", err=True)
        return 1
    click.echo(
        f"{title}: {report.changes} decisions, {report.edits} cells written, {report.calls} calls to Zvid"
    )
    return 0


def complain_of_header(title: str, problems: tuple[HeaderProblem, ...]) -> None:
    """One line for the whole header, with the fix."""
    missing = [one.column for one in problems if one.kind == "missing"]
    if PeopleColumn.APPROVE in missing and RobotColumn.ROW_ID in missing:
        click.echo(
            f"rowreel: {title}: the tab has no header the robot can work with ({len(missing)} columns are missing). "
            "Add them with: rowreel init",
            err=True,
        )
        return
    lines = [wording.header_problem(one.column, one.kind, one.near) for one in problems]
    shown = " ".join(lines[:3]) + (f" And {len(lines) - 3} more." if len(lines) > 3 else "")
    click.echo(
        f"rowreel: {title}: {shown} Mend the header, or add what is missing with: rowreel init", err=True
    )


def stop_on_signals(daemon: Daemon) -> None:
    """The first SIGTERM or SIGINT lets answers under way come in, the second leaves now; SIGHUP is ignored.

    The daemon must run in another thread than the one that calls this.
    """
    seen: list[int] = []

    def leave(number: int, _frame: FrameType | None) -> None:
        if seen:
            os._exit(128 + number)
        seen.append(number)
        daemon.stop()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGHUP, lambda _number, _frame: daemon.hang_up())
