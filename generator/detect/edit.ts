import type { JsonValue } from "@connector-gen/runtime";

import type { Path } from "../spec/load/document.js";
import { isObject, own, valueAt } from "../spec/values.js";
import { editJson } from "./edit-json.js";
import type { FindingKey } from "./finding.js";

/** A value that goes into a resource of a spec. */
export interface SpecEdit {
  /** Among the spec's resources. */
  readonly index: number;
  readonly key: FindingKey;
  readonly value: JsonValue;
}

/** A spec's text, and what it says. */
export interface SpecText {
  readonly text: string;
  readonly format: "json" | "yaml";
  readonly value: JsonValue;
}

/** A change of one value: one that is there is replaced, one that is not is put into the object around it. */
export interface TextEdit {
  readonly path: Path;
  readonly value: JsonValue;
  /** The key of the object before which a new one goes; else it comes last. */
  readonly before?: string;
  /** A short form that is written out: it gets lines of its own where the text has lines. */
  readonly isWrittenOut?: true;
}

/**
 * Writes values into a spec and leaves everything else as it is, comments and layout included. Throws when the result would
 * not say what it should.
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

/** What a spec says after the edits. */
export function editValue(value: JsonValue, edits: readonly SpecEdit[]): JsonValue {
  return edits.reduce((before, each) => {
    const change = toTextEdit(before, each);
    return withValue(before, change.path, change.value);
  }, value);
}

/** Where a value goes. A resource or an endpoint that is a short form, its path as text, is written out. */
function toTextEdit(spec: JsonValue, { index, key, value }: SpecEdit): TextEdit {
  const path: Path = ["resources", index];
  const resource = valueAt(spec, path);
  if (typeof resource === "string") {
    const endpoint = { path: resource };
    const whole =
      key === "primary_key"
        ? { name: resource, primary_key: value, endpoint }
        : { name: resource, endpoint: { ...endpoint, [key]: value } };
    return { path, value: whole, isWrittenOut: true };
  }
  if (key === "primary_key") {
    const before = own(resource, "endpoint") === undefined ? undefined : "endpoint";
    return { path: [...path, key], value, ...(before !== undefined && { before }) };
  }
  const endpoint = own(resource, "endpoint");
  if (typeof endpoint === "string")
    return { path: [...path, "endpoint"], value: { path: endpoint, [key]: value }, isWrittenOut: true };
  if (!isObject(endpoint)) return { path: [...path, "endpoint"], value: { [key]: value } };
  return { path: [...path, "endpoint", key], value };
}

function withValue(root: JsonValue, path: Path, value: JsonValue): JsonValue {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(root))
    return root.map((item: JsonValue, at) => (at === step ? withValue(item, rest, value) : item));
  const object = isObject(root) ? root : {};
  return { ...object, [step]: withValue(object[step] ?? null, rest, value) };
}
