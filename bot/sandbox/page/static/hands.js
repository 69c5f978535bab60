/** What mouse and finger do on the grid: select, drag, fill, carry rows and columns elsewhere, press what is in a cell. */

const EDGE = 14; // px from the edge at which a drag begins to scroll

export class Hands {
  constructor(page) {
    this.page = page;
    this.grid = page.grid;
    this.selection = page.selection;
    this.dragging = null; // "cells", "rows", "columns", "fill", "carry" or "carry-columns"
    this.filling = null; // {keys, columns} of the selection a fill started from
    this.line = null; // shows where what is carried would land
    const { host } = this.grid;
    host.addEventListener("pointerdown", (event) => this.#down(event));
    addEventListener("pointermove", (event) => this.#drag(event));
    addEventListener("pointerup", () => this.#up());
    host.addEventListener("click", (event) => this.#click(event));
    host.addEventListener("dblclick", (event) => this.#doubleClick(event));
    host.addEventListener("contextmenu", (event) => this.#contextMenu(event));
  }

  #down(event) {
    if (event.target.closest(".editor, .letter-edge, .letter-gap, .fold")) return;
    const place = this.grid.placeOf(event.target);
    if (!place) return;
    const isTouch = event.pointerType === "touch";
    const isFirst = event.button === 0 && !isTouch;
    if (isFirst && isOnHandle(event)) return void this.#startFill(event);
    const isRow = place.key !== undefined && place.column === undefined;
    if (isFirst && isRow && !event.shiftKey && this.#isWholeRow(place.key)) return void this.#startCarry(event, place);
    const isColumn = place.key === undefined && place.column !== undefined;
    const isHeld = isColumn && this.page.columns.isWhole && this.selection.columns.includes(place.column);
    if (isFirst && isHeld && !event.shiftKey) return void this.#startCarry(event, place);
    if (event.button === 2 && this.#isSelected(place)) return;
    if (event.button > 2 || (isTouch && !place.key)) return;
    this.page.run = null;
    this.#select(place, event.shiftKey);
    if (isFirst && !place.corner) this.dragging = isRow ? "rows" : isColumn ? "columns" : "cells";
    // Focus goes to the grid as a whole; a real checkbox or link keeps its own click.
    if (!event.target.closest("input, a, button")) event.preventDefault();
    this.grid.focus();
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

  #isWholeRow(key) {
    const { keys, columns } = this.selection;
    return columns.length === this.grid.view.columns.length && keys.includes(key);
  }

  // ---------------------------------------------------------------- dragging

  #startFill(event) {
    event.preventDefault();
    const { keys, columns } = this.selection;
    this.filling = { keys, columns };
    this.dragging = "fill";
  }

  /** Whole rows are carried elsewhere by their numbers, whole columns by their letters; a mere click selects the one. */
  #startCarry(event, place) {
    event.preventDefault();
    this.dragging = place.key === undefined ? "carry-columns" : "carry";
    this.carried = place;
    this.target = null;
    this.grid.focus();
  }

  #drag(event) {
    if (!this.dragging || !(event.buttons & 1)) return;
    this.#scrollAlong(event);
    this.#dragTo(event.target, event);
  }

  #dragTo(element, event) {
    const place = element && this.grid.placeOf(element);
    const { focus } = this.selection;
    if (place?.column !== undefined) {
      if (this.dragging === "carry-columns") return void this.#carryAcross(place.column, event);
      if (this.dragging === "columns") return void this.selection.selectColumn(place.column, true);
    }
    if (place?.key === undefined) return;
    if (this.dragging === "carry") return void this.#carryOver(place.key, event);
    if (this.dragging === "fill") return void this.#fillTo(place.key);
    if (this.dragging === "rows") return void this.selection.selectRow(place.key, true);
    if (place.column === undefined || (place.key === focus?.key && place.column === focus.column)) return;
    this.selection.set(place.key, place.column, { extend: true });
  }

  /** A fill grows downwards only, over the columns it started with. */
  #fillTo(key) {
    const { keys, columns } = this.filling;
    const { view } = this.grid;
    const last = Math.max(view.rowPlace(key), view.rowPlace(keys.at(-1)));
    this.selection.span({ key: keys[0], column: columns[0] }, { key: view.keys[last], column: columns.at(-1) });
  }

  #carryOver(key, event) {
    const { grid } = this;
    const where = grid.rectangle({ key, column: grid.view.columns[0] });
    if (!where || where.isFrozen) return;
    const y = event.clientY - grid.canvas.getBoundingClientRect().top;
    const isBelow = y > where.top + where.height / 2;
    this.target = { key, isBelow };
    this.#showLine("top", where.top + (isBelow ? where.height : 0) - 1);
  }

  #carryAcross(column, event) {
    const { view, canvas } = this.grid;
    const left = view.lefts.get(column);
    const width = view.widths.get(column);
    const isRight = event.clientX - canvas.getBoundingClientRect().left > left + width / 2;
    this.target = { column, isRight };
    this.#showLine("left", left + (isRight ? width : 0) - 1);
  }

