import type { JsonValue } from "@connector-gen/runtime";

import { isCredential } from "./kinds.js";
import { referencesOf, type Scope } from "./placeholders.js";
import type { KindUse, Spec } from "./spec.js";

/** Collects the names of a source's secrets and config values, in order of first appearance. */
export function collectReferences(
  source: Pick<Spec, "baseUrl" | "headers" | "auth" | "resources">,
): Pick<Spec, "secrets" | "config"> {
  const templates = [
    source.baseUrl,
    ...credentialsOf(source.auth),
    ...Object.values(source.headers),
    ...source.resources.flatMap((resource) => [
      resource.path,
      ...Object.values(resource.query).flatMap(textsIn),
      ...Object.values(resource.headers),
      ...credentialsOf(resource.auth),
    ]),
  ];
  const names = (scope: Scope): string[] => [
    ...new Set(templates.flatMap((text) => referencesOf(text, scope))),
  ];
  return { secrets: names("secrets"), config: names("config") };
}

function credentialsOf(use: KindUse | null | undefined): string[] {
  if (!use) return [];
  const names = Object.keys(use.kind.options).filter((name) => {
    const option = use.kind.options[name];
    return option !== undefined && isCredential(option);
  });
  return names.flatMap((name) => textsIn(use.options[name] ?? null));
}

function textsIn(value: JsonValue): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.flatMap((item: JsonValue) => textsIn(item)) : [];
}
