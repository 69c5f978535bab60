"""Google's refusals, sorted by what may be done, each with the words that say what an admin must do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from bot.domain.failures import Failure, FailureClass, ProblemCode

_MINUTE = 60.0
_LONGEST_WAIT = 3600.0

NO_SUCH_SHEET = "There is no such spreadsheet"
SERVICE_DISABLED = "SERVICE_DISABLED"
OFFICE_FILE = "FAILED_PRECONDITION"
ACCOUNT_REFUSED = "invalid_grant"
"""Failure reasons that others look for; the last is OAuth's own (RFC 6749, 5.2)."""

_REASONS = {
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": "The robot's account was given no right to use Sheets. Use a service account's "  # nosec B105  # a word of the protocol, no secret
    "key file, or credentials made with the scope https://www.googleapis.com/auth/spreadsheets",
    SERVICE_DISABLED: "The Google Sheets API is not enabled in the project of the robot's account. "
    "Enable it in Google's console",
}
"""By the reason in Google's ErrorInfo (AIP-193): texts change, these do not."""

_TOO_OFTEN = {"RATE_LIMIT_EXCEEDED", "USER_PROJECT_QUOTA_EXCEEDED"}


class Answer(Protocol):
    """The part of an HTTP answer that matters here."""

    @property
    def status_code(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...


def refusal(answer: Answer, said: Mapping[str, Any], address: str | None) -> Failure:
    """Sorted by HTTP status and Google's own words for machines (Sheets API, usage limits and errors)."""
    found = _sorted(answer, said, address)
    return replace(found, reason=_reason(said) or str(said.get("status", "")))


def _sorted(answer: Answer, said: Mapping[str, Any], address: str | None) -> Failure:
    status, reason, word = answer.status_code, _reason(said), said.get("status")
    heard = f"Google answered {status}: {_said(said)}"
    if status == 429 or (status == 403 and reason in _TOO_OFTEN):
        wait = _wait(answer.headers.get("Retry-After", ""))
        return Failure(FailureClass.THROTTLED, ProblemCode.RATE, heard, retry_after=wait)
    if status in {401, 403} and reason in _REASONS:
        return Failure(FailureClass.DENIED, ProblemCode.AUTH, f"{_REASONS[reason]}. {heard}")
    if status == 401:
        words = "Google does not accept the robot's account any more. Check that its key was not deleted"
        return Failure(FailureClass.DENIED, ProblemCode.AUTH, f"{words}. {heard}")
    if status == 403:
        return Failure(FailureClass.DENIED, ProblemCode.SHARING, f"{_share(address)} {heard}")
    if status >= 500:
        return Failure(FailureClass.TRANSIENT, ProblemCode.NET, heard)
    if status == 404:
        words = f"{NO_SUCH_SHEET}: it was deleted, is in the bin, or the address is wrong"
        return Failure(FailureClass.REJECTED, ProblemCode.SHARING, f"{words}. {heard}")
    if word == OFFICE_FILE:
        words = (
            "This looks like an Excel file opened in Drive. In its menu choose File, Save as Google Sheets, "
            "and use the address of the new spreadsheet"
        )
        return Failure(FailureClass.REJECTED, ProblemCode.SHARING, f"{words}. {heard}")
    return Failure(FailureClass.REJECTED, ProblemCode.SERVICE, heard)


def refused_account(error: Exception) -> Failure:
    """The token exchange said no: key deleted, account disabled, or this machine's clock is wrong."""
    heard = str(error.args[0])[:300] if error.args else ""
    words = (
        "Google refused the robot's account. Check that its key was not deleted and that this machine's clock "
        f"is right. Google said: {heard}"
    )
    return Failure(FailureClass.DENIED, ProblemCode.AUTH, words, reason=ACCOUNT_REFUSED)


def _share(address: str | None) -> str:
    whom = address or "the robot's account"
    return f"The spreadsheet is not shared with the robot. Share it, as editor, with {whom}."


def _said(said: Mapping[str, Any]) -> str:
    text = str(said.get("message", ""))
    # A page says nothing that helps, at length; and whoever quotes it ends the sentence.
    return "a page" if text.lstrip().startswith("<") else " ".join(text.split())[:300].rstrip(".")


def _reason(said: Mapping[str, Any]) -> str:
    details = said.get("details")
    found = (
        [one.get("reason") for one in details if isinstance(one, dict)] if isinstance(details, list) else []
    )
    return next((str(reason) for reason in found if reason), "")


def _wait(named: str) -> float:
    """What Google asks for, within reason; its quota is refilled every minute."""
    if named.isascii() and named.isdecimal():
        return min(max(float(named[:9]), 1.0), _LONGEST_WAIT)
    return _MINUTE
