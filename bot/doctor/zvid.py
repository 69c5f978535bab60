"""Templates and the render service: whether it is there, takes the key, has credits, and likes what we would send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from bot.adapters.private_files import is_open_to_others
from bot.adapters.render_api import ZvidService
from bot.adapters.template_folder import BUILT_IN, TemplateError, load_template
from bot.doctor.checks import Check, State, fine, ours, trouble, warn
from bot.doctor.google import clock_check, unreachable
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import JobId, RecordId
from bot.domain.jobs import Quote
from bot.domain.records import Record, judge
from bot.domain.templates.specimen import specimen
from bot.domain.templates.template import Label, Payload, Template, fill
from bot.ports import Clock
from bot.secret_files import SettingsError
from bot.settings import Settings
from bot.wiring import template_folder

_LABEL = Label(RecordId("r0000x"), JobId("0" * 36), 0)
_EMPTY_PROJECT = "{}"
"""Nobody accepts that, but only whoever takes the key says so."""


def template_checks(settings: Settings, found: dict[str, Template]) -> Iterator[Check]:
    """Every template once; those that can be used are put into `found`."""
    seen: set[Path] = set()
    for sheet in settings.sheets:
        path = settings.template_path(sheet) or BUILT_IN
        if path in seen:
            continue
        seen.add(path)
        try:
            folder = template_folder(settings, sheet)
            template = load_template(folder)
        except TemplateError as error:
            yield ours(
                "template", str(error).rstrip("."), f"Look it over with: rowreel template check {path}"
            )
            continue
        where = "built in" if folder.parent == BUILT_IN.parent else str(folder)
        found[f"{template.title} ({where})"] = template
        formats = ", ".join(template.contract.formats)
        yield fine("template", f"{template.title} ({where}), version {template.version}: {formats}")


def media_checks(settings: Settings, templates: Mapping[str, Template]) -> Iterator[Check]:
    """Whether links in rows are looked at, and only where they should lead; nothing where no template has any."""
    if not any(one.type.is_media for template in templates.values() for one in template.contract.fields):
        return
    media = settings.media
    if not media.check:
        yield warn(
            "media",
            "links in rows are not looked at before a row is sent",
            "Set media.check = true: a dead link is then told to its author, and nothing is sent.",
        )
        return
    if media.allow_private and not _is_loopback(urlsplit(settings.zvid.base_url).hostname or ""):
        yield warn(
            "media",
            "media.allow_private is on: whoever edits the sheet makes the robot ask machines of your own network",
            "Set media.allow_private = false: Zvid could not fetch such files anyway.",
        )
        return
    sizes = ((media.picture_mb, "pictures"), (media.video_mb, "videos"), (media.sound_mb, "sounds"))
    limits = ", ".join(f"{what} up to {size:g} MB" for size, what in sizes if size)
    yield fine("media", f"links in rows are looked at before they are sent{': ' if limits else ''}{limits}")


def zvid_checks(settings: Settings, templates: Mapping[str, Template], clock: Clock) -> Iterator[Check]:
    """All that can be asked for free."""
    yield from _address(settings)
    try:
        key = settings.zvid_key()
    except SettingsError as error:
        says, _, fix = str(error).partition(". ")
        yield ours(
            "zvid key", says.rstrip("."), fix or "Name a file that holds the key, or set ZVID_API_KEY."
        )
        return
    yield from _key_file(settings)
    service = ZvidService(
        settings.zvid.base_url, key, timeout_seconds=min(settings.zvid.timeout_seconds, 20), clock=clock
    )
    with closing(service):
        yield from _asked(service, settings, templates)


def _address(settings: Settings) -> Iterator[Check]:
    parts = urlsplit(settings.zvid.base_url)
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        yield ours(
            "zvid", "zvid.base_url is http: anybody on the way could read the key", "Write https:// there."
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _key_file(settings: Settings) -> Iterator[Check]:
    """Whoever reads the key can spend the credits."""
    if settings.zvid.key_file is None:
        return
    path = settings.folder / settings.zvid.key_file
    if path.exists() and is_open_to_others(path):
        yield warn("zvid key", f"everybody on this machine may read {path}", f"chmod 600 {path}")


def _asked(service: ZvidService, settings: Settings, templates: Mapping[str, Template]) -> Iterator[Check]:
    left = service.balance()
    where = settings.zvid.base_url
    if isinstance(left, Failure) and service.lead is None:
        yield unreachable("zvid", where, left, where, "zvid.base_url")
        return
    yield fine("zvid", f"{where} answers")
    yield clock_check("zvid clock", service.lead or timedelta(0))
    trials = [trial for name, template in templates.items() for trial in _tried(service, name, template)]
    answers = [left, *(trial.answer for trial in trials)] if trials else [left, service.ask(_EMPTY_PROJECT)]
    key = _key(answers)
    yield key
    if key.state is not State.OK:
        return
    yield _credits(left, [trial.answer.credits for trial in trials if isinstance(trial.answer, Quote)])
    for name in templates:
        yield from _price(name, [trial for trial in trials if trial.name == name])


@dataclass(frozen=True, slots=True)
class _Trial:
    """A made-up row in one format, and what the service said to it."""

    name: str
    format: str
    expected: int
    answer: Quote | Failure


def _tried(service: ZvidService, name: str, template: Template) -> Iterator[_Trial]:
    for format_name in template.contract.formats:
        judged = judge(specimen(template.contract, format_name), template.contract)
        payload = fill(template, judged, _LABEL) if isinstance(judged, Record) else None
        if isinstance(payload, Payload):
            yield _Trial(name, format_name, payload.price, service.ask(payload.body))


def _key(answers: Sequence[int | Quote | Failure]) -> Check:
    """One welcome is enough: not every question may be open to every key."""
    refused = [answer for answer in answers if isinstance(answer, Failure)]
    if len(refused) < len(answers) or any(one.kind is FailureClass.REJECTED for one in refused):
        return fine("zvid key", "accepted")
    # What was asked last is what the robot itself asks.
    said = refused[-1]
    match said.code:
        case ProblemCode.AUTH:
            return trouble(
                "zvid key",
                f"refused ({said.detail})",
                "Make a new key at Zvid and put it into ZVID_API_KEY or zvid.key_file.",
            )
        case ProblemCode.ADDRESS:
            return ours(
                "zvid", f"there is no render service at this address ({said.detail})", "Mend zvid.base_url."
            )
        case ProblemCode.RATE:
            return warn("zvid key", "Zvid asks to wait, so nobody can tell", "Try again later.")
    return trouble("zvid", f"it has trouble of its own ({said.detail})", "Try again later.")


def _credits(left: int | Failure, prices: Sequence[int]) -> Check:
    if isinstance(left, Failure):
        return warn(
            "credits", f"the account does not say how many are left ({left.detail})", "Look at zvid.io."
        )
    says = f"{left:,} left"
    if not prices:
        return fine("credits", says)
    if left < min(prices):
        return trouble("credits", f"{says}; a video costs {min(prices)}", "Top the account up at Zvid.")
    if left < max(prices):
        return warn(
            "credits", f"{says}; the dearest video costs {max(prices)}", "Top the account up at Zvid."
        )
    return fine("credits", f"{says}, enough for {left // max(prices):,} videos at {max(prices)} each")


def _price(name: str, trials: Sequence[_Trial]) -> Iterator[Check]:
    """What each format costs, as the service itself says, or why it does not like it."""
    quoted: list[str] = []
    remarks: dict[str, None] = {}
    for trial in trials:
        answer = trial.answer
        if isinstance(answer, Failure):
            yield _refused_design(trial, answer)
            continue
        quoted.append(f"{trial.format} {answer.credits}")
        if answer.credits != trial.expected:
            yield warn(
                "price",
                f"{name}: Zvid asks {answer.credits} for {trial.format}, by the published rule it is {trial.expected}",
                "Nothing to do: the dearer of the two must be approved.",
            )
        remarks |= dict.fromkeys(answer.warnings)
    if quoted:
        aside = f"; it remarks: {'; '.join(list(remarks)[:3])}" if remarks else ""
        yield fine("price", f"{name}: {', '.join(quoted)} credits, says Zvid{aside}")


def _refused_design(trial: _Trial, answer: Failure) -> Check:
    if answer.kind is not FailureClass.REJECTED:
        return warn(
            "price",
            f"{trial.name}: Zvid could not be asked about {trial.format} ({answer.detail})",
            "Try again later.",
        )
    reasons = "; ".join(f"{field}: {words}" if field else words for field, words in answer.fields[:3])
    return ours(
        "price",
        f"{trial.name}: Zvid would not accept {trial.format}, filled with made-up values: {reasons}",
        "Mend the project in Zvid's editor and export it again.",
    )
