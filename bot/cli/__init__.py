"""The command line: results on stdout, logs and errors on stderr, one clear line for each expected trouble.

Exit codes: 0 fine, 1 outside trouble, 2 usage or settings, 3 partly done.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from pathlib import Path

import click

from bot.adapters.google_account import SheetUnavailableError
from bot.adapters.journal_file import JournalPlaceError
from bot.adapters.state_folder import AlreadyRunningError
from bot.adapters.template_folder import TemplateError
from bot.cli import (
    demo,
    doctor,
    explain,
    export,
    import_feed,
    init,
    journal,
    payload,
    robot,
    sandbox,
    status,
    template,
)
from bot.ports import JournalError
from bot.secret_files import SettingsError

_OUTSIDE = (SheetUnavailableError, AlreadyRunningError, JournalError)
_DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)
_SETTINGS = (SettingsError, TemplateError, JournalPlaceError)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rowreel")
def commands() -> None:
    """Turns approved rows of a Google Sheet into videos, each exactly once."""


for _command in (
    demo.demo,
    init.init,
    doctor.doctor,
    robot.run,
    robot.once,
    status.plan,
    status.status,
    explain.explain,
    payload.payload,
    export.export,
    import_feed.import_feed,
    template.template,
    sandbox.sandbox,
    journal.journal,
):
    commands.add_command(_command)


def main() -> None:
    """The `rowreel` command."""
    _take_hold_of_streams()
    try:
        # Outside its standalone mode click hands the exit code back.
        code = commands.main(prog_name="rowreel", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort as error:
        if error.__cause__ is None and sys.stdin.isatty():
            # The question's line is not ended yet.
            _complain("", 1, before="")
        sys.exit(_complain(_stopped(error), 1))
    except _SETTINGS as error:
        sys.exit(_complain(error, 2))
    except _OUTSIDE as error:
        sys.exit(_complain(error, 1))
    except OSError as error:
        # A file, a folder or a disk that does not serve; whatever else the system refuses is a mistake of ours.
        if error.filename is None and error.errno not in _DISK_IS_FULL:
            raise
        what = f"{error.filename} cannot be used" if error.filename else "Nothing more can be written"
        sys.exit(_complain(f"{what}: {error.strerror}.", 1))
    finally:
        _let_go_of_streams()


def _stopped(error: click.Abort) -> str:
    """Ctrl-C has a cause; a question nobody can answer has none."""
    if error.__cause__ is None and not sys.stdin.isatty():
        return "There is nobody to ask here. Look at what would happen, then say yes beforehand with --yes."
    return "Stopped."


def _take_hold_of_streams() -> None:
    """A closed stream leads nowhere, and must not become the next file that is opened; a sign that a terminal cannot
    show is spelled.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w" if number else "r", encoding="utf-8"))  # noqa: SIM115 - for good
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _complain(error: Exception | str, code: int, before: str = "rowreel: ") -> int:
    with contextlib.suppress(OSError):
        click.echo(f"{before}{error}", err=True)
    return code


def _let_go_of_streams() -> None:
    """What cannot be written any more, to a closed pipe or a full disk, must not change the exit code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
