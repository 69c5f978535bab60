"""Finds things on the page by what a person calls them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from page_workbook import COLUMN

if TYPE_CHECKING:
    from page_workbook import Book
    from playwright.sync_api import Locator, Page

T = TypeVar("T")


_opened = itertools.count()

_PASTE = """([plain, rich]) => {
  const clipboardData = new DataTransfer();
  if (plain !== null) clipboardData.setData('text/plain', plain);
  if (rich !== null) clipboardData.setData('text/html', rich);
  document.activeElement.dispatchEvent(
    new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}"""


def open_book(page: Page, book: Book) -> None:
    """Opens a sheet in a page, be it one that shows another sheet; returns when it is ready."""
    page.goto(f"{book.base_url}/?{next(_opened)}#{book.id}", timeout=30_000)
    page.wait_for_selector("html[data-ready]", timeout=30_000)


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


def until(page: Page, read: Callable[[], T], wanted: object, patience: int = 8000) -> T:
    """Reads until the wanted value is there or patience (in ms) is over; answers the last value."""
    value: Any = read()
    for _ in range(patience // 25):
        if value == wanted:
            break
        page.wait_for_timeout(25)
        value = read()
    return value


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def place(page: Page) -> str:
    """The address of the selection, as the line above the grid says it."""
    return page.locator("#place").inner_text()


def paste(page: Page, plain: str | None, rich: str | None = None) -> None:
    """Pastes what another program put on the clipboard, byte for byte."""
    page.evaluate(_PASTE, [plain, rich])


def news(page: Page) -> str:
    """What a screen reader was told last."""
    return (page.locator("#news").text_content() or "").strip()
