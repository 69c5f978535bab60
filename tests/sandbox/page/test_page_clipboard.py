"""Blocks of cells between the page and other programs, and within the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from page_workbook import COLUMN, ROWS, Book
from sheet_page import cell, paste, place, press, texts, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# As the programs put them there: markup around, source wrapped, quotes and blanks in their own ways.
EXCEL = """<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta name=ProgId content=Excel.Sheet><style><!-- .xl65 {white-space:normal;} --></style></head>
<body><table border=0 cellpadding=0 width=128 style='border-collapse:collapse'>
<!--StartFragment--><col width=64 span=2>
 <tr height=40><td height=40 class=xl65 width=64 style='height:30.0pt'>Two<br>
    lines</td><td x:str>27&quot; screen</td></tr>
 <tr><td>a<span style='mso-spacerun:yes'>&nbsp; </span>b</td><td align=right>12.5</td></tr>
<!--EndFragment--></table></body></html>"""
EXCEL_PLAIN = '"Two\nlines"\t27" screen\r\na  b\t12.5\r\n'
OFFICE = """<!DOCTYPE html><html><head><meta name="generator" content="LibreOffice 7.6 (Linux)"/></head><body>
<table cellspacing="0" border="0"><colgroup width="85"></colgroup><tr><td height="17" align="left"
valign=bottom><font face="Liberation Sans">"Hello"</font></td><td align="right" sdval="12.5"
sdnum="1033;"><font>12.5</font></td></tr></table></body></html>"""
OFFICE_PLAIN = '"Hello"\t12.5\n'
# LibreOffice 7.4's own clipboard, of a German sheet: a remark, a merged cell, texts that look like numbers.
GERMAN = """<table cellspacing="0" border="0">
	<colgroup span="4" width="89"></colgroup>
	<tr>
		<td height="34" align="left">Two<br>lines</td>
		<td align="right" sdval="1234.567891" sdnum="1033;1031;#.##0,00">1.234,57</td>
		<td align="right" sdval="46082" sdnum="1033;1031;TT.MM.JJJJ">01.03.2026</td>
		<td align="left">27&quot; screen</td>
	</tr>
	<tr>
		<td height="18" align="left" sdnum="1033;1033;@">00123</td>
		<td align="right" sdval="0.125" sdnum="1033;1031;0,00%">12,50%</td>
		<td align="left">  lead</td>
		<td align="left"><a class="comment-indicator"></a>
	<comment>a secret remark</comment>
	noted</td>
	</tr>
	<tr>
		<td colspan=2 height="18" align="left">merged</td>
		<td align="right" sdval="0.333333333333333" sdnum="1033;">0.333333333333333</td>
		<td align="right" sdval="19.99" sdnum="1033;1031;#.##0,00 [$€-407]">19,99 €</td>
	</tr>
</table>"""
GERMAN_PLAIN = (
    'Two lines\t1.234,57\t01.03.2026\t27" screen\n00123\t12,50%\t  lead\tnoted\n'
    "merged\t\t0.333333333333333\t19,99 €\n"
)
# Excel says what is text by a class of its style sheet.
MARKED = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style><!--
.xl65 {mso-number-format:"\\@";} .xl66 {mso-number-format:"0\\.00";} --></style></head><body><table>
<!--StartFragment--><tr><td class=xl65 align=left>00123</td><td class=xl66 align=right>12.50</td></tr>
<tr><td style='mso-number-format:"\\@"'>TRUE</td><td>=plain</td></tr><!--EndFragment--></table></body></html>"""
MARKED_PLAIN = "00123\t12.50\r\nTRUE\tx\r\n"
COPIED = """() => document.addEventListener('copy', (event) => {
  window.copied = ['text/plain', 'text/html'].map((kind) => event.clipboardData.getData(kind));
})"""


def test_a_pasted_block_lands_as_cells(page: Page, book: Book):
    """A block from another spreadsheet fills cells to the right and below, quotes and line breaks undone."""
    text = 'Autumn\\t"Two\\nlines, a \\ttab and ""quotes"""\\tSoft\\r\\nWinter\\tPlain\\tHard\\r\\n'
    page.evaluate(f"navigator.clipboard.writeText('{text}')")
    cell(page, 3, "Campaign").click()
    press(page, "Control+v")
    wanted = [["Autumn", 'Two\nlines, a \ttab and "quotes"', "Soft"], ["Winter", "Plain", "Hard"]]

    assert until(page, lambda: book.block("Videos!B3:D4"), wanted) == wanted


