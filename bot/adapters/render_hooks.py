"""The webhooks an account has at the service, to look at (Zvid docs, automation/webhooks)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.adapters.render_api import ZvidService
from bot.domain.failures import Failure

EVENTS = frozenset({"render.completed", "render.failed"})


class _Listed(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    url: str
    events: tuple[str, ...] = ()
    status: str = "active"


class _List(BaseModel):
    model_config = ConfigDict(extra="ignore")

    webhooks: tuple[_Listed, ...] = ()


class _Secret(BaseModel):
    model_config = ConfigDict(extra="ignore")

    secret: SecretStr | None = None


class _Single(_Secret):
    """The endpoint itself, or wrapped: the documents and the clients disagree."""

    webhook: _Secret = Field(default_factory=_Secret)


@dataclass(frozen=True, slots=True)
class Registered:
    """A webhook of the account."""

    is_active: bool
    missing: tuple[str, ...]
    """Events it does not tell of."""

    has_our_secret: bool | None
    """Whether it signs with our secret; None when the service does not say."""


def registered(service: ZvidService, url: str, secret: SecretStr) -> Registered | Failure | None:
    """The webhook with this address; None when there is none. Its secret never leaves this function."""
    found = service.read("/api/webhooks", _List)
    if isinstance(found, Failure):
        return found
    mine = next((one for one in found.webhooks if one.url.rstrip("/") == url.rstrip("/")), None)
    if mine is None:
        return None
    single = service.read(f"/api/webhooks/{quote(mine.id, safe='')}", _Single)
    theirs = None if isinstance(single, Failure) else single.secret or single.webhook.secret
    is_ours = (
        hmac.compare_digest(theirs.get_secret_value().encode(), secret.get_secret_value().encode())
        if theirs is not None
        else None
    )
    return Registered(mine.status == "active", tuple(sorted(EVENTS - set(mine.events))), is_ours)
