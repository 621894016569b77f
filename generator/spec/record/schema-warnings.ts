import type { Path, Problem, Report } from "../load/document.js";
import { isObject, listOf, own, type Raw } from "../values.js";
import { describe, list, quote } from "../wording.js";

/** The context of warnings. */
interface Warnings {
  readonly root: unknown;
  readonly report: Report;
}

/** Keywords that give a value a type. */
const typing = [
  ...["type", "$ref", "$dynamicRef", "enum", "const", "allOf", "anyOf", "oneOf", "properties", "items"],
  ...["prefixItems", "additionalProperties", "patternProperties", "unevaluatedProperties"],
];

/** The keywords that only limit values of a type, by type. */
const limits: Readonly<Record<string, readonly string[]>> = {
  string: ["minLength", "maxLength", "pattern", "format"],
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  array: ["minItems", "maxItems", "uniqueItems", "contains"],
  object: ["required", "minProperties", "maxProperties", "propertyNames", "dependentRequired"],
};

/** Warns about a valid schema that its type or validator cannot express. */
export function warnAboutSchema(schema: Raw, path: Path, context: Warnings): void {
  const warner: Warner = {
    where: () => describe(context.root, path),
    warn: (keyword, problem) => {
      context.report({ severity: "warning", at: "key", path: [...path, keyword], ...problem });
    },
  };
  warnAboutType(schema, path, warner);
  warnAboutTuple(schema, warner);
  warnAboutImpliedType(schema, path, warner);
  warnAboutValues(schema, warner);
  warnAboutPatterns(schema, warner);
  warnAboutDroppedField(schema, warner);
}

/** How to warn about one schema. */
interface Warner {
  /** Describes the location of the schema. */
  readonly where: () => string;
  readonly warn: (keyword: string, problem: Pick<Problem, "code" | "message">) => void;
}

/**
 * Warns about limits without a type, which leave a value of any type. Parts of a schema that only limit other parts need
 * no type.
 */
function warnAboutType(schema: Raw, path: Path, { where, warn }: Warner): void {
  if (typing.some((keyword) => keyword in schema)) return;
  const place = path.at(-2);
  const isField = place === "properties" || path.at(-1) === "items" || place === "prefixItems";
  if (!isField || !isValue(path)) return;
  const found = Object.entries(limits).flatMap(([type, keywords]) =>
    keywords.filter((keyword) => keyword in schema).map((keyword) => [type, keyword] as const),
  );
  const [first] = found;
  const keyword = first?.[1] ?? ["not", "if"].find((each) => each in schema);
  if (keyword === undefined) return;
  const type = first?.[0] ?? "string";
  const message = `${where()} has ${quote(keyword)}, but no type, so its type is any value: add "type", for example ${quote(type)}`;
  warn(keyword, { code: "missing-type", message });
}

/** Keywords that state a type, or lead to schemas that do. */
const explicit = ["type", "$ref", "allOf", "anyOf", "oneOf"];

/** Warns about an implied type. In JSON Schema, `properties` alone allow values of other types, which is rarely intended. */
function warnAboutImpliedType(schema: Raw, path: Path, { where, warn }: Warner): void {
  if (explicit.some((key) => key in schema)) return;
  const object = ["properties", "patternProperties", "additionalProperties"].find((key) => key in schema);
  const keyword = object ?? ["items", "prefixItems"].find((key) => key in schema);
  if (keyword === undefined || !isValue(path)) return;
  const type = object === undefined ? "array" : "object";
  const message = `${where()} has ${quote(keyword)}, but no type, so it counts as ${quote(type)}: add "type": ${quote(type)}`;
  warn(keyword, { code: "implied-type", message });
}

/** Whether a schema describes a value on its own, as opposed to a part of another schema. */
function isValue(path: Path): boolean {
  const parts = ["allOf", "anyOf", "oneOf", "dependentSchemas"];
  const conditions = ["if", "then", "else", "not", "contains", "propertyNames"];
  return !path.some((step) => parts.includes(String(step)) || conditions.includes(String(step)));
}

/**
 * Warns about a tuple of open length. In JSON Schema, `prefixItems` do not limit the length, but types with all items are
 * more useful.
 */
function warnAboutTuple(schema: Raw, { where, warn }: Warner): void {
  const keyword = Array.isArray(schema["items"]) ? "items" : "prefixItems";
  const length = listOf(own(schema, keyword)).length;
  if (length === 0 || "minItems" in schema) return;
  const message = `${where()} does not say which items may be missing, so all count as present: add "minItems": ${length}, or less`;
  warn(keyword, { code: "missing-min-items", message });
}

function warnAboutValues(schema: Raw, { where, warn }: Warner): void {
  if (!("const" in schema || "enum" in schema)) return;
  const keyword = "const" in schema ? "const" : "enum";
  const types = [own(schema, "type") ?? []].flat();
  const values = keyword === "const" ? [schema["const"]] : listOf(own(schema, "enum"));
  const isFitting = (value: unknown): boolean => types.some((type) => fits(value, type));
  if (types.length === 0 || values.length === 0 || values.some(isFitting)) return;
  const message = `no value of ${quote(keyword)} in ${where()} is of type ${list(types.map(String))}: correct one of them`;
  warn(keyword, { code: "no-value", message });
}

function fits(value: unknown, type: unknown): boolean {
  if (value === null) return type === "null";
  if (Array.isArray(value)) return type === "array";
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}

/** Warns about patterns that JavaScript cannot read, because validators use its regular expressions. */
function warnAboutPatterns(schema: Raw, { where, warn }: Warner): void {
  if (!("pattern" in schema || "patternProperties" in schema)) return;
  const fields = own(schema, "patternProperties");
  const rows = [
    ...("pattern" in schema ? [["pattern", schema["pattern"]] as const] : []),
    ...Object.keys(isObject(fields) ? fields : {}).map((key) => ["patternProperties", key] as const),
  ];
  for (const [keyword, pattern] of rows) {
    if (typeof pattern !== "string" || isPattern(pattern)) continue;
    const message = `${quote(keyword)} in ${where()} is not a regular expression of JavaScript, so validators skip it: rewrite ${quote(pattern)}`;
    warn(keyword, { code: "invalid-pattern", message });
  }
}

/** Whether a text is a regular expression of JavaScript. */
function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}

/** Warns about the field `__proto__`. zod does not copy it, so it is missing when the fields are checked. */
function warnAboutDroppedField(schema: Raw, { where, warn }: Warner): void {
  const name = "__proto__";
  const fields = own(schema, "properties");
  const keyword = isObject(fields) && Object.hasOwn(fields, name) ? "properties" : "required";
  if (keyword === "required" && !listOf(own(schema, "required")).includes(name)) return;
  const message = `validators do not see the field ${quote(name)} of ${where()}: remove it from ${quote(keyword)}, or do not validate`;
  warn(keyword, { code: "dropped-field", message });
}
