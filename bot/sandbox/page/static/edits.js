/** Every change a person makes goes through here: shown at once, written, put back when refused, undoable. */

import { isCheckbox } from "./cells.js";

const DEPTH = 200;

/** An edit is {key, column, input}: input is text as typed, a boolean, or null to empty the cell. */
export class Edits {
  /** `redraw(tab, changes)` shows cells anew: changes maps a row key to a set of columns. */
  constructor(redraw, onRefused) {
    this.redraw = redraw;
    this.onRefused = onRefused;
    this.done = [];
    this.undone = [];
    this.last = Promise.resolve();
  }

  /** Writes edits as one request. Answers whether the sheet took them. */
  apply(tab, edits) {
    return this.#inTurn(async () => {
      const real = edits.filter((edit) => tab.byKey.has(edit.key) && !isNoChange(tab, edit));
      if (!real.length) return true;
      const step = { tab, edits: real, before: snapshot(tab, real) };
      if (!(await this.#write(tab, real, () => typeInto(tab, real)))) return false;
      this.done.push(step);
      this.done.splice(0, this.done.length - DEPTH);
      this.undone.length = 0;
      return true;
    });
  }

  /** Both answer a cell that changed, or null. */
  undo() {
    return this.#inTurn(async () => {
      const step = this.done.pop();
      if (!step) return null;
      const cells = step.before.filter(({ key }) => step.tab.byKey.has(key));
      if (!(await this.#write(step.tab, cells, () => putBack(step.tab, cells)))) return null;
      this.undone.push(step);
      return cells[0];
    });
  }

  redo() {
    return this.#inTurn(async () => {
      const step = this.undone.pop();
      if (!step) return null;
      const edits = step.edits.filter(({ key }) => step.tab.byKey.has(key));
      if (!(await this.#write(step.tab, edits, () => typeInto(step.tab, edits)))) return null;
      this.done.push(step);
      return edits[0];
    });
  }

  /** One write after the other: an undo pressed early still finds what it is to undo. */
  #inTurn(work) {
    const turn = this.last.then(work);
    this.last = turn.catch(() => {});
    return turn;
  }

  async #write(tab, edits, send) {
    if (!edits.length) return false;
    const before = snapshot(tab, edits);
    const drafts = edits.map((edit) => ({ ...edit, cell: draft(tab, edit) }));
    place(tab, drafts);
    this.redraw(tab, grouped(drafts));
    try {
      await send();
    } catch (error) {
      // Only cells nobody has changed since go back to what they were.
      const still = before.filter((old, i) => current(tab, old) === drafts[i].cell);
      place(tab, still);
      this.redraw(tab, grouped(still));
      this.onRefused(error);
      return false;
    }
    // The stream brings what the sheet made of it; a write that changed nothing there sends no event.
    setTimeout(() => this.#settle(tab, drafts), 1500);
    return true;
  }

  async #settle(tab, drafts) {
    if (!drafts.some((one) => one.cell && current(tab, one) === one.cell)) return;
    await tab.readRows();
    this.redraw(tab, grouped(drafts));
  }
}

const current = (tab, { key, column }) => tab.byKey.get(key)?.values[column];

function isNoChange(tab, edit) {
  const entered = current(tab, edit)?.userEnteredValue;
  if (edit.input === null || edit.input === "") return entered === undefined;
  if (typeof edit.input === "boolean") return entered?.boolValue === edit.input;
  return entered?.stringValue === edit.input;
}

const snapshot = (tab, edits) =>
  edits.map(({ key, column }) => ({ key, column, cell: current(tab, { key, column }) }));

/** What the cell shows until the sheet has answered. */
function draft(tab, edit) {
  if ("cell" in edit) return edit.cell && { ...edit.cell };
  const { note, dataValidation, userEnteredFormat } = current(tab, edit) ?? {};
  const rest = { note, dataValidation, userEnteredFormat };
  const { input } = edit;
  if (input === null || input === "") return rest;
  if (typeof input === "boolean") {
    const value = { boolValue: input };
    return { ...rest, userEnteredValue: value, effectiveValue: value, formattedValue: input ? "TRUE" : "FALSE" };
  }
  const text = input.replace(/^'/, "");
  const value = { stringValue: text };
  return { ...rest, userEnteredValue: value, effectiveValue: value, formattedValue: text };
}

function place(tab, cells) {
  for (const { key, column, cell } of cells) {
    const row = tab.byKey.get(key);
    if (row) row.values = replaced(row.values, column, cell);
  }
}

function replaced(values, column, cell) {
  const copy = Array.from({ length: Math.max(values.length, column + 1) }, (_, i) => values[i]);
  copy[column] = cell;
  return copy;
}

function grouped(edits) {
  const changes = new Map();
  for (const { key, column } of edits) {
    if (!changes.has(key)) changes.set(key, new Set());
    changes.get(key).add(column);
  }
  return changes;
}

/** Neighbouring cells of a row travel as one range, rows of one shape below each other as one block. */
function typeInto(tab, edits) {
  const runs = [];
  for (const edit of inOrder(tab, edits)) {
    const value = valueOf(tab, edit);
    const last = runs.at(-1);
    if (last && last.row === edit.row && last.column + last.values.length === edit.column) last.values.push(value);
    else runs.push({ row: edit.row, column: edit.column, values: [value] });
  }
  const blocks = [];
  for (const run of runs) {
    const above = blocks.find(
      (block) =>
        block.column === run.column &&
        block.row + block.values.length === run.row &&
        block.values[0].length === run.values.length,
    );
    if (above) above.values.push(run.values);
    else blocks.push({ row: run.row, column: run.column, values: [run.values] });
  }
  return tab.api.type(
    blocks.map(({ row, column, values }) => ({
      range: tab.address(row, column, values.length, values[0].length),
      values,
    })),
  );
}

/** Emptying a checkbox means unticking it. */
function valueOf(tab, edit) {
  if (edit.input !== null) return edit.input;
  return isCheckbox(current(tab, edit)) ? false : "";
}

function inOrder(tab, edits) {
  return edits
    .map((edit) => ({ ...edit, row: tab.byKey.get(edit.key).index }))
    .sort((a, b) => a.row - b.row || a.column - b.column);
}

/** Restores the very values (typed, never parsed again) that stood there. */
function putBack(tab, cells) {
  return tab.api.change(
    cells.map(({ key, column, cell }) => ({
      updateCells: {
        start: { sheetId: tab.sheetId, rowIndex: tab.byKey.get(key).index, columnIndex: column },
        rows: [{ values: [cell?.userEnteredValue ? { userEnteredValue: cell.userEnteredValue } : {}] }],
        fields: "userEnteredValue",
      },
    })),
  );
}

