"""The journal on the command line: one clear sentence, the right exit code, also beside a working robot."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from canaries import canary
from stage import free_port, rowreel, running

from bot.adapters.journal_opening import open_journal
from bot.adapters.state_folder import StateFolder

KEY = {"ZVID_API_KEY": canary()}


def settle(folder: Path, **extra: str) -> None:
    """Settings of a robot whose sheet cannot be reached."""
    journal = "".join(f"{name} = {value}\n" for name, value in extra.items())
    (folder / "bot.toml").write_text(
        f'[journal]\n{journal}[google]\nbase_url = "http://127.0.0.1:9"\ncredentials = "anonymous"\n'
        '[[sheets]]\nspreadsheet = "nobody"\n'
    )


@pytest.fixture(scope="module")
def started_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A robot was started here once; it got no further than making its journal."""
    folder = tmp_path_factory.mktemp("started")
    settle(folder)
    now = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    state = StateFolder(folder / "state").open(now)
    open_journal(folder / "state" / "journal.db", state, now).close()
    state.close()
    return folder


@pytest.fixture
def robot_folder(started_once: Path, tmp_path: Path) -> Path:
    """That robot's folder, to be spoiled."""
    return shutil.copytree(started_once, tmp_path / "robot")


def refuses(folder: Path, *command: str, code: int, words: str) -> None:
    ended = rowreel(*command, cwd=folder, **KEY)

    assert ended.returncode == code, ended.stderr
    assert words in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stderr.startswith("rowreel: ")


@pytest.mark.parametrize("command", ["run", "status"])
def test_f_J04_start_on_an_empty_file(robot_folder: Path, command: str):
    """Exit 1, and the file is still there as it was."""
    (robot_folder / "state" / "journal.db").write_bytes(b"")
    refuses(robot_folder, command, code=1, words="is empty (0 bytes)")

    assert (robot_folder / "state" / "journal.db").stat().st_size == 0


def test_f_J04_no_copy_yet(robot_folder: Path):
    """On its first day there is no copy to bring back: the way on without one is named."""
    (robot_folder / "state" / "journal.db").write_bytes(b"ruined")
    refuses(robot_folder, "once", code=1, words="has no copy yet. Bring back one of your own")


def test_f_J07_what_is_no_copy(robot_folder: Path):
    """Another file is not put in the journal's place, and the journal is not called damaged for it."""
    before = (robot_folder / "state" / "journal.db").read_bytes()
    refuses(
        robot_folder,
        *("journal", "recover", "--from", "bot.toml"),
        code=1,
        words="bot.toml is no copy of a journal. Nothing was changed.",
    )

    assert (robot_folder / "state" / "journal.db").read_bytes() == before


def test_f_J03_start_without_the_folder(tmp_path: Path):
    """A matter of settings: exit 2, and nothing is made."""
    settle(tmp_path, url='"sqlite:///volume/state/journal.db"')
    refuses(tmp_path, "run", code=2, words="mount the volume it is on, or set journal.url")

    assert not (tmp_path / "volume").exists()


def mounted_read_only(folder: Path) -> bool:
    """Makes a folder read-only for root too; says whether this user may do that."""
    bound = subprocess.run(["mount", "--bind", folder, folder], check=False, capture_output=True)
    if bound.returncode != 0:
        return False
    subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
    return True


def test_f_J03_start_in_a_read_only_folder(robot_folder: Path):
    """Exit 2 with the user and the folder, instead of a trace; looking still works."""
    state = robot_folder / "state"
    is_mounted = mounted_read_only(state)
    if not is_mounted:
        state.chmod(0o555)
    try:
        refuses(robot_folder, "run", code=2, words=f"uid {os.getuid()}")
    finally:
        if is_mounted:
            subprocess.run(["umount", state], check=True)
        state.chmod(0o755)


def test_f_J08_start_without_the_journal(robot_folder: Path):
    """One line in the log at the start, and status says so until the end of time."""
    for left in (robot_folder / "state").glob("journal.db*"):
        left.unlink()
    looked = rowreel("status", cwd=robot_folder)
    started = rowreel("once", cwd=robot_folder, **KEY)
    status = rowreel("status", cwd=robot_folder)

    assert "is gone, though this robot worked before" in looked.stderr
    assert started.stderr.count("journal_started_cold") == 1
    assert "Cold since" in status.stdout


def test_check_names_each_law(robot_folder: Path):
    """A line each, exit 0; with a broken one exit 1."""
    sound = rowreel("journal", "check", cwd=robot_folder)
    (robot_folder / "state" / "installation-id").write_text("00000000-0000-4000-8000-000000000007\n")
    broken = rowreel("journal", "check", cwd=robot_folder)

    assert (sound.returncode, broken.returncode) == (0, 1)
    assert {line[:8] for line in sound.stdout.splitlines()} == {"ok      "}
    assert len(sound.stdout.splitlines()) == 10
    assert [line for line in broken.stdout.splitlines() if line.startswith("BROKEN")] == [
        line for line in broken.stdout.splitlines() if "it is this installation's" in line
    ]


def test_backup_and_recover(robot_folder: Path):
    """There and back; what happens next is said; a second time to the same name is refused."""
    made = rowreel("journal", "backup", "--to", "copy.db", cwd=robot_folder)
    again = rowreel("journal", "backup", "--to", "copy.db", cwd=robot_folder)
    daily = rowreel("journal", "backup", cwd=robot_folder)
    (robot_folder / "state" / "journal.db").write_bytes(b"ruined")
    back = rowreel("journal", "recover", "--from", "copy.db", cwd=robot_folder)
    started = rowreel("once", cwd=robot_folder, **KEY)

    assert [one.returncode for one in (made, again, daily, back)] == [0, 1, 0, 0]
    assert "is there already" in again.stderr
    assert len(list((robot_folder / "state" / "backups").iterdir())) == 1
    assert "It is marked as cold" in back.stdout
    assert b"ruined" in [one.read_bytes() for one in (robot_folder / "state").glob("*.broken-*")]
    assert "The spreadsheet cannot be reached" in started.stderr
    assert "Cold since" in rowreel("status", cwd=robot_folder).stdout


def test_f_J15_commands_beside_a_working_robot(tmp_path: Path):
    """Looking and copying go on beside it; putting a copy back is refused, and the robot works on."""
    with running(
        "demo", "--no-browser", "--rows", "2", "--dir", "D", "--port", str(free_port()), cwd=tmp_path
    ) as demo:
        assert demo.stdout is not None
        while "The sheet" not in (line := demo.stdout.readline()):
            assert line
        folder = tmp_path / "D"
        check = rowreel("journal", "check", cwd=folder)
        status = rowreel("status", "--json", cwd=folder)
        made = rowreel("journal", "backup", "--to", "copy.db", cwd=folder)
        shutil.copyfile(folder / "state" / "installation-id", tmp_path / "before")
        refused = rowreel("journal", "recover", "--from", "copy.db", cwd=folder)
        still = demo.poll()

    assert [one.returncode for one in (check, status, made, refused)] == [0, 0, 0, 1]
    assert "A robot already works with" in refused.stderr
    assert still is None
