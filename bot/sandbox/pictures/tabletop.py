"""Things for the hand and the wrist, in any tone."""

from __future__ import annotations

from bot.sandbox.pictures.canvas import INK, WHITE, Canvas, dark, light, mix
from bot.sandbox.pictures.studio import SIDE, shadow, studio, upright


def mug(canvas: Canvas, tone: str) -> None:
    wall = light(mix(tone, "#E8D9C4", 0.55), 0.45)
    clay = "#CDA883"
    studio(canvas, wall)
    shadow(canvas, wall, 260)
    # The handle stands behind the body.
    for width, colour in ((74, dark(tone, 0.34)), (60, dark(tone, 0.1)), (22, light(tone, 0.22))):
        shift = -10 if width == 22 else 0
        canvas.line(
            f"M 770 {560 + shift} C 985 {500 + shift}, 985 {800 + shift}, 762 {790 + shift}",
            colour,
            width,
            'opacity="0.96"',
        )
    body = "M 360 452 L 372 850 Q 380 934 470 942 L 710 942 Q 800 934 808 850 L 820 452 Z"
    canvas.path(body, upright(canvas, tone))
    cut = canvas.clip(f'<path d="{body}"/>')
    canvas.add(f"<g {cut}>")
    canvas.path(
        "M 340 820 C 460 790, 560 862, 690 826 S 830 838, 840 820 L 840 960 L 340 960 Z",
        upright(canvas, clay),
    )
    canvas.line(
        "M 340 820 C 460 790, 560 862, 690 826 S 830 838, 840 820", dark(tone, 0.25), 6, 'opacity="0.5"'
    )
    canvas.rect(340, 440, 500, 60, canvas.down((0, INK, 0.22), (1, INK, 0)))
    for x, y, r in (
        (452, 690, 4),
        (520, 745, 3),
        (640, 660, 4),
        (700, 760, 3),
        (585, 590, 3),
        (745, 610, 4),
        (430, 580, 3),
        (664, 880, 4),
        (480, 890, 3),
        (560, 905, 4),
    ):
        canvas.oval(x, y, r, r * 0.8, dark(tone, 0.5), 'opacity="0.5"')
    canvas.add("</g>")
    canvas.oval(590, 452, 230, 56, upright(canvas, light(tone, 0.28)))
    canvas.oval(590, 456, 208, 46, canvas.down((0, dark(tone, 0.62)), (1, dark(tone, 0.2))))
    canvas.oval(
        590, 470, 190, 33, canvas.around(0.4, 0.3, 0.8, (0, "#8A5A33"), (0.5, "#5A361D"), (1, "#2E1A0E"))
    )
    canvas.oval(548, 464, 92, 11, "#C99B6C", 'opacity="0.5"')
    canvas.path(
        "M 420 520 C 408 640, 414 760, 430 840 L 452 840 C 440 740, 436 640, 444 520 Z",
        WHITE,
        'opacity="0.34"',
    )
    for d in (
        "M 520 400 C 470 320, 570 280, 520 190",
        "M 610 390 C 560 300, 670 250, 620 140",
        "M 690 405 C 650 340, 730 300, 694 230",
    ):
        for width, strength in ((56, 0.05), (34, 0.07), (14, 0.1)):
            canvas.line(d, WHITE, width, f'opacity="{strength}"')


