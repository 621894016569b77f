/** Maximum length of a line of a spec that is written, in characters. */
export const lineWidth = 110;

/** Prints JSON on one line with spaces: `{ "a": [1, 2] }`. `write` may replace the text of a value. */
export function printJson(
  value: unknown,
  write: (value: unknown) => string | undefined = () => undefined,
): string {
  const print = (part: unknown): string => {
    const own = write(part);
    if (own !== undefined) return own;
    if (Array.isArray(part)) return `[${part.map(print).join(", ")}]`;
    if (typeof part !== "object" || part === null) return JSON.stringify(part);
    const entries = Object.entries(part).map(([key, inner]) => `${JSON.stringify(key)}: ${print(inner)}`);
    return entries.length > 0 ? `{ ${entries.join(", ")} }` : "{}";
  };
  return print(value);
}
