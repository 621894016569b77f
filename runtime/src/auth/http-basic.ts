import type { Auth } from "./auth.js";
import { defineKind, type Kind } from "../kind.js";
import { toBase64 } from "../client/secret-forms.js";

/** User name and password, RFC 7617. */
export interface HttpBasicOptions {
  /** A template. */
  readonly username: string;
  /** A template, usually `{secrets.password}`. */
  readonly password: string;
}

/** Sends `Authorization: Basic <base64 of user:password in UTF-8>` (RFC 7617). */
export function httpBasic(options: HttpBasicOptions): Auth {
  return {
    type: "http_basic",
    options,
    credentials: async ({ expand, redact }) => {
      const pair = toBase64(`${await expand(options.username)}:${await expand(options.password)}`);
      redact(pair);
      return { headers: { Authorization: `Basic ${pair}` } };
    },
  };
}

/** The spec's `{"type": "http_basic"}`. */
export const httpBasicKind: Kind = /* @__PURE__ */ defineKind<HttpBasicOptions>(() => ({
  family: "auth",
  type: "http_basic",
  factory: "httpBasic",
  summary: "Sends a user name and password as HTTP Basic authentication (RFC 7617).",
  options: {
    username: { type: "credential", required: true, description: "The user name." },
    password: { type: "secret", required: true, description: "The password. It may be empty." },
  },
  phrase: () => "a user name and password",
  examples: [
    { type: "http_basic", username: "{secrets.username}", password: "{secrets.password}" },
    { type: "http_basic", username: "{secrets.api_key}", password: "" },
    { type: "http_basic" },
  ],
}));
