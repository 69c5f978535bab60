"""Bar charts as plain SVG, each with a table of the same figures for those who cannot or do not want to see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDE, _HIGH = 360, 132
_LEFT, _TOP, _FOOT = 34, 10, 20
_LABELS = 6


@dataclass(frozen=True, slots=True)
class Bars:
    """One chart: its title, what is counted, and the figures with their labels."""

    name: str
    """For the element's id."""

    title: str
    unit: str
    heads: tuple[str, str]
    """Of the table."""

    figures: Sequence[tuple[str, int]]


def chart(bars: Bars) -> str:
    """The picture, one sentence of it in words, and the table."""
    values = [value for _, value in bars.figures]
    told = f"{sum(values):,} {bars.unit} in all, at most {max(values, default=0):,}."
    name = escape(bars.name)
    return (
        f'<section class="card"><h2 id="{name}">{escape(bars.title)}</h2><p>{escape(told)}</p>'
        f'{_picture(bars)}<details id="{name}-table"><summary>As a table</summary>{_table(bars)}</details></section>'
    )


def _picture(bars: Bars) -> str:
    top = _nice(max((value for _, value in bars.figures), default=0))
    room, high = _WIDE - _LEFT, _HIGH - _TOP - _FOOT
    step = room / max(len(bars.figures), 1)
    # The picture says nothing that the sentence and the table beside it do not.
    drawn = [f'<svg viewBox="0 0 {_WIDE} {_HIGH}" aria-hidden="true" focusable="false">']
    for part in (0, 0.5, 1):
        y = _TOP + high * (1 - part)
        drawn.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDE}" y1="{y:.1f}" y2="{y:.1f}"/>')
        if part != 0.5 or top >= 2:
            drawn.append(
                f'<text x="{_LEFT - 5}" y="{y + 3:.1f}" text-anchor="end">{_short(top * part)}</text>'
            )
    every = max(1, -(-len(bars.figures) // _LABELS))
    for number, (label, value) in enumerate(bars.figures):
        x, tall = _LEFT + number * step, high * value / top
        # A figure that is there is seen, however small it is beside the others.
        tall = max(tall, 1.5) if value else 0
        drawn.append(
            f'<rect class="bar" x="{x + step * 0.12:.1f}" y="{_TOP + high - tall:.1f}" '
            f'width="{step * 0.76:.1f}" height="{tall:.1f}" rx="1.5"/>'
        )
        if number % every == 0:
            drawn.append(
                f'<text x="{x + step / 2:.1f}" y="{_HIGH - 5}" text-anchor="middle">{escape(label)}</text>'
            )
    return "".join([*drawn, "</svg>"])


def _table(bars: Bars) -> str:
    first, second = (escape(one) for one in bars.heads)
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td>{value:,}</td></tr>' for label, value in bars.figures
    )
    return (
        f'<div class="wide" tabindex="0" role="region" aria-labelledby="{escape(bars.name)}"><table aria-labelledby="{escape(bars.name)}"><thead><tr><th scope="col">{first}</th>'
        f'<th scope="col">{second}</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _nice(most: int) -> int:
    """A round figure at or above the highest bar."""
    scale = 1
    while True:
        for step in (1, 2, 4, 5, 10):
            if step * scale >= most:
                return step * scale
        scale *= 10


def _short(value: float) -> str:
    return f"{value / 1000:g}k" if value >= 1000 else f"{value:g}"
