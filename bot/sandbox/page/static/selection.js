/** Which cells are selected. Cells are named by row key and column, so a selection stays with its rows. */

export class Selection {
  /** `view` answers what is on the screen: {keys, columns, rowPlace, columnPlace}, or null. */
  constructor(view) {
    this.view = view;
    this.anchor = null;
    this.focus = null;
    this.cursor = null; // where typing goes within a selection of several cells, once Enter or Tab went along it
    this.listeners = [];
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  set(key, column, { extend = false } = {}) {
    this.focus = this.#home({ key, column });
    this.cursor = null;
    if (!extend || !this.anchor) this.anchor = this.focus;
    this.#tell();
  }

  span(anchor, focus) {
    this.anchor = anchor;
    this.focus = focus;
    this.cursor = null;
    this.#tell();
  }

  #home(place) {
    return this.view()?.merges.home(place) ?? place;
  }

  #tell() {
    for (const listener of this.listeners) listener();
  }

  clear() {
    this.span(null, null);
  }

  /** Keeps the selection on cells that are still there. */
  settle() {
    const view = this.view();
    const gone = (place) => place && (view.rowPlace(place.key) < 0 || view.columnPlace(place.column) < 0);
    if (gone(this.cursor)) this.cursor = null;
    if (gone(this.focus) || gone(this.anchor)) this.clear();
  }

  /** The active cell: where typing goes. */
  get active() {
    return this.cursor ?? this.anchor;
  }

  get isSingle() {
    return this.anchor?.key === this.focus?.key && this.anchor?.column === this.focus?.column;
  }

  /** Positions on the screen {top, bottom, left, right}, both ends included; null without a selection. */
  get box() {
    if (!this.anchor) return null;
    const view = this.view();
    const rows = [view.rowPlace(this.anchor.key), view.rowPlace(this.focus.key)].sort((a, b) => a - b);
    const places = [view.columnPlace(this.anchor.column), view.columnPlace(this.focus.column)].sort((a, b) => a - b);
    if (rows[0] < 0 || places[0] < 0) return null;
    return view.merges.grown({ top: rows[0], bottom: rows[1], left: places[0], right: places[1] });
  }

  get keys() {
    const { box } = this;
    return box ? this.view().keys.slice(box.top, box.bottom + 1) : [];
  }

  get columns() {
    const { box } = this;
    return box ? this.view().columns.slice(box.left, box.right + 1) : [];
  }

  /** Every selected cell as {key, column}, row by row. */
  get places() {
    const { keys, columns } = this;
    return keys.flatMap((key) => columns.map((column) => ({ key, column })));
  }

  selectAll() {
    const { keys, columns } = this.view();
    if (keys.length) this.span({ key: keys[0], column: columns[0] }, { key: keys.at(-1), column: columns.at(-1) });
  }

  selectRow(key, extend) {
    const { columns } = this.view();
    const from = extend && this.anchor ? this.anchor.key : key;
    this.span({ key: from, column: columns[0] }, { key, column: columns.at(-1) });
  }

  selectColumn(column, extend) {
    const { keys } = this.view();
    const from = extend && this.anchor ? this.anchor.column : column;
    this.span({ key: keys[0], column: from }, { key: keys.at(-1), column });
  }

  /** Widens the selection to whole rows or whole columns. */
  widen(toRows) {
    if (!this.anchor) return;
    const { keys, columns } = this.view();
    if (toRows) this.span({ key: this.anchor.key, column: columns[0] }, { key: this.focus.key, column: columns.at(-1) });
    else this.span({ key: keys[0], column: this.anchor.column }, { key: keys.at(-1), column: this.focus.column });
  }

  /** Moves by rows and columns; with `extend` the other end stays. Answers where it stands. */
  move(down, right, { extend = false } = {}) {
    const { keys, columns, frozen } = this.view();
    if (!keys.length) return null;
    const start = { key: keys[Math.min(frozen, keys.length - 1)], column: columns[0] };
    const from = (extend ? this.focus : this.active) ?? start;
    // A merged block is left at its far side.
    const block = this.view().merges.at(from);
    const beyond = (step, size) => (step > 0 && block ? step + size : step);
    const row = clamp(this.view().rowPlace(from.key) + beyond(down, block?.bottom - block?.top), keys.length);
    const place = clamp(this.view().columnPlace(from.column) + beyond(right, block?.right - block?.left), columns.length);
    this.set(keys[row], columns[place], { extend });
    return this.focus;
  }

  /** Whether there is more than one cell to go along. */
  get isBlock() {
    const { places } = this;
    return places.length > 1 && places.some((place) => !sameCell(this.#home(place), this.#home(places[0])));
  }

  /** The next cell of the selection, by rows or by columns, round and round; the selection stays. */
  cycle(down, right) {
    const { keys, columns, active } = this;
    const byRow = keys.flatMap((key) => columns.map((column) => ({ key, column })));
    const byColumn = columns.flatMap((column) => keys.map((key) => ({ key, column })));
    const cells = (right ? byRow : byColumn).filter((place) => sameCell(place, this.#home(place)));
    const at = cells.findIndex((place) => sameCell(place, active));
    this.cursor = cells[(at + down + right + cells.length) % cells.length];
    this.#tell();
    return this.cursor;
  }
}

const sameCell = (one, other) => one.key === other.key && one.column === other.column;
const clamp = (value, length) => Math.min(Math.max(value, 0), length - 1);
