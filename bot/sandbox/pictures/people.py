"""Portraits of people who do not exist, 800 x 800."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.pictures.canvas import INK, WHITE, Canvas, dark, light

SIDE = 800


@dataclass(frozen=True, slots=True)
class _Looks:
    wall: str
    skin: str
    hair: str
    jacket: str
    shirt: str
    cut: str
    """`bob`, `short` or `bun`."""


_PEOPLE = {
    "ines": _Looks("#C9DCD3", "#E3AE8C", "#3A2418", "#2F5D57", "#F7F2EA", "bob"),
    "tomasz": _Looks("#E5D8C4", "#F0C6A5", "#7A4B28", "#31405E", "#FFFFFF", "short"),
    "amara": _Looks("#E9C9B4", "#7B4B33", "#1D1412", "#B5532F", "#F5E9DB", "bun"),
}


_FACE = "M 284 330 C 284 190, 516 190, 516 330 C 520 450, 470 524, 400 528 C 330 524, 280 450, 284 330 Z"


def person(name: str) -> str:
    """A portrait by name, as SVG."""
    looks = _PEOPLE[name]
    canvas = Canvas(SIDE, SIDE)
    canvas.rect(
        0,
        0,
        SIDE,
        SIDE,
        canvas.around(0.4, 0.3, 0.9, (0, light(looks.wall, 0.6)), (1, dark(looks.wall, 0.14))),
    )
    _hair_behind(canvas, looks)
    _bust(canvas, looks)
    _face(canvas, looks)
    _hair_before(canvas, looks)
    return canvas.svg()


def _hair_behind(canvas: Canvas, looks: _Looks) -> None:
    hair = canvas.across((0, light(looks.hair, 0.16)), (0.5, looks.hair), (1, dark(looks.hair, 0.4)))
    if looks.cut == "bob":
        canvas.path(
            "M 256 330 C 240 130, 560 130, 544 330 L 566 540 Q 500 590 400 580 Q 300 590 234 540 Z", hair
        )
    elif looks.cut == "bun":
        canvas.oval(400, 150, 92, 84, hair)
        canvas.path("M 270 330 C 254 150, 546 150, 530 330 L 520 400 L 280 400 Z", hair)


def _bust(canvas: Canvas, looks: _Looks) -> None:
    jacket = canvas.slant(
        0, 0, 1, 0.5, (0, light(looks.jacket, 0.2)), (0.5, looks.jacket), (1, dark(looks.jacket, 0.36))
    )
    canvas.path("M 60 820 C 70 640, 190 610, 310 580 L 490 580 C 610 610, 730 640, 740 820 Z", jacket)
    canvas.path(
        "M 312 578 L 400 720 L 488 578 L 470 545 L 330 545 Z",
        canvas.across((0, looks.shirt), (1, dark(looks.shirt, 0.12))),
    )
    skin = canvas.across((0, light(looks.skin, 0.1)), (0.5, looks.skin), (1, dark(looks.skin, 0.24)))
    canvas.path("M 338 470 L 462 470 L 468 566 Q 400 640 332 566 Z", skin)
    canvas.path("M 338 492 Q 400 566 462 492 L 462 520 Q 400 590 338 520 Z", INK, 'opacity="0.16"')
    for flip in (1, -1):
        canvas.add(f'<g transform="translate({0 if flip == 1 else SIDE} 0) scale({flip} 1)">')
        canvas.path(
            "M 312 576 L 330 548 L 400 720 L 372 800 L 250 640 L 292 628 Z",
            dark(looks.jacket, 0.22 if flip == 1 else 0.4),
        )
        canvas.add("</g>")


def _face(canvas: Canvas, looks: _Looks) -> None:
    for x in (284, 516):
        canvas.oval(x, 378, 22, 38, dark(looks.skin, 0.12))
    canvas.path(
        _FACE,
        canvas.across((0, light(looks.skin, 0.22)), (0.5, looks.skin), (1, dark(looks.skin, 0.16))),
    )
    for x in (340, 460):
        canvas.soft(x + (6 if x < 400 else -6), 430, 46, 34, "#D9553D", 0.3)
        canvas.oval(x, 370, 11, 13, INK)
        canvas.oval(x + 4, 365, 3.5, 3.5, WHITE)
        canvas.line(f"M {x - 26} 332 Q {x} 318 {x + 26} 332", dark(looks.hair, 0.2), 9)
    canvas.line("M 400 378 Q 388 418 396 424 Q 404 428 412 422", dark(looks.skin, 0.36), 5, 'opacity="0.7"')
    canvas.path("M 356 458 Q 400 470 444 458 Q 432 490 400 491 Q 368 490 356 458 Z", "#8C2F2B")
    canvas.path("M 363 461 Q 400 471 437 461 L 431 471 Q 400 480 369 471 Z", WHITE)


def _hair_before(canvas: Canvas, looks: _Looks) -> None:
    hair = canvas.slant(
        0, 0, 1, 1, (0, light(looks.hair, 0.3)), (0.5, looks.hair), (1, dark(looks.hair, 0.3))
    )
    if looks.cut == "bob":
        canvas.path(
            "M 262 420 C 236 150, 420 130, 470 190 C 560 200, 556 330, 538 420 C 530 340, 506 290, 470 262 C 420 300, 330 310, 290 320 C 276 350, 270 384, 262 420 Z",
            hair,
        )
    elif looks.cut == "short":
        face = canvas.clip(f'<path d="{_FACE}"/>')
        canvas.path(
            "M 276 356 C 246 190, 330 150, 400 156 C 430 130, 560 170, 524 356 C 516 320, 506 296, 490 276 C 430 290, 350 280, 316 262 C 296 290, 284 322, 276 356 Z",
            hair,
        )
        canvas.path(
            "M 284 380 C 290 470, 330 536, 400 540 C 470 536, 510 470, 516 380 C 506 440, 470 450, 450 446 Q 400 436 350 446 C 330 450, 294 440, 284 380 Z",
            looks.hair,
            f'opacity="0.2" {face}',
        )
    else:
        canvas.path(
            "M 276 350 C 262 180, 538 180, 524 350 C 512 280, 460 246, 400 246 C 340 246, 288 280, 276 350 Z",
            hair,
        )
        for x in (284, 516):
            canvas.oval(x, 432, 8, 8, "#F0C766")
