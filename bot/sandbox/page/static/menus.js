/** What the menus offer for a place in the grid. */

import { popUp } from "./popup.js";

/** The context menu of a cell, a row number or a column letter. */
export function menuFor(page, place, at) {
  if (place.corner) return;
  const isColumn = place.key === undefined;
  const items = isColumn ? columnItems(page, place.column) : rowItems(page, place);
  popUp(items, { ...at, label: isColumn ? "Column" : "Row", closed: () => page.grid.focus() });
}

export function sortMenu(page, { left, bottom }) {
  const { active } = page.selection;
  const items = active ? sortItems(page, active.column) : [{ label: "Select a column first", disabled: true }];
  popUp(items, { left, top: bottom + 4, label: "Sort", closed: () => page.grid.focus() });
}

/** The filter views of the tab; the one that is looked through is marked. */
export function filterMenu(page, { left, bottom }) {
  const { tab } = page;
  const now = tab.look?.view.filterViewId;
  const items = tab.filterViews.map((view) => ({
    label: view.title ?? "Filter view",
    current: view.filterViewId === now,
    act: () => page.look(view),
  }));
  items.push(null, { label: "All rows", current: !tab.look, act: () => page.look(null) });
  popUp(items, { left, top: bottom + 4, label: "Filter views", closed: () => page.grid.focus() });
}

function sortItems(page, column) {
  const label = page.tab.label(column);
  return [
    { label: `Sort by ${label}, A to Z`, act: () => page.rows.sort(column, false) },
    { label: `Sort by ${label}, Z to A`, act: () => page.rows.sort(column, true) },
  ];
}

function columnItems(page, column) {
  const { tab, structure, grid } = page;
  const { hidden, width } = tab.columns[column];
  const drawn = grid.view.widths.get(column) ?? width;
  const size = (change) => structure.resizeColumn(tab, column, Math.max(36, drawn + change));
  return [
    ...sortItems(page, column),
    null,
    { label: "Wider", act: () => size(40) },
    { label: "Narrower", act: () => size(-40) },
    hidden
      ? { label: "Show this column", act: () => structure.hideColumns(tab, column, column + 1, false) }
      : { label: "Hide this column", act: () => structure.hideColumns(tab, column, column + 1) },
  ];
}

function rowItems(page, { key, column }) {
  const { tab, selection } = page;
  if (!selection.keys.includes(key)) selection.set(key, column ?? page.grid.view.columns[0]);
  const rows = page.rows.selected;
  const count = rows.length;
  const isFirst = !count || rows[0].index <= tab.frozenRows;
  const words = count > 1 ? `${count} rows` : "a row";
  const items = [
    { label: `Insert ${words} above`, act: () => page.rows.insert(false) },
    { label: `Insert ${words} below`, hint: "Ctrl Alt +", act: () => page.rows.insert(true) },
    { label: "Move up", hint: "Alt ⇧ ↑", disabled: isFirst, act: () => page.rows.move(-1) },
    { label: "Move down", hint: "Alt ⇧ ↓", disabled: !count, act: () => page.rows.move(1) },
    null,
    { label: "Fill down", hint: "Ctrl D", disabled: selection.keys.length < 2, act: () => page.clipboard.fillDown() },
    { label: "Clear", hint: "Del", act: () => page.clipboard.clear() },
  ];
  if (column !== undefined) items.push(null, ...columnItems(page, column));
  const label = count > 1 ? `Delete ${count} rows` : `Delete row ${(rows[0] ?? tab.byKey.get(key)).index + 1}`;
  items.push(null, { label, hint: "Ctrl Alt −", disabled: !count, act: () => page.rows.delete() });
  return items;
}
