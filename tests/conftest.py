"""What every test shares: no setting of the machine leaks in."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and keys in the developer's environment are none of the tests' business."""
    for name in list(os.environ):
        if name.startswith("ROWREEL_") and name != "ROWREEL_REQUIRE_BROWSER":
            monkeypatch.delenv(name)
    monkeypatch.delenv("ZVID_API_KEY", raising=False)
