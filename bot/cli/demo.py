"""`rowreel demo`: the sandbox, a sheet of sample rows and the robot, in one terminal."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape

from bot.adapters.built_in_templates import built_in_names, find_template
from bot.adapters.google_sheet import look_at
from bot.adapters.sheet_builder import build, survey
from bot.cli.audience import Audience
from bot.cli.sample_sheet import column_widths, sample_file, sample_rows, title_column
from bot.cli.sandbox import DEFAULT_PORT, start_sandbox
from bot.daemon import Daemon, longest_silence
from bot.domain.listening import Place
from bot.domain.templates.template import Template
from bot.logs import set_up_logs
from bot.secret_files import SettingsError
from bot.settings import Settings, load_settings
from bot.watching import watching
from bot.wiring import google, robot, template_of

if TYPE_CHECKING:
    from bot.sandbox.serve import SandboxServer

SPREADSHEET = "rowreel-demo"
TAB = "Videos"
_MARK = "rowreel-demo.txt"
_SETTINGS = """\
# Written by `rowreel demo`: the robot's settings, aimed at the stand-ins instead of Google and Zvid.
[google]
credentials = "service-account.json"
base_url = "{base_url}"

[zvid]
base_url = "{base_url}"
key_file = "zvid-key"
max_in_flight = 12    # the stand-in draws two at a time, and has the next ones at hand
timeout_seconds = 5
poll_seconds = 1
settle_seconds = 3

[queue]
undo_seconds = 5

[watch]
listen = "127.0.0.1:0"  # any free port

[media]
allow_private = true    # the pictures of the demo are on this machine
timeout_seconds = 5

[log]
format = "json"

[[sheets]]
spreadsheet = "rowreel-demo"
tab = "Videos"
interval_seconds = 1.5
{template}"""


@dataclass(frozen=True, slots=True)
class _Options:
    rows: int | None
    folder: Path
    template: str | None
    """A built-in name or a whole path; None: whatever the folder was made with."""

    fresh: bool
    port: int | None
    browser: bool
    until_done: bool


@click.command()
@click.option(
    "--rows", type=click.IntRange(1, 10_000), help="How many sample rows; more than the file has repeats it."
)
@click.option(
    "--template",
    metavar="NAME",
    help="Show another template: product, listing, lesson, or a folder of yours with a sample.csv.",
)
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where everything is kept; an old folder is resumed.  [default: rowreel-demo, and the template's name]",
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
    template: str | None,
    folder: Path | None,
    *,
    fresh: bool,
    port: int | None,
    no_browser: bool,
    until_done: bool,
) -> None:
    """Try Rowreel: a sheet in the browser, the robot, and real videos; nothing to sign up for."""
    if template and template not in built_in_names():
        template = str(find_template(Path(template)).resolve())
    folder = folder or Path(f"rowreel-demo-{Path(template).name}" if template else "rowreel-demo")
    options = _Options(rows, folder, template, fresh, port, not (no_browser or until_done), until_done)
    # A file has room for whole links.
    console = Console() if sys.stdout.isatty() else Console(width=200)
    _prepare_folder(options, console)
    with _sandbox(options, console) as server:
        settings = _settings(options, server.base_url)
        log_file = (options.folder / "robot.log").open("a", encoding="utf-8")
        with log_file, contextlib.redirect_stderr(log_file):
            set_up_logs("json", "info", [settings.zvid_key().get_secret_value()])
            named_by = title_column(_fill_workbook(options, server, settings, console))
            context.exit(_play(options, server, settings, console, named_by))


def _prepare_folder(options: _Options, console: Console) -> None:
    """A folder of ours, new or old; somebody else's is never touched."""
    folder, mark = options.folder, options.folder / _MARK
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise SettingsError(f"{folder} holds something else. Name another folder with --dir.")
    if options.fresh and mark.exists():
        shutil.rmtree(folder)
    if mark.exists():
        remembered = folder / "template"
        before = remembered.read_text(encoding="utf-8") if remembered.exists() else "builtin"
        if options.template not in (None, before):
            raise SettingsError(
                f"{folder} shows another template. Name another folder with --dir, or begin anew with --fresh."
            )
        console.print(f"Resuming the demo in [bold]{escape(str(folder))}[/bold] (--fresh begins anew).")
        return
    folder.mkdir(parents=True, exist_ok=True)
    mark.write_text("Made by `rowreel demo`. The folder may be deleted as a whole.\n", encoding="utf-8")