def headphones(canvas: Canvas, tone: str) -> None:
    wall = light(mix(tone, "#D5DCE6", 0.62), 0.3)
    studio(canvas, wall)
    canvas.soft(620, 990, 470, 84, dark(wall, 0.8), 0.5)
    band = "M 300 640 C 272 120, 928 120, 900 640"
    for width, colour in ((78, dark(tone, 0.55)), (66, dark(tone, 0.12)), (30, light(tone, 0.26))):
        shift = -14 if width == 30 else 0
        canvas.line(band if not shift else "M 312 560 C 310 138, 890 138, 888 560", colour, width)
    canvas.line("M 402 352 C 470 236, 730 236, 798 352", dark(tone, 0.66), 40, 'opacity="0.9"')
    canvas.line("M 420 330 C 490 240, 640 226, 700 250", light(tone, 0.7), 9, 'opacity="0.5"')
    for flip in (1, -1):
        canvas.add(f'<g transform="translate({0 if flip == 1 else SIDE} 0) scale({flip} 1)">')
        canvas.rect(270, 520, 60, 150, canvas.across((0, "#8B929C"), (0.4, "#F4F6F8"), (1, "#757D88")), 26)
        canvas.rect(330, 600, 120, 330, canvas.across((0, "#0F1320"), (0.5, "#343B4A"), (1, "#161A27")), 60)
        canvas.rect(196, 580, 184, 370, upright(canvas, tone), 92)
        canvas.rect(
            222, 620, 110, 290, canvas.down((0, light(tone, 0.3)), (0.5, tone), (1, dark(tone, 0.3))), 55
        )
        canvas.rect(240, 640, 16, 220, WHITE, 8, 'opacity="0.42"')
        canvas.oval(286, 858, 10, 10, "#7DF0C8" if flip == 1 else dark(tone, 0.4))
        canvas.add("</g>")


def bottle(canvas: Canvas, tone: str) -> None:
    wall = light(mix(tone, "#F0E4D6", 0.7), 0.35)
    studio(canvas, wall)
    stone = light(mix(tone, "#E9DFD3", 0.7), 0.3)
    canvas.soft(760, 1100, 560, 110, dark(wall, 0.8), 0.42)
    canvas.rect(
        300,
        900,
        600,
        200,
        canvas.across(
            (0, dark(stone, 0.16)),
            (0.3, light(stone, 0.35)),
            (0.75, dark(stone, 0.12)),
            (1, dark(stone, 0.28)),
        ),
    )
    canvas.oval(
        600,
        1100,
        300,
        66,
        canvas.across(
            (0, dark(stone, 0.16)),
            (0.3, light(stone, 0.35)),
            (0.75, dark(stone, 0.12)),
            (1, dark(stone, 0.28)),
        ),
    )
    canvas.oval(
        600, 900, 300, 66, canvas.around(0.38, 0.3, 0.8, (0, light(stone, 0.7)), (1, light(stone, 0.1)))
    )
    shadow(canvas, stone, 128, 902)
    glass = canvas.across(
        (0, dark(tone, 0.5)),
        (0.09, light(tone, 0.2)),
        (0.18, light(tone, 0.5)),
        (0.3, tone),
        (0.7, dark(tone, 0.14)),
        (0.9, dark(tone, 0.42)),
        (1, dark(tone, 0.2)),
    )
    canvas.path(
        "M 452 540 Q 452 470 530 452 L 530 420 L 670 420 L 670 452 Q 748 470 748 540 L 748 866 Q 748 910 704 912 Q 600 924 496 912 Q 452 910 452 866 Z",
        glass,
    )
    canvas.path(
        "M 460 640 L 740 640 L 740 866 Q 740 904 702 906 Q 600 916 498 906 Q 460 904 460 866 Z",
        canvas.down((0, dark(tone, 0.35), 0.5), (1, dark(tone, 0.5), 0.2)),
    )
    canvas.rect(
        476,
        600,
        248,
        220,
        canvas.across((0, "#E3DACD"), (0.28, "#FFFFFF"), (0.75, "#F1EAE0"), (1, "#D8CCBB")),
        6,
    )
    canvas.oval(600, 660, 26, 26, tone)
    canvas.path("M 600 640 C 616 652, 616 668, 600 682 C 584 668, 584 652, 600 640 Z", light(tone, 0.7))
    for y, half, tall in ((712, 74, 12), (738, 52, 7), (756, 60, 7), (788, 34, 7)):
        canvas.rect(600 - half, y, half * 2, tall, dark(tone, 0.55), 4, 'opacity="0.8"')
    metal = canvas.across((0, "#7C6234"), (0.25, "#FBE7B8"), (0.5, "#C89B5A"), (1, "#6E5429"))
    canvas.rect(518, 356, 164, 76, metal, 12)
    for x in range(532, 676, 15):
        canvas.rect(x, 362, 4, 64, "#5C4520", 2, 'opacity="0.28"')
    rubber = canvas.across((0, "#141019"), (0.25, "#5C5363"), (0.6, "#2A2430"), (1, "#120E16"))
    canvas.path("M 548 356 L 556 236 Q 560 176 600 176 T 644 236 L 652 356 Z", rubber)
    canvas.rect(474, 540, 14, 330, WHITE, 7, 'opacity="0.5"')
    for cx, cy, turn in ((208, 1010, -34), (262, 1042, -8), (180, 1062, -62)):
        canvas.path(
            "M 0 0 C 40 -60, 130 -60, 170 0 C 130 44, 40 44, 0 0 Z",
            canvas.down((0, "#7FA37A"), (1, "#3F6B4A")),
            f'transform="translate({cx - 90} {cy}) rotate({turn})"',
        )


