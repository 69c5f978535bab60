/** Short lists that open at a place: the context menu and the words of a dropdown. One at a time. */

import { h, icon } from "./dom.js";

let open = null;

/**
 * Shows `items` [{label, hint, act, disabled, current} or null for a line] at {left, top}; calls `closed()` when
 * it goes. An item with `opens` in place of `act` leads to another list, which it answers. Arrows, Home, End, first letters, Enter and Escape work.
 */
export function popUp(items, { left, top, minWidth = 0, label, role = "menu", closed = () => {} }) {
  close();
  const entry = role === "menu" ? "menuitem" : "option";
  const list = h("div", { class: `popup popup-${role}`, role, tabindex: "-1", "aria-label": label });
  const next = (opens) => popUp(opens(), { left, top, minWidth, label, role, closed });
  for (const item of items) list.append(item ? row(item, entry, next) : h("div", { class: "popup-line", role: "presentation" }));
  document.body.append(list);
  list.style.minWidth = `${minWidth}px`;
  list.style.left = `${Math.max(4, Math.min(left, innerWidth - list.offsetWidth - 8))}px`;
  list.style.top = `${Math.max(4, Math.min(top, innerHeight - list.offsetHeight - 8))}px`;
  const outside = (event) => {
    if (!list.contains(event.target)) close();
  };
  open = { list, closed, outside };
  addEventListener("pointerdown", outside, true);
  list.addEventListener("keydown", (event) => key(event, list));
  (list.querySelector('[aria-selected="true"]') ?? list.querySelector("button:not(:disabled)") ?? list).focus();
}

function row({ label, hint, act, opens, disabled = false, current }, role, next) {
  const attributes = { class: "popup-item", type: "button", role, disabled, tabindex: "-1" };
  if (current !== undefined) attributes["aria-selected"] = String(current);
  const button = h("button", attributes, h("span", { class: "popup-label" }, label));
  if (hint) button.append(h("kbd", {}, hint));
  if (current) button.append(icon("check"));
  if (opens) {
    button.setAttribute("aria-haspopup", "menu");
    button.append(h("span", { class: "popup-more", "aria-hidden": "true" }, "›"));
  }
  button.addEventListener("click", () => {
    close();
    if (opens) next(opens);
    else act();
  });
  return button;
}

export function close() {
  if (!open) return;
  const { list, closed, outside } = open;
  open = null;
  removeEventListener("pointerdown", outside, true);
  list.remove();
  closed();
}

function key(event, list) {
  const buttons = [...list.querySelectorAll("button:not(:disabled)")];
  const at = buttons.indexOf(document.activeElement);
  const go = (index) => buttons[(index + buttons.length) % buttons.length]?.focus();
  event.stopPropagation();
  if (event.key === "Escape" || event.key === "Tab") close();
  else if (event.key === "ArrowDown") go(at + 1);
  else if (event.key === "ArrowUp") go(at < 0 ? -1 : at - 1);
  else if (event.key === "ArrowRight" && buttons[at]?.hasAttribute("aria-haspopup")) buttons[at].click();
  else if (event.key === "Home") go(0);
  else if (event.key === "End") go(-1);
  else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey) {
    const starts = (button) => button.textContent.toLowerCase().startsWith(event.key.toLowerCase());
    [...buttons.slice(at + 1), ...buttons].find(starts)?.focus();
    return;
  } else return;
  event.preventDefault();
}
