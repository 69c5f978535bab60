"""The real robot where containers put it: nobody's home, no terminal, nothing to write in but its state folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest
from canaries import spoken
from fakes.builtin_sheet import HEADER
from stage import tick, until

from bot.adapters.google_sheet import look_at
from bot.adapters.sheet_builder import build, survey
from bot.adapters.template_folder import BUILT_IN, load_template
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions
from bot.sandbox.sheets.tokens import write_service_account
from bot.sandbox.zvid.service import ZvidOptions
from bot.settings import load_settings
from bot.wiring import google

ROOT = Path(__file__).parents[2]
NOBODY = 4711
"""A user no machine knows."""

# The first user namespace may mount, so everything but the state folder becomes read-only; the second one makes
# of its root a user without a name and without any right. `exec` all the way: the robot is process 1.
ENTER = dedent(
    f"""\
    set -e
    mount --bind "$1" "$1"
    shift
    for place in / $(cut -d' ' -f5 /proc/self/mountinfo); do
        case $place in "$STATE"|/proc*|/sys*|/dev*) ;; *) mount -o remount,bind,ro "$place" 2>/dev/null || : ;; esac
    done
    exec unshare --user --map-user={NOBODY} --map-group=0 -- "$@" <&-
    """
)
WHERE_WRITING_WORKS = dedent(
    """\
    import os, sys, tempfile
    print(os.getuid(), os.getpid())
    for place in sys.argv[1:]:
        try:
            open(os.path.join(place, "scribble"), "w").close()
            print(place)
        except OSError:
            pass
    """
)


@dataclass(frozen=True, slots=True)
class Place:
    """A sheet with one good row, a folder of settings, and beside it one for the state."""

    server: SandboxServer
    name: str
    home: Path
    state: Path

    def command(self, *arguments: str) -> list[str]:
        """`rowreel` with these, as an entry point would call it."""
        return [sys.executable, "-m", "bot", *arguments, "--config", str(self.home / "bot.toml")]

    def environment(self) -> dict[str, str]:
        """All that it is told: no HOME, no user's name, no language, and temporary files nowhere."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(self.home / "nowhere"),
            "STATE": str(self.state),
            "ROWREEL_JOURNAL__URL": f"sqlite:///{self.state}/journal.db",
        }

    def until(self, status: str) -> None:
        until(self.server.base_url, self.name, status)

    def approve(self) -> None:
        tick(self.server.base_url, self.name)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    home, state = tmp_path / "settings", tmp_path / "volume"
    home.mkdir()
    state.mkdir()
    options = SandboxOptions(sheets=SheetsOptions(require_token=True), zvid=ZvidOptions(render="instant"))
    with SandboxServer(Sandbox(tmp_path / "sandbox", options)) as server:
        write_service_account(home, server.base_url)
        row = [False, None, "A headline", None, "€ 5", None, None, "Wide", None]
        server.sandbox.sheets.create_workbook("book", {"Videos": [HEADER, row]}, "book")
        (home / "bot.toml").write_text(
            f'[google]\nbase_url = "{server.base_url}"\ncredentials = "service-account.json"\n'
            f'[zvid]\nbase_url = "{server.base_url}"\nkey_file = "zvid-key"\npoll_seconds = 0.5\n'
            '[queue]\nundo_seconds = 0\n[[sheets]]\nspreadsheet = "book"\ninterval_seconds = 0.5\n'
        )
        shutil.copy(server.sandbox.zvid.home / "zvid-key", home)
        client = google(load_settings(home / "bot.toml"))
        book = look_at(client, "book")
        build(client, book, survey(client, book, "Videos", load_template(BUILT_IN)))
        client.close()
        home.chmod(0o555)
        yield Place(server, "book", home, state)
        home.chmod(0o755)


@contextmanager
def at_work(place: Place, *command: str) -> Iterator[subprocess.Popen[str]]:
    """The robot in the background, without a terminal; killed at the end if it still lives."""
    process = subprocess.Popen(
        command,
        cwd=place.home,
        env=place.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        spoken(*process.communicate())


def test_f_P12_no_home_no_terminal_no_place_for_temporary_files(place: Place):
    """With its streams and its state folder alone it makes a video, and leaves when it is told to."""
    with at_work(place, "sh", "-c", 'exec "$@" <&-', "sh", *place.command("run")) as robot:
        place.until("Ready to approve")
        place.approve()
        place.until("Done")
        robot.send_signal(signal.SIGTERM)
        _, said = robot.communicate(timeout=15)

    assert robot.returncode == 0, said
    assert {path.name for path in place.home.iterdir()} == {"bot.toml", "service-account.json", "zvid-key"}


def test_f_P12_process_one_of_a_read_only_world(place: Place, contained: list[str]):
    """As process 1, as a user nobody knows, with only the state folder writable: the video is made, SIGTERM ends it."""
    inside = [*contained, str(place.state)]
    places = ["/", "/tmp", "/var/tmp", str(place.home), str(ROOT), sys.prefix, str(place.state)]  # noqa: S108 - to be refused
    with at_work(place, *inside, sys.executable, "-c", WHERE_WRITING_WORKS, *places) as probe:
        told, why = probe.communicate(timeout=20)
    assert told.splitlines() == [f"{NOBODY} 1", str(place.state)], why
    with at_work(place, *inside, *place.command("run")) as robot:
        place.until("Ready to approve")
        place.approve()
        place.until("Done")
        [process] = map(int, Path(f"/proc/{robot.pid}/task/{robot.pid}/children").read_text().split())
        os.kill(process, signal.SIGTERM)
        _, said = robot.communicate(timeout=15)

    assert robot.returncode == 0, said
    assert (place.state / "journal.db").exists()


@pytest.fixture
def contained() -> list[str]:
    """How to enter such a world; the state folder and the command follow.

    Needs Linux that lets its users have namespaces. CI demands it, so that the check is never left out there.
    """
    unshare = ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork"]
    try:
        refusal = subprocess.run([*unshare, "true"], capture_output=True, text=True, check=False).stderr
    except FileNotFoundError as error:
        refusal = str(error)
    if refusal:
        if os.environ.get("ROWREEL_REQUIRE_NAMESPACES") == "1":
            pytest.fail(f"ROWREEL_REQUIRE_NAMESPACES=1, and this machine refuses them: {refusal}")
        pytest.skip(f"this machine gives no namespaces: {refusal}")
    return [*unshare, "sh", "-c", ENTER, "sh"]
