"""Delivering: which finished videos are copied next, which links are looked at, and what becomes of what was found.

Pure, and beside the plan of the rows: no row waits for its copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from bot.domain import wording
from bot.domain.delivery import (
    FOR_GOOD,
    Delivered,
    Delivery,
    DeliveryProblem,
    DeliveryState,
    Looked,
    Stored,
    Undelivered,
)
from bot.domain.filenames import file_name, public_link
from bot.domain.ids import JobId, TabKey
from bot.domain.intents import Intent, State
from bot.domain.news import Matter, Topic
from bot.planner.actions import KeepDelivery
from bot.planner.backoff import retry_delay, share_of
from bot.planner.matters import ROBOT
from bot.planner.snapshot import Memory

_TOLD_FROM = 2
"""Tries that failed before anybody is told: most trouble passes."""

_SEVERAL = 5
"""Tries on the ladder; from then on one every hour."""

_HOURLY = 3600.0
_LOOKED_AGAIN = 600.0
"""Seconds until a link that seemed dead is looked at once more."""

_CAUSES = {
    DeliveryProblem.NO_ROOM: wording.cause_no_room,
    DeliveryProblem.NOT_ALLOWED: wording.cause_not_allowed,
    DeliveryProblem.BLOCKED: wording.cause_blocked,
    DeliveryProblem.STORAGE_AWAY: wording.cause_storage_away,
    DeliveryProblem.SOURCE_SLOW: wording.cause_source_slow,
    DeliveryProblem.SOURCE_CUT: wording.cause_source_cut,
    DeliveryProblem.SOURCE_CLOSED: wording.cause_source_closed,
    DeliveryProblem.TOO_LARGE: wording.cause_too_large,
    DeliveryProblem.NO_VIDEO: wording.cause_no_video,
    DeliveryProblem.BUG: wording.cause_our_mistake,
}


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """What is copied and looked at."""

    rule: str = "{date}/{name}"
    copies: bool = False
    """Whether there is a storage at all."""

    storage: str = ""
    """What it is called; copies in another one are not looked for."""

    public_url: str = ""
    """What links to copies begin with; empty: there are none."""

    look_seconds: float = 0
    """Between two looks at a link; 0: none is looked at."""

    first: JobId | None = None
    """The video that is copied before all others, where there is one: it tries for them."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """Copy a video and its thumbnail."""

    tab: TabKey
    intent: Intent
    name: str


@dataclass(frozen=True, slots=True)
class LookAt:
    """See whether a copy is there and whether the link people see still works."""

    tab: TabKey
    intent: Intent
    link: str
    stored: Stored | None
    thumbnail: Stored | None = None


Order = Fetch | LookAt
Found = Delivered | Undelivered | Looked


@dataclass(frozen=True, slots=True)
class Orders:
    """What is due, what is to be noted, and when something is due next."""

    due: tuple[Order, ...] = ()
    changes: tuple[KeepDelivery, ...] = ()
    next_at: datetime | None = None


def orders(
    tab: TabKey,
    memory: Memory,
    now: datetime,
    policy: DeliveryPolicy,
    *,
    copying: bool = True,
    most: int = 20,
) -> Orders:
    """Copies first, those that never failed before others, then looks; the oldest videos first."""
    fetches: list[tuple[int, datetime, Intent]] = []
    looks: list[tuple[datetime, Intent]] = []
    later: list[datetime] = []
    changes: list[KeepDelivery] = []
    for intent in memory.intents.values():
        if intent.state is not State.COMPLETED or not intent.url:
            continue
        delivery = memory.deliveries.get(intent.job_id)
        is_open = delivery is None or delivery.state is DeliveryState.WAITING
        if is_open and policy.copies:
            at = _copied_at(delivery, now)
            if at > now:
                later.append(at)
            elif copying:
                fetches.append((delivery.tries if delivery else 0, _age(intent), intent))
            continue
        noted = _as_the_settings_say(delivery, policy, now)
        if noted is not None:
            # Looked at with the next round.
            changes.append(KeepDelivery(noted, intent.key.record))
            later.append(now)
            continue
        if policy.look_seconds:
            at = _looked_at(intent, delivery, policy)
            if at > now:
                later.append(at)
            elif _is_shown(intent, memory):
                looks.append((at, intent))
    fetches.sort(key=lambda one: (one[2].job_id != policy.first, *one[:2]))
    looks.sort(key=lambda one: one[0])
    due: list[Order] = [Fetch(tab, one[2], file_name(policy.rule, one[2])) for one in fetches[:most]]
    due += [_look(tab, one[1], memory, policy) for one in looks[: most - len(due)]]
    return Orders(tuple(due), tuple(changes), min(later, default=None))


def _age(intent: Intent) -> datetime:
    return intent.finished_at or intent.updated_at


def _copied_at(delivery: Delivery | None, now: datetime) -> datetime:
    """When a copy is tried next; never later than the ladder goes, wherever the wall clock was when it was noted."""
    until = delivery.not_before if delivery is not None else None
    return until if until is not None and until - now <= timedelta(seconds=_HOURLY) else now


def _is_shown(intent: Intent, memory: Memory) -> bool:
    """Whether a row shows this video: the latest of a row that is there."""
    record = intent.key.record
    entry = memory.entries.get(record)
    if entry is None or not entry.present:
        return False
    latest = next(one for one in reversed(memory.of(record)) if one.state is State.COMPLETED)
    return latest.job_id == intent.job_id


def _looked_at(intent: Intent, delivery: Delivery | None, policy: DeliveryPolicy) -> datetime:
    """When its link is looked at next; spread by name, so that a batch is not looked at all at once."""
    seconds = policy.look_seconds * (0.75 + 0.25 * share_of(intent.job_id))
    if delivery is None or delivery.looked_at is None:
        return _age(intent) + timedelta(seconds=seconds)
    if delivery.misses and not delivery.is_link_dead:
        seconds = min(seconds, _LOOKED_AGAIN)
    return delivery.looked_at + timedelta(seconds=seconds)


def _as_the_settings_say(delivery: Delivery | None, policy: DeliveryPolicy, now: datetime) -> Delivery | None:
    """What is to be noted since the settings were changed; None where nothing is."""
    if delivery is None:
        return None
    if delivery.state is DeliveryState.WAITING and delivery.problem is not None:
        # Nobody copies any more: nothing is promised any more either.
        return replace(delivery, problem=None, detail="", tries=0, not_before=None, updated_at=now)
    if not delivery.is_stored or delivery.video is None or delivery.storage != policy.storage:
        return None
    kept = (delivery.video, delivery.thumbnail)
    video, thumbnail = (
        replace(one, link=public_link(policy.public_url, one.name)) if one is not None else None
        for one in kept
    )
    if (video, thumbnail) == kept:
        return None
    # Shown once it was seen to work, where anything is looked at.
    seen = (
        {"misses": 1, "looked_at": now - timedelta(seconds=_LOOKED_AGAIN)}
        if policy.look_seconds
        else {"misses": 0}
    )
    return replace(delivery, video=video, thumbnail=thumbnail, updated_at=now, **seen)


def _look(tab: TabKey, intent: Intent, memory: Memory, policy: DeliveryPolicy) -> LookAt:
    delivery = memory.deliveries.get(intent.job_id)
    is_here = delivery is not None and delivery.is_stored and delivery.storage == policy.storage
    link = delivery.link if delivery is not None else None
    stored = (delivery.video, delivery.thumbnail) if delivery and is_here else (None, None)
    return LookAt(tab, intent, link or intent.url or "", *stored)


# -- what became of it ----------------------------------------------------------


def outcome(order: Order, before: Delivery | None, found: Found, now: datetime) -> KeepDelivery:
    """What is noted, and what is said of it in the Log: only what somebody should know, once."""
    job_id = order.intent.job_id
    if isinstance(found, Delivered):
        there = (found.storage, found.video, found.thumbnail)
        misses = 1 if found.is_link_closed else 0
        after = Delivery(job_id, DeliveryState.STORED, now, *there, looked_at=now, misses=misses)
    elif isinstance(found, Undelivered):
        after = _failed(job_id, before, found, now)
    else:
        after = _seen(job_id, before, found, now)
    said = _kind_of_words(after)
    is_news = said is not None and (before is None or said != _kind_of_words(before))
    text = delivery_words(after, None) if is_news else ""
    return KeepDelivery(after, order.intent.key.record, text)


def _failed(job_id: JobId, before: Delivery | None, found: Undelivered, now: datetime) -> Delivery:
    known = before or Delivery(job_id, DeliveryState.WAITING, now)
    tries = known.tries + 1
    # A link may take a moment to work.
    is_sure = found.problem is not DeliveryProblem.SOURCE_GONE or tries >= _SEVERAL
    is_over = found.problem in FOR_GOOD and is_sure
    delay = retry_delay(known.tries, share_of(job_id)) if tries < _SEVERAL else _HOURLY
    return replace(
        known,
        state=DeliveryState.REFUSED if is_over else DeliveryState.WAITING,
        updated_at=now,
        tries=tries,
        not_before=None if is_over else now + timedelta(seconds=delay),
        problem=found.problem,
        detail=found.detail,
    )


def _seen(job_id: JobId, before: Delivery | None, found: Looked, now: datetime) -> Delivery:
    known = before or Delivery(job_id, DeliveryState.WAITING, now)
    if known.is_stored and found.is_stored is False:
        # The copy is gone: it is made again, as long as the service has the video.
        return Delivery(job_id, DeliveryState.WAITING, now, looked_at=now)
    if found.has_thumbnail is False:
        # Shown by the service's own link again; for it alone the video is not loaded anew.
        known = replace(known, thumbnail=None)
    if found.is_alive is None:
        return replace(known, looked_at=now)
    if found.is_alive and known.problem is DeliveryProblem.SOURCE_GONE:
        return Delivery(job_id, DeliveryState.WAITING, now, looked_at=now)
    return replace(known, looked_at=now, misses=0 if found.is_alive else known.misses + 1)


def matter_of(problem: DeliveryProblem) -> Matter:
    """What an admin is told of a storage that is in trouble; rows are none the worse for it."""
    return Matter(Topic.COPIES, ROBOT, wording.copies_not_kept(_CAUSES[problem]()))


# -- words ----------------------------------------------------------------------


def delivery_words(delivery: Delivery | None, zone: tzinfo | None) -> str:
    """What a finished row says of its copy and its link: nothing when all is well. Without a zone no time is named."""
    if delivery is None:
        return ""
    if delivery.is_link_dead or delivery.problem is DeliveryProblem.SOURCE_GONE:
        return _of_dead_link(delivery)
    if delivery.problem is None or (delivery.tries < _TOLD_FROM and delivery.not_before is not None):
        return ""
    cause = _CAUSES[delivery.problem]()
    if delivery.not_before is None:
        return wording.never_copied(cause)
    if zone is None or delivery.tries >= _SEVERAL:
        return wording.copied_later(cause)
    return wording.copied_again(cause, f"{delivery.not_before.astimezone(zone):%H:%M}")


def _of_dead_link(delivery: Delivery) -> str:
    if delivery.is_stored and delivery.video is not None:
        if delivery.link is not None:
            return wording.lasting_link_closed()
        return wording.link_ended_with_copy(delivery.video.name)
    # Until that is sure it may be a link that takes a moment to work.
    return "" if delivery.not_before is not None and not delivery.is_link_dead else wording.link_ended()


def _kind_of_words(delivery: Delivery) -> tuple[object, ...] | None:
    """Tells one thing to say from another, whatever time it names."""
    if not delivery_words(delivery, None):
        return None
    return delivery.is_link_dead, delivery.problem, delivery.state


def links_to_show(intent: Intent, delivery: Delivery | None) -> Iterator[str | None]:
    """The video's link and its thumbnail's: the lasting ones as soon as there are any, and while they work."""
    known = delivery if delivery is not None and delivery.is_reachable else None
    yield (known.link if known else None) or intent.url
    yield (known.thumbnail_link if known else None) or intent.thumbnail_url
