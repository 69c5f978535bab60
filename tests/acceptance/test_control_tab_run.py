"""The Control tab through real processes: signing off, and a robot that lost everything it had."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from stage import call, kill_group, running, until

from bot.domain.control import Control, Label, read_control

Place = tuple[Path, str, str]


def control(base_url: str, key: str) -> Control:
    said = call(f"{base_url}/v4/spreadsheets/{key}/values/Control?valueRenderOption=UNFORMATTED_VALUE")
    return read_control(said["values"], 0)


def says(base_url: str, key: str, label: Label) -> str:
    seen = control(base_url, key)
    return str(seen.said(seen.labels[label]) or "")


def put(base_url: str, key: str, where: str, value: object) -> None:
    url = f"{base_url}/v4/spreadsheets/{key}/values/{where}?valueInputOption=RAW"
    call(url, {"values": [[value]]}, method="PUT")


def paid(folder: Path, base_url: str) -> int:
    jobs = call(f"{base_url}/api/jobs", **{"x-api-key": (folder / "S" / "zvid-key").read_text().strip()})
    return int(jobs["pagination"]["total"])


def test_orderly_end_is_told(place: Place):
    """People read that the robot was stopped on purpose, and another one need not wait for it."""
    folder, base_url, key = place
    with running("run", cwd=folder) as robot:
        until(base_url, key, "Ready to approve")
        working = says(base_url, key, Label.SAYS), says(base_url, key, Label.WORKER)
        robot.terminate()
        robot.wait(10)

    assert working[0].startswith("working")
    assert working[1]
    assert says(base_url, key, Label.SAYS) == "stopped by its operator. Rows are safe"
    assert says(base_url, key, Label.WORKER) == ""


def test_f_L04_state_folder_lost(place: Place):
    """Killed, and its whole folder gone: a new robot waits beside the signature of the old one, and once that is
    cleared goes on under the name Control kept; what was paid for is found again.
    """
    folder, base_url, key = place
    settings = folder / "bot.toml"
    settings.write_text(
        settings.read_text().replace("[zvid]", "[zvid]\nsettle_seconds = 1\ntimeout_seconds = 2")
    )
    put(base_url, key, "Videos!A2", True)
    with running("run", cwd=folder) as robot:
        until(base_url, key, "On hold")
        put(base_url, key, "Videos!A2", False)
        until(base_url, key, "Ready to approve")
        put(base_url, key, "Videos!A2", True)
        until(base_url, key, "Done")
        kill_group(robot)
    name = says(base_url, key, Label.INSTALLATION)
    shutil.rmtree(folder / "state")
    with running("run", cwd=folder) as robot:
        time.sleep(4)
        worker = control(base_url, key).labels[Label.WORKER]
        untouched = says(base_url, key, Label.WORKER)
        put(base_url, key, f"Control!B{worker.row}", "")
        time.sleep(8)
        until(base_url, key, "Done")
        robot.terminate()
        _, errors = robot.communicate(timeout=10)

    assert "installation_taken_over" in errors
    assert "clear the cell beside Working here" in errors
    assert untouched
    assert says(base_url, key, Label.INSTALLATION) == name
    assert paid(folder, base_url) == 1
