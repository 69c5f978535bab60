/** Changes of a tab's shape, each a real request: rows inserted, deleted, sorted; columns hidden. */

const rowsOf = (tab, startIndex, count) => ({
  sheetId: tab.sheetId,
  dimension: "ROWS",
  startIndex,
  endIndex: startIndex + count,
});

export function insertRows(tab, index, count = 1) {
  const range = rowsOf(tab, index, count);
  // A row below another takes its boxes and dropdowns from it; below the header there is nothing to take.
  const inheritFromBefore = index > tab.firstBodyRow;
  return tab.api.change([{ insertDimension: { range, inheritFromBefore } }]);
}

/** Deletes rows by their places, lowest first so that the places above stay right. */
export function deleteRows(tab, places) {
  const ordered = [...places].sort((a, b) => b - a);
  return tab.api.change(ordered.map((place) => ({ deleteDimension: { range: rowsOf(tab, place, 1) } })));
}

export function moveRow(tab, from, to) {
  return tab.api.change([
    { moveDimension: { source: rowsOf(tab, from, 1), destinationIndex: to > from ? to + 1 : to } },
  ]);
}

/** Sorts every filled row, whole rows, so that nothing is torn apart. */
export function sortBy(tab, column, descending = false) {
  const range = {
    sheetId: tab.sheetId,
    startRowIndex: Math.max(tab.frozenRows, tab.firstBodyRow),
    endRowIndex: tab.lastRow + 1,
    startColumnIndex: 0,
    endColumnIndex: tab.columnCount,
  };
  const sortOrder = descending ? "DESCENDING" : "ASCENDING";
  return tab.api.change([{ sortRange: { range, sortSpecs: [{ dimensionIndex: column, sortOrder }] } }]);
}

export function hideColumn(tab, column, hidden = true) {
  const range = { sheetId: tab.sheetId, dimension: "COLUMNS", startIndex: column, endIndex: column + 1 };
  return tab.api.change([
    { updateDimensionProperties: { range, properties: { hiddenByUser: hidden }, fields: "hiddenByUser" } },
  ]);
}

export function resizeColumn(tab, column, pixelSize) {
  const range = { sheetId: tab.sheetId, dimension: "COLUMNS", startIndex: column, endIndex: column + 1 };
  return tab.api.change([
    { updateDimensionProperties: { range, properties: { pixelSize }, fields: "pixelSize" } },
  ]);
}

export function addRows(tab, count) {
  return tab.api.change([{ appendDimension: { sheetId: tab.sheetId, dimension: "ROWS", length: count } }]);
}
