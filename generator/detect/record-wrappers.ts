import { wordsOf } from "@connector-gen/runtime/kinds";
import { isObject } from "../spec/values.js";
import { keyNames } from "./known-shapes.js";
import { isPlainName } from "./selectors.js";

/** Names, in words, of fields beside a record in its wrapper. They do not describe the record. */
const besideRecord =
  /^(kind|type|object|cursor|score|rank|index|text match|text match info|highlights?|highlight|explain|explanation|etag|self|href|links?|relevance|search score|search|full url|(sub )?request status)$/;

/**
 * Returns the field under which each item of a list holds its record: `{ "kind": "t3", "data": {…} }`. `undefined` if the
 * items are the records.
 */
export function unwrap(items: readonly unknown[]): string | undefined {
  const objects = items.filter(isObject);
  const [first] = objects;
  if (!first || objects.length < items.length) return undefined;
  const field = Object.keys(first).find(
    (name) => isPlainName(name) && isObject(first[name]) && !isBeside(name),
  );
  if (field === undefined) return undefined;
  const isWrapper = objects.every(
    (each) => isObject(each[field]) && Object.keys(each).every((name) => name === field || isBeside(name)),
  );
  return isWrapper && hasKey(objects.map((each) => each[field]).filter(isObject)) ? field : undefined;
}

function isBeside(name: string): boolean {
  return besideRecord.test(wordsOf(name));
}

/** Whether objects have a field that is named like a key and has different values. */
function hasKey(records: readonly Readonly<Record<string, unknown>>[]): boolean {
  const isKey = (name: string): boolean =>
    keyNames.includes(wordsOf(name)) || /(^|_)id$|Id$|^name$/.test(name);
  return Object.keys(records[0] ?? {})
    .filter(isKey)
    .some((name) => new Set(records.map((each) => each[name])).size === records.length);
}
