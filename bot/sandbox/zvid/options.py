"""What the Zvid half can be told: how it starts, and the switches that say how it misbehaves.

Every switch stands for something the vendor's pages leave open or that varies in production; its default
is the case that is hardest for a client. Switches may be changed while the stand-in runs, start-time
options may not.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

Seconds = Annotated[float, Field(ge=0, le=86_400)]
Count = Annotated[int, Field(ge=0)]
RouteName = Literal[
    "*",
    "submit",
    "validate",
    "job",
    "jobs",
    "balance",
    "transactions",
    "schema",
    "image",
    "bulk",
    "templates",
    "webhooks",
    "profile",
    "usage-stats",
    "estimate",
    "elements",
    "examples",
    "repair",
    "projects",
    "removal",
    "media",
    "unbuilt",
]
LimitName = Literal[
    "maxDuration",
    "maxOutputResolution",
    "maxInputResolution",
    "maxVisualElements",
    "maxImagesCount",
    "maxVideosCount",
    "maxGifsCount",
    "maxAudioElements",
    "maxCaptionElements",
    "maxScenes",
]
Answer = Literal["close", "reset", "hang", "half"]


@with_config(ConfigDict(extra="forbid", strict=True))
@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """What befalls the next `times` calls of a route.

    `answer` is a status code, or what happens to the connection instead of an answer: `close` (a clean
    end without a byte), `reset` (RST), `hang` (silence until the client gives up) or `half` (headers and
    half of the body, then the end). With `after_work` the call has been carried out all the same; `half`
    always is, since it needs an answer to cut. `body` replaces the JSON error of a status. With a `share`
    below 1 only so many of the calls are hit, drawn by chance; the others go through and use nothing up.
    """

    route: RouteName = "*"
    answer: Annotated[int, Field(ge=200, le=599)] | Answer = 500
    times: Annotated[int, Field(ge=1)] = 1
    after_work: bool = False
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    retry_after: str | None = None
    body: str | None = None


@with_config(ConfigDict(extra="forbid", strict=True))
@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """How the service behaves where nobody outside knows, or where it is not always the same."""

    # A second submit with a job id already in use (Zvid docs, render-request.schema: not an idempotency promise).
    duplicate_job_id: Literal["same-202", "409", "charge-twice", "rerun"] = "charge-twice"
    # False: a caller's job id is ignored and another one drawn.
    honour_job_id: bool = True
    # True: a request that carries a job id is refused for it.
    refuse_job_id: bool = False
    # How long a new job answers 404 and is missing from the listing.
    visibility_delay_seconds: Seconds = 0
    # Current docs refuse unknown properties, the vendor's mirror of the validator drops them.
    unknown_property: Literal["refuse", "strip"] = "refuse"
    # Whether `variables` act on an inline payload; older notes call them inert, and nothing shows that they act on
    # a single submit (checks and batches: yes).
    inline_variables: Literal["apply", "not-in-single", "ignore"] = "apply"
    # How `details[].field` spells a path: top-level fields under `payload.` and elements bare, or one form only.
    field_prefix: Literal["mixed", "payload", "bare"] = "mixed"
    # Epoch milliseconds while live and ISO once historical (Zvid docs, render-lifecycle), or one form only.
    ts_form: Literal["by-age", "epoch", "iso"] = "by-age"
    progress_form: Literal["object", "number", "null", "absent"] = "object"
    # Whether a result is an object, the bare address, or also says what a webhook would.
    result_form: Literal["object", "string", "rich"] = "object"
    # The word shown for a job at work; the documented list of states is not closed.
    state_word: str = "active"
    # Whether the listing names a job before it is completed.
    name_before_completion: bool = False
    # Ids that belong to somebody else, and how a look at them is refused (current page 404, older page 403).
    stranger_jobs: tuple[str, ...] = ()
    stranger_status: Literal[403, 404] = 404
    # The file answers 404 to its first reads after completion.
    media_404_reads: Count = 0
    # A route to take a job back is told of, its path is not: none, for ended jobs only (409 for live ones), or for all.
    job_removal: Literal["unknown", "ended", "all"] = "unknown"
    # How long an ended job and its file can be looked at; 0 means for ever.
    forget_jobs_after_seconds: Annotated[float, Field(ge=0)] = 0
    forget_files_after_seconds: Annotated[float, Field(ge=0)] = 0
    # Whether a job that fails after it was accepted gives its credits back.
    refund_failures: bool = True
    plan: Literal["Default", "Free"] = "Default"
    # Own numbers in place of the plan's; 0 means no limit.
    hourly_limit: Count | None = None
    concurrent_limit: Count = 0
    # What a 429 says: all the newer page lists, the older three fields, or that it is one and no more.
    too_many_form: Literal["full", "older", "bare"] = "full"
    # How often a minute jobs may be looked at; no limit is published, 0 means none.
    reads_per_minute: Count = 0
    limit_overrides: dict[LimitName, int] = field(default_factory=dict)
    # Strict: media on loopback and private hosts is refused as by the service.
    allow_loopback_media: bool = False
    # Whether webhooks may go to this machine (nothing else is ever called), or only where the service's would: to
    # public https addresses, or to http ones too, as an older page says.
    webhook_hosts: Literal["loopback", "strict", "strict-with-http"] = "loopback"
    # The webhooks page calls those named in a request unsigned, a remark in the vendor's schema signed.
    sign_request_webhooks: bool = False
    # How often each event is delivered; and how long after it.
    webhook_deliveries: Literal["once", "twice", "never"] = "once"
    webhook_delay_seconds: Seconds = 0
    # What the pauses between two tries (30, 60, 120, 240 s) are multiplied by.
    webhook_pause_factor: Annotated[float, Field(ge=0, le=10)] = 1.0
    # The answer to a new webhook: the endpoint itself, or inside `webhook`.
    webhook_answer: Literal["bare", "wrapped"] = "bare"
    # What rendering an archived template does.
    archived_template: Literal["refuse", "render"] = "refuse"
    # How long a project is whose scenes leave a length open: at least its own duration, or what its scenes come to.
    open_scenes: Literal["at-least-duration", "sum"] = "at-least-duration"
    # What a scene without an id is called: counted from 1, or from 0.
    scene_ids_from: Literal[0, 1] = 1
    # The number of the first scene made by `iterate`: current pages count from 1, the vendor's code from 0.
    clones_from: Literal[0, 1] = 1
    # The size of a project that names none: 1280x720 in the renderer, 1920x1080 in the editor.
    default_size: Literal["1280x720", "1920x1080"] = "1280x720"
    # How far `zoom: true` goes: 1.2 at the service, 1.5 in the vendor's open renderer.
    zoom_depth: Annotated[float, Field(ge=1, le=10)] = 1.2
    # Batches: how one beyond the plan is refused, how refused items are spelled, and how many get lost on the way.
    bulk_limit_status: Literal[400, 403] = 403
    bulk_error_spelling: Literal["errors", "itemErrors"] = "errors"
    bulk_fails_to_queue: Count = 0
    # In which order a batch lists its jobs; none is promised.
    bulk_order: Literal["newest", "oldest", "mixed"] = "newest"
    # Balances in camel case, in the older snake case, or in the oldest form.
    balance_form: Literal["camel", "snake", "oldest"] = "camel"
    # Seconds before any answer.
    slow_seconds: Seconds = 0
    extra_render_seconds: Seconds = 0
    # By how much the service's own clock, as its `Date` tells it, is ahead of this machine's.
    clock_ahead_seconds: Annotated[float, Field(ge=-1e8, le=1e8)] = 0
    # The next renders fail, for this reason.
    fail_renders: Count = 0
    fail_reason: str = "Failed to download media"
    mishaps: tuple[Mishap, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The switches as plain JSON values."""
        everything = asdict(self)
        return {name: everything[name] for name in SWITCH_NAMES}

    def changed(self, wanted: object) -> Self:
        """A copy with the named switches set; raises SwitchError for an unknown name or a wrong value."""
        if not isinstance(wanted, dict):
            raise SwitchError("Expected a JSON object of switches.")
        unknown = sorted(set(map(str, wanted)) - set(SWITCH_NAMES))
        if unknown:
            raise SwitchError(f"Unknown switches: {', '.join(unknown)}. Known: {', '.join(SWITCH_NAMES)}.")
        try:
            checked = _SWITCHES.validate_json(_ANY.dump_json(wanted))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(step) for step in first["loc"])
            raise SwitchError(f"{where}: {first['msg']}") from None
        return replace(self, **{name: getattr(checked, name) for name in wanted})


class SwitchError(ValueError):
    """A switch that does not exist, or a value it cannot take."""


_SWITCHES = TypeAdapter(Switches)
_ANY: TypeAdapter[Any] = TypeAdapter(Any)
SWITCH_NAMES = tuple(each.name for each in fields(Switches))


@dataclass(frozen=True, slots=True, kw_only=True)
class ZvidOptions(Switches):
    """How the Zvid half starts; the inherited switches are its opening position."""

    concurrency: int = 2
    # Credits on the first start in a folder, of which so many are add-on credits (spent last).
    balance: int = 1164
    addon_credits: int = 100
    # None: drawn once per folder and kept there, readable by the owner alone.
    api_key: str | None = None
    # "instant" hands out one small real clip at once: for load tests.
    render: Literal["real", "instant"] = "real"
    # Finished files beyond so many bytes are removed, the oldest first.
    media_bytes: int = 2 * 1024**3
