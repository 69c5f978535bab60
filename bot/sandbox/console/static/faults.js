/** The console: asks once a second how things stand, and shows it; a switch is one PUT. */

import { h } from "/page/dom.js";
import { prepareTheme } from "/page/theme.js";

const ADDRESS = "/sandbox/faults";
const READING = 4000; // ms a refusal stands at least
const byId = (id) => document.getElementById(id);
const shown = new Map(); // fault id -> the parts of its card that change
const numbers = new Map(); // name in the tally -> its element
let before = new Map(); // fault id -> whether it was on at the last look
let asked = 0; // questions so far
let resting = 0; // reasons not to look for now
let newest = 0; // the latest question whose answer is shown

const TALLY = [
  ["jobs", "Videos ordered"],
  ["credits", "Credits charged"],
  ["done", "Rows done"],
  ["paidTwice", "Paid twice"],
  ["wrongLinks", "Wrong links"],
];

// ---------------------------------------------------------------- asking

async function ask(path = "", wanted = undefined) {
  const body = wanted && { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wanted) };
  const number = (asked += 1);
  let answer;
  try {
    answer = await fetch(ADDRESS + path, body);
  } catch {
    return complain("The sandbox is not answering. Is it still running?");
  }
  const told = await answer.json();
  if (number < newest) return undefined; // overtaken: a look from before the switch was pressed
  newest = number;
  if (!answer.ok) return complain(told.error);
  complain("");
  return show(told);
}

function complain(text) {
  const line = byId("trouble");
  if (line.textContent !== text) line.textContent = text;
  line.hidden = !text;
}

async function follow() {
  if (document.visibilityState === "visible" && !resting) await ask();
  setTimeout(follow, 1000);
}

/** Nobody looks while a switch is being pressed, nor until a refusal could be read: a look would wipe it away. */
async function press(path, wanted) {
  resting += 1;
  await ask(path, wanted);
  setTimeout(() => (resting -= 1), byId("trouble").hidden ? 0 : READING);
}

// ---------------------------------------------------------------- showing

function show({ faults, tally }) {
  if (!shown.size) build(faults);
  for (const fault of faults) showFault(fault);
  announce(faults);
  const on = faults.filter((fault) => fault.on);
  setText(byId("on-now"), on.length === 0 ? "All is well" : on.length === 1 ? "1 fault on" : `${on.length} faults on`);
  byId("on-now").classList.toggle("is-on", on.length > 0);
  byId("all-off").disabled = on.length === 0;
  showTally(tally);
  document.documentElement.dataset.ready = "yes";
}

function build(faults) {
  const groups = [...new Set(faults.map((fault) => fault.group))];
  for (const group of groups) {
    const cards = faults.filter((fault) => fault.group === group).map(card);
    byId("cards").append(h("h3", { class: "group" }, group), h("ul", { class: "cards" }, ...cards));
  }
}

/** One fault: its name, its sentence, how long it lasts, its count and its switch or button. */
function card(fault) {
  const title = h("h4", { id: `${fault.id}-title` }, fault.title);
  const sentence = h("p", { id: `${fault.id}-text` }, fault.sentence);
  const count = h("span", { class: "count" });
  const left = h("span", { class: "left" });
  const isSwitch = fault.kind === "call" || fault.kind === "account";
  const about = { "aria-labelledby": `${fault.id}-title`, "aria-describedby": `${fault.id}-text` };
  const control = isSwitch
    ? h("button", { class: "switch", type: "button", role: "switch", "aria-checked": "false", ...about }, h("i"))
    : h("button", { class: "once", type: "button", "aria-describedby": `${fault.id}-text` }, fault.button);
  if (!isSwitch) control.setAttribute("aria-label", `${fault.button}: ${fault.title}`);
  control.addEventListener("click", () => {
    const on = isSwitch ? control.getAttribute("aria-checked") !== "true" : true;
    press(`/${encodeURIComponent(fault.id)}`, { on });
  });
  const item = h("li", { class: "card", "data-fault": fault.id },
    h("div", { class: "card-head" }, title, control), sentence, h("div", { class: "card-foot" }, left, count));
  shown.set(fault.id, { item, control, count, left, isSwitch });
  return item;
}

function showFault(fault) {
  const { item, control, count, left, isSwitch } = shown.get(fault.id);
  item.classList.toggle("is-on", fault.on);
  if (isSwitch) control.setAttribute("aria-checked", String(fault.on));
  setText(count, `${fault.struck}: ${fault.count}`);
  setText(left, lasts(fault));
}

function lasts(fault) {
  if (fault.kind === "hand") return "Over at once";
  if (fault.kind === "ambush") return fault.on ? `Waits for the robot's next write, ${fault.secondsLeft} s more` : "Waits for the robot's next write, 2 minutes at most";
  return fault.on ? `Ends by itself in ${fault.secondsLeft} s` : `Ends by itself after ${fault.seconds} s`;
}

/** Says aloud what went on or off, also by itself. */
function announce(faults) {
  const said = faults
    .filter((fault) => before.has(fault.id) && before.get(fault.id) !== fault.on)
    .map((fault) => `${fault.title}: ${fault.on ? "on" : "over"}`);
  if (said.length) byId("news").textContent = said.join(". ");
  before = new Map(faults.map((fault) => [fault.id, fault.on]));
}

function showTally(tally) {
  if (!numbers.size) {
    for (const [name, label] of TALLY) {
      const number = h("dd", { "data-name": name });
      numbers.set(name, number);
      byId("tally").append(h("div", {}, h("dt", {}, label), number));
    }
  }
  for (const [name] of TALLY) setText(numbers.get(name), name === "done" ? `${tally.done} of ${tally.rows}` : String(tally[name]));
  for (const name of ["paidTwice", "wrongLinks"]) numbers.get(name).className = tally[name] === 0 ? "is-good" : "is-bad";
  const said = JSON.stringify(tally.lines);
  if (byId("lines").dataset.said === said) return;
  byId("lines").dataset.said = said;
  byId("lines").replaceChildren(...tally.lines.map(line));
}

function line({ row, name, status, advice }) {
  const state = h("span", { class: "state", "data-state": status.replace(/ ?\d+%$/, "") }, status || "–");
  const parts = [h("span", { class: "line-name" }, name), state, h("span", { class: "line-advice" }, advice)];
  return h("li", { value: row }, h("div", { class: "line" }, ...parts));
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

prepareTheme(byId("theme"));
byId("all-off").addEventListener("click", () => press("", { on: false }));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
follow();
