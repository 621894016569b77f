import type { JsonValue } from "@connector-gen/runtime";
import {
  Document,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  stringify,
  visit,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import type { TextEdit } from "./edit.js";
import { lineWidth } from "../spec/print-json.js";

/**
 * Changes one value in the text of a YAML document. Uses the parsed document for offsets only, because its printer would
 * change the layout.
 */
export function editYaml(text: string, { path, value, before }: TextEdit): string {
  const document = parseDocument(text, { schema: "core", version: "1.2", keepSourceTokens: true });
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const printed = print(value);
  const present = nodeAt(document, path);
  if (present?.range) {
    const [start, end] = present.range;
    const column = start - (text.lastIndexOf("\n", start - 1) + 1);
    const isItem = /^[ \t]*(- +)+$/.test(text.slice(start - column, start));
    if (printed.length > lineWidth && isItem)
      return splice(
        text,
        [start, end],
        printBlock(value)
          .split("\n")
          .join(eol + " ".repeat(column)),
      );
    // An empty value, `paginator:`, starts directly after the colon.
    const lead = start === end && text[start - 1] === ":" ? " " : "";
    return splice(text, [start, end], lead + printed);
  }
  const map = nodeAt(document, path.slice(0, -1));
  if (!isMap(map)) throw new Error(`${path.slice(0, -1).join(".")} is not an object`);
  const key = print(String(path.at(-1)));
  const row = `${key}: ${printed}`;
  if (map.flow) return insertFlow(text, map, row);
  const whole = row.length <= lineWidth ? row : printBlock({ [String(path.at(-1))]: value });
  return insertBlock(text, map, { row: whole, eol, before });
}

/** Adds an item to the end of a block list in the text of a YAML document. */
export function appendYaml(text: string, path: TextEdit["path"], value: JsonValue): string {
  const document = parseDocument(text, { schema: "core", version: "1.2", keepSourceTokens: true });
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const list = nodeAt(document, path);
  const first = isSeq(list) ? (list.items[0] as Node | undefined)?.range?.[0] : undefined;
  const end = isSeq(list) ? lastEnd(list) : undefined;
  if (!isSeq(list) || list.flow || first === undefined || end === undefined)
    throw new Error(`${path.join(".")} is not a list with one item per line`);
  const line = text.slice(text.lastIndexOf("\n", first - 1) + 1, first);
  const [, indent = ""] = /^( *)- +$/.exec(line) ?? [];
  const lines = printBlock(value).split("\n").join(`${eol}${indent}  `);
  // A block scalar ends after its last line break.
  if (text[end - 1] === "\n") return splice(text, [end, end], `${indent}- ${lines}${eol}`);
  const at = end + (/\r?\n|$/.exec(text.slice(end))?.index ?? 0);
  return splice(text, [at, at], `${eol}${indent}- ${lines}`);
}

function nodeAt(document: Document, path: TextEdit["path"]): Node | undefined {
  const node = document.getIn([...path], true);
  return typeof node === "object" && node !== null && "range" in node ? (node as Node) : undefined;
}

function splice(text: string, [start, end]: readonly [number, number], content: string): string {
  return text.slice(0, start) + content + text.slice(end);
}

/** Adds an entry at the end of an inline object such as `{ path: /orders }`. */
function insertFlow(text: string, map: YAMLMap, row: string): string {
  const last = map.items.at(-1);
  const end = last ? endOf(last) : undefined;
  if (end !== undefined) return splice(text, [end, end], `, ${row}`);
  const [start = 0, close = 0] = map.range ?? [];
  return splice(text, [start, close], `{ ${row} }`);
}

/** Adds an entry on a line of its own, indented like its neighbours, before one of them or after the last one. */
function insertBlock(
  text: string,
  map: YAMLMap,
  { row, eol, before }: { readonly row: string; readonly eol: string; readonly before: string | undefined },
): string {
  const first = startOf(map.items[0]);
  if (first === undefined) throw new Error("cannot add a line to an empty object");
  const indent = " ".repeat(first - (text.lastIndexOf("\n", first - 1) + 1));
  const lines = row.split("\n").join(eol + indent);
  const next = map.items.findIndex(({ key }) => isScalar(key) && key.value === before);
  const previous = next > 0 ? map.items[next - 1] : map.items.at(-1);
  const end = (previous && endOf(previous)) ?? first;
  // A block scalar ends after its last line break, any other value before the comment and the break of its line.
  if (text[end - 1] === "\n") return splice(text, [end, end], `${indent}${lines}${eol}`);
  const lineEnd = /\r?\n|$/.exec(text.slice(end));
  const at = end + (lineEnd?.index ?? 0);
  return splice(text, [at, at], `${eol}${indent}${lines}`);
}

function startOf(pair: Pair | undefined): number | undefined {
  return (pair?.key as Node | null | undefined)?.range?.[0];
}

/** Returns the end offset of an entry without its comments. */
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

/** Prints a value on one line per entry, except for short entries such as `{ type: string }`. */
function printBlock(value: JsonValue): string {
  const document = new Document(value);
  visit(document, {
    Collection: (key, node) => {
      // The value itself gets one line per entry.
      if (key === null) return undefined;
      const line = print(node.toJS(document) as JsonValue);
      if (line.length > maxLeaf) return undefined;
      node.flow = true;
      return visit.SKIP;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true }).trimEnd();
}

/** Maximum length of an entry on one line, in characters. */
const maxLeaf = 60;

function print(value: JsonValue): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
}
