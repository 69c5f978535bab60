"""Things for a room, in any tone."""

from __future__ import annotations

from bot.sandbox.pictures.canvas import INK, WHITE, Canvas, dark, light, mix
from bot.sandbox.pictures.studio import SIDE, shadow, studio, upright

_BRASS = "#C89B5A"
_OAK = "#B98A5E"


def lamp(canvas: Canvas, tone: str) -> None:
    wall = mix(dark(tone, 0.42), "#3B3440", 0.3)
    studio(canvas, wall, (0.5, 0.42))
    canvas.soft(600, 520, 620, 560, "#FFD9A0", 0.55)
    canvas.soft(600, 960, 520, 130, "#FFDCA8", 0.6)
    shadow(canvas, wall, 170, 944)
    canvas.rect(578, 540, 44, 360, upright(canvas, _BRASS))
    canvas.path(
        "M 430 930 C 430 872, 520 862, 600 862 S 770 872, 770 930 Q 770 956 600 956 T 430 930 Z",
        upright(canvas, tone),
    )
    canvas.oval(600, 880, 118, 20, light(tone, 0.35), 'opacity="0.5"')
    shade = "M 262 566 C 262 330, 420 236, 600 236 S 938 330, 938 566 Q 938 584 920 586 L 280 586 Q 262 584 262 566 Z"
    canvas.path(shade, upright(canvas, tone))
    cut = canvas.clip(f'<path d="{shade}"/>')
    canvas.add(f"<g {cut}>")
    canvas.rect(
        240, 430, 720, 170, canvas.down((0, "#FFC477", 0), (0.8, "#FFC477", 0.4), (1, "#FFE2B0", 0.75))
    )
    canvas.oval(470, 330, 150, 60, WHITE, 'opacity="0.26" transform="rotate(-24 470 330)"')
    canvas.add("</g>")
    canvas.oval(
        600, 584, 338, 46, canvas.around(0.5, 0.5, 0.5, (0, "#FFFDF4"), (0.55, "#FFE9BF"), (1, "#F3B461"))
    )
    canvas.oval(600, 590, 160, 26, "#FFFFFF")
    canvas.rect(584, 596, 32, 30, canvas.down((0, "#FFE2B0"), (1, _BRASS)))
    canvas.soft(600, 700, 420, 170, "#FFE3B3", 0.34)


def armchair(canvas: Canvas, tone: str) -> None:
    wall = light(mix(tone, "#E5DED4", 0.72), 0.25)
    studio(canvas, wall)
    canvas.rect(0, 900, SIDE, 300, canvas.down((0, mix(wall, _OAK, 0.35)), (1, mix(wall, _OAK, 0.2))))
    canvas.rect(0, 892, SIDE, 12, light(wall, 0.6))
    canvas.soft(640, 1040, 480, 74, INK, 0.5)
    for x, lean in ((372, -26), (828, 26)):
        canvas.path(
            f"M {x - 18} 900 L {x + 18} 900 L {x + lean + 8} 1046 L {x + lean - 8} 1046 Z",
            canvas.across((0, dark(_OAK, 0.4)), (0.4, light(_OAK, 0.2)), (1, dark(_OAK, 0.3))),
        )
    back = canvas.slant(0.1, 0, 0.8, 1, (0, light(tone, 0.34)), (0.4, tone), (1, dark(tone, 0.42)))
    canvas.path("M 330 760 L 318 420 Q 314 270 470 262 L 730 262 Q 886 270 882 420 L 870 760 Z", back)
    for x in (474, 600, 726):
        canvas.line(f"M {x} 300 C {x - 8} 420, {x - 6} 560, {x} 690", dark(tone, 0.5), 7, 'opacity="0.36"')
        canvas.line(
            f"M {x + 9} 302 C {x + 1} 420, {x + 3} 560, {x + 9} 690", light(tone, 0.5), 5, 'opacity="0.3"'
        )
    canvas.soft(600, 700, 270, 70, INK, 0.5)
    canvas.rect(
        330, 664, 540, 140, canvas.down((0, light(tone, 0.3)), (0.4, tone), (1, dark(tone, 0.36))), 60
    )
    canvas.rect(352, 674, 420, 26, WHITE, 13, 'opacity="0.16"')
    canvas.rect(
        300,
        780,
        600,
        130,
        canvas.down((0, dark(tone, 0.46)), (0.3, dark(tone, 0.2)), (1, dark(tone, 0.5))),
        40,
    )
    for flip in (1, -1):
        canvas.add(f'<g transform="translate({0 if flip == 1 else SIDE} 0) scale({flip} 1)">')
        shade = (
            (light(tone, 0.36), tone, dark(tone, 0.3))
            if flip == 1
            else (dark(tone, 0.3), dark(tone, 0.16), dark(tone, 0.42))
        )
        canvas.path(
            "M 236 620 Q 236 540 306 540 T 378 620 L 378 880 Q 378 914 344 914 L 270 914 Q 236 914 236 880 Z",
            canvas.across((0, shade[0]), (0.5, shade[1]), (1, shade[2])),
        )
        canvas.oval(307, 596, 58, 44, WHITE, f'opacity="{0.2 if flip == 1 else 0.08}"')
        canvas.add("</g>")
    canvas.rect(
        520,
        560,
        190,
        150,
        canvas.slant(0, 0, 1, 1, (0, "#FBF3E6"), (1, "#D8C7AE")),
        34,
        'transform="rotate(-9 615 635)"',
    )
    canvas.line("M 545 640 L 700 612", "#C2A77F", 6, 'opacity="0.7"')
    canvas.line("M 552 668 L 706 640", "#C2A77F", 6, 'opacity="0.7"')
