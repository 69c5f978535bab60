"""What a day of use leaves behind: no memory, no handle, no thread, no process, and disk within its bounds."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from one_day import MEDIA_BYTES, Day, ear, held, settled, stand_ins

from bot.sandbox.zvid.media import MediaFolder

MEGABYTE = 1_000_000


def test_hours_of_use_leave_nothing_behind(tmp_path: Path):
    """Reads, edits, sorts, viewers who come and go, sign-ins, videos and webhooks, at the real process."""
    with ear() as hook, stand_ins(tmp_path) as (base, process), closing(Day(base, tmp_path, hook)) as day:
        day.part(20)
        before = held(process, tmp_path)
        day.part(40)
        after = settled(process, tmp_path, before.handles)

    assert after.handles <= before.handles
    assert after.children == before.children == 3  # two that draw, and the one that looks after them
    assert after.threads <= before.threads + 2  # a pool that is not full yet
    assert after.memory < before.memory + 4 * MEGABYTE
    assert after.drawing < before.drawing + 4 * MEGABYTE
    assert after.media <= MEDIA_BYTES
    assert after.disk < 12 * MEGABYTE  # mostly two write-ahead logs, which are used over and over


def test_what_a_killed_process_had_half_made_goes(tmp_path: Path):
    """The next one finds the finished files only."""
    (tmp_path / ".film-1.abcd.mp4").write_bytes(b"half")
    (tmp_path / "film-0.mp4").write_bytes(b"whole")
    MediaFolder(tmp_path, 1000).open()

    assert [path.name for path in tmp_path.iterdir()] == ["film-0.mp4"]
