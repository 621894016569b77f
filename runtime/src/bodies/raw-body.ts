import { defineKind, type Kind } from "../kind.js";
import { expand } from "../client/template.js";
import { ConnectorError, ReadFailure } from "../errors.js";
import { createBody, type Body } from "./body.js";

/** A text with its placeholders replaced. It has no media type: set the header `Content-Type`. */
export function rawBody(template = ""): Body {
  return createBody({
    type: "raw",
    template,
    write: async ({ params, page, lookup }) => {
      const [added] = Object.keys({ ...params, ...page });
      if (added === undefined) return { text: await expand(template, lookup) };
      const message = `\`${added}\` cannot be part of a text body: use a JSON body or a form`;
      throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", message);
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
      scopes: ["secrets", "config", "resources", "partitions", "incremental", "job"],
      description: "The body, a template.",
    },
  },
  phrase: () => "a raw body",
  examples: ["id=1"],
}));
