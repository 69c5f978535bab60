/** The line above the grid: where the selection stands and the whole content of its cell, editable. */

import { columnLetter, isCheckbox, typed } from "./cells.js";

export class FormulaLine {
  constructor(grid, selection, commit) {
    this.grid = grid;
    this.selection = selection;
    this.commit = commit;
    this.box = document.getElementById("formula");
    this.name = document.getElementById("place");
    selection.onChange(() => this.show());
    this.box.addEventListener("focus", () => this.#start());
    this.box.addEventListener("blur", () => this.#finish(true));
    this.box.addEventListener("input", () => this.#grow());
    this.box.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Shows the active cell, unless somebody is typing here. */
  show() {
    if (this.place) return;
    const { active } = this.selection;
    const { tab } = this.grid;
    const row = active && tab.byKey.get(active.key);
    this.box.disabled = !row;
    this.box.value = row ? typed(row.values[active.column]) : "";
    this.name.textContent = row ? this.#name(row) : "";
    this.#grow();
  }

  #name(row) {
    const { tab } = this.grid;
    const { box, active, columns } = this.selection;
    if (this.selection.isSingle || !box) return `${columnLetter(active.column)}${row.index + 1}`;
    const rows = this.selection.keys.map((key) => tab.byKey.get(key).index + 1);
    return `${columnLetter(columns[0])}${rows[0]}:${columnLetter(columns.at(-1))}${rows.at(-1)}`;
  }

  #start() {
    this.place = this.selection.active;
    this.before = this.box.value;
  }

  #finish(keep) {
    const { place } = this;
    this.place = null;
    if (place && keep && this.box.value !== this.before) this.commit(place, this.#input(place));
    this.show();
  }

  #input({ key, column }) {
    const cell = this.grid.tab.byKey.get(key)?.values[column];
    const word = this.box.value.trim().toUpperCase();
    return isCheckbox(cell) && (word === "TRUE" || word === "FALSE") ? word === "TRUE" : this.box.value;
  }

  #grow() {
    this.box.style.height = "30px";
    if (this.box.value.includes("\n") || this.place) this.box.style.height = `${Math.min(92, this.box.scrollHeight)}px`;
  }

  #key(event) {
    if (event.isComposing) return;
    const isNewLine = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    if (event.key === "Enter" && !isNewLine) this.#finish(true);
    else if (event.key === "Enter" && !event.shiftKey) return void this.#newLine(event);
    else if (event.key === "Escape") this.#finish(false);
    else return;
    event.preventDefault();
    this.grid.focus();
  }

  #newLine(event) {
    event.preventDefault();
    this.box.setRangeText("\n", this.box.selectionStart, this.box.selectionEnd, "end");
    this.#grow();
  }
}
