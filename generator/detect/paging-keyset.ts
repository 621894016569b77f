import type { JsonObject } from "@connector-gen/runtime";
import { isObject } from "../spec/values.js";
import { hasPaginator, type Candidate, type FirstPage } from "./candidate.js";
import { envelopeOf } from "./envelope.js";
import { selfNamedList } from "./known-shapes.js";
import { inStyleOf, ownParam } from "./own-params.js";
import { styleOf } from "./paging-ranges.js";
import { flagBesideNext, moreFlag } from "./paging-totals.js";
import { isPlainName, toSelector } from "./selectors.js";

/** Names of parameters, in words, that take the id of the last record, the likeliest first. */
const keysetParams = [
  "starting after",
  "after",
  "since id",
  "after id",
  "before",
  "last id",
  "since",
  "max id",
];

/** Finds paging by the last record of each page, where the response or the spec shows it. */
export function keysetCandidates(page: FirstPage): readonly Candidate[] {
  return [...sortValues(page), ...lastKeys(page), ...lastRecords(page)];
}

/** Finds the sort values of a search engine, which the next request takes as `search_after` in its body. */
function sortValues(page: FirstPage): readonly Candidate[] {
  const { records } = page.exchange;
  const isSorted = records.length > 0 && records.every((each) => isObject(each) && isSortValue(each["sort"]));
  if (!isSorted || !isObject(page.body)) return [];
  const value = { type: "last_record", path: "sort", body_path: "search_after" };
  const reasons = ["each record has its sort values, which search_after takes"];
  return [{ value, reasons, isConclusive: false, test: "next" }];
}

function isSortValue(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** Finds a field of the envelope that repeats the id of the last record, such as `last_id`. */
function lastKeys(page: FirstPage): readonly Candidate[] {
  const { exchange, key } = page;
  const last = exchange.records.at(-1);
  const id = isObject(last) && key !== undefined ? last[key] : undefined;
  if (id === undefined) return [];
  const found = envelopeOf(page).find(
    ({ words, value }) => value === id && /(^| )(last|next|max|end|after|since)( |$)/.test(words),
  );
  const selector = found && toSelector(found.path);
  if (!found || selector === undefined) return [];
  const { name, words } = found;
  const wishes = [words, words.replace(/^(last|next|max|end) /, "after ")];
  const names = [...new Set([...wishes, "after", "starting after", "since id"])];
  const stops = flagBesideNext(page);
  const [value, ...rivals] = names.map((each): JsonObject => {
    return { type: "cursor", cursor_path: selector, cursor_param: inStyleOf(name, each), ...stops };
  });
  if (!value) return [];
  const reasons = [`${selector} is the id of the last record`];
  return [{ value, reasons, isConclusive: false, test: "next", rivals }];
}

/** Finds keyset paging by a parameter of the spec, or by the list object of Stripe with its flag for more pages. */
function lastRecords(page: FirstPage): readonly Candidate[] {
  const { body, records } = page.exchange;
  const last = records.at(-1);
  const path = keyOf(page);
  if (!hasPaginator("last_record") || path === undefined || !isObject(last)) return [];
  const known = ownParam(page, /^(starting after|after|after id|since id|since|min id|last id|last)$/);
  const isSelfNamed = isObject(body) && body[selfNamedList.name] === selfNamedList.value;
  const { has_more_path: flag } = flagBesideNext(page);
  if (!known && !(isSelfNamed && typeof flag === "string")) return [];
  const param = known?.name ?? "starting_after";
  const target = known?.bodyPath === undefined ? { param } : { body_path: known.bodyPath };
  const value = { type: "last_record", path, ...target, ...flagBesideNext(page) };
  const takes = `${param} takes the id of the last record`;
  const reasons = [typeof flag === "string" ? `${flag} says whether more pages follow, and ${takes}` : takes];
  return [{ value, reasons, isConclusive: known !== undefined, test: "next" }];
}

/** Suggests keyset paging if the response shows only that there are more pages. */
export function keysetGuesses(page: FirstPage): readonly Candidate[] {
  const path = keyOf(page);
  if (path === undefined || moreFlag(page) === false) return [];
  const like = styleOf(page);
  const ends = flagBesideNext(page);
  return keysetParams.map((words) => {
    const name = inStyleOf(like, words);
    const target = isObject(page.body) ? { body_path: name } : { param: name };
    return {
      value: { type: "last_record", path, ...target, ...ends },
      reasons: [`${name} takes the id of the last record`],
      isConclusive: false,
      test: "next",
    };
  });
}

function keyOf({ key }: FirstPage): string | undefined {
  return key !== undefined && isPlainName(key) ? toSelector([key]) : undefined;
}
