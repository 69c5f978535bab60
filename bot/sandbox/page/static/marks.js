/** Paints what is selected, copied or found onto the cells that are drawn. */

const EDGES = ["edge-top", "edge-bottom", "edge-left", "edge-right"];
const PAINT = ["is-selected", "is-active", "is-marked", "has-handle", "is-copied", "is-found", ...EDGES];

export class Marks {
  constructor(grid, selection) {
    this.grid = grid;
    this.selection = selection;
    this.painted = [];
    this.copied = null; // {keys, columns} of what is on the clipboard, while it is
    this.found = null; // answers whether a cell is among what was searched for
  }

  paint() {
    for (const element of this.painted) {
      element.classList.remove(...PAINT);
      element.removeAttribute("aria-selected");
      if (element.id === "active-cell") element.removeAttribute("id");
    }
    this.painted = [];
    const { grid } = this;
    grid.table.removeAttribute("aria-activedescendant");
    if (this.found) this.#paintFound();
    if (this.copied) this.#paintBlock(this.copied, () => ["is-copied"]);
    if (!this.selection.box) return;
    const { keys, columns, active } = this.selection;
    for (const column of columns) this.#mark(grid.headings.letter(column), "is-marked");
    this.#paintBlock({ keys, columns }, (isLast) => (isLast ? ["is-selected", "has-handle"] : ["is-selected"]));
    const element = grid.cellElement(active.key, active.column);
    if (!element) return;
    this.#mark(element, "is-active");
    element.id = "active-cell";
    grid.table.setAttribute("aria-activedescendant", "active-cell");
  }

  /** Only what is drawn is painted: a selected column may be thousands of rows long. */
  #paintBlock({ keys, columns }, look) {
    const { grid } = this;
    const chosen = keys.length > 1 ? new Set(keys) : { has: (key) => key === keys[0] };
    for (const band of grid.bands) {
      for (const [key, { cells, number }] of band.drawn) {
        if (!chosen.has(key)) continue;
        this.#mark(number, "is-marked");
        columns.forEach((column, right) => {
          const block = grid.view.merges.at({ key, column });
          const end = block ? grid.view.keys[block.bottom] : key;
          const far = right + (block ? block.right - block.left : 0);
          const isLast = end === keys.at(-1) && far === columns.length - 1;
          const cell = cells.get(column);
          this.#mark(cell, ...look(isLast), ...edges(keys, key, end, right, far, columns.length));
          cell?.setAttribute("aria-selected", "true");
        });
      }
    }
  }

  #paintFound() {
    for (const band of this.grid.bands) {
      for (const [key, { cells }] of band.drawn) {
        for (const [column, cell] of cells) if (this.found(key, column)) this.#mark(cell, "is-found");
      }
    }
  }

  #mark(element, ...classes) {
    if (!element) return;
    element.classList.add(...classes);
    this.painted.push(element);
  }
}

function edges(keys, key, end, right, far, width) {
  return [
    key === keys[0] && "edge-top",
    end === keys.at(-1) && "edge-bottom",
    right === 0 && "edge-left",
    far === width - 1 && "edge-right",
  ].filter(Boolean);
}
