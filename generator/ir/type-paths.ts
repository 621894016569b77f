import type { SpecSelector } from "../spec/spec.js";
import type { FieldIr, TypeIr } from "./source-ir.js";

/** Finds the type that a name was declared with. */
export type Declared = (name: string) => TypeIr | undefined;

/** Any JSON value: what holds where nothing is known. */
export const json: TypeIr = { kind: "json" };

/** The records of a resource without a schema. */
export const jsonObject: TypeIr = { kind: "map", values: json };

/**
 * The type of the one value that a path finds in a record: `["owner", "id"]`. Optional and nullable values on the way do
 * not matter: without a value there is nothing to type.
 */
export function typeAt({ selector }: SpecSelector, type: TypeIr, declared: Declared): TypeIr {
  let found: TypeIr | undefined = type;
  for (const segment of selector) {
    const isKey = typeof segment !== "object" && segment !== "[*]" && segment !== ".*";
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
  if (found?.kind === "map") return found.values;
  return fieldsOf(type, declared)?.find((field) => field.name === key)?.type;
}

/** The fields of a type that is an object with declared fields, `null` aside; nothing for any other. */
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

/** Fields by name, each where its first namesake stands and as its last one says. */
export function mergeFields(fields: readonly FieldIr[]): readonly FieldIr[] {
  return [...new Map(fields.map((field) => [field.name, field])).values()];
}

/** A type behind its references and without `null`. */
export function resolve(type: TypeIr, declared: Declared, depth = 0): TypeIr | undefined {
  // A chain of references this long is a circle.
  if (depth > 32) return undefined;
  if (type.kind === "ref") {
    const target = declared(type.name);
    return target && resolve(target, declared, depth + 1);
  }
  const only = withoutNull(type);
  return only === type ? type : resolve(only, declared, depth + 1);
}

/** A type without `null`, where it is one of several possibilities. */
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
