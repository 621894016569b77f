import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import type { Path, Problem } from "../../spec/load/document.js";
import { extractLiteralSecrets } from "../../spec/secrets.js";
import { listOf, own, valueAt } from "../../spec/values.js";
import { describe, quote } from "../../spec/wording.js";
import type { Span } from "../python/nodes.js";
import type { Converter } from "./converter.js";

/** A spec without the literal secrets of its source. */
export interface RedactedSpec {
  readonly spec: JsonObject;
  readonly secrets: readonly string[];
  /** Parts of the source that no message may show. */
  readonly hidden: readonly Span[];
  readonly problems: readonly Problem[];
}

/** A message about a part of the source. */
export interface Message extends Span {
  readonly code: string;
  readonly message: string;
}

/** Maximum length of code in a message, in characters. */
const maxCodeLength = 60;

/** Replaces the literal secrets of a spec by options of the generated factory. */
export function redactSpec(converter: Converter, spec: JsonObject): RedactedSpec {
  const { value, secrets, masked, problems } = extractLiteralSecrets(spec, "extract");
  const found = [...secrets, ...converter.literals.map(({ secret }) => secret)];
  const origins = [...masked, ...converter.literals.map(({ path }) => path)].map((path) =>
    originOf(converter, path),
  );
  const removed = masked.filter((path) => isMasked(valueAt(value, path)));
  for (const path of removed) removeValue(value, path);
  removeSecretDescriptions(value, found);
  return {
    spec: value as JsonObject,
    secrets: found,
    hidden: [...origins, ...converter.hidden],
    problems: [
      ...problems,
      ...removed.map((path) => ({ code: "unknown-key", path, message: "" })),
      ...converter.literals.map(({ path }) => ({ code: "literal-secret", path, message: "" })),
    ],
  };
}

/** Describes all values that the spec contains in another form or not at all. */
export function describeLosses(
  converter: Converter,
  { spec, problems }: RedactedSpec,
  text: string,
): readonly Message[] {
  const losses = converter.losses.map(({ from, to, code, path, what, instead }) => {
    if (code === "assumed") {
      const subject = path.length === 0 ? "the configuration" : describe(spec, path);
      const reason = what === undefined ? "" : `, by the default of the parameter ${what}`;
      const message = `${subject} depends on ${codeOf(text, { from, to })}; the spec assumes that it is ${instead}${reason}`;
      return { from, to, code, message };
    }
    const subject =
      what === undefined ? " is missing" : `: cannot convert the ${what} ${codeOf(text, { from, to })}`;
    return { from, to, code, message: `${describe(spec, path)}${subject}; ${instead}` };
  });
  const secrets = problems.map(({ code, path }) => {
    const where = describe(spec, path);
    const message =
      code === "unknown-key"
        ? `${where} is not an option of this auth scheme; omitted, because it may be a secret`
        : `${where} is a literal secret; replaced by ${optionsOf(spec, path)}: pass the value to the generated factory`;
    return { ...originOf(converter, path), code, message };
  });
  return [...losses, ...secrets];
}

/** Describes the computed texts and their values. */
export function describeComposed(
  converter: Converter,
  { spec }: RedactedSpec,
): readonly { from: number; message: string }[] {
  return converter.composed.flatMap(({ from, path }) => {
    const value = valueAt(spec, path);
    return typeof value === "string"
      ? [{ from, message: `${describe(spec, path)} evaluates to ${quote(value)}` }]
      : [];
  });
}

function codeOf(text: string, { from, to }: Span): string {
  const code = text.slice(from, to).replaceAll(/\s+/g, " ");
  const short = code.length > maxCodeLength ? `${code.slice(0, maxCodeLength)}…` : code;
  return `\`${short.replaceAll("`", "'")}\``;
}

/** Returns the source position of a value, or of the nearest value that contains it. */
function originOf({ origins }: Converter, path: Path): Span {
  for (let length = path.length; length >= 0; length -= 1) {
    const origin = origins.get(JSON.stringify(path.slice(0, length)));
    if (origin) return { from: origin.from, to: origin.to };
  }
  return { from: 0, to: 0 };
}

function optionsOf(spec: JsonObject, path: Path): string {
  const value = valueAt(spec, path);
  const names = typeof value === "string" ? (value.match(/\{secrets\.\w+\}/g) ?? []) : [];
  return names.join(" and ") || "an option";
}

/** Whether a value is the mask of a possible secret under an unknown key. */
function isMasked(value: unknown): boolean {
  return value === 0 || (typeof value === "string" && /^•+$/.test(value));
}

function removeValue(spec: JsonValue, path: Path): void {
  const holder = valueAt(spec, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof holder === "object" && holder !== null && key !== undefined) Reflect.deleteProperty(holder, key);
}

/** Removes descriptions that contain a secret, such as those from comments. */
function removeSecretDescriptions(spec: JsonValue, secrets: readonly string[]): void {
  for (const holder of [spec, ...listOf(own(spec, "resources"))]) {
    const description = own(holder, "description");
    if (
      typeof description === "string" &&
      secrets.some((secret) => secret !== "" && description.includes(secret))
    )
      Reflect.deleteProperty(holder as object, "description");
  }
}
