"""`rowreel demo`: the sandbox, a sheet of sample rows and the robot, in one terminal."""

from __future__ import annotations

import contextlib
import csv
import shutil
import signal
import socket
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

import bot
from bot.adapters.google_sheet import look_at
from bot.adapters.sheet_builder import build, survey
from bot.cli.audience import Audience
from bot.cli.sandbox import DEFAULT_PORT, start_sandbox
from bot.daemon import Daemon
from bot.domain.cells import Cell
from bot.logs import set_up_logs
from bot.settings import Settings, SettingsError, load_settings
from bot.wiring import google, robot, template_of

if TYPE_CHECKING:
    from bot.sandbox.serve import SandboxServer

SPREADSHEET = "rowreel-demo"
TAB = "Videos"
_WIDTHS = {
    "Approve": 86,
    "Campaign": 104,
    "Headline": 150,
    "Subline": 92,
    "Price": 72,
    "CTA": 88,
    "Accent colour": 94,
    "Format": 88,
    "Notes": 64,
    "Retry": 64,
    "Status": 160,
    "What to do": 168,
    "Video": 90,
    "Preview": 84,
    "Credits": 72,
}
"""Pixels, so that a laptop's window shows everything from the tick to the video."""

_MARK = "rowreel-demo.txt"
_SETTINGS = """\
# Written by `rowreel demo`: the robot's settings, aimed at the stand-ins instead of Google and Zvid.
[google]
credentials = "service-account.json"
base_url = "{base_url}"

[zvid]
base_url = "{base_url}"
key_file = "zvid-key"
timeout_seconds = 5
poll_seconds = 1
settle_seconds = 3

[queue]
undo_seconds = 5

[media]
allow_private = true    # the pictures of the demo are on this machine
timeout_seconds = 5

[log]
format = "json"

[[sheets]]
spreadsheet = "rowreel-demo"
tab = "Videos"
interval_seconds = 1.5
"""


@dataclass(frozen=True, slots=True)
class _Options:
    rows: int | None
    folder: Path
    fresh: bool
    port: int | None
    browser: bool
    until_done: bool


@click.command()
@click.option(
    "--rows", type=click.IntRange(1, 10_000), help="How many sample rows; more than the file has repeats it."
)
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("rowreel-demo"),
    show_default=True,
    help="Where everything is kept; an old folder is resumed.",
)
@click.option("--fresh", is_flag=True, help="Begin anew: throws an old demo folder away.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help=f"Where the page is; {DEFAULT_PORT} if it is free."
)
@click.option("--no-browser", is_flag=True, help="Do not open the page.")
@click.option(
    "--until-done", is_flag=True, help="Tick every valid row, wait for the videos, print a summary, leave."
)
@click.pass_context
def demo(  # noqa: PLR0913 - click hands every option over as an argument
    context: click.Context,
    rows: int | None,
    folder: Path,
    *,
    fresh: bool,
    port: int | None,
    no_browser: bool,
    until_done: bool,
) -> None:
    """Try Rowreel: a sheet in the browser, the robot, and real videos; nothing to sign up for."""
    options = _Options(rows, folder, fresh, port, not (no_browser or until_done), until_done)
    console = Console()
    _prepare_folder(options, console)
    with _sandbox(options, console) as server:
        settings = _settings(options.folder, server.base_url)
        log_file = (options.folder / "robot.log").open("a", encoding="utf-8")
        with log_file, contextlib.redirect_stderr(log_file):
            set_up_logs("json", "info", [settings.zvid_key().get_secret_value()])
            _fill_workbook(options, server, settings, console)
            context.exit(_play(options, server, settings, console))


def _prepare_folder(options: _Options, console: Console) -> None:
    """A folder of ours, new or old; somebody else's is never touched."""
    folder, mark = options.folder, options.folder / _MARK
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise SettingsError(f"{folder} holds something else. Name another folder with --dir.")
    if options.fresh and mark.exists():
        shutil.rmtree(folder)
    if mark.exists():
        console.print(f"Resuming the demo in [bold]{folder}[/bold] (--fresh begins anew).")
        return
    folder.mkdir(parents=True, exist_ok=True)
    mark.write_text("Made by `rowreel demo`. The folder may be deleted as a whole.\n", encoding="utf-8")


