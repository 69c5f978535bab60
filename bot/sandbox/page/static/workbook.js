/** The spreadsheet as the page knows it: tabs, columns, rows with lasting keys. Knows nothing of the screen. */

import { columnLetter, hasContent, shown } from "./cells.js";
import { Colours } from "./colours.js";

const SPARE_ROWS = 24; // empty rows below the last filled one, to type into
const SPARE_COLUMNS = 2;
const WIDTH = 100; // what the service calls a column's default width

export class Workbook {
  constructor(api) {
    this.api = api;
    this.title = "";
    this.tabs = [];
  }

  async readAbout() {
    const about = await this.api.about();
    this.title = about.properties?.title ?? "";
    const known = new Map(this.tabs.map((tab) => [tab.sheetId, tab]));
    this.tabs = (about.sheets ?? []).map((sheet) => {
      const tab = known.get(sheet.properties.sheetId) ?? new Tab(this.api, sheet.properties.sheetId);
      tab.describe(sheet);
      return tab;
    });
  }

  get visibleTabs() {
    return this.tabs.filter((tab) => !tab.hidden);
  }

  tab(sheetId) {
    return this.tabs.find((tab) => tab.sheetId === sheetId);
  }
}

export class Tab {
  constructor(api, sheetId) {
    this.api = api;
    this.sheetId = sheetId;
    this.rows = [];
    this.byKey = new Map();
    this.loaded = false;
    this.reached = { row: -1, column: -1 };
  }

  /** Makes room on the screen as far as a cell, be it beyond what is filled; the sheet's own size is the limit. */
  reach(row, column) {
    this.reached = { row: Math.max(this.reached.row, row), column: Math.max(this.reached.column, column) };
  }

  /** Takes over what the spreadsheet says about this tab. */
  describe({ properties, conditionalFormats, columnGroups, data }) {
    const size = properties.gridProperties ?? {};
    this.title = properties.title;
    this.hidden = Boolean(properties.hidden);
    this.rowCount = size.rowCount ?? 1000;
    this.columnCount = size.columnCount ?? 26;
    this.frozenRows = size.frozenRowCount ?? 0;
    this.frozenColumns = size.frozenColumnCount ?? 0;
    this.colours = new Colours(conditionalFormats, (row, column) => this.cell(row, column));
    const metadata = data?.[0]?.columnMetadata ?? [];
    const collapsed = (index) =>
      (columnGroups ?? []).some(
        ({ range, collapsed: folded }) => folded && index >= (range.startIndex ?? 0) && index < range.endIndex,
      );
    this.columns = Array.from({ length: this.columnCount }, (_, index) => ({
      index,
      letter: columnLetter(index),
      width: metadata[index]?.pixelSize ?? WIDTH,
      hidden: Boolean(metadata[index]?.hiddenByUser) || collapsed(index),
    }));
  }

  async readRows() {
    const { rows = [] } = await this.api.grid(this.sheetId);
    this.rows = [];
    this.byKey.clear();
    for (const row of rows) this.#put(row);
    this.loaded = true;
  }

  /** Takes one pushed row over; says which columns now read differently. */
  takeRow({ index, key, values = [] }) {
    const before = this.rows[index]?.values ?? [];
    this.#put({ index, key, values });
    const changed = new Set();
    for (let column = 0; column < Math.max(before.length, values.length); column += 1) {
      if (!same(before[column], values[column])) changed.add(column);
    }
    return changed;
  }

  #put({ index, key, values = [] }) {
    const old = this.rows[index];
    if (old) this.byKey.delete(old.key);
    const row = { index, key: String(key), values };
    this.rows[index] = row;
    this.byKey.set(row.key, row);
  }

  /** The header is the first frozen row; a tab that freezes nothing has none. */
  get header() {
    return this.frozenRows > 0 ? (this.rows[0]?.values ?? []) : null;
  }

  get firstBodyRow() {
    return this.frozenRows > 0 ? 1 : 0;
  }

  get body() {
    const until = Math.max(this.lastRow + SPARE_ROWS, this.reached.row) + 1;
    return this.rows.slice(this.firstBodyRow, until).filter(Boolean);
  }

  /** Index of the last row with content, -1 where there is none. */
  get lastRow() {
    return this.rows.findLastIndex((row) => row?.values.some(hasContent));
  }

  get lastColumn() {
    let last = -1;
    for (const row of this.rows) {
      if (row) last = Math.max(last, row.values.findLastIndex(hasContent));
    }
    return last;
  }

  /** Columns worth drawing: the used ones and a few to type into. */
  get drawnColumns() {
    const used = Math.max(this.lastColumn + 1, this.header ? 1 : 6);
    return this.columns.slice(0, Math.max(used + SPARE_COLUMNS, this.reached.column + 1));
  }

  cell(row, column) {
    return this.rows[row]?.values[column];
  }

  label(column) {
    return shown(this.header?.[column]).trim() || this.columns[column]?.letter;
  }

  column(label) {
    const wanted = label.toLowerCase();
    return (this.header ?? []).findIndex((cell) => shown(cell).trim().toLowerCase() === wanted);
  }

  /** Robot's columns are the ones whose header the sheet itself sets in italics. */
  isRobots(column) {
    return Boolean(this.header?.[column]?.userEnteredFormat?.textFormat?.italic);
  }

  /** 'Tab'!B3:D9 */
  address(row, column, rows = 1, columns = 1) {
    const title = `'${this.title.replaceAll("'", "''")}'`;
    const from = `${columnLetter(column)}${row + 1}`;
    const to = `${columnLetter(column + columns - 1)}${row + rows}`;
    return `${title}!${from}:${to}`;
  }
}

export function same(one, other) {
  return one === other || JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
