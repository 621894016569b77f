/** Removes secrets from a text. */
export type Clean = (text: string) => string;

const mark = "\x01";

/** Marks a text from outside (an API, a library, a user's value) inside a message. Only marked parts are redacted. */
export function foreign(text: unknown): string {
  return mark + String(text).replaceAll(mark, " ") + mark;
}

/** The maximum length of a message. */
export const longestMessage = 2000;

/**
 * Redacts the foreign parts of a message, limits each to 200 characters, and makes the message one line of printable
 * characters.
 */
export function toPlainText(message: string, clean: Clean): string {
  const parts = message.split(mark).map((part, index) => (index % 2 ? toLine(clean(cut(part)), 200) : part));
  return toLine(parts.join(""), longestMessage);
}

/** Does the same for a warning. A plug-in cannot mark the foreign parts of its text, so its whole text is redacted. */
export function toWarning(text: string, clean: Clean): string {
  return toPlainText(text.includes(mark) ? text : clean(cut(text)), clean);
}

/** Returns the start of a text, long enough to find secrets in the part that is shown. */
export function cut(text: string): string {
  return text.slice(0, 2 ** 14);
}

/** Escapes control and bidirectional characters and line separators, and limits the length. */
export function toLine(text: string, limit: number = longestMessage): string {
  const line = text.slice(0, limit + 1).replace(unprintable, (character) => {
    const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
    return short ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return line.length > limit ? `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, "")}…` : line;
}

const unprintable = /[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
