import * as runtime from "@connector-gen/runtime";
import type { Decoder, JsonValue } from "@connector-gen/runtime";

import { readKindUse } from "../spec/kinds.js";
import { EXAMPLE_ORIGIN } from "./example-source.js";
import { renderKinds, wordsOf } from "./kinds-page.js";
import { blocks, code, either, fence, inlineJson, jsonBlock } from "./markdown.js";
import { play } from "./play.js";

/** The records that a server writes in the format of each example. */
const records: readonly JsonValue[] = [
  { id: 1, name: "Ann", note: 'says "hi"' },
  { id: 2, name: "Bo" },
];

/** `decoders.md`: every decoder with its options and examples, and what it reads. */
export async function renderDecoders(): Promise<string> {
  return blocks(
    "# Decoders",
    "A decoder reads response bodies. It is the value of `decoder` in an endpoint or in `resource_defaults.endpoint`. With a decoder other than `json`, the whole body is the list of records unless `data_selector` says otherwise.",
    jsonBlock({ decoder: { type: "csv", delimiter: ";" } }),
    `A word alone stands for a decoder with its default options: ${either(wordsOf("decoder").map((word) => code(JSON.stringify(word))))}.`,
    "Each example shows a response (`←`: its content type and body) and the records that a read returns (`=`). Every test run reads the examples again.",
    await renderKinds("decoder", playDecoder),
  );
}

/** Reads a body in an example's format. */
async function playDecoder(example: JsonValue): Promise<string> {
  const use = readKindUse("decoder", example, { path: [], report: () => undefined });
  const format = use?.kind.format;
  if (!use || !format) throw new Error(`${JSON.stringify(example)} cannot be written`);
  const { kind, options } = use;
  const body = format.write(records, { options, sample: records });
  const factories = runtime as unknown as Readonly<Record<string, (options: object) => Decoder>>;
  const decode = kind.factory === undefined ? undefined : factories[kind.factory]?.(options);
  const resource = {
    name: "items",
    path: "/items",
    select: [],
    paginator: runtime.singlePage(),
    ...(decode && { decode }),
  };
  const source = { name: "example", baseUrl: EXAMPLE_ORIGIN, spec: "", resources: { items: resource } };
  const headers = { "content-type": format.contentType };
  const { records: read } = await play(source, () => ({ headers, body }));
  const lines = body.trimEnd().split(/\r?\n/);
  return fence(
    "text",
    [
      `← ${format.contentType}`,
      ...lines.map((line) => `  ${line}`),
      ...read.map((record) => `= ${inlineJson(record)}`),
    ].join("\n"),
  );
}
