"""The service's webhooks: whether they are registered there as the settings say, and signed with the secret we know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.adapters.private_files import is_open_to_others
from bot.adapters.render_api import ZvidService
from bot.adapters.render_hooks import registered
from bot.adapters.web.hints import PATH
from bot.doctor.checks import Check, fine, ours, trouble, warn
from bot.domain.failures import Failure
from bot.ports import Clock
from bot.secret_files import SettingsError
from bot.settings import Settings

_WITHOUT = "Without webhooks videos are found by polling, only later."


def webhook_checks(settings: Settings, clock: Clock) -> Iterator[Check]:
    """Nothing where nobody listens."""
    said = settings.webhooks
    if not said.listen:
        return
    if said.secret_file is not None:
        path = settings.folder / said.secret_file
        if path.exists() and is_open_to_others(path):
            yield warn("webhooks", f"everybody on this machine may read {path}", f"chmod 600 {path}")
    try:
        secret = settings.webhook_secret()
    except SettingsError as error:
        says, _, fix = str(error).partition(". ")
        yield ours("webhooks", says, fix)
        return
    if not said.public_url:
        yield warn(
            "webhooks",
            "nobody can tell whether Zvid calls here: webhooks.public_url is empty",
            "Write there what is registered at Zvid.",
        )
        return
    if urlsplit(said.public_url).path != PATH:
        yield warn(
            "webhooks",
            f"webhooks.public_url does not end with {PATH}, where they are taken",
            "That is right only where a proxy in between leads it there.",
        )
    yield from _at_zvid(settings, secret, clock)


def _at_zvid(settings: Settings, secret: SecretStr, clock: Clock) -> Iterator[Check]:
    try:
        key = settings.zvid_key()
    except SettingsError:
        # Told elsewhere.
        return
    url, seconds = settings.webhooks.public_url, min(settings.zvid.timeout_seconds, 20)
    with closing(ZvidService(settings.zvid.base_url, key, timeout_seconds=seconds, clock=clock)) as service:
        found = registered(service, url, secret)
    if isinstance(found, Failure):
        yield warn("webhooks", f"Zvid does not say which are registered ({found.detail})", _WITHOUT)
    elif found is None:
        yield trouble("webhooks", f"none is registered at Zvid for {url}", f"Register it there. {_WITHOUT}")
    elif found.has_our_secret is False:
        yield ours(
            "webhooks",
            "ZVID_WEBHOOK_SECRET is not the secret of this webhook, so every call is refused",
            "Copy it anew from where the webhook is shown at Zvid.",
        )
    elif not found.is_active:
        yield trouble(
            "webhooks",
            f"{url} is switched off at Zvid",
            "It does that after many calls in vain: switch it on.",
        )
    elif found.missing:
        yield warn(
            "webhooks", f"{url} is not told of {', '.join(found.missing)}", "Add these events at Zvid."
        )
    else:
        yield fine("webhooks", f"{url} is registered at Zvid and signs with our secret")
