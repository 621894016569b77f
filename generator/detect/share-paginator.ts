import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { isObject, listOf, own } from "../spec/values.js";
import type { SpecEdit } from "./edit.js";

/**
 * Moves a paginator that all resources share into `client`. Resources with one page may differ. Returns the edits
 * unchanged if a resource has another paginator, or none.
 */
export function sharePaginator(spec: JsonValue, edits: readonly SpecEdit[]): readonly SpecEdit[] {
  const resources = listOf(own(spec, "resources"));
  const values = resources.map((resource, index) => {
    const edit = edits.find((each) => each.index === index && each.key === "paginator");
    return edit ? edit.value : own(own(resource, "endpoint"), "paginator");
  });
  const shared = sharedOf(values);
  const isNew = edits.filter(({ key, value }) => key === "paginator" && isSame(value, shared));
  if (shared === undefined || isNew.length < 2 || hasPaginator(spec)) return edits;
  return [
    { index: "client", key: "paginator", value: shared },
    ...edits.filter((edit) => !isNew.includes(edit)),
  ];
}

/** Moves a paginator that all resources of a new spec share into `client`. */
export function withSharedPaginator(spec: JsonObject): JsonObject {
  const resources = listOf(spec["resources"]) as readonly JsonObject[];
  const shared = sharedOf(resources.map((resource) => own(resource["endpoint"], "paginator")));
  if (shared === undefined || resources.length < 2 || hasPaginator(spec)) return spec;
  const without = resources.map((resource) => {
    const { paginator, ...endpoint } = resource["endpoint"] as JsonObject;
    return isSame(paginator, shared) ? { ...resource, endpoint } : resource;
  });
  return { ...spec, client: { ...(spec["client"] as JsonObject), paginator: shared }, resources: without };
}

/** Returns the paginator that all resources have except those with one page, if there are at least two. */
function sharedOf(values: readonly unknown[]): JsonValue | undefined {
  const paging = values.filter((value) => value !== "single_page");
  const [first, ...others] = paging;
  const isShared = others.length > 0 && others.every((value) => isSame(value, first));
  return isShared && (typeof first === "string" || isObject(first)) ? (first as JsonValue) : undefined;
}

function hasPaginator(spec: JsonValue): boolean {
  const places = [own(spec, "client"), own(own(spec, "resource_defaults"), "endpoint")];
  return places.some((place) => own(place, "paginator") !== undefined);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
