"""A world for every story."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from fakes.world import World


@pytest.fixture(scope="session", autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of ticks are logged to nobody."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journals")


@pytest.fixture
def world(folder: Path) -> Iterator[World]:
    """An empty sheet the robot knows already, and a service that charges for every repeat."""
    world = World(folder)
    world.know_the_tab()
    yield world
    world.close()
