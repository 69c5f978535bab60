/** The tab on the screen: Tabulator draws rows and columns, this paints cells, headers and the selection. */

import {
  FormatModule,
  FrozenColumnsModule,
  ResizeColumnsModule,
  Tabulator,
} from "/page/tabulator/js/tabulator_esm.min.mjs";

import { isCheckbox, link, picture, shown } from "./cells.js";
import { compactView, drawName, isNarrow } from "./compact.js";
import { h, icon } from "./dom.js";
import { drawCell } from "./render.js";

Tabulator.registerModule([FormatModule, FrozenColumnsModule, ResizeColumnsModule]);

// Two lines of text or a thumbnail; one line where a tab holds neither; a small screen stacks three parts.
const ROW_HEIGHT = { roomy: 44, plain: 34, compact: 84 };
const DEFAULT_WIDTH = 100;
const PAINT = "is-selected is-active is-marked has-handle edge-bottom edge-right edge-top edge-left".split(" ");
const field = (column) => `c${column}`;
export const columnOf = (element) => Number(element.getAttribute("tabulator-field")?.slice(1));

export class Grid {
  constructor(host, selection, onResized) {
    this.host = host;
    this.selection = selection;
    this.onResized = onResized;
    this.table = null;
    this.tab = null;
    this.showHidden = false;
    this.painted = [];
    this.isDrawing = false; // the old grid is gone, the new one not there yet
    this.onDrawn = () => {};
    selection.onChange(() => this.paint());
  }

  /** Draws a tab from nothing. */
  async open(tab) {
    this.isDrawing = true;
    this.table?.destroy();
    this.tab = tab;
    this.painted = [];
    this.headers = new Map();
    this.compact = this.#compactNow();
    this.rowHeight = ROW_HEIGHT[this.compact ? "compact" : tab.column("Status") >= 0 ? "roomy" : "plain"];
    this.order = this.#readOrder();
    this.drawn = this.#shape();
    this.host.classList.toggle("has-header", Boolean(tab.header));
    this.host.classList.toggle("is-compact", Boolean(this.compact));
    this.host.classList.toggle("is-plain", this.rowHeight === ROW_HEIGHT.plain);
    this.table = new Tabulator(this.host, {
      data: this.#data(),
      index: "id",
      height: "100%",
      rowHeight: this.rowHeight,
      layout: "fitData",
      renderVertical: "virtual",
      renderVerticalBuffer: 400,
      placeholder: "",
      rowHeader: this.#numbers(),
      columns: this.#visibleColumns().map((column) => this.#column(column)),
      rowFormatter: (row) => {
        row.getElement().dataset.key = row.getData().id;
      },
    });
    this.table.on("columnResized", (column) => {
      this.onResized(this.tab, columnOf(column.getElement()), column.getWidth());
      this.paint();
    });
    await new Promise((resolve) => {
      this.table.on("tableBuilt", resolve);
    });
    this.holder = this.host.querySelector(".tabulator-tableholder");
    // The grid as a whole takes the keyboard, the scrolled part of it does not.
    this.host.tabIndex = 0;
    this.holder.tabIndex = -1;
    // The library nests a row group within a row group, which no screen reader expects.
    this.host.querySelector(".tabulator-header").setAttribute("role", "presentation");
    this.host.setAttribute("aria-rowcount", String(tab.rowCount));
    this.#label();
    // Rows come and go with scrolling; new ones have to show the selection too.
    const body = this.host.querySelector(".tabulator-table");
    new MutationObserver(() => this.paint()).observe(body, { childList: true });
    this.isDrawing = false;
    this.paint();
  }

  /** Shows a tab whose rows or columns may have moved; the selection and the scroll position stay. */
  async reread() {
    const shape = this.#shape();
    if (shape !== this.drawn) {
      const { scrollTop, scrollLeft } = this.holder;
      await this.open(this.tab);
      Object.assign(this.holder, { scrollTop, scrollLeft });
    } else {
      this.order = this.#readOrder();
      await this.table.replaceData(this.#data());
      for (const column of this.headers.keys()) this.#drawHeader(column);
    }
    this.selection.settle();
    this.paint();
    this.onDrawn();
  }

  /** Shows changed cells: `changes` maps a row key to the columns that read differently. */
  redraw(changes) {
    if (this.tab.body.length !== this.order.keys.length) return void this.reread();
    for (const [key, columns] of changes) {
      const row = this.tab.byKey.get(key);
      if (!row) continue;
      if (row.index < this.tab.firstBodyRow) {
        for (const column of columns) this.#drawHeader(column);
      } else {
        this.#redrawRow(row, columns);
      }
    }
    if (this.#shape() !== this.drawn) void this.reread();
    return undefined;
  }

  #redrawRow(row, columns) {
    const line = this.table.getRow(row.key);
    if (!line) return;
    const stale = new Set([...columns, ...this.tab.colours.touchedBy(columns, this.tab.columnCount)]);
    if (this.compact && !this.compact.told.isDisjointFrom(columns)) stale.add(this.compact.name);
    // A box is fainter where its row holds nothing yet.
    row.values.forEach((cell, column) => isCheckbox(cell) && stale.add(column));
    // The state offers the video, wherever in the row its link arrived.
    stale.add(this.tab.column("Status"));
    // A new stamp makes the table draw a cell again; what it shows is read from the tab.
    const update = {};
    for (const column of stale) update[field(column)] = (this.stamp = (this.stamp ?? 0) + 1);
    line.update({ id: row.key, ...update });
  }

  #readOrder() {
    return {
      keys: this.tab.body.map((row) => row.key),
      columns: this.#visibleColumns().map(({ index }) => index),
    };
  }

