/** The foot of the page: the tabs, and how many rows stand where. */

import { shown } from "./cells.js";
import { h } from "./dom.js";

export function drawTabs(host, tabs, current, open) {
  const state = JSON.stringify(tabs.map((tab) => [tab.sheetId, tab.title, tab === current]));
  if (host.dataset.state === state) return;
  host.dataset.state = state;
  const focused = host.contains(document.activeElement);
  host.replaceChildren(
    ...tabs.map((tab) => {
      const isCurrent = tab === current;
      const attributes = {
        class: "tab",
        type: "button",
        role: "tab",
        id: `tab-${tab.sheetId}`,
        "aria-selected": String(isCurrent),
        "aria-controls": "grid",
        tabindex: isCurrent ? "0" : "-1",
        onclick: () => open(tab),
      };
      return h("button", attributes, tab.title);
    }),
  );
  host.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    open(tabs[(tabs.indexOf(current) + step + tabs.length) % tabs.length]);
  };
  if (focused) host.querySelector('[aria-selected="true"]')?.focus();
}

/** Counts the rows by their Status, in the colours the sheet gives it. */
export function drawSummary(host, tab) {
  const column = tab.column("Status");
  const counts = new Map();
  if (column >= 0) {
    for (const row of tab.rows.slice(tab.frozenRows)) {
      const word = shown(row.values[column]).replace(/\s*\d+\s?%$/, "").replace(/\s+\d.*$/, "");
      if (!word) continue;
      const colour = tab.colours.of(row.values[column], row.index, column)?.colour;
      const count = counts.get(word) ?? { number: 0, colour };
      count.number += 1;
      counts.set(word, count);
    }
  }
  const most = [...counts].sort(([, a], [, b]) => b.number - a.number).slice(0, 5);
  host.replaceChildren(
    ...most.map(([word, { number, colour }]) => {
      const dot = h("i");
      dot.style.setProperty("--colour", colour ?? "var(--text-soft)");
      return h("span", {}, dot, `${number} ${word}`);
    }),
  );
}
