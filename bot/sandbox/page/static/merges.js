/** Cells that are merged, as they stand on the screen: the first of a block is as large as the block, the rest are not there. */

export class Merges {
  /** `view` has keys, columns, places and widths of what is drawn. */
  constructor(tab, view) {
    this.blocks = (view.compact ? [] : tab.merges).map((range) => onScreen(tab, view, range)).filter(Boolean);
    this.byPlace = new Map();
    for (const block of this.blocks) {
      for (let row = block.top; row <= block.bottom; row += 1) {
        for (let at = block.left; at <= block.right; at += 1) {
          this.byPlace.set(`${view.keys[row]} ${view.columns[at]}`, block);
        }
      }
    }
  }

  /** The block a cell lies in, or undefined. */
  at({ key, column }) {
    return this.byPlace.get(`${key} ${column}`);
  }

  /** The cell that stands for this one. */
  home(place) {
    const block = this.at(place);
    return block ? { key: block.key, column: block.column } : place;
  }

  /** A box of places made as large as the blocks it touches. */
  grown(box) {
    let { top, bottom, left, right } = box;
    for (let isGrowing = true; isGrowing; ) {
      isGrowing = false;
      for (const block of this.blocks) {
        const isOut = block.top > bottom || block.bottom < top || block.left > right || block.right < left;
        const isIn = block.top >= top && block.bottom <= bottom && block.left >= left && block.right <= right;
        if (isOut || isIn) continue;
        [top, bottom] = [Math.min(top, block.top), Math.max(bottom, block.bottom)];
        [left, right] = [Math.min(left, block.left), Math.max(right, block.right)];
        isGrowing = true;
      }
    }
    return { top, bottom, left, right };
  }

  /** The first place that has to be drawn so that a block reaching into `place` is. */
  firstFor(place) {
    return this.blocks.reduce((first, { top, bottom }) => (top < first && bottom >= place ? top : first), place);
  }

  /** Dresses the element of a cell. Answers whether it is covered by another. */
  dress(place, element) {
    const block = this.at(place);
    const isFirst = block?.key === place.key && block.column === place.column;
    element.classList.toggle("is-merged", Boolean(isFirst));
    element.classList.toggle("is-covered", Boolean(block) && !isFirst);
    const { style } = element;
    style.width = isFirst ? `${block.width}px` : "";
    style.height = isFirst ? `${block.height}px` : "";
    for (const [name, count] of [["aria-colspan", block?.right - block?.left], ["aria-rowspan", block?.bottom - block?.top]]) {
      if (isFirst) element.setAttribute(name, count + 1);
      else element.removeAttribute(name);
    }
    return Boolean(block) && !isFirst;
  }
}

/** Places and size of a block, or null where not more than one cell of it, or no whole piece, is drawn. */
function onScreen(tab, view, { startRowIndex = 0, endRowIndex, startColumnIndex = 0, endColumnIndex }) {
  const rows = tab.rows.slice(startRowIndex, endRowIndex).map((row) => view.rowPlace(row.key)).filter((place) => place >= 0);
  const columns = view.columns.map((column, place) => [column, place]).filter(([column]) => column >= startColumnIndex && column < endColumnIndex);
  const isRun = rows.every((place, at) => place === rows[0] + at);
  const isSplit = rows[0] < view.frozen && rows.at(-1) >= view.frozen;
  if (!rows.length || !columns.length || rows.length * columns.length < 2 || !isRun || isSplit) return null;
  const width = columns.reduce((sum, [column]) => sum + view.widths.get(column), 0);
  const each = rows[0] < view.frozen ? view.headRowHeight : view.rowHeight;
  return {
    key: view.keys[rows[0]],
    column: columns[0][0],
    top: rows[0],
    bottom: rows.at(-1),
    left: columns[0][1],
    right: columns.at(-1)[1],
    width,
    height: rows.length * each,
  };
}
