"""The page for whoever watches the robot: whole in itself, nothing is loaded from anywhere, nothing can be changed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.adapters.web.charts import Bars, chart
from bot.adapters.web.past import FAILED_DAYS, Past
from bot.domain import wording
from bot.domain.events import CALLED
from bot.domain.intents import State
from bot.domain.vitals import Reason, TabVitals, UnderWay, Vitals

_STATIC = Path(__file__).with_name("static")


class Page:
    """Writes it anew for everyone who asks."""

    def __init__(self, version: str, *, show_names: bool) -> None:
        self._version = version
        self._show_names = show_names
        self._style = (_STATIC / "page.css").read_text(encoding="utf-8")
        self._script = (_STATIC / "page.js").read_text(encoding="utf-8")

    @property
    def policy(self) -> str:
        """What a browser may do with it: run and style with what is in it, and ask this very address again."""
        return (
            f"default-src 'none'; style-src '{_hash(self._style)}'; script-src '{_hash(self._script)}'; "
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )

    def written(self, seen: Vitals, reasons: Sequence[Reason], past: Past | None) -> str:
        """The whole page; `reasons` are those for which the robot is not well or not ready."""
        zone = zone_of(seen)
        word, kind = _state(seen, reasons)
        body = [
            _reasons(reasons),
            *(self._tab(tab, zone) for tab in seen.tabs),
            self._under_way(seen, zone),
            *_charts(past),
        ]
        return (
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(word)} · Rowreel</title>"
            '<noscript><meta http-equiv="refresh" content="30"></noscript>'
            f"<style>{self._style}</style></head><body>"
            f'<header><h1>Rowreel</h1><p id="state" role="status" class="state {kind}">{escape(word)}</p>'
            f'<p id="when">As of {_time(seen.at, zone)} ({escape(str(zone))}), started {_time(seen.started_at, zone)}</p>'
            '<button id="pause" type="button" aria-pressed="false">Pause updates</button></header>'
            f'<main id="main">{"".join(body)}</main>'
            f"<footer><p>Version {escape(self._version)} · "
            '<a href="/healthz">health</a> · <a href="/readyz">readiness</a> · <a href="/metrics">metrics</a></p>'
            f"</footer><script>{self._script}</script></body></html>"
        )

    def _tab(self, tab: TabVitals, zone: tzinfo) -> str:
        read = f"Last read {_time(tab.read_at, zone)}." if tab.read_at else "Not read yet."
        money = f"{tab.spent_today:,} credits today" + (
            f" of {tab.day_cap:,}" if tab.day_cap is not None else ""
        )
        figures = {
            "Waiting": tab.waiting,
            "At Zvid": tab.under_way_count,
            wording.DONE: tab.statuses.get(wording.DONE, 0),
            wording.NEEDS_FIXING: tab.statuses.get(wording.NEEDS_FIXING, 0),
            wording.FAILED: tab.statuses.get(wording.FAILED, 0),
        }
        tiles = "".join(
            f"<div><dt>{escape(name)}</dt><dd>{count:,}</dd></div>" for name, count in figures.items()
        )
        rows = [(word, f"{tab.statuses[word]:,}") for word in wording.STATUS_WORDS if tab.statuses.get(word)]
        return (
            f'<section class="card whole"><h2>{escape(tab.title)}</h2>{_holds(tab)}<dl class="tiles">{tiles}</dl>'
            f"<p>{read} {escape(money)}; {tab.reserved:,} reserved for videos under way.</p>"
            f'<details id="rows-{escape(tab.title)}"><summary>{wording.rows_words(tab.rows)} by status</summary>'
            f"{_table(tab.title, ('Status', 'Rows'), rows)}</details></section>"
        )

    def _under_way(self, seen: Vitals, zone: tzinfo) -> str:
        heads = ("Row", "Row ID", "State", "Sent", "Attempt", *(["Video"] if self._show_names else []))
        rows = [
            (
                str(one.row_number or "gone"),
                one.row_id,
                _progress(one),
                f"{one.sent_at.astimezone(zone):%H:%M:%S}" if one.sent_at else "",
                str(one.attempt + 1),
                *([one.name] if self._show_names else []),
            )
            for tab in seen.tabs
            for one in tab.under_way
        ]
        listed = _table("Jobs at Zvid", heads, rows) if rows else "<p>Nothing at the moment.</p>"
        return f'<section class="card whole"><h2>At Zvid now</h2>{listed}</section>'


def _progress(job: UnderWay) -> str:
    is_at_it = job.state is State.ACTIVE and job.percent is not None
    return f"{CALLED[job.state]} {job.percent}%" if is_at_it else CALLED[job.state]


def zone_of(seen: Vitals) -> tzinfo:
    """The first sheet's, as people there read times."""
    try:
        return ZoneInfo(seen.tabs[0].zone if seen.tabs else "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _state(seen: Vitals, reasons: Sequence[Reason]) -> tuple[str, str]:
    """The one word, and how it looks."""
    if reasons:
        return "Needs somebody", "bad"
    if any(tab.holds for tab in seen.tabs):
        return "On hold", "held"
    return "Working", "good"


def _reasons(reasons: Iterable[Reason]) -> str:
    told = [f"{one.tab}: {one.says}" if one.tab else one.says for one in reasons]
    lines = "".join(f"<li>{escape(one)}</li>" for one in dict.fromkeys(told))
    return (
        f'<section class="card whole bad"><h2>What is wrong</h2><ul>{lines}</ul></section>' if lines else ""
    )


def _holds(tab: TabVitals) -> str:
    """The tab's own sentence, with its figures; where more than one thing holds it, what each of them means."""
    kinds = sorted(tab.holds)
    is_told = bool(tab.says) and len(kinds) <= 1
    lines = [*([tab.says] if tab.says else []), *([] if is_told else map(wording.hold_told, kinds))]
    return "".join(f'<p class="held">{escape(line)}</p>' for line in lines)


def _charts(past: Past | None) -> Iterable[str]:
    if past is None:
        yield '<section class="card whole"><p>The journal cannot be read at the moment.</p></section>'
        return
    hours = [(f"{hour:%H:%M}", count) for hour, count in past.hours]
    yield chart(Bars("hours", "Videos an hour, last 24 hours", "videos", ("Hour", "Videos"), hours))
    days = [(f"{day:%d %b}", spent) for day, spent in past.days]
    yield chart(Bars("days", "Credits a day, last 30 days", "credits", ("Day", "Credits"), days))
    rows = [(wording.end_told(code), code, f"{count:,}") for code, count in past.failed]
    listed = (
        _table("Videos that were not made", ("Reason", "Code", "Videos"), rows) if rows else "<p>Nothing.</p>"
    )
    yield f'<section class="card whole"><h2>Not made, last {FAILED_DAYS} days</h2>{listed}</section>'


def _table(name: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="wide" tabindex="0" role="region" aria-label="{escape(name)}"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _time(moment: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    return f'<time datetime="{local.isoformat(timespec="seconds")}">{local:%d %b %H:%M:%S}</time>'


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
