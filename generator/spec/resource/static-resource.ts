import type { JsonValue } from "@connector-gen/runtime";

import { kindOf, onePage } from "../kinds.js";
import { readRecord } from "../record/record.js";
import { schemaOfRecords } from "../record/static-records.js";
import { createTemplateReader } from "../template/template-reader.js";
import { given, listOf, own, textOf, valueAt } from "../values.js";
import { describe } from "../wording.js";
import type { MergedResource } from "./merged-resource.js";
import { readSteps } from "./processing-steps.js";
import type { ReadResource, ResourceContext } from "./resource.js";

/** The keys of a resource that have no meaning without a request. */
const requestKeys = ["endpoint", "partitions", "include_from_parent", "batch", "for_each"];

/** Whether a resource lists its records instead of an endpoint. */
export function hasRecords({ value }: MergedResource): boolean {
  return Array.isArray(own(value, "records"));
}

/** Reads a resource whose records are in the spec. */
export function readStaticResource(merged: MergedResource, context: ResourceContext): ReadResource {
  const { report, root } = context;
  const { value, path } = merged;
  const records = listOf(own(value, "records")) as readonly JsonValue[];
  for (const key of requestKeys.filter((each) => valueAt(root, [...path, each]) != null)) {
    const message = `${describe(root, path)} has records, so it sends no request: remove ${key} or records`;
    report({ code: "conflicting-options", message, path: merged.at(key), at: "key" });
  }
  const reader = createTemplateReader({
    report,
    resources: [],
    partitions: [],
    isIncremental: false,
    hasJob: false,
  });
  const shape = readSteps(merged, { reader, report });
  const schema = own(value, "schema") ?? own(value, "columns") ?? undefined;
  const typed: MergedResource =
    schema === undefined ? { ...merged, value: { ...value, schema: schemaOfRecords(records) } } : merged;
  return {
    resource: {
      name: textOf(own(value, "name")) ?? "",
      method: "GET",
      path: "",
      query: {},
      inputs: [],
      headers: {},
      select: { selector: [] },
      selectRequired: true,
      paginator: onePage(),
      pageRequests: [],
      shape,
      plan: [{ kind: kindOf("plan", "static_records"), options: { records } }],
      ...readRecord(typed, shape, context),
      selected: own(value, "selected") !== false,
      ...given({
        description: textOf(own(value, "description")),
        recordType: textOf(own(value, "record_type")),
        methodName: textOf(own(value, "method_name")),
      }),
    },
    uses: [],
  };
}
