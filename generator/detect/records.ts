import type { Path } from "@connector-gen/runtime/kinds";

import { singular } from "../plural.js";
import { found, undecided, type Finding } from "./finding.js";
import { listNames } from "./known-shapes.js";
import { toSelector } from "./selectors.js";
import { count, isRecord, walk, wordsOf } from "./words.js";

/** What is known of the records that are looked for. */
export interface RecordHints {
  /** The resource's name. */
  readonly name: string;
  /** The path of its request, a template. */
  readonly path: string;
  /** Whether the path leads to one thing: `/users/{id}`. */
  readonly isSingle: boolean;
}

/** Where the records are; without `path` that is not known, and nothing can be said about them. */
export interface RecordsPlace {
  readonly finding: Finding;
  readonly path?: Path;
  /** Whether the body, or a part of it, is one record. */
  readonly isOne: boolean;
}

/** A list in a body that may be the records. */
interface Candidate {
  readonly path: Path;
  readonly name: string;
  /** Its name is one of the usual, or the resource's. */
  readonly isNamed: boolean;
  readonly isOwnName: boolean;
  readonly records: readonly unknown[];
}

/** Finds the records in a body: by the names of its lists, the resource's own before the usual, else the only list. */
export function findRecords(body: unknown, hints: RecordHints): RecordsPlace {
  if (Array.isArray(body)) {
    const reasons = [`the body is a list of ${count(body.length, "record")}`];
    return place([], { confidence: "sure", reasons });
  }
  if (!isRecord(body)) return open(["the body is neither an object nor a list"]);
  const lists = findLists(body, hints);
  const own = lists.filter(({ isOwnName }) => isOwnName);
  const named = own.length > 0 ? own : lists.filter(({ isNamed }) => isNamed);
  const unnamed = lists.filter(({ records }) => records.some(isRecord));
  if (hints.isSingle) {
    const inside = named.filter(({ records }) => records.some(isRecord));
    return inside.length === 0 || hasId(body) ? findOne(body, hints) : eitherOne(inside);
  }
  if (named.length > 0) return choose(named);
  if (unnamed.length > 0) return choose(unnamed);
  if (lists.length > 0) return open(["no list of the response holds objects"], lists);
  return findSole(body, hints);
}

/** The lists of a body; those about the response only where there are no others. */
function findLists(body: unknown, hints: RecordHints): readonly Candidate[] {
  const all = collectLists(body, hints);
  const proper = all.filter(
    ({ path, isOwnName }) => isOwnName || !path.some((step) => listNames.about.test(wordsOf(String(step)))),
  );
  return proper.length > 0 ? proper : all;
}

function collectLists(body: unknown, hints: RecordHints): readonly Candidate[] {
  const own = ownNames(hints);
  return [...walk(body, 4)].flatMap(({ path, name, words, value, siblings }) => {
    const isNever = path.some((step) => listNames.never.test(wordsOf(step)));
    const isOwnName = own.has(singular(words));
    const isNamed = listNames.records.test(words) || isOwnName;
    // `null` under the name of records is an empty list, but not where a record leaves a field empty.
    const isNothing = value === null && isNamed && !("id" in siblings);
    if ((!Array.isArray(value) && !isNothing) || (isNever && !isOwnName)) return [];
    const records: readonly unknown[] = Array.isArray(value) ? value : [];
    if (words === "edges" && records.every((edge) => isRecord(edge) && isRecord(edge["node"]))) {
      const nodes = records.map((edge) => (edge as { node: unknown }).node);
      // The nodes stand beside the edges often enough; there they are easier to name.
      if ("nodes" in siblings) return [];
      return [{ path: [...path, "[*]", "node"], name, isNamed: true, isOwnName: false, records: nodes }];
    }
    return [{ path, name, isNamed, isOwnName, records }];
  });
}

