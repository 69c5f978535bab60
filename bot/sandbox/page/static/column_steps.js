/** Columns inserted, deleted and moved as steps that can be undone. Columns have no names of their own: places count. */

import { entered, hasContent } from "./cells.js";
import { writable } from "./edits.js";

const span = (tab, startIndex, endIndex) => ({ sheetId: tab.sheetId, dimension: "COLUMNS", startIndex, endIndex });
const insertion = (tab, at, count, inheritFromBefore) => ({
  insertDimension: { range: span(tab, at, at + count), inheritFromBefore },
});
const deletion = (tab, at, count) => ({ deleteDimension: { range: span(tab, at, at + count) } });

export class InsertedColumns {
  constructor(tab, at, count, isLikeBefore) {
    Object.assign(this, { tab, at, count, isLikeBefore });
  }

  async redo() {
    await change(this.tab, [insertion(this.tab, this.at, this.count, this.isLikeBefore)]);
    return { place: {}, kept: 0 };
  }

  /** Only columns that are still empty go again. */
  async undo() {
    const { tab, at, count } = this;
    await tab.read();
    if (blocks(tab, at, count).some((cells) => cells.some(hasContent))) return { place: null, kept: count };
    await change(tab, [deletion(tab, at, count)]);
    return { place: {}, kept: 0 };
  }
}

export class DeletedColumns {
  constructor(tab, at, count) {
    Object.assign(this, { tab, at, count });
  }

  /** Columns that read differently since are somebody's work, and stay. */
  async redo() {
    const { tab, at, count } = this;
    await tab.read();
    const cells = new Map(tab.rows.map((row) => [row.key, row.values.slice(at, at + count)]));
    if (this.cells && !readAlike(this.cells, cells)) return { place: null, kept: count };
    this.cells = cells;
    const isTouched = (block) => block.startColumnIndex < at + count && block.endColumnIndex > at;
    this.merges = tab.merges.filter(isTouched);
    this.settings = tab.columns.slice(at, at + count).map(({ width, hidden }) => ({ width, hidden }));
    const before = formulas(tab);
    await change(tab, [deletion(tab, at, count)]);
    // Formulas elsewhere that named these columns have lost what they spoke of.
    const after = formulas(tab);
    this.broken = before
      .map(({ key, column, text }) => ({ key, column: column < at ? column : column - count, from: column, text }))
      .filter(({ from }) => from < at || from >= at + count)
      .filter(({ key, column }) => after.some((one) => one.key === key && one.column === column && /#REF!/.test(one.text)));
    return { place: {}, kept: 0 };
  }

  /** The columns come back where they were, with all they held and what spoke of them. */
  async undo() {
    const { tab, at, count } = this;
    const requests = [insertion(tab, at, count, false)];
    const last = tab.rows.findLastIndex(({ key }) => this.cells.get(key)?.some((cell) => cell && Object.keys(cell).length));
    if (last >= 0) {
      const rows = tab.rows.slice(0, last + 1).map(({ key }) => this.cells.get(key) ?? []);
      requests.push(
        put(tab, 0, at, rows.map((cells) => Array.from({ length: count }, (_, right) => cells[right])), ALL),
      );
    }
    this.settings.forEach(({ width, hidden }, right) => {
      const properties = { pixelSize: width, hiddenByUser: hidden };
      requests.push({
        updateDimensionProperties: { range: span(tab, at + right, at + right + 1), properties, fields: "pixelSize,hiddenByUser" },
      });
    });
    for (const { key, from, text } of this.broken) {
      const row = tab.byKey.get(tab.keyNow(key));
      if (row) requests.push(put(tab, row.index, from, [[{ userEnteredValue: { formulaValue: text } }]], "userEnteredValue"));
    }
    requests.push(...this.merges.map((range) => ({ mergeCells: { range, mergeType: "MERGE_ALL" } })));
    await change(tab, requests);
    return { place: {}, kept: 0 };
  }
}

const ALL = "userEnteredValue,userEnteredFormat,dataValidation,note";

export class MovedColumns {
  /** `to` is counted before the move, as the sheet counts. */
  constructor(tab, at, count, to) {
    Object.assign(this, { tab, at, count, to });
  }

  async redo() {
    return this.#go(this.at, this.to);
  }

  async undo() {
    const { at, count, to } = this;
    return to > at ? this.#go(to - count, at) : this.#go(to, at + count);
  }

  async #go(from, destinationIndex) {
    const source = span(this.tab, from, from + this.count);
    await change(this.tab, [{ moveDimension: { source, destinationIndex } }]);
    return { place: {}, kept: 0 };
  }
}

/** Every row's cells may stand elsewhere now: all of them are read. */
async function change(tab, requests) {
  await tab.api.change(requests);
  await tab.read();
}

const blocks = (tab, at, count) => tab.rows.map((row) => row.values.slice(at, at + count));

function put(tab, rowIndex, columnIndex, rows, fields) {
  const lines = rows.map((cells) => ({ values: cells.map((cell) => writable(cell)) }));
  return { updateCells: { start: { sheetId: tab.sheetId, rowIndex, columnIndex }, rows: lines, fields } };
}

function formulas(tab) {
  return tab.rows.flatMap(({ key, values }) =>
    values.flatMap((cell, column) => {
      const text = cell?.userEnteredValue?.formulaValue;
      return text === undefined ? [] : [{ key, column, text }];
    }),
  );
}

function readAlike(one, other) {
  const words = (cells) => JSON.stringify((cells ?? []).map(entered));
  return [...other].every(([key, cells]) => words(one.get(key)) === words(cells));
}
