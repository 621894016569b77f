import { query, unicodePatterns } from "@connector-gen/runtime";
import type { JsonObject, JsonValue } from "@connector-gen/runtime";

import { parseSelector } from "../spec/selector/selector.js";
import { exampleSpec, readSpec } from "./example-source.js";
import { toLiveSource } from "../live/live-source.js";
import { blocks, code, inlineJson, jsonBlock, table } from "./markdown.js";
import { play } from "./play.js";

/** What the selectors of the page look into. */
const BODY: JsonObject = {
  data: {
    items: [
      { id: 1, kind: "book", tags: ["new", "sale"], price: 5 },
      { id: 2, kind: "map", tags: [], price: null },
      { id: 3, kind: "book", tags: ["old"], price: 12 },
    ],
  },
  meta: { next: "abc", "@odata.count": 3, "per page": 100 },
};

/** Selectors by what they show. */
const GROUPS: readonly (readonly [title: string, note: string, selectors: readonly string[]])[] = [
  [
    "Names and indexes",
    "Names follow each other with dots. A name with other characters than letters, digits, `_` and `-` stands in quotes.",
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
    "`[*]` is every element of a list, `.*` every value of an object, `..` looks at every depth.",
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
    "A filter keeps the elements for which its comparisons hold; a field alone holds where it is there. `=~` looks for a pattern anywhere in a text.",
    [
      "data.items[?@.kind=='book'].id",
      "data.items[?(@.kind=='book' & @.price>10)].id",
      "data.items[?@.price].id",
      "data.items[?@.kind=~'^b'].id",
    ],
  ],
  [
    "RFC 9535",
    "What starts with `$` and uses `&&`, `||`, `!`, functions, or a path on the right of a comparison is an RFC 9535 query from its first to its last character.",
    [
      "$.data.items[?@.kind == 'book' && @.price < 10].id",
      "$.data.items[?!@.tags[0] || @.price > 10].id",
      "$.data.items[?length(@.tags) > 1].id",
      "$.data.items[?match(@.kind, 'ma.')].id",
      "$.data['items'][0, 'id', 1:2].id",
    ],
  ],
];

/** Texts that are no selectors. */
const REFUSED: readonly string[] = [
  "first page",
  "1st",
  "data.",
  "items[",
  "items where id",
  "items.`len`",
  "id + 1",
  "$data",
];

/** What `data_selector` makes of bodies. */
const READS: readonly (readonly [selector: string, body: JsonValue])[] = [
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
  ["pages[*].items", { pages: [] }],
];

/** `selectors.md`: what selectors find, found by them. */
export async function renderSelectors(): Promise<string> {
  const groups = GROUPS.map(([title, note, selectors]) =>
    blocks(
      `## ${title}`,
      note,
      table(
        ["Selector", "Finds"],
        selectors.map((text) => [code(text), find(text)]),
      ),
    ),
  );
  const reads = await Promise.all(
    READS.map(async ([text, body]) => [code(text), code(inlineJson(body)), await read(text, body)]),
  );
  return blocks(
    "# Selectors",
    "A selector says where values are in JSON: records in a response (`data_selector`), a total or a cursor (paginators), a field of a parent (`{resources.users.id}`), the field that a read goes on from (`cursor_path`). The language is dlt's, which is that of jsonpath-ng; what starts with `$` and only RFC 9535 can read is an RFC 9535 query. Selectors are compiled when a module is generated: those of names, indexes and `[*]` become plain accessors.",
    "What stands in the column *finds* was found by the selector in this body:",
    jsonBlock(BODY),
    ...groups,
    "## Records",
    "The records of a page are what `data_selector` finds: the elements of a list, one record for anything else. A selector of several values (`[*]`, slices, filters, …) finds records one by one, however many there are. Nothing is found where a name before the first `[*]` is missing: that is an error, unless `data_selector_required` is `false`, because an API that has changed must not look like one without records.",
    table(["`data_selector`", "Body", "Records"], reads),
    "## What is no selector",
    table(
      ["Text", "Message"],
      REFUSED.map((text) => [code(text), refuse(text)]),
    ),
  );
}

function find(text: string): string {
  const read = parseSelector(text);
  if (!read.ok) throw new Error(`${text}: ${read.message}`);
  const found = query(read.segments, unicodePatterns()).run(BODY) ?? [];
  return found.length === 0 ? "nothing" : found.map((value) => code(inlineJson(value, shorten))).join(", ");
}

/** Records by their ids. */
function shorten(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("id" in value) return `{ "id": ${String(value.id)}, … }`;
  return "data" in value ? '{ "data": …, "meta": … }' : undefined;
}

function refuse(text: string): string {
  const read = parseSelector(text);
  if (read.ok) throw new Error(`${text} is a selector`);
  return read.message.replaceAll("`", "");
}

/** The records of a read of one page. */
async function read(data_selector: string, body: JsonValue): Promise<string> {
  const source = toLiveSource(await readSpec(exampleSpec({ endpoint: { data_selector } })));
  try {
    const { records } = await play(source, () => ({ headers: {}, body: JSON.stringify(body) }));
    return records.length === 0 ? "none" : records.map((record) => code(inlineJson(record))).join(", ");
  } catch (error) {
    return `error: ${error instanceof Error ? error.message.replace(/^.*page 1: |: GET .*$/g, "") : ""}`;
  }
}
