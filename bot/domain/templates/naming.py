"""Names of jobs, which are the names of their output files too (Zvid docs, structure/project)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.ids import JobId, RecordId

_NAME_PART = re.compile(r"\{([a-zA-Z][a-zA-Z0-9_]*)\}")
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_\-]+")
_LONGEST_WORDS = 80


@dataclass(frozen=True, slots=True)
class Label:
    """What besides the record's values goes into a payload."""

    record: RecordId
    job_id: JobId
    """Makes the name unlike any other: record, content and attempt may be the same on a duplicated tab."""

    attempt: int


def parts_of(rule: str) -> frozenset[str]:
    """The names a rule uses."""
    return frozenset(_NAME_PART.findall(rule))


def is_rule(rule: str) -> bool:
    """Whether every brace of a rule belongs to a name."""
    return not set("{}") & set(_NAME_PART.sub("", rule))


def job_name(rule: str, values: Mapping[str, str], label: Label) -> str:
    """The template's rule plus what makes the job findable, in signs every service and file system takes."""
    named = _NAME_PART.sub(lambda found: values.get(found[1], ""), rule)
    plain = unicodedata.normalize("NFKD", named).encode("ascii", "ignore").decode()
    words = _NOT_IN_NAMES.sub("-", plain).strip("-").lower()[:_LONGEST_WORDS].strip("-")
    ending = f"{label.record}-{label.job_id[:8]}-{label.attempt}"
    if label.record in words:
        ending = ending[len(label.record) + 1 :]
    return f"{words}-{ending}" if words else ending
