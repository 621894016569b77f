import type { JsonValue } from "@connector-gen/runtime";
import type { Kind } from "@connector-gen/runtime/kinds";

import type { Path, Report } from "../load/document.js";
import { keyOfKind, kindOf, kindsOf, readUse } from "../kinds.js";
import type { MergedResource } from "./origin.js";
import { parseSelector } from "../selector/selector.js";
import type { KindUse, SpecSelector, SpecValue } from "../spec.js";
import type { TemplateReader } from "../template/template-reader.js";
import { isObject, listOf, own, type Raw, textOf } from "../values.js";
import { didYouMean, list, quote, typeName } from "../wording.js";

/** What the steps of a resource are read with. */
export interface StepContext {
  readonly reader: TemplateReader;
  readonly report: Report;
}

/** Reads `processing_steps`. In one step, functions come first, as in dlt; the others follow as they are written. */
export function readSteps(merged: MergedResource, context: StepContext): readonly KindUse[] {
  const kinds = kindsOf("shaper").filter(({ isDerived }) => !isDerived);
  const hooks = kinds.filter(({ hook }) => hook !== undefined);
  const taken = new Set<string>();
  return listOf(own(merged.value, "processing_steps")).flatMap((step, index) => {
    const keys = Object.keys(isObject(step) ? step : {});
    const named = keys.flatMap((key) => kinds.find((kind) => keyOfKind(kind) === key && !kind.hook) ?? []);
    return [...hooks, ...named].flatMap((kind): readonly KindUse[] => {
      const key = keyOfKind(kind);
      const value = own(step, key) ?? undefined;
      const path = merged.at("processing_steps", index, key);
      if (value === undefined) return [];
      if (!kind.hook) return readStep(kind, value, { ...context, path });
      if (taken.has(key)) context.report(secondHook(key, path));
      taken.add(key);
      return [{ kind, options: { step: kind.hook } }];
    });
  });
}

function secondHook(key: string, path: Path): Parameters<Report>[0] {
  const message = `there is a "${key}" already: a resource has one function for it, which can do both`;
  return { code: "conflicting-options", message, path, at: "key" };
}

type Place = StepContext & { readonly path: Path };

function readStep(kind: Kind, value: unknown, place: Place): readonly KindUse[] {
  if (kind.type === WHERE) return [{ kind, options: { conditions: readConditions(value, place) } }];
  const use = readUse(kind, value, place);
  // A value of another type, which the grammar reports, changes nothing.
  return kind.positional && Object.keys(use.options).length === 0 ? [] : [use];
}

/** The step with a short form: `{ "status": "active" }`. */
const WHERE = "where";

/** How `where` compares. */
const operators = kindOf("shaper", WHERE).options["conditions"]?.items?.options?.["operator"]?.choices ?? [];

/** A comparison: `{ "field": "status", "op": "in", "value": ["a", "b"] }`. */
interface Condition {
  readonly path: SpecSelector;
  readonly operator: string;
  readonly value: JsonValue;
  readonly [name: string]: SpecValue;
}

function readConditions(value: unknown, place: Place): readonly Condition[] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([field, wanted]) => readShort(field, wanted as JsonValue, place));
  }
  return listOf(value).flatMap((raw, index) => {
    const path: Path = [...place.path, index];
    const field = textOf(own(raw, "field"));
    const operator = operators.find((word) => word === (own(raw, "op") ?? "eq"));
    const wanted = own(raw, "value") as JsonValue | undefined;
    if (field === undefined || operator === undefined) return [];
    if (wanted === undefined && operator !== "exists") {
      place.report({ code: "missing-key", message: `"${operator}" needs a "value"`, path, at: "key" });
      return [];
    }
    const selector = parseSelector(field);
    if (!selector.ok) return [];
    const condition: Condition = {
      path: { selector: selector.segments },
      operator,
      value: wanted ?? true,
    };
    checkOperand(condition, { ...place, path: wanted === undefined ? path : [...path, "value"] });
    return [condition];
  });
}

/** `{ "status": "active" }`, `{ "age": { "ge": 18, "lt": 65 } }`. */
function readShort(field: string, wanted: JsonValue, place: Place): readonly Condition[] {
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
    const operator = operators.find((known) => known === word);
    if (!operator) {
      const message = `unknown comparison ${quote(word)}: valid comparisons are ${list(operators)}${didYouMean(word, operators)}`;
      place.report({ code: "unknown-key", message, path: [...path, word], at: "key" });
      return [];
    }
    const condition: Condition = {
      path: { selector: selector.segments },
      operator,
      value: value as JsonValue,
    };
    checkOperand(condition, { ...place, path: isObject(wanted) ? [...path, word] : path });
    return [condition];
  });
}

function checkOperand({ operator, value }: Condition, { path, report }: Place): void {
  const wrong = (wanted: string): void =>
    report({ code: "wrong-type", message: `"${operator}" needs ${wanted}, not ${typeName(value)}`, path });
  if (operator === "in" && !Array.isArray(value)) wrong("a list");
  if (operator === "exists" && typeof value !== "boolean") wrong("true or false");
  const isOrder = ["lt", "le", "gt", "ge"].includes(operator);
  if (isOrder && typeof value !== "string" && typeof value !== "number") wrong("text or a number");
}
