"""Settings of copies: where finished videos go, under which names, and how their links are spelled.

Keys are no settings: they come from the environment or from a file.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.domain.filenames import rule_flaw
from bot.secret_files import OptionalPath


class DeliverySettings(BaseModel):
    """Where finished videos are copied to, and how often their links are looked at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: str = Field("", pattern="^(|folder|s3)$", description="Empty: no copies are made; folder or s3.")
    folder: OptionalPath = Field(None, description="An existing folder, for to = folder.")
    bucket: str = Field("", description="The bucket, for to = s3.")
    prefix: str = Field("", description="What all names in the bucket begin with.")
    endpoint: str = Field(
        "", pattern="^(|https?://.+)$", description="An S3-compatible service; empty: Amazon."
    )
    region: str = Field("us-east-1", min_length=1, description="The bucket's region.")
    key_file: OptionalPath = Field(
        None,
        description="File with the key's id and its secret on two lines, when AWS_ACCESS_KEY_ID is not set.",
    )
    name: str = Field("{date}/{name}", description="How copies are called: folders and placeholders.")
    public_url: str = Field(
        "", pattern="^(|https?://.+)$", description="What lasting links begin with; empty: none are shown."
    )
    max_mb: float = Field(2000, gt=0, description="The largest video that is copied, in megabytes.")
    timeout_minutes: float = Field(
        30, gt=0, le=1440, description="Longest time one try to load a video may take."
    )
    look_days: float = Field(
        7, ge=0, le=365, description="Between two looks at the link of a finished row; 0: none is looked at."
    )

    @field_validator("name")
    @classmethod
    def _refuse_bad_rule(cls, rule: str) -> str:
        if flaw := rule_flaw(rule):
            raise ValueError(flaw)
        return rule

    def contradiction(self) -> str | None:
        """What no single setting is to blame for."""
        if self.to == "folder" and self.folder is None:
            return "delivery.to is folder, but delivery.folder names none."
        if self.to == "s3" and not self.bucket:
            return "delivery.to is s3, but delivery.bucket names none."
        return None
