"""A home for users who have none, for as long as a library that insists on one is imported.

In a container the robot may run as a user no file knows, and without HOME. gspread asks for a home as it is
imported, to keep key files there that we never use, and Python then knows no answer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def some_home() -> Iterator[None]:
    """Whoever has no home is told of the root folder meanwhile; nothing is looked for or written there."""
    try:
        Path.home()
    except RuntimeError:
        os.environ["HOME"] = "/"
        try:
            yield
        finally:
            del os.environ["HOME"]
    else:
        yield