@contextmanager
def _sandbox(options: _Options, console: Console) -> Iterator[SandboxServer]:
    """The stand-ins, on the port of last time if there was one: links in the sheet name it."""
    remembered = options.folder / "port"
    known = int(remembered.read_text()) if remembered.exists() else None
    wanted = options.port or known or DEFAULT_PORT
    port = wanted if options.port or _is_free(wanted) else None
    server = start_sandbox(options.folder, port)
    if port is None:
        console.print(f"Port {wanted} is taken; using {server.port} instead.")
    if known not in (None, server.port):
        console.print("Links of videos made earlier point to the old port.", style="yellow")
    remembered.write_text(str(server.port))
    with server:
        yield server


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _settings(folder: Path, base_url: str) -> Settings:
    from bot.sandbox.sheets.tokens import write_service_account

    (folder / "bot.toml").write_text(_SETTINGS.format(base_url=base_url), encoding="utf-8")
    write_service_account(folder, base_url)
    return load_settings(folder / "bot.toml")


def sample_rows(count: int | None) -> list[list[Cell]]:
    """The sample sheet with real boxes; repeated, and numbered apart, when more rows are wanted."""
    inside = Path(bot.__file__).parent / "sample_sheet.csv"
    path = inside if inside.exists() else inside.parent.parent / "sample_sheet.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *lines = list(csv.reader(file))
    wanted = len(lines) if count is None else count
    campaign = header.index("Campaign")
    rows: list[list[Cell]] = [list(header)]
    for number in range(wanted):
        row: list[Cell] = [_boxed(text) for text in lines[number % len(lines)]]
        if number >= len(lines):
            row[campaign] = f"{row[campaign] or 'Campaign'} {number // len(lines) + 1}"
        rows.append(row)
    return rows


def _boxed(text: str) -> Cell:
    return {"TRUE": True, "FALSE": False, "": None}.get(text, text)


def _fill_workbook(options: _Options, server: SandboxServer, settings: Settings, console: Console) -> None:
    """The sample rows once, then what `rowreel init` adds."""
    server.sandbox.sheets.create_workbook(
        "Rowreel demo", {TAB: sample_rows(options.rows)}, spreadsheet_id=SPREADSHEET, time_zone=_local_zone()
    )
    client = google(settings)
    workbook = look_at(client, SPREADSHEET)
    building = survey(client, workbook, TAB, template_of(settings, settings.sheets[0]))
    build(client, workbook, building)
    if building.additions:
        Audience(server.base_url, SPREADSHEET, TAB, console).fit_columns(_WIDTHS)


def _local_zone() -> str:
    """The machine's zone by name, so that times in the sheet are those on the wall."""
    from tzlocal import get_localzone_name

    return get_localzone_name() or "Etc/UTC"


def _play(options: _Options, server: SandboxServer, settings: Settings, console: Console) -> int:
    """Runs the robot beside the audience until it leaves or all is done."""
    audience = Audience(server.base_url, SPREADSHEET, TAB, console)
    with robot(settings) as built:
        daemon = Daemon(built)
        worker = threading.Thread(target=daemon.run, name="robot")
        leave = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: leave.set())
        worker.start()
        try:
            _welcome(server.base_url, options, console)
            return audience.until_done(leave) if options.until_done else audience.watch(leave)
        finally:
            daemon.stop()
            worker.join()
            console.print("Stopped. Everything is kept; the same command goes on from here.")


def _welcome(base_url: str, options: _Options, console: Console) -> None:
    console.print(f"\n  The sheet:  [bold link={base_url}/]{base_url}/[/]")
    console.print(f"  Its folder: {options.folder}   (log: {options.folder / 'robot.log'})")
    if options.until_done:
        return
    console.print("\n  Try this: tick [bold]Approve[/bold] on a row and watch Status. Then sort the sheet,")
    console.print("  edit a headline, untick before it starts. Click a finished video.")
    console.print("  Ctrl-C stops the robot.\n")
    if options.browser:
        webbrowser.open(f"{base_url}/")
