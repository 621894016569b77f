import { keyed, type JsonValue } from "@connector-gen/runtime";
import type { Selector } from "@connector-gen/runtime/plugin";
import { walkBody, wordsOf, type Path } from "@connector-gen/runtime/kinds";
import { singular } from "../plural.js";
import { isObject } from "../spec/values.js";
import { count, found, undecided, type Finding } from "./finding.js";
import { everyItem } from "./envelope.js";
import { isIdLike } from "./id-like.js";
import { envelopeWords, fieldWords, listNames } from "./known-shapes.js";
import { findGroups, findMaps, type RecordGroups, type RecordMap } from "./record-maps.js";
import { findColumns, findRows, type RecordTable } from "./record-tables.js";
import { unwrap } from "./record-wrappers.js";
import { toSelector } from "./selectors.js";

/** Facts about the resource of the records. */
export interface RecordHints {
  /** The resource's name. */
  readonly name: string;
  /** Path template of the request. */
  readonly path: string;
  /** Whether the path identifies one record: `/users/{id}`. */
  readonly isSingle: boolean;
}

/** The location of the records in a body. `path` is absent if it is unknown. */
export interface RecordsLocation {
  readonly finding: Finding;
  readonly path?: Path;
  /** How the records are written, if not as a list. */
  readonly layout?: RecordsLayout;
  /** Selects the records. Default: those at `path`. */
  readonly select?: Selector;
  /** Whether the body, or a part of it, is one record. */
  readonly isOne: boolean;
}

/** Records that are not written as a list. */
export interface RecordsLayout {
  /** The spec's `data_layout`. */
  readonly value: JsonValue;
  readonly reason: string;
  /** For an object of records by key: the field that takes the key. */
  readonly keyField?: string;
}

/** A list in a body that may contain the records. */
interface ListCandidate {
  readonly path: Path;
  readonly name: string;
  /** Whether its name is a common one or the resource's. */
  readonly isNamed: boolean;
  /** Whether its name is the resource's. */
  readonly isOwnName: boolean;
  /** Whether fields about paging are beside it. */
  readonly isPaged: boolean;
  readonly records: readonly unknown[];
}

/**
 * Finds the records in a body: a list named after the resource, then a list with a common name, then an object of records
 * by key, then the only list.
 */
export function findRecords(body: unknown, hints: RecordHints): RecordsLocation {
  if (Array.isArray(body)) return locateInPair(body) ?? locateList(body);
  if (!isObject(body)) return open(["the body is neither an object nor a list"]);
  if (!hints.isSingle && hasId(body) && endsWithId(hints.path)) return findOne(body, hints);
  const rows = hints.isSingle ? undefined : findRows(body);
  if (rows) return locateTable(rows, "sure");
  const maps = hints.isSingle || hasId(body) ? [] : findMaps(body);
  const lists = findLists(body, hints).filter(({ path }) => !maps.some((map) => isInside(path, map.path)));
  const own = lists.filter(({ isOwnName }) => isOwnName);
  const named = own.length > 0 ? own : lists.filter(({ isNamed }) => isNamed);
  const unnamed = lists.filter(({ records }) => records.some(isObject));
  if (hints.isSingle) {
    const inside = named.filter(({ records }) => records.some(isObject));
    return inside.length === 0 || hasId(body) ? findOne(body, hints) : eitherOne(inside);
  }
  if (named.some(({ records }) => records.some(isObject))) return choose(named);
  const map = chooseMap(maps, ownNames(hints));
  if (map) return locateMap(map);
  const groups = findGroups(body);
  if (groups) return locateGroups(groups);
  if (named.length > 0) return choose(named);
  if (unnamed.length > 0) return choose(unnamed);
  const columns = findColumns(body);
  if (columns) return locateTable(columns, "likely");
  if (hasId(body)) return findSole(body, hints);
  if (lists.length > 0) return open(["no list in the response contains objects"], lists);
  return findSole(body, hints);
}

function locateList(body: readonly unknown[]): RecordsLocation {
  const reasons = [`the body is a list of ${count(body.length, "record")}`];
  const field = unwrap(body);
  if (field === undefined) return locate([], { confidence: "sure", reasons });
  return locate([everyItem, field], { confidence: "sure", reasons: [...reasons, insideOf(field)] });
}

/**
 * Locates the records in a body that is a list of facts about the page and one list of records:
 * `[{ "page": 1 }, [{ "id": 1 }]]`.
 */
function locateInPair(body: readonly unknown[]): RecordsLocation | undefined {
  const lists = body.filter((item) => Array.isArray(item));
  const [records] = lists;
  const isPair = lists.length === 1 && body.every((item) => item === records || isObject(item));
  if (!isPair || !records?.some(isObject)) return undefined;
  const reasons = ["the body is a list that contains one list", count(records.length, "record")];
  return locate([body.indexOf(records)], { confidence: "sure", reasons });
}

