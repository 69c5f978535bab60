/** Changes of cells: shown at once, written, put back when refused, undone only where nobody else has been since. */

import { entered, isBox, isCheckbox } from "./cells.js";

const ALL = "userEnteredValue,userEnteredFormat,dataValidation,note";
// Typing may set how a number is shown; nothing else of the look changes.
const VALUE = "userEnteredValue,userEnteredFormat.numberFormat";
const SETTLE = 1500; // ms until a write nobody told of is read again

/** An edit is {key, column, input}: input is text as typed, a boolean, or null to empty the cell. */
export class Edits {
  /** `redraw(tab, changes)` shows cells anew: changes maps a row key to a set of columns. */
  constructor(history, redraw, onRefused) {
    this.history = history;
    this.redraw = redraw;
    this.onRefused = onRefused;
  }

  /** Writes edits as one request. Answers whether the sheet took them. */
  type(tab, edits) {
    return this.history.inTurn(async () => {
      const real = edits.filter((edit) => tab.byKey.has(edit.key) && !isNoChange(tab, edit));
      if (!real.length) return true;
      const drafts = real.map((edit) => ({ ...edit, cell: draft(tab, edit) }));
      const step = new CellStep(this, tab, drafts, VALUE);
      return this.#take(step, drafts, async () => {
        const blocks = blocksOf(inOrder(tab, real));
        const answer = await tab.api.type(blocks.map((block) => rangeOf(tab, block)));
        step.learn(blocks, answer.responses.map((one) => one.updatedData.values ?? []));
      });
    });
  }

  /**
   * Lays cells of the sheet over others, with looks and rules, formulas speaking of their new place. `pairs` are
   * [{key, column, from: cell}] for what is shown meanwhile, `requests` what is asked of the sheet.
   */
  lay(tab, pairs, requests) {
    return this.history.inTurn(async () => {
      const drafts = pairs.map(({ from, ...place }) => ({ ...place, cell: { ...from } }));
      const step = new CellStep(this, tab, drafts, ALL);
      return this.#take(step, drafts, async () => {
        await tab.api.change(requests);
        await this.read(tab, drafts);
        step.learnCells();
      });
    });
  }

  async #take(step, drafts, send) {
    const isTaken = await this.write(step.tab, drafts, send).then(
      () => true,
      (error) => this.onRefused(error),
    );
    if (isTaken) this.history.add(step);
    return Boolean(isTaken);
  }

  /** Shows `drafts` [{key, column, cell}], sends, and puts back what nobody has changed since when that fails. */
  async write(tab, drafts, send) {
    const before = drafts.map((one) => ({ ...one, cell: tab.at(one) ?? {} }));
    place(tab, drafts);
    this.redraw(tab, grouped(drafts));
    try {
      await send();
    } catch (error) {
      const still = before.filter((old, i) => tab.at(old) === drafts[i].cell);
      place(tab, still);
      this.redraw(tab, grouped(still));
      // An answer may be lost after the sheet took the write: what stands there is read.
      this.read(tab, drafts).catch(() => {});
      throw error;
    }
    // The stream brings what the sheet made of it; a write that changed nothing there sends no event.
    setTimeout(() => this.#settle(tab, drafts).catch(() => {}), SETTLE);
  }

  async #settle(tab, drafts) {
    await this.read(tab, drafts.filter((one) => tab.at(one) === one.cell));
  }

  /** Reads the rows of these places again. */
  async read(tab, places) {
    const at = places.map(({ key }) => tab.byKey.get(key)?.index).filter((index) => index !== undefined);
    if (at.length) this.redraw(tab, await tab.readRows(Math.min(...at), Math.max(...at) + 1));
  }
}

/** Cells before and after one change of theirs. */
class CellStep {
  constructor(edits, tab, drafts, fields) {
    this.edits = edits;
    this.tab = tab;
    this.fields = fields;
    this.cells = drafts.map(({ key, column, cell }) => ({ key, column, before: tab.at({ key, column }), after: cell }));
  }

  /** What the sheet made of what was typed, block by block; it may be a number or a date now. */
  learn(blocks, answers) {
    const byPlace = new Map(this.cells.map((cell) => [`${cell.key} ${cell.column}`, cell]));
    blocks.forEach(({ rows }, at) =>
      rows.forEach((edits, down) =>
        edits.forEach(({ key, column }, right) => {
          const cell = byPlace.get(`${key} ${column}`);
          cell.after = { ...cell.after, userEnteredValue: asEntered(answers[at][down]?.[right]) };
        }),
      ),
    );
  }

