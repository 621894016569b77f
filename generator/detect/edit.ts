import type { JsonValue } from "@connector-gen/runtime";
import type { Path } from "../spec/load/document.js";
import { isObject, own, valueAt, withValue } from "../spec/values.js";
import { appendJson, editJson } from "./edit-json.js";
import type { FindingKey } from "./finding.js";

/** A value to write into a resource of a spec. */
export interface SpecEdit {
  /** Index of the resource in the spec; `client` for a value that all resources share. */
  readonly index: number | "client";
  readonly key: FindingKey | "schema" | "params";
  readonly value: JsonValue;
  /**
   * Location below the key: `["properties", "name"]` of a schema, `["since"]` of the parameters. Default: the key itself.
   */
  readonly within?: Path;
}

/** The text of a spec and its parsed value. */
export interface SpecText {
  readonly text: string;
  readonly format: "json" | "yaml";
  readonly value: JsonValue;
}

/** A change of one value: replaces an existing value, or adds a new key to the object that contains it. */
export interface TextEdit {
  readonly path: Path;
  readonly value: JsonValue;
  /** Existing key before which a new key is added. Default: after the last key. */
  readonly before?: string;
  /** Whether the value replaces a short form. It gets one line per key, unless the whole text is one line. */
  readonly isExpanded?: true;
}

/**
 * Writes values into the text of a spec and keeps everything else, including comments and layout. Throws if the layout
 * does not allow an edit.
 */
export async function editSpec(spec: SpecText, edits: readonly SpecEdit[]): Promise<string> {
  const edit = spec.format === "json" ? editJson : (await import("./edit-yaml.js")).editYaml;
  let { text, value } = spec;
  for (const each of edits) {
    const change = toTextEdit(value, each);
    text = edit(text, change);
    value = withValue(value, change.path, change.value);
  }
  return text;
}

/**
 * Adds a resource to the end of a spec's text and keeps everything else, including comments and layout. Throws if the
 * layout does not allow it.
 */
export async function appendResource({ text, format }: SpecText, resource: JsonValue): Promise<string> {
  const append = format === "json" ? appendJson : (await import("./edit-yaml.js")).appendYaml;
  return append(text, ["resources"], resource);
}

/** Applies the edits to the parsed value of a spec. */
export function editValue(value: JsonValue, edits: readonly SpecEdit[]): JsonValue {
  return edits.reduce((before, each) => {
    const change = toTextEdit(before, each);
    return withValue(before, change.path, change.value);
  }, value);
}

/** Locates an edit. Expands a resource or an endpoint in short form, which is only a path. */
function toTextEdit(spec: JsonValue, { index, key, value, within = [] }: SpecEdit): TextEdit {
  if (index === "client") return { path: ["client", key], value };
  const path: Path = ["resources", index];
  const resource = valueAt(spec, path);
  if (key === "schema" && typeof resource !== "string") return { path: [...path, key, ...within], value };
  if (typeof resource === "string") {
    const endpoint = { path: resource };
    const whole =
      key === "primary_key" || key === "include_from_parent"
        ? { name: resource, [key]: value, endpoint }
        : key === "schema"
          ? { name: resource, endpoint, schema: value }
          : { name: resource, endpoint: { ...endpoint, [key]: value } };
    return { path, value: whole, isExpanded: true };
  }
  if (key === "primary_key" || key === "include_from_parent") {
    const before = own(resource, "endpoint") === undefined ? undefined : "endpoint";
    return { path: [...path, key], value, ...(before !== undefined && { before }) };
  }
  const endpoint = own(resource, "endpoint");
  const isNew = within.length > 0 && own(endpoint, key) === undefined;
  const whole = isNew ? nest(within, value) : value;
  if (typeof endpoint === "string")
    return { path: [...path, "endpoint"], value: { path: endpoint, [key]: whole }, isExpanded: true };
  if (!isObject(endpoint)) return { path: [...path, "endpoint"], value: { [key]: whole } };
  return { path: [...path, "endpoint", key, ...(isNew ? [] : within)], value: whole };
}

function nest(path: Path, value: JsonValue): JsonValue {
  return path.reduceRight<JsonValue>((inner, step) => ({ [step]: inner }), value);
}
