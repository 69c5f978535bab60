"""Picks whoever carries messages to people, as the settings say."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.adapters.hooks import JsonHook, SlackHook
from bot.adapters.journal import SqliteJournal
from bot.adapters.journal_news import JournalNews
from bot.domain.ids import spreadsheet_id
from bot.planner.telling import Manners
from bot.ports import Clock, Messenger
from bot.reconciler.herald import Herald
from bot.reconciler.meter import Meter
from bot.reconciler.runners import Runners
from bot.secret_files import SettingsError
from bot.settings import Settings

SLACK = "slack"
WEBHOOK = "webhook"
MAIL = "mail"
WAYS = (SLACK, WEBHOOK, MAIL)


def manners(settings: Settings) -> Manners:
    """When to tell."""
    return Manners(settings.notify.quiet, settings.notify.digest_rows)


def herald(settings: Settings, journal: SqliteJournal, clock: Clock, meter: Meter) -> Herald | None:
    """Whoever has people told; None where the settings name no way. Raises SettingsError or JournalError."""
    carriers = messengers(settings, clock)
    if not carriers:
        return None
    said = (sheet.spreadsheet for sheet in settings.sheets)
    for way in carriers:
        meter.tells_by(way)
    links = {spreadsheet_id(one): one for one in said if one.startswith("https://")}
    return Herald(
        JournalNews(journal),
        Runners(carriers),
        manners(settings),
        clock,
        lambda tab: links.get(tab.spreadsheet, ""),
        meter.told,
    )


def messengers(settings: Settings, clock: Clock) -> dict[str, Messenger]:
    """One for each way to tell people that the settings name. Raises SettingsError."""
    found: dict[str, Messenger] = {}
    for name in WAYS:
        made = messenger(name, settings, clock)
        if made is not None:
            found[name] = made
    return found


def messenger(name: str, settings: Settings, clock: Clock) -> Messenger | None:
    """The one of this name; None where the settings do not name it. Raises SettingsError."""
    notify = settings.notify
    if name == MAIL:
        return _mail(settings)
    url = settings.notify_secret(f"{name}_url")
    if url is None:
        return None
    _refuse_open(name, url)
    if name == SLACK:
        return SlackHook(url, clock, notify.timeout_seconds)
    return JsonHook(url, clock, notify.timeout_seconds, settings.notify_secret("webhook_secret"))


def _mail(settings: Settings) -> Messenger | None:
    notify = settings.notify
    if not (notify.mail_to and notify.mail_from and notify.smtp_host):
        return None
    password = settings.notify_secret("smtp_password")
    if notify.smtp_user and password is None:
        raise SettingsError(
            "There is no password for notify.smtp_user. Set NOTIFY_SMTP_PASSWORD or notify.smtp_password_file."
        )
    # Imported here: most robots send no mail.
    from bot.adapters.mail import Mail, MailServer

    server = MailServer(notify.smtp_host, notify.smtp_port, notify.smtp_security, notify.smtp_user, password)
    return Mail(server, notify.mail_from, notify.mail_to, notify.timeout_seconds)


def _refuse_open(name: str, url: SecretStr) -> None:
    """An address is a secret: it must not travel in the clear."""
    where = f"notify.{name}_url_file, or NOTIFY_{name.upper()}_URL"
    try:
        parts = urlsplit(url.get_secret_value())
        host = parts.hostname or ""
    except ValueError:
        raise SettingsError(f"What {where} holds is no address. Copy it again.") from None
    if not host or parts.scheme not in {"http", "https"}:
        raise SettingsError(f"What {where} holds is no address. It should begin with https://")
    if parts.scheme == "http" and not is_this_machine(host):
        raise SettingsError(
            f"The address in {where} begins with http://, which anybody can read. Use https://"
        )


def is_this_machine(host: str) -> bool:
    """Whether nothing leaves the machine on the way there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
