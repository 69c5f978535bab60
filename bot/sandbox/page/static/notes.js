/** Writing the note of a cell: a small sheet of paper beside it. Escape leaves the note as it was, leaving it keeps it. */

import { h } from "./dom.js";

export class Notes {
  constructor(page) {
    this.page = page;
    this.box = h("textarea", { class: "note-box", rows: "4", spellcheck: "false", placeholder: "Write a note" });
    this.place = null;
    this.box.addEventListener("blur", () => this.#close(true));
    this.box.addEventListener("keydown", (event) => this.#key(event));
  }

  open(place) {
    const { grid, tab, tips } = this.page;
    grid.reveal(place);
    const at = grid.cellElement(place.key, place.column)?.getBoundingClientRect();
    if (!at) return;
    tips.hide();
    this.place = place;
    this.before = tab.at(place)?.note ?? "";
    this.box.value = this.before;
    this.box.setAttribute("aria-label", `Note of ${tab.label(place.column)}, row ${tab.byKey.get(place.key).index + 1}`);
    document.body.append(this.box);
    const { style } = this.box;
    style.left = `${Math.max(8, Math.min(at.right + 6, innerWidth - this.box.offsetWidth - 8))}px`;
    style.top = `${Math.max(8, Math.min(at.top, innerHeight - this.box.offsetHeight - 8))}px`;
    this.box.focus();
    this.box.setSelectionRange(this.before.length, this.before.length);
  }

  delete(places) {
    return this.#write(places.filter((place) => this.page.tab.at(place)?.note), "");
  }

  #close(keep) {
    if (!this.place) return;
    const { place } = this;
    const note = this.box.value.trim();
    this.place = null;
    this.box.remove();
    if (keep && note !== this.before) void this.#write([place], note);
  }

  async #write(places, note) {
    const { tab, edits, news } = this.page;
    const there = places.filter(({ key }) => tab.byKey.has(key));
    if (!there.length) return;
    const pairs = there.map((place) => {
      const { note: _, ...rest } = tab.at(place) ?? {};
      return { ...place, from: note ? { ...rest, note } : rest };
    });
    const requests = there.map(({ key, column }) => ({
      updateCells: {
        start: { sheetId: tab.sheetId, rowIndex: tab.byKey.get(key).index, columnIndex: column },
        rows: [{ values: [note ? { note } : {}] }],
        fields: "note",
      },
    }));
    if (await edits.lay(tab, pairs, requests)) news.say(note ? "Note kept." : "Note deleted.");
  }

  #key(event) {
    event.stopPropagation();
    const isDone = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (event.key !== "Escape" && !isDone && event.key !== "Tab") return;
    event.preventDefault();
    this.#close(event.key !== "Escape");
    this.page.grid.focus();
  }
}
