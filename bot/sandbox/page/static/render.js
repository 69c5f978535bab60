/** Draws the inside of one cell. What a cell looks like depends on the sheet alone: no state is kept here. */

import { choices, hasContent, isBox, isEmpty, isError, isNumber, isTicked } from "./cells.js";
import { isVideo, link, picture, shown } from "./cells.js";
import { css } from "./colours.js";
import { h, icon } from "./dom.js";
import { wrong } from "./validation.js";

const PROGRESS = /(\d{1,3})\s?%$/;
const LOOKS = ["kind-check", "kind-number", "kind-media", "kind-error", "has-pill", "spills", "is-faint"];

/** Answers the content for `element`, the cell's box, and dresses that box. */
export function drawCell(tab, row, column, element) {
  const cell = tab.cell(row, column);
  element.classList.remove(...LOOKS);
  element.removeAttribute("aria-label");
  element.classList.toggle("is-robots", tab.isRobots(column));
  element.classList.toggle("is-noted", Boolean(cell?.note));
  element.classList.toggle("is-wrong", wrong(cell) !== null);
  element.classList.toggle("spills", !tab.header && spills(tab, row, column, cell));
  dress(element, cell?.userEnteredFormat);
  if (isBox(cell)) return checkbox(tab, row, column, cell, element);
  const image = picture(cell);
  if (image) return thumbnail(image, tab, row, element);
  const text = shown(cell);
  const state = drawState(tab, row, column);
  if (state) {
    element.classList.add("has-pill");
    return state;
  }
  const address = link(cell);
  if (address) return anchor(address, text);
  const words = choices(cell);
  if (words) return dropdown(text);
  element.classList.toggle("kind-number", isNumber(cell));
  element.classList.toggle("kind-error", isError(cell));
  return h("span", { class: "text" }, text);
}

/** Long words run over empty neighbours where no header divides the columns. */
function spills(tab, row, column, cell) {
  return shown(cell).length > 24 && isEmpty(tab.cell(row, column + 1)) && !isBox(tab.cell(row, column + 1));
}

function dress(element, format) {
  const text = format?.textFormat;
  const style = element.style;
  style.fontWeight = text?.bold ? "600" : "";
  style.fontStyle = text?.italic ? "italic" : "";
  style.textAlign = format?.horizontalAlignment?.toLowerCase() ?? "";
  const fill = css(format?.backgroundColorStyle, format?.backgroundColor);
  const colour = css(text?.foregroundColorStyle, text?.foregroundColor);
  setOrRemove(style, "--own-fill", fill === "rgb(255 255 255)" ? null : fill);
  setOrRemove(style, "--own-colour", colour === "rgb(0 0 0)" ? null : colour);
}

function setOrRemove(style, name, value) {
  if (value) style.setProperty(name, value);
  else style.removeProperty(name);
}

function checkbox(tab, row, column, cell, element) {
  element.classList.add("kind-check");
  element.classList.toggle("is-faint", !tab.rows[row].values.some(hasContent));
  // The grid reads the cell, not the box in it.
  element.setAttribute("aria-label", isTicked(cell) ? "ticked" : "not ticked");
  const label = `${tab.label(column)}, row ${row + 1}`;
  const box = h("input", { type: "checkbox", tabindex: "-1", "aria-label": label, "data-act": "tick" });
  box.checked = isTicked(cell);
  return box;
}

function thumbnail(address, tab, row, element) {
  element.classList.add("kind-media");
  const image = h("img", { src: address, alt: "", loading: "lazy", decoding: "async", draggable: "false" });
  const button = h("button", { class: "thumb", type: "button", tabindex: "-1", "data-act": "play" }, image);
  const video = videoOf(tab, row);
  button.setAttribute("aria-label", video ? `Play the video of row ${row + 1}` : `Show the picture of row ${row + 1}`);
  button.dataset.href = video ?? address;
  if (video) button.append(h("span", { class: "thumb-play" }, icon("play")));
  image.addEventListener("error", () => button.classList.add("is-broken"));
  return button;
}

/** The first link to a video in a row. */
export function videoOf(tab, row) {
  for (const cell of tab.rows[row]?.values ?? []) {
    const address = link(cell);
    if (address && isVideo(address)) return address;
  }
  return null;
}

/** A coloured cell's words in the look its rule names, or null where no rule colours it. */
export function drawState(tab, row, column) {
  const cell = tab.cell(row, column);
  const text = shown(cell);
  const isStatus = column === tab.column("Status");
  const look = text && (tab.colours.of(cell, row, column) ?? (isStatus && PROGRESS.test(text) && {}));
  if (!look) return null;
  const words = h("span", { class: "pill-text" }, text);
  const mark = h("span", { class: "pill" }, words);
  setOrRemove(mark.style, "--fill", look.background);
  setOrRemove(mark.style, "--colour", look.colour);
  mark.classList.toggle("is-plain", !look.background);
  mark.classList.toggle("is-bold", Boolean(look.bold));
  mark.classList.toggle("is-italic", Boolean(look.italic));
  mark.classList.toggle("is-struck", Boolean(look.strike));
  const progress = PROGRESS.exec(text);
  const video = isStatus && videoOf(tab, row);
  if (video) mark.append(watch(video, row));
  if (progress) {
    const done = Math.min(100, Number(progress[1]));
    const bar = h("span", { class: "progress", role: "progressbar", "aria-label": text });
    for (const [name, value] of [["min", 0], ["max", 100], ["now", done]]) bar.setAttribute(`aria-value${name}`, value);
    bar.append(h("span", { class: "progress-done" }));
    bar.firstChild.style.width = `${done}%`;
    mark.append(bar);
  }
  return mark;
}

/** A finished row can be watched right where it says so, however far to the right its link stands. */
function watch(address, row) {
  const label = `Watch the video of row ${row + 1}`;
  const attributes = { class: "watch", type: "button", tabindex: "-1", "data-act": "play", "aria-label": label };
  const button = h("button", attributes, icon("play"));
  button.dataset.href = address;
  return button;
}

function anchor(address, text) {
  const video = isVideo(address);
  const attributes = { class: "link", href: address, target: "_blank", rel: "noopener noreferrer", tabindex: "-1" };
  if (video) attributes["data-act"] = "play";
  const words = text === address ? short(address) : text;
  return h("a", attributes, video ? icon("play") : null, h("span", { class: "link-text" }, words));
}

/** The part of an address that tells rows apart; the line above the grid shows it whole. */
function short(address) {
  try {
    const { host, pathname } = new URL(address);
    const last = decodeURIComponent(pathname.split("/").filter(Boolean).at(-1) ?? "");
    return last || host;
  } catch {
    return address;
  }
}

function dropdown(text) {
  const button = h("span", { class: "choice", "data-act": "choose" }, h("span", { class: "choice-text" }, text));
  button.classList.toggle("is-empty", text === "");
  button.append(icon("down"));
  return button;
}
