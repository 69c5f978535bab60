/** Tells those who do not see the screen what happened: one polite line, and the new states of ticked rows. */

import { isTicked, shown } from "./cells.js";

const GATHER = 900; // ms in which news is put together
const MOST = 3; // rows named one by one; more are counted

export class News {
  constructor(line) {
    this.line = line;
    this.words = new Map(); // tab and row key -> the last state told, without its percentage
    this.fresh = new Map();
    this.waiting = 0;
  }

  say(text) {
    // The same words twice are read twice only when they change in between.
    this.line.textContent = this.line.textContent === text ? `${text}\u00a0` : text;
  }

  /** Learns how the rows of a tab stand, without telling. */
  learn(tab) {
    for (const row of tab.rows) this.words.set(`${tab.sheetId} ${row.key}`, stateOf(tab, row));
  }

  /** `changes` maps row keys to changed columns. */
  hear(tab, changes) {
    const status = tab.column("Status");
    for (const [key, columns] of changes) {
      const row = tab.byKey.get(key);
      if (!row || !columns.has(status)) continue;
      const state = stateOf(tab, row);
      const name = `${tab.sheetId} ${key}`;
      const isNew = this.words.get(name) !== state;
      this.words.set(name, state);
      if (isNew && state && isTicked(row.values[tab.column("Approve")])) this.fresh.set(key, { tab, row });
    }
    if (this.fresh.size && !this.waiting) this.waiting = setTimeout(() => this.#tell(), GATHER);
  }

  #tell() {
    const fresh = [...this.fresh.values()];
    this.fresh.clear();
    this.waiting = 0;
    if (fresh.length <= MOST) {
      const sentence = ({ tab, row }) => `Row ${row.index + 1}, ${tab.nameOf(row)}: ${stateOf(tab, row)}.`;
      return this.say(fresh.map(sentence).join(" "));
    }
    const counts = new Map();
    for (const { tab, row } of fresh) counts.set(stateOf(tab, row), (counts.get(stateOf(tab, row)) ?? 0) + 1);
    const parts = [...counts].map(([state, count]) => `${count} ${state}`);
    return this.say(`${fresh.length} rows changed: ${parts.join(", ")}.`);
  }
}

/** The state's word: progress is no news. */
const stateOf = (tab, row) => shown(row.values[tab.column("Status")]).replace(/\s*\d+\s?%$/, "");