/** What the resource's list may be called: the words of its name and of the last segment of its path, singular. */
function ownNames({ name, path }: RecordHints): ReadonlySet<string> {
  const segments = path
    .replace(/[?#].*$/, "")
    .split("/")
    .filter((segment) => segment && !segment.includes("{"));
  const words = [name, segments.at(-1) ?? ""].map(wordsOf).filter(Boolean);
  return new Set(words.flatMap((each) => [each, each.split(" ").at(-1) ?? each]).map(singular));
}

function choose(candidates: readonly Candidate[]): RecordsPlace {
  const full = candidates.filter(({ records }) => records.some(isRecord));
  const pool = full.length > 0 ? full : candidates;
  const [only, ...others] = pool;
  if (!only) return open([]);
  if (others.length > 0) return open([`${pool.length} lists may be the records`], pool);
  const { name, records, isNamed, isOwnName } = only;
  const why = isOwnName
    ? "a list by the resource's own name"
    : isNamed
      ? `a list under a usual name`
      : "the only list of objects in the response";
  if (records.some(isRecord)) {
    return place(only.path, { confidence: "sure", reasons: [`${why}, ${count(records.length, "record")}`] });
  }
  const doubt = records.length === 0 ? "it is empty here" : `the elements of ${quoted(name)} are no objects`;
  return place(only.path, { confidence: "likely", reasons: [why, doubt] });
}

/** One record: the body itself, or what a wrapper with a usual name holds. */
function findOne(body: Readonly<Record<string, unknown>>, hints: RecordHints): RecordsPlace {
  const own = ownNames(hints);
  const wrapped = Object.entries(body).filter(
    ([name, value]) =>
      isRecord(value) && (/^(data|result|item|record)$/.test(name) || own.has(singular(wordsOf(name)))),
  );
  const [wrapper] = wrapped;
  const reasons = ["the path leads to one record"];
  if (!wrapper || wrapped.length > 1 || hasId(body))
    return place([], { confidence: "sure", reasons }, { isOne: true });
  return place(
    [wrapper[0]],
    { confidence: "likely", reasons: [...reasons, `${quoted(wrapper[0])} holds it`] },
    { isOne: true },
  );
}

/** No list anywhere. */
function findSole(body: Readonly<Record<string, unknown>>, hints: RecordHints): RecordsPlace {
  if (/^errors?$/.test(Object.keys(body)[0] ?? "") || Object.keys(body).length === 0)
    return open(["there is no list, and nothing else that looks like records"]);
  const isCounted = Object.entries(body).some(([name, value]) => value === 0 && /count|total/i.test(name));
  if (isCounted)
    return open(["there is no list, and the response counts 0: ask again where there are records"]);
  const one = findOne(body, hints);
  const reasons = ["there is no list in the response: the whole body is one record"];
  return { ...one, finding: { ...one.finding, confidence: "likely", reasons } };
}

function eitherOne(lists: readonly Candidate[]): RecordsPlace {
  const whole: Candidate = { path: [], name: "", isNamed: false, isOwnName: false, records: [] };
  return open(["the path leads to one thing, but the response holds a list"], [...lists, whole]);
}

function hasId(body: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(body).some((name) => /^_?(id|uuid|guid|key)$/i.test(name));
}

function place(
  path: Path,
  outcome: { readonly confidence: "sure" | "likely"; readonly reasons: readonly string[] },
  { isOne } = { isOne: false },
): RecordsPlace {
  const selector = toSelector(path);
  if (selector === undefined)
    return open(["the records stand under a name that a spec cannot hold: write a selector that avoids it"]);
  return { finding: found("data_selector", selector, outcome), path, isOne };
}

function open(reasons: readonly string[], candidates: readonly Candidate[] = []): RecordsPlace {
  const alternatives = candidates.flatMap(({ path, records }) => {
    const selector = toSelector(path);
    const reason = path.length === 0 ? "the whole body as one record" : count(records.length, "element");
    return selector === undefined ? [] : [{ value: selector, reason }];
  });
  return { finding: undecided("data_selector", reasons, alternatives), isOne: false };
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
