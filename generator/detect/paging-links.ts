import { detectPaging, walkBody, wordsOf } from "@connector-gen/runtime/kinds";
import { isObject } from "../spec/values.js";
import type { Candidate, FirstPage } from "./candidate.js";
import { envelopeOf } from "./envelope.js";
import { fieldWords, linkLists } from "./known-shapes.js";
import { flagBesideNext, moreFlag } from "./paging-totals.js";
import { toSelector } from "./selectors.js";

/** Finds paging by links: in the `Link` header, in the body and in lists of links. */
export function linkCandidates(page: FirstPage): readonly Candidate[] {
  return [
    ...headerLinks(page),
    ...listedLinks(page),
    ...bodyLinks(page),
    ...namedLinks(page),
    ...emptyLinks(page),
  ];
}

function headerLinks({ exchange }: FirstPage): readonly Candidate[] {
  const value = { type: "header_link" };
  const detected = detectPaging(exchange);
  if (detected.type === "header_link")
    return [{ value, reasons: ['the Link header has rel="next"'], isConclusive: true, test: "next" }];
  const header = exchange.headers.get("link") ?? "";
  const relation = /;\s*rel\s*=\s*"?(first|last|prev)\b/i.exec(header)?.[1];
  if (relation === undefined) return [];
  const reasons = [
    `the Link header has rel="${relation.toLowerCase()}", but no rel="next" on this last page`,
  ];
  return [{ value, reasons, isConclusive: true, test: "next" }];
}

function bodyLinks(page: FirstPage): readonly Candidate[] {
  const { exchange } = page;
  const { type, options } = detectPaging({ ...exchange, headers: { get: () => null } });
  const path = options["nextUrlPath"];
  if (type !== "json_link" || !Array.isArray(path)) return [];
  const selector = toSelector(path as readonly string[]);
  if (selector === undefined) return [];
  // Some APIs link to a next page even on the last one.
  const flag = moreFlag(page) === true ? flagBesideNext(page) : {};
  const value = { type: "json_link", next_url_path: selector, ...flag };
  return [{ value, reasons: [`${selector} is a link`], isConclusive: true, test: "next" }];
}

/** Finds other links by their names and values: `more_topics_url`, `hydra:next`. */
function namedLinks(page: FirstPage): readonly Candidate[] {
  const found = envelopeOf(page).find(
    ({ words, value }) =>
      /(^| )(next|more)( |$)/.test(words) &&
      !/(^| )(prev|previous|learn|info|details?)( |$)/.test(words) &&
      typeof value === "string" &&
      /^(https?:\/\/|\/|\?)\S*$/i.test(value),
  );
  const selector = found && toSelector(found.path);
  if (selector === undefined) return [];
  const value = { type: "json_link", next_url_path: selector };
  return [{ value, reasons: [`${selector} is a link`], isConclusive: false, test: "next" }];
}

/** Finds links in lists such as `"links": [{ "rel": "next", "href": "…" }]`. */
function listedLinks({ exchange }: FirstPage): readonly Candidate[] {
  for (const { path, words, value } of walkBody(exchange.body, 3)) {
    if (!/^links?$/.test(words) || !Array.isArray(value)) continue;
    const links = (value as readonly unknown[]).filter(isObject);
    const list = toSelector(path);
    const shape = linkLists.find(([relation, link]) =>
      links.some((each) => relation in each && link in each),
    );
    if (!shape || list === undefined) continue;
    const [relation, link] = shape;
    const relations = links.map((each) => each[relation]);
    const hasNext = relations.includes("next");
    if (!hasNext && !["first", "last", "prev", "previous"].some((each) => relations.includes(each))) continue;
    const selector = `${list}[?(@.${relation}=='next')].${link}`;
    const reason = hasNext
      ? `${list} has a link with ${relation} "next"`
      : `${list} has links to pages, but no next link on this last page`;
    const candidate = { type: "json_link", next_url_path: selector };
    return [{ value: candidate, reasons: [reason], isConclusive: true, test: "next" }];
  }
  return [];
}

/** Finds links that are `null` on the only page: `"next": null` beside `"previous"`, or `"next_url": null`. */
function emptyLinks({ exchange }: FirstPage): readonly Candidate[] {
  for (const { path, words, value, siblings } of walkBody(exchange.body, 4)) {
    if (value !== null && value !== "") continue;
    const others = Object.keys(siblings).map(wordsOf);
    const hasNeighbour = others.some((other) => /^(previous|prev|first|last)$/.test(other));
    if (!fieldWords.link.test(words) && !(words === "next" && hasNeighbour)) continue;
    const selector = toSelector(path);
    if (selector === undefined) continue;
    const reasons = [`${selector} is a link, empty on this last page`];
    return [
      { value: { type: "json_link", next_url_path: selector }, reasons, isConclusive: true, test: "next" },
    ];
  }
  return [];
}
