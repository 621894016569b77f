import { expandValue } from "../client/template.js";
import { ConnectorError, ReadFailure } from "../errors.js";
import { toText, type JsonValue } from "../json.js";
import { createBody, type Body } from "./body.js";
import { writeForm, type FormField } from "./form.js";
import { defineKind, type Kind } from "../kind.js";

/**
 * A form, `application/x-www-form-urlencoded`: an object, or pairs of name and value. Lists are repeated, `null` is
 * omitted, booleans are `true` and `false`, objects are JSON. Parameters and the paginator's values replace fields of
 * the same name.
 */
export function formBody(template: JsonValue = {}): Body {
  return createBody({
    type: "form",
    template,
    write: async ({ params, page, lookup }) => {
      const fields = toFields(await expandValue(template, lookup));
      const added = new Map(Object.entries({ ...params, ...page }));
      const text = writeForm([...fields.filter(([name]) => !added.has(name)), ...added]);
      return { text, contentType: "application/x-www-form-urlencoded" };
    },
  });
}

function toFields(form: JsonValue): readonly FormField[] {
  if (form === null || typeof form !== "object") throw invalid("it is neither an object nor a list of pairs");
  if (!Array.isArray(form)) return Object.entries(form);
  return form.map((pair: JsonValue, index): FormField => {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw invalid(`its item ${index} is not a pair of name and value`);
    const [name = null, value = null] = pair as readonly JsonValue[];
    return [toText(name), value];
  });
}

function invalid(why: string): ReadFailure {
  return new ReadFailure(ConnectorError, "INVALID_OPTIONS", `the form body is invalid: ${why}`);
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
      scopes: ["secrets", "config", "resources", "partitions", "incremental", "job"],
      description: "The fields; texts and names are templates.",
    },
  },
  phrase: () => "a form body",
  examples: [
    { grant: "all" },
    [
      ["id", "1"],
      ["id", "2"],
    ],
  ],
}));
