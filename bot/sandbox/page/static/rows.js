/** What a person can do with the rows that are selected. */

import { toast } from "./toast.js";

export class Rows {
  constructor(page) {
    this.page = page;
  }

  /** The selected rows below the frozen ones: those can go anywhere. */
  get selected() {
    const { tab, selection } = this.page;
    return selection.keys.map((key) => tab.byKey.get(key)).filter((row) => row.index >= tab.frozenRows);
  }

  /** As many rows as are selected, above or below them. */
  async insert(isBelow = true) {
    const rows = this.selected;
    const { tab, structure } = this.page;
    const indexes = rows.map((row) => row.index);
    const index = !rows.length ? tab.lastRow + 1 : isBelow ? Math.max(...indexes) + 1 : Math.min(...indexes);
    await structure.insertRows(tab, Math.max(index, tab.frozenRows), Math.max(1, rows.length));
  }

  async delete() {
    const rows = this.selected;
    if (!rows.length) return void toast("Select the rows to delete first.", { kind: "calm" });
    const { grid, selection, structure, tab, news } = this.page;
    const next = grid.view.keys[grid.view.rowPlace(rows.at(-1).key) + 1];
    const { column } = selection.active;
    if (await structure.deleteRows(tab, rows.map((row) => row.key))) {
      if (grid.view.rowPlace(next) >= 0) selection.set(next, column);
      news.say(rows.length === 1 ? "One row deleted." : `${rows.length} rows deleted.`);
    }
    return undefined;
  }

  /** One place up or down, the whole selection together. */
  move(step) {
    const rows = this.selected;
    if (!rows.length) return undefined;
    const [first, last] = [rows[0].index, rows.at(-1).index];
    const to = step < 0 ? first - 1 : last + 2;
    if (to < this.page.tab.frozenRows || to > this.page.tab.rowCount) return undefined;
    return this.carry(rows.map((row) => row.key), to);
  }

  async carry(keys, to) {
    if (this.page.tab.look) return void toast("Leave the filter view to move rows.", { kind: "calm" });
    const { grid, selection, structure, tab } = this.page;
    const { columns, active } = selection;
    await structure.moveRows(tab, keys, Math.max(to, tab.frozenRows));
    if (grid.view.rowPlace(keys[0]) < 0 || !active) return undefined;
    selection.span({ key: keys[0], column: columns[0] }, { key: keys.at(-1), column: columns.at(-1) });
    grid.reveal({ key: keys[0], column: columns[0] });
    return undefined;
  }

  sort(column, isDescending) {
    if (this.page.tab.look) {
      return void toast("Leave the filter view to sort: a sort moves the rows for everybody.", { kind: "calm" });
    }
    return this.page.structure.sort(this.page.tab, column, isDescending);
  }

  /** How many rows down the last filled one is. */
  toEnd() {
    const { tab, selection } = this.page;
    const { view } = this.page.grid;
    const last = view.rowPlace(tab.rows[Math.max(0, tab.lastRow)]?.key);
    return (last < 0 ? view.keys.length - 1 : last) - Math.max(0, view.rowPlace(selection.active?.key));
  }
}
