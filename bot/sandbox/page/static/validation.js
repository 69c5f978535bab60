/** What a cell's validation rule says to what somebody typed, or to what stands there. */

import { address, choices, shown } from "./cells.js";
import { meets, wordsOf } from "./conditions.js";

// As the service reads them: 2026-11-28, 28.11.2026, 11/28/26, 28 Nov 2026, Nov 28, 2026, each with a time or not.
const DATES = [
  /^\d{4}[-/]\d{1,2}[-/]\d{1,2}(\s|$)/,
  /^\d{1,2}[./]\d{1,2}[./]\d{2,4}(\s|$)/,
  /^\d{1,2} [a-z]{3,9} \d{4}(\s|$)/i,
  /^[a-z]{3,9} \d{1,2}, \d{4}(\s|$)/i,
];
const NUMBER = /^[-+]?[$€£¥]?\s?\d[\d,]*(\.\d+)?\s?[$€£¥%]?$/;

/** Why what stands in a cell is not what its rule asks for, or null. Rules of a kind not known here ask for nothing. */
export function wrong(cell) {
  const condition = cell?.dataValidation?.condition;
  if (!condition || shown(cell) === "" || meets(condition, cell) !== false) return null;
  return asks(cell.dataValidation);
}

/** Why the sheet's own rule turns a typed text away, or null. A rule that only warns turns nothing away. */
export function refusal(cell, text, row, column) {
  const rule = cell?.dataValidation;
  if (!rule?.strict || text === "" || text.startsWith("=")) return null;
  if (meets(rule.condition, asTyped(text)) !== false) return null;
  return `“${text}” was not taken in ${address(row, column)}. ${asks(rule)}`;
}

/** The rule in the words of whoever made it, else in ours. */
function asks(rule) {
  if (rule.inputMessage) return rule.inputMessage;
  const words = wordsOf(rule.condition);
  const many = words.length > 12 ? `${words.slice(0, 12).join(", ")} …` : words.join(", ");
  return (
    {
      ONE_OF_LIST: `Choose one of: ${many}.`,
      BOOLEAN: "This is a checkbox: tick it or leave it empty.",
      NUMBER_GREATER: `Enter a number above ${words[0]}.`,
      NUMBER_GREATER_THAN_EQ: `Enter a number, ${words[0]} or more.`,
      NUMBER_LESS: `Enter a number below ${words[0]}.`,
      NUMBER_LESS_THAN_EQ: `Enter a number, ${words[0]} or less.`,
      NUMBER_BETWEEN: `Enter a number from ${words[0]} to ${words[1]}.`,
      DATE_IS_VALID: "Enter a date, such as 2026-11-28.",
      TEXT_IS_EMAIL: "Enter an e-mail address.",
      TEXT_IS_URL: "Enter a link.",
    }[rule.condition.type] ?? "It does not meet the rule of this cell."
  );
}

/** A cell as it would be with this text in it, as far as a rule needs to know. */
function asTyped(text) {
  const trimmed = text.trim();
  if (/^(true|false)$/i.test(trimmed)) return { effectiveValue: { boolValue: true }, formattedValue: trimmed.toUpperCase() };
  const isNumber = NUMBER.test(trimmed);
  const number = Number(trimmed.replace(/[$€£¥%,\s]/g, "")) / (trimmed.endsWith("%") ? 100 : 1);
  if (isNumber) return { effectiveValue: { numberValue: number }, formattedValue: trimmed };
  if (DATES.some((form) => form.test(trimmed))) return { effectiveValue: { numberValue: 1 }, formattedValue: trimmed };
  return { effectiveValue: { stringValue: text }, formattedValue: text };
}

/** The words a dropdown offers that hold what was typed so far, those that begin with it first. */
export function suggestions(cell, text) {
  const wanted = text.trim().toLocaleLowerCase();
  const words = choices(cell) ?? [];
  const begins = (word) => word.toLocaleLowerCase().startsWith(wanted);
  const holds = (word) => word.toLocaleLowerCase().includes(wanted);
  return [...words.filter(begins), ...words.filter((word) => !begins(word) && holds(word))];
}

/** The very word of the list that was meant, where only its case or blanks differ. */
export function meant(cell, text) {
  const typed = text.trim().toLocaleLowerCase();
  return (choices(cell) ?? []).find((word) => word.toLocaleLowerCase() === typed) ?? text;
}