  #compactNow() {
    return this.showHidden ? null : compactView(this.tab);
  }

  #visibleColumns() {
    if (this.compact) return this.compact.columns.map((index) => this.tab.columns[index]);
    return this.tab.drawnColumns.filter((column) => this.showHidden || !column.hidden);
  }

  /** How many columns with a header are out of sight until asked for. */
  get hiddenCount() {
    const { tab } = this;
    const labelled = tab.drawnColumns.filter(({ index }) => !tab.header || shown(tab.header[index]));
    const compact = compactView(tab);
    return labelled.filter((column) => (compact ? !compact.columns.includes(column.index) : column.hidden)).length;
  }

  /** What the columns depend on; while it stays the same, rows can be exchanged under them. */
  #shape() {
    const compact = this.#compactNow();
    if (compact) return JSON.stringify(["compact", [...compact.widths], Boolean(this.tab.header)]);
    return JSON.stringify([
      this.tab.frozenColumns,
      Boolean(this.tab.header),
      this.#visibleColumns().map(({ index, width }) => [index, width, this.tab.isRobots(index)]),
    ]);
  }

  #data() {
    return this.tab.body.map((row) => ({ id: row.key }));
  }

  #numbers() {
    return {
      field: "n",
      frozen: true,
      resizable: false,
      width: this.compact?.numberWidth ?? 46,
      minWidth: 24,
      cssClass: "row-number",
      titleFormatter: () => h("span", { class: "visually-hidden" }, "Row"),
      formatter: (cell) => {
        const row = this.tab.byKey.get(cell.getData().id);
        return row ? String(row.index + 1) : "";
      },
    };
  }

  #column({ index, width, hidden }) {
    return {
      field: field(index),
      title: this.tab.label(index),
      frozen: index < this.tab.frozenColumns && !isNarrow(),
      width: this.compact?.widths.get(index) ?? (width === DEFAULT_WIDTH ? this.#comfortable(index) : width),
      minWidth: 36,
      resizable: "header",
      cssClass: hidden ? "is-folded" : "",
      titleFormatter: () => this.#header(index),
      formatter: (cell) => {
        const row = this.tab.byKey.get(cell.getData().id);
        if (!row) return "";
        const content = drawCell(this.tab, row.index, index, cell.getElement());
        return index === this.compact?.name ? drawName(this.tab, row.index, this.compact) : content;
      },
    };
  }

  /** A width for columns nobody has sized: room for the header and two lines of what they hold. */
  #comfortable(column) {
    const label = this.tab.label(column);
    const head = label.length * 7.8 + 26;
    const cells = this.tab.body.slice(0, 40).map((row) => row.values[column]);
    if (cells.some(isCheckbox) && this.tab.header) return Math.max(60, head);
    if (cells.some(picture)) return Math.max(84, head);
    if (cells.some((cell) => cell?.dataValidation)) return Math.max(104, head);
    if (cells.some(link)) return Math.max(140, head);
    const lengths = cells.map((cell) => shown(cell).length);
    if (this.rowHeight === ROW_HEIGHT.plain) {
      // One line a row; what is longer still runs over into empty neighbours.
      return Math.max(88, Math.max(0, ...lengths.filter((length) => length <= 44)) * 7.3 + 26);
    }
    const longest = Math.max(0, ...lengths);
    if (label.toLowerCase() === "status") return Math.max(156, head);
    if (longest > 60 && this.tab.isRobots(column)) return 236;
    return Math.round(Math.max(64, head, Math.min(165, longest > 16 ? longest * 4.4 + 40 : longest * 7.4 + 22)));
  }

  #header(column) {
    const box = h("div", { class: "head" });
    this.headers.set(column, box);
    this.#drawHeader(column);
    return box;
  }

  #drawHeader(column) {
    const box = this.headers.get(column);
    if (!box) return;
    const cell = this.tab.header?.[column];
    const letter = h("span", { class: "head-letter" }, this.tab.columns[column].letter);
    box.replaceChildren(letter);
    const asTick = column === this.compact?.tick;
    if (this.tab.header) box.append(h("span", { class: "head-label" }, asTick ? icon("check") : shown(cell)));
    if (cell?.note) box.dataset.tip = cell.note;
    else delete box.dataset.tip;
    box.classList.toggle("is-robots", this.tab.isRobots(column));
  }

  #label() {
    for (const [column, box] of this.headers) {
      box.closest(".tabulator-col").setAttribute("aria-label", this.tab.label(column));
    }
  }

  // ---------------------------------------------------------------- places on the screen

  rowElement(key) {
    return this.host.querySelector(`.tabulator-row[data-key="${CSS.escape(key)}"]`);
  }

  cellElement(key, column) {
    return this.rowElement(key)?.querySelector(`.tabulator-cell[tabulator-field="${field(column)}"]`) ?? null;
  }

  /** {key, column} of the cell an element lies in, {key} on a row number, {column} on a header. */
  placeOf(element) {
    const cell = element.closest?.(".tabulator-cell");
    if (cell) {
      const { key } = cell.closest(".tabulator-row").dataset;
      return cell.classList.contains("row-number") ? { key } : { key, column: columnOf(cell) };
    }
    const head = element.closest?.(".tabulator-col");
    if (!head) return null;
    return head.classList.contains("row-number") ? { corner: true } : { column: columnOf(head) };
  }

  /** Where a cell lies within the scrolled area. */
  rectangle({ key, column }) {
    const position = this.order.keys.indexOf(key);
    const head = this.headers.get(column)?.closest(".tabulator-col");
    if (position < 0 || !head) return null;
    return { top: position * this.rowHeight, left: head.offsetLeft, width: head.offsetWidth, height: this.rowHeight };
  }

  reveal(place) {
    const where = place && this.rectangle(place);
    if (!where) return;
    const { holder } = this;
    const frozen = this.#frozenWidth();
    if (where.top < holder.scrollTop) holder.scrollTop = where.top;
    const below = where.top + where.height - holder.clientHeight;
    if (below > holder.scrollTop) holder.scrollTop = below;
    if (place.column < this.tab.frozenColumns) return;
    if (where.left - frozen < holder.scrollLeft) holder.scrollLeft = where.left - frozen;
    const beyond = where.left + where.width - holder.clientWidth;
    if (beyond > holder.scrollLeft) holder.scrollLeft = beyond;
  }

  #frozenWidth() {
    return [...this.host.querySelectorAll(".tabulator-col.tabulator-frozen")].reduce(
      (sum, column) => sum + column.offsetWidth,
      0,
    );
  }

  // ---------------------------------------------------------------- selection

  paint() {
    for (const element of this.painted) {
      element.classList.remove(...PAINT);
      if (element.id === "active-cell") element.removeAttribute("id");
    }
    this.painted = [];
    this.host.removeAttribute("aria-activedescendant");
    if (!this.selection.box) return;
    const { keys, columns, active } = this.selection;
    for (const column of columns) this.#mark(this.headers.get(column)?.closest(".tabulator-col"), "is-marked");
    const chosen = new Set(keys);
    // Only what is drawn is painted: a selected column may be thousands of rows long.
    for (const row of this.host.querySelectorAll(".tabulator-row")) {
      const { key } = row.dataset;
      if (chosen.has(key)) this.#paintRow(row, columns, key === keys[0], key === keys.at(-1));
    }
    const element = this.cellElement(active.key, active.column);
    if (!element) return;
    this.#mark(element, "is-active");
    element.id = "active-cell";
    this.host.setAttribute("aria-activedescendant", "active-cell");
  }

  #paintRow(row, columns, first, last) {
    this.#mark(row.querySelector(".row-number"), "is-marked");
    columns.forEach((column, right) => {
      const cell = row.querySelector(`.tabulator-cell[tabulator-field="${field(column)}"]`);
      const rightmost = right === columns.length - 1;
      const edges = [
        first && "edge-top",
        last && "edge-bottom",
        right === 0 && "edge-left",
        rightmost && "edge-right",
        last && rightmost && "has-handle",
      ].filter(Boolean);
      this.#mark(cell, "is-selected", ...edges);
    });
  }

  #mark(element, ...classes) {
    if (!element) return;
    element.classList.add(...classes);
    this.painted.push(element);
  }

  focus() {
    this.host.focus({ preventScroll: true });
  }
}
