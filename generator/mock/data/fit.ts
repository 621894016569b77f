import { jsonSchema } from "@connector-gen/runtime/schemas";
import type { JsonIr } from "../../ir/source-ir.js";
import { isObject } from "../json.js";
import { fitArray } from "./fit-array.js";
import { fitNumber, fitText } from "./fit-scalar.js";
import { fitObject } from "./fit-object.js";
import { unfit, type Fitter, type Keywords, type Pass } from "./fitter.js";
import type { Sampler } from "./sampler.js";
import type { Definitions, Schema } from "./type-schema.js";

/** How often a value is changed until it matches. A keyword may undo what another one requires. */
const maxPasses = 16;
/** How many values are fitted per record, and how deeply nested. */
const maxWork = 3_000;
const maxDepth = 24;

/** Returns the problems of a value, at most one per keyword. */
export function problemsOf(value: JsonIr, schema: Schema, definitions: Definitions): readonly string[] {
  const found: string[] = [];
  const push = ({ path, message }: { readonly path: PropertyKey[]; readonly message: string }): void => {
    found.push(path.length > 0 ? `${path.join(".")}: ${message}` : message);
  };
  jsonSchema(
    schema === true ? {} : schema === false ? { not: {} } : schema,
    definitions,
  )({ value, issues: { push } });
  return found;
}

/** Creates a fitter for one record. */
export function createFitter(definitions: Definitions, sampler: Sampler): Fitter {
  let work = 0;
  let depth = 0;
  const isValid: Fitter["isValid"] = (value, schema) => problemsOf(value, schema, definitions).length === 0;
  const fit: Fitter["fit"] = (given, schema) => {
    if (given !== undefined && isValid(given, schema)) return given;
    if (++work > maxWork || depth >= maxDepth) throw unfit;
    depth += 1;
    try {
      let value = given;
      for (let pass = 0; pass < maxPasses; pass++) {
        const parts = partsOf(schema, value, { isValid, definitions, sampler, isDeep: depth > 6, depth: 0 });
        value = adjust(value, parts, { fitter, pass });
        if (isValid(value, schema)) return value;
      }
      throw unfit;
    } finally {
      depth -= 1;
    }
  };
  const tryFit: Fitter["tryFit"] = (value, schema) => {
    try {
      return fit(value, schema);
    } catch (error) {
      if (error === unfit && work <= maxWork) return undefined;
      throw error;
    }
  };
  const fitter: Fitter = { sampler, fit, tryFit, isValid };
  return fitter;
}

interface PartsContext {
  readonly isValid: Fitter["isValid"];
  readonly definitions: Definitions;
  readonly sampler: Sampler;
  readonly isDeep: boolean;
  /** The number of references and alternatives around the schema. */
  readonly depth: number;
}

/** Returns the schemas without references and alternatives that a value must match: the schema itself and its parts. */
function partsOf(schema: Schema, value: JsonIr | undefined, context: PartsContext): readonly Keywords[] {
  if (schema === true) return [];
  const { isValid, definitions, depth } = context;
  if (schema === false || depth > maxDepth) throw unfit;
  const { $ref, allOf, anyOf, oneOf, if: condition, dependentSchemas } = schema;
  const holds = (part: JsonIr): boolean => value !== undefined && isValid(value, part as Schema);
  const more: Schema[] = [...listOf(allOf)];
  if (typeof $ref === "string") more.push(definitions[$ref.replace("#/schemas/", "")] ?? true);
  if (anyOf !== undefined) more.push(chooseOption(listOf(anyOf), value, context));
  if (oneOf !== undefined) {
    const options = listOf(oneOf);
    const chosen = chooseOption(options, value, context);
    more.push(chosen, ...options.filter((each) => each !== chosen).map((not): Schema => ({ not })));
  }
  if (condition !== undefined) {
    const branch = holds(condition) ? schema["then"] : schema["else"];
    if (branch !== undefined) more.push(branch as Schema);
  }
  if (isObject(value ?? null))
    for (const [name, part] of Object.entries((dependentSchemas ?? {}) as Readonly<Record<string, Schema>>))
      if (Object.hasOwn(value as object, name)) more.push(part);
  return [schema, ...more.flatMap((part) => partsOf(part, value, { ...context, depth: depth + 1 }))];
}

function listOf(value: JsonIr | undefined): readonly Schema[] {
  return (Array.isArray(value) ? value : []) as readonly Schema[];
}

