import type { Lookup } from "../client/template.js";
import { ConnectorError, ReadFailure } from "../errors.js";
import type { JsonObject, JsonValue } from "../json.js";

/** Writes the body of a request: `jsonBody`, `formBody` and `rawBody`. */
export interface Body {
  /** The type of the body: `json`, `form` or `raw`. */
  readonly type: string;
  /** The template of the factory, as data. */
  readonly template: unknown;
  /** Returns the body of one page's request. */
  readonly build: (context: BodyContext) => BodyText | Promise<BodyText>;
}

/** The values that a body is built from. */
export interface BodyContext {
  /** Upper case: `POST`. */
  readonly method: string;
  /** Whether the transport can send a body with this method. `fetch` cannot with `GET` and `HEAD`. */
  readonly allowsBody: boolean;
  /** The caller's parameters that belong to the body, by name. */
  readonly params: JsonObject;
  /** The paginator's values by dotted path. */
  readonly page: JsonObject;
  /** Returns the value of a placeholder of the resource. */
  readonly lookup: Lookup;
}

/** A body as text, with its media type, which a `Content-Type` header overrides. */
export interface BodyText {
  readonly text: string;
  readonly contentType?: string | undefined;
}

/** The definition of a body: its template, and the function that writes it. */
interface BodyDefinition {
  readonly type: string;
  readonly template: JsonValue;
  readonly write: (context: BodyContext) => Promise<BodyText>;
}

/** Creates a body. `build` throws if the transport cannot send a body with the method. */
export function createBody({ type, template, write }: BodyDefinition): Body {
  return {
    type,
    template,
    build: (context) => {
      if (context.allowsBody) return write(context);
      const fix = "use POST if the API accepts it, or on Node omit the options `fetch` and `transport`";
      const message = `\`fetch\` cannot send a body with ${context.method}: ${fix}`;
      throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", message);
    },
  };
}
