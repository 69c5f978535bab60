"""Homes from inside and their terrace, 1600 x 1200."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.pictures.canvas import INK, WHITE, Canvas, dark, light, mix
from bot.sandbox.pictures.greenery import plant

WIDTH, HEIGHT = 1600, 1200

OAK = "#B5855A"


def room(which: str) -> str:
    """A room by its name, as SVG."""
    canvas = Canvas(WIDTH, HEIGHT)
    _ROOMS[which](canvas)
    return canvas.svg()


def _boards(canvas: Canvas, y: float, wood: str) -> None:
    """A floor of boards that run to the middle of the far wall."""
    canvas.rect(
        0, y, WIDTH, HEIGHT - y, canvas.down((0, dark(wood, 0.12)), (0.4, wood), (1, light(wood, 0.16)))
    )
    for step in range(-14, 15):
        canvas.line(
            f"M {800 + step * 74} {y} L {800 + step * 190} 1200", dark(wood, 0.5), 2.5, 'opacity="0.28"'
        )


def _view(canvas: Canvas, x: float, y: float, width: float, height: float, panes: int) -> None:
    """A wide window with hills in it."""
    cut = canvas.clip(f'<rect x="{x}" y="{y}" width="{width}" height="{height}"/>')
    canvas.rect(x - 22, y - 22, width + 44, height + 44, "#FFFFFF", 4)
    canvas.add(f"<g {cut}>")
    canvas.rect(x, y, width, height, canvas.down((0, "#8CC3E4"), (0.6, "#E3F1F4"), (1, "#FBF2DF")))
    canvas.soft(x + width * 0.75, y + height * 0.24, width * 0.4, height * 0.6, "#FFF8DE", 0.95)
    for share, colour, swing in ((0.62, "#9DBFA6", 60), (0.74, "#79A67F", 44), (0.86, "#568A62", 30)):
        low = y + height * share
        canvas.path(
            f"M {x} {low} C {x + width * 0.2} {low - swing}, {x + width * 0.36} {low + swing * 0.4}, {x + width * 0.56} {low - swing * 0.4} S {x + width * 0.9} {low - swing}, {x + width} {low} L {x + width} {y + height} L {x} {y + height} Z",
            colour,
        )
    canvas.path(
        f"M {x} {y + height} L {x + width * 0.5} {y} L {x + width * 0.64} {y} L {x + width * 0.14} {y + height} Z",
        WHITE,
        'opacity="0.16"',
    )
    canvas.add("</g>")
    for pane in range(1, panes):
        canvas.rect(x + width * pane / panes - 7, y, 14, height, "#FFFFFF")
    canvas.rect(x - 44, y + height + 18, width + 88, 22, canvas.down((0, WHITE), (1, "#D9D4CB")), 4)


def _living(canvas: Canvas) -> None:
    wall, sofa = "#EFE8DD", "#3F6E68"
    canvas.rect(
        0,
        0,
        WIDTH,
        860,
        canvas.slant(0, 0, 1, 0.6, (0, dark(wall, 0.1)), (0.6, light(wall, 0.3)), (1, dark(wall, 0.04))),
    )
    _view(canvas, 560, 150, 800, 470, 3)
    _boards(canvas, 860, OAK)
    canvas.rect(0, 846, WIDTH, 20, canvas.down((0, WHITE), (1, "#DCD5C9")))
    canvas.path(
        "M 420 900 L 1160 900 L 1000 1200 L 120 1200 Z",
        canvas.down((0, "#FFF3D6", 0.55), (1, "#FFF3D6", 0.08)),
    )
    for x, width in ((150, 150), (330, 120)):
        canvas.rect(x, 230, width, width * 1.3, "#2B2A2F", 3)
        canvas.rect(x + 10, 240, width - 20, width * 1.3 - 20, "#FBF7EF")
    canvas.oval(225, 320, 38, 38, "#E08A5B")
    canvas.path("M 162 414 Q 200 350 240 384 T 288 372 L 288 414 Z", "#3F6E68")
    canvas.path("M 352 374 L 376 286 L 404 330 L 428 374 Z", "#C9A46A")
    canvas.oval(
        800, 1060, 640, 96, canvas.around(0.5, 0.4, 0.6, (0, "#F4EBDD"), (0.8, "#E4D6C2"), (1, "#CDBBA2"))
    )
    canvas.oval(800, 1060, 560, 80, "none", 'stroke="#B9966B" stroke-width="5" opacity="0.6"')
    canvas.soft(760, 1010, 600, 50, INK, 0.5)
    shade = canvas.down((0, light(sofa, 0.24)), (0.5, sofa), (1, dark(sofa, 0.36)))
    canvas.rect(300, 660, 920, 260, shade, 56)
    for x in (340, 640, 940):
        canvas.rect(
            x,
            690,
            260 if x < 940 else 240,
            180,
            canvas.slant(0, 0, 0.6, 1, (0, light(sofa, 0.3)), (1, dark(sofa, 0.12))),
            34,
        )
    canvas.rect(
        320, 840, 880, 110, canvas.down((0, light(sofa, 0.34)), (0.4, sofa), (1, dark(sofa, 0.3))), 34
    )
    for x in (236, 1172):
        canvas.rect(x, 730, 110, 240, canvas.across((0, light(sofa, 0.26)), (1, dark(sofa, 0.24))), 46)
    canvas.rect(280, 930, 960, 60, dark(sofa, 0.34), 20)
    for x in (320, 1180):
        canvas.path(f"M {x} 986 L {x + 22} 986 L {x + 14} 1040 L {x + 4} 1040 Z", dark(OAK, 0.4))
    for x, colour, turn in ((380, "#E9B872", -8), (500, "#F2E7D5", 10), (1040, "#D97B5B", -10)):
        canvas.rect(
            x,
            730,
            136,
            126,
            canvas.slant(0, 0, 1, 1, (0, light(colour, 0.3)), (1, dark(colour, 0.16))),
            28,
            f'transform="rotate({turn} {x + 68} 793)"',
        )
    canvas.oval(
        690, 1060, 210, 44, canvas.across((0, dark(OAK, 0.3)), (0.4, light(OAK, 0.2)), (1, dark(OAK, 0.36)))
    )
    canvas.oval(690, 1048, 210, 44, canvas.around(0.4, 0.3, 0.8, (0, light(OAK, 0.36)), (1, OAK)))
    canvas.rect(622, 1024, 130, 18, "#F6EFE3", 4, 'transform="rotate(-3 690 1030)"')
    canvas.path(
        "M 770 990 Q 764 1042 786 1046 L 812 1046 Q 834 1042 826 990 Z",
        canvas.across((0, "#DCE6E4"), (0.4, WHITE), (1, "#9DB0AD")),
    )
    plant(canvas, 1440, 1000, 330)
    canvas.rect(96, 560, 12, 430, canvas.across((0, "#8F6B35"), (0.4, "#EBCF93"), (1, "#6E5026")))
    canvas.oval(102, 992, 82, 16, "#5B4526")
    canvas.soft(102, 560, 280, 260, "#FFE2A6", 0.6)
    canvas.path("M 52 430 L 152 430 L 196 570 L 8 570 Z", canvas.down((0, "#FFF6DF"), (1, "#F6D595")))


def _kitchen(canvas: Canvas) -> None:
    wall, front, stone = "#F3EEE6", "#33534A", "#ECE7DF"
    canvas.rect(0, 0, WIDTH, 900, canvas.slant(0, 0, 1, 1, (0, light(wall, 0.4)), (1, dark(wall, 0.08))))
    _boards(canvas, 930, "#C49A6C")
    for x in range(0, 1600, 100):
        for y in range(380, 640, 52):
            canvas.rect(
                x + (50 if (y - 380) // 52 % 2 else 0) - 50,
                y,
                96,
                48,
                canvas.slant(0, 0, 1, 1, (0, WHITE), (1, "#E2DED6")),
                3,
            )
    _view(canvas, 600, 150, 420, 330, 2)
    for x in (0, 190, 380, 1060, 1240, 1420):
        canvas.rect(x + 5, 90, 180, 286, canvas.across((0, light(front, 0.14)), (1, dark(front, 0.16))), 6)
        canvas.rect(
            x + 22, 108, 146, 250, "none", 4, f'stroke="{dark(front, 0.4)}" stroke-width="3" opacity="0.6"'
        )
        canvas.rect(x + 140, 320, 10, 40, "#D9B46A", 5)
    canvas.rect(0, 624, WIDTH, 34, canvas.down((0, WHITE), (1, dark(stone, 0.14))))
    canvas.rect(0, 658, WIDTH, 276, dark(front, 0.1))
    for x in range(0, 1600, 200):
        canvas.rect(x + 5, 668, 190, 250, canvas.across((0, light(front, 0.1)), (1, dark(front, 0.2))), 6)
    canvas.rect(720, 470, 18, 150, canvas.across((0, "#8F6B35"), (0.4, "#F4DDA6"), (1, "#6E5026")), 8)
    canvas.line("M 729 478 C 732 420, 806 420, 808 500", "#D9B46A", 15)
    for x, tall, colour in ((120, 92, "#D97B5B"), (196, 66, "#E9C98F"), (264, 78, WHITE)):
        canvas.rect(
            x,
            624 - tall,
            56,
            tall,
            canvas.across((0, dark(colour, 0.1)), (0.3, light(colour, 0.5)), (1, dark(colour, 0.28))),
            12,
        )
    plant(canvas, 1180, 628, 140, "#E3CBA8")
    canvas.rect(1330, 560, 140, 66, canvas.down((0, "#3A3D45"), (1, "#15171D")), 10)
    canvas.soft(800, 1150, 760, 60, INK, 0.55)
    canvas.rect(240, 860, 1120, 300, canvas.across((0, light(OAK, 0.16)), (0.5, OAK), (1, dark(OAK, 0.3))))
    for x in range(262, 1360, 26):
        canvas.rect(x, 860, 5, 300, INK, 0, 'opacity="0.15"')
    canvas.rect(190, 812, 1220, 52, canvas.down((0, WHITE), (0.3, stone), (1, dark(stone, 0.26))), 6)
    canvas.oval(560, 800, 130, 34, canvas.across((0, "#C9BBA6"), (0.4, WHITE), (1, "#B3A28A")))
    for x, y, colour in (
        (500, 776, "#E2A53B"),
        (556, 764, "#D4572F"),
        (612, 778, "#E9C04E"),
        (540, 742, "#B7C65A"),
        (590, 744, "#E2A53B"),
    ):
        canvas.oval(
            x,
            y,
            36,
            34,
            canvas.around(0.34, 0.28, 0.8, (0, light(colour, 0.5)), (0.5, colour), (1, dark(colour, 0.34))),
        )
    canvas.path(
        "M 430 790 Q 440 838 560 842 T 690 790 Z",
        canvas.across((0, "#D9CDBA"), (0.35, WHITE), (1, "#AF9E86")),
    )
    for x in (420, 800, 1180):
        canvas.line(f"M {x} 0 L {x} 300", "#3A3430", 5)
        canvas.soft(x, 440, 250, 230, "#FFE6B3", 0.5)
        canvas.path(
            f"M {x - 96} 400 Q {x - 92} 296 {x} 292 Q {x + 92} 296 {x + 96} 400 Z",
            canvas.across((0, "#7A5A2E"), (0.3, "#F4DDA6"), (0.6, "#C89B5A"), (1, "#6A4C24")),
        )
        canvas.oval(x, 400, 96, 17, "#FFF4D8")
    for x in (500, 1030):
        for leg in (-46, 46):
            canvas.line(f"M {x + leg * 0.7} 1000 L {x + leg} 1186", "#2A2724", 11)
        canvas.rect(x - 62, 966, 124, 40, canvas.down((0, "#E6C9A0"), (1, "#A97F4F")), 18)
        canvas.line(f"M {x - 40} 1110 L {x + 40} 1110", "#2A2724", 8)


def _terrace(canvas: Canvas) -> None:
    canvas.rect(
        0,
        0,
        WIDTH,
        HEIGHT,
        canvas.down((0, "#3E8FC4"), (0.3, "#9FD0E3"), (0.46, "#FCE6C4"), (0.5, "#FCE6C4")),
    )
    canvas.soft(1130, 480, 520, 420, "#FFF3CF", 0.95)
    canvas.oval(1130, 480, 62, 62, "#FFFBEA")
    canvas.rect(0, 560, WIDTH, 300, canvas.down((0, "#F4D7A8"), (0.12, "#7FB8C9"), (1, "#256E94")))
    for step in range(15):
        half = 40 + step * 17
        canvas.rect(
            1130 - half + (step % 3 - 1) * 30,
            572 + step * 18,
            half * 2,
            5,
            "#FFF6DD",
            3,
            f'opacity="{0.75 - step * 0.04:g}"',
        )
    canvas.path(
        "M 0 562 L 0 470 C 120 430, 240 470, 330 520 S 520 556, 600 562 Z",
        canvas.down((0, "#7C93A6"), (1, "#55748A")),
    )
    canvas.path("M 520 640 L 546 560 L 546 640 Z M 552 640 L 552 574 L 592 640 Z", WHITE)
    canvas.path("M 508 646 L 606 646 L 590 664 L 524 664 Z", "#2F4858")
    canvas.rect(0, 850, WIDTH, 350, canvas.down((0, "#E2CDB0"), (1, "#C4A37C")))
    for step in range(-14, 15):
        canvas.line(f"M {800 + step * 90} 850 L {800 + step * 210} 1200", "#8C6A46", 3, 'opacity="0.35"')
    canvas.rect(0, 640, WIDTH, 14, canvas.down((0, WHITE), (1, "#C9CFD2")))
    canvas.rect(0, 654, WIDTH, 200, "#DDF0F5", 0, 'opacity="0.22"')
    for x in range(40, 1600, 304):
        canvas.rect(x, 640, 12, 226, canvas.across((0, WHITE), (1, "#A9B3B8")))
    canvas.rect(0, 0, 130, 1200, canvas.across((0, "#EFE6D8"), (1, "#D2C3AD")))
    canvas.rect(0, 0, WIDTH, 96, canvas.down((0, "#F4ECDF"), (1, "#DCCBB2")))
    for x in range(150, 1600, 150):
        canvas.path(f"M {x} 96 L {x + 44} 96 L {x + 30} 128 L {x - 14} 128 Z", "#B58B5C")
    canvas.soft(760, 1120, 620, 60, INK, 0.45)
    cloth, frame = "#F7F3EC", "#8A623B"
    for x, width in ((300, 700),):
        canvas.rect(x, 800, width, 160, canvas.down((0, WHITE), (1, dark(cloth, 0.14))), 40)
        for part in range(3):
            canvas.rect(
                x + 16 + part * 226,
                810,
                216,
                140,
                canvas.slant(0, 0, 0.6, 1, (0, WHITE), (1, dark(cloth, 0.12))),
                30,
            )
        canvas.rect(x - 20, 930, width + 40, 100, canvas.down((0, WHITE), (1, dark(cloth, 0.2))), 30)
        canvas.rect(
            x - 40, 1016, width + 80, 40, canvas.across((0, light(frame, 0.2)), (1, dark(frame, 0.3))), 10
        )
        for leg in (x - 20, x + width - 4):
            canvas.rect(leg, 1050, 24, 70, dark(frame, 0.2), 4)
    for x, colour, turn in ((350, "#2F7F9E", -9), (470, "#E9B872", 8), (850, "#2F7F9E", 9)):
        canvas.rect(
            x,
            838,
            124,
            116,
            canvas.slant(0, 0, 1, 1, (0, light(colour, 0.3)), (1, dark(colour, 0.2))),
            26,
            f'transform="rotate({turn} {x + 62} 896)"',
        )
    canvas.oval(
        1210,
        1090,
        170,
        40,
        canvas.across((0, dark(frame, 0.2)), (0.4, light(frame, 0.3)), (1, dark(frame, 0.4))),
    )
    canvas.oval(1210, 1076, 170, 40, canvas.around(0.4, 0.3, 0.8, (0, "#F1DFC4"), (1, "#C7A377")))
    for x in (1160, 1240):
        canvas.path(
            f"M {x} 960 L {x + 50} 960 L {x + 42} 1060 Q {x + 25} 1072 {x + 8} 1060 Z",
            canvas.across((0, WHITE, 0.7), (0.5, "#F6C56B", 0.85), (1, "#E09A3E", 0.8)),
        )
        canvas.oval(x + 25, 960, 25, 7, mix("#FFFFFF", "#F6C56B", 0.3))
    plant(canvas, 1470, 1100, 340, "#D77F55")
    plant(canvas, 200, 1110, 260, "#E9E2D8")


_ROOMS: dict[str, Callable[[Canvas], None]] = {
    "living": _living,
    "kitchen": _kitchen,
    "terrace": _terrace,
}
