"""Rows whose template asks for other columns by now: the same rows, as long as nobody has edited them.

Their finished videos stay theirs and their approvals stand. What is not sent yet is promised anew, under the
new content's own name, once somebody has said `Go ahead` for the template as it is.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.entries import Entry
from bot.domain.failures import FailureClass
from bot.domain.ids import Fingerprint, TemplateHash
from bot.domain.intents import Intent
from bot.domain.records import Content

_MOST = 20
"""Contracts a row is followed through."""


def is_same_row(before: Content, now: Content) -> bool:
    """Whether two contents, read by different contracts, say the same as far as both ask.

    A column that is gone and one that is new, both filled, may be one that was renamed, and edited with it.
    """
    old, new = dict(before.values), dict(now.values)
    if old.keys() == new.keys() or before.format != now.format:
        return False
    lost = any(text for key, text in old.items() if key not in new)
    found = any(text for key, text in new.items() if key not in old)
    return not (lost and found) and all(old[key] == new[key] for key in old.keys() & new.keys())


def is_edited(before: Entry | None, now: Content) -> bool:
    """Whether somebody changed what the row says since the last look."""
    return before is not None and before.content != now and not is_same_row(before.content, now)


def followed(entry: Entry, now: Content) -> Entry:
    """The entry of a row that says this now."""
    if entry.content == now:
        return entry
    stood_for: tuple[Fingerprint, ...] = ()
    if is_same_row(entry.content, now):
        earlier = (entry.content.fingerprint, *entry.stands_for)
        stood_for = tuple(one for one in earlier if one != now.fingerprint)[:_MOST]
    return replace(entry, content=now, stands_for=stood_for)


def is_void(entry: Entry) -> bool:
    """Whether a standing approval was given for something else than what the row says."""
    return entry.approved != entry.content.fingerprint and entry.approved not in entry.stands_for


def is_about(intent: Intent, entry: Entry) -> bool:
    """Whether a promise was made for what the row says, by whichever contract."""
    is_named = intent.fingerprint == entry.content.fingerprint or intent.fingerprint in entry.stands_for
    return is_named and intent.format == entry.content.format


def was_refused(intent: Intent, version: TemplateHash) -> bool:
    """Whether the service refused the very same: only an edit, of the row or of the template, can help."""
    return _is_refused(intent) and intent.template_hash == version


def is_refused_elsewhere(intent: Intent, version: TemplateHash) -> bool:
    """Whether the service refused what another version of the template made of it: that says nothing of this one."""
    return _is_refused(intent) and intent.template_hash != version


def _is_refused(intent: Intent) -> bool:
    return intent.trouble is not None and intent.trouble.kind is FailureClass.REJECTED
