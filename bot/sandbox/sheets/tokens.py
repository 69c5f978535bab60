"""Google's token endpoint for service accounts: a signed claim in, an access token out.

So a client's whole OAuth path runs unchanged. The claim is read and its times and scope are checked; its
signature is not, since anybody on this machine may use the stand-in anyway.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import orjson
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from bot.sandbox.sheets.mishaps import FaultBoard, Faults

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME_SECONDS = 3600
_ACCOUNT = "robot@sandbox.iam.gserviceaccount.com"


class Tokens:
    """Handed-out access tokens and whose they are; forgotten when the process ends."""

    def __init__(self) -> None:
        self._accounts: dict[str, tuple[str, float]] = {}

    def hand_out(self, account: str) -> str:
        token = "ya29." + secrets.token_urlsafe(32)
        now = time.monotonic()
        self._accounts = {one: known for one, known in self._accounts.items() if now < known[1]}
        self._accounts[token] = (account, now + LIFETIME_SECONDS)
        return token

    def account(self, token: str) -> str | None:
        """The account behind a token; None when it is unknown or too old."""
        account, until = self._accounts.get(token, ("", 0.0))
        return account if account and time.monotonic() < until else None


class _RefusedError(Exception):
    """A claim that is not good enough; the text goes into error_description."""


def token_route(tokens: Tokens, board: FaultBoard, *around: Middleware) -> Route:
    """`POST /token`."""

    async def exchange(request: Request) -> Response:
        form = parse_qs((await request.body()).decode("ascii", "replace"))
        try:
            account = _account_of(form, board.now)
        except _RefusedError as error:
            body = {"error": "invalid_grant", "error_description": str(error)}
            return Response(orjson.dumps(body), 400, media_type="application/json")
        answer = {
            "access_token": tokens.hand_out(account),
            "expires_in": LIFETIME_SECONDS - 1,
            "token_type": "Bearer",  # nosec B105  # a word of the protocol, no secret
        }
        return Response(orjson.dumps(answer), media_type="application/json; charset=UTF-8")

    return Route("/token", exchange, methods=["POST"], middleware=around)


def _account_of(form: dict[str, list[str]], faults: Faults) -> str:
    if faults.access == "account_refused":
        raise _RefusedError("Invalid grant: account not found")
    if form.get("grant_type") != [GRANT]:
        raise _RefusedError("Invalid grant_type.")
    try:
        claim = jwt.decode(form.get("assertion", [""])[0], verify=False)  # type: ignore[no-untyped-call]
    except (ValueError, KeyError) as error:
        raise _RefusedError("Invalid JWT.") from error
    now = time.time() + faults.clock_ahead_seconds
    if not claim.get("iat", 0) - 300 < now < claim.get("exp", 0) + 300:
        raise _RefusedError(
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
        )
    if not claim.get("iss") or not claim.get("scope"):
        raise _RefusedError("Invalid JWT: iss and scope are required.")
    return str(claim["iss"])


def write_service_account(folder: Path, base_url: str) -> Path:
    """A service-account file, readable by its owner only, whose token_uri is this origin's `/token`."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    account = {
        "type": "service_account",
        "project_id": "sandbox",
        "private_key_id": secrets.token_hex(20),
        "private_key": pem.decode("ascii"),
        "client_email": _ACCOUNT,
        "client_id": "000000000000000000000",
        "token_uri": f"{base_url}/token",
        "universe_domain": "googleapis.com",
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "service-account.json"
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(account, file, indent=2)
    return path
