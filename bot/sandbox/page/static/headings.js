/** Above the rows: column letters with their edges to drag, and the brackets that fold groups of columns. */

import { h } from "./dom.js";
import { comfortable } from "./view.js";

const LEAST = 36; // px a column can be narrowed to
const BRACKET = 18; // px of height for one level of groups

export class Headings {
  /** `onResize([[column, width]])` and `onFold(group, collapsed)` write what a person did here. */
  constructor(grid, { onResize, onFold, onUnhide }) {
    this.grid = grid;
    this.on = { onResize, onFold, onUnhide };
    this.groups = h("div", { class: "groups" });
    this.letters = h("div", { class: "letters", "aria-hidden": "true" });
    this.byColumn = new Map();
    this.letters.addEventListener("pointerdown", (event) => this.#grab(event));
    this.letters.addEventListener("dblclick", (event) => this.#fit(event));
    this.letters.addEventListener("click", (event) => this.#unhide(event));
  }

  letter(column) {
    return this.byColumn.get(column) ?? null;
  }

  /** How high the brackets are; the rows that stay at the top begin below them. */
  get groupsHeight() {
    return this.groups.hidden ? 0 : this.levels * BRACKET + 2;
  }

  draw(tab, view) {
    this.byColumn.clear();
    const cells = view.columns.map((column) => {
      const edge = h("span", { class: "letter-edge" });
      const cell = h("div", { class: "letter", "data-column": column }, tab.columns[column].letter, edge);
      cell.classList.toggle("is-folded", tab.columns[column].hidden);
      const gap = hiddenAfter(tab, view, column);
      if (gap) {
        const span = { "data-from": gap[0], "data-to": gap[1] };
        cell.append(h("span", { class: "letter-gap", title: "Show hidden columns", ...span }));
      }
      this.byColumn.set(column, cell);
      return cell;
    });
    this.letters.replaceChildren(h("div", { class: "corner" }), ...cells);
    this.letters.hidden = Boolean(view.compact);
    this.#drawGroups(tab, view);
  }

  #drawGroups(tab, view) {
    const groups = view.compact ? [] : tab.columnGroups;
    this.levels = Math.max(0, ...groups.map((group) => group.depth));
    this.groups.hidden = groups.length === 0;
    this.groups.style.height = `${this.groupsHeight}px`;
    this.groups.replaceChildren(...groups.flatMap((group) => this.#bracket(tab, view, group)));
  }

  #bracket(tab, view, group) {
    const drawn = view.columns.filter((column) => column >= group.start && column < group.end);
    const before = view.columns.findLast((column) => column < group.start);
    const after = view.columns.find((column) => column >= group.end);
    const left = (column) => view.lefts.get(column);
    const end = (column) => left(column) + view.widths.get(column);
    const isAfter = tab.togglesAfter || before === undefined;
    const at = isAfter ? after : before;
    const place = at === undefined ? view.width : isAfter ? left(at) + 4 : end(at) - 20;
    const names = `${tab.label(group.start)} to ${tab.label(group.end - 1)}`;
    const count = group.end - group.start;
    const attributes = {
      class: "fold",
      type: "button",
      "aria-expanded": String(!group.collapsed),
      "aria-label": `${group.collapsed ? "Show" : "Fold"} ${count} columns, ${names}`,
      title: `${group.collapsed ? "Show" : "Fold"} ${count} columns: ${names}`,
      onclick: () => this.on.onFold(group, !group.collapsed),
    };
    const top = (group.depth - 1) * BRACKET + 1;
    const button = h("button", attributes, group.collapsed ? "+" : "−");
    Object.assign(button.style, { left: `${place}px`, top: `${top}px` });
    if (!drawn.length || group.collapsed) return [button];
    const line = h("span", { class: "bracket" });
    const from = isAfter ? left(drawn[0]) : place + 8;
    const to = isAfter ? place + 8 : end(drawn.at(-1)) - 6;
    Object.assign(line.style, { left: `${from}px`, width: `${to - from}px`, top: `${top + 7}px` });
    return [line, button];
  }

  #grab(event) {
    const edge = event.target.closest(".letter-edge");
    if (!edge || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    const column = Number(edge.parentElement.dataset.column);
    const { view } = this.grid;
    const before = view.widths.get(column);
    let width = before;
    edge.setPointerCapture(event.pointerId);
    const move = ({ clientX }) => {
      width = Math.max(LEAST, Math.round(before + clientX - event.clientX));
      this.grid.setWidth(column, width);
    };
    const end = () => {
      edge.removeEventListener("pointermove", move);
      if (width !== before) this.on.onResize([[column, width]]);
    };
    edge.addEventListener("pointermove", move);
    edge.addEventListener("pointerup", end, { once: true });
    edge.addEventListener("pointercancel", end, { once: true });
  }

  /** A double click on an edge makes the column as wide as it needs. */
  #fit(event) {
    const edge = event.target.closest(".letter-edge");
    if (!edge) return;
    event.stopPropagation();
    const column = Number(edge.parentElement.dataset.column);
    const { tab, view, selection } = this.grid;
    // Of several whole columns that are selected, all are fitted.
    const isWhole = selection.keys.length === view.keys.length && selection.columns.includes(column);
    const columns = isWhole ? selection.columns : [column];
    this.on.onResize(columns.map((one) => [one, comfortable(tab, one, view.look === "plain")]));
  }

  #unhide(event) {
    const gap = event.target.closest(".letter-gap");
    if (gap) this.on.onUnhide(Number(gap.dataset.from), Number(gap.dataset.to));
  }
}

/** Columns without a group that are hidden right after this one: [first, end], or null. */
function hiddenAfter(tab, view, column) {
  if (view.compact) return null;
  let end = column + 1;
  while (tab.columns[end]?.hidden && !view.lefts.has(end)) end += 1;
  const isGrouped = tab.columnGroups.some((group) => group.collapsed && group.start < end && group.end > column + 1);
  return end > column + 1 && end < tab.columnCount && !isGrouped ? [column + 1, end] : null;
}
