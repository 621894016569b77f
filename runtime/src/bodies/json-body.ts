import { defineKind, type Kind } from "../kind.js";
import { expandValue } from "../client/template.js";
import { ConnectorError, ReadFailure } from "../errors.js";
import { toJson } from "../exact-json.js";
import type { JsonObject, JsonValue } from "../json.js";
import { createBody, type Body } from "./body.js";

/**
 * A JSON body. Texts and names of the template are templates; a text that is exactly one placeholder keeps the value's
 * type. Parameters are set under their names, then the paginator's values at their dotted paths. `null` is sent.
 */
export function jsonBody(template: JsonValue = {}): Body {
  return createBody({
    type: "json",
    template,
    write: async ({ params, page, lookup }) => {
      const value = await expandValue(template, lookup);
      const filled = [
        ...Object.entries(params).map(([name, item]) => ({ path: name, names: [name], item })),
        ...Object.entries(page).map(([path, item]) => ({ path, names: path.split("."), item })),
      ].reduce(fill, value);
      return { text: toJson(filled), contentType: "application/json" };
    },
  });
}

/** A value and its path in the body. */
interface Filling {
  /** For messages. */
  readonly path: string;
  readonly names: readonly string[];
  readonly item: JsonValue;
}

/**
 * Returns a copy with the value set. Missing objects are created; an item of a list must exist. Computed names make
 * `__proto__` an ordinary name.
 */
function fill(body: JsonValue, { path, names, item }: Filling): JsonValue {
  const [name, ...rest] = names;
  if (name === undefined) return item;
  if (Array.isArray(body) && /^\d+$/.test(name) && Number(name) < body.length)
    return (body as readonly JsonValue[]).map((inner, index) =>
      index === Number(name) ? fill(inner, { path, names: rest, item }) : inner,
    );
  if (body !== null && !isObject(body)) {
    const found = Array.isArray(body) ? `a list of ${body.length}` : "a scalar";
    const fix = Array.isArray(body) ? `\`${name}\` is not the index of an item` : "make that an object";
    const message = `cannot set \`${path}\` in the JSON body: it is inside ${found}; ${fix}`;
    throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", message);
  }
  const inner = body && Object.hasOwn(body, name) ? body[name] : undefined;
  return { ...body, [name]: fill(inner ?? null, { path, names: rest, item }) };
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
  summary: "A JSON body. Text that is exactly one placeholder becomes its value, with its type.",
  options: {
    template: {
      type: "object",
      scopes: ["secrets", "config", "resources", "partitions", "incremental", "job"],
      description: "The body; texts and names are templates.",
    },
  },
  phrase: () => "a JSON body",
  examples: [{ filter: { since: "{incremental.start_value}" } }],
}));
