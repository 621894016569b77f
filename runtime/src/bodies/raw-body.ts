import type { Body } from "./body.js";
import { ConnectorError, Fault } from "../errors.js";
import { defineKind, type Kind } from "../kind.js";
import { expand } from "../client/template.js";
import { bodyParams, makeBody } from "./make-body.js";

/** A text as it is, placeholders put in. It names no type: give the header `Content-Type`. */
export function rawBody(template = ""): Body {
  return makeBody({
    type: "raw",
    template,
    write: async (context) => {
      const [added] = [...bodyParams(context), ...Object.entries(context.page.body ?? {})];
      if (added) {
        const message = `\`${added[0]}\` has no place in a body that is text: make it a JSON body or a form`;
        throw new Fault(ConnectorError, "INVALID_OPTIONS", message);
      }
      return { text: await expand(template, context.lookup) };
    },
  });
}

/** The spec's `data` that is text. */
export const rawBodyKind: Kind = /* @__PURE__ */ defineKind<{ template: string }>(() => ({
  family: "body",
  type: "raw",
  key: "data",
  factory: "rawBody",
  positional: true,
  summary: "Text is sent as it is.",
  options: {
    template: {
      type: "text",
      scopes: ["secrets", "config", "resources", "partitions", "incremental"],
      description: "The body, a template.",
    },
  },
  phrase: () => "a body",
  examples: ["id=1"],
}));
