"""Google's Sheets API as one robot account, through gspread's plain client; the only module that imports it.

Nothing here retries: a failed call is a Failure, sorted by what may be done about it. Nothing leaves faster
than the account's quota allows; what would is a Failure too, and costs no call.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import google.auth
import requests
from google.auth.credentials import AnonymousCredentials, Credentials
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.oauth2.service_account import Credentials as ServiceAccount
from pydantic_core import from_json

from bot.adapters.certificates import refused_certificate
from bot.adapters.google_connection import Lines, RedirectedError, TooLargeError
from bot.adapters.google_words import refusal, refused_account
from bot.adapters.homes import some_home
from bot.adapters.http_dates import http_date
from bot.adapters.private_files import refusal_of_account, refusal_of_file
from bot.adapters.system_clock import SystemClock
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.pace import Quota

with some_home():
    import gspread
    from gspread.exceptions import APIError
    from gspread.http_client import HTTPClient

_SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
_GOOGLE = re.compile(r"https://(sheets|www)\.googleapis\.com(?=/)")
_SHEETS = "https://sheets.googleapis.com/v4/spreadsheets"
_TIMEOUT = (5.0, 60.0)
"""Seconds to connect and between two bytes; gspread by itself would wait for ever."""

_SECONDS_IN_ALL = 100.0
"""For one request with everything that belongs to it; Google itself gives up after 180."""

_SECONDS_TO_TELL = 10.0
"""For the time: somebody stands before the screen and waits."""

_NOBODYS = "whoever-asks-for-this-only-wants-to-know-the-time"

_SPREAD_SECONDS = 15.0
"""Whoever was told to wait does not come back at the very moment all others do."""


class SheetUnavailableError(RuntimeError):
    """The sheet cannot be opened; the message says what to do about it."""

    def __init__(self, message: str, failure: Failure | None = None) -> None:
        super().__init__(message)
        self.failure = failure or Failure(FailureClass.REJECTED, ProblemCode.HEADER, message)
        """The same for whoever tries again."""


class _StandInAccount(ServiceAccount):
    """A service account of a stand-in: google-auth must not ask Google about it.

    Since 2.5x it looks every account's "regional access boundary" up at a Google host in the background,
    whatever the token address says, and offers no public switch for it.
    """

    def _is_regional_access_boundary_lookup_required(self) -> bool:
        return False


def _credentials(file: Path | None, *, anonymous: bool, is_stand_in: bool) -> Credentials:
    if anonymous:
        return AnonymousCredentials()  # type: ignore[no-untyped-call]
    if file is not None:
        kind = _StandInAccount if is_stand_in else ServiceAccount
        found: Credentials = kind.from_service_account_file(str(file), scopes=_SCOPES)  # type: ignore[no-untyped-call]
        return found
    credentials: Credentials = google.auth.default(scopes=_SCOPES)[0]
    return credentials


def _any_share() -> float:
    return secrets.randbelow(1000) / 1000


class GoogleSheets:
    """Requests to the API; one at a time, from one thread."""

    def __init__(
        self,
        client: gspread.Client,
        lines: Lines,
        quota: Quota,
        *,
        seconds: float = _SECONDS_IN_ALL,
        monotonic: Callable[[], float] | None = None,
    ) -> None:
        self._client = client
        self._lines = lines
        self._seconds = seconds
        self.quota = quota
        self.monotonic = monotonic or SystemClock().monotonic
        self.on_request: Callable[[str, str], None] = lambda _kind, _outcome: None
        """Told of every request: whether it read or wrote, and how it ended."""

        self.share: Callable[[], float] = _any_share
        """How much of the longest spread a wait gets, between 0 and 1."""

    @property
    def address(self) -> str | None:
        """The robot account's address, to share a sheet with; None where it has none."""
        return getattr(self._client.http_client.auth, "service_account_email", None)

    def close(self) -> None:
        """Ends the connections."""
        self._client.http_client.session.close()

    def request(
        self, method: str, path: str, params: dict[str, Any] | None, body: Mapping[str, Any] | None
    ) -> dict[str, Any] | Failure:
        """One request below `/v4/spreadsheets/`; the JSON object it answered, or why there is none."""
        pace = self.quota.writes if path.endswith(":batchUpdate") else self.quota.reads
        wait = pace.wait(self.monotonic())
        if wait > 0:
            words = f"kept back for {wait:.0f} s: Google's quota is for the whole account"
            return Failure(FailureClass.THROTTLED, ProblemCode.RATE, words, retry_after=wait)
        pace.take(self.monotonic())
        with self._lines.limit(self._seconds):
            answer = self._ask(method, path, params, body)
        if isinstance(answer, Failure) and self._lines.was_cut:
            # Whatever a cut line looked like to those above it.
            words = f"no whole answer within {self._seconds:.0f} s"
            answer = Failure(FailureClass.TRANSIENT, ProblemCode.NET, words)
        kind = "write" if pace is self.quota.writes else "read"
        self.on_request(kind, answer.kind.value if isinstance(answer, Failure) else "ok")
        if isinstance(answer, Failure) and answer.kind is FailureClass.THROTTLED:
            pace.refused(self.monotonic(), (answer.retry_after or 0.0) + _SPREAD_SECONDS * self.share())
        return answer

    def _ask(
        self, method: str, path: str, params: dict[str, Any] | None, body: Mapping[str, Any] | None
    ) -> dict[str, Any] | Failure:
        try:
            response = self._client.http_client.request(method, f"{_SHEETS}/{path}", params=params, json=body)
            said = _parsed(response.content)
        except APIError as error:
            return refusal(error.response, error.error, self.address)
        except RefreshError as error:
            return refused_account(error)
        except (requests.exceptions.RequestException, GoogleAuthError) as error:
            return _no_answer(error)
        except (KeyError, TypeError) as error:
            # gspread takes `error.code` out of any refusal, also of one that something in between wrote.
            return _unreadable(f"a refusal in another form: {error!r}")
        except (ValueError, RecursionError) as error:
            return _unreadable(f"Google answered without JSON: {type(error).__name__}")
        if not isinstance(said, dict):
            return _unreadable("Google answered with something else than an object")
        return said


