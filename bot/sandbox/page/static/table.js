/** Blocks of cells as the HTML table other spreadsheets put on the clipboard beside the plain text. */

import { meantBy, saysText, textClasses } from "./foreign.js";

const BREAK = '<br style="mso-data-placement:same-cell">';
const LOOKS_ELSE = /^[\s'=+\-@€$£.,\d]|^(true|false)$/i;

/** `rows` of {text, isText}: a text that looks like a number or a formula is marked as the text it is. */
export function format(rows) {
  const lines = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`);
  return `<meta charset="utf-8"><table>${lines.join("")}</table>`;
}

function cell({ text, isText }) {
  const marks = isText && LOOKS_ELSE.test(text) ? ` style="mso-number-format:'\\@'" sdnum="1033;0;@"` : "";
  return `<td${marks}>${escaped(text).replaceAll("\n", BREAK)}</td>`;
}

const escaped = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** What to type for the cells of the first table in some HTML, row by row, or null. Nothing in it is run or loaded. */
export function parse(html) {
  const table = html && new DOMParser().parseFromString(unstyled(html), "text/html").querySelector("table");
  if (!table) return null;
  const classes = textClasses(html);
  const rows = [];
  [...table.rows].forEach((line, top) => {
    rows[top] ??= [];
    let left = 0;
    for (const box of line.cells) {
      while (rows[top][left] !== undefined) left += 1;
      for (let down = 0; down < Math.min(box.rowSpan, table.rows.length - top); down += 1) {
        rows[top + down] ??= [];
        for (let right = 0; right < box.colSpan; right += 1) rows[top + down][left + right] = "";
      }
      rows[top][left] = meantBy(box, textOf(box), classes);
    }
  });
  const wide = Math.max(0, ...rows.map((row) => row.length));
  return wide ? rows.map((row) => Array.from({ length: wide }, (_, at) => row[at] ?? "")) : null;
}

/** Looks are not wanted, and the page's own policy forbids them. */
function unstyled(html) {
  const withoutSheets = html.replace(/<style\b[\s\S]*?<\/style>/gi, "");
  return withoutSheets.replace(/<[a-z][^>]*>/gi, (tag) =>
    tag.replace(/\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, (style) => (saysText(style) ? " data-text" : "")),
  );
}

// LibreOffice puts the remark of a cell inside it.
const UNREAD = new Set(["STYLE", "SCRIPT", "COMMENT"]);

/** The text as it is read: blanks of the source folded, line breaks where the markup has them. */
function textOf(box) {
  const parts = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) parts.push(node.data.replace(/[ \t\r\n\f]+/g, " "));
    else if (node.nodeName === "BR") parts.push("\n");
    else if (!UNREAD.has(node.nodeName)) {
      const isBlock = /^(P|DIV|LI|H\d)$/.test(node.nodeName);
      if (isBlock && parts.length) parts.push("\n");
      node.childNodes.forEach(walk);
    }
  };
  box.childNodes.forEach(walk);
  return parts.join("").replace(/ *\n */g, "\n").replaceAll("\u00a0", " ").trim();
}

const folded = (text) => text.replace(/\s+/g, " ").trim();

/**
 * Of plain text and HTML that say the same, the plain one has every blank, the HTML one knows which quotes are part
 * of the text, where its lines end, and what it means. `plain` and `rich` are rows of texts; either may be null.
 */
export function best(plain, rich) {
  if (!rich) return plain;
  if (!plain || plain.length !== rich.length || plain.some((row, at) => row.length !== rich[at].length)) return rich;
  return plain.map((row, down) =>
    row.map((text, right) => {
      const other = rich[down][right];
      const isSame = folded(text) === folded(other) && text.includes("\n") === other.includes("\n");
      return isSame ? text : other;
    }),
  );
}
