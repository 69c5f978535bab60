"""Google's Sheets API as one robot account, through gspread's plain client; the only module that imports it.

Nothing here retries: a failed call is a Failure, sorted by what may be done about it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import google.auth
import gspread
import requests
from google.auth.credentials import AnonymousCredentials, Credentials
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.oauth2.service_account import Credentials as ServiceAccount
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient

from bot.adapters.certificates import refused_certificate
from bot.domain.failures import Failure, FailureClass, ProblemCode

_SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
_GOOGLE = re.compile(r"https://(sheets|www)\.googleapis\.com(?=/)")
_SHEETS = "https://sheets.googleapis.com/v4/spreadsheets"
_TIMEOUT = (5.0, 60.0)
"""Seconds to connect and to wait for an answer; gspread by itself would wait for ever."""


class SheetUnavailableError(RuntimeError):
    """The sheet cannot be opened; the message says what to do about it."""


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


class GoogleSheets:
    """Requests to the API; one at a time, from one thread."""

    def __init__(self, client: gspread.Client) -> None:
        self._client = client

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
        try:
            response = self._client.http_client.request(method, f"{_SHEETS}/{path}", params=params, json=body)
            said = response.json()
        except APIError as error:
            return _refusal(error)
        except (KeyError, TypeError) as error:
            # gspread takes `error.code` out of any refusal, also of one that something in between wrote.
            return Failure(FailureClass.MALFORMED, ProblemCode.NET, f"a refusal in another form: {error!r}")
        except requests.exceptions.JSONDecodeError as error:
            return Failure(FailureClass.MALFORMED, ProblemCode.NET, f"Google answered without JSON: {error}")
        except requests.exceptions.RequestException as error:
            return Failure(FailureClass.TRANSIENT, ProblemCode.NET, _plain(error))
        except RefreshError as error:
            return Failure(
                FailureClass.DENIED, ProblemCode.AUTH, f"Google refused the robot's account: {error.args[0]}"
            )
        except GoogleAuthError as error:
            return Failure(FailureClass.TRANSIENT, ProblemCode.NET, _plain(error))
        if not isinstance(said, dict):
            return Failure(
                FailureClass.MALFORMED, ProblemCode.NET, "Google answered with something else than an object"
            )
        return said


def connect(
    credentials: Path | None,
    base_url: str = "",
    *,
    anonymous: bool = False,
    timeout: tuple[float, float] = _TIMEOUT,
) -> GoogleSheets:
    """The API with time limits. With a base URL every Google request goes to that origin instead.

    Raises SheetUnavailableError when the credentials cannot be read.
    """

    class Client(HTTPClient):
        """The plain client, aimed at the configured origin."""

        def request(self, method: str, endpoint: str, *args: Any, **options: Any) -> requests.Response:
            aimed = _GOOGLE.sub(base_url.rstrip("/"), endpoint) if base_url else endpoint
            return super().request(method, aimed, *args, **options)

    try:
        client = gspread.authorize(
            _credentials(credentials, anonymous=anonymous, is_stand_in=bool(base_url)), http_client=Client
        )
    except FileNotFoundError:
        raise SheetUnavailableError(
            f"There is no credentials file {credentials}. Put the service account's key file there, "
            "or set google.credentials."
        ) from None
    except (OSError, ValueError, GoogleAuthError) as error:
        raise SheetUnavailableError(f"The Google credentials cannot be used: {error}") from error
    client.set_timeout(timeout)
    return GoogleSheets(client)


def _plain(error: Exception) -> str:
    """The kind of trouble without addresses and headers in it."""
    return refused_certificate(error) or f"no connection ({type(error).__name__})"


def _refusal(error: APIError) -> Failure:
    """Sorted by HTTP status: Google's texts change (Sheets API, usage limits and errors)."""
    status = error.response.status_code
    detail = f"Google answered {status}: {str(error.error.get('message', ''))[:300]}"
    if status == requests.codes.too_many_requests:
        return Failure(FailureClass.THROTTLED, ProblemCode.RATE, detail, retry_after=60.0)
    if status in {401, 403}:
        return Failure(FailureClass.DENIED, ProblemCode.AUTH, detail)
    if status >= 500:
        return Failure(FailureClass.TRANSIENT, ProblemCode.NET, detail)
    return Failure(FailureClass.REJECTED, ProblemCode.HEADER, detail)
