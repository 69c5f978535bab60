"""Finds things on the page by what a person calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from page_workbook import COLUMN

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

T = TypeVar("T")


def cell(page: Page, row: int, column: str) -> Locator:
    """The cell of a sheet row (1 is the header) under a header."""
    return page.locator(f'.row[aria-rowindex="{row}"] .cell[data-column="{COLUMN[column]}"]')


def letter(page: Page, column: str) -> Locator:
    """The letter above a column."""
    return page.locator(f'.letter[data-column="{COLUMN[column]}"]')


def texts(page: Page, column: str) -> list[str]:
    """What a column shows below the header, from the top."""
    cells = page.locator(f'.band:not(.head .band) .cell[data-column="{COLUMN[column]}"]')
    return [text.strip() for text in cells.all_inner_texts()]


def until(page: Page, read: Callable[[], T], wanted: object, patience: int = 3000) -> T:
    """Reads until the wanted value is there or patience (in ms) is over; answers the last value."""
    value: Any = read()
    for _ in range(patience // 25):
        if value == wanted:
            break
        page.wait_for_timeout(25)
        value = read()
    return value
