"""Homes from outside, each in its own light, 1600 x 1200."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.pictures.canvas import INK, WHITE, Canvas, Stop, dark, light, scatter
from bot.sandbox.pictures.greenery import bush, pine, tree

WIDTH, HEIGHT = 1600, 1200

GLOW, LAMP = "#FFCF87", "#FFE9BE"


def house(which: str) -> str:
    """A house by its name, as SVG."""
    canvas = Canvas(WIDTH, HEIGHT)
    _HOUSES[which](canvas)
    return canvas.svg()


def _sky(canvas: Canvas, *stops: Stop) -> None:
    canvas.rect(0, 0, WIDTH, HEIGHT, canvas.down(*stops))


def _hills(canvas: Canvas, y: float, colour: str, swing: float = 60) -> None:
    canvas.path(
        f"M 0 {y} C 240 {y - swing * 1.6}, 420 {y - swing}, 640 {y - swing * 0.2} S 1080 {y - swing * 1.9}, 1300 {y - swing} S 1540 {y - swing * 0.2}, 1600 {y - swing * 0.7} L 1600 1200 L 0 1200 Z",
        canvas.down((0, colour), (1, dark(colour, 0.25))),
    )


def _lit(canvas: Canvas, x: float, y: float, width: float, height: float, panes: int, frame: str) -> None:
    """A window with the evening's lamps behind it, and somebody's things."""
    canvas.rect(x, y, width, height, canvas.slant(0, 0, 0.4, 1, (0, LAMP), (0.6, GLOW), (1, "#E7A058")))
    canvas.soft(x + width * 0.3, y + height * 0.34, width * 0.3, height * 0.5, WHITE, 0.7)
    canvas.rect(x, y + height * 0.8, width * 0.44, height * 0.2, "#8B5E3C", 6, 'opacity="0.55"')
    canvas.rect(x + width * 0.7, y + height * 0.2, width * 0.12, height * 0.3, "#B97C4A", 2, 'opacity="0.6"')
    for pane in range(1, panes):
        canvas.rect(x + width * pane / panes - 3, y, 6, height, frame)
    canvas.rect(x, y, width, height, "none", 0, f'stroke="{frame}" stroke-width="8"')


def _glass(
    canvas: Canvas, x: float, y: float, width: float, height: float, frame: str, bars: int = 1
) -> None:
    """A window by day: sky in it."""
    canvas.rect(x - 10, y - 10, width + 20, height + 20, frame, 3)
    canvas.rect(
        x,
        y,
        width,
        height,
        canvas.slant(0, 0, 0.6, 1, (0, "#DCEBF2"), (0.45, "#8FB2C4"), (0.5, "#6B93A8"), (1, "#3F6478")),
    )
    canvas.path(
        f"M {x} {y + height * 0.6} L {x + width * 0.7} {y} L {x + width} {y} L {x} {y + height} Z",
        WHITE,
        'opacity="0.22"',
    )
    for bar in range(1, bars + 1):
        canvas.rect(x + width * bar / (bars + 1) - 4, y, 8, height, frame)
    canvas.rect(x, y + height * 0.42, width, 8, frame)
    canvas.rect(x - 18, y + height + 10, width + 36, 14, light(frame, 0.2), 2)


def _villa(canvas: Canvas) -> None:
    """Modern, at dusk, with a pool."""
    _sky(canvas, (0, "#1D2550"), (0.3, "#5A4A80"), (0.5, "#C9727E"), (0.64, "#F6B27A"), (1, "#F6B27A"))
    canvas.soft(1240, 720, 640, 320, "#FFE0A6", 0.75)
    for x, y, rx, colour in (
        (360, 210, 420, "#8C6A9C"),
        (1120, 300, 360, "#E08F8E"),
        (760, 420, 520, "#F0A487"),
    ):
        canvas.soft(x, y, rx, 34, colour, 0.7)
    _hills(canvas, 760, "#5B4569")
    _hills(canvas, 820, "#3D3453", 40)
    for x, size in ((90, 420), (210, 330), (1490, 460), (1380, 320)):
        tree(canvas, x, 880, size, "#2E3350")
    wall, wood, slab = "#EADFD6", "#A8693F", "#F3ECE6"
    # Lower storey: glass between two walls, then the upper box that reaches over it.
    canvas.rect(
        300,
        640,
        1010,
        240,
        canvas.across((0, dark(wall, 0.35)), (0.5, dark(wall, 0.12)), (1, dark(wall, 0.4))),
    )
    _lit(canvas, 420, 664, 560, 216, 4, "#2B2733")
    _lit(canvas, 1060, 690, 150, 190, 1, "#2B2733")
    canvas.rect(250, 614, 1120, 30, canvas.down((0, slab), (1, dark(slab, 0.3))))
    canvas.rect(560, 400, 640, 214, canvas.across((0, light(wood, 0.12)), (0.6, wood), (1, dark(wood, 0.4))))
    for x in range(580, 1200, 20):
        canvas.rect(x, 400, 3, 214, INK, 0, 'opacity="0.16"')
    _lit(canvas, 620, 434, 300, 150, 3, "#2B2733")
    _lit(canvas, 1000, 434, 130, 150, 1, "#2B2733")
    canvas.rect(520, 372, 730, 32, canvas.down((0, slab), (1, dark(slab, 0.32))))
    canvas.rect(300, 644, 1010, 46, canvas.down((0, INK, 0.45), (1, INK, 0)))
    canvas.rect(0, 876, 1600, 324, canvas.down((0, "#6B5B66"), (0.12, "#51475A"), (1, "#2A2A42")))
    canvas.path(
        "M 250 900 L 1250 900 L 1440 1120 L 90 1120 Z",
        canvas.down((0, "#F3B98A"), (0.3, "#A86F86"), (1, "#2E3C72")),
    )
    canvas.path("M 420 900 L 980 900 L 1050 1040 L 360 1040 Z", canvas.down((0, GLOW, 0.75), (1, GLOW, 0)))
    for y, x, half in ((948, 700, 210), (990, 560, 150), (1036, 860, 260), (1080, 640, 180)):
        canvas.rect(x - half, y, half * 2, 4, WHITE, 2, 'opacity="0.3"')
    canvas.path(
        "M 250 900 L 1250 900 L 1440 1120 L 90 1120 Z",
        more=f'stroke="{light("#B9A3A6", 0.3)}" stroke-width="12"',
    )
    for x in (170, 1330, 1440):
        bush(canvas, x, 900, 90, "#37405A")
    for x in (330, 1010, 1250):
        canvas.soft(x, 880, 90, 60, GLOW, 0.6)


def _cottage(canvas: Canvas) -> None:
    """White gables in a garden, on a clear morning."""
    _sky(canvas, (0, "#5FA3D6"), (0.5, "#BFE0EE"), (0.72, "#F4F3E6"), (1, "#F4F3E6"))
    canvas.soft(240, 180, 420, 420, "#FFF7D8", 0.9)
    for x, y, r in (
        (1140, 210, 90),
        (1250, 190, 120),
        (1370, 230, 90),
        (560, 140, 60),
        (640, 124, 80),
        (720, 150, 56),
    ):
        canvas.oval(x, y, r * 1.5, r * 0.55, canvas.down((0, WHITE, 0.95), (1, "#DCEBF2", 0.6)))
    _hills(canvas, 760, "#A8C69B", 90)
    _hills(canvas, 830, "#86B07E", 50)
    for x, size in ((120, 480), (1500, 520), (1370, 330), (20, 380)):
        tree(canvas, x, 930, size, "#5E9A5B")
    wall, roof = "#FBF7EF", "#4A4E5C"
    canvas.path(
        "M 780 520 L 1300 520 L 1300 930 L 780 930 Z",
        canvas.across((0, dark(wall, 0.1)), (1, dark(wall, 0.2))),
    )
    canvas.path("M 700 360 L 1270 360 L 1350 540 L 780 540 Z", canvas.down((0, light(roof, 0.18)), (1, roof)))
    for y in range(390, 540, 30):
        canvas.rect(700, y, 568 + (y - 360) * 80 / 180, 3, INK, 0, 'opacity="0.18"')
    canvas.rect(1090, 270, 84, 170, canvas.across((0, "#C98B6B"), (1, "#8F5A43")))
    canvas.rect(1078, 256, 108, 24, "#7A4B38")
    canvas.path(
        "M 330 930 L 330 560 L 570 260 L 810 560 L 810 930 Z",
        canvas.slant(0, 0, 1, 1, (0, WHITE), (1, dark(wall, 0.06))),
    )
    canvas.path(
        "M 570 222 L 862 588 L 822 610 L 570 292 L 318 610 L 278 588 Z",
        canvas.across((0, light(roof, 0.24)), (0.5, roof), (1, dark(roof, 0.3))),
    )
    canvas.path("M 318 610 L 570 292 L 822 610 L 822 640 L 570 330 L 318 640 Z", INK, 'opacity="0.1"')
    canvas.oval(570, 430, 46, 46, "#D9D2C4")
    canvas.oval(570, 430, 36, 36, canvas.slant(0, 0, 1, 1, (0, "#DCEBF2"), (1, "#5A7F92")))
    _glass(canvas, 400, 560, 120, 130, "#FFFFFF")
    _glass(canvas, 620, 560, 120, 130, "#FFFFFF")
    _glass(canvas, 400, 760, 120, 120, "#FFFFFF")
    _glass(canvas, 890, 640, 140, 170, "#FFFFFF", 2)
    _glass(canvas, 1110, 640, 140, 170, "#FFFFFF", 2)
    door = "#2F6B5E"
    canvas.rect(622, 724, 124, 206, "#FFFFFF", 4)
    canvas.rect(634, 736, 100, 194, canvas.across((0, light(door, 0.16)), (1, dark(door, 0.2))))
    for y in (758, 840):
        canvas.rect(650, y, 68, 62, dark(door, 0.2), 4)
    canvas.oval(722, 838, 6, 6, "#E7C06B")
    canvas.rect(0, 920, 1600, 280, canvas.down((0, "#8CBF6E"), (1, "#4F8A4B")))
    canvas.path(
        "M 622 930 L 746 930 C 790 1010, 900 1080, 980 1200 L 560 1200 C 600 1090, 616 1010, 622 930 Z",
        canvas.down((0, "#E9DDC7"), (1, "#C8B79B")),
    )
    for x, half in ((360, 90), (480, 70), (880, 100), (1060, 80), (1220, 110)):
        bush(canvas, x, 950, half, "#4E8B54")
    flowers = ("#F2A7B5", "#FFFFFF", "#F6D36B", "#B7A0E0")
    for index, (left, low) in enumerate(scatter(80, 1600, 190)):
        if not 540 < left < 1000:
            canvas.oval(left, 990 + low, 6 + low / 50, 5 + low / 60, flowers[index % 4], 'opacity="0.9"')
    canvas.soft(900, 960, 700, 50, "#24442C", 0.4)


def _canal(canvas: Canvas) -> None:
    """Tall narrow houses on the water, in late light."""
    _sky(canvas, (0, "#F3C9A5"), (0.35, "#F8E3C8"), (0.7, "#FBEFDD"), (1, "#FBEFDD"))
    canvas.soft(1180, 260, 520, 420, "#FFF6DC", 0.95)
    fronts = (
        (40, 250, 420, "#9C4A3C"),
        (290, 230, 330, "#D9B382"),
        (520, 260, 250, "#5B6B73"),
        (780, 230, 380, "#B96A4B"),
        (1010, 270, 290, "#E3D3B8"),
        (1280, 280, 400, "#6E3B34"),
    )
    for number, (x, width, top, wall) in enumerate(fronts):
        _front(canvas, x, width, top, wall, number)
    canvas.rect(0, 868, 1600, 26, canvas.down((0, "#B8A58F"), (1, "#7C6B5B")))
    canvas.rect(0, 894, 1600, 306, canvas.down((0, "#7E8C84"), (0.5, "#5C716F"), (1, "#37504F")))
    for x, width, top, wall in fronts:
        tall = (868 - top) * 0.46
        canvas.rect(x, 894, width, tall, canvas.down((0, dark(wall, 0.2), 0.62), (1, wall, 0)))
    for index, (left, low) in enumerate(scatter(40, 1500, 280)):
        canvas.rect(left, 912 + low, 40 + low * 0.5, 3, LAMP, 2, f'opacity="{0.14 + index % 4 * 0.07:g}"')
    canvas.path(
        "M 230 1010 Q 250 1062 330 1066 L 610 1066 Q 690 1060 716 1000 Q 470 1030 230 1010 Z",
        canvas.down((0, "#7B4A30"), (1, "#3E2418")),
    )
    canvas.path("M 226 1010 Q 470 1034 720 998 L 716 1012 Q 470 1046 232 1022 Z", "#E8D6B8")
    canvas.soft(470, 1080, 300, 22, INK, 0.4)
    for x in (282, 1272):
        tree(canvas, x, 872, 190, "#6F8A4E")


def _front(canvas: Canvas, x: float, width: float, top: float, wall: str, number: int) -> None:
    """One house of a row: a gable, two columns of windows, a door."""
    paint = canvas.across((0, light(wall, 0.14)), (0.7, wall), (1, dark(wall, 0.28)))
    middle, right = x + width / 2, x + width
    gable = (
        f"M {x} 868 L {x} {top + 70} L {x + 36} {top + 70} L {x + 36} {top + 20} L {x + 76} {top + 20} L {x + 76} {top - 34} L {right - 76} {top - 34} L {right - 76} {top + 20} L {right - 36} {top + 20} L {right - 36} {top + 70} L {right} {top + 70} L {right} 868 Z",
        f"M {x} 868 L {x} {top + 90} Q {x + 44} {top + 70} {x + 60} {top + 6} Q {middle} {top - 70} {right - 60} {top + 6} Q {right - 44} {top + 70} {right} {top + 90} L {right} 868 Z",
        f"M {x} 868 L {x} {top} L {right} {top} L {right} 868 Z",
    )[number % 3]
    canvas.path(gable, paint)
    trim = "#F6EEDF"
    if number % 3 == 2:
        canvas.rect(x - 8, top - 16, width + 16, 34, canvas.down((0, trim), (1, dark(trim, 0.25))))
    lit = (number * 5) % 3
    floors = range(int(top) + 110, 690, 136)
    for storey, y in enumerate(floors):
        for column, cx in enumerate((x + width * 0.3, x + width * 0.7)):
            half = width * 0.125
            canvas.rect(cx - half - 7, y - 7, half * 2 + 14, 104, trim, 2)
            is_lit = (storey + column + lit) % 3 == 0
            glass = ((0, LAMP), (1, GLOW)) if is_lit else ((0, "#C9D9DC"), (0.5, "#6E8A93"), (1, "#3A525C"))
            canvas.rect(cx - half, y, half * 2, 90, canvas.slant(0, 0, 0.5, 1, *glass))
            canvas.rect(cx - 2.5, y, 5, 90, trim)
            canvas.rect(cx - half, y + 34, half * 2, 5, trim)
    canvas.rect(middle - 40, 722, 80, 146, trim, 3)
    canvas.rect(middle - 30, 734, 60, 134, ("#24463C", "#22303F", "#5A1F22")[number % 3], 2)
    canvas.rect(middle - 30, 734, 60, 30, GLOW, 2, 'opacity="0.85"')
    canvas.rect(x, top + 60, 6, 808 - top, INK, 0, 'opacity="0.2"')


def _cabin(canvas: Canvas) -> None:
    """An A-frame in the snow, in the blue hour."""
    _sky(canvas, (0, "#101B3D"), (0.4, "#2E4A7D"), (0.66, "#8FA6C9"), (0.76, "#E4C3C4"), (1, "#E4C3C4"))
    for index, (x, y) in enumerate(scatter(70, 1600, 430)):
        canvas.oval(
            x, y, 1.6 + index % 3 * 0.7, 1.6 + index % 3 * 0.7, WHITE, f'opacity="{0.3 + index % 5 * 0.12:g}"'
        )
    canvas.path(
        "M 0 800 L 260 430 L 420 610 L 640 330 L 900 660 L 1130 420 L 1380 700 L 1600 520 L 1600 1200 L 0 1200 Z",
        canvas.down((0, "#B7C5DE"), (0.5, "#5F77A3"), (1, "#3C5283")),
    )
    canvas.path(
        "M 640 330 L 730 444 L 660 470 L 600 430 L 560 452 Z M 260 430 L 330 508 L 270 520 L 212 498 Z M 1130 420 L 1206 506 L 1130 520 L 1082 470 Z",
        WHITE,
        'opacity="0.72"',
    )
    for x, tall in ((70, 520), (200, 400), (320, 300), (1290, 330), (1400, 470), (1540, 560), (1180, 240)):
        pine(canvas, x, 880, tall, "#24406A", 0.5)
    canvas.rect(0, 850, 1600, 350, canvas.down((0, "#C9D6EA"), (0.4, "#EAF0F8"), (1, "#AEBFDC")))
    canvas.soft(800, 900, 620, 120, GLOW, 0.6)
    timber, roof = "#7A4B31", "#2B2A3A"
    canvas.path(
        "M 800 250 L 1130 900 L 470 900 Z", canvas.across((0, light(timber, 0.1)), (1, dark(timber, 0.35)))
    )
    for step in range(13):
        y = 330 + step * 44
        half = (y - 250) * 330 / 650
        canvas.rect(800 - half, y, half * 2, 4, INK, 0, 'opacity="0.2"')
    canvas.path("M 800 370 L 950 660 L 650 660 Z", canvas.down((0, LAMP), (1, GLOW)))
    canvas.rect(600, 690, 250, 200, canvas.slant(0, 0, 0.4, 1, (0, LAMP), (0.7, GLOW), (1, "#E7A058")))
    canvas.soft(690, 760, 110, 90, WHITE, 0.8)
    canvas.rect(900, 700, 96, 190, canvas.across((0, "#B0432F"), (1, "#7C2B20")), 4)
    canvas.rect(916, 722, 64, 66, canvas.down((0, LAMP), (1, GLOW)), 3)
    for d in (
        "M 800 370 L 800 660",
        "M 725 515 L 875 515",
        "M 650 660 L 950 660",
        "M 725 690 L 725 890",
        "M 600 690 L 850 690 L 850 890 L 600 890 Z",
        "M 800 370 L 950 660 L 650 660 Z",
    ):
        canvas.line(d, dark(timber, 0.45), 9)
    canvas.path(
        "M 800 190 L 1190 930 L 1110 930 L 800 318 L 490 930 L 410 930 Z",
        canvas.across((0, light(roof, 0.12)), (1, dark(roof, 0.4))),
    )
    canvas.path(
        "M 800 172 L 1206 930 Q 1176 946 1150 916 L 800 250 L 450 916 Q 424 946 394 930 Z",
        canvas.down((0, WHITE), (1, "#C4D2E8")),
    )
    canvas.path("M 430 900 L 1170 900 L 1220 944 L 380 944 Z", canvas.down((0, "#9A6B4B"), (1, "#5A3A28")))
    canvas.path(
        "M 600 944 L 1000 944 C 1060 1040, 1160 1110, 1300 1200 L 420 1200 C 520 1100, 580 1030, 600 944 Z",
        canvas.down((0, "#FFE6BD", 0.9), (1, "#DDE6F3", 0)),
    )
    for x, tall in ((120, 460), (1500, 520)):
        pine(canvas, x, 1080, tall, "#1B3157", 0.62)
    for x, half in ((330, 120), (1260, 130)):
        canvas.oval(x, 960, half, 44, canvas.down((0, WHITE), (1, "#BCCBE4")))


_HOUSES: dict[str, Callable[[Canvas], None]] = {
    "villa": _villa,
    "cottage": _cottage,
    "canal": _canal,
    "cabin": _cabin,
}
