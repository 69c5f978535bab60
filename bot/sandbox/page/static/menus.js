/** What the menus offer for a place in the grid. */

import { popUp } from "./popup.js";

/** The context menu of a cell, a row number or a column letter. */
export function menuFor(page, place, at) {
  if (place.corner) return;
  const isColumn = place.key === undefined;
  const items = isColumn
    ? [...sortItems(page, place.column), null, ...columnItems(page, place.column)]
    : rowItems(page, place);
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

/** What can be done with the selected columns, `column` being the one the menu was opened on. */
function columnItems(page, column) {
  const { tab, selection, columns } = page;
  if (!selection.columns.includes(column)) selection.selectColumn(column, false);
  const { at, count } = columns.selected;
  const words = count > 1 ? `${count} columns` : "a column";
  const these = count > 1 ? `columns ${tab.columns[at].letter} to ${tab.columns[at + count - 1].letter}` : `column ${tab.columns[at].letter}`;
  return [
    { label: `Insert ${words} left`, act: () => columns.insert(false) },
    { label: `Insert ${words} right`, act: () => columns.insert(true) },
    { label: "Move left", hint: "Alt ⇧ ←", disabled: at === 0, act: () => columns.move(-1) },
    { label: "Move right", hint: "Alt ⇧ →", disabled: at + count >= tab.columnCount, act: () => columns.move(1) },
    null,
    { label: "Fit to what it holds", act: () => columns.size() },
    { label: "Wider", act: () => columns.size(40) },
    { label: "Narrower", act: () => columns.size(-40) },
    { label: count > 1 ? "Hide these columns" : "Hide this column", act: () => columns.hide() },
    ...(columns.hidden ? [{ label: "Show hidden columns", act: () => columns.show() }] : []),
    null,
    { label: `Delete ${these}`, act: () => columns.delete() },
  ];
}

function rowItems(page, place) {
  const { tab, selection, clipboard } = page;
  const { key, column } = place;
  if (!selection.keys.includes(key)) selection.set(key, column ?? page.grid.view.columns[0]);
  const rows = page.rows.selected;
  const count = rows.length;
  const isFirst = !count || rows[0].index <= tab.frozenRows;
  const words = count > 1 ? `${count} rows` : "a row";
  const label = count > 1 ? `Delete ${count} rows` : `Delete row ${(rows[0] ?? tab.byKey.get(key)).index + 1}`;
  return [
    { label: `Insert ${words} above`, act: () => page.rows.insert(false) },
    { label: `Insert ${words} below`, hint: "Ctrl Alt +", act: () => page.rows.insert(true) },
    { label: "Move up", hint: "Alt ⇧ ↑", disabled: isFirst, act: () => page.rows.move(-1) },
    { label: "Move down", hint: "Alt ⇧ ↓", disabled: !count, act: () => page.rows.move(1) },
    { label, hint: "Ctrl Alt −", disabled: !count, act: () => page.rows.delete() },
    null,
    ...(column === undefined ? [] : cellItems(page, place)),
    { label: "Fill down", hint: "Ctrl D", disabled: selection.keys.length < 2, act: () => clipboard.fillDown() },
    { label: "Clear", hint: "Del", act: () => clipboard.clear() },
    ...(column === undefined ? [] : [null, ...sortItems(page, column), { label: "Column", opens: () => columnItems(page, column) }]),
  ];
}

/** Notes and merging. */
function cellItems(page, place) {
  const { tab, selection, notes, merging } = page;
  const noted = selection.places.filter((one) => tab.at(one)?.note);
  const items = [{ label: tab.at(place)?.note ? "Edit note" : "Insert note", hint: "⇧ F2", act: () => notes.open(place) }];
  if (noted.length) items.push({ label: noted.length > 1 ? "Delete notes" : "Delete note", act: () => notes.delete(noted) });
  if (merging.touched.length) items.push({ label: "Unmerge cells", act: () => merging.part() });
  else if (merging.mayMerge) items.push({ label: "Merge cells", act: () => merging.merge() });
  return items;
}
