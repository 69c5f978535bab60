"""Judges a request the way the service does: in stages, free of charge, without fetching media.

Top-level problems hide those of the elements, as documented (Zvid docs, validate-render-job): a client
must be ready to ask again. A request that passes is resolved, measured and priced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson

from bot.sandbox.render.abilities import undrawable
from bot.sandbox.zvid import coherence, timeline
from bot.sandbox.zvid.addresses import webhook_problem
from bot.sandbox.zvid.complaints import problems_with
from bot.sandbox.zvid.elements import VISUALS
from bot.sandbox.zvid.envelope import Envelope, open_envelope
from bot.sandbox.zvid.fields import Part
from bot.sandbox.zvid.lint import warnings_for
from bot.sandbox.zvid.options import Switches
from bot.sandbox.zvid.placeholders import resolve
from bot.sandbox.zvid.plans import PlanLimits, plan_limits
from bot.sandbox.zvid.project import Audio, Project, Scene
from bot.sandbox.zvid.refusals import Problem, Refusal, invalid
from bot.sandbox.zvid.subtitle import Subtitle

SCHEMA_VERSION = "1.0.0"
LARGEST_PROJECT = 2_000_000
MOST_REMEMBERED = 1024

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A request that may be rendered; `project` has its placeholders filled, its size and length set."""

    job_id: str | None
    project: Json
    name: str
    type: str
    width: int
    height: int
    seconds: float
    credits: int
    warnings: list[Problem]
    template_id: str | None = None
    webhook_url: str | None = None


class Bench:
    """Judges requests; a submit mostly follows a check of the same project, which is then judged once."""

    def __init__(self, template: Callable[[str], Json] | None = None) -> None:
        """`template` looks a stored project up by its id, and raises Refusal when there is none."""
        self._template = template
        self._switches: Switches | None = None
        self._passed: dict[bytes, Verdict] = {}

    def judge(
        self, body: object, switches: Switches, *, still: bool = False, single: bool = False
    ) -> Verdict:
        """Raises Refusal when the request would be refused; with `still` also when it is no image.

        `single` is a submit of one render: where the switch says so, its variables do not act.
        """
        if switches is not self._switches:
            self._switches = switches
            self._passed.clear()
        rules = _Rules(switches, plan_limits(switches))
        envelope, problems = open_envelope(body, strip_unknown=rules.strips)
        rules.refuse(problems)
        if envelope.webhook_url is not None:
            problem = webhook_problem(envelope.webhook_url, switches.webhook_hosts)
            rules.refuse([Problem("body.webhookUrl", f"webhookUrl {problem}")] if problem else [])
        if envelope.template is not None:
            if self._template is None:
                raise Refusal(404, "Template not found")
            envelope = replace(envelope, payload=self._template(envelope.template))
        if still:
            if envelope.payload.get("type", "image") != "image":
                rules.refuse([Problem("type", "type must be image on this route")])
            envelope = replace(envelope, payload={**envelope.payload, "type": "image"})
        if single and envelope.template is None and switches.inline_variables == "not-in-single":
            envelope = replace(envelope, variables={})
        given = [envelope.payload, envelope.variables, envelope.overrides, envelope.template is None]
        spelled = orjson.dumps(given)
        verdict = self._passed.pop(spelled, None) or _verdict(envelope, rules)
        self._passed[spelled] = verdict
        if len(self._passed) > MOST_REMEMBERED:
            del self._passed[next(iter(self._passed))]  # the one that was asked for longest ago
        return replace(
            verdict,
            job_id=envelope.job_id,
            template_id=envelope.template,
            webhook_url=envelope.webhook_url,
        )


def judge(body: object, switches: Switches) -> Verdict:
    """One request on a bench of its own."""
    return Bench().judge(body, switches)


def _verdict(envelope: Envelope, rules: _Rules) -> Verdict:
    project = rules.resolved(envelope)
    warnings = warnings_for(envelope.payload, project)
    width, height = timeline.size_of(project)
    seconds = timeline.seconds_of(project)
    measured = {**project, "width": width, "height": height}
    if project.get("type") != "image":
        measured["duration"] = seconds
    return Verdict(
        job_id=envelope.job_id,
        project=measured,
        name=project.get("name", "unnamed"),
        type=project.get("type", "video"),
        width=width,
        height=height,
        seconds=seconds,
        credits=timeline.credits_for(project),
        warnings=warnings,
    )


