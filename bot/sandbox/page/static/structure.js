/** Changes of a tab's shape: rows inserted, deleted, moved, sorted; columns sized, hidden, folded. Each can be undone. */

import { entered, hasContent } from "./cells.js";
import { DeletedColumns, InsertedColumns, MovedColumns } from "./column_steps.js";
import { writable } from "./edits.js";

const dimension = (tab, startIndex, endIndex, kind = "ROWS") => ({
  sheetId: tab.sheetId,
  dimension: kind,
  startIndex,
  endIndex,
});

/** Every method answers whether the sheet took it. */
export class Structure {
  constructor(history) {
    this.history = history;
  }

  insertRows(tab, index, count = 1) {
    return this.history.make(new Inserted(tab, index, count));
  }

  deleteRows(tab, keys) {
    return this.history.make(new Deleted(tab, keys));
  }

  /** Moves neighbouring rows so that they stand before the row at `to`, counted before the move. */
  moveRows(tab, keys, to) {
    return this.history.make(new Moved(tab, keys, to));
  }

  /** Sorts every filled row, whole rows, so that nothing is torn apart. The frozen ones stay. */
  sort(tab, column, isDescending = false) {
    return this.history.make(new Sorted(tab, column, isDescending));
  }

  insertColumns(tab, at, count, isLikeBefore) {
    return this.history.make(new InsertedColumns(tab, at, count, isLikeBefore));
  }

  deleteColumns(tab, at, count) {
    return this.history.make(new DeletedColumns(tab, at, count));
  }

  moveColumns(tab, at, count, to) {
    return this.history.make(new MovedColumns(tab, at, count, to));
  }

  /** `widths` are pairs of a column and its new width. */
  resizeColumns(tab, widths) {
    const ask = (list) => list.map(([column, pixelSize]) => dimensionRequest(tab, column, column + 1, { pixelSize }));
    const before = widths.map(([column]) => [column, tab.columns[column].width]);
    return this.history.make(new Setting(tab, ask(widths), ask(before)));
  }

  hideColumns(tab, start, end, isHidden = true) {
    const ask = (hidden) => dimensionRequest(tab, start, end, { hiddenByUser: hidden });
    const before = tab.columns.slice(start, end).map(({ index, hidden }) =>
      dimensionRequest(tab, index, index + 1, { hiddenByUser: hidden }),
    );
    return this.history.make(new Setting(tab, [ask(isHidden)], before));
  }

  fold(tab, { range, depth, collapsed }, isCollapsed) {
    const ask = (folded) => ({
      updateDimensionGroup: { dimensionGroup: { range, depth, collapsed: folded }, fields: "collapsed" },
    });
    return this.history.make(new Setting(tab, [ask(isCollapsed)], [ask(collapsed)]));
  }

  /** Room at the end of the sheet; more room needs no undoing. */
  addRoom(tab, rows, columns) {
    const more = (kind, length) => ({ appendDimension: { sheetId: tab.sheetId, dimension: kind, length } });
    const requests = [rows > 0 && more("ROWS", rows), columns > 0 && more("COLUMNS", columns)].filter(Boolean);
    return requests.length ? tab.api.change(requests) : null;
  }
}

function dimensionRequest(tab, start, end, properties) {
  const fields = Object.keys(properties).join();
  return { updateDimensionProperties: { range: dimension(tab, start, end, "COLUMNS"), properties, fields } };
}

/** Something that is set to one value and back to another. */
class Setting {
  constructor(tab, forth, back) {
    this.tab = tab;
    this.forth = forth;
    this.back = back;
  }

  async redo() {
    await this.tab.api.change(this.forth);
    return { place: {}, kept: 0 };
  }

  async undo() {
    await this.tab.api.change(this.back);
    return { place: {}, kept: 0 };
  }
}

class Inserted {
  constructor(tab, index, count) {
    Object.assign(this, { tab, count, above: tab.rows[index - 1]?.key });
  }

