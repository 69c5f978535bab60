"""The key is changed at Zvid while the real robot works: rows hold, and with the new one everything goes on."""

from __future__ import annotations

import signal
import sqlite3
import time
from contextlib import ExitStack, closing
from pathlib import Path

from canaries import canary
from fakes.builtin_sheet import HEADER
from stage import call, free_port, rows_of, running, tick

from bot.adapters.google_sheet import look_at
from bot.adapters.sheet_builder import build, survey
from bot.adapters.template_folder import BUILT_IN, load_template
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.serve import free_port as listen_on
from bot.sandbox.sheets.service import SheetsOptions
from bot.sandbox.zvid.service import ZvidOptions
from bot.settings import load_settings
from bot.wiring import google


def serve(home: Path, port: int, key: str, **zvid: object) -> SandboxServer:
    """The same service on the same books, with the key its owner has now."""
    options = SandboxOptions(
        sheets=SheetsOptions(reads_per_minute=10_000, writes_per_minute=10_000),
        zvid=ZvidOptions(render="instant", api_key=key, **zvid),
    )
    return SandboxServer(Sandbox(home, options), listen_on(port))


def until(base_url: str, *wanted: str) -> list[str]:
    """Waits until the rows' status cells begin with these words; what they are told to do."""
    for _ in range(300):
        rows = rows_of(base_url, "book")
        found = [str(row["Status"]) for row in rows]
        if len(found) == len(wanted) and all(map(str.startswith, found, wanted)):
            return [str(row["What to do"]) for row in rows]
        time.sleep(0.1)
    raise AssertionError(f"never {wanted}: {rows}")


def jobs(home: Path) -> dict[str, str]:
    """State of each promise, by its job id."""
    with closing(sqlite3.connect(f"file:{home}/state/journal.db?mode=ro", uri=True)) as file:
        return dict(file.execute("SELECT job_id, state FROM intents"))


def prepare(server: SandboxServer, folder: Path) -> None:
    """Two good rows, and a robot's folder."""
    url = server.base_url
    rows = [[False, None, f"Headline {n}", None, "€ 5", None, None, "Wide", None] for n in (1, 2)]
    (folder / "bot.toml").write_text(
        f'[google]\nbase_url = "{url}"\ncredentials = "anonymous"\n'
        f'[zvid]\nbase_url = "{url}"\nkey_file = "zvid-key"\npoll_seconds = 0.5\n'
        '[queue]\nundo_seconds = 0\n[[sheets]]\nspreadsheet = "book"\ninterval_seconds = 0.5\n'
    )
    server.sandbox.sheets.create_workbook("book", {"Videos": [HEADER, *rows]}, "book")
    client = google(load_settings(folder / "bot.toml"))
    book = look_at(client, "book")
    build(client, book, survey(client, book, "Videos", load_template(BUILT_IN)))
    client.close()


def test_f_S03_key_changed_while_running(tmp_path: Path):
    """The old key holds rows and loses nothing; a restart takes the new one; every job id stays what it was."""
    old, new, port, home = canary(), canary(), free_port(), tmp_path / "service"
    key = tmp_path / "zvid-key"
    key.write_text(old)
    with ExitStack() as stack:
        with serve(home, port, old, extra_render_seconds=3600) as server:
            url = server.base_url
            prepare(server, tmp_path)
            robot = stack.enter_context(running("run", cwd=tmp_path))
            until(url, "Ready", "Ready")
            tick(url, "book", 2)
            until(url, "Rendering", "Ready")
        with serve(home, port, new):
            tick(url, "book", 3)
            told = until(url, "Rendering", "On hold")[1]
            before = jobs(tmp_path)
            robot.send_signal(signal.SIGTERM)
            code = robot.wait(15)
            key.write_text(new)
            with running("run", cwd=tmp_path):
                until(url, "Done", "Done")
            charged = call(f"{url}/api/jobs?limit=100", **{"x-api-key": new})["jobs"]

    assert told == "The Zvid key was refused. Rows are safe. An admin must renew the key."
    assert code == 0
    assert sorted(before.values()) in (["active", "waiting"], ["submitted", "waiting"])
    assert set(jobs(tmp_path)) == set(before) == {job["id"] for job in charged}
