import type { JsonValue } from "@connector-gen/runtime";
import type { KindUse, SpecResource, SpecSelector } from "./spec.js";

/** The part of a plan that reads a resource once per record of its parent. */
export interface ParentsPart {
  /** The parent's name in the spec. */
  readonly parent: string;
  /** Placeholders, and the selectors of their values in the parent's record: `resources.users.id` → `["id"]`. */
  readonly values: Readonly<Record<string, SpecSelector>>;
  /** Parameters of the method, and the placeholder that each replaces: `user_id` → `resources.users.id`. */
  readonly params?: Readonly<Record<string, string>>;
  /** The path of a list in the parent's record: one read per item. */
  readonly each?: SpecSelector;
  readonly batch?: { readonly size: number; readonly join: string };
}

/** The values of partitions by name, or `{config.regions}` for a list that the factory takes. */
export type PartitionLists = Readonly<Record<string, readonly JsonValue[] | string>>;

/** Finds the part of a plan that reads a parent first. */
export function findParents({ plan }: Pick<SpecResource, "plan">): ParentsPart | undefined {
  return findPart(plan, "parents")?.options as ParentsPart | undefined;
}

/** Finds the partitions of a plan; an empty object if it has none. */
export function findPartitions({ plan }: Pick<SpecResource, "plan">): PartitionLists {
  return (findPart(plan, "partitions")?.options["partitions"] ?? {}) as PartitionLists;
}

function findPart(plan: readonly KindUse[], type: string): KindUse | undefined {
  return plan.find(({ kind }) => kind.type === type);
}
