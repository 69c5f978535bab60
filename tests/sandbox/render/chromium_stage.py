"""Draws one moment of a project with Chromium, from its SVG and HTML alone, and says how far the sandbox is from it.

Shares with the sandbox what is to be seen when (the screenplay) and the font files; places, boxes, letters and
colours are Chromium's own.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageChops, ImageFilter, ImageStat

from bot.sandbox.render.course import legs
from bot.sandbox.render.drawings import Pens
from bot.sandbox.render.film import Film, Kind, Visual, read_film
from bot.sandbox.render.fonts import font_shelf
from bot.sandbox.render.look import Look, Screenplay
from bot.sandbox.render.paint import Painter

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_ACROSS = {"left": 0, "center": 50, "right": 100}
_DOWN = {"top": 0, "center": 50, "bottom": 100}
_WEIGHTS = {
    "Thin": 100,
    "ExtraLight": 200,
    "Light": 300,
    "Regular": 400,
    "Medium": 500,
    "SemiBold": 600,
    "Bold": 700,
    "ExtraBold": 800,
    "Black": 900,
}
# Google serves a family without its optical sizes unless they are asked for, and so the service has them.
_RESET = "p,ul,ol,li,div,span{margin:0;padding:0;list-style:none} body{margin:0;font-optical-sizing:none}"
_CLEARLY = 48  # of 255


@dataclass(frozen=True)
class Difference:
    """How far two pictures of one moment are apart."""

    second: float
    mean: float  # of all pixels, 0..255
    share: float  # of pixels that differ clearly after a small blur, which forgives the edges of letters
    words: (
        float  # the weakest TEXT element: its contrast here by that in Chromium; 0 when its words are missing
    )

    def __str__(self) -> str:
        return f"at {self.second:5.2f} s: mean {self.mean:5.2f}, clearly other {self.share:6.2%}, words {self.words:4.2f}"


def differences(
    project: Mapping[str, Any], pens: Pens, fetch: Callable[[str], bytes], browser: Browser, folder: Path
) -> Iterator[Difference]:
    """Of every scene, at the middle of its longest standstill; the two pictures are left in `folder`."""
    film = read_film(project)
    screenplay = Screenplay(film)
    painter = Painter(film, screenplay.cast, pens, fetch)
    page = browser.new_page(viewport={"width": film.width, "height": film.height})
    for number, (frame, look) in enumerate(_composed(screenplay, painter)):
        source = folder / f"{number}.html"
        source.write_text(_page(film, look, screenplay.cast, fetch), "utf-8")
        page.goto(source.as_uri())
        page.evaluate("document.fonts.ready")
        page.screenshot(path=folder / f"{number}-chromium.png")
        ours = painter.paint(look)
        ours.save(folder / f"{number}-sandbox.png")
        with Image.open(folder / f"{number}-chromium.png") as picture:
            theirs = picture.convert("RGB")
        yield _compared(ours, theirs, [screenplay.cast[one.who] for one in look.all_shown], frame / film.rate)
    page.close()


def _composed(screenplay: Screenplay, painter: Painter) -> Iterator[tuple[int, Look]]:
    at, best = 0, {}
    for leg in legs(list(screenplay.looks()), painter.box):
        scene = leg.look.stages[-1].number
        if not leg.glides and leg.frames > best.get(scene, (0,))[0]:
            best[scene] = (leg.frames, at + leg.frames // 2, leg.look)
        at += leg.frames
    yield from ((middle, look) for _, middle, look in best.values())


def _compared(ours: Image.Image, theirs: Image.Image, shown: list[Visual], second: float) -> Difference:
    apart = ImageChops.difference(ours, theirs)
    soft = (picture.filter(ImageFilter.GaussianBlur(2)) for picture in (ours, theirs))
    clearly = (
        ImageChops.difference(*soft)
        .convert("L")
        .point([255 if level > _CLEARLY else 0 for level in range(256)])
    )
    words = [
        _contrast(ours, one) / max(_contrast(theirs, one), 1.0) for one in shown if one.kind is Kind.TEXT
    ]
    mean = sum(ImageStat.Stat(apart).mean) / 3
    return Difference(second, mean, ImageStat.Stat(clearly).mean[0] / 255, min(words, default=1.0))


def _contrast(picture: Image.Image, visual: Visual) -> float:
    """How much of edges there is in an element's box."""
    spec = visual.spec
    box = (spec["x"], spec["y"], spec["x"] + spec["width"], spec["y"] + spec["height"])
    edges = picture.convert("L").crop(box).filter(ImageFilter.FIND_EDGES)
    # The filter leaves the outermost pixels as they were.
    return float(ImageStat.Stat(edges.crop((2, 2, edges.width - 2, edges.height - 2))).stddev[0])


