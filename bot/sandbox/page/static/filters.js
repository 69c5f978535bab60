/**
 * Filter views: the rows a person wants to see, and in which order, without moving them for anybody else.
 *
 * Which rows a view shows is decided when it is applied, and again when asked for: rows that come and go by themselves
 * would move others from under a person's pointer.
 */

import { isNumber, shown } from "./cells.js";
import { css } from "./colours.js";
import { meets } from "./conditions.js";

/** What a tab shows through a filter view from now on: {view, ranks: row key -> place, known: keys there were}. */
export function lookThrough(tab, view) {
  const body = tab.rows.slice(tab.frozenRows);
  const rows = passing(body, view);
  return { view, ranks: new Map(rows.map((row, rank) => [row.key, rank])), known: new Set(body.map((row) => row.key)) };
}

/** How many rows a look would show or hide if it were applied anew. */
export function changedSince(tab, look) {
  const now = new Set(passing(tab.rows.slice(tab.frozenRows), look.view).map((row) => row.key));
  return tab.rows.filter(({ key }) => look.known.has(key) && now.has(key) !== look.ranks.has(key)).length;
}

/** The rows of a body that a look shows, in its order; rows that are new since are shown as well. */
export function filtered(rows, look) {
  if (!look) return rows;
  let last = -1;
  const ranked = rows
    .filter(({ key }) => look.ranks.has(key) || !look.known.has(key))
    .map((row) => ({ row, rank: (last = look.ranks.get(row.key) ?? last + 0.000001) }));
  return ranked.sort((one, other) => one.rank - other.rank).map(({ row }) => row);
}

/** Rows below a view's range are always shown. */
function passing(rows, view) {
  const { startRowIndex = 0, endRowIndex = Infinity } = view.range ?? {};
  const isInside = (row) => row.index > startRowIndex && row.index < endRowIndex;
  const criteria = criteriaOf(view);
  const passes = (row) => criteria.every(([column, wanted]) => accepts(wanted, row.values[column]));
  const around = rows.filter((row) => !isInside(row));
  const above = around.filter((row) => row.index <= startRowIndex);
  const inside = rows.filter((row) => isInside(row) && passes(row));
  return [...above, ...sorted(inside, view.sortSpecs), ...around.slice(above.length)];
}

/** Newer views list specs, older ones map a column to its criteria; a column may be in both. */
function criteriaOf({ filterSpecs = [], criteria = {} }) {
  const found = new Map(Object.entries(criteria).map(([column, wanted]) => [Number(column), wanted]));
  for (const { columnIndex = 0, filterCriteria = {} } of filterSpecs) found.set(columnIndex, filterCriteria);
  return [...found];
}

function accepts({ hiddenValues = [], condition, ...colours }, cell) {
  if (hiddenValues.includes(shown(cell))) return false;
  if (condition && meets(condition, cell) === false) return false;
  const format = cell?.userEnteredFormat;
  const fill = css(colours.visibleBackgroundColorStyle, colours.visibleBackgroundColor);
  if (fill) return css(format?.backgroundColorStyle, format?.backgroundColor) === fill;
  const text = css(colours.visibleForegroundColorStyle, colours.visibleForegroundColor);
  if (text) return css(format?.textFormat?.foregroundColorStyle, format?.textFormat?.foregroundColor) === text;
  return true;
}

function sorted(rows, specs = []) {
  if (!specs.length) return rows;
  return [...rows].sort((one, other) => {
    for (const { dimensionIndex: column = 0, sortOrder } of specs) {
      const order = compare(one.values[column], other.values[column], sortOrder === "DESCENDING" ? -1 : 1);
      if (order) return order;
    }
    return one.index - other.index;
  });
}

/** Numbers, then texts; blanks last whichever way. */
function compare(one, other, direction) {
  const [a, b] = [shown(one), shown(other)];
  if (a === "" || b === "") return Number(a === "") - Number(b === "");
  if (isNumber(one) !== isNumber(other)) return isNumber(one) ? -direction : direction;
  if (isNumber(one)) return direction * (one.effectiveValue.numberValue - other.effectiveValue.numberValue);
  return direction * a.localeCompare(b);
}
