"""Alert rules and the Grafana dashboard speak of figures the robot really has, with labels and words it really uses."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest
import yaml
from watch_stage import Stage

from bot.domain.failures import FailureClass
from bot.domain.letters import Outcome
from bot.messengers import WAYS
from bot.reconciler.metered import KINDS
from bot.reconciler.tick_line import OUTCOMES
from bot.settings import WatchSettings

DEPLOY = Path(__file__).parents[2] / "deploy"
ALERTS = [
    rule
    for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
BOARD = json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))
QUERIES = [
    *((rule["alert"], rule["expr"]) for rule in ALERTS),
    *((panel["title"], target["expr"]) for panel in BOARD["panels"] for target in panel["targets"]),
]
OF_PROMETHEUS = {"up"}
ADDED_BY_A_SCRAPE = {"job", "instance"}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[dict[str, str]]]]:
    """Every figure of a robot that did everything once, with the labels it has."""
    stage = Stage(tmp_path_factory.mktemp("figures"))
    stage.stands(day_cap=100)
    for outcome in OUTCOMES:
        stage.meter.ticked(stage.meter.tab("Videos"), outcome, 0.1)
    for kind in KINDS:
        stage.meter.called(kind, "ok", 0.1)
    for failure in ("ok", *FailureClass):
        stage.meter.requested("read", failure)
    for way in WAYS:
        for outcome in Outcome:
            stage.meter.told(way, outcome.value)
    stage.meter.publish()
    found: dict[str, list[dict[str, str]]] = {}
    for name, labels in stage.figures():
        found.setdefault(name, []).append(dict(labels))
    yield found
    stage.server.stop()


def selectors(query: str) -> list[Any]:
    """Whatever a query reads."""
    found: list[Any] = []
    promql.walk(promql.parse(query), found.append)
    return [one for one in found if isinstance(one, promql.VectorSelector)]


@pytest.mark.parametrize(
    ("name", "query"), QUERIES, ids=[f"{n}-{name}" for n, (name, _) in enumerate(QUERIES)]
)
def test_every_query_finds_something(figures: dict[str, list[dict[str, str]]], name: str, query: str):
    """It parses; each figure it reads is there; each word it asks for is one the robot says."""
    read = [one for one in selectors(query) if one.name not in OF_PROMETHEUS]

    for one in read:
        assert one.name in figures, one.name
        for matcher in one.matchers.matchers:
            if matcher.name in ADDED_BY_A_SCRAPE:
                continue
            said = {labels.get(matcher.name) for labels in figures[one.name]}
            assert set(matcher.value.split("|")) <= said, (one.name, matcher.name)


@pytest.mark.parametrize("rule", ALERTS, ids=[rule["alert"] for rule in ALERTS])
def test_every_alert_says_what_to_do(rule: dict[str, Any]):
    """Whoever it wakes reads what is wrong and what helps."""
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["action"]


def test_no_panel_lies_over_another():
    """Every panel has an id and a place of its own."""
    cells = [
        (x, y)
        for panel in BOARD["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert len(cells) == len(set(cells))
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])
    assert max(x for x, _ in cells) < 24


def test_every_figure_is_told_in_the_readme(figures: dict[str, list[dict[str, str]]]):
    """Those of our own; a histogram by its one name."""
    readme = (DEPLOY.parent / "README.md").read_text(encoding="utf-8")
    plain = {name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count") for name in figures}

    assert [name for name in sorted(plain) if name.startswith("rowreel_") and f"`{name}`" not in readme] == []


def probe(name: str) -> list[str]:
    """What a container runs to ask its robot how it is."""
    if name == "compose.yaml":
        service = yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))["services"]["rowreel"]
        return list(service["healthcheck"]["test"][1:])
    parts = yaml.safe_load_all((DEPLOY / name).read_text(encoding="utf-8"))
    [deployment] = [part for part in parts if part["kind"] == "Deployment"]
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    return list(container["readinessProbe"]["exec"]["command"])


@pytest.mark.parametrize("name", ["compose.yaml", "kubernetes.yaml"])
def test_a_container_s_probe_asks_where_the_robot_answers(tmp_path: Path, name: str):
    """At the usual address, and it fails with whatever is wrong."""
    usual = WatchSettings().listen
    command = probe(name)
    stage = Stage(tmp_path)
    stage.stands()
    here = [sys.executable, *(part.replace(usual, str(stage.server.place)) for part in command[1:])]
    well = subprocess.run(here, check=False, capture_output=True).returncode
    stage.meter.tab("Other")
    stage.clock.advance(9999)
    stage.meter.publish()
    ill = subprocess.run(here, check=False, capture_output=True).returncode
    stage.server.stop()

    assert command[0] == "python"
    assert any(usual in part for part in command)
    assert (well, ill) == (0, 1)
