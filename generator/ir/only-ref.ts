import type { JsonSchema, SchemaObject } from "../spec/spec.js";
import { flatten, partsOf, refOf, type FlatSchema } from "./flat-schema.js";
import { joinRules } from "./rules.js";
import type { RulesIr } from "./source-ir.js";

/** Keywords that determine a type, besides `type`, `required` and the alternatives. */
const shaping = [
  ...["properties", "enum", "const", "items", "prefixItems", "patternProperties", "additionalProperties"],
  ...["unevaluatedProperties", "unevaluatedItems", "x-open-enum", "big_integers"],
];

/**
 * Returns the name of the shared schema that a schema stands for. The schema is a `$ref`, possibly with limits, a
 * description, and fields that the shared schema already requires.
 */
export function onlyRef(schema: JsonSchema, flattenRef: (name: string) => FlatSchema): string | undefined {
  if (typeof schema !== "object" || !("$ref" in schema || "allOf" in schema)) return undefined;
  const whole = refOf(schema);
  if (whole !== undefined && Object.keys(schema).length === 1) return whole;
  const parts = partsOf(schema);
  const refs = new Set(parts.flatMap((part) => refOf(part) ?? []));
  const [ref] = refs;
  if (ref === undefined || refs.size > 1) return undefined;
  const target = flattenRef(ref);
  const isLimit = (part: JsonSchema): boolean => {
    if (refOf(part) !== undefined) return true;
    if (typeof part === "boolean" || !isOnlyLimit(part)) return false;
    const required = Array.isArray(part["required"]) ? (part["required"] as readonly string[]) : [];
    return required.every((name) => target.required.has(name)) && includesAll(part["type"], target.types);
  };
  return parts.every(isLimit) ? ref : undefined;
}

/** Returns the limits beside the reference of a schema that stands for a shared schema. */
export function limitsBeside(schema: JsonSchema): RulesIr | undefined {
  const parts = partsOf(schema).filter((part) => refOf(part) === undefined);
  return joinRules(parts.flatMap((part) => flatten(part, () => true).rules));
}

function includesAll(type: unknown, types: readonly string[] = []): boolean {
  const allowed = type === undefined ? types : [type].flat();
  return types.every((each) => allowed.includes(each) || (each === "integer" && allowed.includes("number")));
}

/** Whether a schema has no shape of its own, such as `{ "required": ["name"] }` or alternatives of such schemas. */
function isOnlyLimit(schema: SchemaObject, depth = 0): boolean {
  if (depth > 16 || refOf(schema) !== undefined || shaping.some((keyword) => keyword in schema)) return false;
  return ["allOf", "anyOf", "oneOf"].every((keyword) => {
    const parts = schema[keyword];
    if (!Array.isArray(parts)) return true;
    return (parts as readonly JsonSchema[]).every(
      (part) => typeof part === "object" && !("type" in part) && isOnlyLimit(part, depth + 1),
    );
  });
}
