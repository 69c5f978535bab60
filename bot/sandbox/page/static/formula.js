/** The line above the grid: where the selection stands and the whole content of its cell, editable. */

import { address, isCheckbox, typed } from "./cells.js";

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
    const row = active && tab?.byKey.get(active.key);
    this.box.disabled = !row;
    const text = row ? typed(row.values[active.column]) : "";
    this.name.textContent = row ? this.#name(row) : "";
    if (this.box.value === text) return;
    this.box.value = text;
    this.#grow();
  }

  #name(row) {
    const { tab } = this.grid;
    const { box, active, columns } = this.selection;
    if (this.selection.isSingle || !box) return address(row.index, active.column);
    const { keys } = this.selection;
    const at = (key, column) => address(tab.byKey.get(key).index, column);
    return `${at(keys[0], columns[0])}:${at(keys.at(-1), columns.at(-1))}`;
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
