import type { BigIntegerMode, SpecSelector } from "../spec/spec.js";
import type { FieldIr, TypeIr } from "./source-ir.js";

/** Returns the declared type of a name. */
export type Declared = (name: string) => TypeIr | undefined;

/** Any JSON value: the type of values without a schema. */
export const json: TypeIr = { kind: "json" };

/** The type of records without a schema. */
export const jsonObject: TypeIr = { kind: "map", values: json };

/** Returns the type of any JSON value whose integers beyond 2^53 appear in some of these modes. */
export function jsonOf(modes: ReadonlySet<BigIntegerMode>): TypeIr {
  return modes.has("bigint") ? { kind: "json", exact: true } : json;
}

/**
 * Returns the type of the value that a path such as `["owner", "id"]` finds in a record, or any JSON value if it is unknown.
 * Treats values along the path as required and not null: otherwise the path finds nothing.
 */
export function typeAt({ selector }: SpecSelector, type: TypeIr, declared: Declared): TypeIr {
  let found: TypeIr | undefined = type;
  for (const segment of selector) {
    const isKey = typeof segment !== "object" && segment !== ".*";
    found = found && isKey ? childOf(found, segment, declared) : undefined;
  }
  return found ?? json;
}

function childOf(type: TypeIr, key: string | number, declared: Declared): TypeIr | undefined {
  if (typeof key === "number") {
    const list = resolve(type, declared);
    if (list?.kind === "array") return list.items;
    return list?.kind === "tuple" && key >= 0 ? (list.items[key] ?? list.rest) : undefined;
  }
  const found = resolve(type, declared);
  if (key === "[*]") return found?.kind === "array" ? found.items : undefined;
  if (found?.kind === "map") return found.values;
  return fieldsOf(type, declared)?.find((field) => field.name === key)?.type;
}

/** Returns the fields of an object type, even if it is nullable. Returns `undefined` for types without declared fields. */
export function fieldsOf(type: TypeIr, declared: Declared): readonly FieldIr[] | undefined {
  const found = resolve(type, declared);
  if (found?.kind === "intersection") {
    const parts = found.parts.map((part) => fieldsOf(part, declared));
    return parts.every((part) => part !== undefined) ? mergeFields(parts.flat()) : undefined;
  }
  if (found?.kind !== "object") return undefined;
  const base = found.base === undefined ? [] : fieldsOf({ kind: "ref", name: found.base }, declared);
  return mergeFields([...(base ?? []), ...found.fields]);
}

/** Removes duplicate fields. Each name keeps the position of its first field and the type of its last. */
export function mergeFields(fields: readonly FieldIr[]): readonly FieldIr[] {
  return [...new Map(fields.map((field) => [field.name, field])).values()];
}

/** Follows references to a type and removes `null`. Returns `undefined` for unknown and circular references. */
export function resolve(type: TypeIr, declared: Declared, depth = 0): TypeIr | undefined {
  // A longer chain of references is circular.
  if (depth > 32) return undefined;
  if (type.kind === "ref") {
    const target = declared(type.name);
    return target && resolve(target, declared, depth + 1);
  }
  const only = withoutNull(type);
  return only === type ? type : resolve(only, declared, depth + 1);
}

/** Removes `null` from a union or an enum with other members. */
export function withoutNull(type: TypeIr): TypeIr {
  if (type.kind === "enum") {
    const values = type.values.filter((value) => value !== null);
    return values.length === type.values.length || values.length === 0 ? type : { kind: "enum", values };
  }
  if (type.kind !== "union") return type;
  const options = type.options.filter(({ kind }) => kind !== "null");
  if (options.length === type.options.length) return type;
  return options.length === 1 && options[0] ? options[0] : { ...type, options };
}
