import { walkBody, wordsOf, type BodyField } from "@connector-gen/runtime/kinds";
import type { FirstPage } from "./candidate.js";
import { envelopeWords } from "./known-shapes.js";

/**
 * Lists the fields of the records' envelope: the objects that contain the list, and their parts that describe pages, such
 * as `meta` and `pagination`. Numbers elsewhere, as in `stats.count`, say nothing about the list.
 */
export function envelopeOf(page: Pick<FirstPage, "exchange" | "listPath">): readonly BodyField[] {
  const { listPath, exchange } = page;
  return [...walkBody(exchange.body, 5)].filter(
    ({ path }) => listPath === undefined || isAround(path, listPath),
  );
}

function isAround(path: readonly string[], listPath: readonly string[]): boolean {
  const above = path.slice(0, -1);
  const outside = above.findIndex((step, index) => step !== listPath[index]);
  if (outside < 0 && above.length < Math.max(1, listPath.length)) return true;
  return outside >= 0 && above.slice(outside).every((step) => envelopeWords.part.test(wordsOf(step)));
}

/**
 * Returns the object around a field if its name says that it describes pages: `pagination` for `pagination.next`. APIs often
 * write the parameters of such an object in brackets: `pagination[cursor]`.
 */
export function pageObjectOf({ path }: Pick<BodyField, "path">): string | undefined {
  const name = path.at(-2);
  return name !== undefined && /^(page|pagination|paging)$/i.test(name) ? name : undefined;
}

/** The path segment that stands for every item of a list. */
export const everyItem = "[*]";

/** Returns the path to the list of records; `undefined` if the selector is not a simple path. */
export function listPathOf({
  selector,
}: Pick<FirstPage["exchange"], "selector">): readonly string[] | undefined {
  if (!selector || "run" in selector) return undefined;
  const end = selector.indexOf(everyItem);
  return (end < 0 ? [...selector] : selector.slice(0, end)).map(String);
}
