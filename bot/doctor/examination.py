"""The whole round, room by room, in the order in which a beginner meets them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.adapters.system_clock import SystemClock
from bot.doctor.checks import Check, guarded
from bot.doctor.delivery import delivery_checks
from bot.doctor.google import google_checks
from bot.doctor.house import memory_checks, program_checks, settings_checks
from bot.doctor.notify import notify_checks
from bot.doctor.salvage import salvage_settings
from bot.doctor.watch import watch_checks
from bot.doctor.webhooks import webhook_checks
from bot.doctor.zvid import media_checks, template_checks, zvid_checks
from bot.domain.templates.template import Template


def examination(file: Path, *, sends: bool = False) -> Iterator[Check]:
    """Every check, one after the other, each made when it is asked for; `sends`: with a message to everybody who
    is told things.
    """
    settings, complaints = salvage_settings(file)
    clock = SystemClock()
    templates: dict[str, Template] = {}
    yield from guarded("settings", settings_checks(file, settings, complaints))
    yield from guarded("program", program_checks())
    yield from guarded("journal", memory_checks(settings))
    yield from guarded("template", template_checks(settings, templates))
    yield from guarded("media", media_checks(settings, templates))
    yield from guarded("copies", delivery_checks(settings, templates))
    yield from guarded("google", google_checks(settings, clock))
    yield from guarded("zvid", zvid_checks(settings, templates, clock))
    yield from guarded("watch", watch_checks(settings))
    yield from guarded("webhooks", webhook_checks(settings, clock))
    yield from guarded("notify", notify_checks(settings, clock, sends=sends))
