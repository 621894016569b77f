import type { JsonValue } from "@connector-gen/runtime";
import { listConfigs } from "../resource/partitions.js";
import { referencesOf } from "./placeholders.js";
import type { KindUse, Spec, SpecPart, SpecResource, SpecShaper } from "../spec.js";
import { isObject } from "../values.js";

/** The parts of a spec that can refer to secrets and config values. */
type Templates = Pick<Spec, "baseUrl" | "headers" | "auth" | "resources">;

/** Collects the names of a source's secrets and config values, in order of first appearance. */
export function collectReferences(source: Templates): Pick<Spec, "secrets" | "config"> {
  const lists = source.resources.flatMap(({ plan }) => listConfigs(plan));
  return {
    secrets: namesIn(source, "secrets"),
    config: [...new Set([...namesIn(source, "config"), ...lists])],
  };
}

/** The names of one scope in all templates, in order of first appearance. */
export function namesIn(source: Templates, scope: "secrets" | "config"): readonly string[] {
  const templates = [
    source.baseUrl,
    ...credentialsOf(source.auth),
    ...Object.values(source.headers),
    ...source.resources.flatMap(templatesOf),
  ];
  return [...new Set(templates.flatMap((text) => referencesOf(text, scope)))];
}

function templatesOf(resource: SpecResource): string[] {
  return [
    resource.path,
    ...textsIn(resource.query),
    ...textsIn(resource.headers),
    ...(resource.body ? textsIn(resource.body.template) : []),
    ...credentialsOf(resource.auth),
    ...resource.shape.flatMap(templatesOfShaper),
    ...resource.plan.flatMap(templatesOfPart),
  ];
}

function templatesOfShaper(step: SpecShaper): string[] {
  return step.type === "add" ? Object.values(step.fields).flatMap(textsIn) : [];
}

function templatesOfPart(part: SpecPart): string[] {
  return part.type === "incremental" ? [part.initial ?? null, part.end ?? null].flatMap(textsIn) : [];
}

/** The types of auth options that are templates. */
const templateTypes = ["secret", "credential", "template", "object"];

function credentialsOf(use: KindUse | null | undefined): string[] {
  if (!use) return [];
  const { kind, options, uses = {} } = use;
  const names = Object.keys(kind.options).filter((name) =>
    templateTypes.includes(kind.options[name]?.type ?? ""),
  );
  return [
    ...names.flatMap((name) => textsIn((options[name] ?? null) as JsonValue)),
    ...Object.values(uses).flatMap(credentialsOf),
  ];
}

/** Every string of a value, field names included. */
function textsIn(value: JsonValue): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap((item: JsonValue) => textsIn(item));
  return isObject(value) ? Object.entries(value).flatMap(([name, item]) => [name, ...textsIn(item)]) : [];
}
