import { query, unicodePatterns } from "@connector-gen/runtime";
import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { parseSelector } from "../spec/selector/selector.js";
import { exampleSpec, readSpec } from "./example-source.js";
import { toLiveSource } from "../live/live-source.js";
import { printJson } from "../spec/print-json.js";
import { blocks, code, jsonBlock, table } from "./markdown.js";
import { recordRead } from "./record-read.js";

/** The body that the example selectors apply to. */
const exampleBody: JsonObject = {
  data: {
    items: [
      { id: 1, kind: "book", tags: ["new", "sale"], price: 5 },
      { id: 2, kind: "map", tags: [], price: null },
      { id: 3, kind: "book", tags: ["old"], price: 12 },
    ],
  },
  meta: { next: "abc", "@odata.count": 3, "per page": 100 },
};

/** Example selectors by topic. */
const groups: readonly (readonly [title: string, note: string, selectors: readonly string[]])[] = [
  [
    "Names and indexes",
    "Dots separate names. Quote a name that contains other characters than letters, digits, `_`, `-` and `@`, such as a dot: `@odata.count` without quotes is the field `count` of `@odata`.",
    [
      "$",
      "data.items",
      "$.meta.next",
      "meta['per page']",
      "meta.'@odata.count'",
      "data.items[0].id",
      "data.items[-1].id",
      "meta.previous",
    ],
  ],
  [
    "Several values",
    "`[*]` selects every element of a list, `.*` selects every value of an object, and `..` searches at every depth.",
    [
      "data.items[*].id",
      "data.items[*].tags",
      "data.items[*].tags[*]",
      "data.items[1:].id",
      "data.items[-2:].id",
      "data.items[::2].id",
      "data.items[0,2].id",
      "data.items[*].(id|kind)",
      "meta.*",
      "meta['next','per page']",
      "$..id",
      "data.id",
    ],
  ],
  [
    "Filters",
    "A filter selects the elements for which its comparisons are true. A field alone is true if it exists. `=~` searches for a pattern anywhere in a text.",
    [
      "data.items[?@.kind=='book'].id",
      "data.items[?(@.kind=='book' & @.price>10)].id",
      "data.items[?@.price].id",
      "data.items[?@.kind=~'^b'].id",
    ],
  ],
  [
    "RFC 9535",
    "A selector that starts with `$` and uses `&&`, `||`, `!`, functions, or a path on the right of a comparison is an RFC 9535 query as a whole.",
    [
      "$.data.items[?@.kind == 'book' && @.price < 10].id",
      "$.data.items[?!@.tags[0] || @.price > 10].id",
      "$.data.items[?length(@.tags) > 1].id",
      "$.data.items[?match(@.kind, 'ma.')].id",
      "$.data['items'][0, 'id', 1:2].id",
    ],
  ],
];

/** Examples of invalid selectors. */
const invalidSelectors: readonly string[] = [
  "first page",
  "1st",
  "data.",
  "items[",
  "items where id",
  "items.`len`",
  "id + 1",
  "$data",
];

/** Examples of `data_selector` with bodies. */
const reads: readonly (readonly [selector: string, body: JsonValue])[] = [
  ["items", { items: [{ id: 1 }, { id: 2 }] }],
  ["items", { items: { id: 1 } }],
  ["items", { items: [] }],
  ["items", { items: null }],
  ["items", { data: [{ id: 1 }] }],
  ["$", [{ id: 1 }]],
  ["$", { id: 1 }],
  ["pages[*].items", { pages: [{ items: [1, 2] }, { items: [3] }] }],
  ["pages[*].items", { pages: [{ items: [1, 2] }] }],
  ["pages[*].items[*]", { pages: [{ items: [1, 2] }, { items: [3] }] }],
  ["pages[*].items[*]", { pages: [{ items: [1, 2] }, { items: { id: 3 } }] }],
  ["pages[*].items", { pages: [] }],
];

/** Renders `selectors.md`: example selectors with their results. */
export async function renderSelectors(): Promise<string> {
  const sections = groups.map(([title, note, selectors]) =>
    blocks(
      `## ${title}`,
      note,
      table(
        ["Selector", "Result"],
        selectors.map((text) => [code(text), find(text)]),
      ),
    ),
  );
  const rows = await Promise.all(
    reads.map(async ([text, body]) => [code(text), code(printJson(body)), await read(text, body)]),
  );
  return blocks(
    "# Selectors",
    "A selector locates values in JSON: the records of a response (`data_selector`), a total or a cursor (paginators), a field of a parent (`{resources.users.id}`), or the cursor of incremental reads (`cursor_path`). The language is that of dlt and jsonpath-ng. A selector that starts with `$` and is valid only in RFC 9535 is an RFC 9535 query. The generator compiles selectors; those with only names, indexes and `[*]` become plain property access.",
    "The column *Result* shows the values that each selector finds in this body:",
    jsonBlock(exampleBody),
    ...sections,
    "## Records",
    "`data_selector` selects the records of a page: the elements of a list, or one record for any other value. A selector of several values (`[*]`, slices, filters, …) selects each record individually. If a name before the first `[*]` is missing, the page is an error, unless `data_selector_required` is `false`: a changed API must not look like an API without records.",
    table(["`data_selector`", "Body", "Records"], rows),
    "## Invalid selectors",
    table(
      ["Text", "Message"],
      invalidSelectors.map((text) => [code(text), messageOf(text)]),
    ),
  );
}

function find(text: string): string {
  const read = parseSelector(text);
  if (!read.ok) throw new Error(`${text}: ${read.message}`);
  const found = query(read.segments, unicodePatterns()).run(exampleBody) ?? [];
  return found.length === 0 ? "nothing" : found.map((value) => code(printJson(value, shorten))).join(", ");
}

/** Shortens records to their ids. */
function shorten(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("id" in value) return `{ "id": ${String(value.id)}, … }`;
  return "data" in value ? '{ "data": …, "meta": … }' : undefined;
}

function messageOf(text: string): string {
  const read = parseSelector(text);
  if (read.ok) throw new Error(`${text} is a selector`);
  return read.message.replaceAll("`", "");
}

/** Reads one page and returns its records. */
async function read(data_selector: string, body: JsonValue): Promise<string> {
  const source = toLiveSource(await readSpec(exampleSpec({ endpoint: { data_selector } })));
  try {
    const { records } = await recordRead(source, () => ({ headers: {}, body: JSON.stringify(body) }));
    return records.length === 0 ? "none" : records.map((record) => code(printJson(record))).join(", ");
  } catch (error) {
    return `error: ${error instanceof Error ? error.message.replace(/^.*page 1: |: GET .*$/g, "") : ""}`;
  }
}
