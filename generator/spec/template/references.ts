import type { JsonValue } from "@connector-gen/runtime";
import { listConfigs } from "../resource/partitions.js";
import { referencesOf } from "./placeholders.js";
import type { KindUse, Spec, SpecResource } from "../spec.js";
import { isObject } from "../values.js";

/** The parts of a spec that can refer to secrets and config values. */
type Templates = Pick<Spec, "baseUrl" | "headers" | "auth" | "resources">;

/** Collects the names of a source's secrets and config values, in order of first appearance. */
export function collectReferences(source: Templates): Pick<Spec, "secrets" | "config"> {
  const lists = source.resources.flatMap(listConfigs);
  return {
    secrets: namesIn(source, "secrets"),
    config: [...new Set([...namesIn(source, "config"), ...lists])],
  };
}

/** The names of one scope in all templates, in order of first appearance. */
export function namesIn(source: Templates, scope: "secrets" | "config"): readonly string[] {
  const templates = [
    source.baseUrl,
    ...templatesOfUse(source.auth),
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
    ...templatesOfUse(resource.body),
    ...templatesOfUse(resource.auth),
    ...resource.pageRequests.flatMap(templatesOfUse),
    ...resource.shape.flatMap(templatesOfUse),
    ...resource.plan.flatMap(templatesOfUse),
  ];
}

/** The types of options that are templates. */
const templateTypes = ["secret", "credential", "template", "object", "bound"];

function templatesOfUse(use: KindUse | null | undefined): string[] {
  if (!use) return [];
  const { kind, options, uses = {} } = use;
  const names = Object.entries(kind.options).flatMap(([name, { type, scopes, items, options: inner }]) => {
    const hasScopes = [scopes, items?.scopes, ...Object.values(inner ?? {}).map((each) => each.scopes)];
    return hasScopes.some(Boolean) || templateTypes.includes(type) ? [name] : [];
  });
  return [
    ...names.flatMap((name) => textsIn((options[name] ?? null) as JsonValue)),
    ...Object.values(uses).flatMap(templatesOfUse),
  ];
}

/** Every string of a value, field names included. */
function textsIn(value: JsonValue): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap((item: JsonValue) => textsIn(item));
  return isObject(value) ? Object.entries(value).flatMap(([name, item]) => [name, ...textsIn(item)]) : [];
}
