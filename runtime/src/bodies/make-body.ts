import type { Body, BodyContext, BodyText } from "./body.js";
import { ConnectorError, Fault } from "../errors.js";
import type { JsonValue } from "../json.js";
import type { PageRequest } from "../paginators/paginator.js";
import { buildRequest, lookupOf, type Draft } from "../http/request.js";
import type { Run } from "../read/session.js";
import { steps } from "../read/steps.js";

/** A kind of body: what it is made from, and how it is written. */
interface BodyKind {
  readonly type: string;
  readonly template: JsonValue;
  readonly write: (context: BodyContext) => Promise<BodyText>;
}

/** Makes a body that goes out with any method that the client's transport can send it with. */
export function makeBody({ type, template, write }: BodyKind): Body {
  return {
    type,
    template,
    [steps]: { build: buildWithBody },
    build: (context) => {
      const { method, client } = context;
      if (/^(GET|HEAD)$/i.test(method) && !client.transport.sendsBodyWithGet) {
        const mend =
          "ask with POST if the API takes it, or on Node leave out the options `fetch` and `transport`";
        throw new Fault(ConnectorError, "INVALID_OPTIONS", `\`fetch\` sends no body with ${method}: ${mend}`);
      }
      return write(context);
    },
  };
}

/** The step `build` of a resource with a body. */
async function buildWithBody(run: Run, page: PageRequest): Promise<Draft> {
  const draft = await buildRequest(run, page);
  const body = await run.resource.body?.build({ ...run, method: draft.method, lookup: lookupOf(run), page });
  if (!body) return draft;
  const { text, contentType } = body;
  const type = contentType === undefined ? {} : { "content-type": contentType };
  return { ...draft, headers: { ...type, ...draft.headers }, body: text };
}

/** What the caller's parameters put into a body: name and value, those left out not among them. */
export function bodyParams({ resource, params }: BodyContext): readonly (readonly [string, JsonValue])[] {
  return Object.entries(resource.params ?? {}).flatMap(([name, place]) => {
    const value = params[name];
    return place === "body" && value != null ? [[name, value] as const] : [];
  });
}
