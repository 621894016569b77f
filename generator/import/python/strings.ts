import type { SyntaxNode } from "@lezer/common";
import { plainMember } from "./classes.js";
import type { Evaluator } from "./evaluator.js";
import type { Frame } from "./heap.js";
import { formatConstant } from "./format-spec.js";
import { openString, toPythonText, unescape } from "./literals.js";
import { childrenOf } from "./nodes.js";
import { formatTimeText, timeText } from "./times.js";
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

/** Evaluates a replacement field such as `{x}` or `{x:02d}`. */
function evaluateReplacement(evaluator: Evaluator, node: SyntaxNode, frame: Frame): PyValue {
  const [, expression, ...more] = childrenOf(node);
  if (!expression) return unknown("expression", node);
  const value = evaluator.evaluate(expression, frame);
  const isPlain = more.every((part) => part.name === "}");
  const member = plainMember(value);
  if (isPlain && member) return member;
  const isTime = value.kind === "constant" && value.isTime === true;
  const isDuration = value.kind === "constant" && value.isDuration === true;
  if (isPlain && !isTime && !isDuration && !/^(?:list|dict|object|class|function)$/.test(value.kind))
    return value;
  const specified =
    isPlain && isTime ? timeText(value) : formatByField(evaluator.text.slice(expression.to, node.to), value);
  if (specified !== undefined) return constant(specified, node);
  const name = nameOf(value);
  return unknown("formatted value", node, { of: [value], ...(name !== undefined && { name }) });
}

/** Formats a value by the format or conversion after the expression: `:02d`, `!s`. Returns `undefined` for other formats. */
function formatByField(source: string, value: PyValue): string | undefined {
  const [whole, conversion, spec = ""] = /^\s*(?:!([sra]))?(?::([^{}]*))?\}$/.exec(source) ?? [];
  if (whole === undefined || value.kind !== "constant" || (conversion ?? "s") !== "s") return undefined;
  if (value.isTime)
    return conversion === undefined && spec.includes("%") ? formatTimeText(value, spec) : undefined;
  return formatConstant(conversion === "s" ? { ...value, value: toPythonText(value) } : value, spec);
}

/** Evaluates `"a/{}/{b:02d}".format(x, b=y)`. Returns `undefined` for fields with attributes, items or conversions. */
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
    const [whole, content] = match;
    if (content === undefined) {
      pieces.push(whole.charAt(0));
      continue;
    }
    const [, field = "", spec = ""] = /^([^:]*)(?::(.*))?$/s.exec(content) ?? [];
    const value =
      field === "" || /^\d+$/.test(field)
        ? args.positional[field === "" ? next++ : Number(field)]
        : args.keywords.get(field);
    const piece = value && formatPiece(value, spec);
    if (piece === undefined) return undefined;
    pieces.push(piece);
  }
  return [...pieces, template.slice(offset)];
}

function formatPiece(value: PyValue, spec: string): string | PyValue | undefined {
  if (spec === "") return withTimeText(value);
  return value.kind === "constant" ? formatConstant(value, spec) : undefined;
}

/** Evaluates `"a/%s" % x` and `"a/%(x)s" % {"x": 1}`. Returns `undefined` for other fields. */
export function percentText(template: string, value: PyValue): readonly (string | PyValue)[] | undefined {
  const values = value.kind === "list" && value.type === "tuple" ? value.items : [value];
  const pieces: (string | PyValue)[] = [];
  let offset = 0;
  let next = 0;
  for (const match of template.matchAll(/%(?:\((\w+)\))?([-0-9.]*)(.)/gs)) {
    const [whole, name, spec = "", type = ""] = match;
    pieces.push(template.slice(offset, match.index));
    offset = match.index + whole.length;
    if (whole === "%%") {
      pieces.push("%");
      continue;
    }
    const named = value.kind === "dict" && name !== undefined ? value.entries.get(name)?.value : undefined;
    const piece = percentPiece(name === undefined ? values[next++] : named, spec, type);
    if (piece === undefined) return undefined;
    pieces.push(piece);
  }
  const isComplete = value.kind === "dict" || next === values.length;
  return isComplete ? [...pieces, template.slice(offset)] : undefined;
}

/** Returns a time as its text, and other values unchanged. Returns `undefined` for a duration. */
function withTimeText(value: PyValue): string | PyValue | undefined {
  if (value.kind !== "constant" || value.isDuration) return value.kind === "constant" ? undefined : value;
  return value.isTime ? timeText(value) : value;
}

function percentPiece(value: PyValue | undefined, spec: string, type: string): string | PyValue | undefined {
  if (!value || !/^[sdfx]$/.test(type)) return undefined;
  if (value.kind !== "constant" || value.isTime || value.isDuration)
    return spec === "" && type === "s" ? withTimeText(value) : undefined;
  if (type === "s" && spec === "") return value;
  if (type === "d" && value.isFloat) return undefined;
  const isLeft = spec.startsWith("-");
  const align = isLeft ? "<" : spec.startsWith("0") && type !== "s" ? "" : ">";
  const text = type === "s" ? { ...value, value: toPythonText(value) } : value;
  return formatConstant(text, `${align}${isLeft ? spec.slice(1) : spec}${type}`);
}

function nameOf(value: PyValue): string | undefined {
  if (value.kind === "unknown") return value.name;
  if (value.kind === "reference") return value.key;
  return value.kind === "call" ? value.callee : undefined;
}
