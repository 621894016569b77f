import type { JsonValue } from "@connector-gen/runtime";
import { applyEdits, findNodeAtLocation, parseTree, type Edit, type Node } from "jsonc-parser";
import type { TextEdit } from "./edit.js";
import { lineWidth, printJson } from "../spec/print-json.js";

/**
 * Changes one value in the text of a JSON document with comments. A new key follows the layout of its neighbours: it
 * gets a line of its own if each of them has one; otherwise it joins their line.
 */
export function editJson(text: string, { path, value, before, isExpanded }: TextEdit): string {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (!root) throw new Error("the spec is not valid JSON");
  const layout = layoutOf(text);
  const present = findNodeAtLocation(root, [...path]);
  if (present) {
    const indent = lineIndent(text, present.offset);
    const position = { layout, indent, column: columnOf(text, present.offset) };
    const isOpen = isExpanded && layout.width !== Infinity;
    const content = isOpen ? printOpen(value, position) : print(value, position);
    return applyEdits(text, [{ offset: present.offset, length: present.length, content }]);
  }
  const object = findNodeAtLocation(root, path.slice(0, -1));
  if (object?.type !== "object") throw new Error(`${path.slice(0, -1).join(".")} is not an object`);
  const row = { key: String(path.at(-1)), value, before };
  return applyEdits(text, [...insert({ text, object, layout }, row)]);
}

/** Adds an item to the end of a list in the text of a JSON document with comments, in the layout of the items before it. */
export function appendJson(text: string, path: TextEdit["path"], value: JsonValue): string {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const list = root && findNodeAtLocation(root, [...path]);
  if (list?.type !== "array") throw new Error(`${path.join(".")} is not a list`);
  const layout = layoutOf(text);
  const [first] = list.children ?? [];
  const last = list.children?.at(-1);
  if (!first || !last) throw new Error(`${path.join(".")} is empty`);
  const isOpen = text.slice(list.offset, first.offset).includes("\n");
  const indent = lineIndent(text, last.offset);
  const content = isOpen ? printOpen(value, { layout, indent, column: indent.length }) : printJson(value);
  const end = last.offset + last.length;
  const tail = tailOf(text, end);
  const lead = isOpen ? layout.eol + indent : " ";
  if (tail.comma !== undefined)
    return applyEdits(text, [{ offset: isOpen ? tail.end : tail.comma, length: 0, content: lead + content }]);
  const comma = { offset: end, length: 0, content: "," };
  if (!isOpen || tail.end === end) return applyEdits(text, [{ ...comma, content: `,${lead}${content}` }]);
  return applyEdits(text, [comma, { offset: tail.end, length: 0, content: lead + content }]);
}

/** Layout of a document. */
interface Layout {
  /** One level of indentation. */
  readonly unit: string;
  readonly eol: string;
  /** Maximum length of a line, in characters; `Infinity` for a document on one line. */
  readonly width: number;
}

function layoutOf(text: string): Layout {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const unit = /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
  return { unit, eol, width: text.trim().includes("\n") ? lineWidth : Infinity };
}

interface Context {
  readonly text: string;
  readonly object: Node;
  readonly layout: Layout;
}

interface Row {
  readonly key: string;
  readonly value: JsonValue;
  readonly before: string | undefined;
}

function insert({ text, object, layout }: Context, { key, value, before }: Row): readonly Edit[] {
  const rows = object.children ?? [];
  const next = rows.findIndex((row) => row.children?.[0]?.value === before);
  const previous = next > 0 ? rows[next - 1] : rows.at(-1);
  const name = `${JSON.stringify(key)}: `;
  if (!previous) {
    const rest = text.slice(object.offset + 1, object.offset + object.length - 1);
    const printed = print(value, { layout, indent: lineIndent(text, object.offset), column: name.length });
    const content = ` ${name}${printed}${/^\s*\S/.test(rest) && /^\s/.test(rest) ? "" : " "}`;
    return [{ offset: object.offset + 1, length: rest.trim() === "" ? rest.length : 0, content }];
  }
  const isOpen = text.slice(object.offset, rows[0]?.offset).includes("\n");
  const indent = lineIndent(text, previous.offset);
  const printed = name + print(value, { layout, indent, column: indent.length + name.length });
  const end = previous.offset + previous.length;
  const tail = tailOf(text, end);
  const lead = isOpen ? layout.eol + indent : " ";
  // Insert after an existing comma and after a comment on the same line.
  if (tail.comma !== undefined) {
    const isLast = previous === rows.at(-1);
    const content = isLast && !isOpen ? `${lead}${printed}` : `${lead}${printed},`;
    return [{ offset: isOpen ? tail.end : tail.comma, length: 0, content }];
  }
  if (!isOpen || tail.end === end) return [{ offset: end, length: 0, content: `,${lead}${printed}` }];
  return [
    { offset: end, length: 0, content: "," },
    { offset: tail.end, length: 0, content: lead + printed },
  ];
}

/** Returns the offsets after the comma of a value, if it has one, and after the comments on its line. */
function tailOf(text: string, end: number): { readonly comma?: number; readonly end: number } {
  let at = end;
  let comma: number | undefined;
  let last = end;
  for (;;) {
    const rest = text.slice(at);
    const [found] = /^(?:[ \t]+|,|\/\/[^\r\n]*|\/\*[^]*?\*\/)/.exec(rest) ?? [];
    if (found === undefined || (found === "," && comma !== undefined)) break;
    at += found.length;
    if (found === ",") comma = at;
    if (found.trim() !== "") last = at;
  }
  // A comment followed by more text on its line, or by a comma on the next line, belongs to what follows.
  const isLineEnd = /^[ \t]*(\r?\n|$)/.test(text.slice(at));
  if (comma === undefined && /^\s*,/.test(text.slice(at))) comma = at + text.slice(at).indexOf(",") + 1;
  return {
    ...(comma !== undefined && { comma }),
    end: isLineEnd ? Math.max(last, comma ?? end) : (comma ?? end),
  };
}

function lineIndent(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** Where a value is printed. */
interface Position {
  readonly layout: Layout;
  readonly indent: string;
  readonly column: number;
}

/**
 * Prints a value on one line. If the line would be too long, prints one entry per line; the same applies to nested
 * values.
 */
function print(value: JsonValue, { layout, indent, column }: Position): string {
  const line = printJson(value);
  if (typeof value !== "object" || value === null || column + line.length <= layout.width) return line;
  const inner = indent + layout.unit;
  // Reserve one column for the comma.
  const printEntry = (name: string, item: JsonValue): string =>
    inner + name + print(item, { layout, indent: inner, column: inner.length + name.length + 1 });
  const entries = Array.isArray(value)
    ? (value as readonly JsonValue[]).map((item) => printEntry("", item))
    : Object.entries(value).map(([key, item]) => printEntry(`${JSON.stringify(key)}: `, item));
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return [open, entries.join(`,${layout.eol}`), indent + close].join(layout.eol);
}

/** Prints a resource or an endpoint with one line per key. */
function printOpen(value: JsonValue, { layout, indent }: Position): string {
  const inner = indent + layout.unit;
  const rows = Object.entries(Object(value) as Readonly<Record<string, JsonValue>>).map(([key, item]) => {
    const name = `${inner}${JSON.stringify(key)}: `;
    const position = { layout, indent: inner, column: name.length };
    return name + (key === "endpoint" ? printOpen(item, position) : print(item, position));
  });
  return ["{", rows.join(`,${layout.eol}`), `${indent}}`].join(layout.eol);
}
