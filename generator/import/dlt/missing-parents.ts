import type { JsonValue } from "@connector-gen/runtime";
import { isObject } from "../../spec/values.js";
import type { Span } from "../python/nodes.js";
import type { Converter, Target } from "./converter.js";

/** A part of a spec during its conversion. */
type Block = Record<string, JsonValue>;

/** A resource whose parent is not in the spec. */
interface Child {
  readonly converter: Converter;
  readonly target: Target;
  /** Position of the path, for messages. */
  readonly origin: Span;
  readonly known: ReadonlySet<string>;
}

const reference = /\{resources\.([^.{}]+)\.([^{}]+)\}/g;

/**
 * Replaces the fields of parents that could not be imported by parameters of the method, so the app passes the values.
 * Reports each parent.
 */
export function replaceParents(resource: Block, child: Child): Block {
  const { endpoint } = resource;
  const missing = new Set<string>();
  const replaced = isObject(endpoint) ? replaceIn(endpoint, child, missing) : endpoint;
  if (missing.size === 0 || replaced === undefined) return resource;
  const { include_from_parent: _, ...others } = resource;
  const names = [...missing].map((name) => JSON.stringify(name)).join(" and ");
  const { from, to } = child.origin;
  child.converter.report({
    code: "omitted",
    path: [...child.target.path, "endpoint"],
    what: "parent in",
    instead: `the spec has no resource ${names}: its fields are parameters of the method`,
    from,
    to,
  });
  return { ...others, endpoint: replaced };
}

function replaceIn(endpoint: Block, { known }: Child, missing: Set<string>): Block {
  const params: Block = isObject(endpoint["params"]) ? { ...endpoint["params"] } : {};
  const isMissing = (name: string): boolean => !known.has(name) && missing.add(name).has(name);
  for (const [key, value] of Object.entries(params)) {
    const whole = typeof value === "string" ? /^\{resources\.([^.{}]+)\.[^{}]+\}$/.exec(value) : null;
    const parent = isObject(value) && value["type"] === "resolve" ? value["resource"] : whole?.[1];
    if (typeof parent === "string" && isMissing(parent)) params[key] = { type: "input", required: true };
  }
  const replaceText = (text: string): string =>
    text.replaceAll(reference, (all, name: string, field: string) => {
      if (!isMissing(name)) return all;
      const parameter = field.replaceAll(/\W+/g, "_").replaceAll(/^_+|_+$/g, "") || "value";
      params[parameter] = { type: "input", required: true };
      return `{${parameter}}`;
    });
  const path = typeof endpoint["path"] === "string" ? replaceText(endpoint["path"]) : undefined;
  return {
    ...endpoint,
    ...(path !== undefined && { path }),
    ...(Object.keys(params).length > 0 && { params }),
  };
}
