"""Says what of a project cannot be drawn here, so that nothing is ever drawn wrong in silence.

Validity is another matter: a project is looked at as if it were valid, and malformed parts are passed over.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from bot.sandbox.render.captions import ANIMATIONS
from bot.sandbox.render.faults import RenderError
from bot.sandbox.render.film import Kind, is_image, listed, scene_overlap, scene_seconds
from bot.sandbox.render.fonts import font_shelf
from bot.sandbox.render.lettering import give_every_letter_a_font
from bot.sandbox.render.styling import inline_properties, is_drawn, kebab
from bot.sandbox.render.svgtree import parse_svg

Refusal = tuple[str, str]

_HERE = "This local stand-in cannot draw"
_FORMATS = {"video": ("mp4", "mov"), "image": ("png", "jpg", "jpeg", "webp")}
_EXTRAS = {
    "filter": "colour filters",
    "chromaKey": "chroma keying",
    "customCode": "custom code",
    "transition": "chains of clips",
}
_MOVING_SVG = re.compile(r"<(?:animate\w*|set)\b|@keyframes|\banimation\s*:", re.IGNORECASE)
_EMBEDDED = re.compile(r"<(img|canvas)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_STYLESHEET = re.compile(r"<style\b.*?</style\s*>", re.IGNORECASE | re.DOTALL)


def undrawable(project: Mapping[str, Any]) -> list[Refusal]:
    """(field path, message) of everything this engine cannot draw; empty when it can draw it all."""
    return list(_project(project))


def _project(project: Mapping[str, Any]) -> Iterator[Refusal]:
    kind = "image" if is_image(project) else "video"
    wanted = project.get("outputFormat") or _FORMATS[kind][0]
    if wanted not in _FORMATS[kind]:
        yield "outputFormat", f"{_HERE} {wanted} files, only {' and '.join(_FORMATS[kind])}."
    yield from _subtitle(project.get("subtitle"))
    yield from _visuals(project, "")
    scenes = listed(project.get("scenes"))
    for index, scene in enumerate(scenes):
        where = f"scenes[{index}]."
        yield from _visuals(scene, where)
        if index + 1 < len(scenes):
            yield from _transition(scene, scenes[index + 1], where)


def _subtitle(subtitle: object) -> Iterator[Refusal]:
    if not isinstance(subtitle, Mapping):
        return
    animation = str(subtitle.get("animation") or "normal")
    if animation not in ANIMATIONS:
        yield "subtitle.animation", f'{_HERE} the animation "{animation}" of subtitles.'
    if subtitle.get("styles"):
        yield "subtitle.styles", f"{_HERE} the old styles of subtitles."
    if "src" not in subtitle:
        words = " ".join(
            " ".join(
                [
                    str(one.get("text") or ""),
                    *(str(word.get("text") or "") for word in listed(one.get("words"))),
                ]
            )
            for one in listed(subtitle.get("captions"))
        )
        yield from _letters(words, "subtitle.captions", encoded=False)


def _transition(scene: Mapping[str, Any], following: Mapping[str, Any], where: str) -> Iterator[Refusal]:
    if scene_overlap(scene, following) > min(scene_seconds(scene), scene_seconds(following)):
        yield f"{where}transitionDuration", f"{_HERE} a transition longer than one of its scenes."


def _visuals(holder: Mapping[str, Any], where: str) -> Iterator[Refusal]:
    for index, visual in enumerate(listed(holder.get("visuals"))):
        yield from _visual(visual, f"{where}visuals[{index}].")


def _visual(visual: Mapping[str, Any], where: str) -> Iterator[Refusal]:
    kind = str(visual.get("type") or "").upper()
    if kind not in Kind.__members__:
        yield f"{where}type", f"{_HERE} elements of the type “{kind}”."
        return
    for field, what in _EXTRAS.items():
        if visual.get(field):
            yield f"{where}{field}", f"{_HERE} {what}."
    if kind == Kind.SVG:
        yield from ((f"{where}svg", reason) for reason in _svg(str(visual.get("svg") or "")))
    elif kind == Kind.TEXT:
        yield from _text(visual, where)


@lru_cache(1024)
def _svg(svg: str) -> tuple[str, ...]:
    """What cannot be drawn of it; a template's own drawings come again with every row."""
    found = [f"{_HERE} moving SVGs."] if _MOVING_SVG.search(svg) else []
    words = _TAG.sub("", _STYLESHEET.sub("", svg))
    found += [reason for _, reason in _letters(words, "svg")]
    if not html.unescape(words).isascii():
        try:
            give_every_letter_a_font(parse_svg(svg), font_shelf())
        except RenderError as error:
            found.append(error.reason)
    return tuple(found)


def _text(visual: Mapping[str, Any], where: str) -> Iterator[Refusal]:
    style = visual.get("style")
    for name, value in style.items() if isinstance(style, Mapping) else ():
        if value is not None and not is_drawn(kebab(str(name))):
            yield f"{where}style.{name}", f"{_HERE} the CSS property “{kebab(str(name))}”."
    markup = str(visual.get("html") or "")
    if markup:
        for name in sorted({name for name in inline_properties(markup) if not is_drawn(name)}):
            yield f"{where}html", f"{_HERE} the CSS property “{name}”."
        for tag in sorted({found.group(1).lower() for found in _EMBEDDED.finditer(markup)}):
            yield f"{where}html", f"{_HERE} <{tag}> inside a TEXT element."
        yield from _letters(_TAG.sub("", markup), f"{where}html")
    else:
        yield from _letters(str(visual.get("text") or ""), f"{where}text", encoded=False)


def _letters(words: str, field: str, *, encoded: bool = True) -> Iterator[Refusal]:
    """Letters that would come out as empty boxes."""
    words = html.unescape(words) if encoded else words
    if words.isascii():
        return
    shelf = font_shelf()
    missing = sorted({char for char in words if shelf.is_lost(char)})
    if missing:
        yield field, f"{_HERE} these letters, it has no font for them: {' '.join(missing[:10])}"
