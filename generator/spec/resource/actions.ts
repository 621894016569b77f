import type { JsonValue } from "@connector-gen/runtime";

import type { Report } from "../load/document.js";
import { kindOf, readUse } from "../kinds.js";
import type { MergedResource } from "./merged-resource.js";
import type { KindUse } from "../spec.js";
import { isObject, listOf, own } from "../values.js";

/** Reads `response_actions`; a rule that no response can match is dropped with a warning, as dlt ignores it. */
export function readActions(merged: MergedResource, report: Report): KindUse | undefined {
  const raw = own(own(merged.value, "endpoint"), "response_actions");
  const path = merged.at("endpoint", "response_actions");
  listOf(raw).forEach((rule, index) => {
    if (!isObject(rule) || !isIdle(rule)) return;
    const message = `this rule matches no response: add "status_code", "content" or "json_path"`;
    report({ severity: "warning", code: "idle-action", message, path: [...path, index] });
  });
  const { kind, options } = readUse(kindOf("actions"), raw, { path, report });
  const rules = listOf(options["rules"]).filter((rule) => !isIdle(rule)) as readonly JsonValue[];
  return rules.length > 0 ? { kind, options: { rules } } : undefined;
}

/** Whether a rule has an action, but no condition. */
function isIdle(rule: unknown): boolean {
  return Object.keys(Object(rule) as object).every((key) => key === "action" || key === "message");
}
