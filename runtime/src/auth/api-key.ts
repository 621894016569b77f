import type { Auth } from "./auth.js";
import { defineKind, type Kind } from "../kind.js";

/** The options of `apiKey`. */
export interface ApiKeyOptions {
  /** A template, usually `{secrets.api_key}`. */
  readonly apiKey: string;
  /** Name of the header, query parameter, cookie or field. Default `Authorization`. */
  readonly name?: string | undefined;
  /** Default `header`; `param` is a synonym of `query`. */
  readonly location?: "header" | "query" | "param" | "cookie" | "body" | undefined;
  /** The text before the key: `Token `. */
  readonly prefix?: string | undefined;
}

/** Sends an API key in a header, a query parameter or a cookie; `apiKeyInBody` is for bodies. */
export function apiKey(options: ApiKeyOptions): Auth {
  const { name = "Authorization", location = "header", prefix = "" } = options;
  return {
    type: "api_key",
    options,
    credentials: async ({ expand }) => {
      const key = { [name]: prefix + (await expand(options.apiKey)) };
      if (location === "header") return { headers: key };
      return location === "cookie" ? { cookies: key } : { query: key };
    },
  };
}

/** The spec's `{"type": "api_key"}`. */
export const apiKeyKind: Kind = /* @__PURE__ */ defineKind<ApiKeyOptions>(() => ({
  family: "auth",
  type: "api_key",
  factory: "apiKey",
  // A separate factory, because few modules need the code that writes a key into a body.
  factoryFor: ({ location }) => (location === "body" ? "apiKeyInBody" : "apiKey"),
  summary: "Sends an API key in a header, a query parameter, a cookie or the body.",
  options: {
    apiKey: { type: "secret", required: true, description: "The key." },
    name: {
      type: "text",
      default: "Authorization",
      description: "The name of the header, query parameter, cookie or body field.",
    },
    location: {
      type: "choice",
      choices: ["header", "query", "param", "cookie", "body"],
      default: "header",
      description:
        "The location of the key; `param` is an alias of `query`. `body` adds a field to the JSON object or form of the request.",
    },
    prefix: {
      type: "text",
      description: "Text before the key, including a space if needed: `Token `.",
    },
  },
  check: ({ name = "", location = "header" }) =>
    location !== "header" || /^[\w!#$%&'*+.^`|~-]*$/.test(name as string)
      ? []
      : [{ option: "name", message: `invalid header name ${JSON.stringify(name)}` }],
  needsBody: ({ location }) => location === "body",
  phrase: () => "an API key",
  examples: [
    { type: "api_key", name: "api_key", api_key: "{secrets.api_key}", location: "query" },
    { type: "api_key", name: "X-API-Key", location: "header" },
    { type: "api_key", name: "session", location: "cookie" },
    { type: "api_key", prefix: "Token " },
    { type: "api_key", name: "api_key", location: "body" },
  ],
}));
