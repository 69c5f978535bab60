/** Copy, cut, paste and fill of blocks, from and to any spreadsheet. */

import { Refused } from "./api.js";
import { isBox, isCheckbox, same, shown, typed } from "./cells.js";
import { cutRequests, layRequests } from "./laying.js";
import * as table from "./table.js";
import * as tsv from "./tsv.js";
import { refusal } from "./validation.js";

const MOST = 50_000; // cells one paste may fill

export class Clipboard {
  /** `marks` shows what was copied; `makeRoom(row, column)` lets the sheet and the screen reach that far. */
  constructor({ grid, selection, edits, makeRoom, onRefused }) {
    Object.assign(this, { grid, selection, edits, makeRoom, onRefused });
    this.copied = null;
  }

  copy(event, isCut = false) {
    const { tab, marks } = this.grid;
    const { keys, columns } = this.selection;
    if (!keys.length) return;
    const cells = keys.map((key) => columns.map((column) => tab.at({ key, column })));
    const words = tsv.format(cells.map((row) => row.map(shown)));
    // Pasted within the page, cells are laid over others by the sheet itself: looks, rules and formulas go along.
    this.copied = { tab, words, keys, columns, cells, isCut };
    event.clipboardData.setData("text/plain", words);
    event.clipboardData.setData("text/html", table.format(cells.map((row) => row.map(rich))));
    event.preventDefault();
    marks.copied = { keys, columns };
    marks.paint();
  }

  /** What was cut stays where it is until it is pasted. */
  cut(event) {
    this.copy(event, true);
  }

  /** Forgets what was copied; answers whether there was anything. */
  forget() {
    const { marks } = this.grid;
    if (!marks.copied) return false;
    marks.copied = null;
    if (this.copied?.isCut) this.copied = null;
    marks.paint();
    return true;
  }

  clear() {
    const { tab } = this.grid;
    return this.edits.type(tab, this.selection.places.map((place) => ({ ...place, input: blank(tab.at(place)) })));
  }

  async paste(event) {
    const plain = event.clipboardData?.getData("text/plain");
    const html = event.clipboardData?.getData("text/html");
    if ((!plain && !html) || !this.selection.box) return;
    event.preventDefault();
    const { copied } = this;
    // Without its looks (Ctrl+Shift+V) a block is typed as plain words.
    const isOurs = copied && html && copied.words === plain?.replaceAll("\r\n", "\n");
    if (isOurs && copied.tab === this.grid.tab && isUntouched(copied) && (await this.#layCopied())) return;
    const others = () => table.best(plain ? tsv.parse(plain) : null, table.parse(html));
    await this.#typeBlock(isOurs ? copied.cells.map((row) => row.map(input)) : others());
  }

  // ---------------------------------------------------------------- from elsewhere

  async #typeBlock(block) {
    const tall = block.length;
    const wide = Math.max(...block.map((row) => row.length));
    const { keys, columns } = await this.#target(tall, wide);
    const { tab } = this.grid;
    const edits = [];
    const refused = [];
    keys.forEach((key, down) =>
      columns.forEach((column, right) => {
        const value = block[down % tall][right % wide];
        if (value === undefined) return;
        const row = tab.byKey.get(key);
        const no = typeof value === "string" && refusal(row.values[column], value, row.index, column);
        if (no) refused.push(no);
        else edits.push({ key, column, input: value === "" ? null : value });
      }),
    );
    const others = refused.length > 1 ? `And ${refused.length - 1} more cells.` : "";
    if (refused.length) this.onRefused(new Refused(refused[0], others));
    // Selected at once: whoever goes on by keyboard need not wait for the sheet.
    this.#select(keys, columns);
    await this.edits.type(tab, edits);
  }

  /** The cells a block is laid over: as many times as it fits into the selection, else once from its first cell. */
  async #target(tall, wide, isOnce = false) {
    const { box } = this.selection;
    const height = box.bottom - box.top + 1;
    const width = box.right - box.left + 1;
    const fits = !isOnce && height % tall === 0 && width % wide === 0;
    const [down, right] = fits ? [height, width] : [tall, wide];
    if (down * right > MOST) throw new Refused(`At most ${MOST.toLocaleString()} cells can be pasted at once.`);
    const view = await this.makeRoom(box.top + down, box.left + right);
    return {
      keys: view.keys.slice(box.top, box.top + down),
      columns: view.columns.slice(box.left, box.left + right),
    };
  }

