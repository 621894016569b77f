import type { Body } from "./body.js";
import { ConnectorError, Fault } from "../errors.js";
import type { JsonObject, JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import { expandValue } from "../client/template.js";
import { bodyParams, makeBody } from "./make-body.js";

/**
 * A JSON body. Texts and names of the template are templates; a text that is one placeholder keeps the value's type.
 * Parameters are set under their names, then the paginator's values at their dotted paths; `null` is sent as it is.
 */
export function jsonBody(template: JsonValue = {}): Body {
  return makeBody({
    type: "json",
    template,
    write: async (context) => {
      const value = await expandValue(template, context.lookup);
      const filled = [
        ...bodyParams(context).map(([name, item]) => ({ at: name, steps: [name], item })),
        ...Object.entries(context.page.body ?? {}).map(([at, item]) => ({ at, steps: at.split("."), item })),
      ].reduce(fill, value);
      return { text: JSON.stringify(filled), contentType: "application/json" };
    },
  });
}

/** A value and its place: the names that lead to it. */
interface Filling {
  /** The place in words. */
  readonly at: string;
  readonly steps: readonly string[];
  readonly item: JsonValue;
}

/** A copy with the value in its place; objects on the way are made. Spread and computed names keep `__proto__` a name. */
function fill(body: JsonValue, { at, steps, item }: Filling): JsonValue {
  const [step, ...rest] = steps;
  if (step === undefined) return item;
  if (body !== null && !isObject(body)) {
    const found = Array.isArray(body) ? "a list" : "a scalar";
    const message = `\`${at}\` cannot be put into the JSON body: ${found} is in its place; make it an object`;
    throw new Fault(ConnectorError, "INVALID_OPTIONS", message);
  }
  const inner = body && Object.hasOwn(body, step) ? body[step] : undefined;
  return { ...body, [step]: fill(inner ?? null, { at, steps: rest, item }) };
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The spec's `json`. */
export const jsonBodyKind: Kind = /* @__PURE__ */ defineKind<{ template: JsonValue }>(() => ({
  family: "body",
  type: "json",
  key: "json",
  factory: "jsonBody",
  positional: true,
  summary: "A JSON body. A text that is one placeholder becomes its value, type and all.",
  options: {
    template: {
      type: "object",
      scopes: ["secrets", "config", "resources", "partitions", "incremental"],
      description: "The body; texts and names are templates.",
    },
  },
  phrase: () => "a JSON body",
  examples: [{ filter: { since: "{incremental.start_value}" } }],
}));
