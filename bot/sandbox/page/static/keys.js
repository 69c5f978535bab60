/** What the keyboard does on the grid. */

import { isBox, isCheckbox, isTicked } from "./cells.js";

export class Keys {
  constructor(page) {
    this.page = page;
    this.mayLeave = false;
    page.grid.table.addEventListener("keydown", (event) => this.#key(event));
    page.grid.table.addEventListener("focus", () => page.selection.active || this.#move(0, 0, false));
    // The browser's own search cannot see rows that are not drawn.
    document.addEventListener("keydown", (event) => this.#anywhere(event));
  }

  #anywhere(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    // A press on a button leaves the grid; undo is meant all the same. A field has an undo of its own.
    const isUndo = (key === "z" || key === "y") && !event.target.closest("input, textarea, .table");
    if (key === "f") this.page.finder.open();
    else if (isUndo) void this.page.step(key === "y" || event.shiftKey ? "redo" : "undo");
    else return;
    event.preventDefault();
  }

  #key(event) {
    if (event.isComposing) return;
    this.page.tips.hide();
    if (this.#take(event)) event.preventDefault();
    if (event.key !== "Escape" && event.key !== "Shift") this.mayLeave = false;
  }

  #take(event) {
    const isControl = event.ctrlKey || event.metaKey;
    if (isControl && event.altKey) return this.#withBoth(event);
    if (isControl) return this.#withControl(event);
    return event.altKey ? this.#withAlt(event) : this.#plain(event);
  }

  /** Ctrl+Alt: rows come and go, as in other spreadsheets, or columns where whole ones are selected. */
  #withBoth(event) {
    const { page } = this;
    const line = page.columns.isWhole ? page.columns : page.rows;
    if (event.code === "Equal" || event.key === "+" || event.key === "=") return done(line.insert());
    if (event.code === "Minus" || event.key === "-") return done(line.delete());
    return false;
  }

