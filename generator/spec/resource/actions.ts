import type { JsonValue } from "@connector-gen/runtime";

import type { Report } from "../load/document.js";
import type { MergedResource } from "./origin.js";
import { toSelector } from "../selector/selector.js";
import type { SpecAction, SpecSelector } from "../spec.js";
import { parseStatus } from "../grammar/statuses.js";
import { given, isObject, listOf, own, textOf } from "../values.js";

/** Reads `response_actions`; those that nothing can match are told and left out, as dlt passes over them. */
export function readActions(merged: MergedResource, report: Report): readonly SpecAction[] {
  return listOf(own(own(merged.value, "endpoint"), "response_actions")).flatMap((raw, index) => {
    const path = merged.at("endpoint", "response_actions", index);
    for (const message of faultsOf(raw)) report({ code: "conflicting-options", message, path });
    const action = ACTIONS.find((word) => word === own(raw, "action"));
    if (!action) return [];
    if (!isObject(raw) || !Object.keys(raw).every(isIdle)) return [{ action, ...readRule(raw) }];
    const message = `no response is meant: give "status_code", "content" or "json_path" beside "action"`;
    report({ severity: "warning", code: "idle-action", message, path });
    return [];
  });
}

const ACTIONS = ["ignore", "retry", "fail"] as const;

/** Whether a key says nothing of the responses that are meant. */
function isIdle(key: string): boolean {
  return key === "action" || key === "message";
}

function readRule(raw: unknown): Partial<SpecAction> {
  return given({
    status: readStatus(own(raw, "status_code")),
    content: textOf(own(raw, "content")),
    path: readPath(own(raw, "json_path")),
    equals: own(raw, "equals") as JsonValue | undefined,
    message: textOf(own(raw, "message")),
  });
}

function readStatus(raw: unknown): number | string | undefined {
  if (typeof raw === "string") return parseStatus(raw);
  return typeof raw === "number" ? raw : undefined;
}

function readPath(raw: unknown): SpecSelector | undefined {
  return typeof raw === "string" ? toSelector(raw) : undefined;
}

function faultsOf(raw: unknown): readonly string[] {
  const has = (key: string): boolean => own(raw, key) !== undefined;
  const faults: string[] = [];
  if (has("json_path") && !has("equals"))
    faults.push('"json_path" needs "equals": the value that stands there');
  if (has("equals") && !has("json_path")) faults.push('"equals" needs "json_path": the place of the value');
  if (has("message") && own(raw, "action") === "ignore")
    faults.push('"message" is what an error says, but "ignore" makes none');
  return faults;
}
