"""Logs: structured lines on stderr, past-tense facts with stable names, and never a secret."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, TextIO

import structlog

_SECRET_SHAPES = re.compile(
    r"zvid_[0-9a-fA-F]{8,}|ya29\.[\w.-]+|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)|"
    r"(?i:bearer\s+)[\w.~+/-]{8,}=*|whsec_\w+",
    re.DOTALL,
)
_HIDDEN = "[hidden]"


class Redactor:
    """Removes known secrets, and whatever has the shape of one, from everything that is said."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = [secret for secret in secrets if len(secret) >= 6]

    def __call__(self, _logger: Any, _name: str, said: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """As a structlog processor."""
        return {key: self.clean(value) for key, value in said.items()}

    def clean(self, value: Any) -> Any:
        """The same value without secrets."""
        if isinstance(value, str):
            for secret in self._secrets:
                value = value.replace(secret, _HIDDEN)
            return _SECRET_SHAPES.sub(_HIDDEN, value)
        if isinstance(value, dict):
            return {key: self.clean(one) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.clean(one) for one in value]
        return value


class Speaker:
    """A stream where a line that cannot be written is dropped: a full disk or a closed pipe stops no work."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """As the stream's own; says that all was written."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """As the stream's own."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()


def set_up_logs(style: str, level: str, secrets: Iterable[str] = ()) -> None:
    """Console lines for a terminal, JSON for machines; `auto` decides by looking at stderr."""
    is_console = style == "console" or (style == "auto" and sys.stderr.isatty())
    # https://no-color.org; and colours in a file are only noise.
    is_coloured = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    speaker: Any = Speaker(sys.stderr)
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=is_coloured)
        if is_console
        else structlog.processors.JSONRenderer(ensure_ascii=True)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            Redactor(secrets),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(speaker),
        cache_logger_on_first_use=False,
    )
    # Libraries talk through the standard logger; only their warnings are of interest.
    logging.basicConfig(level=logging.WARNING, stream=speaker, format="%(name)s: %(message)s")
