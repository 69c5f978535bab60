"""Bugs: exceptions nobody expected, as values, with a number people can name to the developers."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import sha256


@dataclass(frozen=True, slots=True)
class Bug:
    """One exception, and where in the sheet it struck."""

    number: str
    """The same for the same fault of ours, whichever row meets it and however often."""

    row: int
    """Where the row stood on that read; 0 when it was not about one row."""

    cause: Exception


def bug_of(cause: Exception, row: int = 0) -> Bug:
    """Numbers an exception by its kind and by the lines of code it came through, never by what it says."""
    steps = [type(cause).__qualname__]
    trace = cause.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        steps.append(f"{code.co_filename.rpartition('/')[2]}:{code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return Bug(f"R-{int(sha256(chr(10).join(steps))[:12], 16) % 900_000 + 100_000}", row, cause)
