import { isObject, listOf, own, type Raw } from "../values.js";

/** Where a schema's references lead: the spec's `schemas`, and the `$defs` of the schema that holds it. */
export interface SchemaScope {
  readonly schemas: Raw;
  readonly defs: Raw;
}

/** A local reference: `#/schemas/User` or `#/$defs/User`. */
export interface SchemaRef {
  readonly place: "schemas" | "$defs";
  readonly name: string;
}

/** Reads a reference; nothing for any that is not local, or leads deeper. */
export function parseRef(ref: string): SchemaRef | undefined {
  const match = /^#\/(schemas|\$defs)\/([^/]+)$/.exec(ref);
  if (!match) return undefined;
  const name = decodePointer(match[2] ?? "");
  return name === undefined ? undefined : { place: match[1] as SchemaRef["place"], name };
}

/** Finds what a reference names; nothing when it names nothing. */
export function resolveRef(ref: SchemaRef, scope: SchemaScope): unknown {
  return own(ref.place === "schemas" ? scope.schemas : scope.defs, ref.name);
}

/** The scope inside a referenced schema: a schema of `schemas` has `$defs` of its own. */
function scopeBehind(ref: SchemaRef, scope: SchemaScope): SchemaScope {
  return ref.place === "schemas" ? scopeOf(resolveRef(ref, scope), scope.schemas) : scope;
}

/** The scope of a schema at the top of a resource, a parameter or `schemas`. */
export function scopeOf(schema: unknown, schemas: Raw): SchemaScope {
  const defs = own(schema, "$defs");
  return { schemas, defs: isObject(defs) ? defs : {} };
}

/** The longest chain of references that is followed. */
const MAX_CHAIN = 200;

/** What is known of schemas that were looked at: without it, schemas that name each other twice cost 2ⁿ looks. */
export interface FieldMemo {
  readonly known: Map<unknown, ReadonlySet<string> | undefined>;
  /** How many schemas around the current one are being looked at. */
  depth: number;
}

/**
 * The fields that objects of a schema can have, through `$ref`, `allOf`, `anyOf` and `oneOf`; nothing when the schema
 * does not say.
 */
export function fieldsOf(
  schema: unknown,
  scope: SchemaScope,
  memo: FieldMemo,
): ReadonlySet<string> | undefined {
  // A chain of references longer than any real one is not followed to its end.
  if (!isObject(schema) || memo.known.has(schema) || memo.depth > MAX_CHAIN) return memo.known.get(schema);
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
  const fields = union(parts.filter((part) => part !== undefined));
  memo.known.set(schema, fields);
  memo.depth -= 1;
  return fields;
}

/** Alternatives say something together only if each of them says something. */
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
