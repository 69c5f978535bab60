"""Turns a `subtitle` into TEXT elements that lie over everything else, one for each thing to be read.

Words without times of their own share their caption's time by their length. What an animation does word by
word is told by its name only (Zvid docs, structure/subtitle); it is read here as: `one-word` shows each word
alone, `progressive` and `typewriter` let words and letters come one after another, `karaoke` colours all words
up to the one being said, `highlight` that one alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.render.faults import RenderError
from bot.sandbox.render.film import FADE, Kind, Visual, listed, number
from bot.sandbox.render.fonts import TEXT_FAMILY, font_shelf
from bot.sandbox.render.picture import Fetch
from bot.sandbox.render.place import ACROSS, DOWN

ANIMATIONS = frozenset(
    ["normal", "none", "one-word", "karaoke", "progressive", "highlight", "fade", "slide", "typewriter"]
)
_SIZE = 48
_MARGIN = 0.06  # of the frame's height
_ACTIVE = "#ffd400"
_FADING = 0.25  # seconds
_GAP = 0.001  # so that two captions are never seen in one frame
_MOST = 20_000  # things to be read in one film
_TIMES = re.compile(r"((?:\d+:)?\d+:\d+[.,]\d+)\s*-->\s*((?:\d+:)?\d+:\d+[.,]\d+)")
_TAG = re.compile(r"<[^>]*>|\{\\[^}]*\}")
_SLIDES = {"up": "slideup", "down": "slidedown", "left": "slideleft", "right": "slideright"}


@dataclass(frozen=True, slots=True)
class Word:
    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Caption:
    start: float
    end: float
    words: tuple[Word, ...]


def caption_visuals(
    subtitle: Mapping[str, Any], canvas: tuple[int, int], seconds: float, fetch: Fetch
) -> tuple[Visual, ...]:
    """Raises RenderError when the captions are in a file that cannot be read."""
    look = _Look(subtitle, canvas)
    captions = captions_of(subtitle, fetch)
    letters = {letter for caption in captions for word in caption.words for letter in word.text}
    if missing := sorted(letter for letter in letters if font_shelf().is_lost(letter)):
        raise RenderError(
            f"There is no font here for these letters of the subtitle: {' '.join(missing[:10])}"
        )
    visuals = [visual for caption in captions if caption.start < seconds for visual in look.visuals(caption)]
    if len(visuals) > _MOST:
        raise RenderError(f"The subtitle has more than {_MOST} things to be read.")
    return tuple(visuals)


def captions_of(subtitle: Mapping[str, Any], fetch: Fetch) -> list[Caption]:
    if subtitle.get("src"):
        return _from_file(str(subtitle["src"]).strip(), fetch)
    return [
        _caption(
            number(raw.get("start"), 0.0),
            number(raw.get("end"), 0.0),
            str(raw.get("text") or ""),
            listed(raw.get("words")),
        )
        for raw in listed(subtitle.get("captions"))
    ]


def _from_file(url: str, fetch: Fetch) -> list[Caption]:
    """SubRip and WebVTT differ in little that is drawn."""
    text = fetch(url).decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    found = []
    for block in re.split(r"\n\s*\n", text):
        times = _TIMES.search(block)
        if times is None:
            continue
        words = _TAG.sub("", block[times.end() :].partition("\n")[2])
        found.append(_caption(_clock(times[1]), _clock(times[2]), html.unescape(words), []))
    if not found:
        raise RenderError(f"This address does not hold SRT or VTT captions: {url}")
    return found


def _clock(text: str) -> float:
    seconds = 0.0
    for part in text.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def _caption(start: float, end: float, text: str, words: Sequence[Mapping[str, Any]]) -> Caption:
    if words:
        timed = [
            Word(number(word.get("start"), start), number(word.get("end"), end), str(word.get("text") or ""))
            for word in words
        ]
        return Caption(start, end, tuple(timed))
    pieces = text.split()
    total = sum(len(piece) for piece in pieces) or 1
    timed, at = [], start
    for piece in pieces:
        until = at + (end - start) * len(piece) / total
        timed.append(Word(at, until, piece))
        at = until
    return Caption(start, end, tuple(timed))


class _Look:
    """How the captions of one film look and move."""

    def __init__(self, subtitle: Mapping[str, Any], canvas: tuple[int, int]) -> None:
        self._subtitle = subtitle
        self._font = _part(subtitle, "font")
        self._active = _part(subtitle, "activeWord")
        self._animation = str(subtitle.get("animation") or "normal")
        self._per_line = int(number(subtitle.get("maxWordsPerLine"), 0))
        self._place = self._placing(canvas)
        self._style = self._styling(canvas[0])

    def visuals(self, caption: Caption) -> Iterator[Visual]:
        words = caption.words
        match self._animation:
            case "one-word":
                for index, word in enumerate(words):
                    until = words[index + 1].start if index + 1 < len(words) else caption.end
                    yield self._visual([self._spelled(word)], word.start, until)
            case "karaoke" | "highlight" | "progressive":
                for index, word in enumerate(words):
                    begin = word.start if index else caption.start
                    until = words[index + 1].start if index + 1 < len(words) else caption.end
                    yield self._visual(self._spoken(words, index), begin, until)
            case "typewriter":
                yield from self._typed(caption)
            case _:
                if words:
                    whole = [self._spelled(word) for word in words]
                    yield self._visual(whole, caption.start, caption.end)

    def _spoken(self, words: Sequence[Word], now: int) -> list[str]:
        """The caption while one of its words is said."""
        spelled = [self._spelled(word) for word in words]
        if self._animation == "progressive":
            # The words to come keep their room, or the line would jump.
            return [
                text if index <= now else f'<span style="opacity:0">{text}</span>'
                for index, text in enumerate(spelled)
            ]
        first = now if self._animation == "highlight" else 0
        return [self._marked(text) if first <= index <= now else text for index, text in enumerate(spelled)]

    def _marked(self, text: str) -> str:
        style = f"color:{self._active.get('color', _ACTIVE)}"
        if "background" in self._active:
            radius = number(self._active.get("radius"), 0.0)
            style += f";background-color:{self._active['background']};border-radius:{radius:g}px"
        return f'<span style="{html.escape(style)}">{text}</span>'

    def _typed(self, caption: Caption) -> Iterator[Visual]:
        text = " ".join(word.text for word in caption.words)
        # Two thirds of the time to type, the rest to read.
        step = (caption.end - caption.start) * 2 / 3 / max(len(text), 1)
        for count in range(1, len(text) + 1):
            begin = caption.start + step * (count - 1)
            until = caption.end if count == len(text) else begin + step
            seen, rest = self._cased(text[:count]), self._cased(text[count:])
            yield self._visual([f'{seen}<span style="opacity:0">{rest}</span>'], begin, until)

    def _spelled(self, word: Word) -> str:
        return self._cased(word.text)

    def _cased(self, text: str) -> str:
        match self._font.get("transform"):
            case "uppercase":
                text = text.upper()
            case "lowercase":
                text = text.lower()
            case "capitalize":
                text = text[:1].upper() + text[1:]
        return html.escape(text, quote=False)

    def _visual(self, words: Sequence[str], start: float, end: float) -> Visual:
        lines = [list(words)]
        if self._per_line:
            lines = [list(words[at : at + self._per_line]) for at in range(0, len(words), self._per_line)]
        markup = "<br>".join(" ".join(line) for line in lines)
        until = max(end - _GAP, start)
        effect = self._effect()
        turn = min(_FADING, (until - start) / 2)
        return Visual(
            kind=Kind.TEXT,
            spec={"type": "TEXT", "html": markup, "style": self._style, **self._place},
            enter_begin=start,
            enter_end=start + turn,
            exit_begin=until - turn,
            exit_end=until,
            entering=effect,
            leaving=effect if effect == FADE else "",
        )

    def _effect(self) -> str:
        if self._animation == "slide":
            return _SLIDES[str(self._subtitle.get("direction") or "up")]
        return FADE if self._animation == "fade" else ""

    def _placing(self, canvas: tuple[int, int]) -> dict[str, Any]:
        wished = str(self._subtitle.get("position") or "bottom-center")
        wished = {"top": "top-center", "center": "center-center", "bottom": "bottom-center"}.get(
            wished, wished
        )
        down, _, across = wished.partition("-")
        margin = _part(self._subtitle, "margin")
        aside = number(margin.get("x"), canvas[1] * _MARGIN)
        away = number(margin.get("y"), canvas[1] * _MARGIN)
        x = ACROSS[across] * canvas[0] + aside * (1 - 2 * ACROSS[across])
        y = DOWN[down] * canvas[1] + away * (1 - 2 * DOWN[down])
        return {"x": x, "y": y, "anchor": wished}

    def _styling(self, width: int) -> dict[str, Any]:
        font, stroke, ground = (
            self._font,
            _part(self._subtitle, "stroke"),
            _part(self._subtitle, "background"),
        )
        style: dict[str, Any] = {
            "fontFamily": str(font.get("family") or TEXT_FAMILY),
            "fontSize": number(font.get("size"), _SIZE),
            "color": str(font.get("color") or "#ffffff"),
            "fontWeight": 700 if font.get("bold") else 400,
            "fontStyle": "italic" if font.get("italic") else "normal",
            "textAlign": "center",
            "maxWidth": width * 0.9,
            "boxSizing": "border-box",
        }
        if number(stroke.get("width"), 0.0):
            style["-webkit-text-stroke"] = (
                f"{number(stroke['width'], 0.0):g}px {stroke.get('color', '#000000')}"
            )
        if ground:
            style["backgroundColor"] = _with_opacity(
                str(ground.get("color") or "#000000"), number(ground.get("opacity"), 1.0)
            )
            style["padding"] = number(ground.get("padding"), 0.0)
            style["borderRadius"] = f"{number(ground.get('radius'), 0.0):g}px"
        return style


def _with_opacity(colour: str, opacity: float) -> str:
    own = int(colour[7:9], 16) if len(colour) == 9 else 255
    return f"{colour[:7]}{round(own * opacity):02x}"


def _part(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = holder.get(name)
    return found if isinstance(found, Mapping) else {}
