import { platform } from "./platform.js";

/** What stands in place of a secret. */
export const redacted = "[redacted]";

/** Removes secrets from texts by value, in every spelling in which they may turn up. */
export interface Redactor {
  /** Makes a text secret from now on. */
  readonly add: (secret: string) => void;
  /** The text without secrets. */
  readonly clean: (text: string) => string;
}

/** A redactor that knows no secret yet. */
export function createRedactor(): Redactor {
  let known: readonly string[] = [];
  return {
    add: (secret) => {
      if (!secret || known.includes(secret)) return;
      // Longest first: one spelling may be part of another.
      known = [...known, ...spell(secret)].sort((a, b) => b.length - a.length);
    },
    clean: (text) => known.reduce((rest, secret) => rest.replaceAll(secret, redacted), text),
  };
}

function spell(secret: string): readonly string[] {
  const encoded = encodeURIComponent(secret);
  return [
    secret,
    encoded,
    encoded.replaceAll("%20", "+"),
    asQuery(secret),
    JSON.stringify(secret).slice(1, -1),
    toBase64(secret),
  ].filter(Boolean);
}

/** As `URL` spells it: fewer characters are escaped than by `encodeURIComponent`. */
function asQuery(text: string): string {
  const url = new platform.URL("http://x");
  url.search = text;
  return url.search.slice(1);
}

/** Base64 of the UTF-8 bytes of a text. */
export function toBase64(text: string): string {
  return platform.btoa(String.fromCharCode(...new platform.TextEncoder().encode(text)));
}
