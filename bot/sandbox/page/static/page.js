/** The page as a whole: which tab is open, what arrives for it, and every command a person can give. */

import { choices, isBox, isCheckbox, isTicked, link, same } from "./cells.js";
import { Clipboard } from "./clipboard.js";
import { Columns } from "./columns.js";
import { Editor } from "./editor.js";
import { Edits } from "./edits.js";
import { changedSince, lookThrough } from "./filters.js";
import { Finder } from "./find.js";
import { FormulaLine } from "./formula.js";
import { Grid } from "./grid.js";
import { History } from "./history.js";
import { menuFor } from "./menus.js";
import { Merging } from "./merging.js";
import { News } from "./news.js";
import { Notes } from "./notes.js";
import { play } from "./player.js";
import { popUp } from "./popup.js";
import { Rows } from "./rows.js";
import { Selection } from "./selection.js";
import { Structure } from "./structure.js";
import { Tips } from "./tip.js";
import { toast } from "./toast.js";
import { meant, refusal, wrong } from "./validation.js";
import { Workbook } from "./workbook.js";

export class Page {
  /** `host` holds the grid, `line` the news; `onFrame()` draws what stands around the grid, `onRefused(error)` tells. */
  constructor({ host, line, onFrame, onRefused }) {
    this.onFrame = onFrame;
    this.onRefused = onRefused;
    this.tab = null;
    this.run = null; // the column a run of Tab began in: Enter goes back below it
    this.queue = Promise.resolve();
    this.news = new News(line);
    this.selection = new Selection(() => this.grid.view);
    this.grid = new Grid(host, this.selection, {
      onResize: (widths) => this.structure.resizeColumns(this.tab, widths),
      onFold: (group, isFolded) => this.structure.fold(this.tab, group, isFolded),
      onUnhide: (start, end) => this.structure.hideColumns(this.tab, start, end, false),
    });
    this.history = new History({ onChange: () => this.onFrame(), onRefused, catchUp: (tab) => this.#catchUp(tab) });
    this.edits = new Edits(this.history, (tab, changes) => this.redraw(tab, changes), onRefused);
    this.structure = new Structure(this.history);
    this.rows = new Rows(this);
    this.columns = new Columns(this);
    this.merging = new Merging(this);
    this.notes = new Notes(this);
    this.clipboard = new Clipboard({
      grid: this.grid,
      selection: this.selection,
      edits: this.edits,
      makeRoom: (rows, columns) => this.#makeRoom(rows, columns),
      onRefused,
    });
    this.editor = new Editor(this.grid, {
      commit: (place, text) => this.type(place, text),
      leave: (down, right) => this.leave(down, right),
      onLost: tellLost,
    });
    this.grid.onDrawn = () => this.editor.settle();
    this.formula = new FormulaLine(this.grid, this.selection, (place, input) => this.type(place, input));
    this.finder = new Finder(this.grid, this.selection, this.news);
    this.tips = new Tips(host, (element) => this.#noteOf(element), () => document.getElementById("active-cell"));
  }

  // ---------------------------------------------------------------- reading

  /** Reads and pushes are taken one after the other, so that an old answer never covers a newer one. */
  enqueue(work) {
    this.queue = this.queue.then(work).catch(this.onRefused);
    return this.queue;
  }

  async load(api) {
    this.workbook = new Workbook(api);
    await this.workbook.read();
    await this.open(this.workbook.visibleTabs[0]);
  }

  async open(tab) {
    this.editor.close(true);
    this.clipboard.forget();
    this.finder.close();
    if (tab && !tab.loaded) {
      await tab.read();
      this.news.learn(tab);
    }
    this.tab = tab;
    this.selection.anchor = this.selection.focus = null;
    if (tab) {
      if (tab.look) tab.look = lookThrough(tab, tab.look.view);
      this.grid.open(tab);
    }
    this.onFrame();
  }

  /** What the stream brings. */
  async arrived(event) {
    if (event.reload) return this.#reread();
    for (const { tab, shape, changes } of this.workbook.take(event)) {
      this.news.hear(tab, changes);
      if (tab !== this.tab) continue;
      if (shape) this.#reshape();
      else if (changes.size) this.redraw(tab, changes);
    }
    if (event.tabs) await this.#keepTab();
    return undefined;
  }

  async #reread() {
    await this.workbook.read();
    for (const tab of this.workbook.tabs) {
      if (tab === this.tab) await tab.read();
      else tab.loaded = false;
    }
    if (this.workbook.visibleTabs.includes(this.tab)) {
      this.#reshape();
      this.grid.refresh();
    }
    await this.#keepTab();
  }

  /** The tab that is shown may be gone or hidden, or have another name. */
  async #keepTab() {
    const { visibleTabs } = this.workbook;
    if (!visibleTabs.includes(this.tab)) await this.open(visibleTabs[0]);
    else this.onFrame();
  }

  #reshape() {
    const { tab } = this;
    this.#keepLook();
    this.grid.reshape();
    this.finder.refresh();
    this.onFrame();
  }

