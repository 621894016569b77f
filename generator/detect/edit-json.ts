import type { JsonValue } from "@connector-gen/runtime";
import { applyEdits, findNodeAtLocation, parseTree, type Edit, type Node } from "jsonc-parser";

import type { TextEdit } from "./edit.js";

/** Lines are broken where they would become longer. */
const WIDTH = 110;

/**
 * Changes one value in the text of a JSON document with comments. A key that is added follows the layout around it: in line
 * with the others where each has its line, behind them where they share one.
 */
export function editJson(text: string, { path, value, before, isWrittenOut }: TextEdit): string {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (!root) throw new Error("the spec is no JSON");
  const layout = layoutOf(text);
  const present = findNodeAtLocation(root, [...path]);
  if (present) {
    const indent = lineIndent(text, present.offset);
    const spot = { layout, indent, column: columnOf(text, present.offset) };
    const content = isWrittenOut && layout.width !== Infinity ? printOpen(value, spot) : print(value, spot);
    return applyEdits(text, [{ offset: present.offset, length: present.length, content }]);
  }
  const object = findNodeAtLocation(root, path.slice(0, -1));
  if (object?.type !== "object") throw new Error(`there is no object at ${path.slice(0, -1).join(".")}`);
  const place = { text, object, layout };
  return applyEdits(text, [...insert(place, { key: String(path.at(-1)), value, before })]);
}

/** How a document is laid out. */
interface Layout {
  readonly unit: string;
  readonly eol: string;
  /** Endless for a document on one line. */
  readonly width: number;
}

function layoutOf(text: string): Layout {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const unit = /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
  return { unit, eol, width: text.trim().includes("\n") ? WIDTH : Infinity };
}

interface Place {
  readonly text: string;
  readonly object: Node;
  readonly layout: Layout;
}

interface Row {
  readonly key: string;
  readonly value: JsonValue;
  readonly before: string | undefined;
}

function insert({ text, object, layout }: Place, { key, value, before }: Row): readonly Edit[] {
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
  // Behind a comma, and behind a comment that belongs to the line.
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

/** What stands behind a value on its line: the offset behind its comma, if it has one, and that behind its comments. */
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
  // A comment that stands before what follows on the same line, or before the comma of the next, stays with it.
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

interface Spot {
  readonly layout: Layout;
  readonly indent: string;
  readonly column: number;
}

/** On one line as people write it; over several where it would become too long. */
function print(value: JsonValue, { layout, indent, column }: Spot): string {
  const line = printLine(value);
  if (column + line.length <= layout.width) return line;
  return JSON.stringify(value, null, layout.unit).replaceAll("\n", layout.eol + indent);
}

/** A resource or an endpoint with a line for each of its keys. */
function printOpen(value: JsonValue, { layout, indent }: Spot): string {
  const inner = indent + layout.unit;
  const rows = Object.entries(Object(value) as Readonly<Record<string, JsonValue>>).map(([key, item]) => {
    const name = `${inner}${JSON.stringify(key)}: `;
    const spot = { layout, indent: inner, column: name.length };
    return name + (key === "endpoint" ? printOpen(item, spot) : print(item, spot));
  });
  return ["{", rows.join(`,${layout.eol}`), `${indent}}`].join(layout.eol);
}

function printLine(value: JsonValue): string {
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(printLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const rows = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${printLine(item)}`);
  return rows.length === 0 ? "{}" : `{ ${rows.join(", ")} }`;
}
