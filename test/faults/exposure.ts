import { inspect } from "node:util";

/** Returns all text of values, including hidden and nested parts. */
export function exposureOf(...values: readonly unknown[]): string {
  return values
    .flatMap((value) => [
      inspect(value, {
        depth: Infinity,
        showHidden: true,
        maxStringLength: Infinity,
        maxArrayLength: Infinity,
      }),
      JSON.stringify(value),
      String((Object(value) as { readonly stack?: unknown }).stack),
    ])
    .join("\n");
}

/**
 * Returns the texts that reveal a secret: the secret in every encoding, and both halves of it, because half a secret may be
 * enough. Base64 has three alignments, and the characters that depend on the neighbours are omitted.
 */
export function needlesOf(secret: string): readonly string[] {
  const half = Math.ceil(secret.length / 2);
  const parts = secret.length >= 16 ? [secret.slice(0, half), secret.slice(-half)] : [secret];
  return [...new Set(parts.flatMap(encodingsOf))].filter((needle) => needle.length >= 4);
}

function encodingsOf(text: string): readonly string[] {
  const percent = encodeURIComponent(text);
  const base64 = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const [start, end] = [Math.ceil((before * 4) / 3), Math.floor((bytes.length * 8) / 6) - 1];
    return bytes.toString("base64").slice(start, end);
  });
  return [
    text,
    percent,
    percent.toLowerCase(),
    encodeURIComponent(percent),
    new URLSearchParams({ k: text }).toString().slice(2),
    JSON.stringify(text).slice(1, -1),
    text.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
    Buffer.from(text).toString("hex"),
    ...base64,
    ...base64.map((each) => each.replaceAll("+", "-").replaceAll("/", "_")),
  ];
}
