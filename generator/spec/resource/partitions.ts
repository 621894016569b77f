import type { Report } from "../load/document.js";
import { kindOf, readUse } from "../kinds.js";
import type { MergedResource } from "./merged-resource.js";
import { referencesOf } from "../template/placeholders.js";
import { findPartitions, type PartitionLists } from "../plan-parts.js";
import type { KindUse, SpecResource } from "../spec.js";
import type { TemplateReader } from "../template/template-reader.js";
import { isObject, own } from "../values.js";
import { quote } from "../wording.js";

/** Reads `partitions`; `undefined` if there are none. */
export function readPartitions(merged: MergedResource, report: Report): KindUse | undefined {
  const raw = own(merged.value, "partitions");
  if (!isObject(raw) || Object.keys(raw).length === 0) return undefined;
  return readUse(kindOf("plan", "partitions"), raw, { path: merged.at("partitions"), report });
}

/** Warns about partitions that no request names. */
export function checkPartitions(
  partitions: PartitionLists,
  { merged, readers, report }: { merged: MergedResource; readers: readonly TemplateReader[]; report: Report },
): void {
  const isNamed = (name: string): boolean => readers.some((reader) => reader.names(`partitions.${name}`));
  for (const name of Object.keys(partitions).filter((name) => !isNamed(name))) {
    const message = `no request or step names {partitions.${name}}, so all values of ${quote(name)} read the same records`;
    const path = merged.at("partitions", name);
    report({ severity: "warning", code: "idle-partition", message, path, at: "key" });
  }
}

/** The config values that are lists, which text cannot contain. */
export function listConfigs(resource: Pick<SpecResource, "plan">): readonly string[] {
  return Object.values(findPartitions(resource)).flatMap((values) =>
    typeof values === "string" ? referencesOf(values, "config") : [],
  );
}
