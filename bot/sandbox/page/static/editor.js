/** The editor lies over its cell and not in it, so nothing that arrives meanwhile can take it away. */

import { typed } from "./cells.js";
import { h } from "./dom.js";

export class Editor {
  /** `commit(place, text)` writes; `leave(down, right)` moves on, both zero to stay. */
  constructor(grid, commit, leave) {
    this.grid = grid;
    this.commit = commit;
    this.leave = leave;
    this.place = null;
    this.box = h("textarea", { class: "editor", spellcheck: "false", rows: "1" });
    this.box.addEventListener("input", () => this.#grow());
    this.box.addEventListener("keydown", (event) => this.#key(event));
    // Leaving the editor keeps what was typed; being moved into a new grid is no leaving.
    this.box.addEventListener("blur", () => grid.isDrawing || this.close(true));
    this.box.addEventListener("paste", (event) => event.stopPropagation());
  }

  get isOpen() {
    return this.place !== null;
  }

  /** Opens over a cell; `text` replaces what stood there, undefined starts with it. */
  open(place, text) {
    const { grid } = this;
    grid.reveal(place);
    const cell = grid.tab.byKey.get(place.key)?.values[place.column];
    this.before = typed(cell);
    this.place = place;
    this.box.value = text ?? this.before;
    this.box.setAttribute("aria-label", `${grid.tab.label(place.column)}, edit`);
    grid.holder.append(this.box);
    this.settle();
    this.box.focus({ preventScroll: true });
    this.box.setSelectionRange(this.box.value.length, this.box.value.length);
  }

  /** Lays the editor over its cell again, wherever that has gone. */
  settle() {
    if (!this.isOpen) return;
    if (!this.box.isConnected) this.#moveIn();
    const where = this.grid.rectangle(this.place);
    if (!where) return void this.close(false);
    const { style } = this.box;
    style.left = `${where.left - 1}px`;
    style.top = `${where.top - 1}px`;
    style.minWidth = `${where.width + 1}px`;
    style.minHeight = `${where.height + 1}px`;
    this.#grow();
    return undefined;
  }

  /** Into a grid that was drawn anew: the caret stays where it was. */
  #moveIn() {
    const { selectionStart, selectionEnd } = this.box;
    this.grid.holder.append(this.box);
    this.box.focus({ preventScroll: true });
    this.box.setSelectionRange(selectionStart, selectionEnd);
  }

  close(keep) {
    if (!this.isOpen) return;
    const { place, before } = this;
    const text = this.box.value;
    this.place = null;
    this.box.remove();
    if (keep && text !== before) this.commit(place, text);
  }

  #grow() {
    const { box } = this;
    const where = this.grid.rectangle(this.place);
    if (!where) return;
    const widest = Math.max(...box.value.split("\n").map((line) => line.length)) * 7.4 + 24;
    box.style.width = `${Math.min(Math.max(where.width + 1, widest), 440)}px`;
    box.style.height = "0";
    box.style.height = `${Math.min(Math.max(where.height + 1, box.scrollHeight + 2), 260)}px`;
  }

  #key(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    const { key } = event;
    if (key === "Escape") this.#finish(event, false, 0, 0);
    else if (key === "Tab") this.#finish(event, true, 0, event.shiftKey ? -1 : 1);
    else if (key === "Enter" && (event.altKey || event.ctrlKey || event.metaKey)) this.#newLine(event);
    else if (key === "Enter") this.#finish(event, true, event.shiftKey ? -1 : 1, 0);
  }

  #newLine(event) {
    event.preventDefault();
    this.box.setRangeText("\n", this.box.selectionStart, this.box.selectionEnd, "end");
    this.#grow();
  }

  #finish(event, keep, down, right) {
    event.preventDefault();
    this.close(keep);
    this.grid.focus();
    this.leave(down, right);
  }
}
