/** What stands under a name somewhere in a body. */
export interface Found {
  /** The names that lead to it; the last is its own. */
  readonly path: readonly string[];
  readonly name: string;
  /** Its name's words, see `wordsOf`, behind those of the names that lead to it. */
  readonly trail: readonly string[];
  readonly words: string;
  readonly value: unknown;
  /** The object that it stands in. */
  readonly siblings: Readonly<Record<string, unknown>>;
}

/** Everything under at most `depth` names, depth first; lists are not entered. */
export function* walkBody(
  body: unknown,
  depth: number,
  above: Pick<Found, "path" | "trail"> = { path: [], trail: [] },
): Generator<Found, void, undefined> {
  if (typeof body !== "object" || body === null || Array.isArray(body) || depth === 0) return;
  const siblings = body as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(siblings)) {
    const words = wordsOf(name);
    const found = {
      path: [...above.path, name],
      name,
      trail: [...above.trail, words],
      words,
      value,
      siblings,
    };
    yield found;
    yield* walkBody(value, depth - 1, found);
  }
}

/** The words of a name in lower case: `nextPageToken`, `next_page_token` and `next-page-token` are `next page token`. */
export function wordsOf(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .toLowerCase();
}
