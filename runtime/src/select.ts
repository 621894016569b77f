/** A step of a selector: a name, an index, or every element. */
type Step = string | number | typeof every;

const every: unique symbol = Symbol("[*]");

const grammar = /\.([A-Za-z_]\w*)|\[(-?\d+)\]|\[(\*)\]|\['((?:[^'\\]|\\.)*)'\]/gsy;

/** Splits a normalised RFC 9535 query of names, indexes and `[*]`: `$.data['a b'][0][*]`. */
function parse(selector: string): Step[] {
  const steps: Step[] = [];
  grammar.lastIndex = 1;
  for (let match = grammar.exec(selector); match !== null; match = grammar.exec(selector)) {
    const [, name, index, star, quoted] = match;
    if (index !== undefined) steps.push(Number(index));
    else if (star) steps.push(every);
    else steps.push(name ?? unquote(quoted ?? ""));
  }
  return steps;
}

/** A name in single quotes is JSON text but for the quotes (RFC 9535 §2.3.1). */
function unquote(quoted: string): string {
  return JSON.parse(`"${quoted.replace(/\\'/g, "'").replace(/"/g, '\\"')}"`) as string;
}

const parsed = new Map<string, Step[]>();

function stepsOf(selector: string): Step[] {
  let steps = parsed.get(selector);
  if (!steps) parsed.set(selector, (steps = parse(selector)));
  return steps;
}

/** What a selector finds: `undefined` when it does not resolve. */
export interface Selection {
  /** Every match, in document order. */
  readonly matches: readonly unknown[];
  /** Whether the query can have one match only: neither `[*]` nor anything else that fans out. */
  readonly singular: boolean;
}

/** Runs a selector. `undefined` means that a name or index before the first `[*]` is not there. */
export function select(selector: string, body: unknown): Selection | undefined {
  let nodes: unknown[] = [body];
  let singular = true;
  for (const step of stepsOf(selector)) {
    if (step === every && singular && !Array.isArray(nodes[0])) return undefined;
    if (step === every) singular = false;
    nodes = nodes.flatMap((node) => children(node, step));
    if (singular && nodes.length === 0) return undefined;
  }
  return { matches: nodes, singular };
}

/** The first match, or `undefined`. */
export function selectOne(selector: string, body: unknown): unknown {
  return select(selector, body)?.matches[0];
}

/** The records of a page: the list found, or the one object; `null` is an empty page. */
export function selectRecords(selector: string, body: unknown): readonly unknown[] | undefined {
  const found = select(selector, body);
  if (!found?.singular) return found?.matches;
  const [value] = found.matches;
  if (Array.isArray(value)) return value as readonly unknown[];
  return value === null ? [] : [value];
}

/** Own properties and elements only: a selector never reaches into prototypes. */
function children(node: unknown, step: Step): readonly unknown[] {
  if (Array.isArray(node)) {
    const list = node as readonly unknown[];
    if (step === every) return list;
    if (typeof step !== "number") return [];
    const at = step < 0 ? list.length + step : step;
    return at in list ? [list[at]] : [];
  }
  const isNamed =
    typeof step === "string" && typeof node === "object" && node !== null && Object.hasOwn(node, step);
  return isNamed ? [(node as Record<string, unknown>)[step]] : [];
}