  async redo() {
    const { tab, count } = this;
    const above = tab.byKey.get(tab.keyNow(this.above));
    const index = above ? above.index + 1 : 0;
    // A row below another takes its boxes and dropdowns from it; below the header there is nothing to take.
    const inheritFromBefore = index > tab.frozenRows;
    await tab.api.change([{ insertDimension: { range: dimension(tab, index, index + count), inheritFromBefore } }]);
    await tab.readRows(index, index + count);
    this.keys = tab.rows.slice(index, index + count).map((row) => row.key);
    return { place: { key: this.keys[0] }, kept: 0 };
  }

  /** Only rows that are still empty go again. */
  async undo() {
    const { tab } = this;
    const rows = await asTheyAre(tab, this.keys);
    const empty = rows.filter((row) => !row.values.some(hasContent));
    if (empty.length) await tab.api.change(deletions(tab, empty));
    return { place: empty.length ? {} : null, kept: this.count - empty.length };
  }
}

class Deleted {
  constructor(tab, keys) {
    this.tab = tab;
    this.rows = keys.map((key) => tab.byKey.get(key)).sort((a, b) => a.index - b.index);
    this.rows = this.rows.map((row) => ({ ...row, above: tab.rows[row.index - 1]?.key }));
  }

  /** A row that reads differently since is somebody's work, and stays. */
  async redo() {
    const { tab } = this;
    const now = await asTheyAre(tab, this.rows.map((row) => row.key));
    const before = new Map(this.rows.map((row) => [tab.keyLast(row.key), row]));
    const gone = now.filter((row) => readsAlike(before.get(row.key), row));
    this.merges = mergesOf(tab, gone);
    if (gone.length) await tab.api.change(deletions(tab, gone));
    return { place: gone.length ? {} : null, kept: this.rows.length - gone.length };
  }

  /** The rows come back below those they stood below, with all they held. */
  async undo() {
    const { tab } = this;
    const order = tab.rows.map((row) => row.key);
    const requests = [];
    for (const { key, values, above, index } of this.rows) {
      const neighbour = Math.max(order.indexOf(above), order.indexOf(tab.keyLast(above)));
      const at = neighbour < 0 ? Math.min(index, order.length) : neighbour + 1;
      order.splice(at, 0, key);
      requests.push({ insertDimension: { range: dimension(tab, at, at + 1), inheritFromBefore: false } });
      requests.push(wholeRow(tab, at, values));
    }
    await tab.api.change(requests);
    const places = this.rows.map(({ key }) => order.indexOf(key));
    await tab.readRows(Math.min(...places), Math.max(...places) + 1);
    this.rows.forEach(({ key }, at) => tab.renamed.set(tab.keyLast(key), tab.rows[places[at]].key));
    await this.#mergeAgain();
    return { place: { key: tab.keyLast(this.rows[0].key) }, kept: 0 };
  }

  /** Blocks these rows were part of, where their rows stand together again. */
  async #mergeAgain() {
    const { tab } = this;
    const requests = this.merges.flatMap(({ range, keys }) => {
      const places = keys.map((key) => tab.byKey.get(tab.keyLast(key))?.index);
      if (!places.every((place, at) => place === places[0] + at)) return [];
      const block = { ...range, startRowIndex: places[0], endRowIndex: places[0] + places.length };
      return [{ mergeCells: { range: block, mergeType: "MERGE_ALL" } }];
    });
    if (requests.length) await tab.api.change(requests);
  }
}

/** The merged blocks these rows are part of, by the keys of all their rows. */
function mergesOf(tab, rows) {
  const places = new Set(rows.map((row) => row.index));
  return tab.merges
    .map((range) => ({ range, keys: tab.rows.slice(range.startRowIndex, range.endRowIndex).map((row) => row.key) }))
    .filter(({ keys }) => keys.some((key) => places.has(tab.byKey.get(key).index)));
}

function wholeRow(tab, index, values) {
  return {
    updateCells: {
      start: { sheetId: tab.sheetId, rowIndex: index, columnIndex: 0 },
      rows: [{ values: Array.from({ length: tab.columnCount }, (_, column) => writable(values[column])) }],
      fields: "userEnteredValue,userEnteredFormat,dataValidation,note",
    },
  };
}

class Moved {
  constructor(tab, keys, to) {
    this.tab = tab;
    this.keys = keys;
    const last = tab.byKey.get(keys.at(-1)).index;
    this.before = { from: tab.rows[last + 1]?.key, to: tab.rows[to]?.key };
  }

