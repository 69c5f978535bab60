/** Copy, cut and paste of blocks, in the form every spreadsheet reads and writes. */

import { Refused } from "./api.js";
import { isCheckbox, shown, typed } from "./cells.js";
import { addRows } from "./structure.js";
import { format, parse } from "./tsv.js";

const MOST = 50_000; // cells one paste may fill

export class Clipboard {
  constructor(grid, selection, edits) {
    this.grid = grid;
    this.selection = selection;
    this.edits = edits;
  }

  copy(event) {
    const { tab } = this.grid;
    const { keys, columns } = this.selection;
    if (!keys.length) return;
    const cells = keys.map((key) => columns.map((column) => tab.byKey.get(key)?.values[column]));
    const words = format(cells.map((row) => row.map(text)));
    // Pasted within the page, 007 and TRUE stay what they were; as text they would be read anew.
    this.copied = { words, block: cells.map((row) => row.map(input)) };
    event.clipboardData.setData("text/plain", words);
    event.preventDefault();
  }

  cut(event) {
    this.copy(event);
    void this.clear();
  }

  clear() {
    const { keys, columns } = this.selection;
    return this.edits.apply(
      this.grid.tab,
      keys.flatMap((key) => columns.map((column) => ({ key, column, input: this.#empty(key, column) }))),
    );
  }

  #empty(key, column) {
    const cell = this.grid.tab.byKey.get(key)?.values[column];
    return isCheckbox(cell) && cell.userEnteredValue ? false : null;
  }

  /** A single value fills the selection; a block is laid down from its first cell. */
  async paste(event) {
    const source = event.clipboardData?.getData("text/plain");
    const { box } = this.selection;
    if (!source || !box) return;
    event.preventDefault();
    const isOurs = this.copied?.words === source.replaceAll("\r\n", "\n");
    const block = isOurs ? this.copied.block : parse(source);
    const single = block.length === 1 && block[0].length === 1;
    const tall = single ? box.bottom - box.top + 1 : block.length;
    const wide = single ? box.right - box.left + 1 : Math.max(...block.map((row) => row.length));
    if (tall * wide > MOST) throw new Refused(`At most ${MOST.toLocaleString()} cells can be pasted at once.`);
    await this.#makeRoom(box, tall, wide);
    const { keys, columns } = this.grid.order;
    const edits = [];
    for (let down = 0; down < tall && box.top + down < keys.length; down += 1) {
      for (let right = 0; right < wide && box.left + right < columns.length; right += 1) {
        const input = single ? block[0][0] : block[down][right];
        if (input === undefined) continue;
        edits.push({ key: keys[box.top + down], column: columns[box.left + right], input: input === "" ? null : input });
      }
    }
    const last = edits.at(-1);
    if (await this.edits.apply(this.grid.tab, edits)) {
      this.selection.span({ key: keys[box.top], column: columns[box.left] }, { key: last.key, column: last.column });
    }
  }

  /** Rows and columns the block needs are shown, and rows the sheet lacks are added to it first. */
  async #makeRoom(box, tall, wide) {
    const { tab, order } = this.grid;
    const row = tab.firstBodyRow + box.top + tall - 1;
    const beyond = box.left + wide - order.columns.length;
    const column = beyond > 0 ? order.columns.at(-1) + beyond : -1;
    if (row < tab.firstBodyRow + order.keys.length && beyond <= 0) return;
    if (row >= tab.rowCount) {
      await addRows(tab, row + 1 - tab.rowCount);
      tab.rowCount = row + 1;
      await tab.readRows();
    }
    tab.reach(row, column);
    await this.grid.reread();
  }

  /** The first row of the selection, repeated down to its last. */
  fillDown() {
    const { keys, columns } = this.selection;
    return this.fill(keys.slice(0, 1), keys.slice(1), columns);
  }

  /** Repeats the source rows over the target rows, as often as they fit. */
  fill(sources, targets, columns) {
    const { tab } = this.grid;
    const cellAt = (key, column) => tab.byKey.get(key)?.values[column];
    const edits = targets.flatMap((key, at) =>
      columns.map((column) => ({ key, column, input: input(cellAt(sources[at % sources.length], column)) })),
    );
    return this.edits.apply(tab, edits);
  }
}

const text = (cell) => (cell?.userEnteredValue?.formulaValue ? typed(cell) : shown(cell));

/** What to type so that the sheet ends up with the same value: a text that looks like a number is marked as text. */
function input(cell) {
  const entered = cell?.userEnteredValue;
  if (!entered) return null;
  if (entered.boolValue !== undefined) return entered.boolValue;
  const isPlain = cell.userEnteredFormat?.numberFormat?.type === "TEXT";
  const looksElse = /^['=+\-$€£.,\d]|^(true|false)$/i.test(entered.stringValue ?? "");
  return entered.stringValue !== undefined && looksElse && !isPlain ? `'${entered.stringValue}` : typed(cell);
}
