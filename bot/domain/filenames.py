r"""File names of delivered videos, in signs that every file system and every object store takes.

Folders are only what the rule says; whatever comes out of a cell stays within one part of the name. It cannot climb
out (`../x`), name a drive (`C:\x`), hide (`.x`), be a device (`NUL`) or be too long.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import quote

from bot.domain.intents import Intent
from bot.domain.templates.naming import is_rule, parts_of

_LONGEST_PART = 150
"""Bytes: with a number and an ending it stays below the 255 that file systems take, or 143 signs of encrypted ones."""

_MOST_FOLDERS = 6
NAMED = frozenset({"date", "name", "row_id", "format", "attempt"})
"""What every rule may have in braces, beside the fields of the template."""

_PLACE = re.compile(r"\{([a-zA-Z][a-zA-Z0-9_]*)\}")
_NEVER = re.compile(
    '[\x00-\x1f\x7f-\x9f\\\\/:*?"<>|%\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufffe\uffff\ud800-\udfff]+|\\.{2,}'
)
"""Signs that separate folders, are refused somewhere, or draw nothing."""

_GAPS = re.compile(r"[\s-]+")

_OUTER = " .-_~\u00a0\u3000"
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)
"""What Windows takes for a device, whatever ending follows."""


def rule_flaw(rule: str) -> str | None:
    """Why this is no rule for names; None when it is one."""
    if not rule.strip():
        return "it is empty"
    if not is_rule(rule):
        return "a brace in it belongs to no name"
    parts = rule.split("/")
    if len(parts) > _MOST_FOLDERS:
        return f"it makes more than {_MOST_FOLDERS} folders"
    if not all(part.strip(_OUTER) for part in parts):
        return "a folder in it has no name"
    if not {"name", "row_id"} & parts_of(parts[-1]):
        return "its last part has neither {name} nor {row_id}, so that videos could not be told apart"
    return None


def file_name(rule: str, intent: Intent) -> str:
    """Where a finished video goes, without its ending; the same for the same promise, whenever it is asked."""
    at = intent.finished_at or intent.updated_at
    known = {
        **dict(intent.content.values),
        "date": f"{at:%Y-%m-%d}",
        "name": intent.job_name,
        "row_id": intent.key.record,
        "format": intent.format,
        "attempt": str(intent.attempt + 1),
    }
    return "/".join(_part(_filled(part, known)) for part in rule.split("/"))


def numbered(name: str, number: int, ending: str) -> str:
    """The name with its ending; a later number where other files have it already."""
    return f"{name}{ending}" if number == 1 else f"{name}-{number}{ending}"


def public_link(base: str, name: str) -> str | None:
    """How people reach a file of this name; None where nobody said how."""
    return f"{base.rstrip('/')}/{quote(name)}" if base else None


def _filled(part: str, known: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: known.get(found[1], ""), part)


def _part(text: str) -> str:
    """One part of a name."""
    plain = _GAPS.sub("-", _NEVER.sub("-", unicodedata.normalize("NFC", text))).strip(_OUTER)
    plain = plain.encode()[:_LONGEST_PART].decode("utf-8", "ignore").strip(_OUTER) or "video"
    return f"_{plain}" if _DEVICES.match(plain) else plain
