/**
 * The tab on the screen. Only the rows in sight are drawn, whatever their number, and of a change only its cells.
 * A grid to screen readers: rows and columns carry their places in the sheet.
 */

import { Band } from "./band.js";
import { isBox } from "./cells.js";
import { drawName, isNarrow } from "./compact.js";
import { h, icon } from "./dom.js";
import { Headings } from "./headings.js";
import { Marks } from "./marks.js";
import { drawCell } from "./render.js";
import { HEAD_ROW_HEIGHT, View } from "./view.js";

const OVERSCAN = 8; // rows drawn beyond either end of what is in sight

export class Grid {
  constructor(host, selection, listeners) {
    this.host = host;
    this.selection = selection;
    this.tab = null;
    this.view = null; // what of the tab is on the screen
    this.showHidden = false;
    this.widths = new Map(); // chosen widths of columns nobody has sized
    this.onDrawn = () => {};
    const draw = (row, column, element) => this.#drawCell(row, column, element);
    this.headings = new Headings(this, listeners);
    this.top = new Band("band", draw, "columnheader");
    this.body = new Band("band", draw);
    this.bands = [this.top, this.body];
    this.head = h("div", { class: "head", role: "presentation" }, this.headings.letters, this.top.element);
    const attributes = { class: "table", role: "grid", tabindex: "0", "aria-multiselectable": "true" };
    this.table = h("div", attributes, this.head, this.body.element);
    this.canvas = h("div", { class: "canvas" }, this.headings.groups, this.table);
    host.append(this.canvas);
    this.marks = new Marks(this, selection);
    selection.onChange(() => this.marks.paint());
    host.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(host);
  }

  /** Shows another tab, from its beginning. */
  open(tab) {
    this.tab = tab;
    this.widths.clear();
    this.showHidden = false;
    this.host.scrollTo(0, 0);
    this.table.setAttribute("aria-label", tab.title);
    this.refresh();
  }

  /** Rows, columns, widths or looks may be others now; selection and place stay. */
  refresh() {
    const { tab } = this;
    this.view = this.#look();
    this.host.classList.toggle("is-compact", Boolean(this.view.compact));
    this.host.classList.toggle("is-plain", this.view.look === "plain");
    for (const band of this.bands) band.clear();
    this.headings.draw(tab, this.view);
    this.table.setAttribute("aria-rowcount", tab.rowCount);
    this.table.setAttribute("aria-colcount", tab.columnCount);
    this.#measure();
    this.selection.settle();
    this.draw();
    this.marks.paint();
    this.onDrawn();
  }

  /** Shows changed cells: `changes` maps a row key to the columns that read differently. */
  redraw(changes) {
    const view = this.#look();
    if (!alike(view, this.view) || this.#touchesHeader(changes)) return void this.refresh();
    if (!sameList(view.keys, this.view.keys)) this.#reorder(view);
    for (const [key, columns] of changes) {
      const row = this.tab.byKey.get(key);
      if (row) this.#redrawRow(row, columns);
    }
    this.marks.paint();
    return undefined;
  }

  /** Rows came, went or moved, the columns are the same: what is drawn goes along. */
  reshape() {
    const view = this.#look();
    if (!alike(view, this.view)) return void this.refresh();
    this.#reorder(view);
    this.headings.draw(this.tab, view);
    for (const band of this.bands) band.redrawAll((key) => this.tab.byKey.get(key));
    this.marks.paint();
    this.onDrawn();
    return undefined;
  }

  #reorder(view) {
    // The columns are the very list the drawn rows know, or all of them would be drawn again.
    this.view = Object.assign(view, { columns: this.view.columns });
    this.table.setAttribute("aria-rowcount", this.tab.rowCount);
    this.#measure();
    this.selection.settle();
    this.draw();
  }

