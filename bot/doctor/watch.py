"""Where the robot lets itself be watched: whether it can listen there, and who reaches it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.adapters.state_folder import StateFolder
from bot.adapters.web.server import refusal
from bot.doctor.checks import Check, fine, warn
from bot.domain.listening import read_place
from bot.settings import Settings


def watch_checks(settings: Settings) -> Iterator[Check]:
    """Nothing where nobody listens."""
    if not settings.watch.listen:
        return
    place = read_place(settings.watch.listen)
    if not place.is_local:
        yield warn(
            "watch",
            f"whoever reaches {place} can read the robot's page and figures",
            "Set watch.listen to an address like 127.0.0.1:9464, or let nobody but your Prometheus reach it.",
        )
    # A robot at work holds the port itself.
    is_at_work = StateFolder(settings.journal_path.parent).holder() is not None
    problem = None if is_at_work else refusal(place)
    if problem is None:
        yield fine(
            "watch", f"the robot's page is at http://{place}/" + ("" if is_at_work else " while it runs")
        )
    else:
        says, _, fix = problem.partition(". ")
        yield warn("watch", f"watch.listen: {says}", f"{fix} Until then the robot works unwatched.")
