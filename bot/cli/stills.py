"""Draws what a preview shows, with the sandbox's engine, which only the command line may know."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.adapters.downloads import Parts, WebDownloads
from bot.adapters.media import MediaFetcher
from bot.adapters.system_clock import SystemClock
from bot.cli.sample_sheet import SAMPLE_PICTURES
from bot.doctor.previewing import Previewed, Shot
from bot.domain.delivery import Undelivered
from bot.domain.media.looks import Finding, MediaColumn, Sizes, problem_with
from bot.domain.templates.template import Template
from bot.secret_files import SettingsError
from bot.settings import MediaSettings, Settings
from bot.wiring import reach_of, sizes_of

if TYPE_CHECKING:
    from bot.sandbox.render.stills import Strip

NEEDS_EXTRA = "Pictures are drawn by the demo's engine. Install it with: pip install 'rowreel[demo]'"
_LARGEST = 100_000_000
_PNG = b"\x89PNG"


class NoPictureError(RuntimeError):
    """What keeps the picture from being drawn, in words."""


class Gallery:
    """Looks at a row's links, loads what they lead to, and draws. Raises SettingsError without the demo extra."""

    def __init__(self, settings: Settings | None, *, is_sample: bool) -> None:
        try:
            import bot.sandbox.render.stills  # noqa: F401 - only whether it is there
        except ModuleNotFoundError as error:
            raise SettingsError(f"{NEEDS_EXTRA} (missing: {error.name})") from error
        media = settings.media if settings is not None else MediaSettings()
        reach, clock = reach_of(media), SystemClock()
        self._looker = MediaFetcher(clock, timeout_seconds=media.timeout_seconds, reach=reach)
        self._files = WebDownloads(clock, timeout_seconds=3 * media.timeout_seconds, reach=reach)
        self._sizes: Sizes = sizes_of(media)
        self._is_sample = is_sample

    def problems(self, template: Template, row: Previewed) -> list[str]:
        """What is wrong with the row's own links, as its sheet would say it."""
        found = []
        for one, text in zip(template.contract.fields, row.judged.content.texts, strict=True):
            if not one.type.is_media or not text or self._is_own(text):
                continue
            column = MediaColumn(one.column, one.type)
            sight = self._looker.look(text)
            problem = problem_with(column, sight, self._sizes)
            if problem is not None:
                found.append(problem.text)
            elif sight.finding is not Finding.THERE:
                found.append(f'"{one.column}" cannot be looked at now: {sight.detail}. Try again later.')
        return found

    def draw(
        self, title: str, shots: Sequence[Shot], at: Sequence[float], out: Path, *, singles: bool
    ) -> list[Path]:
        """Writes the sheet of all stills and, if wanted, each beside it. Raises NoPictureError."""
        from bot.sandbox.render.stills import contact_sheet

        if out.is_file() and not _is_picture(out):
            raise NoPictureError(f"{out} is there already, and is no picture of ours. Name another file.")
        with tempfile.TemporaryDirectory(prefix="rowreel-preview-") as folder:
            strips = self._strips(shots, at, Path(folder))
        written = [out]
        try:
            contact_sheet(title, strips).save(out, "PNG")
            for strip in strips if singles else ():
                for still in strip.stills:
                    name = f"{out.stem}-{strip.name}-{still.seconds:.1f}s.png"
                    still.picture.save(out.with_name(name), "PNG")
                    written.append(out.with_name(name))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise NoPictureError(f"{out} cannot be written: {reason}.") from error
        return written

    def _strips(self, shots: Sequence[Shot], at: Sequence[float], folder: Path) -> list[Strip]:
        from bot.sandbox.render.drawings import Pens
        from bot.sandbox.render.faults import RenderError
        from bot.sandbox.render.stills import Strip, stills

        kept: dict[str, bytes] = {}

        def fetch(link: str) -> bytes:
            if link not in kept:
                kept[link] = self._own(link, folder) if self._is_own(link) else self._load(link, folder)
            return kept[link]

        pens, strips = Pens(), []
        for shot in shots:
            if shot.payload is None:
                continue
            try:
                made = stills(shot.payload.project, fetch, pens, at)
            except RenderError as error:
                raise NoPictureError(f"{shot.format} cannot be drawn here: {error.reason}") from error
            size = "x".join(map(str, made[0].picture.size))
            strips.append(Strip(shot.format, f"{shot.format}, {size}", tuple(made)))
        if not strips:
            raise NoPictureError("None of the wanted formats works for this row.")
        return strips

    def _is_own(self, link: str) -> bool:
        return self._is_sample and link.startswith(f"{SAMPLE_PICTURES}/")

    def _own(self, link: str, folder: Path) -> bytes:
        """The samples' pictures are served by a demo that need not run now: they are drawn as it would draw them."""
        from bot.sandbox.pictures.shelf import PictureShelf

        try:
            return PictureShelf(folder).file(link.removeprefix(f"{SAMPLE_PICTURES}/")).read_bytes()
        except KeyError:
            raise NoPictureError(f"There is no sample picture at {link}.") from None

    def _load(self, link: str, folder: Path) -> bytes:
        parts = Parts(folder)
        into = parts.place("file")
        said = self._files.fetch(link, into, _LARGEST)
        loaded = parts.loaded(into)
        if isinstance(said, Undelivered) or loaded is None:
            detail = said.detail if isinstance(said, Undelivered) else "nothing came"
            # Never its whole address, which may be signed.
            host = link.partition("//")[2].partition("/")[0]
            raise NoPictureError(f"A file at {host} cannot be loaded: {detail}.")
        body = loaded.read_bytes()
        parts.discard(into)
        return body


def _is_picture(file: Path) -> bool:
    """Whether drawing again takes nothing away: earlier stills are replaced."""
    with file.open("rb") as opened:
        return opened.read(len(_PNG)) in {_PNG, b""}
