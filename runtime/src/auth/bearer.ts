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
    credentials: async ({ expand }) => ({
      headers: { Authorization: `Bearer ${await expand(options.token)}` },
    }),
  };
}

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
