import type { JsonValue } from "@connector-gen/runtime";
import {
  isMap,
  isScalar,
  parseDocument,
  stringify,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";

import type { TextEdit } from "./edit.js";

/**
 * Changes one value in the text of a YAML document. The document's own printer would lay everything out anew, so only the
 * place is taken from it.
 */
export function editYaml(text: string, { path, value, before }: TextEdit): string {
  const document = parseDocument(text, { schema: "core", version: "1.2", keepSourceTokens: true });
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const printed = print(value);
  const present = nodeAt(document, path);
  if (present?.range) {
    const [start, end] = present.range;
    // A value that is left empty, `paginator:`, stands right behind the colon.
    const lead = start === end && text[start - 1] === ":" ? " " : "";
    return splice(text, [start, end], lead + printed);
  }
  const map = nodeAt(document, path.slice(0, -1));
  if (!isMap(map)) throw new Error(`there is no object at ${path.slice(0, -1).join(".")}`);
  const row = `${String(path.at(-1))}: ${printed}`;
  return map.flow ? insertFlow(text, map, row) : insertBlock(text, map, { row, eol, before });
}

function nodeAt(document: Document, path: TextEdit["path"]): Node | undefined {
  const node = document.getIn([...path], true);
  return typeof node === "object" && node !== null && "range" in node ? (node as Node) : undefined;
}

function splice(text: string, [start, end]: readonly [number, number], content: string): string {
  return text.slice(0, start) + content + text.slice(end);
}

/** `{ path: /orders }` gets one more row behind the last. */
function insertFlow(text: string, map: YAMLMap, row: string): string {
  const last = map.items.at(-1);
  const end = last ? endOf(last) : undefined;
  if (end !== undefined) return splice(text, [end, end], `, ${row}`);
  const [start = 0, close = 0] = map.range ?? [];
  return splice(text, [start, close], `{ ${row} }`);
}

/** A row of its own, with the indentation of the others: before one of them, or behind the last. */
function insertBlock(
  text: string,
  map: YAMLMap,
  { row, eol, before }: { readonly row: string; readonly eol: string; readonly before: string | undefined },
): string {
  const first = startOf(map.items[0]);
  if (first === undefined) throw new Error("an empty object has no lines to add to");
  const indent = " ".repeat(first - (text.lastIndexOf("\n", first - 1) + 1));
  const next = map.items.findIndex(({ key }) => isScalar(key) && key.value === before);
  const previous = next > 0 ? map.items[next - 1] : map.items.at(-1);
  const end = (previous && endOf(previous)) ?? first;
  // A text in several lines ends behind its last line break, anything else before it and the comment on its line.
  if (text[end - 1] === "\n") return splice(text, [end, end], `${indent}${row}${eol}`);
  const lineEnd = /\r?\n|$/.exec(text.slice(end));
  const at = end + (lineEnd?.index ?? 0);
  return splice(text, [at, at], `${eol}${indent}${row}`);
}

function startOf(pair: Pair | undefined): number | undefined {
  return (pair?.key as Node | null | undefined)?.range?.[0];
}

/** Where the last character of a row is, its comments aside. */
function endOf({ key, value }: Pair): number | undefined {
  const node = (value ?? key) as Node | null;
  if (isMap(node) && !node.flow) {
    const last = node.items.at(-1);
    return last ? endOf(last) : node.range?.[1];
  }
  return lastEnd(node);
}

function lastEnd(node: Node | null): number | undefined {
  const items =
    node && "items" in node && !("flow" in node && node.flow) ? (node.items as readonly unknown[]) : [];
  const last = items.at(-1);
  if (typeof last === "object" && last !== null && "key" in last) return endOf(last as Pair);
  if (typeof last === "object" && last !== null) return lastEnd(last as Node);
  return node?.range?.[1];
}

function print(value: JsonValue): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
}