  redo() {
    return this.#go(this.before.to);
  }

  undo() {
    return this.#go(this.before.from);
  }

  /** Before the row with this key, or to the end; rows that somebody tore apart are left where they are. */
  async #go(next) {
    const { tab } = this;
    const places = this.keys.map((key) => tab.byKey.get(tab.keyNow(key))?.index);
    const target = next === undefined ? tab.rowCount : tab.byKey.get(tab.keyNow(next))?.index;
    const isWhole = places.every((place, at) => place === places[0] + at);
    if (!isWhole || places[0] === undefined || target === undefined) return { place: null, kept: this.keys.length };
    const source = dimension(tab, places[0], places[0] + places.length);
    await tab.api.change([{ moveDimension: { source, destinationIndex: target } }]);
    return { place: { key: tab.keyNow(this.keys[0]) }, kept: 0 };
  }
}

class Sorted {
  constructor(tab, column, isDescending) {
    Object.assign(this, { tab, column, sortOrder: isDescending ? "DESCENDING" : "ASCENDING" });
  }

  async redo() {
    const { tab, column, sortOrder } = this;
    this.keys = tab.rows.slice(tab.frozenRows, tab.lastRow + 1).map((row) => row.key);
    if (!this.keys.length) return { place: null, kept: 0 };
    const range = tab.range(tab.frozenRows, 0, this.keys.length, tab.columnCount);
    await tab.api.change([{ sortRange: { range, sortSpecs: [{ dimensionIndex: column, sortOrder }] } }]);
    return { place: {}, kept: 0 };
  }

  /** One sort by a column of places, there for that moment only. Rows that came since stay below the one above them. */
  async undo() {
    const { tab } = this;
    const places = new Map(this.keys.map((key, place) => [tab.keyNow(key), place]));
    const last = this.keys.reduce((most, key) => Math.max(most, tab.byKey.get(tab.keyNow(key))?.index ?? 0), tab.lastRow);
    const rows = tab.rows.slice(tab.frozenRows, last + 1);
    let rank = -1;
    const ranks = rows.map((row) => (rank = places.get(row.key) ?? rank + 0.000001));
    const extra = tab.columnCount;
    const range = tab.range(tab.frozenRows, 0, rows.length, extra + 1);
    await tab.api.change([
      { appendDimension: { sheetId: tab.sheetId, dimension: "COLUMNS", length: 1 } },
      {
        updateCells: {
          start: { sheetId: tab.sheetId, rowIndex: tab.frozenRows, columnIndex: extra },
          rows: ranks.map((numberValue) => ({ values: [{ userEnteredValue: { numberValue } }] })),
          fields: "userEnteredValue",
        },
      },
      { sortRange: { range, sortSpecs: [{ dimensionIndex: extra, sortOrder: "ASCENDING" }] } },
      { deleteDimension: { range: dimension(tab, extra, extra + 1, "COLUMNS") } },
    ]);
    return { place: {}, kept: 0 };
  }
}

/** The rows that are left of these, as they are this moment. */
async function asTheyAre(tab, keys) {
  const there = keys.map((key) => tab.byKey.get(tab.keyNow(key))).filter(Boolean);
  const places = there.map((row) => row.index);
  if (there.length) await tab.readRows(Math.min(...places), Math.max(...places) + 1);
  return keys.map((key) => tab.byKey.get(tab.keyNow(key))).filter(Boolean);
}

const readsAlike = (one, other) =>
  Array.from({ length: Math.max(one.values.length, other.values.length) }).every(
    (_, column) => entered(one.values[column]) === entered(other.values[column]),
  );

/** Neighbours go together, lowest first so that the places above stay right. */
function deletions(tab, rows) {
  const spans = [];
  for (const { index } of [...rows].sort((a, b) => b.index - a.index)) {
    const last = spans.at(-1);
    if (last && last.start === index + 1) last.start = index;
    else spans.push({ start: index, end: index + 1 });
  }
  return spans.map(({ start, end }) => ({ deleteDimension: { range: dimension(tab, start, end) } }));
}
