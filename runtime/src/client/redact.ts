import { platform } from "../platform.js";

/** What stands in place of a secret. */
export const redacted = "[redacted]";

/** Removes secrets from texts by value, in every spelling in which they may turn up. */
export interface Redactor {
  /** Makes a text secret from now on; its name is that of its placeholder, if it has one. */
  readonly add: (secret: string, name?: string) => void;
  /** The placeholder of a secret: `secrets.api_key`. */
  readonly nameOf: (secret: string) => string | undefined;
  /** Whether a text holds a secret. */
  readonly isSecret: (text: string) => boolean;
  /** The text without secrets. */
  readonly clean: (text: string) => string;
}

/** A redactor that knows no secret yet. */
export function createRedactor(): Redactor {
  let known: readonly string[] = [];
  let pattern = /(?!)/;
  const names = new Map<string, string>();
  const clean = (text: string): string => text.replace(pattern, redacted);
  return {
    nameOf: (secret) => names.get(secret),
    isSecret: (text) => clean(text) !== text,
    clean,
    add: (secret, name) => {
      if (!secret) return;
      if (name) names.set(secret, name);
      const isKnown = known.includes(secret);
      // The latest first: those in use are added again and again, and what falls out are tokens of long ago.
      known = [...new Set([secret, toBase64(secret), ...known])].slice(0, 32);
      if (isKnown) return;
      // Longest first: one secret may be part of another.
      const patterns = [...known].sort((a, b) => b.length - a.length).map(toPattern);
      pattern = new RegExp(patterns.join("|"), "giu");
    },
  };
}

/** No two programs escape the same characters in URLs: each may stand as it is, as in JSON, or percent-encoded. */
function toPattern(text: string): string {
  return Array.from(text, (character) => {
    // Nobody escapes letters and digits: in keys and tokens, the pattern would be too large for the engine.
    if (text.length > 99 && /\w/.test(character)) return character;
    const hex = character.codePointAt(0)?.toString(16);
    const percent = character < "\x7f" ? `%0?${hex}` : encodeURIComponent(character);
    // The longer spelling first: of `%25`, nothing may stay.
    return `(?:${percent}|\\\\?\\u{${hex}}${character === " " ? "|\\+" : ""})`;
  }).join("");
}

/** Base64 of the UTF-8 bytes of a text. */
export function toBase64(text: string): string {
  return platform.btoa(String.fromCharCode(...new platform.TextEncoder().encode(text)));
}