@contextmanager
def _sandbox(options: _Options, console: Console) -> Iterator[SandboxServer]:
    """The stand-ins, on the port of last time if there was one: links in the sheet name it."""
    remembered = options.folder / "port"
    said = remembered.read_text(encoding="utf-8") if remembered.exists() else ""
    known = int(said) if said.isdecimal() else None
    wanted = options.port or known or DEFAULT_PORT
    port = wanted if options.port or _is_free(wanted) else None
    # The sample pictures come from here too, which the real service could not reach.
    server = start_sandbox(options.folder, port, {"allow_loopback_media": True})
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


def _settings(options: _Options, base_url: str) -> Settings:
    """Writes the robot's settings anew: the port may be another one than last time."""
    from bot.sandbox.sheets.tokens import write_service_account

    folder, remembered = options.folder, options.folder / "template"
    if options.template:
        remembered.write_text(options.template, encoding="utf-8")
    template = remembered.read_text(encoding="utf-8") if remembered.exists() else ""
    text = _SETTINGS.format(
        base_url=base_url, template=f"template = {json.dumps(template)}\n" if template else ""
    )
    (folder / "bot.toml").write_text(text, encoding="utf-8")
    write_service_account(folder, base_url)
    return load_settings(folder / "bot.toml")


def _fill_workbook(
    options: _Options, server: SandboxServer, settings: Settings, console: Console
) -> Template:
    """The sample rows once, then what `rowreel init` adds; gives the template they are for."""
    from bot.sandbox.pictures.shelf import ADDRESS

    sheet = settings.sheets[0]
    template = template_of(settings, sheet)
    rows = sample_rows(
        sample_file(settings.template_path(sheet)), template, f"{server.base_url}{ADDRESS}", options.rows
    )
    server.sandbox.sheets.create_workbook(
        "Rowreel demo", {TAB: rows}, spreadsheet_id=SPREADSHEET, time_zone=_local_zone()
    )
    client = google(settings)
    workbook = look_at(client, SPREADSHEET)
    building = survey(client, workbook, TAB, template)
    build(client, workbook, building)
    if building.additions:
        Audience(server.base_url, SPREADSHEET, TAB, console).fit_columns(
            column_widths(settings.template_path(sheet))
        )
    return template


def _local_zone() -> str:
    """The machine's zone by name, so that times in the sheet are those on the wall."""
    from tzlocal import get_localzone_name

    return get_localzone_name() or "Etc/UTC"


def _play(
    options: _Options, server: SandboxServer, settings: Settings, console: Console, named_by: str
) -> int:
    """Runs the robot beside the audience until it leaves or all is done."""
    audience = Audience(server.base_url, SPREADSHEET, TAB, console, named_by)
    with robot(settings) as built, watching(settings, built, longest_silence(built)) as place:
        daemon = Daemon(built)
        worker = threading.Thread(target=daemon.run, name="robot")
        leave = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: leave.set())
        worker.start()
        try:
            _welcome(server.base_url, place, options, console, named_by)
            return audience.until_done(leave) if options.until_done else audience.watch(leave)
        finally:
            daemon.stop()
            worker.join()
            console.print("Stopped. Everything is kept; the same command goes on from here.")


def _welcome(
    base_url: str, watched: Place | None, options: _Options, console: Console, named_by: str
) -> None:
    console.print(f"\n  The sheet:  [bold link={base_url}/]{base_url}/[/]")
    if watched is not None:
        console.print(f"  The robot:  [bold link=http://{watched}/]http://{watched}/[/]")
    console.print(f"  Its folder: {options.folder}   (log: {options.folder / 'robot.log'})", markup=False)
    if options.until_done:
        return
    console.print("\n  Try this: tick [bold]Approve[/bold] on a row and watch Status. Then sort the sheet,")
    console.print(f"  edit a {escape(named_by.lower())}, untick before it starts. Click a finished video.")
    console.print(f"  Let things go wrong: [bold link={base_url}/faults]{base_url}/faults[/]")
    console.print("  Ctrl-C stops the robot.\n")
    if options.browser:
        webbrowser.open(f"{base_url}/")
