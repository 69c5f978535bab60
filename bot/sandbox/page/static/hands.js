/** Turns what mouse, finger and keyboard do on the grid into selections and commands. */

import { choices, isCheckbox, isTicked, link } from "./cells.js";
import { popUp } from "./popup.js";

export class Hands {
  /** `commands`: edit, tick, choose, clear, fillDown, undo, redo, play, menu. */
  constructor(grid, selection, commands) {
    this.grid = grid;
    this.selection = selection;
    this.commands = commands;
    this.dragging = false;
    this.filling = null; // {keys, columns} of the selection a fill started from
    this.mayLeave = false;
    const { host } = grid;
    host.addEventListener("pointerdown", (event) => this.#down(event));
    host.addEventListener("pointermove", (event) => this.#drag(event));
    addEventListener("pointerup", () => this.#up());
    host.addEventListener("click", (event) => this.#click(event));
    host.addEventListener("dblclick", (event) => this.#doubleClick(event));
    host.addEventListener("contextmenu", (event) => this.#contextMenu(event));
    host.addEventListener("focus", () => this.selection.active || this.#move(0, 0, false));
    host.addEventListener("keydown", (event) => this.#key(event));
  }

  // ---------------------------------------------------------------- pointer

  #down(event) {
    if (event.target.closest(".editor, .tabulator-col-resize-handle")) return;
    const place = this.grid.placeOf(event.target);
    if (!place) return;
    const isTouch = event.pointerType === "touch";
    if (event.button === 0 && !isTouch && isOnHandle(event)) return void this.#startFill(event);
    if (event.button === 2 && this.#isSelected(place)) return;
    if (event.button > 2 || (isTouch && !place.key)) return;
    this.#select(place, event.shiftKey);
    this.dragging = event.button === 0 && !isTouch && place.key !== undefined && place.column !== undefined;
    // Focus goes to the grid as a whole; a real checkbox or link keeps its own click.
    if (!event.target.closest("input, a, button")) event.preventDefault();
    this.grid.focus();
    return undefined;
  }

  #startFill(event) {
    event.preventDefault();
    const { keys, columns } = this.selection;
    this.filling = { keys, columns };
    this.dragging = true;
  }

  #up() {
    this.dragging = false;
    if (!this.filling) return;
    const { keys, columns } = this.filling;
    this.filling = null;
    const targets = this.selection.keys.filter((key) => !keys.includes(key));
    if (targets.length) this.commands.fill(keys, targets, columns);
  }

  #select(place, extend) {
    const { selection } = this;
    if (place.corner) selection.selectAll();
    else if (place.key === undefined) selection.selectColumn(place.column, extend);
    else if (place.column === undefined) selection.selectRow(place.key, extend);
    else selection.set(place.key, place.column, { extend });
  }

  #isSelected({ key, column }) {
    const { keys, columns } = this.selection;
    return (key === undefined || keys.includes(key)) && (column === undefined || columns.includes(column));
  }

  #drag(event) {
    if (!this.dragging || !(event.buttons & 1)) return;
    const place = this.grid.placeOf(event.target);
    const { focus } = this.selection;
    if (place?.key === undefined || place.column === undefined) return;
    if (this.filling) return void this.#dragFill(place.key);
    if (place.key === focus?.key && place.column === focus.column) return;
    this.selection.set(place.key, place.column, { extend: true });
    return undefined;
  }

  /** A fill grows downwards only, over the columns it started with. */
  #dragFill(key) {
    const { keys, columns } = this.filling;
    const order = this.grid.order.keys;
    const last = Math.max(order.indexOf(key), order.indexOf(keys.at(-1)));
    this.selection.span({ key: keys[0], column: columns[0] }, { key: order[last], column: columns.at(-1) });
  }

  #click(event) {
    const actor = event.target.closest("[data-act]");
    const place = this.grid.placeOf(event.target);
    if (!actor || place?.key === undefined) return;
    const { act } = actor.dataset;
    if (act === "tick") {
      this.commands.tick([place], actor.checked);
    } else if (act === "play" && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.commands.play(place, actor.dataset.href ?? actor.href);
    } else if (act === "choose") {
      this.choose(place);
    }
    if (act !== "play") this.grid.focus();
  }

  #doubleClick(event) {
    const place = this.grid.placeOf(event.target);
    if (place?.key === undefined || place.column === undefined || event.target.closest("[data-act], .editor")) return;
    this.start(place);
  }

