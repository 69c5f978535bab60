/** What one cell (the CellData of the Sheets API) shows, links to and turns into while it is edited. */

const VIDEO = /\.(mp4|webm|mov)(\?|#|$)/i;
const ADDRESS = /^https?:\/\/\S+$/i;

/** The text a person sees. */
export const shown = (cell) => cell?.formattedValue ?? plain(cell?.effectiveValue ?? cell?.userEnteredValue);

/** The text an editor starts with: the formula where there is one, a number with all its digits. */
export function typed(cell) {
  const entered = cell?.userEnteredValue;
  if (entered?.formulaValue !== undefined) return entered.formulaValue;
  if (entered?.stringValue !== undefined) return entered.stringValue;
  if (entered?.numberValue !== undefined) return typedNumber(entered.numberValue, cell);
  return shown(cell);
}

function typedNumber(number, cell) {
  const type = cell.userEnteredFormat?.numberFormat?.type;
  if (type === "PERCENT") return `${Number((number * 100).toPrecision(14))}%`;
  // Dates and money are typed the way they are shown; anything else as the number it is.
  return ["DATE", "TIME", "DATE_TIME", "CURRENCY"].includes(type) ? shown(cell) : String(number);
}

function plain(value) {
  if (!value) return "";
  if (value.boolValue !== undefined) return value.boolValue ? "TRUE" : "FALSE";
  if (value.errorValue) return `#${(value.errorValue.type ?? "ERROR").replace("N_A", "N/A")}`;
  return String(value.stringValue ?? value.numberValue ?? value.formulaValue ?? "");
}

/** What was entered as one plain value, to tell whether two cells were entered alike. */
export function entered(cell) {
  const value = cell?.userEnteredValue;
  return value?.formulaValue ?? value?.stringValue ?? value?.numberValue ?? value?.boolValue ?? "";
}

export const isEmpty = (cell) => !cell?.userEnteredValue;

/** A cell that holds something a person would call content: an unticked box is not. */
export const hasContent = (cell) => !isEmpty(cell) && cell.userEnteredValue.boolValue !== false;

export const isCheckbox = (cell) => cell?.dataValidation?.condition?.type === "BOOLEAN";

export const isBoolean = (cell) => (cell?.effectiveValue ?? cell?.userEnteredValue)?.boolValue !== undefined;

/** A box that holds what a box can hold; a text written into one hides the box. */
export const isBox = (cell) => isCheckbox(cell) && (isEmpty(cell) || isBoolean(cell));

export const isTicked = (cell) => (cell?.effectiveValue ?? cell?.userEnteredValue)?.boolValue === true;

/** The words of a dropdown, or null where the cell has none. */
export function choices(cell) {
  const condition = cell?.dataValidation?.condition;
  if (condition?.type !== "ONE_OF_LIST") return null;
  return (condition.values ?? []).map((value) => value.userEnteredValue);
}

/** The web address a cell leads to, or null; anything but http and https leads nowhere. */
export function link(cell) {
  if (ADDRESS.test(cell?.hyperlink ?? "")) return cell.hyperlink;
  const text = shown(cell).trim();
  return ADDRESS.test(text) ? text : null;
}

export const isVideo = (address) => VIDEO.test(address);

/** The address of an =IMAGE cell, or null; the server has worked out what the formula points at. */
export const picture = (cell) => cell?.image ?? null;

export const isNumber = (cell) => (cell?.effectiveValue ?? cell?.userEnteredValue)?.numberValue !== undefined;

export const isError = (cell) => Boolean(cell?.effectiveValue?.errorValue);

export function same(one, other) {
  return one === other || JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** 0 is A, 25 is Z, 26 is AA. */
export function columnLetter(index) {
  let letters = "";
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return letters;
}

export function columnIndex(letters) {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** Cells as a client names them: B3 */
export const address = (row, column) => `${columnLetter(column)}${row + 1}`;
