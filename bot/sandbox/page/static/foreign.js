/**
 * What the cells of other programs hold behind what they show: Excel and LibreOffice mark texts that look like numbers,
 * LibreOffice tells numbers and days as such, whatever the language they are written in.
 */

const LOOKS_ELSE = /^[\s'=+\-@€$£.,\d]|^(true|false)$/i;
const TEXT_FORMAT = /mso-number-format:\s*["']?(?:\\\\|\\)?@/i;
const PLAIN = /^[+\-−]?[\d.,'\s\u00a0\u202f]+$/;
const DAY = /^\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}(\D|$)/;
const ISO = /^\d{4}-\d{2}-\d{2}/;
const FIRST_DAY = Date.UTC(1899, 11, 30);

/** The classes that a page's style sheets give the format of text. */
export function textClasses(html) {
  const sheets = [...html.matchAll(/<style\b[^>]*>([\s\S]*?)<\/style>/gi)].map((found) => found[1]).join("\n");
  const rules = [...sheets.matchAll(/\.([\w-]+)[^{}]*\{([^}]*)\}/g)];
  return new Set(rules.filter(([, , body]) => TEXT_FORMAT.test(body)).map(([, name]) => name));
}

/** Whether the markup of a cell itself says that it holds text. */
export const saysText = (tag) => TEXT_FORMAT.test(tag);

/** What to type for a cell that shows `text`. */
export function meantBy(box, text, classes) {
  if (isText(box, classes)) return LOOKS_ELSE.test(text) ? `'${text}` : text;
  const value = Number.parseFloat(box.getAttribute("sdval") ?? box.getAttribute("x:num") ?? "");
  return Number.isNaN(value) ? text : written(value, text);
}

function isText(box, classes) {
  const isMarked = box.hasAttribute("data-text") || /(^|;)@$/.test(box.getAttribute("sdnum") ?? "");
  return isMarked || box.hasAttribute("x:str") || [...box.classList].some((name) => classes.has(name)) || isSheetsText(box);
}

/** Google's own mark: {"1":2} is a text, {"1":3} a number. */
function isSheetsText(box) {
  return /"1":\s*2\b/.test(box.getAttribute("data-sheets-value") ?? "");
}

/** A number or a day in a spelling every sheet reads; what else it may be stays as it is shown. */
function written(value, text) {
  if (/%\s*$/.test(text)) return `${Number((value * 100).toPrecision(14))}%`;
  if (DAY.test(text)) return ISO.test(text) ? text : day(value);
  const bare = text.replace(/[€$£¥]|\b[A-Z]{3}\b/g, "").trim();
  const isEnglish = /^[$£€]/.test(text);
  return PLAIN.test(bare) && !isEnglish ? String(value) : text;
}

function day(value) {
  const moment = new Date(FIRST_DAY + Math.round(value * 86_400) * 1000).toISOString();
  return Number.isInteger(value) ? moment.slice(0, 10) : moment.slice(0, 19).replace("T", " ");
}
