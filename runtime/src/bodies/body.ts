import type { Lookup } from "../client/template.js";
import { ConnectorError, ReadFailure } from "../errors.js";
import type { JsonObject, JsonValue } from "../json.js";

/** Writes the body of a request: `jsonBody`, `formBody` and `rawBody`. */
export interface Body {
  /** The spec's word: `json`, `form` or `raw`. */
  readonly type: string;
  /** The template it was made with, as data. */
  readonly template: unknown;
  /** Returns the body of one page's request. */
  readonly build: (context: BodyContext) => BodyText | Promise<BodyText>;
}

/** The parts of a body. */
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

/** A body as text, and the media type that it is sent with unless a header names another one. */
export interface BodyText {
  readonly text: string;
  readonly contentType?: string | undefined;
}

/** The parts of a body of this package: its template, and how it is written. */
interface BodyDefinition {
  readonly type: string;
  readonly template: JsonValue;
  readonly write: (context: BodyContext) => Promise<BodyText>;
}

/** Creates a body that is refused with methods that the transport cannot send it with. */
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
