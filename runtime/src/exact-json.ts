/** How integers beyond 2^53, which a number would round, appear in records. Default `error`. */
export type BigIntegerMode = "error" | "string" | "bigint";

/** Bodies that contain a `bigint`. */
const withBigIntegers = new WeakSet();

/** Whether a body that `parseExact` returned contains a `bigint`. */
export function hasBigIntegers(body: unknown): boolean {
  return typeof body === "bigint" || withBigIntegers.has(Object(body) as object);
}

/** Parses JSON. Integers beyond 2^53 become a `bigint`, also with zeros as decimals. Throws a `SyntaxError`. */
export function parseExact(text: string): unknown {
  if (!hasLongNumber(text)) return JSON.parse(text) as unknown;
  // A text that no string of the body contains: raw control characters are not valid in JSON.
  let mark = "\\u0001";
  while (text.includes(mark)) mark += "\\u0001";
  const marked = markBigIntegers(text, mark);
  const prefix = "\x01".repeat(mark.length / 6);
  return marked === text ? JSON.parse(text) : unmark(JSON.parse(marked), prefix);
}

/**
 * Whether a text has 16 digits in a row outside quotes. Such a run covers one of every 16 positions, and the position 8
 * before or after it, so only these are checked.
 */
function hasLongNumber(text: string): boolean {
  for (let at = 15; at < text.length; at += 16) {
    // Inlined, because this line runs for every 16 characters of every body.
    if ((text.charCodeAt(at) ^ 48) > 9 || !(isDigit(text, at - 8) || isDigit(text, at + 8))) continue;
    let start = at;
    while (isDigit(text, start - 1)) start--;
    let end = at;
    while (isDigit(text, end + 1)) end++;
    if (end - start > 14 && text[start - 1] !== '"') return true;
    at += (end - at) & ~15;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  return (text.charCodeAt(at) ^ 48) < 10;
}

/** Turns each integer beyond 2^53 into a string with a mark, also `12345678901234567890.00`. Other numbers stay unchanged. */
function markBigIntegers(text: string, mark: string): string {
  let isQuoted = false;
  const parts = text.split('"').map((part) => {
    if (isQuoted) {
      isQuoted = isEscaped(part);
      return part;
    }
    isQuoted = true;
    return part.replace(
      /(?<![\d.eE+-])(-?[1-9]\d{15,})(?:\.0+)?(?![\d.eE])/g,
      (number: string, digits: string) =>
        Number.isSafeInteger(Number(digits)) ? number : `"${mark}${digits}"`,
    );
  });
  return parts.join('"');
}

/** Whether the text escapes the quote after it. */
function isEscaped(text: string): boolean {
  let start = text.length;
  while (text[start - 1] === "\\") start--;
  return (text.length - start) % 2 === 1;
}

/** Turns marked strings into a `bigint`, in place. Iterative, because bodies can be nested deeper than the call stack allows. */
function unmark(parsed: unknown, prefix: string): unknown {
  const root = { parsed };
  const waiting: Record<string, unknown>[] = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    for (const [key, value] of Object.entries(node)) {
      if (typeof value === "object" && value) waiting.push(value as Record<string, unknown>);
      else if (typeof value === "string" && value.startsWith(prefix))
        node[key] = BigInt(value.slice(prefix.length));
    }
  }
  if (typeof root.parsed === "object" && root.parsed) withBigIntegers.add(root.parsed);
  return root.parsed;
}

/** Marks a body as one that contains a `bigint`. */
export function containsBigIntegers<T extends object>(body: T): T {
  withBigIntegers.add(body);
  return body;
}

/** Returns JSON. A `bigint` keeps its digits. */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    const text = JSON.stringify(value, (_, item: unknown) =>
      typeof item === "bigint" ? `\x01${item}\x01` : item,
    );
    return text.replace(/"\\u0001(-?\d+)\\u0001"/g, "$1");
  }
}

/** Returns a value unchanged, or its JSON text if it contains a `bigint`. */
export function toPlain<T>(value: T): T | string {
  if (typeof value !== "object" && typeof value !== "bigint") return value;
  try {
    JSON.stringify(value);
    return value;
  } catch {
    return toJson(value);
  }
}
