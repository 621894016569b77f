import type { Exchange, PageRequest, Paginator } from "../../runtime/src/plugin.js";

/** Creates a response body with n items and metadata. */
export function items(n: number, beside: object = {}): object {
  return { items: Array.from({ length: n }, (_, id) => ({ id })), ...beside };
}

/** The URL of the first page of a walk. */
export const start = "http://api.test/v1/items";

/** Creates an exchange with a body, whose records are the `items`. */
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

/** Creates the headers of a response. */
export function headersOf(headers: Readonly<Record<string, string>>): Exchange["headers"] {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { get: (name) => lower.get(name.toLowerCase()) ?? null };
}

/** The outcome of a walk. */
export interface Walked {
  readonly asked: string[];
  readonly end: string;
  readonly warnings: string[];
}

/**
 * Returns the requests and the end of a paginator, given the bodies and headers of the pages. The last body repeats. A walk
 * of more than 20 pages counts as endless.
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

/** `page=1&limit=2`, `{"page":1}`, `x-after: 1`, or a URL without its common beginning. */
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

/** A walk and its expected outcome. */
export interface Case {
  readonly name: string;
  readonly given: Paginator;
  readonly bodies: readonly object[];
  /** The numbers of the requested pages. */
  readonly asks: readonly number[];
  readonly end: string;
}

/** The same for requests that are more than numbers. */
export interface TextCase extends Omit<Case, "asks"> {
  readonly headers?: readonly Readonly<Record<string, string>>[];
  readonly asks: readonly string[];
}
