/** A property found in a body. */
export interface Found {
  /** The names on the path to it, its own name last. */
  readonly path: readonly string[];
  readonly name: string;
  /** The words of the names on the path, see `wordsOf`. */
  readonly trail: readonly string[];
  /** The words of its own name. */
  readonly words: string;
  readonly value: unknown;
  /** The object that contains it. */
  readonly siblings: Readonly<Record<string, unknown>>;
}

/** Yields all properties up to a depth, depth first; does not descend into lists. */
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

/** Splits a name into lower-case words: `nextPageToken`, `next_page_token` and `next-page-token` become `next page token`. */
export function wordsOf(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .toLowerCase();
}
