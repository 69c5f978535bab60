"""Sharing: links that open a page around a file instead of the file, as "Copy link" gives them, and what leads to
the file itself. Suggested to people, never put in the place of what they wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

_DRIVE_FILE = re.compile(r"/file/(?:u/[0-9]+/)?d/([\w-]{10,100})(?:/.*)?")
_DROPBOX_FILE = re.compile(r"/(?:s|scl/fi)/.+")
_GITHUB_FILE = re.compile(r"/([^/]+/[^/]+)/blob/(.+)")
_ID = re.compile(r"[\w-]{10,100}")

SIGN_IN_HOSTS = frozenset(
    {
        "accounts.google.com",
        "login.microsoftonline.com",
        "login.live.com",
        "login.yahoo.com",
        "appleid.apple.com",
    }
)
_SIGN_IN_PATH = re.compile(
    r"/(?:log[-_]?in|sign[-_]?in|sso|saml2?|oauth2?|authorize)(?:[/.]|$)", re.IGNORECASE
)


def direct_link(link: str) -> str | None:
    """Where the file itself is, for a link that surely shows a page around it; None for all others."""
    parts = urlsplit(link)
    host = (parts.hostname or "").removeprefix("www.")
    if host.endswith(".sharepoint.com"):
        return _of_sharepoint(parts)
    reader = _READERS.get(host)
    return reader(parts) if reader is not None else None


def is_sign_in(link: str) -> bool:
    """Whether an address is where people are asked who they are."""
    parts = urlsplit(link)
    return parts.hostname in SIGN_IN_HOSTS or bool(_SIGN_IN_PATH.search(parts.path))


def _of_drive(parts: SplitResult) -> str | None:
    found = _DRIVE_FILE.fullmatch(parts.path)
    name = found[1] if found else ""
    if parts.path == "/open":
        name = parse_qs(parts.query).get("id", [""])[0]
    if not _ID.fullmatch(name):
        return None
    key = parse_qs(parts.query).get("resourcekey", [""])[0]
    return f"https://drive.google.com/uc?export=download&id={name}" + (f"&resourcekey={key}" if key else "")


def _of_dropbox(parts: SplitResult) -> str | None:
    said = dict(parse_qsl(parts.query))
    if not _DROPBOX_FILE.fullmatch(parts.path) or "1" in {said.get("dl"), said.get("raw")}:
        return None
    return _with(parts, dl="1")


def _of_sharepoint(parts: SplitResult) -> str | None:
    is_shared = parts.path.startswith("/:")
    return _with(parts, download="1") if is_shared and "download" not in parse_qs(parts.query) else None


def _of_github(parts: SplitResult) -> str | None:
    found = _GITHUB_FILE.fullmatch(parts.path)
    if found is None or parse_qs(parts.query).get("raw"):
        return None
    return f"https://raw.githubusercontent.com/{found[1]}/{found[2]}"


def _with(parts: SplitResult, **wanted: str) -> str:
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key not in wanted]
    return urlunsplit(parts._replace(query=urlencode([*kept, *wanted.items()]), fragment=""))


_READERS: dict[str, Callable[[SplitResult], str | None]] = {
    "drive.google.com": _of_drive,
    "dropbox.com": _of_dropbox,
    "github.com": _of_github,
}
