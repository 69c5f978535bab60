"""Why a client is not let in, for as long as that lasts: the causes behind the ten commonest beginners' refusals.

Bodies as Google gives them: ErrorInfo reasons after AIP-193, texts from public issue reports.
"""

from __future__ import annotations

from typing import Literal

from bot.sandbox.sheets.wire import ApiError

Access = Literal["open", "not_shared", "viewer", "office_file", "api_disabled", "account_refused"]

_DISABLED = (
    "Google Sheets API has not been used in project 123456789012 before or it is disabled. Enable it by visiting "
    "https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=123456789012 then retry. "
    "If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry."
)


def refusal(access: Access, kind: str) -> ApiError | None:
    """What a call of this kind is answered; None lets it through."""
    if kind == "token":
        return None
    match access:
        case "not_shared":
            return _no_permission()
        case "viewer" if kind == "write":
            return _no_permission()
        case "office_file":
            return ApiError(400, "FAILED_PRECONDITION", "This operation is not supported for this document")
        case "api_disabled":
            return ApiError(403, "PERMISSION_DENIED", _DISABLED, [_reason("SERVICE_DISABLED")])
    return None


def _no_permission() -> ApiError:
    return ApiError(403, "PERMISSION_DENIED", "The caller does not have permission")


def _reason(word: str) -> dict[str, object]:
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": word,
        "domain": "googleapis.com",
        "metadata": {"service": "sheets.googleapis.com", "consumer": "projects/123456789012"},
    }
