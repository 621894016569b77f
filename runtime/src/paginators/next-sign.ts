import { foreign } from "../errors.js";
import { isAbsent, toWhole } from "./page-info.js";
import type { Exchange } from "./paginator.js";

/** Names of a reference to the next page, or of a flag that indicates one, in lower case without separators. */
const nextNames =
  /^(odata)?next(page|continuation)?(url|uri|link|href|path|token|cursor|marker|offset|start|key)?$|^has(more|next|nextpage)$|^more(results)?$|^(continuationtoken|scrollid|endcursor|istruncated)$/;
/** Flags that indicate the last page. */
const endNames = /^(is)?last(page)?$|^(end|finished)$/;
const totals = /^total(count|items|results|records|elements|hits)?$/;
const pageTotals = /^(total|num|number)?(of)?pages$|^pagecount$|^lastpage$/;
/** Headers with the number of the next page, and with the total. */
const nextHeaders = ["x-next-page", "x-next-cursor"];
const totalHeaders = ["x-total-count", "x-total", "content-range"];

/**
 * Describes the first sign of further pages in a response. For paginators that find no next page on the first page: the
 * spec may name the wrong paginator.
 */
export function describeNext({ body, records, headers }: Exchange): string | undefined {
  if (/rel="?next/i.test(headers.get("link") ?? "")) return warnOf("a `Link` header to the next page");
  const header =
    nextHeaders.find((name) => !isAbsent(headers.get(name))) ??
    totalHeaders.find(
      (name) =>
        (toWhole(headers.get(name)?.replace(/^.*\//, "")) ?? 0) > records.length && records.length > 0,
    );
  if (header) return warnOf(`a header \`${header}\``);
  // A record may have any names.
  const path = records.includes(body) ? undefined : findSign(body, records, 3);
  return path && warnOf(`\`${foreign(path.join("."))}\``);
}

function warnOf(sign: string): string {
  return `only this page is read, but the response has ${sign}: check the paginator`;
}

function findSign(body: unknown, records: readonly unknown[], depth: number): readonly string[] | undefined {
  if (depth === 0 || Object(body) !== body || Array.isArray(body) || records.includes(body)) return undefined;
  for (const [name, value] of Object.entries(body as object)) {
    if (isSign(name, value, records.length)) return [name];
    const below = findSign(value, records, depth - 1);
    if (below) return [name, ...below];
  }
  return undefined;
}

function isSign(name: string, value: unknown, count: number): boolean {
  const word = name.replace(/[^a-z]/gi, "").toLowerCase();
  if (word === "links" && Array.isArray(value))
    return value.some((link) => (Object(link) as { readonly rel?: unknown }).rel === "next");
  if (totals.test(word)) return (toWhole(value) ?? 0) > count;
  if (pageTotals.test(word)) return (toWhole(value) ?? 0) > 1;
  if (endNames.test(word)) return value === false;
  return nextNames.test(word) && !isAbsent(value) && value !== "false";
}
