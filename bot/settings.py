"""Typed settings, read once from `bot.toml` and the environment.

`ROWREEL_...` variables override the file (`__` between levels). Secrets come only from the environment or
from a file the settings name.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.adapters.s3_storage import StorageKey
from bot.complaints import complaints
from bot.delivery_settings import DeliverySettings
from bot.domain.ids import is_spreadsheet, spreadsheet_id
from bot.environment import PREFIX, Environment
from bot.notify_settings import NOTIFY_SECRETS, SIGNED_WITH, Listening, NotifySettings, WebhookSettings
from bot.secret_files import OptionalPath, SettingsError, bucket_key, in_sight, secret

DEFAULT_FILE = Path("bot.toml")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class JournalSettings(_Part):
    """Where the robot's memory is kept."""

    url: str = Field(
        "sqlite:///state/journal.db",
        pattern=r"^sqlite:///.+",
        description="The journal file; the lock, the installation id and the copies live beside it.",
    )
    backups_kept: int = Field(7, ge=0, le=1000, description="Daily copies kept in `backups/`; 0: none made.")
    events_kept_days: int = Field(
        400, ge=0, le=36500, description="Days the story of a video that has ended is kept; 0: for ever."
    )


class GoogleSettings(_Part):
    """How to reach Google Sheets."""

    credentials: str = Field(
        "",
        description="Service account key file; empty: application-default credentials; `anonymous`: "
        "none, allowed only with base_url.",
    )
    base_url: str = Field(
        "",
        pattern=r"^(https?://[^@\s]+)?$",
        description="Set only to talk to a stand-in, e.g. http://127.0.0.1:8711",
    )


class ZvidSettings(_Part):
    """How to reach Zvid; the key comes from ZVID_API_KEY or from key_file."""

    base_url: str = Field(
        "https://api.zvid.io", pattern=r"^https?://[^@\s]+$", description="Where the service is."
    )
    key_file: OptionalPath = Field(None, description="File holding the key, when ZVID_API_KEY is not set.")
    max_in_flight: int = Field(3, ge=1, le=100, description="Videos at the same time.")
    timeout_seconds: float = Field(30, gt=0, le=300, description="Longest wait for one answer.")
    poll_seconds: float = Field(5, ge=0.2, le=3600, description="Between two looks at a young job.")
    settle_seconds: float = Field(
        120,
        ge=0,
        description="On top of the client timeout, before a job the service does not know counts as absent.",
    )
    deadline_minutes: float = Field(
        60, gt=0, le=10080, description="How long a video may take before a person is asked to look."
    )


class QueueSettings(_Part):
    """How approvals become sends."""

    undo_seconds: float = Field(
        15, ge=0, le=86400, description="Between the tick and sending; unticking stops it."
    )
    sample_size: int = Field(
        10,
        ge=0,
        le=1000,
        description="So many rows of a new template version go first; the others wait for Go ahead; 0: none do.",
    )
    ask_above_rows: int = Field(
        50,
        ge=0,
        le=100_000,
        description="More rows than this waiting at once need Go ahead on Control; 0: never ask.",
    )
    breaker_failures: int = Field(
        5, ge=1, le=1000, description="Videos in a row that fail the same way before nothing more is sent."
    )


class BudgetSettings(_Part):
    """Ceilings; Control can only lower them."""

    credits_per_day: int = Field(
        0, ge=0, description="The most all videos of a day may cost, midnight to midnight; 0: no limit."
    )
    credits_per_row: int = Field(0, ge=0, description="The most one video may cost; 0: no limit.")


class MediaSettings(_Part):
    """What is asked of links to files before their rows are sent."""

    check: bool = Field(True, description="Whether links in rows are looked at at all.")
    allow_private: bool = Field(
        False,
        description="Also ask machines of one's own network: only for tests, and for stand-ins on this machine.",
    )
    timeout_seconds: float = Field(10, gt=0, le=60, description="Longest time one look at a link may take.")
    picture_mb: float = Field(25, ge=0, description="The largest picture or GIF, in megabytes; 0: any size.")
    video_mb: float = Field(500, ge=0, description="The largest video, in megabytes; 0: any size.")
    sound_mb: float = Field(50, ge=0, description="The largest sound, in megabytes; 0: any size.")


class WatchSettings(_Part):
    """A small web server for whoever watches the robot: a page, health, metrics."""

    listen: Listening = Field(
        "127.0.0.1:9464", description="Address and port; port 0: any free one; empty: nobody listens."
    )
    hosts: tuple[str, ...] = Field(
        (),
        description="Names by which it may be called beside plain addresses and localhost, e.g. one behind a proxy.",
    )
    show_names: bool = Field(False, description="Whether the page shows names of videos, made of cells.")


class LogSettings(_Part):
    """What is said on stderr."""

    format: str = Field(
        "auto", pattern="^(auto|console|json)$", description="auto: console on a terminal, else json."
    )
    level: str = Field("info", pattern="^(debug|info|warning|error)$", description="The least that is said.")