  #showLine(side, at) {
    if (!this.line) {
      this.line = document.createElement("div");
      this.line.className = side === "left" ? "drop-line is-upright" : "drop-line";
      this.grid.canvas.append(this.line);
    }
    this.line.style[side] = `${at}px`;
  }

  #up() {
    const kind = this.dragging;
    this.dragging = null;
    clearInterval(this.scrolling);
    this.line?.remove();
    this.line = null;
    if (kind === "fill") this.#endFill();
    if (kind === "carry") this.#endCarry();
    if (kind === "carry-columns") this.#endCarryAcross();
  }

  #endFill() {
    const { keys, columns } = this.filling;
    this.filling = null;
    const targets = this.selection.keys.filter((key) => !keys.includes(key));
    if (targets.length) void this.page.clipboard.fill(keys, targets, columns);
  }

  #endCarry() {
    const { selection, target } = this;
    if (!target) return void selection.selectRow(this.carried.key, false);
    const { tab } = this.page;
    const to = tab.byKey.get(target.key)?.index;
    if (to !== undefined && !selection.keys.includes(target.key)) {
      void this.page.rows.carry(selection.keys, to + (target.isBelow ? 1 : 0));
    }
  }

  #endCarryAcross() {
    const { target } = this;
    if (!target) return void this.selection.selectColumn(this.carried.column, false);
    void this.page.columns.carry(target.column + (target.isRight ? 1 : 0));
    return undefined;
  }

  /** A drag at the edge of what is in sight goes on beyond it. */
  #scrollAlong(event) {
    const box = this.grid.host.getBoundingClientRect();
    const beyond = (low, high, at) => (at > high - EDGE ? at - high + EDGE : at < low + EDGE ? at - low - EDGE : 0);
    const top = beyond(box.top + this.grid.topHeight, box.bottom, event.clientY);
    const left = this.dragging === "cells" ? beyond(box.left + this.grid.view.numberWidth, box.right, event.clientX) : 0;
    clearInterval(this.scrolling);
    if (!top && !left) return;
    this.scrolling = setInterval(() => {
      this.grid.host.scrollBy(left, top);
      const inside = (low, high, at) => Math.min(Math.max(at, low + 2), high - EDGE);
      const x = inside(box.left + this.grid.view.numberWidth, box.right, event.clientX);
      const y = inside(box.top + this.grid.topHeight, box.bottom, event.clientY);
      this.#dragTo(document.elementFromPoint(x, y), event);
    }, 50);
  }

  // ---------------------------------------------------------------- pressing

  #click(event) {
    const actor = event.target.closest("[data-act]");
    const place = this.grid.placeOf(event.target);
    if (!actor || place?.key === undefined) return;
    const { act } = actor.dataset;
    if (act === "tick") {
      this.page.tick([place], actor.checked);
    } else if (act === "play" && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.page.play(place, actor.dataset.href ?? actor.href);
    } else if (act === "choose") {
      this.page.choose(place);
    }
    if (act !== "play") this.grid.focus();
  }

  #doubleClick(event) {
    const place = this.grid.placeOf(event.target);
    if (place?.key === undefined || place.column === undefined || event.target.closest("[data-act], .editor")) return;
    this.page.enter(place);
  }

  #contextMenu(event) {
    const place = this.grid.placeOf(event.target);
    if (!place || event.target.closest(".editor")) return;
    event.preventDefault();
    this.page.menu(place, { left: event.clientX, top: event.clientY });
  }
}

/** Whether the pointer is on the small square at the selection's lower right corner. */
function isOnHandle({ target, clientX, clientY }) {
  const box = target.closest?.(".has-handle")?.getBoundingClientRect();
  return Boolean(box) && box.right - clientX < 9 && box.bottom - clientY < 9;
}
