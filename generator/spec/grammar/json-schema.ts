import * as z from "zod";

import { specGrammar } from "./spec-grammar.js";
import { isObject, listOf, own } from "../values.js";

type Schema = Record<string, unknown>;

/** Returns the spec language as JSON Schema (draft-07) for editors and other tools: the content of `schema.json`. */
export function specJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(specGrammar, { target: "draft-7", io: "input" });
  return rewrite(schema) as Schema;
}

/** Rewrites every part of the schema into the form that editors support best. */
function rewrite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewrite);
  if (!isObject(value)) return value;
  const schema = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, rewrite(part)]));
  return branchByType(plainNumbers(flattenNull(schema)));
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
    properties: { type },
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
