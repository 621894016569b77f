import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import type { Vector, VectorRequest } from "./vector.js";

/** The parts of a config that a comparison needs: which requests belong to which resource and parent item. */
export interface Endpoints {
  /** Names of all resources, in order. */
  readonly names: readonly string[];
  /** The names of the resources that a run of the whole source reads. */
  readonly selected: readonly string[];
  /** The chain of parents, the nearest first. */
  readonly ancestorsOf: (resource: string) => readonly string[];
  /** Whether a request has the path of a resource. */
  readonly isOf: (resource: string, request: VectorRequest) => boolean;
  /** The values of a request from its parent item, and its path: the same for all pages of one item. */
  readonly groupOf: (resource: string, request: VectorRequest) => string;
}

interface Endpoint {
  readonly path: string;
  readonly isSelected: boolean;
  readonly values: JsonObject;
}

/** Reads the parts of a vector's config that grouping needs. A config with mistakes has no requests to group. */
export function readEndpoints({ config }: Vector): Endpoints {
  const defaults = objectOf(objectOf(config["resource_defaults"])["endpoint"]);
  const base = textOf(objectOf(config["client"])["base_url"]);
  const resources = (Array.isArray(config["resources"]) ? config["resources"] : []) as readonly JsonValue[];
  const endpoints = new Map(resources.map((resource) => readEndpoint(resource, defaults)));
  const ancestorsOf = (resource: string): readonly string[] => {
    const parent = parentOf(endpoints.get(resource));
    return parent === undefined || parent === resource ? [] : [parent, ...ancestorsOf(parent)];
  };
  return {
    names: [...endpoints.keys()],
    selected: [...endpoints].filter(([, { isSelected }]) => isSelected).map(([name]) => name),
    ancestorsOf,
    isOf: (resource, request) => toPattern(base, endpoints.get(resource)?.path ?? "").test(request.path),
    groupOf: (resource, request) => {
      const values = boundValues(endpoints.get(resource)?.values ?? {}, toValues(request));
      return `${resource}: ${request.method} ${request.origin ?? ""}${request.path} ${JSON.stringify(values)}`;
    },
  };
}

function readEndpoint(resource: JsonValue, defaults: JsonObject): readonly [string, Endpoint] {
  const given = typeof resource === "string" ? { name: resource } : objectOf(resource);
  const name = textOf(given["name"]);
  const own =
    typeof given["endpoint"] === "string" ? { path: given["endpoint"] } : objectOf(given["endpoint"]);
  const endpoint: JsonObject = { ...defaults, ...own };
  const params = { ...objectOf(defaults["params"]), ...objectOf(own["params"]) };
  const json = { ...objectOf(defaults["json"]), ...objectOf(own["json"]) };
  const { headers = null, data = null } = endpoint;
  const path = typeof own["path"] === "string" ? own["path"] : name;
  return [name, { path, isSelected: given["selected"] !== false, values: { params, json, headers, data } }];
}

/** The first parent that a placeholder or a `resolve` parameter names. */
function parentOf(endpoint: Endpoint | undefined): string | undefined {
  const text = JSON.stringify(endpoint ?? null);
  const name = /(?<!\{)\{resources\.([^.{}]+)\./.exec(text)?.[1];
  return name ?? /"type":"resolve","resource":"([^"]+)"/.exec(text)?.[1];
}

/** The values of a request where the config has a parent's value, in the config's order. */
function boundValues(template: JsonValue, value: JsonValue | undefined): readonly JsonValue[] {
  if (typeof template === "string") return template.includes("{resources.") ? [value ?? null] : [];
  if (typeof template !== "object" || template === null) return [];
  return Object.entries(template).flatMap(([key, item]) => {
    if (key.includes("{resources.")) return [Object.keys(objectOf(value))];
    const inner = objectOf(value);
    return boundValues(item, inner[key] ?? inner[key.toLowerCase()]);
  });
}

function toValues({ query, json = null, headers, form, text }: VectorRequest): JsonObject {
  const params = Object.fromEntries(query);
  return { params, json, headers: { ...headers }, data: form ? Object.fromEntries(form) : (text ?? null) };
}

/** A path with placeholders as a pattern over paths as sent. */
function toPattern(base: string, path: string): RegExp {
  const isAbsolute = /^https?:\/\//.test(path);
  const url = isAbsolute ? path : `${base.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`;
  const sent = url.replace(/^https?:\/\/[^/]*/, "").replace(/\?.*$/s, "");
  const pieces = sent.split(/\{[^{}]*\}/).map((piece) => escapePattern(piece));
  return new RegExp(`^${pieces.join("[^?]*")}/?$`);
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === "object" && value !== null ? (value as JsonObject) : {};
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
