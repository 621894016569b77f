import type { JsonValue } from "@connector-gen/runtime";
import type { Kind } from "@connector-gen/runtime/kinds";

import type { Path, Report } from "../load/document.js";
import { keyOfKind, kindOf, kindsOf, readUse } from "../kinds.js";
import type { MergedResource } from "./merged-resource.js";
import { parseSelector, warnAboutDots } from "../selector/selector.js";
import type { KindUse, SpecSelector, SpecValue } from "../spec.js";
import type { TemplateReader } from "../template/template-reader.js";
import { isObject, listOf, own, type Raw, textOf } from "../values.js";
import { describeUnknown, quote, typeName } from "../wording.js";

/** The context for reading processing steps. */
export interface StepContext {
  readonly reader: TemplateReader;
  readonly report: Report;
}

/** Reads `processing_steps`. In one step, functions come first, as in dlt; the others follow in the order of the spec. */
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
  const message = `duplicate "${key}": a resource has one function for it; combine both`;
  return { code: "conflicting-options", message, path, at: "key" };
}

type StepLocation = StepContext & { readonly path: Path };

function readStep(kind: Kind, value: unknown, location: StepLocation): readonly KindUse[] {
  if (kind.type === whereStep) return [{ kind, options: { conditions: readConditions(value, location) } }];
  const use = readUse(kind, value, location);
  // A value of another type, which the grammar reports, changes nothing.
  return kind.positional && Object.keys(use.options).length === 0 ? [] : [use];
}

/** The step with a short form: `{ "status": "active" }`. */
const whereStep = "where";

/** The comparisons of `where`. */
const operators =
  kindOf("shaper", whereStep).options["conditions"]?.items?.options?.["operator"]?.choices ?? [];

/** A comparison: `{ "field": "status", "op": "in", "value": ["a", "b"] }`. */
interface Condition {
  readonly path: SpecSelector;
  readonly operator: string;
  readonly value: JsonValue;
  readonly [name: string]: SpecValue;
}

function readConditions(value: unknown, location: StepLocation): readonly Condition[] {
  if (isObject(value)) {
    return Object.entries(value).flatMap(([field, wanted]) =>
      readShort(field, wanted as JsonValue, location),
    );
  }
  return listOf(value).flatMap((raw, index) => {
    const path: Path = [...location.path, index];
    const field = textOf(own(raw, "field"));
    const operator = operators.find((word) => word === (own(raw, "op") ?? "eq"));
    const wanted = own(raw, "value") as JsonValue | undefined;
    if (field === undefined || operator === undefined) return [];
    if (wanted === undefined && operator !== "exists") {
      location.report({ code: "missing-key", message: `"${operator}" needs a "value"`, path, at: "key" });
      return [];
    }
    const selector = parseSelector(field);
    if (!selector.ok) return [];
    const condition: Condition = {
      path: { selector: selector.segments },
      operator,
      value: wanted ?? true,
    };
    checkOperand(condition, { ...location, path: wanted === undefined ? path : [...path, "value"] });
    return [condition];
  });
}

/** `{ "status": "active" }`, `{ "age": { "ge": 18, "lt": 65 } }`. */
function readShort(field: string, wanted: JsonValue, location: StepLocation): readonly Condition[] {
  const path: Path = [...location.path, field];
  const selector = parseSelector(field);
  if (!selector.ok) {
    const message = `in the field ${quote(field)}: ${selector.message}`;
    location.report({ code: "bad-selector", message, path, at: "key" });
    return [];
  }
  for (const { severity, code, message } of warnAboutDots(field))
    location.report({ severity, code, message, path, at: "key" });
  if (Array.isArray(wanted)) {
    const message = `a list is ambiguous: write { "in": […] } for one of its values, or { "eq": […] } for the whole list`;
    location.report({ code: "wrong-type", message, path });
    return [];
  }
  const tests = isObject(wanted) ? Object.entries(wanted as Raw) : [["eq", wanted] as const];
  return tests.flatMap(([word, value]) => {
    const operator = operators.find((known) => known === word);
    if (!operator) {
      const message = describeUnknown("comparison", word, operators);
      location.report({ code: "unknown-key", message, path: [...path, word], at: "key" });
      return [];
    }
    const condition: Condition = {
      path: { selector: selector.segments },
      operator,
      value: value as JsonValue,
    };
    checkOperand(condition, { ...location, path: isObject(wanted) ? [...path, word] : path });
    return [condition];
  });
}

function checkOperand({ operator, value }: Condition, { path, report }: StepLocation): void {
  const wrong = (wanted: string): void =>
    report({ code: "wrong-type", message: `"${operator}" needs ${wanted}, not ${typeName(value)}`, path });
  if (operator === "in" && !Array.isArray(value)) wrong("a list");
  if (operator === "exists" && typeof value !== "boolean") wrong("true or false");
  const isOrder = ["lt", "le", "gt", "ge"].includes(operator);
  if (isOrder && typeof value !== "string" && typeof value !== "number") wrong("text or a number");
}
