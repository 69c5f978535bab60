"""Where everything stands, for `rowreel status`: the journal's figures, and the sheets' own words where they can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.adapters.state_folder import StateFolder
from bot.adapters.system_clock import SystemClock
from bot.cli.sheet_look import NoLook, TabLook, looks
from bot.domain import wording
from bot.domain.cells import cell_text
from bot.domain.contract import RobotColumn
from bot.domain.ids import TabKey, short_spreadsheet
from bot.domain.intents import IN_FLIGHT, Intent, State
from bot.planner.recall import recalled
from bot.planner.snapshot import Memory
from bot.settings import Settings
from bot.wiring import journal_view

Facts = dict[str, Any]

NOT_APPROVED = "Not approved yet"
"""Rows of which the journal alone cannot tell whether they need fixing."""


def standing(settings: Settings, *, offline: bool) -> Facts:
    """The facts, ready for JSON; times in the sheet's zone, with its offset."""
    now, folder = SystemClock().now(), StateFolder(settings.journal_path.parent)
    found = [] if offline else looks(settings)
    seen = {one.key: one for one in found if isinstance(one, TabLook)}
    zone: tzinfo = next((look.zone for look in seen.values()), UTC)
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    with journal_view(settings) as journal:
        memories = {tab: journal.remember_tab(tab) for tab in journal.tabs()}
        spent, today, in_flight = journal.spent(), journal.spent_since(midnight), journal.in_flight()
        cold_since = journal.installation().cold_since
    failing, since = folder.health() or ((), None)
    states = Counter(one.state for memory in memories.values() for one in memory.intents.values())
    windows = [look.control.switches.window for look in seen.values()]
    return {
        "robot": folder.holder(),
        "health": {"failing": failing, "since": since.isoformat()} if since else None,
        "tabs": len(memories),
        "rows": sum(one.present for memory in memories.values() for one in memory.entries.values()),
        "intents": {state.value: states[state] for state in State},
        "credits_spent_or_reserved": spent,
        "credits_today": today,
        "day_began": midnight.isoformat(),
        "credits_per_day": _lowest([settings.budget.credits_per_day, *_day_caps(seen.values())]),
        "credits_per_row": settings.budget.credits_per_row or None,
        "in_flight": in_flight,
        "max_in_flight": _lowest([settings.zvid.max_in_flight, *windows]),
        "oldest": _oldest(memories, zone),
        "cold_since": cold_since.isoformat() if cold_since else None,
        "sheets": [_tab(tab, memory, seen.get(tab), now) for tab, memory in memories.items()],
        "not_looked_at": [
            {"tab": one.settings.tab, "reason": one.reason} for one in found if isinstance(one, NoLook)
        ],
        "not_served": [look.title for key, look in seen.items() if key not in memories],
    }


def _day_caps(seen: Iterable[TabLook]) -> list[int | None]:
    return [look.control.switches.day_cap for look in seen]


def _lowest(limits: Iterable[int | None]) -> int | None:
    """Settings are ceilings, and people can only lower them; 0 and blank are none."""
    return min((limit for limit in limits if limit), default=None)


def _tab(tab: TabKey, memory: Memory, look: TabLook | None, now: datetime) -> Facts:
    waiting = sum(one.state is State.WAITING for one in memory.live.values())
    looked = look.looked_at if look is not None else None
    return {
        "spreadsheet": tab.spreadsheet,
        "tab_id": tab.tab,
        "tab": look.title if look is not None else None,
        "rows": sum(one.present for one in memory.entries.values()),
        "by_status": _shown(look) if look is not None else _known(memory, now),
        "said_by": "journal" if look is None else "sheet",
        "waiting": waiting,
        "under_way": len(memory.live) - waiting,
        "credits": memory.credits,
        "going_on": look.going_on or None if look is not None else None,
        "holds": list(_holds(look)) if look is not None else [],
        "last_look": looked.isoformat() if looked is not None else None,
    }


def _holds(look: TabLook) -> Iterable[str]:
    """What people's own switches stop; the robot's words about the tab say the rest."""
    if not look.control.switches.run:
        yield wording.paused()
    if look.control.switches.check_only:
        yield wording.only_checked()


def _shown(look: TabLook) -> dict[str, int]:
    """Rows by what their `Status` says, the percents aside."""
    said = (cell_text(look.cell(row, RobotColumn.STATUS)) for row in look.rows)
    return _in_order(Counter(_word(one) for one in said if one))


