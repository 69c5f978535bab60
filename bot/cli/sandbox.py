"""`rowreel sandbox`: the two stand-ins alone, one origin."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.secret_files import SettingsError

if TYPE_CHECKING:
    from bot.sandbox.serve import SandboxServer

DEFAULT_PORT = 8711
PRACTICE = "practice"
"""A spreadsheet to begin with, by its id, where there is none."""

NEEDS_EXTRA = "The sandbox needs the demo extra. Install it with: pip install 'rowreel[demo]'"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True)
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("rowreel-sandbox"),
    show_default=True,
    help="Where the workbooks, jobs and videos are kept.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="SWITCH=VALUE",
    help="Make the Zvid stand-in misbehave, e.g. duplicate_job_id=409; may be given several times.",
)
def sandbox(port: int, folder: Path, faults: tuple[str, ...]) -> None:
    """Run the stand-ins for Google Sheets and Zvid until told to stop."""
    with start_sandbox(folder, port, switches=_switches(faults)) as server:
        if not server.sandbox.sheets.library.ids():
            server.sandbox.sheets.create_workbook("Practice", {"Videos": [[]]}, PRACTICE)
        click.echo(f"Google Sheets and Zvid stand-ins: {server.base_url}/")
        click.echo(f"Zvid key file: {folder / 'zvid-key'}")
        click.echo(f"Google key file: {_account(folder, server.base_url)}")
        click.echo("Ctrl-C stops them.")
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        stop.wait()


def _account(folder: Path, base_url: str) -> Path:
    """The key file of a service account at this address; the one of the last time, if it is still good."""
    from bot.sandbox.sheets.tokens import write_service_account

    path = folder / "service-account.json"
    is_good = path.exists() and f'"{base_url}/token"' in path.read_text(encoding="utf-8")
    return path if is_good else write_service_account(folder, base_url)


def start_sandbox(folder: Path, port: int | None, switches: dict[str, Any] | None = None) -> SandboxServer:
    """Both stand-ins over a folder, not yet answering. Raises SettingsError when they cannot be had."""
    try:
        from bot.sandbox.app import Sandbox, SandboxOptions
        from bot.sandbox.serve import PortTakenError, SandboxServer, free_port
        from bot.sandbox.zvid.options import SwitchError, ZvidOptions
    except ModuleNotFoundError as error:
        raise SettingsError(f"{NEEDS_EXTRA} (missing: {error.name})") from error
    try:
        zvid = ZvidOptions().changed(switches or {})
    except SwitchError as error:
        raise SettingsError(f"--fault: {error}") from error
    try:
        listener = free_port(port)
    except PortTakenError as error:
        raise SettingsError(f"{error} Choose another one with --port.") from error
    folder.mkdir(parents=True, exist_ok=True)
    return SandboxServer(Sandbox(folder, SandboxOptions(zvid=zvid)), listener)


def _switches(faults: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for fault in faults:
        name, sign, value = fault.partition("=")
        if not sign:
            raise SettingsError(f'--fault: write SWITCH=VALUE, not "{fault}".')
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found
