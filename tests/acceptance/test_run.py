"""`rowreel run` as a service manager runs it."""

from __future__ import annotations

import re
import signal
import time
from pathlib import Path

from stage import call, rowreel, running, tick, until


def test_f_P04_P06_L01_sigterm_ends_it_cleanly(place: tuple[Path, str, str]):
    """SIGHUP changes nothing; SIGTERM ends it within ten seconds, exit code 0, no traceback, lock given back.

    Until then a second robot is refused, and told which process works there and since when.
    """
    folder, base_url, key = place
    with running("run", cwd=folder) as robot:
        until(base_url, key, "Ready to approve")
        robot.send_signal(signal.SIGHUP)
        time.sleep(1.5)
        alive = robot.poll() is None
        second = rowreel("run", cwd=folder)
        robot.send_signal(signal.SIGTERM)
        _, errors = robot.communicate(timeout=10)

    assert alive
    assert errors.count("sighup_ignored") == 1
    assert second.returncode == 1
    assert re.search(rf"process {robot.pid}, since \d{{4}}-\d\d-\d\dT[\d:]+", second.stderr)
    assert robot.returncode == 0
    assert "Traceback" not in errors
    assert rowreel("once", cwd=folder).returncode == 0


def test_f_P05_a_second_signal_ends_it_at_once(place: tuple[Path, str, str]):
    """Somebody in a hurry loses nothing: the row ends well with the next start."""
    folder, base_url, key = place
    with running("run", cwd=folder) as robot:
        until(base_url, key, "Ready to approve")
        tick(base_url, key)
        until(base_url, key, "Rendering")
        robot.send_signal(signal.SIGTERM)
        robot.send_signal(signal.SIGTERM)
        robot.wait(5)
    with running("run", cwd=folder):
        until(base_url, key, "Done")

    jobs = call(f"{base_url}/api/jobs", **{"x-api-key": (folder / "S" / "zvid-key").read_text().strip()})
    assert jobs["pagination"]["total"] == 1


def test_status_and_plan_look_on_while_it_runs(place: tuple[Path, str, str]):
    """Both answer beside a working robot and change nothing."""
    folder, base_url, key = place
    with running("run", cwd=folder):
        until(base_url, key, "Ready to approve")
        status = rowreel("status", "--json", cwd=folder)
        plan = rowreel("plan", cwd=folder)

    assert (status.returncode, plan.returncode) == (0, 0)
    assert '"rows": 1' in status.stdout
    assert "Nothing to send or to ask." in plan.stdout


def test_f_L03_one_tick_beside_another_robot(place: tuple[Path, str, str]):
    """Nothing done is not the same as nothing to do: it is said, and the exit code is not 0."""
    folder, _, _ = place
    other = folder / "other"
    other.mkdir()
    text = (folder / "bot.toml").read_text().replace("S/zvid-key", "../S/zvid-key")
    (other / "bot.toml").write_text(text)
    first = rowreel("once", cwd=folder)
    second = rowreel("once", cwd=other)

    assert first.returncode == 0, first.stderr
    assert second.returncode == 1
    assert "another robot works on this spreadsheet, or claims it, so nothing was done." in second.stderr


def test_a_tab_no_robot_has_seen(place: tuple[Path, str, str]):
    """Added to the settings while the robot runs on with the old ones: the status names it."""
    folder, base_url, key = place
    with running("run", cwd=folder):
        until(base_url, key, "Ready to approve")
        added = rowreel("init", "--sheet", key, "--tab", "Clips", "--yes", cwd=folder)
        status = rowreel("status", cwd=folder)

    assert added.returncode == 0, added.stderr
    assert '"Clips" is in the settings, but no robot of this folder has worked on it yet.' in status.stdout


def test_a_restart_while_somebody_has_renamed_a_column(place: tuple[Path, str, str]):
    """Whoever never worked leaves with the fix; one that did waits for it, or its service manager gives up."""
    folder, base_url, key = place
    header = f"{base_url}/v4/spreadsheets/{key}/values/Videos!C1?valueInputOption=RAW"
    assert rowreel("once", cwd=folder).returncode == 0
    call(header, {"values": [["Overline"]]}, method="PUT")
    with running("run", cwd=folder) as robot:
        time.sleep(4)
        still_there = robot.poll() is None
        call(header, {"values": [["Headline"]]}, method="PUT")
        tick(base_url, key)
        until(base_url, key, "Done")
        robot.send_signal(signal.SIGTERM)
        robot.communicate(timeout=10)

    assert still_there
    assert robot.returncode == 0


def test_f_G12_one_tick_that_could_not_be_written(place: tuple[Path, str, str]):
    """Cells that were refused are not told as written, and the exit code is not 0."""
    folder, base_url, _ = place
    call(f"{base_url}/sandbox/sheets/faults", {"mishaps": [{"answer": 403, "calls": "write"}]}, "PUT")
    told = rowreel("once", cwd=folder)

    assert told.returncode == 1
    assert "Videos: the sheet could not be written: " in told.stderr
    assert "cells written" not in told.stdout
