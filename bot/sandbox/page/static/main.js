/** Puts the page together: opens the spreadsheet, follows its changes, gives every control its command. */

import { SpreadsheetApi } from "./api.js";
import { isCheckbox, link, shown } from "./cells.js";
import { Clipboard } from "./clipboard.js";
import { onNarrowChange } from "./compact.js";
import { h } from "./dom.js";
import { Editor } from "./editor.js";
import { Edits } from "./edits.js";
import { FormulaLine } from "./formula.js";
import { Grid } from "./grid.js";
import { Hands } from "./hands.js";
import { follow } from "./live.js";
import { menuFor, sortMenu } from "./menus.js";
import { play, preparePlayer } from "./player.js";
import { Selection } from "./selection.js";
import { deleteRows, insertRows, resizeColumn } from "./structure.js";
import { drawSummary, drawTabs } from "./tabs.js";
import { prepareTheme } from "./theme.js";
import { showTips } from "./tip.js";
import { toast } from "./toast.js";
import { Workbook } from "./workbook.js";

const byId = (id) => document.getElementById(id);

class Page {
  constructor() {
    this.selection = new Selection(() => this.grid.order ?? { keys: [], columns: [] });
    this.grid = new Grid(byId("grid"), this.selection, (tab, column, width) => this.#resized(tab, column, width));
    this.edits = new Edits((tab, changes) => this.#redraw(tab, changes), refused);
    this.clipboard = new Clipboard(this.grid, this.selection, this.edits);
    this.editor = new Editor(this.grid, (place, text) => this.#type(place, text), (down, right) => this.#leave(down, right));
    this.grid.onDrawn = () => this.editor.settle();
    this.formula = new FormulaLine(this.grid, this.selection, (place, input) => this.#type(place, input));
    this.queue = Promise.resolve();
    this.hands = new Hands(this.grid, this.selection, this.#commands());
    this.#prepareControls();
  }

  // ---------------------------------------------------------------- reading

  async start() {
    const wanted = decodeURIComponent(location.hash.slice(1));
    const sheets = await SpreadsheetApi.list();
    const id = sheets.find((sheet) => sheet.id === wanted)?.id ?? sheets[0]?.id;
    if (!id) {
      nothing("No sheet yet", "Let a client create a spreadsheet: it appears here by itself.");
      light("live");
      setTimeout(() => this.start().catch(refused), 1000);
      return;
    }
    this.api = new SpreadsheetApi(id);
    this.workbook = new Workbook(this.api);
    // Listen first, read then: what changes in between is taken from the stream afterwards.
    follow(this.api.events, (event) => this.#enqueue(() => this.#arrived(event)), light);
    await this.#enqueue(async () => {
      await this.workbook.readAbout();
      await this.#open(this.workbook.visibleTabs[0]);
    });
    document.documentElement.dataset.ready = String(Math.round(performance.now()));
  }

  /** Reads and pushes are taken one after the other, so that an old answer never covers a newer one. */
  #enqueue(work) {
    this.queue = this.queue.then(work).catch(refused);
    return this.queue;
  }

  async #open(tab) {
    if (!tab) return void nothing("An empty spreadsheet", "It has no tab to show.");
    byId("empty").hidden = true;
    this.editor.close(true);
    if (!tab.loaded) await tab.readRows();
    this.tab = tab;
    this.grid.showHidden = false;
    this.selection.anchor = null;
    this.selection.focus = null;
    await this.grid.open(tab);
    this.formula.show();
    this.#drawFrame();
    return undefined;
  }

  #drawFrame() {
    const title = this.workbook.title || "Rowreel sandbox";
    byId("title").textContent = title;
    document.title = `${title} · Rowreel sandbox`;
    drawTabs(byId("tabs"), this.workbook.visibleTabs, this.tab, (tab) => this.#enqueue(() => this.#open(tab)));
    byId("grid").setAttribute("aria-label", this.tab.title);
    const hidden = this.grid.hiddenCount;
    byId("columns").hidden = hidden === 0;
    byId("columns").setAttribute("aria-pressed", String(this.grid.showHidden));
    byId("columns-text").textContent = this.grid.showHidden ? "Fold details" : `${hidden} more columns`;
    byId("intro").hidden ||= sessionStorage.getItem("rowreel-intro") === "hidden";
    this.#afterChange();
  }

  #afterChange() {
    drawSummary(byId("summary"), this.tab);
    byId("undo").disabled = !this.edits.done.length;
    byId("redo").disabled = !this.edits.undone.length;
    this.formula.show();
    this.editor.settle();
  }

  // ---------------------------------------------------------------- what the stream brings

  async #arrived({ reload = false, sheets = [] }) {
    if (reload || sheets.some((sheet) => sheet.structure || !this.workbook.tab(sheet.sheetId))) {
      return this.#reread(reload ? null : new Set(sheets.map((sheet) => sheet.sheetId)));
    }
    for (const { sheetId, rows = [] } of sheets) {
      const tab = this.workbook.tab(sheetId);
      if (!tab.loaded) continue;
      const changes = new Map();
      for (const row of rows) {
        const changed = tab.takeRow(row);
        if (changed.size) changes.set(String(row.key), changed);
      }
      if (changes.size) this.#redraw(tab, changes);
    }
    return undefined;
  }

