"""Copies of finished videos: whether they can be kept where the settings say. What is tried is taken away again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.adapters.private_files import is_open_to_others
from bot.doctor.checks import Check, fine, ours, trouble, warn
from bot.domain.delivery import DeliveryProblem
from bot.domain.filenames import NAMED
from bot.domain.templates.naming import parts_of
from bot.domain.templates.template import Template
from bot.secret_files import SettingsError
from bot.settings import Settings
from bot.storing import storage_of

_FIXES = {
    DeliveryProblem.NO_ROOM: "Make room there, or name another place in delivery.folder.",
    DeliveryProblem.NOT_ALLOWED: "Give the user who runs the robot, or its key, the right to write there.",
    DeliveryProblem.BLOCKED: "Name a real folder in delivery.folder.",
    DeliveryProblem.STORAGE_AWAY: "Make it or mount it, or mend delivery.folder, delivery.bucket or delivery.endpoint.",
}


def delivery_checks(settings: Settings, templates: Mapping[str, Template]) -> Iterator[Check]:
    """Nothing where no copies are wanted and none is named."""
    said = settings.delivery
    if not said.to or said.contradiction():
        # A contradiction was told with the settings.
        return
    fields = {one.key for template in templates.values() for one in template.contract.fields}
    if templates and (strange := sorted(parts_of(said.name) - NAMED - fields)):
        yield warn(
            "copies",
            f"{', '.join('{' + one + '}' for one in strange)} in delivery.name is no field of a template: nothing will "
            "stand there",
            f"Mend delivery.name. It may have {', '.join('{' + one + '}' for one in sorted(NAMED | fields))}.",
        )
    try:
        storage = storage_of(settings)
    except SettingsError as error:
        says, _, fix = str(error).partition(". ")
        yield ours("copies", says.rstrip("."), fix or "See delivery in the README.")
        return
    if said.to == "s3" and said.key_file is not None:
        path = settings.folder / said.key_file
        if path.exists() and is_open_to_others(path):
            yield warn("copies", f"everybody on this machine may read {path}", f"chmod 600 {path}")
    assert storage is not None  # some are wanted
    refusal = storage.rehearse()
    if refusal is not None:
        check = ours if said.to == "folder" else trouble
        says = f"nothing can be kept in {storage.label}: {refusal.detail}"
        yield check("copies", says, _FIXES[refusal.problem])
        return
    link = f"; links begin with {said.public_url}" if said.public_url else "; no lasting links are shown"
    yield fine("copies", f"{storage.label} can be written{link}")
    if said.endpoint.startswith("http://"):
        yield warn(
            "copies", "delivery.endpoint is http", "Write https:// there, unless it is on this machine."
        )
