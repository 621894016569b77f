/** What stands under a name in a body. */
export interface Found {
  /** The names that lead to it; the last is its own. */
  readonly path: readonly string[];
  readonly name: string;
  /** See `wordsOf`. */
  readonly words: string;
  readonly value: unknown;
  /** The object that it stands in. */
  readonly siblings: Readonly<Record<string, unknown>>;
}

/** The words of a name in lower case: `nextPageToken`, `next_page_token` and `NextPageToken` are `next page token`. */
export function wordsOf(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .toLowerCase();
}

/** Everything under at most `depth` names, depth first; lists are not entered. */
export function* walk(
  body: unknown,
  depth: number,
  above: readonly string[] = [],
): Generator<Found, void, undefined> {
  if (!isRecord(body) || depth === 0) return;
  for (const [name, value] of Object.entries(body)) {
    const path = [...above, name];
    yield { path, name, words: wordsOf(name), value, siblings: body };
    yield* walk(value, depth - 1, path);
  }
}

/** Whether a value is an object in the sense of JSON. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Words in the style of a name: `page token` like `nextPageToken` is `pageToken`, like `next_cursor` it is `page_token`. */
export function inStyleOf(name: string, words: string): string {
  const parts = words.split(" ");
  const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
  const bare = name.replace(/^[_$@]+/, "");
  if (/^[A-Z][a-z\d]/.test(bare)) return parts.map(capital).join("");
  if (/[a-z\d][A-Z]/.test(bare)) return parts.map((part, at) => (at === 0 ? part : capital(part))).join("");
  return parts.join(bare.includes("-") ? "-" : "_");
}

/** `1 record`, `20 records`. */
export function count(number: number, word: string): string {
  return `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
}