  #withAlt(event) {
    const { page } = this;
    const place = page.selection.active;
    if (event.shiftKey && event.key === "ArrowUp") return done(page.rows.move(-1));
    if (event.shiftKey && event.key === "ArrowDown") return done(page.rows.move(1));
    if (event.shiftKey && event.key === "ArrowLeft") return done(page.columns.move(-1));
    if (event.shiftKey && event.key === "ArrowRight") return done(page.columns.move(1));
    if (event.key === "Enter" && place) return page.playFrom(place);
    if (event.key === "ArrowDown" && place) return done(page.choose(place));
    return false;
  }

  #withControl(event) {
    const { page } = this;
    const { selection } = page;
    const extend = event.shiftKey;
    switch (event.key.toLowerCase()) {
      case "arrowup": return this.#jump(-1, 0, extend);
      case "arrowdown": return this.#jump(1, 0, extend);
      case "arrowleft": return this.#jump(0, -1, extend);
      case "arrowright": return this.#jump(0, 1, extend);
      case "home": return this.#move(-Infinity, -Infinity, extend);
      case "end": return this.#move(page.rows.toEnd(), Infinity, extend);
      case "a": return done(selection.selectAll());
      case " ": return done(selection.widen(false));
      case "d": return done(page.clipboard.fillDown());
      case "r": return done(page.clipboard.fillRight());
      case "enter": return done(page.clipboard.fillWhole());
      case ";":
      case ":": return this.#now(event.key === ":");
      case "backspace": return done(page.grid.reveal(selection.active));
      case "z": return done(page.step(extend ? "redo" : "undo"));
      case "y": return done(page.step("redo"));
      default: return false;
    }
  }

  #plain(event) {
    const { page } = this;
    const { selection } = page;
    const extend = event.shiftKey;
    const place = selection.active;
    switch (event.key) {
      case "ArrowUp": return this.#move(-1, 0, extend);
      case "ArrowDown": return this.#move(1, 0, extend);
      case "ArrowLeft": return this.#move(0, -1, extend);
      case "ArrowRight": return this.#move(0, 1, extend);
      case "PageUp": return this.#move(-page.grid.pageRows, 0, extend);
      case "PageDown": return this.#move(page.grid.pageRows, 0, extend);
      case "Home": return this.#move(0, -Infinity, extend);
      case "End": return this.#move(0, Infinity, extend);
      case "Tab": return this.#tab(event);
      case "Escape": return this.#escape();
      case "Delete":
      case "Backspace": return place ? done(page.clipboard.clear()) : false;
      case "Enter": return this.#enter(event);
      case "F2": if (place && extend) return done(page.notes.open(place));
        return place ? done(page.enter(place)) : false;
      case " ": return place ? this.#space(event) : false;
      case "ContextMenu": return place ? page.menuAt(place) : false;
      case "F10": return place && extend ? page.menuAt(place) : false;
      default: return this.#type(event);
    }
  }

  /** Opens the cell; within a selection of several goes on to the next. */
  #enter(event) {
    const { page } = this;
    const { selection } = page;
    if (!selection.active) return false;
    if (selection.isBlock) page.leave(event.shiftKey ? -1 : 1, 0);
    else page.enter(selection.active);
    return true;
  }

  /** Today's date or the time of day, typed as anybody would. */
  #now(isTime) {
    const place = this.page.selection.active;
    if (!place) return false;
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    const date = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
    return done(this.page.type(place, isTime ? time : date));
  }

  /** A letter opens the editor; the letter itself then arrives there. */
  #type(event) {
    const place = this.page.selection.active;
    if (!place || (event.key.length !== 1 && event.key !== "Process")) return false;
    this.page.enter(place, "");
    return false;
  }

  #space(event) {
    const { page } = this;
    const { selection, tab } = page;
    if (event.shiftKey) return done(selection.widen(true));
    const boxes = selection.places.filter((place) => isCheckbox(tab.at(place)) && isBox(tab.at(place)));
    if (!boxes.length) return this.#type({ key: " " });
    return done(page.tick(boxes, !isTicked(tab.at(boxes[0]))));
  }

  /** Escape forgets what was copied, then gives the Tab key back to the page, so that the grid is no trap. */
  #escape() {
    const { selection, clipboard } = this.page;
    if (!clipboard.forget() && !selection.isSingle && selection.active) {
      selection.set(selection.active.key, selection.active.column);
    }
    this.mayLeave = true;
    return true;
  }

  #tab(event) {
    if (this.mayLeave || !this.page.selection.active) return false;
    this.page.leave(0, event.shiftKey ? -1 : 1);
    return true;
  }

  #move(down, right, extend) {
    const { page } = this;
    page.run = null;
    page.grid.reveal(page.selection.move(down, right, { extend }));
    page.tips.follow();
    return true;
  }

  /** To the edge of the filled block, or over a gap to the next filled cell. */
  #jump(down, right, extend) {
    const { selection, grid, tab } = this.page;
    const { keys, columns } = grid.view;
    const from = extend ? selection.focus : selection.active;
    if (!from) return this.#move(0, 0, false);
    let row = grid.view.rowPlace(from.key);
    let place = grid.view.columnPlace(from.column);
    const inside = (r, c) => r >= 0 && r < keys.length && c >= 0 && c < columns.length;
    const filled = (r, c) => Boolean(tab.at({ key: keys[r], column: columns[c] })?.userEnteredValue);
    const stopAtGap = inside(row + down, place + right) && filled(row, place) && filled(row + down, place + right);
    while (inside(row + down, place + right)) {
      if (stopAtGap && !filled(row + down, place + right)) break;
      row += down;
      place += right;
      if (!stopAtGap && filled(row, place)) break;
    }
    selection.set(keys[row], columns[place], { extend });
    grid.reveal(selection.focus);
    this.page.tips.follow();
    return true;
  }
}

/** The key was used, whatever the command answers. */
const done = (_answer) => true;
