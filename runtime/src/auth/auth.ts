import type { Lookup } from "../client/template.js";
import type { HeadersLike, UnsignedRequest, WireResponse } from "../http/transport.js";
import type { FetchSignal } from "../platform.js";

/** Adds credentials to the requests of a source. */
export interface Auth {
  /** The `type` in the spec. */
  readonly type: string;
  /** The options of the factory as data: templates, never secrets. */
  readonly options: object;
  /** Returns the credentials of one request. Called only for trusted origins. */
  readonly credentials: (context: AuthContext) => Credentials | Promise<Credentials>;
}

/** The services that an auth scheme may use. */
export interface AuthContext {
  /** The request as it would be sent without credentials. */
  readonly request: UnsignedRequest;
  /** The client: the same object for all its requests, so it can be the key of shared tokens. */
  readonly client: object;
  /** Returns the value of `secrets.x` or `config.x`. Throws an `AuthError` if a secret is missing. */
  readonly lookup: Lookup;
  /** Replaces the placeholders in a template. Throws an `AuthError` if a secret is missing. */
  readonly expand: (template: string) => Promise<string>;
  /** Returns an option of the factory, for example a function. */
  readonly option: (name: string) => unknown;
  /** Marks a text derived from secrets as a secret, so errors, events and logs never show it. */
  readonly redact: (text: string) => void;
  /** Emits a warning. */
  readonly warn: (message: string) => void;
  /** Returns an absolute URL; a relative path starts from the base URL. */
  readonly resolveUrl: (path: string) => Promise<string>;
  /** Milliseconds for one attempt. */
  readonly timeoutMs: number;
  /**
   * Sends a request without credentials, for example for a token, and returns the decoded JSON. Aborted with the attempt
   * unless it gets its own signal. Calls `observe` with each response as it arrives, redirects included. Throws like any
   * other request.
   */
  readonly send: (
    request: UnsignedRequest,
    signal?: FetchSignal,
    observe?: (response: Pick<WireResponse, "status" | "headers">) => undefined,
  ) => Promise<AuthResult>;
}

/** The response to a request of an auth scheme. */
export interface AuthResult {
  /** Decoded JSON. */
  readonly body: unknown;
  readonly headers: HeadersLike;
  /** The URL after redirects. */
  readonly url: string;
}

/** Credentials of a request. Headers replace headers of the same name; query parameters are appended. */
export interface Credentials {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly cookies?: Readonly<Record<string, string>> | undefined;
  /** Replaces the whole body of the request. */
  readonly body?: string | undefined;
  /** Called after a 401. The request is then repeated once with new credentials. */
  readonly renew?: (() => void) | undefined;
}
