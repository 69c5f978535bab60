/** What the menus offer for a place in the grid. */

import { popUp } from "./popup.js";
import { deleteRows, hideColumn, insertRows, moveRow, sortBy } from "./structure.js";

/** The context menu of a cell, a row number or a column header. */
export function menuFor(page, place, at) {
  if (place.corner) return;
  const isHeader = place.key === undefined;
  const items = isHeader ? columnItems(page, place.column) : rowItems(page, place);
  popUp(items, { ...at, label: isHeader ? "Column" : "Row", closed: () => page.grid.focus() });
}

export function sortMenu(page, { left, bottom }) {
  const { active } = page.selection;
  if (!active) return void popUp([{ label: "Select a column first", disabled: true }], { left, top: bottom + 4, label: "Sort" });
  const items = sortItems(page, active.column);
  popUp(items, { left, top: bottom + 4, label: "Sort", closed: () => page.grid.focus() });
  return undefined;
}

function sortItems({ tab, change }, column) {
  const label = tab.label(column);
  return [
    { label: `Sort by ${label}, A to Z`, act: () => change(sortBy(tab, column)) },
    { label: `Sort by ${label}, Z to A`, act: () => change(sortBy(tab, column, true)) },
  ];
}

function columnItems(page, column) {
  const { tab, change } = page;
  const { hidden } = tab.columns[column];
  return [
    ...sortItems(page, column),
    null,
    { label: hidden ? "Show this column" : "Hide this column", act: () => change(hideColumn(tab, column, !hidden)) },
  ];
}

function rowItems(page, { key, column }) {
  const { tab, change, selection } = page;
  const row = tab.byKey.get(key).index;
  const keys = selection.keys.includes(key) ? selection.keys : [key];
  const places = keys.map((one) => tab.byKey.get(one).index);
  const many = places.length > 1;
  const first = Math.min(...places);
  const last = Math.max(...places);
  const items = [
    { label: "Insert a row above", act: () => change(insertRows(tab, first)) },
    { label: "Insert a row below", act: () => change(insertRows(tab, last + 1)) },
    { label: "Move up", disabled: many || row <= tab.firstBodyRow, act: () => change(moveRow(tab, row, row - 1)) },
    { label: "Move down", disabled: many, act: () => change(moveRow(tab, row, row + 1)) },
    null,
    { label: "Fill down", hint: "Ctrl D", disabled: !many, act: () => page.clipboard.fillDown() },
    { label: "Clear", hint: "Del", act: () => page.clipboard.clear() },
  ];
  if (column !== undefined) items.push(null, ...sortItems(page, column));
  const label = many ? `Delete ${places.length} rows` : `Delete row ${row + 1}`;
  items.push(null, { label, act: () => change(deleteRows(tab, places)) });
  return items;
}
