"""Copies of finished videos, by the real command: the lasting link stands in the sheet, and the file is the video."""

from __future__ import annotations

import hashlib
import json
import stat
import time
import urllib.request
from pathlib import Path

import pytest
from stage import kill_group, rowreel, rows_of, running, tick, until

PUBLIC = "http://127.0.0.1:9/videos"


@pytest.fixture
def shop(place: tuple[Path, str, str]) -> tuple[Path, str, str]:
    """The prepared sheet, and a folder for copies in its settings."""
    folder, base_url, key = place
    (folder / "out").mkdir()
    settings = folder / "bot.toml"
    said = f'[delivery]\nto = "folder"\nfolder = "out"\npublic_url = "{PUBLIC}/"\n'
    settings.write_text(said + settings.read_text())
    return folder, base_url, key


def lasting(base_url: str, key: str) -> dict[str, object]:
    """The row once it shows a lasting link."""
    for _ in range(120):
        [row] = rows_of(base_url, key)
        if str(row["Video"]).startswith(PUBLIC):
            return row
        time.sleep(0.25)
    raise AssertionError(row)


def test_finished_video_is_copied_and_its_lasting_link_shown(shop: tuple[Path, str, str]):
    """The copy is the video, byte for byte, also when the robot was killed meanwhile; explain and export tell of it."""
    folder, base_url, key = shop
    with running("run", cwd=folder) as robot:
        until(base_url, key, "Ready to approve")
        tick(base_url, key)
        until(base_url, key, "Done")
        kill_group(robot)
    with running("run", cwd=folder):
        row = lasting(base_url, key)
    story = json.loads(rowreel("explain", "2", "--json", cwd=folder).stdout)
    [video] = json.loads(rowreel("export", "--json", cwd=folder).stdout)
    told = rowreel("explain", "2", cwd=folder).stdout

    files = sorted(one for one in (folder / "out").rglob("*") if one.is_file())
    assert [one.suffix for one in files] == [".jpg", ".mp4"]
    name = files[1].relative_to(folder / "out").as_posix()
    assert row["Video"] == f"{PUBLIC}/{name}"
    assert row["Status"] == "Done"
    assert str(row["Thumbnail URL"]).startswith(PUBLIC)
    content = files[1].read_bytes()
    with urllib.request.urlopen(story["video"]["url"], timeout=10) as original:
        assert original.read() == content
    assert stat.S_IMODE(files[1].stat().st_mode) == 0o644
    copy = story["attempts"][0]["copy"]
    checksum = hashlib.sha256(content).hexdigest()
    assert (copy["name"], copy["size"], copy["sha256"]) == (name, len(content), checksum)
    assert (video["lasting_url"], video["sha256"]) == (row["Video"], checksum)
    assert name in told
    assert list((folder / "state" / "parts").iterdir()) == []


def test_doctor_says_where_copies_go_or_why_they_cannot(shop: tuple[Path, str, str]):
    """A folder that is not there is named with the fix; one that is, is written to and left as it was."""
    folder, _, _ = shop
    good = json.loads(rowreel("doctor", "--json", cwd=folder).stdout)
    (folder / "out").rmdir()
    bad = json.loads(rowreel("doctor", "--json", cwd=folder).stdout)

    [fine] = [one for one in good if one["check"] == "copies"]
    [wrong] = [one for one in bad if one["check"] == "copies"]
    assert (fine["state"], wrong["state"]) == ("ok", "problem")
    assert "out" in wrong["says"]
    assert "delivery.folder" in wrong["fix"]
