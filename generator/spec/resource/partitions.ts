import type { JsonValue } from "@connector-gen/runtime";

import type { Report } from "../load/document.js";
import type { MergedResource } from "./origin.js";
import { referencesOf } from "../template/placeholders.js";
import type { SpecPart } from "../spec.js";
import type { TemplateReader } from "../template/template-reader.js";
import { isObject, own } from "../values.js";
import { quote } from "../wording.js";

/** `partitions` of a resource. */
export type Partitions = Extract<SpecPart, { type: "partitions" }>;

/** Reads `partitions`; nothing when there are none. */
export function readPartitions(merged: MergedResource): Partitions | undefined {
  const raw = own(merged.value, "partitions");
  const entries = Object.entries(isObject(raw) ? raw : {}).flatMap(([name, values]) =>
    Array.isArray(values) || typeof values === "string"
      ? [[name, values as JsonValue[] | string] as const]
      : [],
  );
  return entries.length === 0 ? undefined : { type: "partitions", partitions: Object.fromEntries(entries) };
}

/** Warns of partitions for which nothing differs. */
export function checkPartitions(
  { partitions }: Partitions,
  { merged, readers, report }: { merged: MergedResource; readers: readonly TemplateReader[]; report: Report },
): void {
  const isNamed = (name: string): boolean => readers.some((reader) => reader.names(`partitions.${name}`));
  for (const name of Object.keys(partitions).filter((name) => !isNamed(name))) {
    const message = `nothing names {partitions.${name}}: the same is read for every value of ${quote(name)}`;
    const path = merged.at("partitions", name);
    report({ severity: "warning", code: "idle-partition", message, path, at: "key" });
  }
}

/** The config values that stand for whole lists: no text can hold them. */
export function listConfigs(parts: readonly SpecPart[]): readonly string[] {
  return parts.flatMap((part) =>
    part.type === "partitions"
      ? Object.values(part.partitions).flatMap((values) =>
          typeof values === "string" ? referencesOf(values, "config") : [],
        )
      : [],
  );
}
