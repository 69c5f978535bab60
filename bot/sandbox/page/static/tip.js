/** The note of a cell, or what its rule asks for: beside it while the pointer rests there or the keyboard came to it. */

import { h } from "./dom.js";

const REST = 250; // ms a pointer rests before a note is shown
const PAUSE = 400; // ms a selection rests: going along a row with the arrows shows no flicker

export class Tips {
  /** `noteOf(element)` answers a cell's words or null; `active()` the element of the active cell or null. */
  constructor(host, noteOf, active) {
    this.noteOf = noteOf;
    this.active = active;
    this.box = h("div", { class: "tip", role: "tooltip", id: "tip", hidden: true });
    document.body.append(this.box);
    this.waiting = 0;
    this.over = null;
    host.addEventListener("pointerover", (event) => this.#point(event.target.closest(".cell")));
    for (const kind of ["pointerleave", "pointerdown"]) host.addEventListener(kind, () => this.hide());
    host.addEventListener("scroll", () => this.hide(), { passive: true });
  }

  #point(element) {
    if (element === this.over) return;
    this.hide();
    this.over = element;
    this.#later(element, REST);
  }

  /** The selection moved by keyboard. */
  follow() {
    this.hide();
    this.#later(this.active(), PAUSE);
  }

  #later(element, pause) {
    const note = element && this.noteOf(element);
    if (!note) return;
    this.waiting = setTimeout(() => element.isConnected && this.#show(note, element), pause);
  }

  #show(note, element) {
    const { box } = this;
    box.textContent = note;
    box.hidden = false;
    element.setAttribute("aria-describedby", "tip");
    this.described = element;
    const at = element.getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${at.bottom + box.offsetHeight + 12 > innerHeight ? at.top - box.offsetHeight - 6 : at.bottom + 6}px`;
  }

  hide() {
    clearTimeout(this.waiting);
    this.described?.removeAttribute("aria-describedby");
    this.described = null;
    this.over = null;
    this.box.hidden = true;
  }
}
