/** Blocks of cells as the text that spreadsheets put on the clipboard: tabs, line breaks, quotes where needed. */

export function format(rows) {
  return rows.map((row) => row.map(quoted).join("\t")).join("\n");
}

function quoted(text) {
  return /[\t\n\r]|^"/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A field is quoted only when a quote opens it: 27" screen is plain text. */
export function parse(text) {
  const rows = [[]];
  let rest = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").replace(/\n$/, "");
  const field = /^(?:"((?:[^"]|"")*)"(?=\t|\n|$)|([^\t\n]*))(\t|\n|$)/;
  for (;;) {
    const [whole, inQuotes, bare, end] = field.exec(rest);
    rows.at(-1).push(inQuotes === undefined ? bare : inQuotes.replaceAll('""', '"'));
    rest = rest.slice(whole.length);
    if (end === "") return rows;
    if (end === "\n") rows.push([]);
  }
}