  async #reread(sheetIds) {
    await this.workbook.readAbout();
    for (const tab of this.workbook.tabs) {
      if (sheetIds && !sheetIds.has(tab.sheetId)) continue;
      if (tab === this.tab) await tab.readRows();
      else tab.loaded = false;
    }
    if (!this.workbook.visibleTabs.includes(this.tab)) return this.#open(this.workbook.visibleTabs[0]);
    await this.grid.reread();
    this.#drawFrame();
    return undefined;
  }

  #redraw(tab, changes) {
    if (tab !== this.tab) return;
    this.grid.redraw(changes);
    this.#afterChange();
  }

  // ---------------------------------------------------------------- commands

  #commands() {
    return {
      edit: (place, text) => this.editor.open(place, text),
      tick: (places, input) => this.edits.apply(this.tab, places.map((place) => ({ ...place, input }))),
      choose: (place, word) => this.edits.apply(this.tab, [{ ...place, input: word || null }]),
      clear: () => this.clipboard.clear(),
      fill: (sources, targets, columns) => this.clipboard.fill(sources, targets, columns),
      fillDown: () => this.clipboard.fillDown(),
      undo: () => this.#step(this.edits.undo()),
      redo: () => this.#step(this.edits.redo()),
      play: (place, address) => this.#play(place, address),
      menu: (place, at) => menuFor(this, place, at),
    };
  }

  async #step(step) {
    const place = await step;
    if (place && this.grid.order.keys.includes(place.key)) {
      this.selection.set(place.key, place.column);
      this.grid.reveal(place);
    }
    this.#afterChange();
  }

  async #type({ key, column }, input) {
    await this.edits.apply(this.tab, [{ key, column, input: input === "" ? null : input }]);
    this.#afterChange();
  }

  #leave(down, right) {
    if (down || right) this.grid.reveal(this.selection.move(down, right));
  }

  #play({ key }, address) {
    const row = this.tab.byKey.get(key);
    const name = row.values.find((cell) => !isCheckbox(cell) && shown(cell) && !link(cell));
    const headline = row.values[this.tab.column("Headline")];
    play(address, shown(headline) || shown(name) || `Row ${row.index + 1}`);
  }

  /** Runs a change of the tab's shape; the stream then brings the new shape. */
  async change(request) {
    try {
      await request;
    } catch (error) {
      refused(error);
    }
  }

  insertBelow(count = 1) {
    const last = this.selection.keys.at(-1);
    const index = last ? this.tab.byKey.get(last).index + 1 : this.tab.lastRow + 1;
    return this.change(insertRows(this.tab, index, count));
  }

  deleteSelected() {
    const places = this.selection.keys.map((key) => this.tab.byKey.get(key).index);
    if (!places.length) return toast("Select the rows to delete first.", { kind: "calm" });
    return this.change(deleteRows(this.tab, places));
  }

  toggleHidden() {
    this.grid.showHidden = !this.grid.showHidden;
    return this.#enqueue(async () => {
      await this.grid.reread();
      this.#drawFrame();
    });
  }

  #resized(tab, column, width) {
    if (Number.isInteger(column)) void this.change(resizeColumn(tab, column, Math.round(width)));
  }

  // ---------------------------------------------------------------- controls

  #prepareControls() {
    const click = (id, act) => byId(id).addEventListener("click", act);
    const commands = this.#commands();
    click("undo", commands.undo);
    click("redo", commands.redo);
    click("insert", () => this.insertBelow());
    click("delete", () => this.deleteSelected());
    click("sort", (event) => sortMenu(this, event.currentTarget.getBoundingClientRect()));
    click("columns", () => this.toggleHidden());
    click("help", () => byId("keys").showModal());
    click("intro-close", () => {
      byId("intro").hidden = true;
      sessionStorage.setItem("rowreel-intro", "hidden");
    });
    addEventListener("hashchange", () => location.reload());
    prepareTheme(byId("theme"));
    preparePlayer();
    onNarrowChange(() => this.tab && this.#enqueue(async () => {
      await this.grid.reread();
      this.#drawFrame();
    }));
    showTips(byId("grid"), (element) => this.#note(element));
    for (const kind of ["copy", "cut", "paste"]) {
      document.addEventListener(kind, (event) => {
        const inGrid = byId("grid").contains(document.activeElement) || document.activeElement === document.body;
        const isOurs = inGrid && !this.editor.isOpen && this.selection.active;
        if (isOurs) Promise.resolve(this.clipboard[kind](event)).catch(refused);
      });
    }
  }

  #note(element) {
    const place = this.grid.placeOf(element);
    if (place?.key === undefined || place.column === undefined) return null;
    return this.tab.byKey.get(place.key)?.values[place.column]?.note ?? null;
  }
}

function refused(error) {
  if (!error.detail && error.status === undefined) console.error(error);
  toast(error.message, { detail: error.detail });
}

function light(state) {
  const box = byId("light");
  box.dataset.state = state;
  box.querySelector(".light-text").textContent = state === "live" ? "Live" : "Waiting for the sheet";
}

function nothing(title, words) {
  const box = byId("empty");
  box.replaceChildren(h("strong", {}, title), words);
  box.hidden = false;
}

new Page().start().catch(refused);