function locateTable(table: RecordTable, confidence: "sure" | "likely"): RecordsLocation {
  const { path, layout: value, select, reason, size } = table;
  const reasons = [count(size, "record")];
  return { ...locate(path, { confidence, reasons }), layout: { value, reason }, select };
}

function insideOf(field: string): string {
  return `each is in an object under ${quoted(field)}`;
}

function isInside(path: Path, outer: Path): boolean {
  return path.length > outer.length && outer.every((step, index) => step === path[index]);
}

/** Locates lists of records by key. The keys are lost: `{ "2024-01-01": [{ "id": 1 }] }`. */
function locateGroups({ selector, path, select, lists, records }: RecordGroups): RecordsLocation {
  const reasons = [
    `${count(lists, "list")} by key, ${count(records, "record")}; the records do not contain the keys`,
  ];
  return {
    finding: found("data_selector", selector, { confidence: "sure", reasons }),
    path,
    select,
    isOne: false,
  };
}

/** Chooses the map with the name of the resource or a common one, otherwise the largest. */
function chooseMap(maps: readonly RecordMap[], own: ReadonlySet<string>): RecordMap | undefined {
  const rank = ({ name }: RecordMap): number => {
    const words = wordsOf(name);
    return own.has(singular(words)) ? 0 : listNames.records.test(words) || name === "" ? 1 : 2;
  };
  return [...maps].sort((a, b) => rank(a) - rank(b) || b.size - a.size)[0];
}

function locateMap({ path, name, keyField, size }: RecordMap): RecordsLocation {
  const what = name === "" ? "the body" : quoted(name);
  const reasons = [`${what} is an object of ${count(size, "record")} by key`];
  const value = { type: "keyed", key_field: keyField };
  const layout = { value, reason: "the key of each record becomes its field", keyField };
  return {
    ...locate(path, { confidence: "sure", reasons }),
    layout,
    select: keyed(path, { keyField }),
  };
}

/**
 * Lists the lists of a body. Includes metadata, and records that others refer to, only if there is nothing else:
 * `includes.Entry` beside `items` does not hold the records of the page.
 */
function findLists(body: unknown, hints: RecordHints): readonly ListCandidate[] {
  const all = collectLists(body, hints);
  const isAbout = (step: string | number): boolean => listNames.about.test(wordsOf(String(step)));
  const proper = all.filter(
    ({ path, isOwnName }) => !path.slice(0, isOwnName ? -1 : undefined).some((step) => isAbout(step)),
  );
  return proper.length > 0 ? proper : all;
}

function collectLists(body: unknown, hints: RecordHints): readonly ListCandidate[] {
  const own = ownNames(hints);
  return [...walkBody(body, 4)].flatMap(({ path, name, words, value, siblings }) => {
    const isNever = path.some((step) => listNames.never.test(wordsOf(step)));
    const isOwnName = own.has(singular(words));
    const isNamed = listNames.records.test(words) || isOwnName;
    // `null` under a name for records is an empty list, except in an object with an id, which is a record itself.
    const isNothing = value === null && isNamed && !("id" in siblings);
    if ((!Array.isArray(value) && !isNothing) || (isNever && !isOwnName)) return [];
    const records: readonly unknown[] = Array.isArray(value) ? value : [];
    if (words === "edges" && records.every((edge) => isObject(edge) && isObject(edge["node"]))) {
      const nodes = records.map((edge) => (edge as { node: unknown }).node);
      // GraphQL APIs often return `nodes` beside `edges`; its selector is simpler.
      if ("nodes" in siblings) return [];
      const inner = { path: [...path, everyItem, "node"], records: nodes };
      return [{ ...inner, name, isNamed: true, isOwnName: false, isPaged: true }];
    }
    return [{ path, name, isNamed, isOwnName, isPaged: isPaged(siblings), records }];
  });
}