  learnCells() {
    for (const cell of this.cells) cell.after = this.tab.at(cell);
  }

  undo() {
    return this.#put("after", "before");
  }

  redo() {
    return this.#put("before", "after");
  }

  async #put(from, to) {
    const { tab, edits } = this;
    const there = this.cells.map((cell) => ({ ...cell, key: tab.keyNow(cell.key), one: cell })).filter(({ key }) => key);
    // What stands there this moment decides, not what the page last heard of.
    await edits.read(tab, there);
    const own = there.filter((cell) => entered(tab.at(cell)) === entered(cell[from]));
    const kept = this.cells.length - own.length;
    if (!own.length) return { place: null, kept };
    // The look as it is now is what going the other way has to bring back.
    for (const { one, key } of own) one[from] = { ...tab.at({ key, column: one.column }) };
    const drafts = own.map(({ key, column, ...cell }) => ({ key, column, cell: { ...cell[to] } }));
    await edits.write(tab, drafts, () => tab.api.change(putRequests(tab, drafts, this.fields)));
    return { place: own[0], kept };
  }
}

function putRequests(tab, drafts, fields) {
  return blocksOf(inOrder(tab, drafts)).map(({ row, column, rows }) => ({
    updateCells: {
      start: { sheetId: tab.sheetId, rowIndex: row, columnIndex: column },
      rows: rows.map((cells) => ({ values: cells.map(({ cell }) => writable(cell)) })),
      fields,
    },
  }));
}

/** The parts of a cell that can be written. */
export function writable(cell) {
  const { userEnteredValue, userEnteredFormat, dataValidation, note } = cell ?? {};
  const filled = (part) => part && Object.keys(part).length > 0;
  return {
    ...(filled(userEnteredValue) && { userEnteredValue }),
    ...(filled(userEnteredFormat) && { userEnteredFormat }),
    ...(filled(dataValidation) && { dataValidation }),
    ...(note && { note }),
  };
}

/** A value read back as it would be typed, as ExtendedValue. */
function asEntered(value) {
  if (value === undefined || value === "") return undefined;
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return { numberValue: value };
  return value.startsWith("=") ? { formulaValue: value } : { stringValue: value };
}

function isNoChange(tab, edit) {
  const value = tab.at(edit)?.userEnteredValue;
  if (edit.input === null || edit.input === "") return value === undefined;
  if (typeof edit.input === "boolean") return value?.boolValue === edit.input;
  return value?.stringValue === edit.input;
}

/** What the cell shows until the sheet has answered. */
function draft(tab, edit) {
  const { note, dataValidation, userEnteredFormat } = tab.at(edit) ?? {};
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
  const copy = Array.from({ length: Math.max(values.length, column + 1) }, (_, i) => values[i] ?? {});
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

const inOrder = (tab, places) =>
  places
    .map((one) => ({ ...one, row: tab.byKey.get(one.key).index }))
    .sort((a, b) => a.row - b.row || a.column - b.column);

/** Neighbouring cells of a row as one run, runs of one shape below each other as one block {row, column, rows}. */
function blocksOf(ordered) {
  const runs = [];
  for (const one of ordered) {
    const last = runs.at(-1);
    if (last && last.row === one.row && last.column + last.cells.length === one.column) last.cells.push(one);
    else runs.push({ row: one.row, column: one.column, cells: [one] });
  }
  const blocks = [];
  const open = new Map(); // the block that a run at this column and width would go on
  for (const { row, column, cells } of runs) {
    const shape = `${column} ${cells.length}`;
    const above = open.get(shape);
    if (above && above.row + above.rows.length === row) above.rows.push(cells);
    else {
      const block = { row, column, rows: [cells] };
      open.set(shape, block);
      blocks.push(block);
    }
  }
  return blocks;
}

const rangeOf = (tab, { row, column, rows }) => ({
  range: tab.address(row, column, rows.length, rows[0].length),
  values: rows.map((cells) => cells.map((edit) => valueOf(tab, edit))),
});

/** Emptying a checkbox means unticking it. */
function valueOf(tab, edit) {
  if (edit.input !== null) return edit.input;
  return isCheckbox(tab.at(edit)) && isBox(tab.at(edit)) ? false : "";
}
