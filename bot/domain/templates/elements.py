"""What the service takes as an element, a sound, a scene and a project (Zvid docs, structure pages; its schema).

Plan limits that differ from account to account are the free validate call's to judge: only what no plan allows is
refused here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from bot.domain.media.links import LinkFlaw, link_flaw
from bot.domain.prices import PRESETS
from bot.domain.templates.checks import (
    FINE,
    Check,
    Wrong,
    anything,
    either,
    flag,
    group,
    items,
    like,
    null_or,
    number,
    one_of,
    text,
    wrong,
)
from bot.domain.templates.raw_markup import wrong_in_html, wrong_in_svg, wrong_in_text
from bot.domain.templates.styles import PROPERTY, refused_in_css
from bot.domain.templates.vocabulary import EFFECTS, PLACES, SUBTITLE_ANIMATIONS

LARGEST_SIDE = 3840
LARGEST_OUTPUT = 3840
LONGEST_VIDEO = 3600
VIDEO_FORMATS = ("mp4", "mov", "avi", "webm")
IMAGE_FORMATS = ("png", "jpg", "jpeg", "webp")
LARGEST_DESIGNER = 200_000
_MOST_PROPERTIES = 120


def _address_words(address: str) -> str | None:
    match link_flaw(address.strip()):
        case None:
            return None
        case LinkFlaw.LONG:
            return "must be a shorter link"
        case LinkFlaw.SECRET:
            return "must be a link without a password"
        case _:
            return "must be a link like https://…"


def _style(value: Any) -> Wrong:
    if not isinstance(value, dict):
        return wrong("must be an object")
    if len(value) > _MOST_PROPERTIES:
        return wrong(f"must have at most {_MOST_PROPERTIES} properties")
    found = []
    for name, one in value.items():
        if not PROPERTY.fullmatch(name):
            found.append(((name,), "is no name of a CSS property"))
        elif words := _style_value_words(one):
            found.append(((name,), words))
    return found or FINE


def _style_value_words(value: Any) -> str | None:
    if not isinstance(value, str):
        is_fine = value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))
        return None if is_fine else "must be text, a number or null"
    if len(value) > 4000:
        return "must have no more than 4,000 characters"
    what = refused_in_css(value)
    return f"must not contain {what}" if what else None


address = text(2048, lru_cache(maxsize=1024)(_address_words))
hex_colour = like(r"#(?:[A-Fa-f0-9]{3}|[A-Fa-f0-9]{6})", "must look like #2DD4BF")
hex_alpha = like(r"#(?:[A-Fa-f0-9]{6}|[A-Fa-f0-9]{8})", "must look like #2DD4BF or #2DD4BFCC")
name = like(r"[a-zA-Z0-9_\- ]+", "must have only letters, digits, blanks, _ and -")
identifier = like(r"[a-zA-Z0-9_-]+", "must have only letters, digits, _ and -, at most 100", 100)
effect = one_of(EFFECTS, what="an effect the service knows, like fade")
maybe_effect = null_or(effect)
place = one_of((*PLACES, "custom"))
moment = number(0)
share = number(0, 1)
percent = number(0, 100)
side = number(1, LARGEST_SIDE)

_VISUAL: dict[str, Check] = {
    "type": anything,  # it chose this table
    "x": number(None, LARGEST_SIDE),
    "y": number(None, LARGEST_SIDE),
    "width": side,
    "height": side,
    "position": place,
    "anchor": place,
    "resize": one_of(("contain", "cover")),
    "enterBegin": moment,
    "enterEnd": moment,
    "exitBegin": moment,
    "exitEnd": moment,
    "opacity": share,
    "angle": number(-360, 360),
    "flipH": flag,
    "flipV": flag,
    "track": number(0, 1_000_000, whole=True),
    "enterAnimation": maybe_effect,
    "exitAnimation": maybe_effect,
}
_FILTER = group(
    {
        "brightness": number(-100, 100),
        "contrast": number(-100, 100),
        "saturate": number(-100, 100),
        "hue-rotate": text(100),
        "blur": text(100),
        "invert": flag,
        "colorTint": hex_colour,
    }
)
_CHROMA_KEY = group({"color": hex_colour, "similarity": percent, "blend": percent}, needs=["color"])
_MEDIA: dict[str, Check] = {
    **_VISUAL,
    "src": address,
    "cropParams": group(
        {"x": moment, "y": moment, "width": side, "height": side}, needs=["x", "y", "width", "height"]
    ),
    "radius": group(dict.fromkeys(("tl", "tr", "bl", "br"), moment)),
    "filter": _FILTER,
    "chromaKey": _CHROMA_KEY,
    "zoom": either(flag, group({"depth": number(1, 10)})),
}
_TRANSITION: dict[str, Check] = {
    "transition": maybe_effect,
    "transitionDuration": number(0, 60),
    "transitionId": null_or(identifier),
}
_CODE: dict[str, Check] = {
    "customCode": group({"css": text(200_000), "js": text(200_000), "animationDuration": number(0, 15)}),
    "designer": anything,  # its size is looked at beside the others
}

ELEMENTS: dict[str, Check] = {
    "IMAGE": group(_MEDIA, needs=["src"]),
    "GIF": group(_MEDIA, needs=["src"]),
    "VIDEO": group(
        {
            **_MEDIA,
            **_TRANSITION,
            "id": identifier,
            "videoBegin": moment,
            "videoEnd": moment,
            "videoDuration": number(0.1),
            "volume": share,
            "speed": number(0.1, 10),
            "frameRate": number(1, 60, whole=True),
            "hasAudio": flag,
        },
        needs=["src"],
    ),
    "SVG": group(
        {
            **_VISUAL,
            **_CODE,
            "svg": text(200_000, wrong_in_svg, shortest=1),
            "filter": _FILTER,
            "chromaKey": _CHROMA_KEY,
        },
        needs=["svg"],
    ),
    "TEXT": group(
        {
            **_VISUAL,
            **_CODE,
            "text": text(20_000, wrong_in_text),
            "html": text(200_000, wrong_in_html),
            "style": _style,
            "fitToBox": flag,
        }
    ),
}


def element(value: Any) -> Wrong:
    """Anything on the canvas."""
    kind = value.get("type") if isinstance(value, dict) else None
    check = ELEMENTS.get(kind.upper()) if isinstance(kind, str) else None
    if check is None:
        return ((("type",), f"must be one of: {', '.join(ELEMENTS)}"),)
    return check(value)


sound = group(
    {
        "src": address,
        "enter": moment,
        "exit": moment,
        "volume": share,
        "speed": number(0.1, 10),
        "audioBegin": moment,
        "audioEnd": moment,
        "audioDuration": moment,
    }
)
_PARTS: dict[str, Check] = {"visuals": items(element), "audios": items(sound)}
scene = group(
    {
        **_PARTS,
        **_TRANSITION,
        "id": identifier,
        "duration": either(number(-1, -1), number(0.1, LONGEST_VIDEO)),
        "backgroundColor": hex_colour,
    }
)

_word = group({"start": moment, "end": moment, "text": text(100, shortest=1)}, needs=["start", "end", "text"])
_caption = group(
    {"start": moment, "end": moment, "text": text(1000, shortest=1), "words": items(_word, least=1)},
    needs=["start", "end"],
)
subtitle = group(
    {
        "src": address,
        "captions": items(_caption, least=1),
        "maxWordsPerLine": number(1, 20, whole=True),
        "animation": one_of(SUBTITLE_ANIMATIONS),
        "direction": one_of(("up", "down", "left", "right")),
        "font": group(
            {
                "family": name,
                "size": number(1, 1000),
                "color": hex_alpha,
                "bold": flag,
                "italic": flag,
                "transform": one_of(("uppercase", "lowercase", "capitalize")),
            },
            least=1,
        ),
        "stroke": group({"color": hex_alpha, "width": percent}, needs=["color", "width"]),
        "background": group(
            {"color": hex_alpha, "opacity": share, "padding": number(0, 200), "radius": number(0, 200)},
            least=1,
        ),
        "activeWord": group({"color": hex_alpha, "background": hex_alpha, "radius": number(0, 200)}, least=1),
        "position": one_of((*PLACES, "top", "center", "bottom")),
        "margin": group({"x": number(0, whole=True), "y": number(0, whole=True)}, least=1),
        "styles": anything,  # the older way; the service judges it
    }
)

project = group(
    {
        **_PARTS,
        "type": one_of(("video", "image")),
        "name": name,
        "resolution": one_of((*PRESETS, "custom"), what="a preset of the service, like hd, or custom"),
        "width": number(1, LARGEST_OUTPUT, whole=True),
        "height": number(1, LARGEST_OUTPUT, whole=True),
        "duration": number(0.1, LONGEST_VIDEO),
        "frameRate": number(1, 60, whole=True),
        "outputFormat": one_of((*VIDEO_FORMATS, *IMAGE_FORMATS)),
        "backgroundColor": hex_colour,
        "scenes": items(scene),
        "subtitle": null_or(subtitle),
        "thumbnail": address,
        "snapshotTime": number(0, LONGEST_VIDEO),
        "quality": number(1, 100, whole=True),
        "transparent": flag,
    }
)
