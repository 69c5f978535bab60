"""The queue behind the counter: takes waiting jobs in order, so many at a time, and sees them to an end.

Progress lives in memory only: it is worth nothing after a crash, when the job starts over.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.render.pool import RenderError
from bot.sandbox.zvid.job import Job
from bot.sandbox.zvid.jobs import JobStore, now_ms
from bot.sandbox.zvid.media import MediaFolder
from bot.sandbox.zvid.renderers import Renderer
from bot.sandbox.zvid.switchboard import Switchboard

Ended = Callable[[str, int | None, float], None]  # the job, the size of its file, how long it took


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running job is."""

    fraction: float
    phase: str


class Workshop:
    """Runs `concurrency` jobs side by side until stopped."""

    def __init__(self, store: JobStore, board: Switchboard, media: MediaFolder, ended: Ended) -> None:
        self._store = store
        self._board = board
        self._media = media
        self._ended = ended
        self._progress: dict[str, Progress] = {}
        self._taken: set[str] = set()
        self._work = asyncio.Semaphore(0)
        self._benches: list[asyncio.Task[None]] = []
        self._renderer: Renderer | None = None

    def start(self, renderer: Renderer, concurrency: int) -> None:
        self._renderer = renderer
        self._media.open()
        self._benches = [
            asyncio.create_task(self._bench(renderer), name=f"render-{number}")
            for number in range(concurrency)
        ]
        # Jobs of an earlier process are waiting already.
        for _ in range(self._store.live_count()):
            self.wake()

    def wake(self) -> None:
        """One more job is waiting."""
        self._work.release()

    async def stop(self) -> None:
        """Ends running renders; their jobs start over with the next process."""
        for bench in self._benches:
            bench.cancel()
        await asyncio.gather(*self._benches, return_exceptions=True)
        if self._renderer is not None:
            await self._renderer.close()

    def progress_of(self, job_id: str) -> Progress | None:
        return self._progress.get(job_id)

    async def _bench(self, renderer: Renderer) -> None:
        while True:
            await self._work.acquire()
            job = self._store.begin_next()
            if job is not None:
                await self._run(job, renderer)

    async def _run(self, job: Job, renderer: Renderer) -> None:
        self._progress[job.id] = Progress(0.0, "preparing")
        began = time.monotonic()
        size: int | None = None
        name = self._file_name(job)
        try:
            await asyncio.sleep(self._board.now.extra_render_seconds)
            self._board.fail_if_told()
            rendered = await renderer.render(
                json.loads(self._store.project_of(job.id)),
                self._media.path,
                name,
                lambda fraction, phase: self._note(job.id, fraction, phase),
            )
            size = rendered.video.stat().st_size
            self._media.add(rendered.video, rendered.thumbnail)
            self._store.complete(job.id, rendered.video.name, rendered.thumbnail.name)
        except asyncio.CancelledError:
            raise
        except RenderError as error:
            self._store.fail(job.id, str(error), refund=self._board.now.refund_failures)
        except Exception as error:  # noqa: BLE001, a bug in drawing must end the job, not the queue
            reason = f"Internal render error: {type(error).__name__}: {error}"
            self._store.fail(job.id, reason, refund=self._board.now.refund_failures)
        finally:
            self._progress.pop(job.id, None)
            self._taken.discard(name)
        self._ended(job.id, size, time.monotonic() - began)

    def _note(self, job_id: str, fraction: float, phase: str) -> None:
        self._progress[job_id] = Progress(fraction, phase)

    def _file_name(self, job: Job) -> str:
        """`<name>-<epoch ms>`, moved on by a millisecond where two jobs would meet."""
        at = now_ms()
        while f"{job.name}-{at}" in self._taken or self._store.has_file(f"{job.name}-{at}."):
            at += 1
        name = f"{job.name}-{at}"
        self._taken.add(name)
        return name
