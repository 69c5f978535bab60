"""Lifetimes: when a signed link stops working, as far as the link itself says so."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

_SIGNATURES = frozenset(
    {"signature", "sig", "key-pair-id", "googleaccessid", "awsaccesskeyid", "ossaccesskeyid", "hmac"}
)
"""What stands beside an `Expires` that is meant: alone, the word may mean anything."""

_DISCORD_HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})


@lru_cache(maxsize=16_384)  # every row's links on every read
def expires_at(link: str) -> datetime | None:
    """The moment a signed link ends (aware UTC); None where it says nothing of an end."""
    parts = urlsplit(link)
    if not parts.query:
        return None
    said = {key.lower(): value for key, value in parse_qsl(parts.query)}
    found = [
        _after(said, "x-amz-date", "x-amz-expires"),
        _after(said, "x-goog-date", "x-goog-expires"),
        _azure(said),
        _policy(said),
        _unix(said.get("expires", "")) if _SIGNATURES & said.keys() else None,
        _discord(parts.hostname, said),
    ]
    return min((one for one in found if one is not None and 2000 <= one.year < 2100), default=None)


def _after(said: Mapping[str, str], start: str, seconds: str) -> datetime | None:
    """AWS and Google Cloud, signature version 4: signed then, good for so long."""
    length = said.get(seconds, "")
    if not (length.isascii() and length.isdigit() and len(length) < 9):
        return None
    try:
        signed = datetime.strptime(said.get(start, ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return signed + timedelta(seconds=int(length))
    except (ValueError, OverflowError):
        return None


def _azure(said: Mapping[str, str]) -> datetime | None:
    """A shared access signature: `se` is its end, `sig` the signature."""
    if "sig" not in said:
        return None
    try:
        end = datetime.fromisoformat(said.get("se", ""))
    except ValueError:
        return None
    return end if end.tzinfo is not None else end.replace(tzinfo=UTC)


def _policy(said: Mapping[str, str]) -> datetime | None:
    """CloudFront with a policy of its own, in its spelling of base64."""
    spelled = said.get("policy", "").translate(str.maketrans("-_~", "+=/"))
    if not spelled or not _SIGNATURES & said.keys():
        return None
    try:
        policy = json.loads(base64.b64decode(spelled, validate=True))
        end = policy["Statement"][0]["Condition"]["DateLessThan"]["AWS:EpochTime"]
    except (binascii.Error, ValueError, LookupError, TypeError, RecursionError):
        return None
    return _unix(str(end))


def _discord(host: str | None, said: Mapping[str, str]) -> datetime | None:
    """Files of a chat: `ex` is the end in hexadecimal digits."""
    if host not in _DISCORD_HOSTS:
        return None
    try:
        return _unix(str(int(said.get("ex", "")[:16], 16)))
    except ValueError:
        return None


def _unix(text: str) -> datetime | None:
    is_plain = text.isascii() and text.isdigit() and len(text) <= 10
    return datetime.fromtimestamp(int(text), UTC) if is_plain else None
