"""JSON as it travels, and the errors of the Sheets v4 service in the shape Google gives them.

Every refusal a client can see is an ApiError; nothing else decides about status codes.
"""

from __future__ import annotations

import re
import struct
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

# What JSON of the wrong type or shape raises where it is used; the service names it while parsing.
MALFORMED = (TypeError, ValueError, KeyError, AttributeError, IndexError, re.error, struct.error)


class ApiError(Exception):
    """A refused request: HTTP code, Google's status word, the text, and optional details."""

    def __init__(self, code: int, status: str, message: str, details: list[Json] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.details = details

    def body(self) -> Json:
        """The error body of every v4 method (seen in recorded traffic of gspread's tests)."""
        error: Json = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return {"error": error}

    def prefixed(self, prefix: str) -> ApiError:
        """The same refusal with the sub-request named in front of it."""
        return ApiError(self.code, self.status, prefix + self.message, self.details)


def invalid(message: str) -> ApiError:
    """A request that makes no sense to the service."""
    return ApiError(400, "INVALID_ARGUMENT", message)


def bad_field(field: str, kind: str, shown: str) -> ApiError:
    """A JSON value of the wrong type, with the violation named (recorded traffic)."""
    text = f"Invalid value at '{field}' ({kind}), {shown}"
    detail: Json = {
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        "fieldViolations": [{"field": field, "description": text}],
    }
    return ApiError(400, "INVALID_ARGUMENT", text, [detail])


def not_found() -> ApiError:
    """An id nobody knows."""
    return ApiError(404, "NOT_FOUND", "Requested entity was not found.")


def not_built(name: str) -> ApiError:
    """Something the real service does and this one does not: said aloud, never pretended."""
    return ApiError(501, "UNIMPLEMENTED", f"The stand-in has not built: {name}")


def without_nulls(value: Any) -> Any:
    """JSON null means "not given" to the service, except inside value lists, which do not pass here."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def truthy(text: str | None) -> bool:
    """A boolean of the query string; gspread sends True, the JavaScript clients send true."""
    return (text or "").lower() in {"true", "1"}
