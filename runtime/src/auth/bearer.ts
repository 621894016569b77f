import type { Auth } from "./auth.js";
import { defineKind, type Kind } from "../kind.js";

/** A bearer token, RFC 6750. */
export interface BearerOptions {
  /** A template, usually `{secrets.token}`. */
  readonly token: string;
}

/** Sends `Authorization: Bearer <token>` (RFC 6750 §2.1). */
export function bearer(options: BearerOptions): Auth {
  return {
    type: "bearer",
    options,
    credentials: async ({ client, expand, warn }) => {
      const token = await expand(options.token);
      if (/^bearer\s/i.test(token) && !warned.has(client)) {
        warned.add(client);
        warn("the token begins with `Bearer`, which the client adds: pass the token alone");
      }
      return { headers: { Authorization: `Bearer ${token}` } };
    },
  };
}

/** The clients whose token is wrong. Each gets one warning, and the API has the last word. */
const warned = new WeakSet();

/** The spec's `{"type": "bearer"}`, the default for an auth object without a type. */
export const bearerKind: Kind = /* @__PURE__ */ defineKind<BearerOptions>(() => ({
  family: "auth",
  type: "bearer",
  factory: "bearer",
  summary: "Sends `Authorization: Bearer <token>`.",
  options: { token: { type: "secret", required: true, description: "The token." } },
  phrase: () => "a bearer token",
  examples: [{ type: "bearer", token: "{secrets.token}" }, { type: "bearer" }],
}));
