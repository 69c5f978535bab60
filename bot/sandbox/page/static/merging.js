/** Merging the selected cells and parting them again, as steps that can be undone. */

import { hasContent, isEmpty } from "./cells.js";
import { writable } from "./edits.js";
import { toast } from "./toast.js";

export class Merging {
  constructor(page) {
    this.page = page;
  }

  /** The selected cells as a GridRange, or null where they are no block of neighbours. */
  get #range() {
    const { tab, selection } = this.page;
    const { keys, columns } = selection;
    const places = keys.map((key) => tab.byKey.get(key).index);
    const isRun = (list) => list.every((place, at) => place === list[0] + at);
    if (!keys.length || !isRun(places) || !isRun(columns)) return null;
    return tab.range(places[0], columns[0], places.length, columns.length);
  }

  /** The merged blocks the selection touches. */
  get touched() {
    const { tab, selection } = this.page;
    const rows = new Set(selection.keys.map((key) => tab.byKey.get(key).index));
    const columns = new Set(selection.columns);
    const some = (set, start, end) => [...set].some((at) => at >= start && at < end);
    return tab.merges.filter(
      (block) =>
        some(rows, block.startRowIndex, block.endRowIndex) && some(columns, block.startColumnIndex, block.endColumnIndex),
    );
  }

  get mayMerge() {
    return this.page.selection.places.length > 1;
  }

  async merge() {
    const { page } = this;
    const range = this.#range;
    if (!range) return void toast("Only neighbouring cells can be merged.", { kind: "calm" });
    const isAcross = range.startRowIndex < page.tab.frozenRows && range.endRowIndex > page.tab.frozenRows;
    if (isAcross) return void toast("The header cannot be merged with the rows below it.", { kind: "calm" });
    const filled = page.selection.places.filter((place) => hasContent(page.tab.at(place))).length;
    const first = page.selection.places[0];
    if (!(await page.history.make(new Merged(page.tab, range, this.touched)))) return undefined;
    page.selection.set(first.key, first.column);
    if (filled > 1) toast("Only the first cell's content was kept.", { detail: "Undo brings the others back.", kind: "calm" });
    return undefined;
  }

  part() {
    const { page, touched } = this;
    return page.history.make(new Parted(page.tab, touched));
  }
}

/** The same block so many rows further down. */
const lower = (block, rows) => ({
  ...block,
  startRowIndex: block.startRowIndex + rows,
  endRowIndex: block.endRowIndex + rows,
});
const joining = (range) => ({ mergeCells: { range, mergeType: "MERGE_ALL" } });
const parting = (range) => ({ unmergeCells: { range } });

class Merged {
  constructor(tab, range, before) {
    Object.assign(this, { tab, range, before });
  }

  async redo() {
    const { tab, range } = this;
    const { startRowIndex: top, endRowIndex: bottom, startColumnIndex: left, endColumnIndex: right } = range;
    await tab.readRows(top, bottom);
    this.keys = tab.rows.slice(top, bottom).map((row) => row.key);
    this.cells = tab.rows.slice(top, bottom).map((row) => Array.from({ length: right - left }, (_, at) => row.values[left + at]));
    await tab.api.change([joining(range)]);
    await tab.readRows(top, bottom);
    return { place: {}, kept: 0 };
  }

  /** Parts the block, wherever its rows went; merges what was merged before, and fills cells that are still empty with what they held. */
  async undo() {
    const { tab, before } = this;
    const top = tab.byKey.get(tab.keyNow(this.keys[0]))?.index;
    const bottom = top + this.keys.length;
    const isWhole = this.keys.every((key, down) => tab.byKey.get(tab.keyNow(key))?.index === top + down);
    if (!isWhole) return { place: null, kept: 1 };
    const range = { ...this.range, startRowIndex: top, endRowIndex: bottom };
    const left = range.startColumnIndex;
    await tab.readRows(top, bottom);
    const fills = this.cells.flatMap((cells, down) =>
      cells.flatMap((cell, at) => {
        const isLost = cell?.userEnteredValue && isEmpty(tab.cell(top + down, left + at));
        if (!isLost) return [];
        const start = { sheetId: tab.sheetId, rowIndex: top + down, columnIndex: left + at };
        return [{ updateCells: { start, rows: [{ values: [writable(cell)] }], fields: "userEnteredValue" } }];
      }),
    );
    await tab.api.change([parting(range), ...fills, ...before.map((block) => joining(lower(block, top - this.range.startRowIndex)))]);
    await tab.readRows(top, bottom);
    return { place: {}, kept: 0 };
  }
}

class Parted {
  constructor(tab, blocks) {
    Object.assign(this, { tab, blocks });
  }

  async redo() {
    await this.tab.api.change(this.blocks.map(parting));
    return { place: {}, kept: 0 };
  }

  async undo() {
    await this.tab.api.change(this.blocks.map(joining));
    return { place: {}, kept: 0 };
  }
}