def _page(film: Film, look: Look, cast: list[Visual], fetch: Callable[[str], bytes]) -> str:
    """Without a doctype, as the service's own page is."""
    elements = "\n".join(_element(cast[one.who], one.strength, fetch) for one in look.all_shown)
    ground = look.stages[-1].background
    return (
        f'<meta charset="utf-8"><style>{_fonts()}{_RESET}</style>'
        f'<body style="width:{film.width}px;height:{film.height}px;background:{ground};'
        f'position:relative;overflow:hidden;font-family:Arimo">{elements}</body>'
    )


def _fonts() -> str:
    faces = []
    for family, files in font_shelf():
        names = [family, "Arial", "Helvetica"] if family == "Arimo" else [family]
        for path in files:
            weight = "100 900" if "wght" in path.name else str(_weight(path.stem))
            style = "italic" if "Italic" in path.name else "normal"
            faces += [
                f"@font-face{{font-family:'{name}';src:url('{path.as_uri()}');font-weight:{weight};font-style:{style}}}"
                for name in names
            ]
    return "\n".join(faces)


def _weight(stem: str) -> int:
    name = stem.rpartition("-")[2].removesuffix("Italic")
    return _WEIGHTS.get(name, 400)


def _element(visual: Visual, strength: float, fetch: Callable[[str], bytes]) -> str:
    spec = visual.spec
    style = {
        "position": "absolute",
        "opacity": str(strength * float(spec.get("opacity", 1))),
        "transform": f"{_anchored(spec)} rotate({spec.get('angle', 0)}deg)",
        "width": f"{spec['width']}px",
        "height": f"{spec['height']}px",
        "overflow": "hidden",
        "left": f"{spec.get('x', 0)}px",
        "top": f"{spec.get('y', 0)}px",
    }
    if spec.get("position") not in {None, "custom"}:
        down, _, across = spec["position"].partition("-")
        style |= {"left": f"{_ACROSS[across]}%", "top": f"{_DOWN[down]}%"}
    match visual.kind:
        case Kind.TEXT:
            inner = _text(spec)
        case Kind.SVG:
            inner = _svg(spec)
        case _:
            data = base64.b64encode(fetch(spec["src"])).decode()
            radius = spec.get("radius", {})
            corners = " ".join(f"{radius.get(name, 0)}px" for name in ("tl", "tr", "br", "bl"))
            fit = f"width:100%;height:100%;object-fit:cover;border-radius:{corners}"
            inner = f'<img style="{fit}" src="data:image/png;base64,{data}">'
    return f'<div style="{_declared(style)}">{inner}</div>'


def _anchored(spec: Mapping[str, Any]) -> str:
    preset = spec.get("anchor") or spec.get("position")
    if preset in {None, "custom"}:
        return ""
    down, _, across = preset.partition("-")
    return f"translate(-{_ACROSS[across]}%,-{_DOWN[down]}%)"


def _text(spec: Mapping[str, Any]) -> str:
    style = {"font-family": "Poppins", "font-size": "42px", "color": "#000"}
    style |= {
        re.sub(r"([A-Z])", r"-\1", name).lower(): value for name, value in (spec.get("style") or {}).items()
    }
    style["font-family"] = f"{style['font-family']}, Rubik"
    style |= {"width": f"{spec['width']}px", "height": f"{spec['height']}px"}
    content = spec.get("html") or html.escape(spec["text"])
    return f'<div style="{_declared(style)}">{content}</div>'


def _svg(spec: Mapping[str, Any]) -> str:
    if "<text" in spec["svg"]:
        return re.sub(r"<svg\b", '<svg style="width:100%;height:100%"', spec["svg"], count=1)
    data = base64.b64encode(spec["svg"].encode()).decode()
    return f'<img style="width:100%;height:100%;object-fit:cover" src="data:image/svg+xml;base64,{data}">'


def _declared(style: Mapping[str, Any]) -> str:
    # A bare number is a length in quirks mode for some properties, and a number for others.
    lengths = {"font-size", "letter-spacing", "padding", "margin"}
    return html.escape(
        ";".join(
            f"{name}:{value}px" if name in lengths and isinstance(value, int | float) else f"{name}:{value}"
            for name, value in style.items()
        )
    )
