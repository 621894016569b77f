import { query } from "@connector-gen/runtime";
import type { Query } from "@connector-gen/runtime/plugin";
import { walkBody, wordsOf, type Path } from "@connector-gen/runtime/kinds";
import { parseSelector } from "../spec/selector/selector.js";
import { isObject, type Raw } from "../spec/values.js";
import { isIdLike } from "./id-like.js";
import { envelopeWords, listNames } from "./known-shapes.js";
import { isPlainName, toSelector } from "./selectors.js";

/** An object of records by key: `{ "EUR": { "rate": 1 }, "USD": { "rate": 2 } }`. */
export interface RecordMap {
  readonly path: Path;
  /** Its own name; empty for the body. */
  readonly name: string;
  /** The field of each record that takes its key. */
  readonly keyField: string;
  readonly size: number;
}

/** Minimum number of entries of a map whose keys do not look like ids. */
const minEntries = 3;

/** Finds objects of similar objects in a body, including the body itself, the outermost first. */
export function findMaps(body: unknown): readonly RecordMap[] {
  const places = [{ path: [] as readonly string[], name: "", value: body }, ...walkBody(body, 3)];
  const maps: RecordMap[] = [];
  for (const { path, name, value } of places) {
    const isInside = maps.some((map) => map.path.every((step, index) => step === path[index]));
    if (isInside || path.some((step) => listNames.never.test(wordsOf(step)))) continue;
    const keyField = isObject(value) ? keyFieldOf(value) : undefined;
    if (keyField !== undefined) maps.push({ path, name, keyField, size: Object.keys(value as Raw).length });
  }
  return maps;
}

/** Returns a field name for the keys if an object is a map of records; `undefined` if its keys are names of fields. */
function keyFieldOf(object: Raw): string | undefined {
  const keys = Object.keys(object);
  const values = Object.values(object);
  const areIds = keys.every(isIdLike);
  const areCodes = keys.length >= 5 && keys.every((key) => /^[A-Z]{2,5}$/.test(key));
  const isEnvelope = keys.some((key) => envelopeWords.part.test(wordsOf(key)) || /^errors?$/.test(key));
  if (keys.length < (areIds ? 1 : minEntries) || (isEnvelope && !areIds)) return undefined;
  if (values.every((value) => typeof value === "number")) return areIds || areCodes ? "key" : undefined;
  if (!values.every(isObject) || !(areIds || areAlike(values))) return undefined;
  const repeated = Object.keys(values[0] ?? {}).find(
    (name) => isPlainName(name) && keys.every((key) => String((object[key] as Raw)[name]) === key),
  );
  const wishes = areIds ? ["id", "key", "map_key"] : ["key", "map_key"];
  return repeated ?? wishes.find((name) => values.every((value) => !(name in value)));
}

/** Whether objects have mostly the same fields. */
function areAlike(values: readonly Raw[]): boolean {
  const sets = values.map((value) => Object.keys(value));
  const all = new Set(sets.flat());
  if (all.size === 0) return false;
  const shared = sets.reduce((sum, names) => sum + names.length, 0) / (sets.length * all.size);
  return shared >= 0.6;
}

/** An object of lists of records by key: `{ "2024-01-01": [{ "id": 1 }], "2024-01-02": [] }`. */
export interface RecordGroups {
  /** The selector of the records: `near_earth_objects.*[*]`. */
  readonly selector: string;
  /** The path to the object. */
  readonly path: Path;
  /** Selects the records. */
  readonly select: Query;
  readonly lists: number;
  readonly records: number;
}

/** Finds the outermost object of lists of objects, whose keys identify records instead of naming fields. */
export function findGroups(body: unknown): RecordGroups | undefined {
  const places = [{ path: [] as readonly string[], value: body }, ...walkBody(body, 3)];
  for (const { path, value } of places) {
    if (!isObject(value) || !Object.keys(value).every(isIdLike)) continue;
    const lists = Object.values(value).filter((list) => Array.isArray(list));
    const records = lists.flat();
    if (lists.length < Object.keys(value).length || records.length === 0 || !records.every(isObject))
      continue;
    const base = toSelector(path);
    const selector = base === "$" ? "$.*[*]" : `${base ?? ""}.*[*]`;
    const read = parseSelector(selector);
    if (base === undefined || !read.ok) continue;
    return { selector, path, select: query(read.segments), lists: lists.length, records: records.length };
  }
  return undefined;
}
