"""Watches a template folder while the robot works: files that change are noticed, and read once they keep still."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.adapters.template_folder import TemplateError, load_template
from bot.domain.templates.designs import Design
from bot.domain.templates.template import Template
from bot.ports import Clock

_STILL_SECONDS = 1.0
"""Several files are saved one after the other; half of an edit must not be taken for a version."""

_DEEPEST = 4
_MOST_FILES = 500

Mark = tuple[tuple[str, int, int, int], ...]
"""What tells changed files from unchanged ones: name, time, size and place on the disk of each."""


class TemplateWatch:
    """One folder, looked at with every tick: a few stats, and a read only after a change."""

    def __init__(self, folder: Path, clock: Clock, last: Template | None = None) -> None:
        """`last` is the version used before, to go on with where the folder cannot be used at the start.

        Raises TemplateError where there is none.
        """
        self._folder = folder
        self._clock = clock
        self._mark = _mark(folder)
        self._changed_at = clock.monotonic()
        try:
            self._design = Design(load_template(folder))
        except TemplateError as error:
            if last is None:
                raise
            self._design = Design(last, str(error))

    def look(self) -> Design:
        mark = _mark(self._folder)
        if mark != self._mark:
            self._mark, self._changed_at = mark, self._clock.monotonic()
            self._design = replace(self._design, is_changing=True)
        elif self._design.is_changing and self._clock.monotonic() - self._changed_at >= _STILL_SECONDS:
            self._read()
        return self._design

    def _read(self) -> None:
        before = self._design.template
        try:
            template = load_template(self._folder)
        except TemplateError as error:
            self._design = Design(before, str(error))
            return
        self._design = Design(template)


def _mark(folder: Path) -> Mark:
    try:
        return tuple(sorted(_files(folder, 0)))[:_MOST_FILES]
    except OSError:
        # Whatever cannot be listed cannot be read either, and says so then.
        return ()


def _files(folder: Path, depth: int) -> Iterator[tuple[str, int, int, int]]:
    with os.scandir(folder) as found:
        for entry in found:
            if entry.is_dir():
                if depth < _DEEPEST:
                    yield from _files(Path(entry.path), depth + 1)
                continue
            about = entry.stat()
            yield entry.path, about.st_mtime_ns, about.st_size, about.st_ino
