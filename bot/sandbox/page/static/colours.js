/** The sheet's own conditional formats: which rule colours a cell, and which cells a rule looks at. */

import { columnIndex, shown } from "./cells.js";
import { meets, wordsOf } from "./conditions.js";

// The one shape of formula that is understood: =$F2="x" (also <> and either part anchored or not).
const FORMULA = /^=\s*(\$?)([A-Z]{1,3})(\$?)(\d+)\s*(=|<>)\s*(?:"((?:[^"]|"")*)"|(TRUE|FALSE))\s*$/i;

const lower = (text) => text.toLocaleLowerCase();

/** A colour of the API (parts from 0 to 1, left out when 0) as CSS, or null. */
export function css(style, old) {
  const colour = style?.rgbColor ?? old;
  if (!colour) return null;
  const part = (value) => Math.round((value ?? 0) * 255);
  return `rgb(${part(colour.red)} ${part(colour.green)} ${part(colour.blue)})`;
}

/** The rules of one tab, ready to be asked. Rules of a kind that is not understood colour nothing. */
export class Colours {
  constructor(rules, cellAt) {
    this.cellAt = cellAt;
    this.rules = (rules ?? []).filter((rule) => rule.booleanRule).map(prepare);
  }

  /** {background, colour, bold, italic, strike} of the first rule that matches, or null. */
  of(cell, row, column) {
    for (const rule of this.rules) {
      if (rule.ranges.some((range) => contains(range, row, column)) && this.#matches(rule, cell, row, column)) {
        return rule.look;
      }
    }
    return null;
  }

  /** Columns whose colour may change when one of `changed` does. */
  touchedBy(changed, columnCount) {
    const touched = new Set();
    for (const { formula, ranges } of this.rules) {
      if (!formula || !(changed.has(formula.column) || !formula.fixedColumn)) continue;
      for (const { startColumnIndex: from = 0, endColumnIndex: to = columnCount } of ranges) {
        for (let column = from; column < Math.min(to, columnCount); column += 1) touched.add(column);
      }
    }
    return touched;
  }

  #matches(rule, cell, row, column) {
    if (!rule.formula) return meets(rule.condition, cell) ?? false;
    const { formula, ranges } = rule;
    const other = this.cellAt(
      formula.fixedRow ? formula.row : formula.row + row - (ranges[0].startRowIndex ?? 0),
      formula.fixedColumn ? formula.column : formula.column + column - (ranges[0].startColumnIndex ?? 0),
    );
    return (lower(shown(other)) === lower(formula.word)) === formula.equal;
  }
}

function prepare({ ranges, booleanRule: { condition, format = {} } }) {
  const text = format.textFormat ?? {};
  return {
    ranges,
    condition,
    formula: condition.type === "CUSTOM_FORMULA" ? parse(wordsOf(condition)[0]) : null,
    look: {
      background: css(format.backgroundColorStyle, format.backgroundColor),
      colour: css(text.foregroundColorStyle, text.foregroundColor),
      bold: text.bold,
      italic: text.italic,
      strike: text.strikethrough,
    },
  };
}

function parse(source) {
  const match = FORMULA.exec(source ?? "");
  if (!match) return null;
  const [, fixedColumn, letters, fixedRow, number, sign, word, truth] = match;
  return {
    column: columnIndex(letters.toUpperCase()),
    row: Number(number) - 1,
    fixedColumn: fixedColumn !== "",
    fixedRow: fixedRow !== "",
    equal: sign === "=",
    word: word?.replaceAll('""', '"') ?? truth.toUpperCase(),
  };
}

function contains(range, row, column) {
  const { startRowIndex = 0, endRowIndex = Infinity, startColumnIndex = 0, endColumnIndex = Infinity } = range;
  return row >= startRowIndex && row < endRowIndex && column >= startColumnIndex && column < endColumnIndex;
}