def watch(canvas: Canvas, tone: str) -> None:
    wall = mix(dark(tone, 0.5), "#2B2F3C", 0.4)
    studio(canvas, wall, (0.32, 0.26))
    canvas.soft(690, 700, 470, 520, "#05070E", 0.6)
    canvas.add('<g transform="rotate(-16 600 600)">')
    strap = canvas.across(
        (0, dark(tone, 0.55)),
        (0.18, light(tone, 0.18)),
        (0.5, tone),
        (0.84, dark(tone, 0.3)),
        (1, dark(tone, 0.6)),
    )
    canvas.path("M 470 420 L 488 -160 L 712 -160 L 730 420 Z", strap)
    canvas.path("M 470 780 L 488 1400 L 712 1400 L 730 780 Z", strap)
    for x in (506, 694):
        canvas.line(
            f"M {x} -150 L {x - (12 if x < 600 else -12)} 400 M {x - (12 if x < 600 else -12)} 800 L {x} 1390",
            light(tone, 0.5),
            5,
            'stroke-dasharray="16 14" opacity="0.5"',
        )
    steel = canvas.slant(
        0, 0, 1, 1, (0, "#FFFFFF"), (0.3, "#AEB7C4"), (0.5, "#F2F5F9"), (0.72, "#7B8594"), (1, "#C9D0DA")
    )
    canvas.rect(880, 556, 62, 88, steel, 16)
    for y in range(564, 640, 12):
        canvas.rect(886, y, 52, 5, "#5A6474", 2, 'opacity="0.6"')
    canvas.oval(600, 600, 296, 296, steel)
    canvas.oval(600, 600, 262, 262, canvas.slant(0, 0, 1, 1, (0, "#4B5361"), (1, "#DCE2EA")))
    face = light(tone, 0.86)
    canvas.oval(
        600,
        600,
        250,
        250,
        canvas.around(0.38, 0.32, 0.8, (0, light(face, 0.6)), (0.7, face), (1, dark(face, 0.22))),
    )
    for hour in range(60):
        tall, wide = (34, 9) if hour % 5 == 0 else (13, 4)
        canvas.rect(
            600 - wide / 2,
            368,
            wide,
            tall,
            INK,
            wide / 2,
            f'transform="rotate({hour * 6} 600 600)" opacity="{0.9 if hour % 5 == 0 else 0.35}"',
        )
    canvas.oval(600, 690, 62, 62, "none", f'stroke="{dark(face, 0.4)}" stroke-width="3" opacity="0.6"')
    canvas.line("M 600 690 L 634 668", INK, 5)
    canvas.soft(612, 612, 200, 200, INK, 0.16)
    canvas.line("M 600 600 L 482 528", INK, 18)
    canvas.line("M 600 600 L 708 438", INK, 13)
    canvas.line("M 566 548 L 700 752", mix(tone, "#FF5A36", 0.75), 5)
    canvas.oval(600, 600, 17, 17, INK)
    canvas.oval(600, 600, 6, 6, "#F2F5F9")
    canvas.path("M 372 560 A 240 240 0 0 1 640 366 C 520 420, 430 480, 372 560 Z", WHITE, 'opacity="0.34"')
    canvas.add("</g>")
