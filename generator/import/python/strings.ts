import type { SyntaxNode } from "@lezer/common";
import type { Evaluator, Locals } from "./evaluate.js";
import { openString, unescape } from "./literals.js";
import { childrenOf } from "./nodes.js";
import { joinText, type PyConstant, type PyText, type PyValue, unknown } from "./values.js";

/** Evaluates an f-string. Known parts become text. */
export function evaluateFormat(evaluator: Evaluator, node: SyntaxNode, locals: Locals): PyConstant | PyText {
  const { isRaw, start, end } = openString(evaluator.text.slice(node.from, node.to));
  const read = (from: number, to: number): string => {
    const source = evaluator.text.slice(from, to).replaceAll("\r\n", "\n");
    return (isRaw ? source : unescape(source)).replaceAll("{{", "{").replaceAll("}}", "}");
  };
  const pieces: (string | PyValue)[] = [];
  let offset = node.from + start;
  for (const child of childrenOf(node)) {
    if (child.name !== "FormatReplacement") continue;
    pieces.push(read(offset, child.from), evaluateReplacement(evaluator, child, locals));
    offset = child.to;
  }
  pieces.push(read(offset, node.from + end));
  return joinText(pieces, node);
}

/** Evaluates a replacement field such as `{x}`. Does not evaluate format specifiers. */
function evaluateReplacement(evaluator: Evaluator, node: SyntaxNode, locals: Locals): PyValue {
  const [, expression, ...more] = childrenOf(node);
  if (!expression) return unknown("expression", node);
  const value = evaluator.evaluate(expression, locals);
  const isPlain = more.every((part) => part.name === "}");
  if (isPlain && value.kind !== "list" && value.kind !== "dict") return value;
  const name = nameOf(value) ?? evaluator.qualify(expression, locals);
  return unknown("formatted value", node, name === undefined ? {} : { name });
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
