"""The request around a project: what else may be sent with it (Zvid docs, render-request.schema)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field
from pydantic.json_schema import JsonSchemaValue

from bot.sandbox.zvid.complaints import problems_with
from bot.sandbox.zvid.fields import Part, optional
from bot.sandbox.zvid.project import Overrides
from bot.sandbox.zvid.refusals import Problem

UUID_PATTERN = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"


class BulkItem(Part):
    variables: dict[str, Any] = optional()
    name: str = optional()


class Request(Part):
    """Everything a render request may carry."""

    payload: dict[str, Any] = optional()
    template: Annotated[str, Field(pattern=r"^tpl_[A-Za-z0-9]{20}$")] = optional()
    variables: dict[str, Any] = optional()
    overrides: Overrides = optional()
    webhookUrl: Annotated[str, Field(max_length=2048)] = optional()  # noqa: N815, the wire's spelling
    jobId: Annotated[str, Field(pattern=UUID_PATTERN)] = optional()  # noqa: N815
    # Listed by the vendor's validator, described nowhere: taken and ignored.
    clientKey: str = optional()  # noqa: N815


class BulkRequest(Part):
    """What a batch may carry; it has no id of the caller's choice, and neither have its items."""

    payload: dict[str, Any] = optional()
    template: Annotated[str, Field(pattern=r"^tpl_[A-Za-z0-9]{20}$")] = optional()
    items: Annotated[list[BulkItem], Field(min_length=1, max_length=500)]
    variables: dict[str, Any] = optional()
    overrides: Overrides = optional()
    name: str = optional()
    webhookUrl: Annotated[str, Field(max_length=2048)] = optional()  # noqa: N815


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request whose outside is sound."""

    payload: dict[str, Any]
    variables: dict[str, Any] = field(default_factory=dict)
    overrides: dict[str, Any] = field(default_factory=dict)
    job_id: str | None = None
    template: str | None = None
    webhook_url: str | None = None

    @staticmethod
    def schema() -> JsonSchemaValue:
        return Request.model_json_schema()


def open_envelope(body: object, *, strip_unknown: bool) -> tuple[Envelope, list[Problem]]:
    """The request's parts, and what is wrong with its outside."""
    nothing = Envelope({})
    if not isinstance(body, dict):
        return nothing, [Problem("body", "The body must be a JSON object")]
    problems = problems_with(body, Request, "body", allow_loopback=False, strip_unknown=strip_unknown)
    if problems:
        return nothing, problems
    if ("payload" in body) == ("template" in body):
        return nothing, [Problem("body", 'Provide either "payload" or "template", not both')]
    job_id = body.get("jobId")
    return (
        Envelope(
            payload=body.get("payload", {}),
            variables=body.get("variables", {}),
            overrides=body.get("overrides", {}),
            job_id=str(uuid.UUID(job_id)) if job_id else None,
            template=body.get("template"),
            webhook_url=body.get("webhookUrl"),
        ),
        [],
    )
