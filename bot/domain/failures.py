"""Expected trouble as values: what may be done about it, whose matter it is, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FailureClass(StrEnum):
    """Sorted by what may be done next, not by status code."""

    TRANSIENT = "transient"
    """Surely nothing was accepted: send again after a growing delay."""

    THROTTLED = "throttled"
    """Told to wait: nothing was accepted, send again not before the time named."""

    IN_DOUBT = "in_doubt"
    """Nobody knows whether the service accepted: look the job up before anything else."""

    CONFLICT = "conflict"
    """The service says our job id is taken: look it up; if it is not there, nobody can tell."""

    IDS_REFUSED = "ids_refused"
    """The service takes no job id of ours; nothing was accepted: send again without one."""

    REJECTED = "rejected"
    """The data is wrong: waits for its author."""

    EXHAUSTED = "exhausted"
    """The account has no room: nothing is sent until it has."""

    DENIED = "denied"
    """The key was refused: the operator acts."""

    MALFORMED = "malformed"
    """A read was answered with something unreadable: leave the state as it is."""


class ProblemCode(StrEnum):
    """Names a problem for people who look things up; the words in the cell come from `wording`."""

    DATA_MISSING = "DATA-MISSING"
    DATA_MANY = "DATA-MANY"
    TEXT_LONG = "TEXT-LONG"
    TEXT_FIT = "TEXT-FIT"
    DATA_FORMAT = "DATA-FORMAT"
    DATA_DATE = "DATA-DATE"
    DATA_DUP = "DATA-DUP"
    LINK_WAIT = "LINK-WAIT"
    DELIVER = "DELIVER"
    BUDGET_DAY = "BUDGET-DAY"
    BUDGET_ROW = "BUDGET-ROW"
    BREAKER = "BREAKER"
    CELL_ERROR = "CELL-ERROR"
    HEADER = "HEADER"
    CELL_CHANGES = "CELL-CHANGES"
    MEDIA_404 = "MEDIA-404"
    MEDIA_PRIVATE = "MEDIA-PRIVATE"
    MEDIA_PAGE = "MEDIA-PAGE"
    MEDIA_TYPE = "MEDIA-TYPE"
    MEDIA_SIZE = "MEDIA-SIZE"
    MEDIA_EXPIRES = "MEDIA-EXPIRES"
    MEDIA_SLOW = "MEDIA-SLOW"
    ZVID_REJECT = "ZVID-REJECT"
    TEMPLATE_BUG = "TEMPLATE-BUG"
    AUTH = "AUTH"
    SHARING = "SHARING"
    ADDRESS = "ADDRESS"
    CREDITS = "CREDITS"
    RATE = "RATE"
    NET = "NET"
    CERTIFICATE = "CERTIFICATE"
    UNSURE = "UNSURE"
    SERVICE = "SERVICE"
    RENDER_FAIL = "RENDER-FAIL"
    TIMEOUT = "TIMEOUT"
    BUG = "BUG"


class Origin(StrEnum):
    """Whose matter a failure is."""

    INPUT_DATA = "input data"
    MEDIA = "media"
    TEMPLATE = "template"
    AUTHENTICATION = "authentication"
    CREDITS = "credits"
    RATE_LIMIT = "rate limit"
    NETWORK = "network"
    SERVICE = "unexpected service error"
    ORCHESTRATION = "orchestration"


_ORIGINS = {
    ProblemCode.MEDIA_404: Origin.MEDIA,
    ProblemCode.MEDIA_PRIVATE: Origin.MEDIA,
    ProblemCode.MEDIA_PAGE: Origin.MEDIA,
    ProblemCode.MEDIA_TYPE: Origin.MEDIA,
    ProblemCode.MEDIA_SIZE: Origin.MEDIA,
    ProblemCode.MEDIA_EXPIRES: Origin.MEDIA,
    ProblemCode.MEDIA_SLOW: Origin.MEDIA,
    ProblemCode.TEMPLATE_BUG: Origin.TEMPLATE,
    ProblemCode.AUTH: Origin.AUTHENTICATION,
    ProblemCode.SHARING: Origin.AUTHENTICATION,
    ProblemCode.ADDRESS: Origin.ORCHESTRATION,
    ProblemCode.CREDITS: Origin.CREDITS,
    ProblemCode.RATE: Origin.RATE_LIMIT,
    ProblemCode.NET: Origin.NETWORK,
    ProblemCode.CERTIFICATE: Origin.ORCHESTRATION,
    ProblemCode.UNSURE: Origin.NETWORK,
    ProblemCode.SERVICE: Origin.SERVICE,
    ProblemCode.RENDER_FAIL: Origin.SERVICE,
    ProblemCode.TIMEOUT: Origin.ORCHESTRATION,
    ProblemCode.LINK_WAIT: Origin.SERVICE,
    ProblemCode.DELIVER: Origin.ORCHESTRATION,
    ProblemCode.BUDGET_DAY: Origin.CREDITS,
    ProblemCode.BUDGET_ROW: Origin.CREDITS,
    ProblemCode.BREAKER: Origin.ORCHESTRATION,
    ProblemCode.BUG: Origin.ORCHESTRATION,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that went wrong in an expected way.

    `detail` is for developers (status, the service's own words, its request id), never for a cell.
    """

    kind: FailureClass
    code: ProblemCode
    detail: str
    retry_after: float | None = None
    """Seconds the other side asked us to wait."""

    credits: tuple[int, int] | None = None
    """(needed, left), when the service named them."""

    fields: tuple[tuple[str, str], ...] = ()
    """(field, message) pairs the service named."""

    reason: str = ""
    """The other side's own word for it, made for machines; empty where it gave none."""

    @property
    def origin(self) -> Origin:
        """Whose matter it is; data unless the code says otherwise."""
        return _ORIGINS.get(self.code, Origin.INPUT_DATA)