  #contextMenu(event) {
    const place = this.grid.placeOf(event.target);
    if (!place || event.target.closest(".editor")) return;
    event.preventDefault();
    this.commands.menu(place, { left: event.clientX, top: event.clientY });
  }

  // ---------------------------------------------------------------- cells

  #cell({ key, column }) {
    return this.grid.tab.byKey.get(key)?.values[column];
  }

  /** Enters a cell in the way that suits it. */
  start(place, text) {
    const cell = this.#cell(place);
    if (isCheckbox(cell)) return void (text === undefined && this.commands.tick([place], !isTicked(cell)));
    if (choices(cell) && text === undefined) return void this.choose(place);
    this.commands.edit(place, text);
    return undefined;
  }

  choose(place) {
    const cell = this.#cell(place);
    const words = choices(cell);
    const at = this.grid.cellElement(place.key, place.column)?.getBoundingClientRect();
    if (!words || !at) return;
    const now = cell.formattedValue ?? "";
    const item = (word, label) => ({ label, current: now === word, act: () => this.commands.choose(place, word) });
    popUp([...words.map((word) => item(word, word)), null, item("", "Clear")], {
      left: at.left,
      top: at.bottom + 2,
      minWidth: Math.max(150, at.width),
      label: this.grid.tab.label(place.column),
      role: "listbox",
      closed: () => this.grid.focus(),
    });
  }

  // ---------------------------------------------------------------- keyboard

  #key(event) {
    if (event.target.closest(".editor") || event.isComposing) return;
    const handled = event.ctrlKey || event.metaKey ? this.#withControl(event) : this.#plain(event);
    if (handled) event.preventDefault();
    if (event.key !== "Escape" && event.key !== "Shift") this.mayLeave = false;
  }

  #withControl(event) {
    const { selection, commands } = this;
    const extend = event.shiftKey;
    switch (event.key.toLowerCase()) {
      case "arrowup": return this.#jump(-1, 0, extend);
      case "arrowdown": return this.#jump(1, 0, extend);
      case "arrowleft": return this.#jump(0, -1, extend);
      case "arrowright": return this.#jump(0, 1, extend);
      case "home": return this.#move(-Infinity, -Infinity, extend);
      case "end": return this.#move(Infinity, Infinity, extend);
      case "a": return done(selection.selectAll());
      case "d": return done(commands.fillDown());
      case "z": return done(extend ? commands.redo() : commands.undo());
      case "y": return done(commands.redo());
      case "enter": return done(commands.fillDown());
      default: return false;
    }
  }

  #plain(event) {
    const { selection, commands } = this;
    const extend = event.shiftKey;
    const place = selection.active;
    switch (event.key) {
      case "ArrowUp": return this.#move(-1, 0, extend);
      case "ArrowDown": return this.#move(1, 0, extend);
      case "ArrowLeft": return this.#move(0, -1, extend);
      case "ArrowRight": return this.#move(0, 1, extend);
      case "PageUp": return this.#move(-this.#page(), 0, extend);
      case "PageDown": return this.#move(this.#page(), 0, extend);
      case "Home": return this.#move(0, -Infinity, extend);
      case "End": return this.#move(0, Infinity, extend);
      case "Tab": return this.#tab(event);
      case "Escape": return this.#escape();
      case "Delete":
      case "Backspace": return place ? done(commands.clear()) : false;
      case "Enter": return place ? this.#enter(event) : false;
      case "F2": return place ? done(this.start(place)) : false;
      case " ": return place ? this.#space() : false;
      case "ContextMenu": return place ? this.#menuKey() : false;
      case "F10": return place && extend ? this.#menuKey() : false;
      default: return this.#type(event);
    }
  }

  /** A letter opens the editor; the letter itself then arrives there. */
  #type(event) {
    const place = this.selection.active;
    if (!place || event.altKey || (event.key.length !== 1 && event.key !== "Process")) return false;
    this.start(place, "");
    return false;
  }

  #enter(event) {
    const place = this.selection.active;
    const address = link(this.#cell(place));
    if (event.altKey && address) return done(this.commands.play(place, address));
    return done(this.start(place));
  }

  #space() {
    const { tab } = this.grid;
    const { keys, columns } = this.selection;
    const boxes = keys
      .flatMap((key) => columns.map((column) => ({ key, column })))
      .filter((place) => isCheckbox(this.#cell(place)));
    if (!boxes.length) return this.#type({ key: " " });
    const first = tab.byKey.get(boxes[0].key).values[boxes[0].column];
    return done(this.commands.tick(boxes, !isTicked(first)));
  }

  #menuKey() {
    const place = this.selection.active;
    const at = this.grid.cellElement(place.key, place.column)?.getBoundingClientRect();
    return at ? done(this.commands.menu(place, { left: at.left, top: at.bottom })) : false;
  }

  /** Escape gives the Tab key back to the page, so that the grid is no trap. */
  #escape() {
    const { selection } = this;
    if (!selection.isSingle && selection.active) selection.set(selection.active.key, selection.active.column);
    this.mayLeave = true;
    return true;
  }

  #tab(event) {
    if (this.mayLeave || !this.selection.active) return false;
    return this.#move(0, event.shiftKey ? -1 : 1, false);
  }

  #page() {
    return Math.max(1, Math.floor(this.grid.holder.clientHeight / this.grid.rowHeight) - 1);
  }

  #move(down, right, extend) {
    this.grid.reveal(this.selection.move(down, right, { extend }));
    return true;
  }

  /** To the edge of the filled block, or over a gap to the next filled cell. */
  #jump(down, right, extend) {
    const { keys, columns } = this.grid.order;
    const from = extend ? this.selection.focus : this.selection.active;
    if (!from) return this.#move(0, 0, false);
    let row = keys.indexOf(from.key);
    let place = columns.indexOf(from.column);
    const inside = (r, c) => r >= 0 && r < keys.length && c >= 0 && c < columns.length;
    const filled = (r, c) => Boolean(this.#cell({ key: keys[r], column: columns[c] })?.userEnteredValue);
    const stopAtGap = inside(row + down, place + right) && filled(row, place) && filled(row + down, place + right);
    while (inside(row + down, place + right)) {
      if (stopAtGap && !filled(row + down, place + right)) break;
      row += down;
      place += right;
      if (!stopAtGap && filled(row, place)) break;
    }
    this.selection.set(keys[row], columns[place], { extend });
    this.grid.reveal(this.selection.focus);
    return true;
  }
}

/** Whether the pointer is on the small square at the selection's lower right corner. */
function isOnHandle({ target, clientX, clientY }) {
  const box = target.closest?.(".has-handle")?.getBoundingClientRect();
  return Boolean(box) && box.right - clientX < 9 && box.bottom - clientY < 9;
}

/** The key was used, whatever the command answers. */
const done = (_answer) => true;
