import { isSelector, type JsonIr, type KindIr, type OptionIr } from "../ir/source-ir.js";
import { compileEnvelope, type WrapRecords } from "./envelope.js";
import { isObject, setOwn, type MutableObject } from "./json.js";
import { textOf } from "./page-slice.js";

/** Writes records in a layout of the spec: by key, as rows with named columns, or as one list per field. */
export function compileLayout(layout: KindIr | undefined, wrap: WrapRecords): WrapRecords {
  // The value that a layout creates replaces the list of records.
  const put = wrap as (value: JsonIr, metadata: Parameters<WrapRecords>[1]) => JsonIr;
  switch (layout?.type) {
    case "keyed":
      return (records, metadata) => put(byKey(records, layout.options), metadata);
    case "columns":
      return (records, metadata) => put(byField(records), metadata);
    case "rows":
      return (records, metadata) => {
        const names = namesOf(records);
        const { columns, cell } = layout.options;
        const toCell = wrapAt(cell);
        const rows = records.map((record) => names.map((name) => toCell(fieldOf(record, name))));
        return merge(put(rows, metadata), wrapAt(columns)(names));
      };
    default:
      return wrap;
  }
}

/** Builds the smallest value in which a selector finds a value. */
export function wrapAt(selector: OptionIr | undefined): (value: JsonIr) => JsonIr {
  if (!isSelector(selector)) return (value) => value;
  const wrap = compileEnvelope(selector.selector) as (value: JsonIr, metadata: readonly never[]) => JsonIr;
  return (value) => wrap(value, []);
}

/** Merges objects recursively. If either value is not an object, returns the first one. */
export function merge(first: JsonIr, second: JsonIr): JsonIr {
  if (!isObject(first) || !isObject(second)) return first;
  const merged: MutableObject = { ...first };
  for (const [name, value] of Object.entries(second))
    setOwn(merged, name, Object.hasOwn(first, name) ? merge(first[name] ?? null, value) : value);
  return merged;
}

function byKey(records: readonly JsonIr[], { keyField, valueField }: KindIr["options"]): JsonIr {
  const keyName = textOf(keyField, "key");
  const valueName = textOf(valueField, "value");
  const entries = records.map((record, index) => {
    const { [keyName]: key, ...rest } = isObject(record) ? record : { [valueName]: record };
    const isScalar = Object.keys(rest).join() === valueName;
    const name = typeof key === "string" ? key : `key-${index}`;
    return [name, isScalar ? fieldOf(rest, valueName) : rest] as const;
  });
  return Object.fromEntries(entries);
}

function byField(records: readonly JsonIr[]): JsonIr {
  const names = namesOf(records);
  return Object.fromEntries(names.map((name) => [name, records.map((record) => fieldOf(record, name))]));
}

function namesOf(records: readonly JsonIr[]): readonly string[] {
  return [...new Set(records.flatMap((record) => (isObject(record) ? Object.keys(record) : [])))];
}

function fieldOf(record: JsonIr, name: string): JsonIr {
  return isObject(record) && Object.hasOwn(record, name) ? (record[name] ?? null) : null;
}