  #look() {
    return new View(this.tab, { showHidden: this.showHidden, widths: this.widths });
  }

  #touchesHeader(changes) {
    return this.tab.header !== null && changes.has(this.tab.rows[0].key);
  }

  #redrawRow(row, columns) {
    const { tab, view } = this;
    const stale = new Set([...columns, ...tab.colours.touchedBy(columns, tab.columnCount)]);
    if (view.compact && [...view.compact.told].some((column) => columns.has(column))) stale.add(view.compact.name);
    // A box is fainter where its row holds nothing yet.
    row.values.forEach((cell, column) => isBox(cell) && stale.add(column));
    // The state offers the video, wherever in the row its link arrived.
    stale.add(tab.column("Status"));
    for (const band of this.bands) band.redraw(row, stale);
  }

  #drawCell(row, column, element) {
    const { compact } = this.view;
    const isHead = row.index < this.tab.frozenRows;
    if (compact && isHead && column === compact.tick) return icon("check");
    if (this.view.merges.dress({ key: row.key, column }, element)) return null;
    const content = drawCell(this.tab, row.index, column, element);
    return compact && !isHead && column === compact.name ? drawName(this.tab, row.index, compact) : content;
  }

  /** Tells the style sheet where things are. */
  #measure() {
    const { view, canvas } = this;
    const { frozen, numberWidth, rowHeight } = view;
    const tracks = view.columns.map((column) => `${view.widths.get(column)}px`).join(" ");
    this.headHeight = frozen * HEAD_ROW_HEIGHT + (view.compact ? 0 : HEADING);
    this.topHeight = this.headHeight + this.headings.groupsHeight;
    const set = (name, value) => canvas.style.setProperty(name, value);
    set("--tracks", tracks);
    set("--number", `${numberWidth}px`);
    set("--row", `${rowHeight}px`);
    set("--groups", `${this.headings.groupsHeight}px`);
    canvas.style.width = `${view.width}px`;
    this.top.element.style.height = `${frozen * HEAD_ROW_HEIGHT}px`;
    this.body.element.style.height = `${(view.keys.length - frozen) * rowHeight}px`;
  }

  /** Draws the rows in sight. */
  draw() {
    const { tab, view, host } = this;
    if (!tab) return;
    const lefts = this.#frozenLefts();
    const placed = (from, to, first, height) =>
      view.keys.slice(from, to).map((key, at) => ({ row: tab.byKey.get(key), top: (first + at) * height }));
    let isNew = this.top.show(placed(0, view.frozen, 0, HEAD_ROW_HEIGHT), view.columns, lefts);
    const inView = Math.max(0, Math.floor(host.scrollTop / view.rowHeight) - OVERSCAN);
    const first = view.merges.firstFor(view.frozen + inView) - view.frozen;
    const last = Math.ceil((host.scrollTop + host.clientHeight - this.topHeight) / view.rowHeight) + OVERSCAN;
    const inSight = placed(view.frozen + first, Math.max(0, view.frozen + last), first, view.rowHeight);
    isNew = this.body.show(inSight, view.columns, lefts) || isNew;
    // New rows have to show the selection too.
    if (isNew) this.marks.paint();
  }

  #frozenLefts() {
    const { tab, view } = this;
    const frozen = isNarrow() ? [] : view.columns.filter((column) => column < tab.frozenColumns);
    return new Map(frozen.map((column) => [column, view.lefts.get(column)]));
  }

  /** A width for the time of a drag; nothing is drawn again for it. */
  setWidth(column, width) {
    const { view } = this;
    const more = width - view.widths.get(column);
    view.widths.set(column, width);
    for (const other of view.columns) if (other > column) view.lefts.set(other, view.lefts.get(other) + more);
    view.width += more;
    this.#measure();
  }

  // ---------------------------------------------------------------- places on the screen

  cellElement(key, column) {
    return this.top.cell(key, column) ?? this.body.cell(key, column);
  }

  /** {key, column} of the cell an element lies in, {key} on a row number, {column} on a letter. */
  placeOf(element) {
    const cell = element.closest?.(".cell");
    if (cell) return { key: cell.parentElement.dataset.key, column: Number(cell.dataset.column) };
    const number = element.closest?.(".row-number");
    if (number) return { key: number.dataset.key };
    const letter = element.closest?.(".letter");
    if (letter) return { column: Number(letter.dataset.column) };
    return element.closest?.(".corner") ? { corner: true } : null;
  }

  /** Where a cell lies on the canvas. */
  rectangle({ key, column }) {
    const { view } = this;
    const place = view.rowPlace(key);
    if (place < 0 || !view.lefts.has(column)) return null;
    const left = view.lefts.get(column);
    const block = view.merges.at({ key, column });
    const width = block?.width ?? view.widths.get(column);
    if (place < view.frozen) {
      const top = this.host.scrollTop + this.topHeight - (view.frozen - place) * HEAD_ROW_HEIGHT;
      return { top, left, width, height: block?.height ?? HEAD_ROW_HEIGHT, isFrozen: true };
    }
    return { top: this.topHeight + (place - view.frozen) * view.rowHeight, left, width, height: block?.height ?? view.rowHeight };
  }

  reveal(place) {
    const where = place && this.rectangle(place);
    if (!where) return;
    const { host, view } = this;
    if (!where.isFrozen) {
      host.scrollTop = Math.min(host.scrollTop, where.top - this.topHeight);
      // Of what is taller than the screen the beginning is shown.
      const below = Math.min(where.top + where.height - host.clientHeight, where.top - this.topHeight);
      host.scrollTop = Math.max(host.scrollTop, below);
    }
    if (!this.#frozenLefts().has(place.column)) {
      const columns = [...this.#frozenLefts().keys()];
      const frozen = columns.reduce((sum, column) => sum + view.widths.get(column), view.numberWidth);
      host.scrollLeft = Math.min(host.scrollLeft, where.left - frozen);
      host.scrollLeft = Math.max(host.scrollLeft, where.left + where.width - host.clientWidth);
    }
    this.draw();
  }

  get pageRows() {
    return Math.max(1, Math.floor((this.host.clientHeight - this.topHeight) / this.view.rowHeight) - 1);
  }

  focus() {
    this.table.focus({ preventScroll: true });
  }
}

const HEADING = 22; // px of the letters' height

/** Whether the drawn cells of one view can go on in another. */
function alike(one, other) {
  return (
    one.look === other.look &&
    one.frozen === other.frozen &&
    sameList(one.columns, other.columns) &&
    one.columns.every((column) => one.widths.get(column) === other.widths.get(column))
  );
}

const sameList = (one, other) => one.length === other.length && one.every((item, at) => item === other[at]);
