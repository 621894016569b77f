import { platform } from "../platform.js";

/** Replaces a secret in texts. */
export const redacted = "[redacted]";

/**
 * Removes secrets from texts by value, in every spelling in which they may occur. Only texts from outside go through it:
 * URLs, headers, bodies, causes, and the parts of messages marked by `foreign`.
 */
export interface Redactor {
  /** Makes a text a secret. Its name is that of its placeholder, if it has one. */
  readonly add: (secret: string, name?: string) => void;
  /** Returns the placeholder of a secret: `secrets.api_key`. */
  readonly nameOf: (secret: string) => string | undefined;
  /** Whether a text holds a secret of at least eight characters. A shorter one may occur by chance. */
  readonly isSecret: (text: string) => boolean;
  /** Returns the text without secrets. A secret under eight characters is removed only where it is a whole value. */
  readonly clean: (text: string) => string;
}

/** Shorter secrets are looked for as whole values only: `orders` may be a secret, but also a word of a message. */
const shortest = 8;

/** Creates a redactor that knows no secret yet. */
export function createRedactor(): Redactor {
  let known: readonly string[] = [];
  let long = /(?!)/;
  let all = long;
  const names = new Map<string, string>();
  return {
    nameOf: (secret) => names.get(secret),
    isSecret: (text) => text.search(long) >= 0,
    clean: (text) => text.replace(all, redacted),
    add: (secret, name) => {
      if (!secret) return;
      if (name) names.set(secret, name);
      const isKnown = known.includes(secret);
      // The latest first: current secrets are added again and again, and expired tokens drop out.
      known = [...new Set([secret, toBase64(secret), ...known])].slice(0, 32);
      if (isKnown) return;
      long = toRegExp(known.filter(({ length }) => length >= shortest));
      all = toRegExp(known);
    },
  };
}

/** Longest first: one secret may be part of another. */
function toRegExp(secrets: readonly string[]): RegExp {
  const sorted = [...secrets].sort((a, b) => b.length - a.length);
  return new RegExp(sorted.map(toPattern).join("|") || "(?!)", "giu");
}

/** Programs differ in the characters that they escape: each may be literal, escaped as in JSON, or percent-encoded. */
function toPattern(text: string): string {
  // Letters and digits are never escaped in long tokens: the pattern would be too large for the engine.
  const pattern = text.replace(text.length > 99 ? /\W/gu : /[^]/gu, (character) => {
    const hex = character.codePointAt(0)?.toString(16);
    const percent = character < "\x7f" ? `%0?${hex}` : encodeURIComponent(character);
    // The longer spelling first: no part of `%25` may remain.
    return `(?:${percent}|\\\\?\\u{${hex}}${character === " " ? "|\\+" : ""})`;
  });
  return text.length < shortest ? `(?<=^|[="'])${pattern}(?=$|["'&])` : pattern;
}

/** Returns the base64 encoding of a text's UTF-8 bytes. */
export function toBase64(text: string): string {
  return platform.btoa(String.fromCharCode(...new platform.TextEncoder().encode(text)));
}
