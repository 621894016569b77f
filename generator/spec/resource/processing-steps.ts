import type { JsonValue } from "@connector-gen/runtime";

import type { Path, Report } from "../load/document.js";
import type { MergedResource } from "./origin.js";
import { OPERATORS } from "../grammar/processing-steps.js";
import { parseSelector } from "../selector/selector.js";
import type { SpecCondition, SpecShaper } from "../spec.js";
import type { TemplateReader } from "../template/template-reader.js";
import { given, isObject, listOf, numberOf, own, type Raw, textOf } from "../values.js";
import { didYouMean, list, quote, typeName } from "../wording.js";

/** What the steps of a resource are read with. */
export interface StepContext {
  readonly reader: TemplateReader;
  readonly report: Report;
}

/** dlt's order within one step; others follow as they are written. */
const FIRST = ["filter", "map"];

/** What `add` may name: no secrets, which would end up in records. */
const ADDED = ["config", "resources", "partitions"] as const;

/** Reads `processing_steps`. */
export function readSteps(merged: MergedResource, context: StepContext): readonly SpecShaper[] {
  const hooks = new Set<string>();
  return listOf(own(merged.value, "processing_steps")).flatMap((step, index) => {
    if (!isObject(step)) return [];
    const keys = Object.keys(step).filter((key) => !FIRST.includes(key));
    return [...FIRST, ...keys].flatMap((key): SpecShaper[] => {
      const value = own(step, key) ?? undefined;
      const path = merged.at("processing_steps", index, key);
      if (value === undefined) return [];
      if (key === "filter" || key === "map") {
        if (hooks.has(key)) context.report(secondHook(key, path));
        hooks.add(key);
        return [{ type: "hook", hook: key }];
      }
      const shaper = readStep(key, value, { ...context, path });
      return shaper ? [shaper] : [];
    });
  });
}

function secondHook(key: string, path: Path): Parameters<Report>[0] {
  const message = `there is a "${key}" already: a resource has one function for it, which can do both`;
  return { code: "conflicting-options", message, path, at: "key" };
}

type Place = StepContext & { readonly path: Path };

function readStep(key: string, value: unknown, place: Place): SpecShaper | undefined {
  switch (key) {
    case "rename":
      return { type: "rename", fields: textsIn(value) };
    case "remove":
      return { type: "remove", fields: listOf(value).flatMap((name) => textOf(name) ?? []) };
    case "add":
      return isObject(value) ? { type: "add", fields: readAdded(value, place) } : undefined;
    case "where":
      return { type: "where", conditions: readConditions(value, place) };
    case "flatten":
      return {
        type: "flatten",
        ...given({ separator: textOf(own(value, "separator")), depth: numberOf(own(value, "depth")) }),
      };
    default:
      // The grammar reports it.
      return undefined;
  }
}

/** Names of fields are no templates. */
function readAdded(value: Raw, { reader, path }: Place): Readonly<Record<string, JsonValue>> {
  const entries = Object.entries(value).map(([name, item]) => {
    const place = { path: [...path, name], scopes: ADDED };
    return [name, reader.readValue(item as JsonValue, place)] as const;
  });
  return Object.fromEntries(entries);
}

function readConditions(value: unknown, place: Place): readonly SpecCondition[] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([field, wanted]) => readShort(field, wanted as JsonValue, place));
  }
  return listOf(value).flatMap((raw, index) => {
    const path: Path = [...place.path, index];
    const field = textOf(own(raw, "field"));
    const operator = OPERATORS.find((word) => word === (own(raw, "op") ?? "eq"));
    const wanted = own(raw, "value") as JsonValue | undefined;
    if (field === undefined || operator === undefined) return [];
    if (wanted === undefined && operator !== "exists") {
      place.report({ code: "missing-key", message: `"${operator}" needs a "value"`, path, at: "key" });
      return [];
    }
    const selector = parseSelector(field);
    if (!selector.ok) return [];
    const condition: SpecCondition = {
      path: { selector: selector.segments },
      operator,
      value: wanted ?? true,
    };
    checkOperand(condition, { ...place, path: wanted === undefined ? path : [...path, "value"] });
    return [condition];
  });
}

/** `{ "status": "active" }`, `{ "age": { "ge": 18, "lt": 65 } }`. */
function readShort(field: string, wanted: JsonValue, place: Place): readonly SpecCondition[] {
  const path: Path = [...place.path, field];
  const selector = parseSelector(field);
  if (!selector.ok) {
    const message = `in the field ${quote(field)}: ${selector.message}`;
    place.report({ code: "bad-selector", message, path, at: "key" });
    return [];
  }
  if (Array.isArray(wanted)) {
    const message = `does the field hold one of these, or all of them as a list? write { "in": […] } or { "eq": […] }`;
    place.report({ code: "wrong-type", message, path });
    return [];
  }
  const tests = isObject(wanted) ? Object.entries(wanted as Raw) : [["eq", wanted] as const];
  return tests.flatMap(([word, value]) => {
    const operator = OPERATORS.find((known) => known === word);
    if (!operator) {
      const message = `${quote(word)} is no comparison: there are ${list(OPERATORS)}${didYouMean(word, OPERATORS)}`;
      place.report({ code: "unknown-key", message, path: [...path, word], at: "key" });
      return [];
    }
    const condition: SpecCondition = {
      path: { selector: selector.segments },
      operator,
      value: value as JsonValue,
    };
    checkOperand(condition, { ...place, path: isObject(wanted) ? [...path, word] : path });
    return [condition];
  });
}

function checkOperand({ operator, value }: SpecCondition, { path, report }: Place): void {
  const wrong = (wanted: string): void =>
    report({ code: "wrong-type", message: `"${operator}" needs ${wanted}, not ${typeName(value)}`, path });
  if (operator === "in" && !Array.isArray(value)) wrong("a list");
  if (operator === "exists" && typeof value !== "boolean") wrong("true or false");
  const isOrder = ["lt", "le", "gt", "ge"].includes(operator);
  if (isOrder && typeof value !== "string" && typeof value !== "number") wrong("text or a number");
}

function textsIn(value: unknown): Readonly<Record<string, string>> {
  const texts = Object.entries(isObject(value) ? value : {}).filter(([, text]) => typeof text === "string");
  return Object.fromEntries(texts) as Record<string, string>;
}
