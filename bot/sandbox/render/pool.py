"""A few processes that make films for one event loop.

Drawing holds Python's lock for long moments and runs foreign code that can crash, so none of it happens in
the serving process. Workers start when there is work for them and stay. A worker that dies costs the film
it was making, a RenderError, and nothing else: the next film gets a new one.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.sandbox.render.engine import Order, Rendered
from bot.sandbox.render.faults import RenderError
from bot.sandbox.render.worker import Failed, Job, Message, Progress, work

__all__ = ["Hook", "RenderError", "RenderPool", "Rendered", "Report"]

Report = Callable[[float, str], None]
Hook = Callable[[str], bytes | None]

_GOODBYE_SECONDS = 0.5


class RenderPool:
    """Up to `workers` films at once; `fetch` may answer an address itself, or None to leave it to HTTP."""

    def __init__(self, workers: int, fetch: Hook | None = None) -> None:
        self._free = asyncio.Semaphore(workers)
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._fetch = fetch
        self._threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="render")
        self._closed = False

    async def render(self, project: dict[str, Any], folder: Path, name: str, report: Report) -> Rendered:
        """Makes `folder/name.mp4` and `folder/name.jpg`. Raises RenderError; then neither is there.

        `report` is called in this event loop with what is done (0..1) and the phase of the work.
        """
        loop = asyncio.get_running_loop()
        job = Job(
            Order(project, folder, name, aside=f"{name}.{uuid4().hex[:8]}"), self._own_pictures(project)
        )

        def tell(progress: Progress) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has closed meanwhile
                loop.call_soon_threadsafe(report, progress.fraction, progress.phase)

        async with self._free:
            if self._closed:
                raise RenderError("The renderer is shutting down.")
            worker = self._idle.pop() if self._idle else _Worker()
            self._busy.add(worker)
            try:
                message = await loop.run_in_executor(self._threads, worker.make, job, tell)
            except asyncio.CancelledError:
                worker.kill()
                raise
            finally:
                self._busy.discard(worker)
                if worker.is_alive() and not self._closed:
                    self._idle.append(worker)
                else:
                    worker.kill()
                    job.order.discard()
        if isinstance(message, Failed):
            raise RenderError(message.reason)
        return message

    async def close(self) -> None:
        """Ends every worker, in the middle of a film too."""
        self._closed = True
        workers = [*self._idle, *self._busy]
        self._idle.clear()
        for worker in workers:
            worker.kill()
        await asyncio.get_running_loop().run_in_executor(None, self._threads.shutdown)
        for worker in workers:
            worker.join()

    def _own_pictures(self, project: dict[str, Any]) -> dict[str, bytes]:
        if self._fetch is None:
            return {}
        answers = {url: self._fetch(url) for url in _picture_addresses(project)}
        return {url: body for url, body in answers.items() if body is not None}


class _Worker:
    """One process and the pipe to it; its methods may be called from any thread."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would inherit sockets, threads and locks
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs,), name="render-worker", daemon=True)
        self._process.start()
        theirs.close()
        self._killed = False

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def make(self, job: Job, tell: Callable[[Progress], None]) -> Rendered | Failed:
        try:
            self._pipe.send(job)
            while True:
                message: Message = self._pipe.recv()
                if not isinstance(message, Progress):
                    return message
                tell(message)
        except (EOFError, OSError):
            self._process.join(_GOODBYE_SECONDS)
            self.kill()
            return Failed("The render process ended before the film was done.")

    def is_alive(self) -> bool:
        return not self._killed and self._process.is_alive()

    def kill(self) -> None:
        """At once: a render keeps nothing that a polite end could save."""
        self._killed = True
        self._process.kill()

    def join(self) -> None:
        self._process.join(_GOODBYE_SECONDS)
        self._pipe.close()


def _picture_addresses(project: dict[str, Any]) -> set[str]:
    scenes = [project, *(project.get("scenes") or [])]
    parts = [part for scene in scenes for name in ("visuals", "audios") for part in scene.get(name) or []]
    parts += [
        project.get("subtitle") or {},
        {"src": project["thumbnail"]} if project.get("thumbnail") else {},
    ]
    return {str(part["src"]).strip() for part in parts if part.get("src")}
