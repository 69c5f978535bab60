/** What a small screen shows of a tab with a Status: the box, what the row is about, its state, its picture. */

import { hasContent, isCheckbox, picture, shown } from "./cells.js";
import { h } from "./dom.js";

const NARROW = matchMedia("(max-width: 700px)");
const WIDTHS = { number: 30, tick: 46, status: 112, picture: 62 };

export const onNarrowChange = (listener) => NARROW.addEventListener("change", listener);
export const isNarrow = () => NARROW.matches;

/** {columns, widths, name, advice} for a tab, or null where the tab has no such shape or the screen has room. */
export function compactView(tab) {
  const status = tab.column("Status");
  if (!NARROW.matches || status < 0) return null;
  const drawn = tab.drawnColumns.map(({ index }) => index);
  const sample = tab.body.slice(0, 40);
  const some = (column, test) => sample.some((row) => test(row.values[column]));
  const tick = drawn.find((column) => some(column, isCheckbox)) ?? -1;
  const headline = tab.column("Headline");
  const name = headline >= 0 ? headline : drawn.find((column) => !tab.isRobots(column) && column !== tick && some(column, hasContent));
  const image = drawn.find((column) => some(column, picture)) ?? tab.column("Preview");
  const fixed = [[tick, WIDTHS.tick], [status, WIDTHS.status], [image, WIDTHS.picture]].filter(([column]) => column >= 0);
  const taken = fixed.reduce((sum, [, width]) => sum + width, WIDTHS.number);
  const widths = new Map([...fixed, [name, Math.max(100, innerWidth - taken)]]);
  return {
    name,
    widths,
    numberWidth: WIDTHS.number,
    advice: tab.column("What to do"),
    columns: [tick, name, status, image].filter((column) => column >= 0),
  };
}

/** The name of a row with what there is to do about it. */
export function drawName(tab, row, { name, advice }) {
  const words = h("span", { class: "compact-name" }, shown(tab.cell(row, name)));
  const line = shown(tab.cell(row, advice));
  return h("span", { class: "compact" }, words, line ? h("span", { class: "compact-advice" }, line) : null);
}
