import type { SyntaxNode } from "@lezer/common";
import { plainMember } from "./classes.js";
import type { Evaluator } from "./evaluator.js";
import type { Frame } from "./heap.js";
import { openString, toPythonText, unescape } from "./literals.js";
import { childrenOf } from "./nodes.js";
import { constant, joinText, type PyConstant, type PyText, type PyValue, unknown } from "./values.js";

/** Evaluates an f-string. Known parts become text. */
export function evaluateFormat(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyConstant | PyText {
  const { isRaw, start, end } = openString(evaluator.text.slice(node.from, node.to));
  const read = (from: number, to: number): string => {
    const source = evaluator.text.slice(from, to).replaceAll("\r\n", "\n");
    return (isRaw ? source : unescape(source)).replaceAll("{{", "{").replaceAll("}}", "}");
  };
  const pieces: (string | PyValue)[] = [];
  let offset = node.from + start;
  for (const child of childrenOf(node)) {
    if (child.name !== "FormatReplacement") continue;
    pieces.push(read(offset, child.from), evaluateReplacement(evaluator, child, frame));
    offset = child.to;
  }
  pieces.push(read(offset, node.from + end));
  return joinText(pieces, node);
}

/** Evaluates a replacement field such as `{x}`. Does not evaluate format specifiers. */
function evaluateReplacement(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyValue {
  const [, expression, ...more] = childrenOf(node);
  if (!expression) return unknown("expression", node);
  const value = evaluator.evaluate(expression, frame);
  const isPlain = more.every((part) => part.name === "}");
  const member = plainMember(value);
  if (isPlain && member) return member;
  const isTime = value.kind === "constant" && value.isTime === true;
  if (isPlain && !isTime && !/^(?:list|dict|object|class|function)$/.test(value.kind)) return value;
  const specified = formatNumber(evaluator.text.slice(node.from, node.to), value);
  if (specified !== undefined) return constant(specified, node);
  const name = nameOf(value);
  return unknown("formatted value", node, { of: [value], ...(name !== undefined && { name }) });
}

/** Formats whole numbers with leading zeros, such as `{x:02d}`, and text with `!s`. Returns `undefined` for other formats. */
function formatNumber(source: string, value: PyValue): string | undefined {
  if (value.kind !== "constant" || value.isTime) return undefined;
  const [, width] = /:0?(\d+)d?\}$/.exec(source) ?? [];
  if (
    width !== undefined &&
    typeof value.value === "number" &&
    Number.isInteger(value.value) &&
    source.includes(":0")
  )
    return String(value.value).padStart(Number(width), "0");
  return source.endsWith("!s}") ? toPythonText(value) : undefined;
}

/** Evaluates `"a/{}".format(x)` for plain fields, by position or by keyword. Returns `undefined` for other fields. */
export function formatText(
  template: string,
  args: { readonly positional: readonly PyValue[]; readonly keywords: ReadonlyMap<string, PyValue> },
): readonly (string | PyValue)[] | undefined {
  let next = 0;
  const pieces: (string | PyValue)[] = [];
  let offset = 0;
  for (const match of template.matchAll(/\{\{|\}\}|\{([^{}]*)\}/g)) {
    pieces.push(template.slice(offset, match.index));
    offset = match.index + match[0].length;
    const [whole, field] = match;
    if (field === undefined) pieces.push(whole.charAt(0));
    else {
      const value =
        field === "" || /^\d+$/.test(field)
          ? args.positional[field === "" ? next++ : Number(field)]
          : args.keywords.get(field);
      if (!value) return undefined;
      pieces.push(value);
    }
  }
  return [...pieces, template.slice(offset)];
}

/** Evaluates `"a/%s" % x` for plain fields. Returns `undefined` for other fields. */
export function percentText(template: string, value: PyValue): readonly (string | PyValue)[] | undefined {
  const values = value.kind === "list" ? value.items : [value];
  const pieces: (string | PyValue)[] = [];
  let offset = 0;
  let next = 0;
  for (const match of template.matchAll(/%(.)/g)) {
    pieces.push(template.slice(offset, match.index));
    offset = match.index + match[0].length;
    const item = match[1] === "%" ? "%" : values[next++];
    if (item === undefined || !/^[%sd]$/.test(match[1] ?? "")) return undefined;
    pieces.push(item);
  }
  return next === values.length ? [...pieces, template.slice(offset)] : undefined;
}

function nameOf(value: PyValue): string | undefined {
  if (value.kind === "unknown") return value.name;
  if (value.kind === "reference") return value.key;
  return value.kind === "call" ? value.callee : undefined;
}
