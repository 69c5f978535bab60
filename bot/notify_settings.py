"""Settings of whom to tell, and of being told by Zvid. Secrets come from the environment or from a file named here."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.domain.listening import read_place
from bot.domain.news import Quiet
from bot.secret_files import OptionalPath

_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


class NotifySettings(BaseModel):
    """Whom to tell what needs a person, and how."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slack_url_file: OptionalPath = Field(
        None,
        description="File with the address of a Slack-compatible webhook, when NOTIFY_SLACK_URL is not set.",
    )
    webhook_url_file: OptionalPath = Field(
        None,
        description="File with the address of a webhook for programs, when NOTIFY_WEBHOOK_URL is not set.",
    )
    webhook_secret_file: OptionalPath = Field(
        None, description="File with the secret it is signed with, when NOTIFY_WEBHOOK_SECRET is not set."
    )
    mail_to: tuple[str, ...] = Field((), description="Addresses that get mail; none: no mail.")
    mail_from: str = Field("", description="The robot's own address.")
    smtp_host: str = Field("", description="Who takes the mail.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Usually 587 with starttls, 465 with tls.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="none: only to this very machine."
    )
    smtp_user: str = Field("", description="Who signs in there; empty: nobody.")
    smtp_password_file: OptionalPath = Field(
        None, description="File with the password, when NOTIFY_SMTP_PASSWORD is not set."
    )
    quiet_hours: str = Field(
        "",
        pattern=r"^$|^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$",
        description="Like 22:00-07:00, by the sheet's time zone: what came up is told when they end.",
    )
    digest_rows: int = Field(
        2, ge=1, le=100_000, description="Batches of fewer rows are not told of when all went well."
    )
    timeout_seconds: float = Field(10, gt=0, le=120, description="Longest time one delivery may take.")

    def contradiction(self) -> str | None:
        """What no single setting of these is to blame for."""
        if self.mail_to and not (self.mail_from and self.smtp_host):
            return "notify.mail_to needs notify.mail_from and notify.smtp_host."
        is_here = self.smtp_host in {"localhost", "127.0.0.1", "::1"}
        if self.mail_to and self.smtp_security == "none" and not is_here:
            return "notify.smtp_security may be none only for a mail server on this machine: write starttls or tls."
        return None

    @property
    def quiet(self) -> Quiet | None:
        """The hours in which nobody is told anything."""
        found = _HOURS.fullmatch(self.quiet_hours)
        if found is None:
            return None
        first, second, third, fourth = map(int, found.groups())
        return Quiet(time(first, second), time(third, fourth))


def _place_or_nowhere(value: str) -> str:
    if value:
        read_place(value)
    return value


Listening = Annotated[str, AfterValidator(_place_or_nowhere)]
"""An address with its port; empty: nobody listens."""


class WebhookSettings(BaseModel):
    """Being told by Zvid that a video has ended; the secret comes from ZVID_WEBHOOK_SECRET or from a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    listen: Listening = Field(
        "",
        description="Address and port Zvid's webhooks arrive at, e.g. 127.0.0.1:9465; empty: nobody listens.",
    )
    public_url: str = Field(
        "", description="The address as it is registered at Zvid; for `rowreel doctor` to compare."
    )
    secret_file: OptionalPath = Field(
        None, description="File with the webhook's secret, when ZVID_WEBHOOK_SECRET is not set."
    )


NOTIFY_SECRETS = {
    "slack_url": "NOTIFY_SLACK_URL",
    "webhook_url": "NOTIFY_WEBHOOK_URL",
    "webhook_secret": "NOTIFY_WEBHOOK_SECRET",  # nosec B105  # the name of a variable
    "smtp_password": "NOTIFY_SMTP_PASSWORD",  # nosec B105  # the name of a variable
}
"""Each by the setting that may name its file, without `_file`, and the variable that goes before it."""


SIGNED_WITH = "ZVID_WEBHOOK_SECRET"
