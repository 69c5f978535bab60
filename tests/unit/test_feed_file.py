"""Feeds as programs of many countries write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.feed_file import FeedError, read_feed

WORDS = "SKU{0}Größe{0}Text\na{0}“é”{0}one\n"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(tmp_path: Path, encoding: str, told: str, delimiter: str):
    """By the mark at the beginning, by what reads so, and by the columns of the header."""
    (tmp_path / "f.csv").write_bytes(WORDS.format(delimiter).encode(encoding))

    found = read_feed(tmp_path / "f.csv")

    assert found.encoding == told
    assert found.feed.header == ("SKU", "Größe", "Text")
    assert found.feed.lines == ((2, ("a", "“é”", "one")),)


def test_delimiter_that_was_named(tmp_path: Path):
    """A person knows better where the header alone says nothing, or something else."""
    (tmp_path / "f.csv").write_text("A, B and C;Name\n1;x\n", encoding="utf-8")

    assert read_feed(tmp_path / "f.csv", ";").feed.header == ("A, B and C", "Name")
    assert read_feed(tmp_path / "f.csv", "^").feed.header == ("A, B and C;Name",)


def test_quotes_line_ends_and_blank_lines(tmp_path: Path):
    """Lines count as an editor shows them, and a delimiter within quotes is none."""
    (tmp_path / "f.csv").write_bytes(b'"a;b;c;d",n\r\n"one\r\ntwo","say ""x"""\r\n\r\n,\r\nlast,1\r\n')

    found = read_feed(tmp_path / "f.csv")

    assert found.delimiter == "commas"
    assert found.feed.lines == ((2, ("one\r\ntwo", 'say "x"')), (6, ("last", "1")))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty: the first line must name the columns"),
        (b"PK\x03\x04\x00\x00", 'is no text file. Save it as "CSV UTF-8".'),
        (b"\x81\x8d", 'is in no encoding that can be told. Save it as "CSV UTF-8".'),
        (b'a,b\n"x" y,2\n', "cannot be read as CSV"),
        (b'a,b\n"x,2\n', "cannot be read as CSV"),
    ],
)
def test_what_is_no_table_is_refused_with_the_fix(tmp_path: Path, body: bytes, said: str):
    """In one sentence."""
    (tmp_path / "f.csv").write_bytes(body)

    with pytest.raises(FeedError, match=r"f\.csv") as caught:
        read_feed(tmp_path / "f.csv")

    assert said in str(caught.value)
