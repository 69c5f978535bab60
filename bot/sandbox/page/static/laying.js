/** Requests that lay cells over others: the sheet copies rectangles, so what is scattered is taken apart into such. */

/** Copies rows x columns over others, repeated as often as they fit. */
export function layRequests(tab, from, across, keys, columns) {
  const at = (key) => tab.byKey.get(key).index;
  const rows = runs(keys.map((key, down) => ({ from: at(from[down % from.length]), to: at(key) })), from.length === 1);
  const pairs = columns.map((column, right) => ({ from: across[right % across.length], to: column }));
  const wide = runs(pairs, across.length === 1);
  return rows.flatMap((down) =>
    wide.map((right) => ({
      copyPaste: {
        source: tab.range(down.from, right.from, down.source, right.source),
        destination: tab.range(down.to, right.to, down.count, right.count),
        pasteType: "PASTE_NORMAL",
      },
    })),
  );
}

/** Moves a block, or null where it is no block: the sheet moves neighbouring cells only. */
export function cutRequests(tab, from, across, keys, columns) {
  const places = from.map((key) => tab.byKey.get(key).index);
  const isBlock = [places, across, keys.map((key) => tab.byKey.get(key).index), columns].every(isRun);
  if (!isBlock || keys.length !== from.length || columns.length !== across.length) return null;
  const source = tab.range(places[0], across[0], from.length, across.length);
  const destination = { sheetId: tab.sheetId, rowIndex: tab.byKey.get(keys[0]).index, columnIndex: columns[0] };
  return [{ cutPaste: { source, destination, pasteType: "PASTE_NORMAL" } }];
}

const isRun = (numbers) => numbers.every((number, at) => number === numbers[0] + at);

/** Neighbours that come from neighbours, or, where there is one source only, from that one. */
function runs(pairs, isOne) {
  const found = [];
  for (const { from, to } of pairs) {
    const last = found.at(-1);
    const goesOn = last && to === last.to + last.count && (isOne || from === last.from + last.count);
    if (goesOn) last.count += 1;
    else found.push({ from, to, count: 1 });
  }
  return found.map((run) => ({ ...run, source: isOne ? 1 : run.count }));
}