  #select(keys, columns) {
    this.selection.span({ key: keys[0], column: columns[0] }, { key: keys.at(-1), column: columns.at(-1) });
  }

  // ---------------------------------------------------------------- within the page

  /** Answers false where the sheet cannot lay these cells; they are typed then. */
  async #layCopied() {
    const { copied } = this;
    const { tab, keys: from, columns: across, isCut } = copied;
    const { keys, columns } = await this.#target(from.length, across.length, isCut);
    const pairs = pairsOf(tab, from, across, keys, columns);
    this.#select(keys, columns);
    if (isCut) {
      const requests = cutRequests(tab, from, across, keys, columns);
      if (!requests) throw new Refused("Only neighbouring cells can be cut and moved together.");
      const taken = new Set(pairs.map(({ key, column }) => `${key} ${column}`));
      const emptied = from
        .flatMap((key) => across.map((column) => ({ key, column, from: undefined })))
        .filter(({ key, column }) => !taken.has(`${key} ${column}`));
      this.copied = null;
      this.forget();
      await this.edits.lay(tab, [...pairs, ...emptied], requests);
    } else {
      const requests = layRequests(tab, from, across, keys, columns);
      const isOver = keys.some((key) => from.includes(key)) && columns.some((column) => across.includes(column));
      if (requests.length > 1 && isOver) return false;
      await this.edits.lay(tab, pairs, requests);
    }
    return true;
  }

  /** The first row of the selection, repeated down to its last. */
  fillDown() {
    const { keys, columns } = this.selection;
    return this.fill(keys.slice(0, 1), keys.slice(1), columns);
  }

  /** The first column of the selection, repeated to its last. */
  fillRight() {
    const { keys, columns } = this.selection;
    return this.#repeat(keys, columns.slice(0, 1), keys, columns.slice(1));
  }

  /** The active cell, repeated over all that is selected. */
  fillWhole() {
    const { keys, columns, active, isSingle } = this.selection;
    return !isSingle && active && this.#repeat([active.key], [active.column], keys, columns);
  }

  /** Repeats the source rows over the target rows, as often as they fit. */
  fill(sources, targets, columns) {
    return this.#repeat(sources, columns, targets, columns);
  }

  #repeat(from, across, keys, columns) {
    const { tab } = this.grid;
    if (!from.length || !keys.length || !columns.length) return false;
    return this.edits.lay(tab, pairsOf(tab, from, across, keys, columns), layRequests(tab, from, across, keys, columns));
  }
}

const pairsOf = (tab, from, across, keys, columns) =>
  keys.flatMap((key, down) =>
    columns.map((column, right) => ({
      key,
      column,
      from: tab.at({ key: from[down % from.length], column: across[right % across.length] }),
    })),
  );

const blank = (cell) => (isCheckbox(cell) && isBox(cell) && cell.userEnteredValue ? false : null);

function isUntouched({ tab, keys, columns, cells }) {
  const isSame = (key, column, cell) => tab.byKey.has(key) && same(tab.at({ key, column }), cell);
  return keys.every((key, down) => columns.every((column, right) => isSame(key, column, cells[down][right])));
}

const rich = (cell) => ({ text: shown(cell), isText: cell?.effectiveValue?.stringValue !== undefined });

/** What to type so that the sheet ends up with the same value: a text that looks like a number is marked as text. */
function input(cell) {
  const entered = cell?.userEnteredValue;
  if (!entered) return "";
  if (entered.boolValue !== undefined) return entered.boolValue;
  const isPlain = cell.userEnteredFormat?.numberFormat?.type === "TEXT";
  const looksElse = /^['=+\-$€£.,\d]|^(true|false)$/i.test(entered.stringValue ?? "");
  return entered.stringValue !== undefined && looksElse && !isPlain ? `'${entered.stringValue}` : typed(cell);
}