def _parsed(content: bytes) -> Any:
    """A large sheet's answer without a copy of it as text, and equal words in it only once.

    What that parser does not take, half a character for example, the plain one may. Raises ValueError or
    RecursionError for what is no JSON.
    """
    try:
        return from_json(content, cache_strings="all")
    except ValueError:
        return json.loads(content)


def connect(
    credentials: Path | None,
    base_url: str = "",
    *,
    anonymous: bool = False,
    timeout: tuple[float, float] = _TIMEOUT,
    seconds: float = _SECONDS_IN_ALL,
    quota: Quota | None = None,
) -> GoogleSheets:
    """The API with time limits. With a base URL every Google request goes to that origin instead.

    Raises SheetUnavailableError when the credentials cannot be read.
    """
    if credentials is not None and not anonymous:
        refused = refusal_of_file(credentials) or refusal_of_account(credentials)
        if refused is not None:
            raise SheetUnavailableError(f"google.credentials: {refused.says}. {refused.fix}")
    lines = Lines()

    class Client(HTTPClient):
        """The plain client, aimed at the configured origin, over lines that are watched."""

        def __init__(self, auth: Credentials, session: requests.Session | None = None) -> None:
            super().__init__(auth, session)
            self.session.close()
            self.session = lines.session(auth)

        def request(self, method: str, endpoint: str, *args: Any, **options: Any) -> requests.Response:
            return super().request(method, _aimed(endpoint, base_url), *args, **options)

    try:
        client = gspread.authorize(
            _credentials(credentials, anonymous=anonymous, is_stand_in=bool(base_url)), http_client=Client
        )
    except (OSError, ValueError, GoogleAuthError) as error:
        advice = "" if credentials is not None else " Name the account's key file in google.credentials."
        raise SheetUnavailableError(f"The Google credentials cannot be used: {error}{advice}") from error
    client.set_timeout(timeout)
    return GoogleSheets(client, lines, quota or Quota(), seconds=seconds)


def time_at_google(base_url: str = "") -> datetime | Failure | None:
    """What time it is there, asked without an account; None where the answer does not say.

    Any answer will do: this is for whoever wonders whether Google can be reached at all.
    """
    lines = Lines()
    with lines.limit(_SECONDS_TO_TELL), lines.plain_session() as session:
        try:
            answer = session.get(_aimed(f"{_SHEETS}/{_NOBODYS}", base_url), timeout=_SECONDS_TO_TELL)
        except requests.exceptions.RequestException as error:
            return _no_answer(error)
    return http_date(answer.headers.get("Date", ""))


def _aimed(address: str, base_url: str) -> str:
    return _GOOGLE.sub(base_url.rstrip("/"), address) if base_url else address


def _no_answer(error: Exception) -> Failure:
    if isinstance(error, requests.exceptions.JSONDecodeError):
        return _unreadable(f"Google answered without JSON: {error}")
    if isinstance(error, RedirectedError):
        return _unreadable(
            "the answer points to another address, which was not followed. "
            "Check google.base_url and what stands between"
        )
    if isinstance(error, TooLargeError):
        return _unreadable("the answer is too large. Move finished rows to another spreadsheet")
    return Failure(FailureClass.TRANSIENT, ProblemCode.NET, _plain(error))


def _unreadable(words: str) -> Failure:
    return Failure(FailureClass.MALFORMED, ProblemCode.NET, words)


def _plain(error: Exception) -> str:
    """The kind of trouble without addresses and headers in it."""
    return refused_certificate(error) or f"no connection ({type(error).__name__})"
