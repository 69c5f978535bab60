"""The processes: they crash, are killed and closed without harm to anybody else."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from bot.sandbox.render.pool import RenderError, RenderPool

RECT = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="{}"/></svg>'
)


def project(colour: str = "#ff0000", **more) -> dict:
    visual = {"type": "SVG", "svg": RECT.format(colour), "width": 320, "height": 180}
    return {"width": 320, "height": 180, "duration": 1, "visuals": [visual]} | more


def endless() -> dict:
    """Takes minutes: every one of its frames is a picture of its own."""
    slow = project(resolution="full-hd", duration=300, frameRate=60)
    slow["visuals"][0] |= {"width": 1920, "height": 1080, "enterEnd": 300, "enterAnimation": "wipeleft"}
    return slow


def quiet(_fraction: float, _phase: str) -> None:
    pass


async def started(pool: RenderPool, folder: Path) -> tuple[asyncio.Task, int]:
    """A long render that is under way, and the process it runs in."""
    begun = asyncio.Event()
    task = asyncio.create_task(
        pool.render(
            endless(), folder, "long", lambda _fraction, phase: begun.set() if phase == "encoding" else None
        )
    )
    await asyncio.wait_for(begun.wait(), 20)
    (worker,) = pool._busy
    return task, worker.pid


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_films_are_made_side_by_side_with_progress(tmp_path):
    """Reports come in the event loop, never fall, and end with all of it."""

    async def story():
        pool, told = RenderPool(2), []
        loop = asyncio.get_running_loop()

        def report(fraction, phase):
            told.append((fraction, phase, asyncio.get_running_loop() is loop))

        try:
            made = await asyncio.gather(
                pool.render(project(), tmp_path, "one", report),
                pool.render(project(), tmp_path, "two", quiet),
            )
        finally:
            await pool.close()
        return made, told

    made, told = asyncio.run(story())

    assert [film.video for film in made] == [tmp_path / "one.mp4", tmp_path / "two.mp4"]
    assert all(film.video.stat().st_size > 500 and film.thumbnail.exists() for film in made)
    fractions = [fraction for fraction, _, _ in told]
    assert fractions == sorted(fractions)
    assert told[-1] == (1.0, "done", True)
    assert {"drawing", "encoding"} <= {phase for _, phase, _ in told}


def test_a_killed_worker_costs_its_own_film_only(tmp_path):
    """The render fails with a reason, nothing half-made is left, and the pool goes on."""

    async def story():
        pool = RenderPool(1)
        try:
            task, pid = await started(pool, tmp_path)
            os.kill(pid, signal.SIGKILL)
            with pytest.raises(RenderError, match="ended before the film was done"):
                await task
            left = list(tmp_path.iterdir())
            return left, await pool.render(project(), tmp_path, "next", quiet)
        finally:
            await pool.close()

    left, after = asyncio.run(story())

    assert left == []
    assert after.video.exists()


@pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGTERM])
def test_a_wish_to_end_that_reaches_all_is_left_to_the_parent(wish, tmp_path):
    """A terminal and a service manager tell every process; the film goes on until the parent says so."""

    async def story():
        pool = RenderPool(1)
        try:
            task, pid = await started(pool, tmp_path)
            os.kill(pid, wish)
            await asyncio.sleep(0.3)
            return alive(pid), task.done()
        finally:
            await pool.close()
            await asyncio.gather(task, return_exceptions=True)

    assert asyncio.run(story()) == (True, False)


def test_close_is_prompt_in_the_middle_of_a_film(tmp_path):
    async def story():
        pool = RenderPool(1)
        task, pid = await started(pool, tmp_path)
        begin = time.monotonic()
        await pool.close()
        took = time.monotonic() - begin
        with pytest.raises(RenderError):
            await task
        return took, pid

    took, pid = asyncio.run(story())

    assert took < 2
    assert not alive(pid)
    assert list(tmp_path.iterdir()) == []


def test_a_cancelled_render_ends_its_process(tmp_path):
    async def story():
        pool = RenderPool(1)
        try:
            task, pid = await started(pool, tmp_path)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return gone_within(pid, 2), await pool.render(project(), tmp_path, "next", quiet)
        finally:
            await pool.close()

    ended, after = asyncio.run(story())

    assert ended
    assert after.video.exists()


def test_a_bad_project_fails_and_leaves_the_worker_working(tmp_path):
    async def story():
        pool = RenderPool(1)
        try:
            with pytest.raises(RenderError, match="not well-formed"):
                await pool.render({"visuals": [{"type": "SVG", "svg": "<svg"}]}, tmp_path, "bad", quiet)
            first = pool._idle[0].pid
            await pool.render(project(), tmp_path, "good", quiet)
            return first, pool._idle[0].pid
        finally:
            await pool.close()

    first, second = asyncio.run(story())

    assert first == second


def test_the_hook_answers_for_own_pictures(tmp_path):
    """An address of the service itself is answered from its own shelf, without a request."""
    from PIL import Image

    picture = tmp_path / "own.png"
    Image.new("RGB", (32, 18), "#00ff00").save(picture)
    asked = []

    def own(url: str) -> bytes | None:
        asked.append(url)
        return picture.read_bytes()

    async def story():
        pool = RenderPool(1, fetch=own)
        try:
            visual = {"type": "IMAGE", "src": "http://127.0.0.1:9/media/own.png", "width": 320, "height": 180}
            return await pool.render(project(visuals=[visual]), tmp_path, "film", quiet)
        finally:
            await pool.close()

    made = asyncio.run(story())

    assert asked == ["http://127.0.0.1:9/media/own.png"]
    with Image.open(made.thumbnail) as thumbnail:
        assert thumbnail.convert("RGB").getpixel((100, 100))[1] > 240


def test_workers_end_when_their_parent_is_shot(tmp_path):
    """Even a parent that dies by SIGKILL in mid-render leaves no process behind."""
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import asyncio, sys
            from pathlib import Path
            sys.path.insert(0, {str(Path(__file__).parent)!r})
            from bot.sandbox.render.pool import RenderPool
            from test_render_pool import started

            async def main():
                task, pid = await started(RenderPool(1), Path({str(tmp_path)!r}))
                print(pid, flush=True)
                await task

            if __name__ == "__main__":
                asyncio.run(main())
            """
        )
    )
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as parent:
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
        parent.wait(5)

        assert gone_within(pid, 3)
