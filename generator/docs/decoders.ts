import type { JsonValue } from "@connector-gen/runtime";
import { toLiveSource } from "../live/live-source.js";
import { readKindUse } from "../spec/kinds.js";
import { printJson } from "../spec/print-json.js";
import { exampleSpec, readSpec } from "./example-source.js";
import { wordsOf, renderKinds } from "./kinds-page.js";
import { blocks, code, either, fence, jsonBlock } from "./markdown.js";
import { recordRead } from "./record-read.js";

/** The records that a server writes in the format of each example. */
const sample: readonly JsonValue[] = [
  { id: 1, name: "Ann", note: 'says "hi"' },
  { id: 2, name: "Bo" },
];

/** Renders `decoders.md`: every decoder with its options and examples, and the records that it reads. */
export async function renderDecoders(): Promise<string> {
  return blocks(
    "# Decoders",
    "A decoder reads response bodies. It is the value of `decoder` in an endpoint or in `resource_defaults.endpoint`. With any decoder except `json`, the whole body is the list of records unless `data_selector` is set.",
    jsonBlock({ decoder: { type: "csv", delimiter: ";" } }),
    `The type alone selects a decoder with its default options: ${either(wordsOf("decoder").map((word) => code(JSON.stringify(word))))}.`,
    "Each example shows a response (`←`: its content type and body) and the records that a read returns (`=`). Every test run reads the examples again.",
    await renderKinds("decoder", recordDecoder),
  );
}

/** Reads a body in the format of an example. */
async function recordDecoder(decoder: JsonValue): Promise<string> {
  const use = readKindUse("decoder", decoder, { path: [], report: () => undefined });
  const format = use?.kind.format;
  if (!format) throw new Error(`${JSON.stringify(decoder)} has no format`);
  const body = format.write(sample, { options: use.options, sample });
  const source = await readSpec(exampleSpec({ endpoint: { decoder, data_selector: "$" } }));
  const headers = { "content-type": format.contentType };
  const { records } = await recordRead(toLiveSource(source), () => ({ headers, body }));
  const lines = body.trimEnd().split(/\r?\n/);
  return fence(
    "text",
    [
      `← ${format.contentType}`,
      ...lines.map((line) => `  ${line}`),
      ...records.map((record) => `= ${printJson(record)}`),
    ].join("\n"),
  );
}
