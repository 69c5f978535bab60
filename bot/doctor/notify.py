"""Whoever tells people: whether the other side is there and would take a message; on request by sending one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from bot.adapters.private_files import is_open_to_others
from bot.doctor.checks import Check, fine, ours, trouble, warn
from bot.domain.letters import Delivery, Outcome
from bot.messengers import MAIL, WAYS, messenger
from bot.notify_settings import NOTIFY_SECRETS
from bot.planner.telling import trial_letter
from bot.ports import Clock
from bot.secret_files import SettingsError
from bot.settings import Settings

_HOOK = "Make a new webhook there, and put its address into NOTIFY_{}_URL or the file in notify.{}_url_file."
_SIGN_IN = (
    "Check notify.smtp_user, its password, notify.mail_from and notify.mail_to; many providers want a password made "
    "for programs."
)
_NOT_THERE = "Check the network, and the address."
_NO_MAIL = (
    "Check notify.smtp_host, notify.smtp_port and notify.smtp_security: 587 goes with starttls, 465 with tls."
)


def notify_checks(settings: Settings, clock: Clock, *, sends: bool) -> Iterator[Check]:
    """One for each way the settings name; nothing where they name none."""
    yield from _secret_files(settings)
    named = 0
    for name in WAYS:
        check = f"notify {name}"
        try:
            made = messenger(name, settings, clock)
        except SettingsError as error:
            says, _, fix = str(error).partition(". ")
            yield ours(check, says.rstrip("."), fix)
            named += 1
            continue
        if made is not None:
            named += 1
            said = made.deliver(trial_letter(uuid.uuid4().hex, clock.now())) if sends else made.greet()
            yield _outcome(name, said, sends=sends)
    if sends and not named:
        yield warn(
            "notify",
            "no message was sent: the settings name nobody to be told",
            "Set NOTIFY_SLACK_URL, NOTIFY_WEBHOOK_URL or notify.mail_to.",
        )


def _outcome(name: str, said: Delivery, *, sends: bool) -> Check:
    check = f"notify {name}"
    if said.outcome is Outcome.DELIVERED:
        what = "a test message was taken" if sends else "somebody is there"
        return fine(check, f"{what} ({said.detail})")
    says = f"no message would get through ({said.detail})"
    refused = said.outcome is Outcome.REFUSED
    if name == MAIL:
        return trouble(check, says, _SIGN_IN if refused else _NO_MAIL)
    return trouble(check, says, _HOOK.format(name.upper(), name) if refused else _NOT_THERE)


def _secret_files(settings: Settings) -> Iterator[Check]:
    """Whoever reads such an address can write there."""
    for name in NOTIFY_SECRETS:
        named = getattr(settings.notify, f"{name}_file")
        path = settings.folder / named if named is not None else None
        if path is not None and path.exists() and is_open_to_others(path):
            yield warn("notify", f"everybody on this machine may read {path}", f"chmod 600 {path}")