  /** A filter view that somebody changed is applied anew, one that is gone shows all rows. */
  #keepLook() {
    const { tab } = this;
    if (!tab.look) return;
    const view = tab.filterViews.find((one) => one.filterViewId === tab.look.view.filterViewId);
    if (!same(view, tab.look.view)) tab.look = view ? lookThrough(tab, view) : null;
  }

  redraw(tab, changes) {
    if (tab !== this.tab) return;
    this.grid.redraw(changes);
    this.editor.settle();
    this.finder.refresh();
    this.onFrame();
  }

  async #catchUp(tab) {
    if (!tab.loaded) await tab.read();
    else await tab.readRows(0, 0);
    if (tab === this.tab) this.#reshape();
  }

  async #makeRoom(rows, columns) {
    const { tab } = this;
    const { view } = this.grid;
    const lacking = rows - view.keys.length;
    const row = (tab.byKey.get(view.keys.at(-1))?.index ?? -1) + Math.max(0, lacking);
    const column = view.columns.at(-1) + Math.max(0, columns - view.columns.length);
    if (lacking <= 0 && columns <= view.columns.length) return view;
    await this.structure.addRoom(tab, row + 1 - tab.rowCount, column + 1 - tab.columnCount);
    tab.reach(row, column);
    await this.#catchUp(tab);
    return this.grid.view;
  }

  // ---------------------------------------------------------------- cells

  async type(place, input) {
    this.clipboard.forget();
    const row = this.tab.byKey.get(place.key);
    if (!row) return void tellLost(input);
    const cell = this.tab.at(place);
    const text = typeof input === "string" ? meant(cell, input) : input;
    const no = typeof text === "string" && refusal(cell, text, row.index, place.column);
    if (no) return void toast(no, { kind: "calm" });
    await this.edits.type(this.tab, [{ ...place, input: text === "" ? null : text }]);
    return undefined;
  }

  tick(places, isTicked_) {
    const label = this.tab.label(places[0].column);
    const where = places.length === 1 ? `row ${this.tab.byKey.get(places[0].key).index + 1}` : `${places.length} rows`;
    this.news.say(`${label} ${isTicked_ ? "ticked" : "unticked"}, ${where}.`);
    return this.edits.type(this.tab, places.map((place) => ({ ...place, input: isTicked_ })));
  }

  /** Enters a cell in the way that suits it; `text` is a first letter. */
  enter(place, text) {
    const cell = this.tab.at(place);
    this.tips.hide();
    if (isCheckbox(cell) && isBox(cell)) return void (text === undefined && this.tick([place], !isTicked(cell)));
    if (choices(cell) && text === undefined) return void this.choose(place);
    this.editor.open(place, text);
    return undefined;
  }

  choose(place) {
    const cell = this.tab.at(place);
    const words = choices(cell);
    const at = this.grid.cellElement(place.key, place.column)?.getBoundingClientRect();
    if (!words || !at) return;
    const now = cell.formattedValue ?? cell.effectiveValue?.stringValue ?? "";
    const put = (word) => this.edits.type(this.tab, [{ ...place, input: word || null }]);
    const item = (word, label) => ({ label, current: now === word, act: () => put(word) });
    popUp([...words.map((word) => item(word, word)), null, item("", "Clear")], {
      left: at.left,
      top: at.bottom + 2,
      minWidth: Math.max(150, at.width),
      label: this.tab.label(place.column),
      role: "listbox",
      closed: () => this.grid.focus(),
    });
  }

  /** On to another cell, within a selection of several round and round: Tab goes along the row, Enter then goes below where the run of Tabs began. */
  leave(down, right) {
    if (!down && !right) return;
    const { selection, grid } = this;
    if (selection.isBlock) {
      grid.reveal(selection.cycle(down, right));
      return;
    }
    const start = selection.active;
    if (right && !this.run) this.run = start?.column;
    if (down && this.run !== null && grid.view.columnPlace(this.run) >= 0 && start) {
      selection.set(start.key, this.run);
      this.run = null;
    }
    const run = this.run;
    grid.reveal(selection.move(down, right));
    this.run = run;
    this.tips.follow();
  }

  async step(way) {
    const result = await this.history[way]();
    if (!result) return;
    const { place, kept, tab } = result;
    if (kept) {
      const done = place ? "The rest is back." : "Nothing was changed.";
      const which = kept === 1 ? "One of them was" : `${kept} of them were`;
      toast(`${which} changed by somebody else since.`, { detail: done, kind: "calm" });
    }
    if (tab !== this.tab && this.workbook.visibleTabs.includes(tab)) await this.enqueue(() => this.open(tab));
    if (place?.key && this.grid.view.rowPlace(place.key) >= 0) {
      const column = place.column ?? this.selection.active?.column ?? this.grid.view.columns[0];
      if (this.grid.view.columnPlace(column) < 0) return;
      this.selection.set(place.key, column);
      this.grid.reveal({ key: place.key, column });
    }
    this.news.say(way === "undo" ? "Undone." : "Done again.");
  }

  // ---------------------------------------------------------------- what is looked at

  /** Looks at the tab through a filter view, or without one. */
  look(view) {
    const { tab } = this;
    tab.look = view ? lookThrough(tab, view) : null;
    this.editor.close(true);
    this.grid.host.scrollTop = 0;
    this.grid.refresh();
    this.finder.refresh();
    this.onFrame();
    this.news.say(view ? `Filter view ${view.title}: ${tab.look.ranks.size} rows.` : "All rows.");
  }

  get staleRows() {
    return this.tab?.look ? changedSince(this.tab, this.tab.look) : 0;
  }

  toggleHidden() {
    this.grid.showHidden = !this.grid.showHidden;
    this.grid.refresh();
    this.onFrame();
  }

  menu(place, at) {
    menuFor(this, place, at);
  }

  menuAt(place) {
    const at = this.grid.cellElement(place.key, place.column)?.getBoundingClientRect();
    if (at) this.menu(place, { left: at.left, top: at.bottom });
    return Boolean(at);
  }

  play({ key }, address) {
    play(address, this.tab.nameOf(this.tab.byKey.get(key)), () => this.grid.focus());
  }

  playFrom(place) {
    const button = this.grid.cellElement(place.key, place.column)?.querySelector("[data-href]");
    const address = link(this.tab.at(place)) ?? button?.dataset.href;
    if (address) this.play(place, address);
    return Boolean(address);
  }

  #noteOf(element) {
    const place = this.grid.placeOf(element);
    if (place?.key === undefined || place.column === undefined || this.editor.isOpen) return null;
    const cell = this.tab.at(place);
    return [wrong(cell), cell?.note].filter(Boolean).join("\n\n") || null;
  }
}

/** Words that have no cell to go to any more can at least be copied. */
function tellLost(text) {
  toast("The row you were writing in is gone.", { detail: `You had typed: ${text}` });
}