@pytest.mark.parametrize(
    ("plain", "rich", "wanted"),
    [
        (EXCEL_PLAIN, EXCEL, [["Two\nlines", '27" screen'], ["a  b", 12.5]]),
        (OFFICE_PLAIN, OFFICE, [['"Hello"', 12.5]]),
        (
            GERMAN_PLAIN,
            GERMAN,
            [
                ["Two\nlines", 1234.567891, 46082, '27" screen'],
                ["00123", 0.125, "  lead", "noted"],
                ["merged", "", 0.333333333333333, 19.99],
            ],
        ),
        (MARKED_PLAIN, MARKED, [["00123", 12.5], ["TRUE", "#NAME?"]]),
        (None, OFFICE, [['"Hello"', 12.5]]),
        ("one two three", "<p>no table</p>", [["one two three"]]),
        (
            "a\nb\n\nc",
            "<table><tr><td colspan=2>a</td><td rowspan=2>b</td></tr><tr><td>c</td></tr></table>",
            [["a", "", "b"], ["c"]],
        ),
    ],
    ids=[
        "excel",
        "libreoffice",
        "libreoffice in German",
        "marked as text",
        "only html",
        "no table",
        "merged cells",
    ],
)
def test_other_programs_cells_arrive_as_they_were(
    page: Page, book: Book, plain: str | None, rich: str, wanted: list[list[object]]
):
    """Line breaks, quotes, doubled blanks and numbers come through, whichever form tells them."""
    cell(page, 20, "Campaign").click()
    paste(page, plain, rich)

    assert until(page, lambda: book.block("Videos!B20:E22"), wanted) == wanted


def test_fifty_rows_of_eight_columns_land(page: Page, book: Book):
    """A block of 50x8 is written as one change, shown at once, and one undo takes it back."""
    words = ("Vertical", "Square", "Wide")
    rows: list[list[object]] = [
        [*(f"r{row}c{column}" for column in range(6)), words[row % 3], row % 2 == 0] for row in range(50)
    ]
    lines = (
        "\t".join(str(value).upper() if value in {True, False} else str(value) for value in row)
        for row in rows
    )
    page.evaluate("text => navigator.clipboard.writeText(text)", "\r\n".join(lines) + "\r\n")
    cell(page, 14, "Campaign").click()
    press(page, "Control+v")
    shown = until(page, lambda: texts(page, "Headline")[12:16], ["r0c1", "r1c1", "r2c1", "r3c1"])
    area = "Videos!B14:I63"
    written = until(page, lambda: book.block(area), rows)
    selected = place(page)
    press(page, "Control+z")

    assert shown == ["r0c1", "r1c1", "r2c1", "r3c1"]
    assert written == rows
    assert selected == "B14:I63"
    assert until(page, lambda: [row for row in book.block(area) if any(row)], []) == []


def test_one_value_fills_the_selection(page: Page, book: Book):
    """Pasted over several cells, one value goes into each of them."""
    cell(page, 2, "CTA").click()
    press(page, "Shift+ArrowDown", "Shift+ArrowDown")
    paste(page, "Buy")

    assert until(page, lambda: book.column("CTA")[:4], ["Buy"] * 3 + ["See how"])[:4] == [
        *["Buy"] * 3,
        "See how",
    ]


def test_a_block_repeats_over_a_selection_it_fits(page: Page, book: Book):
    """Two rows pasted over four are laid down twice."""
    cell(page, 14, "CTA").click()
    press(page, "Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown")
    paste(page, "one\ntwo\n")

    assert until(page, lambda: book.column("CTA")[12:], ["one", "two"] * 2) == ["one", "two"] * 2


def test_a_paste_beyond_the_grid_makes_room(page: Page, book: Book):
    """A block taller and wider than the sheet adds the rows and columns it needs; nothing of it is lost."""
    page.get_by_role("tab", name="Control").click()
    page.get_by_text("Videos at the same time").wait_for()
    page.get_by_text("Credits per row").click()
    rows = [[f"{row}", "5", *["x"] * 7] for row in range(70)]
    paste(page, "\n".join("\t".join(row) for row in rows))
    area = "Control!A8:J77"
    wanted = [[number, 5, *["x"] * 7] for number in range(70)]

    assert until(page, lambda: book.column_count(1), 9) == 9
    assert until(page, lambda: book.block(area), wanted) == wanted


def test_a_paste_keeps_to_the_rules_of_the_cells(page: Page, book: Book):
    """What a strict rule turns away is told and left out; the rest of the block lands."""
    cell(page, 2, "CTA").click()
    paste(page, "Buy\t#000000\tRound\nSell\t#111111\tWide")
    page.get_by_text("“Round” was not taken in H2.").wait_for()
    wanted = [["Buy", "#000000", ROWS[0]["Format"]], ["Sell", "#111111", "Wide"]]

    assert until(page, lambda: book.block("Videos!F2:H3"), wanted) == wanted


