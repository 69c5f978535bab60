"""Identities: how a tab, a record, its content and its job are named.

A job id is computed, never drawn: the same intent yields the same id after any crash, and also after the
journal was lost, as long as the installation's private namespace survives.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from dataclasses import dataclass
from typing import NewType

RecordId = NewType("RecordId", str)
"""What the `Row ID` cell holds, e.g. `r7k3qm`: random, lower case, ends in a letter."""

Fingerprint = NewType("Fingerprint", str)
"""SHA-256 (hex) of every data cell that can change the payload, and the format."""

JobId = NewType("JobId", str)
"""Lower-case hyphenated UUID, version 5: the service's status route reads versions 1-5 (Zvid docs, get-render-job)."""

PayloadHash = NewType("PayloadHash", str)
TemplateHash = NewType("TemplateHash", str)

_DIGITS_AND_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_IN_URL = re.compile(r"/spreadsheets/(?:u/\d+/)?d/([a-zA-Z0-9_-]+)")
_PUBLISHED = re.compile(r"/spreadsheets/(?:u/\d+/)?d/e/")
_ID = re.compile(r"[a-zA-Z0-9_-]+")
_SHORT = 12


def spreadsheet_id(address: str) -> str:
    """The id inside a spreadsheet's address, or the address itself when it already is an id."""
    found = _IN_URL.search(address)
    return found[1] if found else address.strip()


def short_spreadsheet(spreadsheet: str) -> str:
    """Enough of an id to tell spreadsheets apart by, as people compare it with an address: `…x7Kq2A`."""
    return spreadsheet if len(spreadsheet) <= _SHORT else f"…{spreadsheet[-6:]}"


def is_spreadsheet(address: str) -> bool:
    """Whether this can be a spreadsheet's address or id at all; a page made of one is none."""
    return _PUBLISHED.search(address) is None and _ID.fullmatch(spreadsheet_id(address)) is not None


@dataclass(frozen=True, slots=True, order=True)
class TabKey:
    """One tab: its spreadsheet's id and its own numeric id, which a rename does not change."""

    spreadsheet: str
    tab: int


@dataclass(frozen=True, slots=True, order=True)
class RecordKey:
    """One record of one tab."""

    tab: TabKey
    record: RecordId

    def __str__(self) -> str:
        return self.record


@dataclass(frozen=True, slots=True)
class IntentName:
    """Everything that tells one intent from another."""

    key: RecordKey
    format: str
    fingerprint: Fingerprint
    attempt: int


def derive_job_id(namespace: uuid.UUID, name: IntentName) -> JobId:
    """The one job id of an intent under this installation's private namespace."""
    spelled = canonical_json(
        [
            name.key.tab.spreadsheet,
            name.key.tab.tab,
            name.key.record,
            name.format,
            name.fingerprint,
            name.attempt,
        ]
    )
    return JobId(str(uuid.uuid5(namespace, spelled)))


def read_job_id(text: str) -> JobId | None:
    """The job id somebody wrote down, e.g. in a cell; None for anything that is not a UUID."""
    try:
        found = str(uuid.UUID(text))
    except ValueError:
        return None
    # The library also reads other spellings: braces, a prefix, digits of other scripts.
    return JobId(found) if found == text.lower() else None


def spell_record_id(noise: bytes) -> RecordId:
    """A record id made of five random bytes.

    It begins with a letter and ends in one, so that no spreadsheet takes it for a number and dragging the
    fill handle copies it instead of counting it up.
    """
    middle = "".join(_DIGITS_AND_LETTERS[byte % len(_DIGITS_AND_LETTERS)] for byte in noise[:4])
    return RecordId(f"r{middle}{_LETTERS[noise[4] % len(_LETTERS)]}")


# Built once: json.dumps() would put an encoder together for every call, which costs more than a small value.
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spare space: equal values have equal text."""
    return _CANONICAL.encode(value)


def sha256(text: str | bytes) -> str:
    """Hex digest of the text as UTF-8."""
    spelled = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(spelled).hexdigest()
