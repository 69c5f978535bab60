"""Screens of an invented planning app, in any accent colour, 1600 x 1000."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.pictures.canvas import WHITE, Canvas, dark, light

WIDTH, HEIGHT = 1600, 1000

TEXT, MUTED, RULE, PAPER = "#1B2233", "#7A8499", "#E6E9F0", "#F6F7FA"
_LEFT, _TOP = 290, 84


def screen(which: str, tone: str) -> str:
    """A screen by its name, as SVG with words in it."""
    canvas = Canvas(WIDTH, HEIGHT)
    title = _window(canvas, which, tone)
    _words(canvas, _LEFT + 50, _TOP + 76, title, 38, TEXT, 700)
    _SCREENS[which](canvas, tone)
    return canvas.svg()


def _words(
    canvas: Canvas,
    x: float,
    y: float,
    words: str,
    size: float,
    colour: str = TEXT,
    weight: int = 500,
    more: str = "",
) -> None:
    canvas.add(
        f'<text x="{x:g}" y="{y:g}" font-family="Inter" font-size="{size:g}" font-weight="{weight}" fill="{colour}" {more}>{words}</text>'
    )


def _button(canvas: Canvas, x: float, y: float, width: float, words: str, tone: str) -> None:
    canvas.rect(x, y, width, 62, canvas.down((0, light(tone, 0.12)), (1, tone)), 14)
    _words(canvas, x + width / 2, y + 40, words, 25, WHITE, 600, 'text-anchor="middle"')


def _card(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    canvas.rect(x, y + 4, width, height, "#DDE2EC", 18)
    canvas.rect(x, y, width, height, WHITE, 18, f'stroke="{RULE}" stroke-width="2"')


def _window(canvas: Canvas, which: str, tone: str) -> str:
    """The frame around every screen; gives the title of this one."""
    canvas.rect(0, 0, WIDTH, HEIGHT, PAPER)
    canvas.rect(0, 0, _LEFT, HEIGHT, "#141A2A")
    canvas.rect(_LEFT, 0, WIDTH - _LEFT, _TOP, WHITE)
    canvas.rect(_LEFT, _TOP - 2, WIDTH - _LEFT, 2, RULE)
    canvas.rect(34, 28, 46, 46, canvas.slant(0, 0, 1, 1, (0, light(tone, 0.3)), (1, tone)), 13)
    canvas.path(
        "M 46 52 L 54 60 L 69 43",
        more=f'stroke="{WHITE}" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"',
    )
    _words(canvas, 96, 61, "Tidewise", 29, WHITE, 700)
    for row, (name, words) in enumerate(
        (("board", "Overview"), ("calendar", "Calendar"), ("table", "Bookings"), ("form", "Team"))
    ):
        y = 140 + row * 74
        if name == which:
            canvas.rect(20, y, 250, 58, tone, 14, 'opacity="0.9"')
        canvas.rect(42, y + 18, 22, 22, WHITE if name == which else "#5B6580", 6)
        _words(
            canvas,
            84,
            y + 38,
            words,
            25,
            WHITE if name == which else "#A9B2C7",
            600 if name == which else 500,
        )
    canvas.oval(58, 930, 28, 28, canvas.slant(0, 0, 1, 1, (0, "#F6C9A8"), (1, "#D98A62")))
    _words(canvas, 58, 938, "ÅL", 21, WHITE, 700, 'text-anchor="middle"')
    _words(canvas, 100, 938, "Åsa Lindqvist", 22, "#C4CBDB")
    canvas.rect(_LEFT + 50, 18, 480, 48, PAPER, 24)
    canvas.oval(_LEFT + 82, 41, 9, 9, "none", f'stroke="{MUTED}" stroke-width="3"')
    canvas.line(f"M {_LEFT + 89} 48 L {_LEFT + 96} 55", MUTED, 3)
    _words(canvas, _LEFT + 112, 50, "Search", 22, MUTED)
    return {
        "board": "Good morning, Åsa",
        "calendar": "September",
        "table": "Bookings",
        "form": "Invite your team",
    }[which]


def _board(canvas: Canvas, tone: str) -> None:
    for column, (name, value, change) in enumerate(
        (("Bookings", "1,284", "+12 %"), ("Revenue", "€ 48,920", "+8 %"), ("No-shows", "1.9 %", "−0.6 %"))
    ):
        x = 340 + column * 410
        _card(canvas, x, 206, 384, 168)
        _words(canvas, x + 30, 256, name, 24, MUTED)
        _words(canvas, x + 30, 322, value, 48, TEXT, 700)
        canvas.rect(x + 258, 226, 98, 40, light(tone, 0.84), 20)
        _words(canvas, x + 307, 254, change, 21, dark(tone, 0.3), 600, 'text-anchor="middle"')
        canvas.rect(x + 30, 344, 324, 6, RULE, 3)
        canvas.rect(x + 30, 344, 120 + column * 70, 6, tone, 3)
    _card(canvas, 340, 404, 794, 540)
    _words(canvas, 374, 460, "This week", 28, TEXT, 600)
    heights = (150, 220, 190, 290, 340, 260, 180)
    for day, tall in enumerate(heights):
        x = 392 + day * 104
        canvas.rect(x, 860 - tall * 0.66, 34, tall * 0.66, light(tone, 0.7), 9)
        canvas.rect(x + 38, 860 - tall, 34, tall, canvas.down((0, light(tone, 0.16)), (1, tone)), 9)
        _words(canvas, x + 36, 904, "MTWTFSS"[day], 22, MUTED, 500, 'text-anchor="middle"')
    _card(canvas, 1160, 404, 384, 540)
    _words(canvas, 1192, 460, "Today", 28, TEXT, 600)
    for row, (hour, who, colour) in enumerate(
        (
            ("09:00", "Ida Møller", tone),
            ("10:30", "Zoë &amp; Jan", "#F2A65A"),
            ("13:00", "Łukasz W.", "#6C8EF2"),
            ("15:15", "Noor A.", "#E0709B"),
            ("17:00", "Team call", tone),
        )
    ):
        y = 504 + row * 84
        canvas.rect(1192, y, 6, 58, colour, 3)
        _words(canvas, 1216, y + 24, hour, 20, MUTED)
        _words(canvas, 1216, y + 54, who, 25, TEXT, 600)


def _calendar(canvas: Canvas, tone: str) -> None:
    _button(canvas, 1318, 116, 226, "New event", tone)
    _card(canvas, 340, 206, 1204, 738)
    for day, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")):
        _words(canvas, 340 + 172 * (day + 0.5), 252, name, 22, MUTED, 600, 'text-anchor="middle"')
        if day:
            canvas.rect(340 + 172 * day, 276, 2, 668, RULE)
    events = {
        4: ("Kick-off", tone),
        9: ("Dr. Sørensen", "#F2A65A"),
        12: ("Workshop", "#6C8EF2"),
        17: ("Review", tone),
        18: ("Photo day", "#E0709B"),
        24: ("Launch", tone),
    }
    for number in range(35):
        column, row = number % 7, number // 7
        x, y = 340 + column * 172, 276 + row * 134
        canvas.rect(340, y, 1204, 2, RULE)
        shown = number - 1 if number else 31
        if 1 <= number <= 30:
            if number == 12:
                canvas.oval(x + 32, y + 33, 24, 24, tone)
            _words(
                canvas,
                x + 32,
                y + 41,
                str(shown + 1),
                23,
                WHITE if number == 12 else TEXT,
                600,
                'text-anchor="middle"',
            )
        if number in events:
            words, colour = events[number]
            canvas.rect(x + 12, y + 66, 150, 46, light(colour, 0.8), 10)
            canvas.rect(x + 12, y + 66, 6, 46, colour, 3)
            _words(canvas, x + 28, y + 97, words, 20, dark(colour, 0.5), 600)


def _table(canvas: Canvas, tone: str) -> None:
    _button(canvas, 1318, 116, 226, "Add row", tone)
    _card(canvas, 340, 206, 1204, 738)
    canvas.rect(341, 207, 1202, 70, PAPER, 17)
    places = (374, 690, 960, 1150, 1384)
    for x, name in zip(places, ("Guest", "Service", "Date", "Amount", "Status"), strict=True):
        _words(canvas, x, 252, name, 22, MUTED, 600)
    rows = (
        ("Ana Petrović", "Deep clean", "3 Sep", "€ 120", "Paid"),
        ("Jürgen Weiß", "Check-up", "4 Sep", "€ 60", "Open"),
        ("Siobhán Daly", "Consulting", "4 Sep", "€ 240", "Paid"),
        ("Đặng Minh", "Deep clean", "7 Sep", "€ 120", "Paid"),
        ("Chloé Girard", "Workshop", "9 Sep", "€ 380", "Open"),
        ("Rúben Costa", "Check-up", "10 Sep", "€ 60", "Paid"),
        ("Ewa Zając", "Consulting", "11 Sep", "€ 240", "Paid"),
    )
    for number, row in enumerate(rows):
        y = 277 + number * 95
        if number == 2:
            canvas.rect(341, y, 1202, 95, light(tone, 0.9))
            canvas.rect(341, y, 7, 95, tone)
        canvas.rect(340, y, 1204, 2, RULE)
        canvas.oval(398, y + 48, 24, 24, light(("#6C8EF2", "#F2A65A", "#E0709B", tone)[number % 4], 0.45))
        _words(canvas, 436, y + 56, row[0], 24, TEXT, 600)
        for x, words in zip(places[1:4], row[1:4], strict=True):
            _words(canvas, x, y + 56, words, 24, "#4A5468")
        is_paid = row[4] == "Paid"
        canvas.rect(1384, y + 24, 106, 46, light("#2FA97C" if is_paid else "#E79A3C", 0.82), 23)
        _words(
            canvas, 1437, y + 55, row[4], 21, "#17694A" if is_paid else "#8F5510", 600, 'text-anchor="middle"'
        )


def _form(canvas: Canvas, tone: str) -> None:
    _card(canvas, 340, 206, 760, 738)
    for row, (name, value) in enumerate(
        (("Name", "Mária Kováčová"), ("E-mail", "maria@tidewise.example"), ("Role", "Front desk"))
    ):
        y = 250 + row * 158
        _words(canvas, 384, y + 22, name, 23, MUTED, 600)
        canvas.rect(
            384,
            y + 40,
            672,
            76,
            WHITE,
            14,
            f'stroke="{tone if row == 1 else "#D5DAE5"}" stroke-width="{4 if row == 1 else 2}"',
        )
        _words(canvas, 410, y + 88, value, 27)
    canvas.path(
        "M 1008 646 L 1022 660 L 1036 646",
        more=f'stroke="{MUTED}" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"',
    )
    for row, words in enumerate(("May see prices", "May change opening hours")):
        y = 734 + row * 60
        canvas.rect(384, y, 74, 40, tone if row == 0 else "#CDD3DF", 20)
        canvas.oval(438 if row == 0 else 404, y + 20, 15, 15, WHITE)
        _words(canvas, 478, y + 29, words, 24)
    _button(canvas, 384, 862, 260, "Send invite", tone)
    _card(canvas, 1130, 206, 414, 738)
    _words(canvas, 1164, 262, "Your team", 28, TEXT, 600)
    for row, (who, role, colour) in enumerate(
        (
            ("Åsa Lindqvist", "Owner", "#D98A62"),
            ("Tomasz Nowak", "Front desk", "#6C8EF2"),
            ("Inês Duarte", "Marketing", "#2FA97C"),
            ("Amara Okoye", "Finance", "#E0709B"),
        )
    ):
        y = 306 + row * 112
        canvas.oval(1200, y + 38, 36, 36, canvas.slant(0, 0, 1, 1, (0, light(colour, 0.5)), (1, colour)))
        _words(canvas, 1200, y + 48, who[0], 28, WHITE, 700, 'text-anchor="middle"')
        _words(canvas, 1256, y + 32, who, 25, TEXT, 600)
        _words(canvas, 1256, y + 64, role, 21, MUTED)
    canvas.rect(1164, 790, 346, 118, light(tone, 0.88), 16)
    _words(canvas, 1190, 836, "4 of 6 seats used", 24, dark(tone, 0.5), 600)
    canvas.rect(1190, 862, 294, 14, WHITE, 7)
    canvas.rect(1190, 862, 196, 14, tone, 7)


_SCREENS: dict[str, Callable[[Canvas, str], None]] = {
    "board": _board,
    "calendar": _calendar,
    "table": _table,
    "form": _form,
}
