"""The process in which films are made: one order at a time, told over a pipe.

It ends itself when its parent is gone, even a parent that had no time to say goodbye, and it leaves the
keyboard's interrupts and the service manager's wish to end, which reach it too, to the parent: a film whose
process ended by itself would count as failed, while the parent has it made anew next time.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait

from bot.sandbox.render.drawings import Pens
from bot.sandbox.render.engine import Order, Rendered, render
from bot.sandbox.render.faults import RenderError
from bot.sandbox.render.picture import fetch_over_http


@dataclass(frozen=True, slots=True)
class Job:
    """An order, with the pictures that the parent has fetched already."""

    order: Order
    pictures: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Progress:
    fraction: float
    phase: str


@dataclass(frozen=True, slots=True)
class Failed:
    reason: str


Message = Progress | Rendered | Failed


def work(pipe: Connection) -> None:
    """Runs until the pipe closes."""
    for wish in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wish, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()
    pens = Pens()
    while True:
        try:
            job: Job = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            pipe.send(_made(job, pens, pipe))
        except OSError:  # nobody is listening any more
            return


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        # Not sys.exit: that would end this thread alone, and the render may be deep in foreign code.
        os._exit(1)


def _made(job: Job, pens: Pens, pipe: Connection) -> Rendered | Failed:
    def fetch(url: str) -> bytes:
        return job.pictures[url] if url in job.pictures else fetch_over_http(url)

    def report(fraction: float, phase: str) -> None:
        pipe.send(Progress(fraction, phase))

    try:
        return render(job.order, pens, fetch, report)
    except RenderError as error:
        return Failed(error.reason)
    except Exception as error:  # noqa: BLE001  # the border of the process: the caller gets every reason
        return Failed(f"The film could not be made ({type(error).__name__}): {error}")
