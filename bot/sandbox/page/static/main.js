/** Starts the page: finds the spreadsheet, follows its changes, gives every control around the grid its command. */

import { SpreadsheetApi } from "./api.js";
import { isNarrow, onNarrowChange } from "./compact.js";
import { h } from "./dom.js";
import { Hands } from "./hands.js";
import { Keys } from "./keys.js";
import { follow } from "./live.js";
import { filterMenu, sortMenu } from "./menus.js";
import { Page } from "./page.js";
import { preparePlayer } from "./player.js";
import { popUp } from "./popup.js";
import { drawSummary, drawTabs } from "./tabs.js";
import { prepareTheme } from "./theme.js";
import { toast } from "./toast.js";
import { hiddenCount } from "./view.js";

const byId = (id) => document.getElementById(id);
const page = new Page({ host: byId("grid"), line: byId("news"), onFrame: frameSoon, onRefused: refused });

async function start() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const sheets = await SpreadsheetApi.list();
  const id = sheets.find((sheet) => sheet.id === wanted)?.id ?? sheets[0]?.id;
  offerOthers(sheets, id);
  if (!id) {
    nothing("No sheet yet", "Let a client create a spreadsheet: it appears here by itself.");
    light("live");
    setTimeout(() => start().catch(refused), 1000);
    return;
  }
  const api = new SpreadsheetApi(id);
  // What changes while the page reads is told by the stream, which begins where the reading began.
  const revision = await api.revision();
  await page.load(api);
  follow(api.events(revision), (event) => page.enqueue(() => page.arrived(event)), light);
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
}

/** Where there are several spreadsheets, a button beside the title leads to the others. */
function offerOthers(sheets, id) {
  const button = byId("others");
  button.hidden = sheets.length < 2;
  button.onclick = () => {
    const at = button.getBoundingClientRect();
    const items = sheets.map((sheet) => ({
      label: sheet.name,
      current: sheet.id === id,
      act: () => {
        location.hash = encodeURIComponent(sheet.id);
      },
    }));
    popUp(items, { left: at.left, top: at.bottom + 4, label: "Spreadsheets", closed: () => button.focus() });
  };
}

// ---------------------------------------------------------------- around the grid

let isAwaited = false;

/** Once for all that changed until the next frame. */
function frameSoon() {
  if (isAwaited) return;
  isAwaited = true;
  requestAnimationFrame(() => {
    isAwaited = false;
    drawFrame();
  });
}

/** Everything around the grid that says how things stand. */
function drawFrame() {
  const { tab, workbook, grid, history } = page;
  if (!workbook) return;
  const title = workbook.title || "Rowreel sandbox";
  setText(byId("title"), title);
  document.title = `${title} · Rowreel sandbox`;
  byId("undo").disabled = !history.done.length;
  byId("redo").disabled = !history.undone.length;
  drawTabs(byId("tabs"), workbook.visibleTabs, tab, (other) => page.enqueue(() => page.open(other)));
  byId("empty").hidden = Boolean(tab);
  if (!tab) return void nothing("An empty spreadsheet", "It has no tab to show.");
  drawSummary(byId("summary"), tab);
  const hidden = hiddenCount(tab);
  byId("columns").hidden = hidden === 0;
  byId("columns").setAttribute("aria-pressed", String(grid.showHidden));
  setText(byId("columns-text"), grid.showHidden ? "Fold details" : isNarrow() ? `${hidden} more` : `${hidden} more columns`);
  byId("filter").hidden = tab.filterViews.length === 0;
  drawLook(tab);
  page.formula.show();
  return undefined;
}

/** The line that says that not all rows are shown, and why. */
function drawLook(tab) {
  const { look } = tab;
  byId("look").hidden = !look;
  byId("filter").setAttribute("aria-pressed", String(Boolean(look)));
  if (!look) return;
  const stale = page.staleRows;
  setText(byId("look-name"), look.view.title ?? "Filter view");
  setText(byId("look-count"), look.ranks.size === 1 ? "1 row" : `${look.ranks.size} rows`);
  byId("look-again").hidden = stale === 0;
  setText(byId("look-again"), stale === 1 ? "Refresh: 1 row changed" : `Refresh: ${stale} rows changed`);
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function refused(error) {
  if (!error.detail && error.status === undefined) console.error(error);
  toast(error.message, { detail: error.detail });
}

function light(state) {
  const box = byId("light");
  box.dataset.state = state;
  setText(box.querySelector(".light-text"), state === "live" ? "Live" : "Waiting for the sheet");
}

function nothing(title, words) {
  const box = byId("empty");
  box.replaceChildren(h("strong", {}, title), words);
  box.hidden = false;
}

// ---------------------------------------------------------------- controls

function prepareControls() {
  const click = (id, act) => byId(id).addEventListener("click", act);
  const place = (event) => event.currentTarget.getBoundingClientRect();
  click("undo", () => page.step("undo"));
  click("redo", () => page.step("redo"));
  click("insert", () => page.rows.insert());
  click("delete", () => page.rows.delete());
  click("sort", (event) => sortMenu(page, place(event)));
  click("filter", (event) => filterMenu(page, place(event)));
  click("find", () => page.finder.open());
  click("columns", () => page.toggleHidden());
  click("look-again", () => page.look(page.tab.look.view));
  click("look-leave", () => {
    page.look(null);
    page.grid.focus();
  });
  click("help", () => byId("keys").showModal());
  byId("intro").hidden = sessionStorage.getItem("rowreel-intro") === "hidden";
  click("intro-close", () => {
    byId("intro").hidden = true;
    sessionStorage.setItem("rowreel-intro", "hidden");
  });
  addEventListener("hashchange", () => location.reload());
  prepareTheme(byId("theme"));
  preparePlayer();
  onNarrowChange(() => {
    if (!page.tab) return;
    page.grid.refresh();
    frameSoon();
  });
  for (const kind of ["copy", "cut", "paste"]) {
    document.addEventListener(kind, (event) => {
      const inGrid = byId("grid").contains(document.activeElement) || document.activeElement === document.body;
      const isOurs = inGrid && !page.editor.isOpen && page.selection.active;
      if (isOurs) Promise.resolve(page.clipboard[kind](event)).catch(refused);
    });
  }
}

new Hands(page);
new Keys(page);
prepareControls();
start().catch(refused);
