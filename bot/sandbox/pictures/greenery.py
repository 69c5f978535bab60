"""What grows around homes and in them."""

from __future__ import annotations

from bot.sandbox.pictures.canvas import INK, WHITE, Canvas, dark, light


def tree(canvas: Canvas, x: float, y: float, size: float, colour: str) -> None:
    """A crown of three lit balls on a trunk that stands at (x, y)."""
    canvas.rect(x - size * 0.05, y - size * 0.7, size * 0.1, size * 0.7, dark(colour, 0.6))
    ball = canvas.around(0.34, 0.28, 0.8, (0, light(colour, 0.34)), (0.55, colour), (1, dark(colour, 0.5)))
    for dx, dy, r in ((-0.26, -0.72, 0.3), (0.26, -0.76, 0.28), (0, -1.02, 0.36), (0.02, -0.66, 0.32)):
        canvas.oval(x + dx * size, y + dy * size, r * size, r * size, ball)


def pine(canvas: Canvas, x: float, y: float, tall: float, colour: str, snow: float = 0) -> None:
    canvas.rect(x - tall * 0.025, y - tall * 0.16, tall * 0.05, tall * 0.16, dark(colour, 0.5))
    shade = canvas.across((0, light(colour, 0.12)), (0.5, colour), (1, dark(colour, 0.4)))
    for step in range(4):
        top, half = y - tall * (1 - step * 0.2), tall * (0.12 + step * 0.055)
        low = top + tall * 0.34
        canvas.path(f"M {x} {top} L {x + half} {low} Q {x} {low - tall * 0.06} {x - half} {low} Z", shade)
        if snow:
            canvas.path(
                f"M {x} {top} L {x - half * 0.72} {top + tall * 0.24} L {x - half * 0.2} {top + tall * 0.16} L {x + half * 0.1} {top + tall * 0.2} Z",
                WHITE,
                f'opacity="{snow}"',
            )


def bush(canvas: Canvas, x: float, y: float, half: float, colour: str) -> None:
    ball = canvas.around(0.36, 0.24, 0.9, (0, light(colour, 0.26)), (0.5, colour), (1, dark(colour, 0.5)))
    for dx, r in ((-0.6, 0.42), (0.6, 0.4), (0, 0.56)):
        canvas.oval(x + dx * half, y - r * half * 0.62, r * half, r * half * 0.8, ball)


def plant(canvas: Canvas, x: float, y: float, size: float, pot: str = "#E9E2D8") -> None:
    leaf = canvas.slant(0, 0, 1, 1, (0, "#7FB07B"), (1, "#2E5C40"))
    for turn, tall in ((-62, 0.8), (-36, 1.0), (-12, 1.16), (14, 1.1), (38, 0.96), (64, 0.76)):
        canvas.path(
            f"M 0 0 C {size * 0.2} {-size * 0.3}, {size * 0.16} {-size * 0.8 * tall}, 0 {-size * tall} C {-size * 0.16} {-size * 0.8 * tall}, {-size * 0.2} {-size * 0.3}, 0 0 Z",
            leaf,
            f'transform="translate({x} {y - size * 0.3}) rotate({turn})"',
        )
    canvas.path(
        f"M {x - size * 0.24} {y - size * 0.42} L {x + size * 0.24} {y - size * 0.42} L {x + size * 0.18} {y} L {x - size * 0.18} {y} Z",
        canvas.across((0, dark(pot, 0.12)), (0.35, light(pot, 0.5)), (1, dark(pot, 0.34))),
    )
    canvas.soft(x + size * 0.1, y, size * 0.4, size * 0.06, INK, 0.5)
