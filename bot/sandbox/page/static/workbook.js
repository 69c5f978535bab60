/** The spreadsheet as the page knows it: its tabs and what the stream says about them. Knows nothing of the screen. */

import { Tab, learn } from "./tab.js";

export class Workbook {
  constructor(api) {
    this.api = api;
    this.title = "";
    this.tabs = [];
    this.styles = new Map(); // number -> {userEnteredFormat, dataValidation}
  }

  /** Title and tabs; what is in a tab is read when it is opened. */
  async read() {
    const about = await this.api.about();
    this.title = about.properties?.title ?? "";
    const known = new Map(this.tabs.map((tab) => [tab.sheetId, tab]));
    this.tabs = (about.sheets ?? []).map(({ properties }) => {
      const tab = known.get(properties.sheetId) ?? this.#newTab(properties.sheetId);
      tab.describe({ properties });
      return tab;
    });
  }

  get visibleTabs() {
    return this.tabs.filter((tab) => !tab.hidden);
  }

  tab(sheetId) {
    return this.tabs.find((tab) => tab.sheetId === sheetId);
  }

  #newTab(sheetId) {
    return new Tab(this.api, sheetId, this.styles);
  }

  /**
   * Takes a change over. Answers [{tab, shape, changes}]: whether rows or columns may have moved, and which cells
   * (row key -> columns) read differently.
   */
  take({ title, tabs, sheets = [], styles = {} }) {
    this.title = title ?? this.title;
    learn(this.styles, styles);
    if (tabs) this.tabs = tabs.map((sheetId) => this.tab(sheetId) ?? this.#newTab(sheetId));
    return sheets.map((told) => {
      const tab = this.tab(told.sheetId);
      return { tab, shape: Boolean(told.order), changes: tab.take(told) };
    });
  }
}
