/** A stack of rows on the screen: draws those that are asked for, and of those only what changed. */

import { h } from "./dom.js";

export class Band {
  /** `draw(row, column, element)` fills a cell; `role(row)` says what its cells are to a screen reader. */
  constructor(name, draw, cellRole = "gridcell") {
    this.draw = draw;
    this.cellRole = cellRole;
    // Row numbers stay at the left as one layer; a screen reader has them from the rows themselves.
    this.numbers = h("div", { class: "numbers", "aria-hidden": "true" });
    this.element = h("div", { class: name, role: "rowgroup" }, this.numbers);
    this.drawn = new Map(); // row key -> {line, number, cells, index}
  }

  /** Shows exactly these rows, `places` being [{row, top}]; `columns` as drawn, `lefts` of those that stay. */
  show(places, columns, lefts) {
    if (columns !== this.columns) this.clear();
    this.columns = columns;
    const wanted = new Set(places.map(({ row }) => row.key));
    for (const key of this.drawn.keys()) if (!wanted.has(key)) this.#drop(key);
    let isNew = false;
    let above = this.numbers;
    for (const { row, top } of places) {
      let one = this.drawn.get(row.key);
      if (!one) {
        one = this.#make(row, lefts);
        isNew = true;
      } else if (one.index !== row.index) this.#number(one, row);
      if (one.top !== top) {
        one.top = top;
        one.line.style.top = one.number.style.top = `${top}px`;
      }
      // Read aloud, rows come in the order they have on the screen.
      if (above.nextSibling !== one.line) above.after(one.line);
      above = one.line;
    }
    return isNew;
  }

  #make(row, lefts) {
    const number = h("div", { class: "row-number", "data-key": row.key });
    const line = h("div", { class: "row", role: "row", "data-key": row.key });
    const cells = new Map();
    for (const column of this.columns) {
      const cell = h("div", { class: "cell", role: this.cellRole, "data-column": column, "aria-colindex": column + 1 });
      if (lefts.has(column)) {
        cell.classList.add("is-frozen");
        cell.style.left = `${lefts.get(column)}px`;
      }
      cells.set(column, cell);
      line.append(cell);
    }
    const one = { line, number, cells };
    this.drawn.set(row.key, one);
    this.#number(one, row);
    this.numbers.append(number);
    return one;
  }

  /** A row's number is told in many of its labels, so that all of it is drawn with it. */
  #number(one, row) {
    one.index = row.index;
    one.number.textContent = row.index + 1;
    one.line.setAttribute("aria-rowindex", row.index + 1);
    for (const [column, cell] of one.cells) fill(cell, this.draw(row, column, cell));
  }

  redraw(row, columns) {
    const cells = this.drawn.get(row.key)?.cells;
    for (const column of cells ? columns : []) {
      const cell = cells.get(column);
      if (cell) fill(cell, this.draw(row, column, cell));
    }
  }

  redrawAll(rowOf) {
    for (const [key, one] of this.drawn) this.#number(one, rowOf(key));
  }

  cell(key, column) {
    return this.drawn.get(key)?.cells.get(column) ?? null;
  }

  #drop(key) {
    const { line, number } = this.drawn.get(key);
    line.remove();
    number.remove();
    this.drawn.delete(key);
  }

  clear() {
    for (const key of this.drawn.keys()) this.#drop(key);
  }
}

function fill(cell, content) {
  if (content === null) cell.replaceChildren();
  else cell.replaceChildren(content);
}
