"""What a refused call answers: the error bodies of the service.

`error` is always there, the rest where it helps (Zvid docs, errors-and-retries).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a request: where, in dots and brackets, and what."""

    field: str
    message: str


class Refusal(Exception):  # noqa: N818, an expected answer of the protocol
    """An answer other than success; carries everything the response needs."""

    def __init__(self, status: int, error: str, message: str | None = None, **more: Any) -> None:
        super().__init__(error)
        self.status = status
        self.body: dict[str, Any] = {"error": error}
        if message is not None:
            self.body["message"] = message
        self.body.update(more)
        self.headers: dict[str, str] = {}


def invalid(problems: list[Problem], plan_limits: dict[str, Any]) -> Refusal:
    """400 with one entry a problem, and the limits the plan sets."""
    return Refusal(
        400,
        "Validation failed",
        "Please check your input and try again",
        details=[{"field": each.field, "message": each.message} for each in problems],
        planLimits=plan_limits,
    )


def unauthorized(key_was_sent: bool) -> Refusal:
    if key_was_sent:
        return Refusal(401, "Unauthorized", "Invalid API key")
    return Refusal(401, "API key required", "Send your key in the x-api-key header")


def too_expensive(required: int, available: int) -> Refusal:
    """402; nothing was queued or charged (Zvid docs, older OpenAPI: all four fields required)."""
    return Refusal(
        402,
        "Insufficient credits",
        f"This render needs {required} credits, {available} are available",
        creditsRequired=required,
        creditsAvailable=available,
    )


def too_many(error: str, message: str, retry_after: int, **more: int) -> Refusal:
    """429 with the wait in the body and in the header."""
    refusal = Refusal(429, error, message, retryAfter=retry_after, **more)
    refusal.headers["retry-after"] = str(retry_after)
    return refusal


def not_built(name: str) -> Refusal:
    """501 by name, so that a missing part is never mistaken for a missing thing."""
    return Refusal(501, "Not implemented", f"The stand-in has not built: {name}")
