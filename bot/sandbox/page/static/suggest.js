/** The words of a dropdown under the editor, narrowed down while somebody types. */

import { h } from "./dom.js";
import { suggestions } from "./validation.js";

const COMBOBOX = ["role", "aria-autocomplete", "aria-controls", "aria-expanded", "aria-activedescendant"];

export class Suggestions {
  /** `box` is the editor; `choose(word)` takes a word. */
  constructor(box, choose) {
    this.box = box;
    this.choose = choose;
    const attributes = { class: "popup suggest", role: "listbox", id: "suggest", "aria-label": "Choices", hidden: true };
    this.list = h("div", attributes);
    // Pressing on a word must not take the focus from the editor: leaving it would write.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const word = event.target.closest("[role=option]")?.dataset.word;
      if (word !== undefined) this.choose(word);
    });
  }

  open(cell) {
    this.cell = cell;
    this.box.setAttribute("role", "combobox");
    this.box.setAttribute("aria-autocomplete", "list");
    document.body.append(this.list);
    this.show("");
  }

  close() {
    this.cell = null;
    this.list.hidden = true;
    this.list.remove();
    for (const name of COMBOBOX) this.box.removeAttribute(name);
  }

  /** Shows what fits the text; the first word is offered once something was typed. */
  show(text) {
    if (!this.cell) return;
    this.words = suggestions(this.cell, text);
    this.at = text && this.words.length ? 0 : -1;
    const option = (word, at) =>
      h("div", { class: "popup-item", role: "option", id: `suggest-${at}`, "data-word": word }, word);
    this.list.replaceChildren(...this.words.map(option));
    this.list.hidden = this.words.length === 0;
    this.box.setAttribute("aria-expanded", String(!this.list.hidden));
    if (this.list.hidden) this.box.removeAttribute("aria-controls");
    else this.box.setAttribute("aria-controls", "suggest");
    this.#mark();
    this.settle();
  }

  /** Up and down the list; answers whether there was one to go through. */
  move(step) {
    if (!this.cell || !this.words.length) return false;
    this.at = (this.at + step + this.words.length) % this.words.length;
    this.#mark();
    return true;
  }

  /** The word that is marked, or null. */
  get word() {
    return this.cell && this.at >= 0 ? this.words[this.at] : null;
  }

  #mark() {
    [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === this.at)));
    if (this.at >= 0) this.box.setAttribute("aria-activedescendant", `suggest-${this.at}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  /** Stays under the editor, or above it where there is no room below. */
  settle() {
    if (!this.cell || this.list.hidden) return;
    const { style } = this.list;
    const at = this.box.getBoundingClientRect();
    style.minWidth = `${at.width}px`;
    style.left = `${Math.max(4, Math.min(at.left, innerWidth - this.list.offsetWidth - 8))}px`;
    const below = at.bottom + 3;
    style.top = `${below + this.list.offsetHeight > innerHeight ? at.top - this.list.offsetHeight - 3 : below}px`;
  }
}
