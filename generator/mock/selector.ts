/** A step of a selector: a name, an index, or every element (`[*]`). */
export type Step = string | number | typeof every;

export const every: unique symbol = Symbol("[*]");

const grammar =
  /\.([\p{L}_][\p{L}\p{N}_]*)|\[(-?\d+)\]|(\[\*\])|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/suy;

/** Splits an RFC 9535 query of names, indexes and `[*]`: `$.data['a b'][0][*]`. Nothing for any other query. */
export function parseSelector(selector: string): readonly Step[] | undefined {
  if (!selector.startsWith("$")) return undefined;
  const pattern = new RegExp(grammar);
  const steps: Step[] = [];
  pattern.lastIndex = 1;
  while (pattern.lastIndex < selector.length) {
    const match = pattern.exec(selector);
    if (!match) return undefined;
    const [, name, index, star, single, double] = match;
    if (index !== undefined) steps.push(Number(index));
    else if (star) steps.push(every);
    else steps.push(name ?? unquote(single, double));
  }
  return steps;
}

/** A quoted name is JSON text, but for the quotes around it (RFC 9535 §2.3.1). */
function unquote(single = "", double?: string): string {
  return JSON.parse(`"${double ?? single.replace(/\\'/g, "'").replace(/"/g, '\\"')}"`) as string;
}
