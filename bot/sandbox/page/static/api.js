/** The sheet's HTTP interface, as any other client uses it. Refusals become words a person can act on. */

const AUTHORITY = { Authorization: "Bearer page" };

/** A request that was refused or got no answer; `message` is for people, `detail` is what the server said. */
export class Refused extends Error {
  constructor(message, detail = "", status = 0) {
    super(message);
    this.detail = detail;
    this.status = status;
  }
}

export async function call(path, { method = "GET", body, query } = {}) {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of [value].flat()) url.searchParams.append(name, one);
  }
  const headers = body === undefined ? AUTHORITY : { ...AUTHORITY, "Content-Type": "application/json" };
  let answer;
  try {
    answer = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refused("The sheet is not answering. Is the sandbox still running?");
  }
  if (answer.ok) return answer.status === 204 ? {} : answer.json();
  throw refusal(answer.status, await said(answer));
}

async function said(answer) {
  try {
    return (await answer.json()).error?.message ?? "";
  } catch {
    return "";
  }
}

function refusal(status, detail) {
  const words =
    status === 429
      ? "Too many changes in one minute. The sheet takes more in a moment."
      : status === 403
        ? "The sheet may not be changed from here."
        : status === 404
          ? "This sheet no longer exists."
          : status >= 500
            ? "The sheet had a hiccup and did not take it."
            : "The sheet did not accept this.";
  return new Refused(words, detail, status);
}

const encode = encodeURIComponent;

export class SpreadsheetApi {
  constructor(id) {
    this.id = id;
    this.root = `/v4/spreadsheets/${encode(id)}`;
  }

  /** Every spreadsheet there is, as [{id, name}]. */
  static async list() {
    return (await call("/drive/v3/files", { query: { pageSize: "100" } })).files ?? [];
  }

  /** Title and tabs; no cells. */
  about() {
    return call(this.root, { query: { fields: "properties.title,sheets.properties" } });
  }

  /** The rows of a tab (or some of them) with the keys that stay with them, and all there is to know of the tab. */
  grid(sheetId, start, end) {
    const query = start === undefined ? { sheetId } : { sheetId, start, end };
    return call(`/sandbox/sheets/${encode(this.id)}/grid`, { query });
  }

  /** The number of the last change there was. */
  async revision() {
    return (await call(`/sandbox/sheets/${encode(this.id)}/grid`, { query: { start: 0, end: 0 } })).revision;
  }

  /** Writes as if typed: strings are read as numbers, dates or formulas. Answers what the sheet made of them. */
  type(ranges) {
    const data = ranges.map(({ range, values }) => ({ range, majorDimension: "ROWS", values }));
    const body = {
      valueInputOption: "USER_ENTERED",
      includeValuesInResponse: true,
      responseValueRenderOption: "FORMULA",
      data,
    };
    return call(`${this.root}/values:batchUpdate`, { method: "POST", body });
  }

  change(requests) {
    return call(`${this.root}:batchUpdate`, { method: "POST", body: { requests } });
  }

  /** The stream of all changes after a revision. */
  events(revision) {
    return `/sandbox/sheets/${encode(this.id)}/events?lastEventId=${revision}`;
  }
}