def _known(memory: Memory, now: datetime) -> dict[str, int]:
    """The same as the journal remembers it."""
    present = (entry for entry in memory.entries.values() if entry.present)
    words = (recalled(one, memory.of(one.key.record), now, UTC).status for one in present)
    return _in_order(Counter(_word(one) or NOT_APPROVED for one in words))


def _word(status: str) -> str:
    return status.rpartition(" ")[0] if status.endswith("%") else status


def _in_order(counted: Counter[str]) -> dict[str, int]:
    known = [word for word in (*wording.STATUS_WORDS, NOT_APPROVED) if counted[word]]
    others = sorted(set(counted) - set(known))
    return {word: counted[word] for word in (*known, *others)}


def _oldest(memories: dict[TabKey, Memory], zone: tzinfo) -> Facts | None:
    """Whatever is at the service longest."""
    under_way = [
        (one.sent_at, one, memory)
        for memory in memories.values()
        for one in memory.live.values()
        if one.state in IN_FLIGHT | {State.NEEDS_DECISION} and one.sent_at is not None
    ]
    if not under_way:
        return None
    sent, intent, memory = min(under_way, key=lambda one: one[0])
    return {
        "row": _row(intent, memory),
        "row_id": intent.key.record,
        "job_id": intent.service_id,
        "state": intent.state.value,
        "since": sent.astimezone(zone).isoformat(timespec="seconds"),
    }


def _row(intent: Intent, memory: Memory) -> int | None:
    entry = memory.entries.get(intent.key.record)
    return entry.row_number if entry is not None and entry.present else None


# -- for people ------------------------------------------------------------------


def print_standing(facts: Facts) -> None:
    """One screen."""
    console = Console(highlight=False, soft_wrap=True)
    robot = facts["robot"]
    console.print(f"Robot: {'working, ' + robot if robot else 'not running here'}.", markup=False)
    health = facts["health"]
    if health is not None:
        words = "; ".join(health["failing"]) if health["failing"] else "well"
        console.print(
            f"The robot, as it last said ({_minute(health['since'])}): {words.rstrip('.')}.", markup=False
        )
    if facts["cold_since"] is not None:
        console.print(
            f"Cold since {_minute(facts['cold_since'])}: the journal was lost, or an older copy took its place. "
            "It may not know of videos made before; if you have a newer copy: rowreel journal recover --from FILE"
        )
    for missed in facts["not_looked_at"]:
        console.print(f'"{missed["tab"]}" could not be looked at: {missed["reason"]}', markup=False)
    for title in facts["not_served"]:
        console.print(
            f'"{title}" is in the settings, but no robot of this folder has worked on it yet. One that runs reads its '
            "settings when it starts.",
            markup=False,
        )
    for tab in facts["sheets"]:
        _print_tab(console, tab)
    console.print(
        f"\n{wording.counted(facts['tabs'], 'tab')}, {wording.rows_words(facts['rows'])} known, {facts['credits_spent_or_reserved']:,} credits spent or "
        f"reserved. Today {facts['credits_today']:,}{_of(facts['credits_per_day'])}, since {_minute(facts['day_began'])}."
    )
    console.print(f"At Zvid now: {facts['in_flight']} of {facts['max_in_flight']} at the same time.")
    oldest = facts["oldest"]
    if oldest is not None:
        where = f"row {oldest['row']}" if oldest["row"] is not None else "a row that is gone"
        state = oldest["state"].replace("_", " ")
        console.print(
            f"Longest under way: {where} ({oldest['row_id']}), {state}, sent {_second(oldest['since'])}. "
            f"Its story: rowreel explain {oldest['row_id']}"
        )


def _print_tab(console: Console, tab: Facts) -> None:
    name = f'"{tab["tab"]}"' if tab["tab"] else f"Tab {tab['tab_id']}"
    console.print(Text.assemble("\n", (name, "bold"), f" in {short_spreadsheet(tab['spreadsheet'])}"))
    for hold in dict.fromkeys(one for one in (*tab["holds"], tab["going_on"]) if one):
        console.print(f"  {hold}", markup=False)
    if tab["last_look"] is not None:
        console.print(f"  Last looked {_second(tab['last_look'])}.")
    if tab["by_status"]:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(style="dim")
        table.add_column(justify="right")
        for word, count in tab["by_status"].items():
            table.add_row(Text(f"  {word}"), f"{count:,}")
        console.print(table)


def _of(limit: int | None) -> str:
    return f" of {limit:,}" if limit is not None else " (no limit)"


def _minute(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M %Z}".strip()


def _second(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M:%S}"
