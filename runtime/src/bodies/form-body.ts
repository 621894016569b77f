import { encodeField } from "../auth/form.js";
import type { Body } from "./body.js";
import { ConnectorError, Fault } from "../errors.js";
import type { JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import { expandValue, toText } from "../client/template.js";
import { bodyParams, makeBody } from "./make-body.js";

type Field = readonly [name: string, value: JsonValue];

/**
 * A form, `application/x-www-form-urlencoded`: an object, or pairs of name and value. Lists become repeated fields, `null`
 * is left out, booleans are `true` and `false`, objects JSON. Parameters and the paginator's values replace fields of
 * their names.
 */
export function formBody(template: JsonValue = {}): Body {
  return makeBody({
    type: "form",
    template,
    write: async (context) => {
      const fields = toFields(await expandValue(template, context.lookup));
      const added = new Map([...bodyParams(context), ...Object.entries(context.page.body ?? {})]);
      const text = [...fields.filter(([name]) => !added.has(name)), ...added]
        .flatMap(([name, value]) => [value].flat().map((item: JsonValue) => [name, item] as const))
        .filter(([, value]) => value !== null)
        .map(([name, value]) => `${encodeField(name)}=${encodeField(toText(value))}`)
        .join("&");
      return { text, contentType: "application/x-www-form-urlencoded" };
    },
  });
}

function toFields(form: JsonValue): readonly Field[] {
  if (form === null || typeof form !== "object") throw noForm("it is neither an object nor a list of pairs");
  if (!Array.isArray(form)) return Object.entries(form);
  return form.map((pair: JsonValue, at): Field => {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw noForm(`its item ${at} is no pair of name and value`);
    const [name = null, value = null] = pair as readonly JsonValue[];
    return [toText(name), value];
  });
}

function noForm(why: string): Fault {
  return new Fault(ConnectorError, "INVALID_OPTIONS", `the form cannot be written: ${why}`);
}

/** The spec's `data` that is an object or a list of pairs. */
export const formBodyKind: Kind = /* @__PURE__ */ defineKind<{ template: JsonValue }>(() => ({
  family: "body",
  type: "form",
  key: "data",
  factory: "formBody",
  positional: true,
  summary: "A form, as an object or as pairs.",
  options: {
    template: {
      type: "form",
      scopes: ["secrets", "config", "resources", "partitions", "incremental"],
      description: "The fields; texts and names are templates.",
    },
  },
  phrase: () => "a form",
  examples: [
    { grant: "all" },
    [
      ["id", "1"],
      ["id", "2"],
    ],
  ],
}));
