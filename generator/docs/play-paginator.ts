import type { JsonObject } from "@connector-gen/runtime";

import type { SourceIr } from "../ir/source-ir.js";
import { startMock } from "../mock/start-mock.js";
import { EXAMPLE_ORIGIN, exampleSpec, readSpec } from "./example-source.js";
import { toLiveSource } from "../live/live-source.js";
import { play, type Play, type PlayedReply, type PlayedRequest } from "./play.js";

/** How many records there are where the example names no page size: the mock makes pages of 20. */
const RECORDS = 50;

/** Reads two and a half pages of the mock server by an example's paginator. */
export async function playPaginator(example: JsonObject): Promise<Play> {
  const source = await readExample(example);
  const limit = source.resources[0]?.paginator.options["limit"];
  const mock = await startMock([source], { records: typeof limit === "number" ? (limit * 5) / 2 : RECORDS });
  try {
    return await play(toLiveSource(source), (request) => askMock(mock.url, request));
  } finally {
    await mock.close();
  }
}

/** What goes into a body goes by POST: most APIs take none with GET. */
async function readExample(paginator: JsonObject): Promise<SourceIr> {
  const source = await readSpec(exampleSpec({ endpoint: { paginator } }));
  return source.resources[0]?.body
    ? readSpec(exampleSpec({ endpoint: { paginator, method: "POST", json: {} } }))
    : source;
}

/** Headers that every answer has. */
const COMMON = /^(connection|content-length|content-type|date|keep-alive|transfer-encoding)$/;

async function askMock(mockUrl: string, { method, url, headers, body }: PlayedRequest): Promise<PlayedReply> {
  const response = await fetch(url.replace(EXAMPLE_ORIGIN, mockUrl), {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  const toExample = (text: string): string => text.replaceAll(mockUrl, EXAMPLE_ORIGIN);
  const kept = [...response.headers].filter(([name]) => !COMMON.test(name));
  return {
    headers: Object.fromEntries(kept.map(([name, value]) => [name, toExample(value)])),
    body: toExample(await response.text()),
  };
}