/** Lists names of the resource's list in words, singular: from its name and the last segment of its path. */
function ownNames({ name, path }: RecordHints): ReadonlySet<string> {
  const segments = path
    .replace(/[?#].*$/, "")
    .split("/")
    .filter((segment) => segment && !segment.includes("{"));
  const words = [name, segments.at(-1) ?? ""].map(wordsOf).filter(Boolean);
  return new Set(words.flatMap((each) => [each, each.split(" ").at(-1) ?? each]).map(singular));
}

/** Whether an object has a field about paging: a cursor, a link, a total or a page size. */
function isPaged(siblings: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(siblings).some(([name, value]) => {
    if (typeof value === "object" && value !== null) return false;
    const words = wordsOf(name);
    return (
      [fieldWords.size, fieldWords.more, fieldWords.records, fieldWords.pages].some((each) =>
        each.test(words),
      ) ||
      envelopeWords.token.test(words) ||
      /(^| )(next|more)( |$).*(url|uri|link|href)$/.test(words)
    );
  });
}

function choose(candidates: readonly ListCandidate[]): RecordsLocation {
  const full = candidates.filter(({ records }) => records.some(isObject));
  const pool = full.length > 0 ? full : candidates;
  const [only, ...others] = pool;
  if (!only) return open([]);
  if (others.length === 0) return locateCandidate(only, whyOf(only));
  const paged = pool.filter((each) => each.isPaged);
  const [best] = paged;
  if (best && paged.length === 1)
    return locateCandidate(best, `of ${pool.length} lists, the only one beside fields about paging`);
  const [largest, next] = [...pool].sort((a, b) => b.records.length - a.records.length);
  const isClear = largest && next && largest.records.length >= 2 * next.records.length;
  if (isClear && largest.records.length >= 5)
    return locateCandidate(largest, `by far the longest of ${pool.length} lists`, "likely");
  return open([`${pool.length} lists may be the records`], pool);
}

function whyOf({ isNamed, isOwnName }: ListCandidate): string {
  if (isOwnName) return "a list named after the resource";
  return isNamed ? "a list with a common name" : "the only list of objects in the response";
}

function locateCandidate(
  { name, path, records }: ListCandidate,
  why: string,
  confidence: "sure" | "likely" = "sure",
): RecordsLocation {
  if (records.some(isObject)) {
    const field = unwrap(records);
    const reasons = [`${why}, ${count(records.length, "record")}`];
    if (field === undefined) return locate(path, { confidence, reasons });
    return locate([...path, everyItem, field], { confidence, reasons: [...reasons, insideOf(field)] });
  }
  const doubt =
    records.length === 0 ? "it is empty in this response" : `the elements of ${quoted(name)} are not objects`;
  return locate(path, { confidence: "likely", reasons: [why, doubt] });
}

/** Locates a single record: the body itself, or the value under a common wrapper name. */
function findOne(body: Readonly<Record<string, unknown>>, hints: RecordHints): RecordsLocation {
  const own = ownNames(hints);
  const wrapped = Object.entries(body).filter(
    ([name, value]) =>
      isObject(value) && (/^(data|result|item|record)$/.test(name) || own.has(singular(wordsOf(name)))),
  );
  const [wrapper] = wrapped;
  const reasons = ["the path identifies one record"];
  if (!wrapper || wrapped.length > 1 || hasId(body))
    return locate([], { confidence: "sure", reasons }, { isOne: true });
  return locate(
    [wrapper[0]],
    { confidence: "likely", reasons: [...reasons, `${quoted(wrapper[0])} contains it`] },
    { isOne: true },
  );
}

/** Locates the records of a body without lists. */
function findSole(body: Readonly<Record<string, unknown>>, hints: RecordHints): RecordsLocation {
  if (/^errors?$/.test(Object.keys(body)[0] ?? "") || Object.keys(body).length === 0)
    return open(["the response contains neither a list nor anything else that looks like records"]);
  const isCounted = Object.entries(body).some(([name, value]) => value === 0 && /count|total/i.test(name));
  if (isCounted)
    return open(["the response has no list and a count of 0; run detect again when there are records"]);
  const one = findOne(body, hints);
  const reasons = ["the response has no list, so the whole body is one record"];
  return { ...one, finding: { ...one.finding, confidence: "likely", reasons } };
}

function eitherOne(lists: readonly ListCandidate[]): RecordsLocation {
  const whole: ListCandidate = {
    path: [],
    name: "",
    isNamed: false,
    isOwnName: false,
    isPaged: false,
    records: [],
  };
  return open(["the path identifies one record, but the response contains a list"], [...lists, whole]);
}

/** Whether the path ends with the id of one record: `/orders/17`. */
function endsWithId(path: string): boolean {
  return isIdLike(
    path
      .replace(/[?#].*$/, "")
      .split("/")
      .filter(Boolean)
      .at(-1) ?? "",
  );
}

/** Whether an object has a field that usually identifies a record. */
export function hasId(body: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(body).some((name) => /^_?(id|uuid|guid|key)$/i.test(name));
}

function locate(
  path: Path,
  outcome: { readonly confidence: "sure" | "likely"; readonly reasons: readonly string[] },
  { isOne } = { isOne: false },
): RecordsLocation {
  const selector = toSelector(path);
  if (selector === undefined)
    return open([
      "the path to the records contains a name that a spec cannot contain; write a selector without it",
    ]);
  return { finding: found("data_selector", selector, outcome), path, isOne };
}

function open(reasons: readonly string[], candidates: readonly ListCandidate[] = []): RecordsLocation {
  const alternatives = candidates.slice(0, 5).flatMap(({ path, records }) => {
    const selector = toSelector(path);
    const reason = path.length === 0 ? "the whole body as one record" : count(records.length, "element");
    return selector === undefined ? [] : [{ value: selector, reason }];
  });
  return { finding: undecided("data_selector", reasons, alternatives), isOne: false };
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
