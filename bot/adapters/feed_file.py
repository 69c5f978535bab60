"""A CSV file from outside, whoever wrote it: encoding and delimiter are found out by rules that can be told."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.domain.feeds import Feed

_LARGEST = 200_000_000
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class FeedError(RuntimeError):
    """A file that cannot be read as a table; the message says what to do."""


@dataclass(frozen=True, slots=True)
class FeedFile:
    """The table, and how it was read."""

    feed: Feed
    encoding: str
    delimiter: str


def read_feed(path: Path, delimiter: str | None = None) -> FeedFile:
    """The header and every line that says anything. Raises FeedError.

    A byte-order mark names the encoding; else it is UTF-8 where all of it reads so, and Windows-1252 where not. The
    delimiter, where none is named, is the one of `,` `;` tab `|` that makes the most columns of the header.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise FeedError(f"{path} is too large: more than {_LARGEST // 1_000_000} MB. Split it.")
        body = path.read_bytes()
    except OSError as error:
        raise FeedError(f"{path} cannot be read: {error.strerror}.") from error
    encoding, text = _decoded(path, body)
    if "\0" in text:
        raise FeedError(f'{path} is no text file. Save it as "CSV UTF-8".')
    delimiter = delimiter or max(_DELIMITERS, key=lambda one: len(_header(text, one)))
    try:
        records = list(_records(text, delimiter))
    except csv.Error as error:
        raise FeedError(f"{path} cannot be read as CSV: {error}.") from error
    if not records:
        raise FeedError(f"{path} is empty: the first line must name the columns.")
    (_, header), *lines = records
    return FeedFile(Feed(header, tuple(lines)), encoding, _DELIMITERS.get(delimiter, f'"{delimiter}"'))


def _decoded(path: Path, body: bytes) -> tuple[str, str]:
    marked = next((name for mark, name in _MARKS if body.startswith(mark)), None)
    for name in [marked] if marked else ["utf-8", "cp1252"]:
        try:
            return name, body.decode(name)
        except UnicodeDecodeError:
            continue
    raise FeedError(f'{path} is in no encoding that can be told. Save it as "CSV UTF-8".')


def _header(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _records(text: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each with the line it begins in; a field may hold line ends. Blank lines are none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    for record in reader:
        if any(one.strip() for one in record):
            yield begins, tuple(record)
        begins = reader.line_num + 1
