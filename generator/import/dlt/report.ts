import type { JsonObject, JsonValue } from "@connector-gen/runtime";

import type { Path, Problem } from "../../spec/load/document.js";
import { extractLiteralSecrets } from "../../spec/secrets.js";
import { listOf, own, valueAt } from "../../spec/values.js";
import { describe, quote } from "../../spec/wording.js";
import type { Span } from "../python/nodes.js";
import type { Carrier } from "./carrier.js";

/** A spec without the secrets that stood in the source. */
export interface Disclosed {
  readonly spec: JsonObject;
  readonly secrets: readonly string[];
  /** Pieces of the source that no message may show. */
  readonly hidden: readonly Span[];
  readonly problems: readonly Problem[];
}

/** A message about a piece of the source. */
export interface Message extends Span {
  readonly code: string;
  readonly message: string;
}

/** The longest piece of code that a message repeats. */
const MAX_CODE = 60;

/** Takes literal secrets out of a spec; each becomes an option of the generated factory. */
export function disclose(carrier: Carrier, spec: JsonObject): Disclosed {
  const { value, secrets, masked, problems } = extractLiteralSecrets(spec, "extract");
  const found = [...secrets, ...carrier.literals.map(({ secret }) => secret)];
  const places = [...masked, ...carrier.literals.map(({ path }) => path)].map((path) =>
    placeOf(carrier, path),
  );
  const dropped = masked.filter((path) => isHidden(valueAt(value, path)));
  for (const path of dropped) remove(value, path);
  dropSecretDescriptions(value, found);
  return {
    spec: value as JsonObject,
    secrets: found,
    hidden: [...places, ...carrier.hidden],
    problems: [
      ...problems,
      ...dropped.map((path) => ({ code: "unknown-key", path, message: "" })),
      ...carrier.literals.map(({ path }) => ({ code: "literal-secret", path, message: "" })),
    ],
  };
}

/** Says what became of everything that could not be carried over as it was. */
export function explain(carrier: Carrier, { spec, problems }: Disclosed, text: string): readonly Message[] {
  const losses = carrier.losses.map(({ from, to, code, path, what, instead }) => {
    const subject =
      what === undefined
        ? " is not given"
        : `: the ${what} ${codeOf(text, { from, to })} cannot be carried over`;
    return { from, to, code, message: `${describe(spec, path)}${subject}; ${instead}` };
  });
  const secrets = problems.map(({ code, path }) => {
    const where = describe(spec, path);
    const message =
      code === "unknown-key"
        ? `${where} is no option of this auth scheme; it is left out, as it may be a secret`
        : `${where} is a literal secret, which is not carried over; ${optionsOf(spec, path)} stands in its place: give it to the generated factory`;
    return { ...placeOf(carrier, path), code, message };
  });
  return [...losses, ...secrets];
}

/** Says what became of text that was put together while it was read. */
export function noteComposed(
  carrier: Carrier,
  { spec }: Disclosed,
): readonly { from: number; message: string }[] {
  return carrier.composed.flatMap(({ from, path }) => {
    const value = valueAt(spec, path);
    return typeof value === "string"
      ? [{ from, message: `${describe(spec, path)} is read as ${quote(value)}` }]
      : [];
  });
}

function codeOf(text: string, { from, to }: Span): string {
  const code = text.slice(from, to).replaceAll(/\s+/g, " ");
  const short = code.length > MAX_CODE ? `${code.slice(0, MAX_CODE)}…` : code;
  return `\`${short.replaceAll("`", "'")}\``;
}

/** The place of a value, or of the nearest one around it. */
function placeOf({ places }: Carrier, path: Path): Span {
  for (let length = path.length; length >= 0; length -= 1) {
    const place = places.get(JSON.stringify(path.slice(0, length)));
    if (place) return { from: place.from, to: place.to };
  }
  return { from: 0, to: 0 };
}

function optionsOf(spec: JsonObject, path: Path): string {
  const value = valueAt(spec, path);
  const names = typeof value === "string" ? (value.match(/\{secrets\.\w+\}/g) ?? []) : [];
  return names.join(" and ") || "an option";
}

/** What stands where a value may have been a secret, but under no known key. */
function isHidden(value: unknown): boolean {
  return value === 0 || (typeof value === "string" && /^•+$/.test(value));
}

function remove(spec: JsonValue, path: Path): void {
  const holder = valueAt(spec, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof holder === "object" && holder !== null && key !== undefined) Reflect.deleteProperty(holder, key);
}

/** A comment that repeats a secret does not become documentation. */
function dropSecretDescriptions(spec: JsonValue, secrets: readonly string[]): void {
  for (const holder of [spec, ...listOf(own(spec, "resources"))]) {
    const description = own(holder, "description");
    if (
      typeof description === "string" &&
      secrets.some((secret) => secret !== "" && description.includes(secret))
    )
      Reflect.deleteProperty(holder as object, "description");
  }
}
