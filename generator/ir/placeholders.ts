import type { JsonValue } from "@connector-gen/runtime";
import { findParents, findPartitions, type ParentsPart, type PartitionLists } from "../spec/plan-parts.js";
import type { Spec, SpecResource } from "../spec/spec.js";
import type { PlaceholderType } from "./shape.js";
import type { TypeIr } from "./source-ir.js";
import { json, typeAt, type Declared } from "./type-paths.js";
import { unionOf } from "./union.js";

/** The context in which placeholders are typed. */
export interface PlaceholderContext {
  readonly spec: Spec;
  readonly declared: Declared;
  /** Returns the record type of a resource in the form that its children receive. */
  readonly recordOf: (resource: SpecResource) => TypeIr;
}

/** Maximum number of values in a union. A longer union is less readable than `string`. */
const maxValues = 24;

/** Returns the type of the value of a placeholder: `resources.users.id`, `partitions.region`, `config.x`. */
export function typePlaceholder(
  resource: SpecResource,
  name: string,
  context: PlaceholderContext,
): PlaceholderType {
  if (/^(config|secrets)\./.test(name)) return { type: { kind: "string" } };
  const partition = name.startsWith("partitions.") ? name.slice("partitions.".length) : undefined;
  const part = findParents(resource);
  const found =
    partition === undefined
      ? part && typeParentValue(part, name, context)
      : typePartition(findPartitions(resource), partition);
  if (found) return found;
  const parent = part && findResource(context.spec, part.parent);
  const inherited = parent && typePlaceholder(parent, name, context);
  return inherited?.origin === undefined ? { type: json } : inherited;
}

/** Finds a resource by its name in the spec. */
function findResource({ resources }: Spec, name: string): SpecResource | undefined {
  return resources.find((resource) => resource.name === name);
}

function typeParentValue(
  part: ParentsPart,
  name: string,
  { spec, declared, recordOf }: PlaceholderContext,
): PlaceholderType | undefined {
  if (!Object.hasOwn(part.values, name)) return undefined;
  const origin = `From the parent record of \`${part.parent}\``;
  const parent = findResource(spec, part.parent);
  const selector = part.values[name];
  const type = parent && selector ? typeAt(selector, recordOf(parent), declared) : json;
  // A batch joins the values of several parents into one text.
  if (part.batch) return { type: unionOf([type, { kind: "string" }]), origin };
  const params = Object.entries(part.params ?? {});
  // If parameters identify the parent, its other fields are unknown.
  if (params.length === 0 || params.some(([, placeholder]) => placeholder === name)) return { type, origin };
  const given = params.map(([param]) => `\`${param}\``).join(" and ");
  return { type, origin, missing: `${given} ${params.length > 1 ? "are" : "is"} given` };
}

function typePartition(partitions: PartitionLists, name: string): PlaceholderType | undefined {
  if (!Object.hasOwn(partitions, name)) return undefined;
  const values = partitions[name] ?? [];
  const type: TypeIr = typeof values === "string" ? { kind: "string" } : typeOfValues(values);
  return { type, origin: `The \`${name}\` of the partition` };
}

function typeOfValues(values: readonly JsonValue[]): TypeIr {
  const simple = values.filter((value) => typeof value !== "object" || value === null);
  if (simple.length < values.length || values.length === 0) return json;
  if (simple.length <= maxValues) return { kind: "enum", values: [...new Set(simple)] };
  if (simple.every((value) => typeof value === "string")) return { kind: "string" };
  return simple.every((value) => typeof value === "number") ? { kind: "number", integer: false } : json;
}
