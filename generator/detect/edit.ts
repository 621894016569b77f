import type { JsonValue } from "@connector-gen/runtime";
import { applyEdits, modify, type FormattingOptions } from "jsonc-parser";
import { isSeq, parseDocument } from "yaml";
import type { Proposal } from "./propose.js";

/** Writes proposals for the resource at an index into a spec's text, which keeps its formatting and its comments. */
export function writeProposals(
  text: string,
  file: string,
  { index, resource, proposals }: { index: number; resource: unknown; proposals: readonly Proposal[] },
): string {
  const edits: readonly (readonly [path: (string | number)[], value: JsonValue])[] = [
    ...expansions(index, resource),
    ...proposals.map(({ key, value }) => [placeOf(key, index), value] as const),
  ];
  return /\.ya?ml$/i.test(file) ? editYaml(text, edits) : editJson(text, edits);
}

function placeOf(key: Proposal["key"], index: number): (string | number)[] {
  return key === "primary_key" ? ["resources", index, key] : ["resources", index, "endpoint", key];
}

/** Short forms are written out first: there is no room for a key in a text. */
function expansions(
  index: number,
  resource: unknown,
): readonly (readonly [(string | number)[], JsonValue])[] {
  if (typeof resource === "string") {
    return [[["resources", index], { name: resource, endpoint: { path: resource } }]];
  }
  const { endpoint } = (resource ?? {}) as { readonly endpoint?: unknown };
  return typeof endpoint === "string" ? [[["resources", index, "endpoint"], { path: endpoint }]] : [];
}

function editJson(text: string, edits: readonly (readonly [(string | number)[], JsonValue])[]): string {
  const formattingOptions = formattingOf(text);
  return edits.reduce(
    (whole, [path, value]) => applyEdits(whole, modify(whole, path, value, { formattingOptions })),
    text,
  );
}

/** The indentation and the line ends that a text has. */
function formattingOf(text: string): FormattingOptions {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
  return {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.startsWith("\t") ? 1 : indent.length,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
}

function editYaml(text: string, edits: readonly (readonly [(string | number)[], JsonValue])[]): string {
  const document = parseDocument(text, { keepSourceTokens: true });
  for (const [path, value] of edits) document.setIn(path, document.createNode(value));
  const indent = /\n( +)[\w"'-]/.exec(text)?.[1]?.length ?? 2;
  const sequence = document.get("resources", true);
  const isIndented = isSeq(sequence) && /\n +- /.test(text);
  return document.toString({ indent, indentSeq: isIndented, lineWidth: 0, flowCollectionPadding: true });
}
