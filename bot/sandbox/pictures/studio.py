"""The photographer's studio: backdrop, shadow and the light on round things, 1200 x 1200."""

from __future__ import annotations

from bot.sandbox.pictures.canvas import INK, WHITE, Canvas, dark, light, mix

SIDE = 1200
_FLOOR = 930


def studio(canvas: Canvas, wall: str, spot: tuple[float, float] = (0.4, 0.34)) -> None:
    """A paper backdrop that runs into the floor, lit from the upper left."""
    canvas.rect(
        0,
        0,
        SIDE,
        SIDE,
        canvas.down((0, light(wall, 0.1)), (0.62, wall), (0.8, dark(wall, 0.05)), (1, light(wall, 0.05))),
    )
    canvas.rect(
        0, 0, SIDE, SIDE, canvas.around(*spot, 0.75, (0, WHITE, 0.55), (0.45, WHITE, 0.2), (1, WHITE, 0))
    )
    canvas.rect(
        0, 0, SIDE, SIDE, canvas.around(0.5, 0.5, 0.78, (0.6, dark(wall, 0.8), 0), (1, dark(wall, 0.8), 0.28))
    )


def shadow(canvas: Canvas, wall: str, half: float, y: float = _FLOOR) -> None:
    """Where the thing touches the floor, and the long soft shadow away from the light."""
    deep = dark(wall, 0.85)
    canvas.soft(640 + half * 0.55, y + 14, half * 1.9, half * 0.34, deep, 0.34)
    canvas.soft(612, y + 4, half * 1.22, half * 0.16, deep, 0.7)


def upright(canvas: Canvas, tone: str) -> str:
    """The light on an upright cylinder."""
    return canvas.across(
        (0, dark(tone, 0.3)),
        (0.1, mix(tone, INK, 0.08)),
        (0.3, light(tone, 0.42)),
        (0.42, light(tone, 0.12)),
        (0.72, dark(tone, 0.18)),
        (0.93, dark(tone, 0.46)),
        (1, dark(tone, 0.3)),
    )
