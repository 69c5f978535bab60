/** What a person can do with the columns that are selected. */

import { toast } from "./toast.js";
import { comfortable } from "./view.js";

export class Columns {
  constructor(page) {
    this.page = page;
  }

  /** The selected columns, those that are folded between them included. */
  get selected() {
    const { columns } = this.page.selection;
    return columns.length ? { at: columns[0], count: columns.at(-1) - columns[0] + 1 } : null;
  }

  /** Whether whole columns are selected: then the keys for rows mean columns. */
  get isWhole() {
    const { selection, grid } = this.page;
    return selection.keys.length > 0 && selection.keys.length === grid.view.keys.length;
  }

  /** As many as are selected, at their left or right; they look like the neighbour they were asked for at. */
  async insert(isRight = true) {
    const { selected, page } = this;
    if (!selected) return;
    const { at, count } = selected;
    const place = isRight ? at + count : at;
    if (await page.structure.insertColumns(page.tab, place, count, isRight)) this.#select(place, count);
  }

  async delete() {
    const { selected, page } = this;
    if (!selected) return;
    const { at, count } = selected;
    if (count >= page.tab.columnCount) return void toast("A sheet needs at least one column.", { kind: "calm" });
    if (await page.structure.deleteColumns(page.tab, at, count)) {
      page.news.say(count === 1 ? "One column deleted." : `${count} columns deleted.`);
      this.#select(Math.min(at, page.tab.columnCount - 1), 1);
    }
    return undefined;
  }

  /** One place to the left or right, all of them together. */
  async move(step) {
    const { selected, page } = this;
    if (!selected) return;
    const { at, count } = selected;
    const to = step < 0 ? at - 1 : at + count + 1;
    if (to >= 0 && to <= page.tab.columnCount) await this.carry(to);
  }

  /** To stand before the column at `to`, counted before the move. */
  async carry(to) {
    const { selected, page } = this;
    const { at, count } = selected;
    if (to >= at && to <= at + count) return;
    if (await page.structure.moveColumns(page.tab, at, count, to)) this.#select(to > at ? to - count : to, count);
  }

  hide() {
    const { at, count } = this.selected;
    return this.page.structure.hideColumns(this.page.tab, at, at + count);
  }

  /** Those that are hidden among the selected ones or at their edges. */
  get hidden() {
    const { selected, page } = this;
    if (!selected) return null;
    let { at: start } = selected;
    let end = selected.at + selected.count;
    while (page.tab.columns[start - 1]?.hidden) start -= 1;
    while (page.tab.columns[end]?.hidden) end += 1;
    return page.tab.columns.slice(start, end).some((column) => column.hidden) ? { start, end } : null;
  }

  show() {
    const { start, end } = this.hidden;
    return this.page.structure.hideColumns(this.page.tab, start, end, false);
  }

  /** As wide as each of them needs, or wider and narrower by so much. */
  size(change) {
    const { tab, grid, structure, selection } = this.page;
    const widths = selection.columns.map((column) => {
      const now = grid.view.widths.get(column) ?? tab.columns[column].width;
      const fit = () => comfortable(tab, column, grid.view.look === "plain");
      return [column, change === undefined ? fit() : Math.max(36, now + change)];
    });
    return structure.resizeColumns(tab, widths);
  }

  #select(at, count) {
    const { selection, grid } = this.page;
    const { keys, columns } = grid.view;
    const shown = columns.filter((column) => column >= at && column < at + count);
    if (!shown.length || !keys.length) return;
    selection.span({ key: keys[0], column: shown[0] }, { key: keys.at(-1), column: shown.at(-1) });
    grid.reveal({ key: keys[Math.min(grid.view.frozen, keys.length - 1)], column: shown[0] });
  }
}
