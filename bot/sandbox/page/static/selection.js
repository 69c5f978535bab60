/** Which cells are selected. Cells are named by row key and column, so a selection stays with its rows. */

export class Selection {
  /** `order` answers {keys, columns}: what is on the screen, in order. */
  constructor(order) {
    this.order = order;
    this.anchor = null;
    this.focus = null;
    this.listeners = [];
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  set(key, column, { extend = false } = {}) {
    this.focus = { key, column };
    if (!extend || !this.anchor) this.anchor = this.focus;
    for (const listener of this.listeners) listener();
  }

  span(anchor, focus) {
    this.anchor = anchor;
    this.focus = focus;
    for (const listener of this.listeners) listener();
  }

  clear() {
    this.span(null, null);
  }

  /** Keeps the selection on cells that are still there. */
  settle() {
    const { keys, columns } = this.order();
    const gone = (place) => place && (!keys.includes(place.key) || !columns.includes(place.column));
    if (gone(this.focus) || gone(this.anchor)) this.clear();
  }

  /** The active cell: where typing goes. */
  get active() {
    return this.anchor;
  }

  get isSingle() {
    return this.anchor?.key === this.focus?.key && this.anchor?.column === this.focus?.column;
  }

  /** Positions on the screen {top, bottom, left, right}, both ends included; null without a selection. */
  get box() {
    if (!this.anchor) return null;
    const { keys, columns } = this.order();
    const rows = [keys.indexOf(this.anchor.key), keys.indexOf(this.focus.key)].sort((a, b) => a - b);
    const places = [columns.indexOf(this.anchor.column), columns.indexOf(this.focus.column)].sort((a, b) => a - b);
    if (rows[0] < 0 || places[0] < 0) return null;
    return { top: rows[0], bottom: rows[1], left: places[0], right: places[1] };
  }

  get keys() {
    const { box } = this;
    return box ? this.order().keys.slice(box.top, box.bottom + 1) : [];
  }

  get columns() {
    const { box } = this;
    return box ? this.order().columns.slice(box.left, box.right + 1) : [];
  }

  selectAll() {
    const { keys, columns } = this.order();
    if (keys.length) this.span({ key: keys[0], column: columns[0] }, { key: keys.at(-1), column: columns.at(-1) });
  }

  selectRow(key, extend) {
    const { columns } = this.order();
    const from = extend && this.anchor ? this.anchor.key : key;
    this.span({ key: from, column: columns[0] }, { key, column: columns.at(-1) });
  }

  selectColumn(column, extend) {
    const { keys } = this.order();
    const from = extend && this.anchor ? this.anchor.column : column;
    this.span({ key: keys[0], column: from }, { key: keys.at(-1), column });
  }

  /** Moves by rows and columns; with `extend` the other end stays. Answers where it stands. */
  move(down, right, { extend = false } = {}) {
    const { keys, columns } = this.order();
    if (!keys.length) return null;
    const from = (extend ? this.focus : this.anchor) ?? { key: keys[0], column: columns[0] };
    const row = clamp(keys.indexOf(from.key) + down, keys.length);
    const place = clamp(columns.indexOf(from.column) + right, columns.length);
    this.set(keys[row], columns[place], { extend });
    return this.focus;
  }
}

const clamp = (value, length) => Math.min(Math.max(value, 0), length - 1);
