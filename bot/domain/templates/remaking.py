"""A payload made a second time from what was kept of it: the proof that nothing but the promise went into it."""

from __future__ import annotations

from bot.domain.intents import Intent
from bot.domain.records import Problem, Rejection, judge
from bot.domain.templates.template import Label, Payload, Template, fill


def remake(intent: Intent, template: Template) -> Payload | tuple[Problem, ...]:
    """The payload of this promise, from its content and the version of the template it was made with."""
    judged = judge(intent.content, template.contract)
    if isinstance(judged, Rejection):
        return judged.problems
    return fill(template, judged, Label(intent.key.record, intent.job_id, intent.attempt))
