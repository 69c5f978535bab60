/** The editor lies over its cell and not in it, so nothing that arrives meanwhile can take it away. */

import { choices, typed } from "./cells.js";
import { h } from "./dom.js";
import { Suggestions } from "./suggest.js";

export class Editor {
  /** `commit(place, text)` writes; `leave(down, right)` moves on, both zero to stay; `onLost` tells of lost words. */
  constructor(grid, { commit, leave, onLost }) {
    this.grid = grid;
    this.on = { commit, leave, onLost };
    this.place = null;
    this.box = h("textarea", { class: "editor", spellcheck: "false", rows: "1" });
    this.suggestions = new Suggestions(this.box, (word) => this.#take(word));
    this.box.addEventListener("input", () => this.#typed());
    this.box.addEventListener("keydown", (event) => this.#key(event));
    // Leaving the editor keeps what was typed.
    this.box.addEventListener("blur", () => this.close(true));
    grid.host.addEventListener("scroll", () => this.settle(), { passive: true });
  }

  get isOpen() {
    return this.place !== null;
  }

  /** Opens over a cell; `text` replaces what stood there, undefined starts with it. */
  open(place, text) {
    const { grid, box } = this;
    grid.reveal(place);
    const cell = grid.tab.at(place);
    this.before = typed(cell);
    this.place = place;
    box.value = text ?? this.before;
    box.setAttribute("aria-label", `${grid.tab.label(place.column)}, edit`);
    grid.canvas.append(box);
    this.settle();
    box.focus({ preventScroll: true });
    box.setSelectionRange(box.value.length, box.value.length);
    if (choices(cell)) this.suggestions.open(cell);
  }

  /** Lays the editor over its cell again, wherever that has gone. */
  settle() {
    if (!this.isOpen) return;
    const where = this.grid.rectangle(this.place);
    if (!where) return void this.#lose();
    const { style } = this.box;
    style.left = `${where.left - 1}px`;
    style.top = `${where.top - 1}px`;
    style.minWidth = `${where.width + 1}px`;
    style.minHeight = `${where.height + 1}px`;
    this.box.classList.toggle("is-on-top", Boolean(where.isFrozen));
    this.#grow();
    this.suggestions.settle();
    return undefined;
  }

  /** The row under the editor is gone: what was typed is told, so that it can be copied. */
  #lose() {
    const { value } = this.box;
    const isWorth = value !== this.before;
    this.close(false);
    this.grid.focus();
    if (isWorth) this.on.onLost(value);
  }

  close(keep) {
    if (!this.isOpen) return;
    const { place, before } = this;
    const text = this.box.value;
    this.place = null;
    this.suggestions.close();
    this.box.remove();
    if (keep && text !== before) this.on.commit(place, text);
  }

  #typed() {
    this.#grow();
    this.suggestions.show(this.box.value);
  }

  #take(word) {
    this.box.value = word;
    this.close(true);
    this.grid.focus();
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
    else if (key === "ArrowDown" && this.suggestions.move(1)) event.preventDefault();
    else if (key === "ArrowUp" && this.suggestions.move(-1)) event.preventDefault();
  }

  #newLine(event) {
    event.preventDefault();
    this.box.setRangeText("\n", this.box.selectionStart, this.box.selectionEnd, "end");
    this.#grow();
  }

  #finish(event, keep, down, right) {
    event.preventDefault();
    if (keep && this.suggestions.word !== null) this.box.value = this.suggestions.word;
    this.close(keep);
    this.grid.focus();
    this.on.leave(down, right);
  }
}
