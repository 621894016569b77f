import { forEachSubschema } from "./json-schema-walk.js";
import type { Path } from "../load/document.js";
import { isObject, listOf, own, type Raw, textOf, valueAt } from "../values.js";

/** The possible targets of references: the spec's `schemas`, and locations in the enclosing top-level schema. */
export interface SchemaScope {
  readonly schemas: Raw;
  /** The enclosing top-level schema: of a resource, of a parameter, or of `schemas`. */
  readonly root: unknown;
}

/** A parsed reference: to a schema of `schemas` or to the enclosing schema (`name` undefined), and to a location in it. */
export interface SchemaRef {
  readonly name: string | undefined;
  readonly path: Path;
}

/**
 * Parses a reference: `#`, `#/schemas/User`, `#/$defs/User`, `#/properties/address`, `#anchor`, each also after the `$id` of
 * the enclosing schema. `undefined` if it is not local, or names an unknown anchor.
 */
export function parseRef(ref: string, { root }: Pick<SchemaScope, "root">): SchemaRef | undefined {
  const [base = "", fragment = ""] = ref.split("#", 2);
  if (base !== "" && base !== own(root, "$id")) return undefined;
  if (fragment === "") return { name: undefined, path: [] };
  if (!fragment.startsWith("/")) {
    const path = anchorsOf(root).get(fragment);
    return path && { name: undefined, path };
  }
  const path = pointerPath(fragment);
  if (!path) return undefined;
  const [section, name, ...rest] = path;
  return section === "schemas" && name !== undefined
    ? { name: String(name), path: rest }
    : { name: undefined, path };
}

/** Finds the schema that a reference refers to; `undefined` if there is none. */
export function resolveRef(ref: SchemaRef, scope: SchemaScope): unknown {
  const found = valueAt(ref.name === undefined ? scope.root : own(scope.schemas, ref.name), ref.path);
  return isObject(found) || typeof found === "boolean" ? found : undefined;
}

/** The scope inside a referenced schema. */
function scopeBehind(ref: SchemaRef, scope: SchemaScope): SchemaScope {
  return ref.name === undefined ? scope : scopeOf(own(scope.schemas, ref.name), scope.schemas);
}

/** The scope of a top-level schema: of a resource, a parameter or `schemas`. */
export function scopeOf(schema: unknown, schemas: Raw): SchemaScope {
  return { schemas, root: schema };
}

const anchorsByRoot = new WeakMap<object, ReadonlyMap<string, Path>>();

/** Returns the locations of the `$anchor`s and `$dynamicAnchor`s of a top-level schema. */
function anchorsOf(root: unknown): ReadonlyMap<string, Path> {
  if (!isObject(root)) return new Map();
  const known = anchorsByRoot.get(root);
  if (known) return known;
  const anchors = new Map<string, Path>();
  const visit = (schema: unknown, path: Path): void => {
    if (!isObject(schema)) return;
    for (const keyword of ["$anchor", "$dynamicAnchor"]) {
      const name = textOf(own(schema, keyword));
      if (name !== undefined && !anchors.has(name)) anchors.set(name, path);
    }
    forEachSubschema(schema, (part, keyword, key) =>
      visit(part, [...path, keyword, ...(key === undefined ? [] : [key])]),
    );
  };
  visit(root, []);
  anchorsByRoot.set(root, anchors);
  return anchors;
}

/** The steps of a JSON pointer. Steps that are numbers are indexes, which also are names of properties. */
function pointerPath(pointer: string): Path | undefined {
  try {
    return decodeURIComponent(pointer)
      .slice(1)
      .split("/")
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  } catch {
    return undefined;
  }
}

/** Maximum length of a chain of nested schemas to follow. */
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

/** Returns the fields that a schema, or a part of its `allOf`, requires. They need no schema of their own. */
function requiredOf(schema: unknown): readonly string[] {
  return [schema, ...listOf(own(schema, "allOf"))]
    .flatMap((part) => listOf(own(part, "required")))
    .filter((name) => typeof name === "string");
}

/** Returns the fields of alternatives. They are known only if those of each alternative are known. `null` has none. */
function fieldsOfAny(
  options: readonly unknown[],
  scope: SchemaScope,
  memo: FieldMemo,
): ReadonlySet<string> | undefined {
  const fields = options
    .filter((option) => own(option, "type") !== "null")
    .map((option) => fieldsOf(option, scope, memo));
  return fields.includes(undefined) ? undefined : union(fields.filter((part) => part !== undefined));
}

function fieldsBehind(ref: unknown, scope: SchemaScope, memo: FieldMemo): ReadonlySet<string> | undefined {
  const target = typeof ref === "string" ? parseRef(ref, scope) : undefined;
  return target && fieldsOf(resolveRef(target, scope), scopeBehind(target, scope), memo);
}

function union(parts: readonly ReadonlySet<string>[]): ReadonlySet<string> | undefined {
  return parts.length === 0 ? undefined : new Set(parts.flatMap((part) => [...part]));
}
