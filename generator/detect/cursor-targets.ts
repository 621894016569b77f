import type { JsonObject } from "@connector-gen/runtime";
import type { BodyField } from "@connector-gen/runtime/kinds";
import { isObject } from "../spec/values.js";
import type { FirstPage } from "./candidate.js";
import { inStyleOf } from "./own-params.js";

/** Maximum number of parameters that one search tries. Halving them a few times finds the right one. */
const maxTargets = 12;

/** Names of parameters, in words, that take a token in some APIs, the likeliest first. */
const tokenWords = [
  "cursor",
  "after",
  "token",
  "page token",
  "pagination token",
  "starting after",
  "page cursor",
];

/** Names of parameters, in words, that take the time before which the next page starts. */
const timeWords = ["until", "before", "max id", "since"];

/** Paths in a JSON body, and parameters in brackets, that take a token. */
const nested = ["page.cursor", "pagination.cursor", "page.after", "cursor.next"];
const bracketed = ["page[cursor]", "page[after]"];

/**
 * Lists the parameters that may take the cursor of a response, besides those that its name suggests: `next_token` is sent as
 * `nextToken` or `next-token` by some APIs, and as `after` by others.
 */
export function otherTargets(
  page: FirstPage,
  { name, value, words }: Pick<BodyField, "name" | "value" | "words">,
  known: readonly string[],
): readonly JsonObject[] {
  const isBody = isObject(page.body);
  // A GraphQL query declares its variables, so there are no others to try.
  if (isObject(page.body) && typeof page.body["query"] === "string") return [];
  const wide = typeof value !== "string" ? timeWords : wordsLike(words);
  const own = [...new Set([words, ...known])];
  const places = typeof value !== "string" ? [] : isBody ? nested : bracketed;
  const styled = [
    ...own.map((each) => inStyleOf(name, each)),
    ...wide.slice(0, 2),
    ...(isBody ? places : []),
    ...own.flatMap(stylesOf),
    ...wide.map((each) => inStyleOf(name, each)),
    ...places,
  ];
  const first = known[0] === undefined ? undefined : inStyleOf(name, known[0]);
  const names = [...new Set(styled)].filter((each) => each !== first).slice(0, maxTargets);
  return names.map((each) => (isBody ? { cursor_body_path: each } : { cursor_param: each }));
}

/** Returns the words for tokens. If the name of the cursor contains `token`, `token` comes first. */
function wordsLike(words: string): readonly string[] {
  return words.includes("token") ? ["token", ...tokenWords] : tokenWords;
}

/** Writes words in each style: `page_token`, `pageToken`, `page-token`. */
function stylesOf(words: string): readonly string[] {
  return ["a_b", "aB", "a-b"].map((like) => inStyleOf(like, words));
}
