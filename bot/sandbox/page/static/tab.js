/** One tab: its rows with lasting keys, its columns, and how it is to be shown. Knows nothing of the screen. */

import { columnLetter, hasContent, same, shown } from "./cells.js";
import { Colours } from "./colours.js";

export const DEFAULT_WIDTH = 100; // what the service calls a column's default width

export class Tab {
  constructor(api, sheetId, styles) {
    this.api = api;
    this.sheetId = sheetId;
    this.styles = styles;
    this.rows = [];
    this.byKey = new Map();
    this.loaded = false;
    // Room asked for on the screen, be it beyond what is filled; the sheet's own size is the limit.
    this.reached = { row: -1, column: -1 };
    this.look = null; // what a filter view lets this person see
    this.renamed = new Map(); // old key -> new key of rows that were deleted and brought back
  }

  reach(row, column) {
    this.reached = { row: Math.max(this.reached.row, row), column: Math.max(this.reached.column, column) };
  }

  describe({ properties, conditionalFormats, filterViews, columnGroups, rowSettings, columnSettings, merges }) {
    const size = properties.gridProperties ?? {};
    this.title = properties.title;
    this.hidden = Boolean(properties.hidden);
    this.rowCount = size.rowCount ?? 1000;
    this.columnCount = size.columnCount ?? 26;
    this.frozenRows = size.frozenRowCount ?? 0;
    this.frozenColumns = size.frozenColumnCount ?? 0;
    this.togglesAfter = Boolean(size.columnGroupControlAfter);
    this.colours = new Colours(conditionalFormats, (row, column) => this.cell(row, column));
    this.filterViews = filterViews ?? [];
    this.merges = merges ?? [];
    this.columnGroups = (columnGroups ?? []).map(({ range, depth, collapsed = false }) => ({
      start: range.startIndex ?? 0,
      end: range.endIndex ?? this.columnCount,
      depth,
      collapsed,
      range,
    }));
    this.hiddenRows = new Set(Object.keys(rowSettings ?? {}).filter((at) => rowSettings[at].hiddenByUser).map(Number));
    this.columns = Array.from({ length: this.columnCount }, (_, index) => ({
      index,
      letter: columnLetter(index),
      width: columnSettings?.[index]?.pixelSize ?? DEFAULT_WIDTH,
      hidden: Boolean(columnSettings?.[index]?.hiddenByUser),
    }));
  }

  async read() {
    const told = await this.api.grid(this.sheetId);
    learn(this.styles, told.styles);
    this.describe(told);
    this.rows = told.rows.map((row) => this.#kept(row));
    this.byKey = new Map(this.rows.map((row) => [row.key, row]));
    this.#measure();
    this.loaded = true;
  }

  /** Reads some rows again, and the order of all, as they are this moment. */
  async readRows(start, end) {
    return this.take(await this.api.grid(this.sheetId, start, end));
  }

  /** Takes rows, and the order of all where it changed. Answers row key -> columns that read differently. */
  take({ rows = [], order, styles, properties, ...settings }) {
    if (styles) learn(this.styles, styles);
    if (properties) this.describe({ properties, ...settings });
    const changes = new Map();
    if (!this.loaded) return changes;
    for (const told of rows) {
      const row = this.#kept(told);
      const changed = differing(this.byKey.get(row.key)?.values ?? [], row.values);
      if (changed.size) changes.set(row.key, changed);
      this.byKey.set(row.key, row);
      this.rows[row.index] = row;
    }
    if (order) this.#arrange(order);
    if (order || changes.size) this.#measure();
    return changes;
  }

  #kept({ index, key, values }) {
    for (const cell of values) {
      if (cell.style !== undefined) Object.assign(cell, this.styles.get(cell.style));
      const { userEnteredValue: entered } = cell;
      if (entered && entered.formulaValue === undefined) cell.effectiveValue ??= entered;
    }
    return { index, key, values };
  }

  /** Rows stand in this order now; one nobody has heard of is new and blank. */
  #arrange(order) {
    this.rows = order.map((key, index) => Object.assign(this.byKey.get(key) ?? { key, values: [] }, { index }));
    this.byKey = new Map(this.rows.map((row) => [row.key, row]));
  }

  #measure() {
    this.lastRow = this.rows.findLastIndex((row) => row.values.some(hasContent));
    this.lastColumn = this.rows.reduce((last, { values }) => {
      let at = values.length - 1;
      while (at > last && !hasContent(values[at])) at -= 1;
      return Math.max(last, at);
    }, -1);
  }

  /** The header is the first frozen row; a tab that freezes nothing has none. */
  get header() {
    return this.frozenRows > 0 ? (this.rows[0]?.values ?? []) : null;
  }

  get body() {
    return this.rows.slice(this.frozenRows);
  }

  cell(row, column) {
    return this.rows[row]?.values[column];
  }

  at({ key, column }) {
    return this.byKey.get(key)?.values[column];
  }

  /** The key a row goes by today, whether or not it is there. */
  keyLast(key) {
    let now = key;
    while (this.renamed.has(now)) now = this.renamed.get(now);
    return now;
  }

  /** The same, undefined where the row is gone. */
  keyNow(key) {
    const now = this.keyLast(key);
    return this.byKey.has(now) ? now : undefined;
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

  /** What people would call a row: what its headline says, else its first words. */
  nameOf(row) {
    const headline = shown(row.values[this.column("Headline")]);
    const isName = (cell) => cell.userEnteredValue?.stringValue && !/^https?:/i.test(shown(cell));
    return headline || shown(row.values.find(isName)) || `Row ${row.index + 1}`;
  }

  /** 'Tab'!B3:D9 */
  address(row, column, rows = 1, columns = 1) {
    const title = `'${this.title.replaceAll("'", "''")}'`;
    const from = `${columnLetter(column)}${row + 1}`;
    const to = `${columnLetter(column + columns - 1)}${row + rows}`;
    return `${title}!${from}:${to}`;
  }

  /** The same cells as a GridRange. */
  range(row, column, rows = 1, columns = 1) {
    return {
      sheetId: this.sheetId,
      startRowIndex: row,
      endRowIndex: row + rows,
      startColumnIndex: column,
      endColumnIndex: column + columns,
    };
  }
}

function differing(before, after) {
  const changed = new Set();
  for (let column = 0; column < Math.max(before.length, after.length); column += 1) {
    if (!same(before[column], after[column])) changed.add(column);
  }
  return changed;
}

/** Styles are told once by number; cells name the number. */
export function learn(styles, told) {
  for (const [number, style] of Object.entries(told)) styles.set(Number(number), style);
}