/** Chooses the alternative that a value matches or resembles, otherwise a random one. */
function chooseOption(
  options: readonly Schema[],
  value: JsonIr | undefined,
  { isValid, definitions, sampler, isDeep }: PartsContext,
): Schema {
  const possible = options.filter((option) => option !== false);
  if (possible.length === 0) throw unfit;
  const matching = value === undefined ? undefined : possible.find((option) => isValid(value, option));
  if (matching !== undefined) return matching;
  // Nested values must end.
  if (isDeep) return possible.reduce((least, option) => (costOf(option) < costOf(least) ? option : least));
  if (value === undefined || sampler.chance(0.5)) return sampler.pick(possible);
  const counts = possible.map((option) => problemsOf(value, option, definitions).length);
  return possible[counts.indexOf(Math.min(...counts))] ?? true;
}

function costOf(option: Schema): number {
  const text = JSON.stringify(option);
  return text.length + (text.includes('"$ref"') ? 1_000_000 : 0);
}

/** Changes a value once, by the keywords of all schemas that apply to it. */
function adjust(given: JsonIr | undefined, parts: readonly Keywords[], pass: Pass): JsonIr {
  const { fitter } = pass;
  const excluded = parts.flatMap(({ not }) => (not === undefined ? [] : [not as Schema]));
  const isExcluded = (value: JsonIr): boolean => excluded.some((schema) => fitter.isValid(value, schema));
  const values = allowedValues(parts, fitter);
  if (values) {
    const possible = values.filter((value) => !isExcluded(value));
    if (possible.length === 0) throw unfit;
    return fitter.sampler.pick(possible);
  }
  const types = allowedTypes(parts);
  const hasType =
    given !== undefined && types.includes(typeOf(given)) && (pass.pass < maxPasses / 2 || isObject(given));
  const value = hasType && !(isExcluded(given) && !isObject(given)) ? given : startOf(types, parts, fitter);
  if (typeof value === "string") return fitText(value, parts, pass);
  if (typeof value === "number") return fitNumber(value, parts, pass);
  if (Array.isArray(value)) return fitArray(value as readonly JsonIr[], parts, pass);
  return isObject(value) ? fitObject(value, parts, { ...pass, excluded }) : value;
}

/** Returns the values that `const` and `enum` allow. Without these keywords, the result is `undefined`. */
function allowedValues(parts: readonly Keywords[], { isValid }: Fitter): readonly JsonIr[] | undefined {
  const lists = parts.flatMap((part) => [
    ...("const" in part ? [[part["const"]]] : []),
    ...(Array.isArray(part["enum"]) ? [part["enum"] as readonly JsonIr[]] : []),
  ]);
  return lists[0]?.filter((value) => parts.every((part) => isValid(value, part)));
}

const allTypes = ["string", "integer", "number", "boolean", "object", "array", "null"];

function allowedTypes(parts: readonly Keywords[]): readonly string[] {
  const lists = parts.flatMap(({ type }) => (type === undefined ? [] : [[type].flat() as readonly string[]]));
  const allowed = allTypes.filter((type) =>
    lists.every((list) => list.includes(type) || (type === "integer" && list.includes("number"))),
  );
  if (allowed.length === 0) throw unfit;
  return allowed;
}

function typeOf(value: JsonIr): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value === "number" && Number.isInteger(value) ? "integer" : typeof value;
}

/** The types to which keywords apply. A schema without `type` means these. */
const typesByKeyword: readonly (readonly [RegExp, string])[] = [
  [
    /^(properties|required|additionalProperties|patternProperties|(min|max)Properties|dependent\w+)$/,
    "object",
  ],
  [/^(items|prefixItems|contains|(min|max)Items|uniqueItems)$/, "array"],
  [/^(pattern|(min|max)Length)$/, "string"],
  [/^(multipleOf|(exclusiveM|m)(in|ax)imum)$/, "integer"],
];

/** Returns a first value of one of some types, which are never empty. */
function startOf(types: readonly string[], parts: readonly Keywords[], { sampler }: Fitter): JsonIr {
  const keywords = parts.flatMap((part) => Object.keys(part));
  const meant = typesByKeyword
    .filter(([pattern, type]) => types.includes(type) && keywords.some((keyword) => pattern.test(keyword)))
    .map(([, type]) => type);
  const others = types.filter((type) => type !== "null");
  const choices = meant.length > 0 ? meant : others.length > 0 ? others : types;
  switch (sampler.pick(choices)) {
    case "string":
      return sampler.word("noun");
    case "integer":
      return sampler.whole(0, 1000);
    case "number":
      return sampler.whole(0, 100_000) / 100;
    case "boolean":
      return sampler.chance(0.5);
    case "object":
      return {};
    case "array":
      return [];
    default:
      return null;
  }
}