class SheetSettings(_Part):
    """One tab to look after."""

    spreadsheet: str = Field(min_length=1, description="Address or id of the spreadsheet.")
    tab: str = Field("Videos", min_length=1, description="Title of the tab.")
    template: OptionalPath = Field(
        None, description="Template folder, or the name of a built-in one; left out: builtin."
    )
    header_row: int = Field(
        1, ge=1, le=50, description="The row its header stands in; notes may stand above it."
    )
    interval_seconds: float = Field(5, ge=0.5, le=3600, description="Between two looks at the sheet.")

    @field_validator("spreadsheet")
    @classmethod
    def _leads_to_one(cls, said: str) -> str:
        if not is_spreadsheet(said):
            raise ValueError(
                f'"{said}" is neither the address nor the id of a Google spreadsheet. Copy the address out of '
                "the browser while the sheet is open"
            )
        return said


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    journal: JournalSettings = JournalSettings()
    google: GoogleSettings = GoogleSettings()
    zvid: ZvidSettings = ZvidSettings()
    queue: QueueSettings = QueueSettings()
    budget: BudgetSettings = BudgetSettings()
    media: MediaSettings = MediaSettings()
    delivery: DeliverySettings = DeliverySettings()
    watch: WatchSettings = WatchSettings()
    notify: NotifySettings = NotifySettings()
    webhooks: WebhookSettings = WebhookSettings()
    log: LogSettings = LogSettings()
    sheets: tuple[SheetSettings, ...] = Field(min_length=1)
    folder: Path = Field(Path(), exclude=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the parent's signature
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the parent's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the parent's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment beats the file; nothing else is read."""
        return Environment(settings_cls), init_settings

    @property
    def journal_path(self) -> Path:
        """The journal file; a relative one counts from the settings file."""
        return self.folder / self.journal.url.removeprefix("sqlite:///")

    @property
    def credentials_path(self) -> Path | None:
        """The key file, or None for application-default or no credentials."""
        named = self.google.credentials
        return self.folder / named if named and named != "anonymous" else None

    def template_path(self, sheet: SheetSettings) -> Path | None:
        """Where the template would be as a folder, or None for the usual one."""
        return self.folder / sheet.template if sheet.template else None

    @property
    def has_zvid_key(self) -> bool:
        """Whether a key is named at all; reading it may still fail."""
        return bool(os.environ.get("ZVID_API_KEY", "").strip()) or self.zvid.key_file is not None

    def zvid_key(self) -> SecretStr:
        """The API key. Raises SettingsError, saying where to put it, when there is none."""
        found = secret("ZVID_API_KEY", self._named(self.zvid.key_file))
        if found is None:
            raise SettingsError("There is no Zvid key. Set the environment variable ZVID_API_KEY.")
        if not re.fullmatch(r"[!-~]+", found.get_secret_value()):
            raise SettingsError(
                "The Zvid key holds a sign no key has. Copy it again, without quotes and blanks."
            )
        return found

    def notify_secret(self, name: str) -> SecretStr | None:
        """One of what messages need and nobody may see; None where it is not set. Raises SettingsError."""
        return secret(NOTIFY_SECRETS[name], self._named(getattr(self.notify, f"{name}_file")))

    def webhook_secret(self) -> SecretStr:
        """What Zvid signs its webhooks with. Raises SettingsError, saying where to put it, when there is none."""
        found = secret(SIGNED_WITH, self._named(self.webhooks.secret_file))
        if found is None:
            raise SettingsError(
                "There is no secret to know Zvid's webhooks by. Set ZVID_WEBHOOK_SECRET or webhooks.secret_file."
            )
        return found

    def bucket_key(self) -> StorageKey:
        """Who writes copies into the bucket. Raises SettingsError, saying where to put the key."""
        found = bucket_key(self._named(self.delivery.key_file))
        if found is None:
            raise SettingsError(
                "There is no key for the bucket. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a file "
                "with the two on two lines in delivery.key_file."
            )
        return found

    def secrets(self) -> list[str]:
        """Everything that must never be said, as far as it can be had. Raises SettingsError for the key."""
        found = [self.zvid_key().get_secret_value()] if self.has_zvid_key else []
        told = (partial(self.notify_secret, name) for name in NOTIFY_SECRETS)
        return found + in_sight((*told, self.webhook_secret, lambda: self.bucket_key().secret))

    def _named(self, path: Path | None) -> Path | None:
        """A relative one counts from the settings file."""
        return self.folder / path if path is not None else None


def load_settings(path: Path) -> Settings:
    """Reads the file and the environment. Raises SettingsError, naming the setting and the fix."""
    return settings_of(read_file(path), path)


def settings_of(said: dict[str, Any], path: Path) -> Settings:
    """The same for what the file says, or is about to say."""
    try:
        settings = Settings(**said, folder=path.resolve().parent)
    except ValidationError as error:
        raise SettingsError("\n".join(f"{path}: {line}" for line in complaints(error, Settings))) from error
    if problem := contradiction(settings):
        raise SettingsError(f"{path}: {problem}")
    return settings


def read_file(path: Path) -> dict[str, Any]:
    """What the file says, unchecked. Raises SettingsError when it cannot be read."""
    try:
        # Some editors begin a file with a mark, which TOML knows nothing of.
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(
            f"There is no {path}. Write one with: rowreel init --sheet URL --credentials FILE (or name it with --config)."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} cannot be parsed: {error}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from error
    said.pop("folder", None)
    return said


def contradiction(settings: Settings) -> str | None:
    """What no single setting is to blame for."""
    if settings.google.credentials == "anonymous" and not settings.google.base_url:
        return "google.credentials may be anonymous only together with google.base_url."
    tabs = Counter((spreadsheet_id(one.spreadsheet), one.tab) for one in settings.sheets)
    for (_, tab), times in tabs.items():
        if times > 1:
            return f'sheets: the tab "{tab}" of one spreadsheet is named {times} times. Take out all but one.'
    return settings.delivery.contradiction() or settings.notify.contradiction()
