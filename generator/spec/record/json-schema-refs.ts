import { isObject, listOf, own, type Raw } from "../values.js";

/** The schemas that references can refer to: the spec's `schemas` and the `$defs` of the enclosing schema. */
export interface SchemaScope {
  readonly schemas: Raw;
  readonly defs: Raw;
}

/** A local reference: `#/schemas/User` or `#/$defs/User`. */
export interface SchemaRef {
  readonly section: "schemas" | "$defs";
  readonly name: string;
}

/** Parses a reference; `undefined` if it is not local, or refers to a part of a schema. */
export function parseRef(ref: string): SchemaRef | undefined {
  const match = /^#\/(schemas|\$defs)\/([^/]+)$/.exec(ref);
  if (!match) return undefined;
  const name = decodePointer(match[2] ?? "");
  return name === undefined ? undefined : { section: match[1] as SchemaRef["section"], name };
}

/** Finds the schema that a reference refers to; `undefined` if there is none. */
export function resolveRef(ref: SchemaRef, scope: SchemaScope): unknown {
  return own(ref.section === "schemas" ? scope.schemas : scope.defs, ref.name);
}

/** The scope inside a referenced schema: each schema of `schemas` has its own `$defs`. */
function scopeBehind(ref: SchemaRef, scope: SchemaScope): SchemaScope {
  return ref.section === "schemas" ? scopeOf(resolveRef(ref, scope), scope.schemas) : scope;
}

/** The scope of a top-level schema: of a resource, a parameter or `schemas`. */
export function scopeOf(schema: unknown, schemas: Raw): SchemaScope {
  const defs = own(schema, "$defs");
  return { schemas, defs: isObject(defs) ? defs : {} };
}

/** The longest chain of nested schemas that is followed. */
const maxDepth = 200;

/** The fields found so far, by schema. Without it, schemas that refer to each other twice take 2ⁿ steps. */
export interface FieldMemo {
  readonly known: Map<unknown, ReadonlySet<string> | undefined>;
  /** The number of schemas that enclose the current one. */
  depth: number;
}

/**
 * The fields that objects of a schema can have, including those from `$ref`, `allOf`, `anyOf` and `oneOf`; `undefined`
 * if the schema does not define them.
 */
export function fieldsOf(
  schema: unknown,
  scope: SchemaScope,
  memo: FieldMemo,
): ReadonlySet<string> | undefined {
  if (!isObject(schema) || memo.known.has(schema) || memo.depth > maxDepth) return memo.known.get(schema);
  memo.known.set(schema, undefined);
  memo.depth += 1;
  const properties = own(schema, "properties");
  const parts = [
    isObject(properties) ? new Set(Object.keys(properties)) : undefined,
    ...listOf(own(schema, "allOf")).map((part) => fieldsOf(part, scope, memo)),
    fieldsOfAny(listOf(own(schema, "anyOf")), scope, memo),
    fieldsOfAny(listOf(own(schema, "oneOf")), scope, memo),
    fieldsBehind(own(schema, "$ref"), scope, memo),
  ];
  const named = union(parts.filter((part) => part !== undefined));
  const fields = named && new Set([...named, ...requiredOf(schema)]);
  memo.known.set(schema, fields);
  memo.depth -= 1;
  return fields;
}

/** The fields that a schema, or a part of its `allOf`, requires: they need no schema of their own. */
function requiredOf(schema: unknown): readonly string[] {
  return [schema, ...listOf(own(schema, "allOf"))]
    .flatMap((part) => listOf(own(part, "required")))
    .filter((name) => typeof name === "string");
}

/** The fields of alternatives are known only if those of each alternative are. */
function fieldsOfAny(
  options: readonly unknown[],
  scope: SchemaScope,
  memo: FieldMemo,
): ReadonlySet<string> | undefined {
  const fields = options.map((option) => fieldsOf(option, scope, memo));
  return fields.includes(undefined) ? undefined : union(fields.filter((part) => part !== undefined));
}

function fieldsBehind(ref: unknown, scope: SchemaScope, memo: FieldMemo): ReadonlySet<string> | undefined {
  const target = typeof ref === "string" ? parseRef(ref) : undefined;
  return target && fieldsOf(resolveRef(target, scope), scopeBehind(target, scope), memo);
}

function union(parts: readonly ReadonlySet<string>[]): ReadonlySet<string> | undefined {
  return parts.length === 0 ? undefined : new Set(parts.flatMap((part) => [...part]));
}

function decodePointer(text: string): string | undefined {
  try {
    return decodeURIComponent(text).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return undefined;
  }
}
