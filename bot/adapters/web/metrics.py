"""The robot's figures in the words of Prometheus; alone in knowing its client.

Figures are made of the picture the worker published last, at the moment somebody asks. Every label comes from a
short list of ours or from the settings; nothing of them was ever in a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from bot.domain import wording
from bot.domain.delivery import COPIES, LOOKS
from bot.domain.failures import FailureClass
from bot.domain.intents import State
from bot.domain.vitals import HOLDS, Spread, TabVitals, Tally

Values = Mapping[Any, float]
"""By the words of its labels, in their order."""

if TYPE_CHECKING:
    from bot.adapters.web.watch import Watched


class Figures(Collector):
    """A registry of their own: what other libraries count stays out."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    def written(self, accept: str) -> tuple[bytes, str]:
        """(body, content type) in the form that is asked for."""
        encode, kind = choose_encoder(accept)
        return encode(self._registry), kind

    def describe(self) -> Iterable[Metric]:
        """Nothing: the registry would collect once to know the names."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Everything, as of now."""
        watched = self._watched
        seen = watched.latest()
        yield _gauge("info", "Which program this is.", {("version",): {(watched.version,): 1}})
        yield _plain("start_time_seconds", "When the robot started.", seen.started_at.timestamp())
        yield _plain("silent_seconds", "Since the worker's last sign of life.", watched.silent_seconds())
        yield _plain("healthy", "1 while /healthz is.", float(not watched.ailments()))
        yield _plain("ready", "1 while /readyz is.", float(not watched.obstacles()))
        yield from _of_tabs(seen.tabs)
        yield from _of_tally(seen.tally)
        yield _gauge(
            "journal_bytes",
            "Size of the journal's files.",
            {
                ("file",): {
                    ("journal",): _size(watched.journal),
                    ("wal",): _size(watched.journal.with_name(f"{watched.journal.name}-wal")),
                }
            },
        )


def _of_tabs(tabs: tuple[TabVitals, ...]) -> Iterator[Metric]:
    read = {(tab.title,): tab.read_at.timestamp() for tab in tabs if tab.read_at is not None}
    yield _gauge("tab_read_timestamp_seconds", "When the tab was last read.", {("tab",): read})
    jobs = {(tab.title, state.value): tab.states.get(state, 0) for tab in tabs for state in State}
    yield _gauge("jobs", "Promised videos by state.", {("tab", "state"): jobs})
    words = wording.STATUS_WORDS
    rows = {(tab.title, word): tab.statuses.get(word, 0) for tab in tabs for word in words}
    yield _gauge("rows", "Rows by the word their Status begins with.", {("tab", "status"): rows})
    held = {(tab.title, kind): float(kind in tab.holds) for tab in tabs for kind in HOLDS}
    yield _gauge("hold", "1 while this keeps anything from being sent.", {("tab", "kind"): held})
    spent = {(tab.title,): tab.spent_today for tab in tabs}
    yield _gauge(
        "credits_today", "Of all tabs, since this tab's midnight; failures aside.", {("tab",): spent}
    )
    reserved = {(tab.title,): tab.reserved for tab in tabs}
    yield _gauge("credits_reserved", "Of jobs under way.", {("tab",): reserved})
    caps = {(tab.title,): tab.day_cap for tab in tabs if tab.day_cap is not None}
    yield _gauge("credits_per_day", "The day's limit; absent without one.", {("tab",): caps})


def _of_tally(tally: Tally) -> Iterator[Metric]:
    yield _counter("ticks", "Looks at a tab, by how they ended.", ("tab", "outcome"), tally.ticks)
    yield _histogram("tick_seconds", "How long a look at a tab took.", "tab", tally.tick_seconds)
    yield _counter("google_requests", "Requests to Google.", ("kind", "outcome"), tally.google)
    yield _counter("zvid_calls", "Requests to Zvid.", ("kind", "outcome"), tally.zvid)
    yield _histogram("zvid_call_seconds", "How long Zvid took to answer.", "kind", tally.zvid_seconds)
    ended = {(state.value, "none"): 0 for state in (State.COMPLETED, State.FAILED, State.NEEDS_DECISION)}
    ended |= {
        (state.value, kind.value): 0
        for state in (State.FAILED, State.NEEDS_DECISION)
        for kind in FailureClass
    }
    yield _counter(
        "renders_ended", "Videos that came to an end.", ("outcome", "failure"), {**ended, **tally.ended}
    )
    yield _histogram("approve_to_sending_seconds", "From the tick of Approve.", "", {"": tally.to_sending})
    yield _histogram("approve_to_done_seconds", "From the tick of Approve.", "", {"": tally.to_done})
    outcomes = (*COPIES, *LOOKS)
    yield _counter(
        "deliveries",
        "Videos that were copied, or not, and looks at links of finished ones.",
        ("kind", "outcome"),
        {**dict.fromkeys(outcomes, 0), **tally.copies},
    )
    yield _counter("messages", "Tries to tell people something.", ("way", "outcome"), tally.letters)
    yield _counter(
        "journal_errors", "Ticks the journal could not be used in.", (), {(): tally.journal_errors}
    )


def _gauge(name: str, says: str, labelled: Mapping[tuple[str, ...], Values]) -> Metric:
    [(labels, values)] = labelled.items()
    family = GaugeMetricFamily(f"rowreel_{name}", says, labels=labels)
    for named, value in values.items():
        family.add_metric(named, value)
    return family


def _plain(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"rowreel_{name}", says, value=value)


def _counter(name: str, says: str, labels: tuple[str, ...], values: Values) -> Metric:
    family = CounterMetricFamily(f"rowreel_{name}", says, labels=labels)
    for named, value in values.items():
        family.add_metric(named, value)
    return family


def _histogram(name: str, says: str, label: str, spreads: Mapping[str, Spread]) -> Metric:
    family = HistogramMetricFamily(f"rowreel_{name}", says, labels=[label] if label else [])
    for named, spread in spreads.items():
        edges = [*(str(bound) for bound in spread.bounds), "+Inf"]
        buckets = list(zip(edges, accumulate(spread.counts), strict=True))
        family.add_metric([named] if label else [], buckets, spread.total)
    return family


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
