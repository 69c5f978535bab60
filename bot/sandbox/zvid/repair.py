"""Mends what is mechanically wrong with a project, and says what it changed.

Conservative, as the vendor's clients describe it: fields that are not allowed go, numbers are moved to the nearest
allowed one, begins and ends are put in order, types get their spelling, elements with nothing to show go. What needs
somebody's own words or addresses stays an error. Works on what a judgement complains about, stage after stage.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.zvid.refusals import Problem, Refusal
from bot.sandbox.zvid.verdict import Verdict

Json = dict[str, Any]
Judge = Callable[[Json], Verdict]

MOST_PASSES = 200
NOTHING_TO_SHOW = "left out: it has nothing to show"
_STEP = re.compile(r"[^.\[\]]+")
_BOUND = re.compile(r"(?:cannot exceed|must be at least) (-?[\d.]+)(?: |$)")


def repaired(payload: Json, judge: Judge) -> tuple[Json, list[Problem], list[Problem], list[Problem]]:
    """The mended project, what was changed, what is still wrong, and warnings. `judge` raises Refusal."""
    project = copy.deepcopy(payload)
    changes = _spelled(project)
    left: list[Problem] = []
    for _ in range(MOST_PASSES):
        try:
            verdict = judge(project)
        except Refusal as refusal:
            told = refusal.body.get("details") or [{"field": "payload", "message": refusal.body["error"]}]
            left = [Problem(one["field"], one["message"]) for one in told]
            mended = _mended(project, left)
            changes += mended
            if not mended:
                break
        else:
            return project, changes, [], verdict.warnings
    return project, changes, left, []


def _mended(project: Json, problems: list[Problem]) -> list[Problem]:
    """Once an element is gone, places are others: the rest is for the next judgement."""
    changes = []
    for problem in problems:
        change = _mend(project, problem)
        if change:
            changes.append(change)
            if change.message == NOTHING_TO_SHOW:
                break
    return changes


def _spelled(project: Json) -> list[Problem]:
    kind = project.get("type")
    if not isinstance(kind, str) or kind == kind.lower():
        return []
    project["type"] = kind.lower()
    return [Problem("type", f'"{kind}" is written "{kind.lower()}"')]


def _mend(project: Json, problem: Problem) -> Problem | None:
    """Takes this one problem away, where that needs nobody's judgement; says how."""
    steps: list[str | int] = [
        int(step) if step.isdecimal() else step
        for step in _STEP.findall(problem.field.removeprefix("body.").removeprefix("payload."))
    ]
    here = _inside(project, steps[:-1])
    last, message = steps[-1], problem.message
    if isinstance(here, dict) and isinstance(last, str):
        return _mend_field(project, here, last, steps, message)
    return None


def _mend_field(project: Json, here: Json, name: str, steps: list[str | int], message: str) -> Problem | None:
    place = _place(steps)
    value = here.get(name)
    if "needs non-empty" in message:
        elements = _inside(project, steps[:-2])
        elements.pop(steps[-2])
        return Problem(_place(steps[:-1]), NOTHING_TO_SHOW)
    if name in here and ("is not allowed" in message or "cannot be used with" in message):
        del here[name]
        return Problem(place, "left out: it is not allowed here")
    if name in here and (found := re.search(r"cannot be before (\w+)", message)) and found[1] in here:
        here[name], here[found[1]] = here[found[1]], here[name]
        return Problem(place, f"put in order with {found[1]}")
    bound = _BOUND.search(message)
    if bound and isinstance(value, int | float) and "characters" not in message:
        here[name] = float(bound[1]) if "." in bound[1] else int(bound[1])
        return Problem(place, f"{value:g} is now {here[name]:g}")
    return None


def _inside(value: Any, steps: list[str | int]) -> Any:
    for step in steps:
        value = value[step]
    return value


def _place(steps: list[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")
