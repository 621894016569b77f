import { compare, type Comparison, type Scalar } from "./compare.js";
import type { Patterns } from "./pattern.js";
import type { QueryNodes, QueryOperand, QuerySegment, QueryTest } from "./query-segment.js";

/** The state of a query run: the body, and the matches of paths from the body. */
export interface Context {
  readonly root: unknown;
  readonly known: Map<object, readonly unknown[]>;
}

/** Finds the matches of a path in a value. */
export type Find = (node: unknown, context: Context) => readonly unknown[];

/** The compilers of paths and patterns. */
export interface Compilers {
  readonly path: (path: readonly QuerySegment[]) => Find;
  readonly pattern: Patterns;
}

/** Compiles a test to a predicate. */
export function compileTest(
  test: QueryTest,
  compilers: Compilers,
): (node: unknown, context: Context) => boolean {
  if ("all" in test) {
    const parts = test.all.map((part) => compileTest(part, compilers));
    return (node, context) => parts.every((part) => part(node, context));
  }
  if ("some" in test) {
    const parts = test.some.map((part) => compileTest(part, compilers));
    return (node, context) => parts.some((part) => part(node, context));
  }
  if ("not" in test) {
    const part = compileTest(test.not, compilers);
    return (node, context) => !part(node, context);
  }
  if ("exists" in test) {
    const find = compileNodes(test.exists, compilers);
    return (node, context) => find(node, context).length > 0;
  }
  if ("any" in test) {
    const find = compilers.path(test.any);
    const holds =
      "fits" in test ? compilers.pattern(test.fits) : (match: unknown) => compareLoosely(match, test);
    return (node, context) => find(node, context).some(holds);
  }
  const left = compileOperand(test.left, compilers);
  if ("fits" in test) {
    const holds = compilers.pattern(test.fits);
    return (node, context) => holds(left(node, context));
  }
  const right = compileOperand(test.right, compilers);
  return (node, context) => compare(left(node, context), test.is, right(node, context));
}

/** Compiles a path. A path from the body runs only once, because it has the same matches for every value. */
function compileNodes(nodes: QueryNodes, compilers: Compilers): Find {
  if (!("root" in nodes)) return compilers.path(nodes);
  const find = compilers.path(nodes.root);
  return (_, context) => {
    const found = context.known.get(nodes) ?? find(context.root, context);
    context.known.set(nodes, found);
    return found;
  };
}

/** Compiles an operand to a function that returns its value; `undefined` means no value. */
function compileOperand(
  operand: QueryOperand,
  compilers: Compilers,
): (node: unknown, context: Context) => unknown {
  if (typeof operand !== "object" || operand === null) return () => operand;
  if (isNodes(operand)) return only(compileNodes(operand, compilers));
  if ("value" in operand) return only(compileNodes(operand.value, compilers));
  if ("count" in operand) {
    const find = compileNodes(operand.count, compilers);
    return (node, context) => find(node, context).length;
  }
  const of = compileOperand(operand.length, compilers);
  return (node, context) => lengthOf(of(node, context));
}

function isNodes(operand: object): operand is QueryNodes {
  return Array.isArray(operand) || "root" in operand;
}

/** Returns the only match, or `undefined` if there are none or several. */
function only(find: Find): (node: unknown, context: Context) => unknown {
  return (node, context) => {
    const found = find(node, context);
    return found.length === 1 ? found[0] : undefined;
  };
}

/** Returns the length by RFC 9535 §2.4.4: strings count code points. */
function lengthOf(value: unknown): number | undefined {
  if (typeof value === "string") return Array.from(value).length;
  if (typeof value !== "object" || value === null) return undefined;
  return Object.keys(value).length;
}

function compareLoosely(
  match: unknown,
  { is, value, whole }: { readonly is: Comparison; readonly value: Scalar; readonly whole?: true },
): boolean {
  const left = toNumber(match);
  if (!whole) return compare(left, is, toNumber(value));
  if (typeof left === "number") return compare(Math.trunc(left), is, value);
  if (typeof left !== "string") return compare(left, is, value);
  return /^\s*[+-]?\d+\s*$/.test(left) && compare(Number(left), is, value);
}

function toNumber(value: unknown): unknown {
  return typeof value === "boolean" ? Number(value) : value;
}
