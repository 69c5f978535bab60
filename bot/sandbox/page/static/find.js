/** Finds text in the cells of the tab, also in rows that are not drawn, which the browser's own search cannot see. */

import { shown } from "./cells.js";
import { h, icon } from "./dom.js";

export class Finder {
  constructor(grid, selection, news) {
    this.grid = grid;
    this.selection = selection;
    this.news = news;
    this.hits = [];
    this.at = -1;
    this.input = h("input", {
      type: "search",
      class: "find-text",
      "aria-label": "Find in this tab",
      placeholder: "Find",
      spellcheck: "false",
      autocomplete: "off",
    });
    this.count = h("span", { class: "find-count", "aria-hidden": "true" });
    const button = (label, drawing, onclick) =>
      h("button", { class: "ghost", type: "button", "aria-label": label, title: label, onclick }, icon(drawing));
    this.box = h(
      "div",
      { class: "find", role: "search", hidden: true },
      this.input,
      this.count,
      button("Previous", "up", () => this.#go(-1)),
      button("Next", "down", () => this.#go(1)),
      button("Close", "close", () => this.close()),
    );
    grid.host.parentElement.append(this.box);
    this.input.addEventListener("input", () => this.#search());
    this.box.addEventListener("keydown", (event) => this.#key(event));
  }

  get isOpen() {
    return !this.box.hidden;
  }

  open() {
    this.box.hidden = false;
    this.input.focus();
    this.input.select();
    if (this.input.value) this.#search();
  }

  close() {
    if (!this.isOpen) return;
    this.box.hidden = true;
    this.#mark([]);
    this.grid.focus();
  }

  /** Rows or cells changed: what was found may be elsewhere. Stays where it was. */
  refresh() {
    if (this.isOpen && this.input.value) this.#mark(this.#found());
  }

  #found() {
    const { tab, view } = this.grid;
    const wanted = this.input.value.toLocaleLowerCase();
    if (!wanted) return [];
    const hits = [];
    for (const key of view.keys) {
      const row = tab.byKey.get(key);
      for (const column of view.compact ? [...view.compact.told, ...view.columns] : view.columns) {
        if (shown(row.values[column]).toLocaleLowerCase().includes(wanted)) hits.push({ key, column });
      }
    }
    return hits;
  }

  #mark(hits) {
    this.hits = hits;
    const names = new Set(hits.map(({ key, column }) => `${key} ${column}`));
    this.grid.marks.found = hits.length ? (key, column) => names.has(`${key} ${column}`) : null;
    this.grid.marks.paint();
    this.#say();
  }

  /** From the active cell on, the first hit at or after it. */
  #search() {
    this.#mark(this.#found());
    const { view } = this.grid;
    const { active } = this.selection;
    const from = active ? view.rowPlace(active.key) : 0;
    const at = this.hits.findIndex(({ key }) => view.rowPlace(key) >= from);
    this.at = this.hits.length ? Math.max(0, at) : -1;
    this.#show();
  }

  #go(step) {
    if (!this.hits.length) return;
    this.at = (this.at + step + this.hits.length) % this.hits.length;
    this.#show();
  }

  #show() {
    const hit = this.hits[this.at];
    this.#say();
    if (!hit) return;
    const { view } = this.grid;
    // On a small screen the state is read in the cell of the row's name.
    const column = view.columnPlace(hit.column) < 0 ? view.compact.name : hit.column;
    this.selection.set(hit.key, column);
    this.grid.reveal({ key: hit.key, column });
  }

  #say() {
    const found = this.hits.length ? `${Math.max(0, this.at) + 1} of ${this.hits.length}` : "Nothing found";
    const words = this.input.value ? found : "";
    if (this.count.textContent === words) return;
    this.count.textContent = words;
    this.news.say(words);
  }

  #key(event) {
    event.stopPropagation();
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && event.target === this.input) this.#go(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  }
}
