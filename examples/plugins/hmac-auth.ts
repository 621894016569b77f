import { createHash, createHmac } from "node:crypto";
import { fail, type Auth } from "@connector-gen/runtime/plugin";

/** A key pair. Both are templates, usually `{config.key_id}` and `{secrets.signing_key}`. */
export interface HmacOptions {
  readonly keyId: string;
  /** 64 hexadecimal digits. */
  readonly signingKey: string;
}

/** Signs each request with HMAC-SHA256 over its method, path, date and body. */
export function hmacAuth(options: HmacOptions): Auth {
  return {
    type: "hmac",
    // Templates, never secrets: options may appear in messages.
    options,
    credentials: async ({ request, expand, redact }) => {
      const { method, url, body = "" } = request;
      const key = await expand(options.signingKey);
      if (!/^[\da-f]{64}$/i.test(key))
        fail("NO_CREDENTIALS", "the signing key must have 64 hexadecimal digits");
      const date = new Date().toISOString();
      const digest = createHash("sha256").update(body).digest("hex");
      const signature = createHmac("sha256", Buffer.from(key, "hex"))
        .update([method, new URL(url).pathname, date, digest].join("\n"))
        .digest("hex");
      // The runtime redacts the key, but does not know values derived from it.
      redact(signature);
      const keyId = await expand(options.keyId);
      return { headers: { "X-Date": date, Authorization: `HMAC ${keyId}:${signature}` } };
    },
  };
}
