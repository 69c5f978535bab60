"""What the stand-in says about projects to those who write them: elements, examples, rules of thumb.

Names and order of elements and examples are the vendor's (its clients ask for them by name); the words and the
examples themselves are ours. Every example passes this stand-in's own judgement without a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.zvid.elements import VISUALS
from bot.sandbox.zvid.fields import Part
from bot.sandbox.zvid.project import Audio, Scene
from bot.sandbox.zvid.subtitle import Subtitle

Json = dict[str, Any]

NOTES = [
    "Elements stand in `visuals`, of the project or of a scene; `type` may be written in any case.",
    "Audio items stand in `audios`, scenes in `scenes`, and there is one `subtitle` for the whole project.",
    "A project of type image takes IMAGE, SVG and TEXT only.",
]
VALIDATION_NOTES = [
    "Elements are checked after the top level; fix and ask again.",
    "Media is not fetched by a check: a valid project can still fail while it is rendered.",
    "Limits hang on the plan; `planLimits` has the account's own.",
]
GUIDELINES = [
    "Give every scene an id and a duration of its own.",
    "Send width and height, or a resolution.",
    "Escape what you put into html or svg: a placeholder is filled in exactly as it is.",
]
WORKFLOW = [
    "Read the schema.",
    "Check the project: it is free and tells the price.",
    "Submit it.",
    "Poll its job.",
]


@dataclass(frozen=True, slots=True)
class Element:
    """One kind of part a project is made of."""

    kind: str
    summary: str
    model: type[Part]
    required: tuple[str, ...]
    example: Json

    def line(self) -> Json:
        return {"type": self.kind, "summary": self.summary, "required": list(self.required)}

    def page(self) -> Json:
        """The line with every field: its name, whether it must be there, and its rule as JSON schema."""
        return {**self.line(), "fields": list(self._fields()), "example": self.example}

    def _fields(self) -> Iterator[Json]:
        schema = self.model.model_json_schema()
        for name, rule in schema["properties"].items():
            shown = {key: value for key, value in rule.items() if key not in {"title", "default"}}
            yield {"name": name, "required": name in self.required, "schema": shown}


_PICTURE = "https://images.example.com/tea.jpg"
_CLIP = "https://media.example.com/clip.mp4"
_SOUND = "https://media.example.com/bells.mp3"
_SHAPE = '<svg viewBox="0 0 16 9"><rect width="16" height="9" fill="#336699"/></svg>'
_WHITE = {"color": "#ffffff", "fontSize": "64px", "fontWeight": 700}


def _text(words: str, **more: Any) -> Json:
    return {"type": "TEXT", "text": words, "width": 1000, "height": 160, "position": "center-center", **more}


ELEMENTS = {
    each.kind: each
    for each in (
        Element("IMAGE", "A still picture from an address.", VISUALS["IMAGE"], ("type", "src"),
                {"type": "IMAGE", "src": _PICTURE, "width": 1280, "height": 720}),
        Element("VIDEO", "A clip from an address.", VISUALS["VIDEO"], ("type", "src"),
                {"type": "VIDEO", "src": _CLIP, "width": 1280, "height": 720}),
        Element("GIF", "A moving picture that loops while it is shown.", VISUALS["GIF"], ("type", "src"),
                {"type": "GIF", "src": "https://media.example.com/wave.gif", "width": 320, "height": 240}),
        Element("SVG", "A drawing, written out.", VISUALS["SVG"], ("type", "svg"),
                {"type": "SVG", "svg": _SHAPE, "width": 1280, "height": 720}),
        Element("TEXT", "Words, plain or as html, styled with CSS.", VISUALS["TEXT"], ("type",),
                _text("Spring tea", style=_WHITE)),
        Element("AUDIO", "Sound from an address, mixed in.", Audio, (), {"src": _SOUND, "enter": 0, "exit": 9}),
        Element("SUBTITLE", "Captions over the whole video.", Subtitle, (),
                {"captions": [{"start": 0, "end": 2, "text": "Good morning"}], "animation": "karaoke"}),
        Element("SCENE", "A stretch of the video with its own elements and times.", Scene, (),
                {"id": "hook", "duration": 3, "visuals": [_text("Spring tea", style=_WHITE)]}),
    )
}  # fmt: skip


def _scene(name: str, words: str, colour: str, **more: Any) -> Json:
    fade = {"enterAnimation": "fade", "enterBegin": 0.2, "enterEnd": 0.8}
    visuals = [_text(words, style=_WHITE, **fade)]
    return {"id": name, "duration": 3.5, "backgroundColor": colour, "visuals": visuals, **more}


_MELT = {"transition": "fade", "transitionDuration": 0.5}
_PROMO = {
    "type": "video",
    "name": "promo",
    "resolution": "hd",
    "scenes": [
        _scene("hook", "Spring is here", "#14342b", **_MELT),
        _scene("offer", "Tea, 20 percent off", "#1f2937", **_MELT),
        _scene("close", "Order today", "#312e81"),
    ],
}
_SHORT = {"type": "video", "resolution": "hd", "duration": 5, "backgroundColor": "#14342b"}
EXAMPLES: dict[str, Json] = {
    "promo-video": {"description": "Three scenes that melt into each other.", "payload": _PROMO},
    "template-render": {
        "description": "Words from variables, each with a default.",
        "payload": {
            **_SHORT,
            "name": "hello",
            "variables": {"who": "Ada"},
            "visuals": [_text("Hello {{who}}", style=_WHITE)],
        },
        "variables": {"who": "Grace"},
    },
    "still-image": {
        "description": "One picture, no time in it.",
        "payload": {
            "type": "image",
            "name": "card",
            "width": 1080,
            "height": 1080,
            "outputFormat": "png",
            "backgroundColor": "#14342b",
            "visuals": [_text("Spring tea", style=_WHITE)],
        },
    },
    "subtitles": {
        "description": "Captions that follow the voice word by word.",
        "payload": {
            **_SHORT,
            "name": "captions",
            "subtitle": {
                "animation": "karaoke",
                "captions": [
                    {"start": 0.5, "end": 2.5, "text": "Good morning"},
                    {"start": 2.5, "end": 4.5, "text": "Have some tea"},
                ],
            },
        },
    },
    "webhook-flow": {
        "description": "The request names an address that is told when the job has ended.",
        "payload": {**_SHORT, "name": "told", "visuals": [_text("Done", style=_WHITE)]},
        "webhookUrl": "https://hooks.example.com/zvid",
    },
}


def example(name: str) -> Json | None:
    found = EXAMPLES.get(name)
    return None if found is None else {"name": name, **found}
