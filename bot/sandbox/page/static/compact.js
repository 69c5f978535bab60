/** What a small screen shows of a tab with a Status: the box, the row's name and state, its picture. */

import { hasContent, isCheckbox, picture, shown } from "./cells.js";
import { h } from "./dom.js";
import { drawState } from "./render.js";

const NARROW = matchMedia("(max-width: 700px)");
const WIDTHS = { number: 28, tick: 44, picture: 72 };

export const onNarrowChange = (listener) => NARROW.addEventListener("change", listener);
export const isNarrow = () => NARROW.matches;

/**
 * {columns, widths, name, told} for a tab, or null where the tab has no such shape or the screen has room.
 * `told` are the columns that are read in the cell of the name.
 */
export function compactView(tab) {
  const status = tab.column("Status");
  if (!NARROW.matches || status < 0) return null;
  const drawn = Array.from({ length: tab.lastColumn + 1 }, (_, column) => column);
  const sample = tab.rows.slice(tab.frozenRows, tab.frozenRows + 40);
  const some = (column, test) => sample.some((row) => test(row.values[column]));
  const approve = tab.column("Approve");
  const tick = approve >= 0 ? approve : (drawn.find((column) => some(column, isCheckbox)) ?? -1);
  const headline = tab.column("Headline");
  const isName = (column) => !tab.isRobots(column) && column !== tick && some(column, hasContent);
  const name = headline >= 0 ? headline : (drawn.find(isName) ?? status);
  const image = drawn.find((column) => some(column, picture)) ?? tab.column("Preview");
  const taken = WIDTHS.number + (tick < 0 ? 0 : WIDTHS.tick) + (image < 0 ? 0 : WIDTHS.picture);
  return {
    name,
    status,
    advice: tab.column("What to do"),
    told: new Set([status, tab.column("What to do")]),
    tick,
    numberWidth: WIDTHS.number,
    widths: new Map([[tick, WIDTHS.tick], [name, Math.max(120, innerWidth - taken)], [image, WIDTHS.picture]]),
    columns: [tick, name, image].filter((column) => column >= 0),
  };
}

/** The name of a row, where it stands, and what there is to do about it. */
export function drawName(tab, row, { name, status, advice }) {
  const part = (kind, text) => (text ? h("span", { class: kind }, text) : null);
  return h(
    "span",
    { class: "compact" },
    part("compact-name", shown(tab.cell(row, name))),
    drawState(tab, row, status),
    part("compact-advice", shown(tab.cell(row, advice))),
  );
}
