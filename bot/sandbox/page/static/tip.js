/** The note of a header or cell, shown beside it while the pointer rests there. */

import { h } from "./dom.js";

const REST = 250;

export function showTips(host, noteOf) {
  const box = h("div", { class: "tip", role: "tooltip", hidden: true });
  document.body.append(box);
  let waiting = 0;
  let over = null;
  const hide = () => {
    clearTimeout(waiting);
    over = null;
    box.hidden = true;
  };
  host.addEventListener("pointerover", (event) => {
    const target = event.target.closest(".head, .tabulator-cell");
    if (target === over) return;
    hide();
    const note = target && (target.dataset.tip ?? noteOf(target));
    if (!note) return;
    over = target;
    waiting = setTimeout(() => show(box, note, target), REST);
  });
  host.addEventListener("pointerleave", hide);
  host.addEventListener("pointerdown", hide);
  host.addEventListener("scroll", hide, true);
}

function show(box, note, target) {
  const at = target.getBoundingClientRect();
  box.textContent = note;
  box.hidden = false;
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8))}px`;
  box.style.top = `${at.bottom + box.offsetHeight + 12 > innerHeight ? at.top - box.offsetHeight - 6 : at.bottom + 6}px`;
}
