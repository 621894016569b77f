import type { Exchange, PageRequest, Paginator } from "../../runtime/src/plugin.js";

/** A response body of n items, with what else stands beside them. */
export function items(n: number, beside: object = {}): object {
  return { items: Array.from({ length: n }, (_, id) => ({ id })), ...beside };
}

/** Where the first page of a walk is asked for. */
export const start = "http://api.test/v1/items";

/** An exchange over a body; its records are the `items`. */
export function exchangeOf(body: object, given: Partial<Exchange> = {}): Exchange {
  const { items: records = [] } = body as { readonly items?: readonly unknown[] };
  return {
    body,
    records,
    selector: ["items"],
    url: start,
    headers: { get: () => null },
    isSecret: () => false,
    nameOf: () => undefined,
    ...given,
  };
}

/** Headers as a response has them. */
export function headersOf(headers: Readonly<Record<string, string>>): Exchange["headers"] {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { get: (name) => lower.get(name.toLowerCase()) ?? null };
}

/** What becomes of a walk. */
export interface Walked {
  readonly asked: string[];
  readonly end: string;
  readonly warnings: string[];
}

/**
 * What a paginator asks for and how it ends, given the bodies of the pages, the last of them again and again, and their
 * headers. A walk of more than 20 pages is endless.
 */
export function walk(
  paginator: Paginator,
  bodies: readonly object[],
  headers: readonly Readonly<Record<string, string>>[] = [],
): Walked {
  const asked: string[] = [];
  const warnings: string[] = [];
  let position = paginator.start;
  let previous: readonly unknown[] | undefined;
  for (let page = 0; page < 20; page++) {
    const part = paginator.request(position);
    asked.push(toText(part));
    const body = bodies[Math.min(page, bodies.length - 1)] ?? {};
    const given = { url: part.url ?? start, headers: headersOf(headers[page] ?? {}), previous };
    try {
      const exchange = exchangeOf(body, given);
      const { next, stop, warning } = paginator.next(position, exchange);
      previous = exchange.records;
      if (warning) warnings.push(warning);
      if (!next) return { asked, end: String(stop), warnings };
      // Positions travel in checkpoints.
      position = JSON.parse(JSON.stringify(next)) as typeof next;
    } catch (error) {
      return { asked, end: (error as { code: string }).code, warnings };
    }
  }
  return { asked, end: "endless", warnings };
}

/** `page=1&limit=2`, `{"page":1}`, `x-after: 1`, or a URL without what all of them begin with. */
function toText({ query = {}, body = {}, headers = {}, url }: PageRequest): string {
  const parts = [
    ...(url === undefined ? [] : [url.replace("http://api.test", "")]),
    Object.entries(query)
      .map(([name, value]) => `${name}=${value}`)
      .join("&"),
    Object.keys(body).length > 0 ? JSON.stringify(body) : "",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return parts.filter(Boolean).join(" ");
}

/** A walk and what should come of it. */
export interface Case {
  readonly name: string;
  readonly given: Paginator;
  readonly bodies: readonly object[];
  /** The numbers of the pages asked for. */
  readonly asks: readonly number[];
  readonly end: string;
}

/** The same where what is asked for is more than numbers. */
export interface TextCase extends Omit<Case, "asks"> {
  readonly headers?: readonly Readonly<Record<string, string>>[];
  readonly asks: readonly string[];
}
