/** What of a tab is on the screen: which rows and columns, in which order, how wide. Made anew when any of it changes. */

import { isCheckbox, link, picture, shown } from "./cells.js";
import { compactView, isNarrow } from "./compact.js";
import { filtered } from "./filters.js";
import { Merges } from "./merges.js";
import { DEFAULT_WIDTH } from "./tab.js";

const SPARE_ROWS = 24; // empty rows below the last filled one, to type into
const SPARE_COLUMNS = 2;
const NUMBER_WIDTH = 46;
const MOST_OF_SMALL = 0.5; // of a small screen's width for one column
// Two lines of text or a thumbnail; one line where a tab holds neither; a small screen stacks three parts.
const ROW_HEIGHT = { roomy: 44, plain: 34, compact: 84 };
export const HEAD_ROW_HEIGHT = 30;

export class View {
  /** `showHidden`: folded columns as well; `widths` remembers what was chosen for columns nobody has sized. */
  constructor(tab, { showHidden = false, widths = new Map() } = {}) {
    this.compact = showHidden ? null : compactView(tab);
    // On a small screen long labels take two lines, so that what stands beside them is in sight.
    this.look = this.compact ? "compact" : isNarrow() || tab.column("Status") >= 0 ? "roomy" : "plain";
    this.rowHeight = ROW_HEIGHT[this.look];
    this.numberWidth = this.compact?.numberWidth ?? NUMBER_WIDTH;
    this.columns = this.compact?.columns ?? drawnColumns(tab, showHidden);
    this.widths = new Map(this.columns.map((column) => [column, this.#width(tab, column, widths)]));
    this.lefts = new Map();
    this.width = this.columns.reduce((left, column) => {
      this.lefts.set(column, left);
      return left + this.widths.get(column);
    }, this.numberWidth);
    const isShown = (row) => !tab.hiddenRows.has(row.index);
    const until = Math.max(tab.lastRow + SPARE_ROWS, tab.reached.row) + 1;
    const body = filtered(tab.rows.slice(tab.frozenRows, until).filter(isShown), tab.look);
    const frozen = tab.rows.slice(0, tab.frozenRows).filter(isShown);
    this.frozen = frozen.length;
    this.keys = [...frozen, ...body].map((row) => row.key);
    this.rowPlaces = new Map(this.keys.map((key, place) => [key, place]));
    this.columnPlaces = new Map(this.columns.map((column, place) => [column, place]));
    this.headRowHeight = HEAD_ROW_HEIGHT;
    this.merges = new Merges(tab, this);
  }

  /** Where a row or column stands on the screen, or -1. */
  rowPlace(key) {
    return this.rowPlaces.get(key) ?? -1;
  }

  columnPlace(column) {
    return this.columnPlaces.get(column) ?? -1;
  }

  #width(tab, column, known) {
    if (this.compact) return this.compact.widths.get(column);
    const width = this.#wished(tab, column, known);
    return isNarrow() ? Math.min(width, Math.round(innerWidth * MOST_OF_SMALL)) : width;
  }

  #wished(tab, column, known) {
    const { width } = tab.columns[column];
    if (width !== DEFAULT_WIDTH) return width;
    // Once chosen, a width stays while people type, unless the column became another one.
    const label = tab.label(column);
    if (known.get(column)?.label !== label) {
      known.set(column, { label, width: comfortable(tab, column, this.look === "plain") });
    }
    return known.get(column).width;
  }
}

/** The used columns and a few to type into. */
function drawnColumns(tab, showHidden) {
  const used = Math.max(tab.lastColumn + 1, tab.header ? 1 : 6);
  return tab.columns
    .slice(0, Math.max(used + SPARE_COLUMNS, tab.reached.column + 1))
    .filter((column) => showHidden || !column.hidden)
    .map(({ index }) => index);
}

/** How many columns with a header are out of sight until asked for. */
export function hiddenCount(tab) {
  const compact = compactView(tab);
  const isLabelled = (column) => !tab.header || shown(tab.header[column]);
  return drawnColumns(tab, true).filter(
    (column) => isLabelled(column) && (compact ? !compact.columns.includes(column) : tab.columns[column].hidden),
  ).length;
}

/** A width for columns nobody has sized: room for the header and two lines of what they hold. */
export function comfortable(tab, column, isPlain) {
  const label = tab.label(column);
  const head = label.length * 8.2 + 27;
  const cells = tab.rows.slice(tab.frozenRows, tab.frozenRows + 40).map((row) => row.values[column]);
  if (cells.some(isCheckbox) && tab.header) return Math.round(Math.max(60, head));
  if (cells.some(picture)) return Math.round(Math.max(84, head));
  if (cells.some((cell) => cell?.dataValidation?.condition)) return Math.round(Math.max(104, head));
  if (cells.some(link)) return Math.round(Math.max(140, head));
  const lengths = cells.map((cell) => shown(cell).length);
  if (isPlain) {
    // One line a row; what is longer still runs over into empty neighbours.
    return Math.round(Math.max(88, Math.max(0, ...lengths.filter((length) => length <= 44)) * 7.3 + 26));
  }
  const longest = Math.max(0, ...lengths);
  if (label.toLowerCase() === "status") return Math.round(Math.max(156, head));
  if (longest > 60 && tab.isRobots(column)) return 236;
  return Math.round(Math.max(64, head, Math.min(165, longest > 16 ? longest * 4.4 + 40 : longest * 7.4 + 22)));
}
