"""Copies of finished videos as the journal keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.adapters.schema import deliveries, events, intents
from bot.domain.delivery import Delivery, DeliveryProblem, DeliveryState, Digest, Stored
from bot.domain.failures import ProblemCode
from bot.domain.ids import JobId, TabKey, canonical_json
from bot.domain.intents import State
from bot.planner.actions import KeepDelivery


def spell_delivery(delivery: Delivery) -> dict[str, Any]:
    """A delivery as one row."""
    return {
        "job_id": delivery.job_id,
        "state": delivery.state.value,
        "updated_at": delivery.updated_at,
        "storage": delivery.storage,
        "video": _spell_stored(delivery.video),
        "thumbnail": _spell_stored(delivery.thumbnail),
        "tries": delivery.tries,
        "not_before": delivery.not_before,
        "problem": delivery.problem.value if delivery.problem else None,
        "detail": delivery.detail,
        "looked_at": delivery.looked_at,
        "misses": delivery.misses,
    }


def read_delivery(row: Mapping[str, Any]) -> Delivery:
    """What spell_delivery wrote."""
    return Delivery(
        job_id=JobId(row["job_id"]),
        state=DeliveryState(row["state"]),
        updated_at=row["updated_at"],
        storage=row["storage"],
        video=_read_stored(row["video"]),
        thumbnail=_read_stored(row["thumbnail"]),
        tries=row["tries"],
        not_before=row["not_before"],
        problem=DeliveryProblem(row["problem"]) if row["problem"] else None,
        detail=row["detail"],
        looked_at=row["looked_at"],
        misses=row["misses"],
    )


def _spell_stored(stored: Stored | None) -> str | None:
    if stored is None:
        return None
    return canonical_json([stored.name, stored.digest.size, stored.digest.sha256, stored.link])


def _read_stored(spelled: str | None) -> Stored | None:
    if not spelled:
        return None
    name, size, sha256, link = json.loads(spelled)
    return Stored(name, Digest(size, sha256), link)


def deliveries_of(connection: Connection, tab: TabKey) -> list[Delivery]:
    """All that is known of a tab's copies."""
    rows = connection.execute(
        select(deliveries)
        .join(intents, intents.c.job_id == deliveries.c.job_id)
        .where(intents.c.spreadsheet == tab.spreadsheet, intents.c.tab == tab.tab)
    )
    return [read_delivery(dict(row)) for row in rows.mappings()]


def deliveries_named(connection: Connection, wanted: Sequence[JobId]) -> dict[JobId, Delivery]:
    """What is known of the copies of these videos."""
    rows = connection.execute(select(deliveries).where(deliveries.c.job_id.in_(wanted))).mappings()
    return {one.job_id: one for one in (read_delivery(dict(row)) for row in rows)}


def save_deliveries(connection: Connection, changes: Iterable[KeepDelivery], at: datetime) -> None:
    """Each in the place of what was known before, with its line in the story where it has one."""
    for change in changes:
        connection.execute(_SAVE, [spell_delivery(change.delivery)])
        if change.said:
            connection.execute(insert(events), [_event(change, at)])


def _event(change: KeepDelivery, at: datetime) -> dict[str, Any]:
    said = {"code": ProblemCode.DELIVER.value, "text": change.said, "trouble": change.delivery.detail}
    return {
        "at": at,
        "job_id": change.delivery.job_id,
        "record": change.record,
        "state": State.COMPLETED.value,
        "detail": json.dumps(said),
    }


_INSERT = upsert(deliveries)
_SAVE = _INSERT.on_conflict_do_update(
    index_elements=["job_id"],
    set_={
        column.name: _INSERT.excluded[column.name] for column in deliveries.columns if not column.primary_key
    },
)
