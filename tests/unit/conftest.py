"""Properties are judged by their answers, not by a busy machine's clock."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("rowreel", deadline=None)
settings.load_profile("rowreel")
