import type { Draft } from "../http/request.js";
import type { Sending } from "../http/send.js";

/** Adds the credentials of a source to its requests. */
export interface Auth {
  /** The spec's word. */
  readonly type: string;
  /** The options it was made with, as data: templates, never secrets. */
  readonly options: object;
  /** The credentials for one request. */
  readonly credentials: (context: AuthContext) => Promise<Credentials>;
}

/** What an auth scheme may ask of the reader. */
export interface AuthContext extends Sending {
  /** The request as it would go out without credentials. */
  readonly request: Draft;
  /** Puts secrets and config values into a template. Throws an `AuthError` when one is missing. */
  readonly expand: (template: string) => Promise<string>;
  /** Marks a text derived from secrets as secret itself, so that it is redacted everywhere. */
  readonly redact: (text: string) => void;
}

/** What credentials add to a request. Headers replace those of the same name; the query gets them besides what it has. */
export interface Credentials {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
  /** The whole body, in place of the request's. */
  readonly body?: string;
  /** Told that the API answers 401 to these credentials; the request is then made once more, with new ones. */
  readonly renew?: () => void;
}