def test_a_copied_block_reads_in_any_spreadsheet(page: Page, book: Book):
    """Plain text quotes what needs it; the table marks texts that look like numbers, and keeps line breaks in a cell."""
    book.write(1, {"Campaign": 'say "hi"\nnow', "Headline": "007"})
    until(page, lambda: texts(page, "Headline")[0], "007")
    page.evaluate(COPIED)
    cell(page, 2, "Campaign").click()
    press(page, "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown", "Control+c")
    plain, rich = page.evaluate("window.copied")
    cells = re.findall(r"<td([^>]*)>(.*?)</td>", rich)

    assert plain.split("\t")[:2] == ['"say ""hi""\nnow"', "007"]
    assert plain.splitlines()[-1] == "\t".join(
        str(ROWS[1][name]) for name in ("Campaign", "Headline", "Subline", "Price")
    )
    assert cells[0] == ("", 'say &quot;hi&quot;<br style="mso-data-placement:same-cell">now')
    assert cells[1] == (""" style="mso-number-format:'\\@'" sdnum="1033;0;@\"""", "007")
    assert cells[3] == ("", "14.5")


def test_text_stays_text_when_copied_within_the_page(page: Page, book: Book):
    """A text that looks like a number is copied, pasted and filled as the text it is."""
    book.write(1, {"Notes": "007"})
    until(page, lambda: texts(page, "Notes")[0], "007")
    cell(page, 2, "Notes").click()
    press(page, "Control+c")
    cell(page, 3, "Notes").click()
    press(page, "Control+v", "Shift+ArrowDown", "Control+d")

    assert until(page, lambda: book.column("Notes"), ["007"] * 3) == ["007"] * 3


def test_a_copied_formula_speaks_of_its_new_row(page: Page, book: Book):
    """Copied or filled within the page, =E2*2 becomes =E3*2, as in every spreadsheet."""
    book.write(1, {"Notes": "=E2*2"})
    until(page, lambda: texts(page, "Notes")[0], "29")
    cell(page, 2, "Notes").click()
    press(page, "Control+c", "ArrowDown", "Control+v")
    pasted = until(page, lambda: book.column("Notes"), [29, 13.8])
    press(page, "Shift+ArrowDown", "Control+d")

    assert pasted == [29, 13.8]
    assert until(page, lambda: book.column("Notes"), [29, 13.8, 44]) == [29, 13.8, 44]


def test_without_looks_a_formula_is_pasted_as_its_value(page: Page, book: Book):
    """Ctrl+Shift+V pastes what is seen, here the number 29."""
    book.write(1, {"Notes": "=E2*2"})
    until(page, lambda: texts(page, "Notes")[0], "29")
    cell(page, 2, "Notes").click()
    press(page, "Control+c", "ArrowDown", "Control+Shift+v")

    assert until(page, lambda: book.column("Notes"), [29, 29]) == [29, 29]


def test_what_was_cut_moves_when_it_is_pasted(page: Page, book: Book):
    """Until then it stays where it is, marked; one undo puts both places back."""
    old = [row["CTA"] for row in ROWS[:3]]
    cell(page, 2, "CTA").click()
    press(page, "Control+x")
    marked = page.locator(".is-copied").count()
    still = book.column("CTA")[0]
    cell(page, 4, "CTA").click()
    press(page, "Control+v")
    moved = until(page, lambda: book.column("CTA")[:3], ["", old[1], old[0]])
    press(page, "Control+z")

    assert (marked, still) == (1, old[0])
    assert moved == ["", old[1], old[0]]
    assert until(page, lambda: book.column("CTA")[:3], old) == old


def test_fill_down_repeats_the_first_row(page: Page, book: Book):
    """Ctrl+D fills the selection with its first cell."""
    cell(page, 2, "Campaign").click()
    press(page, *["Shift+ArrowDown"] * 5, "Control+d")

    assert until(page, lambda: set(book.column("Campaign")[:6]), {"Spring launch"}) == {"Spring launch"}


def test_dragging_the_corner_fills_down(page: Page, book: Book):
    """The small square at the corner of the selection repeats it over the rows it is drawn over."""
    cell(page, 2, "CTA").click()
    start, end = cell(page, 2, "CTA").bounding_box(), cell(page, 4, "CTA").bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + start["width"] - 4, start["y"] + start["height"] - 4)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + 20, steps=4)
    page.mouse.up()
    wanted = [*["Order now"] * 3, "See how"]

    assert until(page, lambda: book.column("CTA")[:4], wanted) == wanted


def test_a_paste_leaves_folded_columns_alone(page: Page, book: Book):
    """What is out of sight is not written over: the block goes on in the next column that is shown."""
    hidden = {
        "sheetId": 0,
        "dimension": "COLUMNS",
        "startIndex": COLUMN["Subline"],
        "endIndex": COLUMN["Price"],
    }
    book.change(
        {
            "updateDimensionProperties": {
                "range": hidden,
                "properties": {"hiddenByUser": True},
                "fields": "hiddenByUser",
            }
        }
    )
    until(page, lambda: cell(page, 2, "Subline").count(), 0)
    cell(page, 2, "Headline").click()
    paste(page, "New\t7")

    assert until(page, lambda: book.block("Videos!C2:E2"), [["New", ROWS[0]["Subline"], 7]]) == [
        ["New", ROWS[0]["Subline"], 7]
    ]
