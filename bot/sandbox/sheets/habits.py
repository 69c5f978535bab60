"""What Google's pages do not say of Sheets, as switches."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How the service behaves where its pages do not say; each at a client's worst case."""

    # Whether findReplace reads its result like typing, so that `=…` or digits change kind (not documented).
    find_replace_parses: bool = True
    # What a values read gives for an IMAGE cell (not documented).
    image_reads_as: str = ""
    # Whether writes past a strict validation rule are refused (not documented). Taking them silently is
    # the worse case: a text in a checkbox cell breaks it and nobody is told.
    strict_validation: bool = False
    # Whether developer metadata of rows goes along when they are sorted (not documented). Staying behind is the
    # worse case: it then speaks of another record.
    sort_moves_metadata: bool = False
    # Whether a write by a data filter that matches nothing is refused (not documented). Nothing said is worse.
    empty_filter_is_an_error: bool = False
    # Whether developer metadata of a tab goes along when the tab is copied (not documented). Two tabs that answer to
    # one tag are the worse case.
    copies_take_metadata: bool = True
    # Whether a banding may lie over another one (not documented). A refused set-up is the worse case.
    bandings_may_overlap: bool = False
    # Whether TRUE and FALSE read in the file's language, as `WAHR` (not documented). Words of another language are
    # the worse case for a client that compares texts.
    booleans_speak_locale: bool = True
    # Whether a typed `+A1` or `-A1` becomes a formula (not documented for each form). Text that runs is worse.
    signs_start_formulas: bool = True
    # Whether a RAW number in a cell formatted as text is kept as text (not documented).
    text_cells_keep_text: bool = False
    # How far a tab may grow sideways, and how many characters of developer metadata it and the file may have each
    # (both from memory). 0 is no limit.
    most_columns: int = 18_278
    most_metadata: int = 30_000