class _Rules:
    """The stages, one after another, under one account's plan."""

    def __init__(self, switches: Switches, limits: PlanLimits) -> None:
        self._switches = switches
        self._limits = limits
        self.strips = switches.unknown_property == "strip"

    def refuse(self, problems: list[Problem]) -> None:
        """Raises Refusal when there is a problem; a stage ends here."""
        if problems:
            raise invalid([self._spelled(each) for each in problems], self._limits.as_json())

    def resolved(self, envelope: Envelope) -> Json:
        """The project after variables and overrides, found sound."""
        applies = envelope.template is not None or self._switches.inline_variables != "ignore"
        given = envelope.variables if applies else {}
        project, problems = resolve(
            orjson.loads(orjson.dumps(envelope.payload)), given, clones_from=self._switches.clones_from
        )
        self.refuse(problems)
        project |= envelope.overrides
        if {"width", "height"} & set(envelope.overrides):
            project["resolution"] = "custom"
        if self._switches.default_size == "1920x1080" and not project.get("resolution"):
            project = {"width": 1920, "height": 1080, **project}
        if len(orjson.dumps(project)) > LARGEST_PROJECT:
            raise Refusal(413, "Payload too large", "The resolved project must stay below 2 MB")
        self.refuse(self._check(project, Project, ""))
        self.refuse(list(coherence.top_level_problems(project, self._limits)))
        self.refuse(list(self._part_problems(project, "")) + list(self._subtitle_problems(project)))
        self.refuse(list(coherence.whole_problems(project, self._limits)))
        project = self._laid_out(project)
        self.refuse([Problem(field, message) for field, message in undrawable(project)])
        return project

    def _laid_out(self, project: Json) -> Json:
        """What scenes are called and how long they are together, where the project leaves it open."""
        scenes = project.get("scenes")
        if scenes and self._switches.scene_ids_from == 0:
            scenes = [{"id": f"scene-{index}", **scene} for index, scene in enumerate(scenes)]
            project = {**project, "scenes": scenes}
        if scenes and self._switches.open_scenes == "sum" and not timeline.has_explicit_scenes(project):
            project = {**project, "duration": timeline.scenes_total(scenes)}
        return project

    def _check(self, raw: Json, model: type[Part], where: str) -> list[Problem]:
        return problems_with(
            raw,
            model,
            where,
            allow_loopback=self._switches.allow_loopback_media,
            strip_unknown=self.strips,
        )

    def _part_problems(self, part: Json, where: str, *, is_image: bool | None = None) -> Iterator[Problem]:
        """The lists of a project or of one of its scenes."""
        start = f"{where}." if where else ""
        if is_image is None:
            is_image = part.get("type") == "image"
        for index, visual in enumerate(part.get("visuals", ())):
            yield from self._visual_problems(visual, f"{start}visuals[{index}]", is_image=is_image)
        for index, audio in enumerate(part.get("audios", ())):
            place = f"{start}audios[{index}]"
            yield from self._check(audio, Audio, place) or coherence.audio_problems(audio, place)
        for index, scene in enumerate(part.get("scenes", ()) if not where else ()):
            place = f"scenes[{index}]"
            own = self._check(scene, Scene, place)
            yield from own or coherence.scene_problems(scene, place, self._limits)
            if not own:
                yield from self._part_problems(scene, place, is_image=is_image)

    def _visual_problems(self, visual: Json, place: str, *, is_image: bool) -> Iterator[Problem]:
        kind = visual.get("type")
        model = VISUALS.get(kind.upper()) if isinstance(kind, str) else None
        if model is None:
            words = ", ".join(VISUALS)
            yield Problem(f"{place}.type", f'{place} has invalid type "{kind}". Must be one of: {words}')
            return
        yield from self._check(visual, model, place) or coherence.element_problems(
            visual, place, self._limits, is_image=is_image
        )

    def _subtitle_problems(self, project: Json) -> Iterator[Problem]:
        subtitle = project.get("subtitle")
        if subtitle is not None:
            yield from self._check(subtitle, Subtitle, "subtitle") or coherence.subtitle_problems(subtitle)

    def _spelled(self, problem: Problem) -> Problem:
        """The path as the switch wants it; sources show top-level fields under `payload.` and elements bare."""
        if problem.field.startswith("body"):
            return problem
        mode = self._switches.field_prefix
        is_prefixed = mode == "payload" or (mode == "mixed" and "[" not in problem.field)
        return Problem(f"payload.{problem.field}", problem.message) if is_prefixed else problem
