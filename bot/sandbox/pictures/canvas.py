"""A sheet to draw on: collects SVG markup and the gradients it uses; mixes colours.

Shadows and glows are radial gradients, not blur filters: they look the same and cost a tenth.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

Stop = tuple[float, str] | tuple[float, str, float]
"""Where, which colour and, if it is not 1, how opaque."""

WHITE, INK = "#FFFFFF", "#0E1220"


def mix(one: str, other: str, share: float) -> str:
    """A colour on the way from one to the other, 0..1."""
    first, second = _channels(one), _channels(other)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in zip(first, second, strict=True))


def light(colour: str, share: float) -> str:
    return mix(colour, WHITE, share)


def dark(colour: str, share: float) -> str:
    return mix(colour, INK, share)


def scatter(count: int, width: float, height: float) -> list[tuple[float, float]]:
    """Places that look strewn by chance and are the same every time (R2 sequence)."""
    return [(index * 0.754878 % 1 * width, index * 0.569840 % 1 * height) for index in range(1, count + 1)]


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@dataclass
class Canvas:
    """One drawing in the making, in pixels."""

    width: int
    height: int
    _defs: list[str] = field(default_factory=list)
    _body: list[str] = field(default_factory=list)

    def svg(self) -> str:
        """The whole drawing."""
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        defs, body = "".join(self._defs), "".join(self._body)
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><defs>{defs}</defs>{body}</svg>'

    # ---------------------------------------------------------------- paints

    def down(self, *stops: Stop) -> str:
        """A gradient from the upper edge of what it fills to the lower one."""
        return self.slant(0, 0, 0, 1, *stops)

    def across(self, *stops: Stop) -> str:
        """A gradient from left to right."""
        return self.slant(0, 0, 1, 0, *stops)

    def slant(self, x1: float, y1: float, x2: float, y2: float, *stops: Stop) -> str:
        """A gradient between two points, in shares of what it fills."""
        return self._paint("linearGradient", f'x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"', stops)

    def around(self, cx: float, cy: float, r: float, *stops: Stop) -> str:
        """A gradient from a middle outwards, in shares of what it fills."""
        return self._paint("radialGradient", f'cx="{cx:g}" cy="{cy:g}" r="{r:g}"', stops)

    def _paint(self, kind: str, where: str, stops: Iterable[Stop]) -> str:
        name = f"p{len(self._defs)}"
        inner = "".join(
            f'<stop offset="{stop[0]:g}" stop-color="{stop[1]}"'
            + (f' stop-opacity="{stop[2]:g}"' if len(stop) == 3 else "")
            + "/>"
            for stop in stops
        )
        self._defs.append(f'<{kind} id="{name}" {where}>{inner}</{kind}>')
        return f"url(#{name})"

    def clip(self, shape: str) -> str:
        """An attribute that cuts what has it to a shape."""
        name = f"c{len(self._defs)}"
        self._defs.append(f'<clipPath id="{name}">{shape}</clipPath>')
        return f'clip-path="url(#{name})"'

    # ---------------------------------------------------------------- shapes

    def add(self, markup: str) -> None:
        self._body.append(markup)

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, r: float = 0, more: str = ""
    ) -> None:
        self.add(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{r:g}" fill="{fill}" {more}/>'
        )

    def oval(self, cx: float, cy: float, rx: float, ry: float, fill: str, more: str = "") -> None:
        self.add(f'<ellipse cx="{cx:g}" cy="{cy:g}" rx="{rx:g}" ry="{ry:g}" fill="{fill}" {more}/>')

    def path(self, d: str, fill: str = "none", more: str = "") -> None:
        self.add(f'<path d="{d}" fill="{fill}" {more}/>')

    def line(self, d: str, stroke: str, width: float, more: str = "") -> None:
        """A stroke with round ends."""
        self.path(
            d,
            more=f'stroke="{stroke}" stroke-width="{width:g}" stroke-linecap="round" stroke-linejoin="round" {more}',
        )

    def soft(self, cx: float, cy: float, rx: float, ry: float, colour: str, strength: float) -> None:
        """A spot that fades to nothing: shadow, glow or light."""
        paint = self.around(
            0.5,
            0.5,
            0.5,
            (0, colour, strength),
            (0.35, colour, strength * 0.68),
            (0.7, colour, strength * 0.17),
            (1, colour, 0),
        )
        self.oval(cx, cy, rx, ry, paint)
