import type { Body } from "./body.js";
import { ConnectorError, Fault } from "../errors.js";
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
