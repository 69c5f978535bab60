/** The conditions of the Sheets API that colours, filters and validation rules share: does a cell meet one? */

import { isBoolean, shown } from "./cells.js";

const lower = (text) => text.toLocaleLowerCase();
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const ADDRESS = /^(https?:\/\/)?[^\s/.]+(\.[^\s/.]+)+(\/\S*)?$/i;

// Each test gets {cell, text, number} and the rule's words; `number` is NaN for anything but a number.
const TESTS = {
  TEXT_EQ: ({ text }, [word]) => lower(text) === lower(word),
  TEXT_STARTS_WITH: ({ text }, [word]) => lower(text).startsWith(lower(word)),
  TEXT_ENDS_WITH: ({ text }, [word]) => lower(text).endsWith(lower(word)),
  TEXT_CONTAINS: ({ text }, [word]) => lower(text).includes(lower(word)),
  TEXT_NOT_CONTAINS: ({ text }, [word]) => !lower(text).includes(lower(word)),
  TEXT_IS_EMAIL: ({ text }) => EMAIL.test(text),
  TEXT_IS_URL: ({ text }) => ADDRESS.test(text),
  BLANK: ({ text }) => text === "",
  NOT_BLANK: ({ text }) => text !== "",
  NUMBER_GREATER: ({ number }, [least]) => number > Number(least),
  NUMBER_GREATER_THAN_EQ: ({ number }, [least]) => number >= Number(least),
  NUMBER_LESS: ({ number }, [most]) => number < Number(most),
  NUMBER_LESS_THAN_EQ: ({ number }, [most]) => number <= Number(most),
  NUMBER_EQ: ({ number }, [wanted]) => number === Number(wanted),
  NUMBER_NOT_EQ: ({ number }, [other]) => !Number.isNaN(number) && number !== Number(other),
  NUMBER_BETWEEN: ({ number }, [least, most]) => number >= Number(least) && number <= Number(most),
  NUMBER_NOT_BETWEEN: ({ number }, [least, most]) => number < Number(least) || number > Number(most),
  DATE_IS_VALID: ({ number }) => !Number.isNaN(number),
  ONE_OF_LIST: ({ text }, words) => words.includes(text),
  BOOLEAN: ({ cell, text }, words) => (words.length ? words.includes(text) : isBoolean(cell)),
};

export const wordsOf = (condition) => (condition?.values ?? []).map((value) => value.userEnteredValue ?? "");

/** true or false; null where the condition is of a kind that is not known here. */
export function meets(condition, cell) {
  const test = TESTS[condition?.type];
  if (!test) return null;
  const number = cell?.effectiveValue?.numberValue ?? Number.NaN;
  return test({ cell, text: shown(cell), number }, wordsOf(condition));
}
