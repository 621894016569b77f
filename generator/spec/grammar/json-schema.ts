import * as z from "zod";

import { specGrammar } from "./spec-grammar.js";
import { isObject, listOf, own } from "../values.js";

type Schema = Record<string, unknown>;

/** Returns the spec language as JSON Schema (draft-07) for editors and other tools: the content of `schema.json`. */
export function specJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = rewrite(z.toJSONSchema(specGrammar, { target: "draft-7", io: "input" }));
  return withTypes(schema, own(schema, "definitions")) as Schema;
}

/** Rewrites every part of the schema into the form that editors support best. */
function rewrite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewrite);
  if (!isObject(value)) return value;
  const schema = mapSchema(value, rewrite);
  return withMarkdown(branchByType(plainNumbers(flattenNull(schema))));
}

/** Repeats texts with code as Markdown, because VS Code shows the backticks of plain descriptions. */
function withMarkdown(schema: Schema): Schema {
  const { description, enumDescriptions } = schema;
  const hasCode = (text: unknown): boolean => typeof text === "string" && text.includes("`");
  return {
    ...schema,
    ...(hasCode(description) && { markdownDescription: description }),
    ...(listOf(enumDescriptions).some(hasCode) && { markdownEnumDescriptions: enumDescriptions }),
  };
}

/** States the types of each union. VS Code then completes its key with a value of the first type. */
function withTypes(value: unknown, definitions: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withTypes(item, definitions));
  if (!isObject(value)) return value;
  const types = Array.isArray(value["anyOf"]) && !("type" in value) ? typesOf(value, definitions) : undefined;
  const rest = mapSchema(value, (part) => withTypes(part, definitions));
  return { ...(types && { type: types.length === 1 ? types[0] : types }), ...rest };
}

/** Replaces every part of a schema. Examples stay as they are. */
function mapSchema(schema: Readonly<Schema>, replace: (part: unknown) => unknown): Schema {
  const parts = Object.entries(schema).map(([key, part]) => [key, key === "examples" ? part : replace(part)]);
  return Object.fromEntries(parts) as Schema;
}

/** Returns the types that a schema permits, that of objects first; `undefined` if it may permit any value. */
function typesOf(schema: unknown, definitions: unknown): readonly unknown[] | undefined {
  const { type, const: constant, $ref: reference, anyOf: branches } = Object(schema) as Schema;
  if (type !== undefined) return Array.isArray(type) ? (type as unknown[]) : [type];
  if (constant !== undefined) return [constant === null ? "null" : typeof constant];
  if (typeof reference === "string")
    return typesOf(own(definitions, reference.replace("#/definitions/", "")), definitions);
  if (!Array.isArray(branches)) return undefined;
  const types = branches.map((branch) => typesOf(branch, definitions));
  if (types.includes(undefined)) return undefined;
  return [...new Set(types.flatMap((each) => each ?? []))].sort(
    (a, b) => Number(b === "object") - Number(a === "object"),
  );
}

/** Removes the bounds that zod adds to every integer, the limits of safe integers. */
function plainNumbers(schema: Schema): Schema {
  const { minimum, maximum, ...rest } = schema;
  return {
    ...rest,
    ...(minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER && { minimum }),
    ...(maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER && { maximum }),
  };
}

/** Flattens nested unions into one list of choices. */
function flattenNull(schema: Schema): Schema {
  const options = own(schema, "anyOf");
  if (!Array.isArray(options)) return schema;
  const flat = options.flatMap((option: unknown) => {
    const inner = own(option, "anyOf");
    return Array.isArray(inner) && Object.keys(option as Schema).length === 1
      ? (inner as unknown[])
      : [option];
  });
  return { ...schema, anyOf: flat };
}

/**
 * Rewrites a union discriminated by `type` into an `enum` with one `if`/`then` per value. For zod's `oneOf`, VS Code's JSON
 * service suggests the values of one branch only. For the `enum`, it suggests all values, then the keys of the chosen one.
 */
function branchByType(schema: Schema): Schema {
  const { oneOf, ...rest } = schema;
  const branches = listOf(oneOf).filter(isObject);
  const words = branches.map((branch) => own(own(own(branch, "properties"), "type"), "const"));
  if (branches.length === 0 || !words.every((word) => typeof word === "string")) return schema;
  const required = branches.every((branch) => listOf(own(branch, "required")).includes("type"));
  const type = {
    enum: words,
    enumDescriptions: branches.map((branch) => own(branch, "description")),
    description: "The kind. It determines the other keys.",
  };
  return {
    ...rest,
    type: "object",
    properties: { type: withMarkdown(type) },
    ...(required && { required: ["type"] }),
    allOf: branches.map((branch, index) => toCondition(branch, words[index])),
  };
}

function toCondition(branch: Readonly<Schema>, word: unknown): Schema {
  const { type: _object, description: _summary, examples: _examples, ...keys } = branch;
  const required = listOf(keys["required"]).filter((key) => key !== "type");
  const isImplied = !listOf(keys["required"]).includes("type");
  const condition = { properties: { type: { const: word } }, ...(!isImplied && { required: ["type"] }) };
  const properties = { ...(keys["properties"] as Schema), type: true };
  const { required: _required, ...rest } = keys;
  return { if: condition, then: { ...rest, properties, ...(required.length > 0 && { required }) } };
}
