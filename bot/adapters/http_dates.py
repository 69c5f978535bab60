"""Times as HTTP headers tell them (RFC 9110, 5.6.7)."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime


def http_date(header: str) -> datetime | None:
    """The moment a header names; None when it names none."""
    try:
        said = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)
