/** Short messages at the foot of the page; the server's own words are kept one click away. */

import { h, icon } from "./dom.js";

const STAY = 8000;

export function toast(message, { detail = "", kind = "error" } = {}) {
  const host = document.getElementById("toasts");
  for (const other of host.children) {
    if (other.dataset.message === message + detail) other.remove();
  }
  const close = h("button", { class: "ghost", type: "button", "aria-label": "Dismiss" }, icon("close"));
  const words = h("div", { class: "toast-words" }, h("strong", {}, message));
  if (detail) words.append(h("p", {}, detail));
  const box = h("div", { class: `toast is-${kind}` }, words, close);
  box.dataset.message = message + detail;
  close.addEventListener("click", () => box.remove());
  host.append(box);
  setTimeout(() => box.remove(), STAY);
}
