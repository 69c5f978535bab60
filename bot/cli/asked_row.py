"""Whatever people have at hand to name a row or a video by, and the one it stands for."""

from __future__ import annotations

from collections.abc import Sequence

from bot.adapters.journal_archive import Attempts, JournalArchive
from bot.domain.ids import short_spreadsheet
from bot.domain.intents import State

HOW_TO_NAME = (
    "Name a row by its number in the sheet, by its Row ID (like r7k3qm) or a video by its Job ID: the sheet has both "
    "in collapsed columns on the right."
)


class NotThereError(Exception):
    """What was asked for is not in the journal, or stands for several; the message says what is."""


def the_one(archive: JournalArchive, wanted: str) -> Attempts:
    """What goes by this name. Raises NotThereError when there is nothing, or more than one."""
    found = archive.look_up(wanted)
    if not found:
        raise NotThereError(f'The journal knows nothing called "{wanted}". {HOW_TO_NAME}')
    if len(found) > 1:
        raise NotThereError(
            f'"{wanted}" stands for several: {_listed(found)}. Name the one you mean by its id.'
        )
    return found[0]


def unsent_words(state: State, *, is_taken_over: bool) -> str:
    """What stands where the journal knows no time of sending: a journal that was lost took that with it."""
    was_sent = state in {State.SUBMITTED, State.ACTIVE, State.COMPLETED} and not is_taken_over
    return "before the journal was lost" if was_sent else "never"


def row_name(row: Attempts) -> str:
    """`Row 17 (r7k3qm)`."""
    where = f"Row {row.row_number}" if row.row_number is not None else "The row that is gone"
    return f"{where} ({row.key.record})"


def _listed(found: Sequence[Attempts]) -> str:
    """Each by what tells it from the others: a copied tab has the same Row IDs."""
    return ", ".join(_told_apart(one) for one in found)


def _told_apart(row: Attempts) -> str:
    job = f", job {row.intents[-1].job_id}" if row.intents else ""
    return f"{row_name(row)} of tab {row.key.tab.tab} in {short_spreadsheet(row.key.tab.spreadsheet)}{job}"
