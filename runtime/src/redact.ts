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
  let pattern = /(?!)/;
  return {
    add: (secret) => {
      if (!secret || known.includes(secret)) return;
      // Longest first: one secret may be part of another.
      known = [...known, secret, toBase64(secret)].sort((a, b) => b.length - a.length);
      pattern = new RegExp(known.map(toPattern).join("|"), "giu");
    },
    clean: (text) => text.replace(pattern, redacted),
  };
}

/** No two programs escape the same characters in URLs: each may stand as it is, as in JSON, or percent-encoded. */
function toPattern(text: string): string {
  return Array.from(text, (character) => {
    const hex = character.codePointAt(0)?.toString(16);
    const percent = character < "\x7f" ? `%0?${hex}` : encodeURIComponent(character);
    // The longer spelling first: of `%25`, nothing may stay.
    return `(${percent}|\\\\?\\u{${hex}}${character === " " ? "|\\+" : ""})`;
  }).join("");
}

/** Base64 of the UTF-8 bytes of a text. */
export function toBase64(text: string): string {
  return platform.btoa(String.fromCharCode(...new platform.TextEncoder().encode(text)));
}
