import type { Paginator } from "../../runtime/src/index.js";

/** A response body of n items, with what else stands beside them. */
export function items(n: number, beside: object = {}): object {
  return { items: Array.from({ length: n }, (_, id) => ({ id })), ...beside };
}

/** What a paginator asks for and how it ends, given the bodies of the pages; a walk of more than 20 is endless. */
export function walk(
  paginator: Paginator,
  bodies: readonly object[],
): { asked: string[]; end: string; warnings: string[] } {
  const asked: string[] = [];
  const warnings: string[] = [];
  let position = paginator.start;
  for (let page = 0; page < 20; page++) {
    const query = Object.entries(paginator.request(position).query ?? {});
    asked.push(query.map(([name, value]) => `${name}=${value}`).join("&"));
    const body = bodies[Math.min(page, bodies.length - 1)] as { readonly items: readonly unknown[] };
    try {
      const { next, stop, warning } = paginator.next(position, { body, records: body.items });
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

/** A walk and what should come of it. */
export interface Case {
  readonly name: string;
  readonly given: Paginator;
  readonly bodies: readonly object[];
  /** The numbers of the pages asked for. */
  readonly asks: readonly number[];
  readonly end: string;
}
