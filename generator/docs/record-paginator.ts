import type { JsonValue } from "@connector-gen/runtime";
import type { SourceIr } from "../ir/source-ir.js";
import { toLiveSource } from "../live/live-source.js";
import { startMock } from "../mock/start-mock.js";
import { exampleOrigin, exampleSpec, readSpec } from "./example-source.js";
import { recordRead, type RecordedRequest, type RecordedResponse, type Transcript } from "./record-read.js";

/** Number of records if the example has no page size. The default page of the mock has 20 records. */
const defaultRecords = 50;

/** Records a read of two and a half pages of the mock server with the paginator of an example. */
export async function recordPaginator(example: JsonValue): Promise<Transcript> {
  const source = await readExample(example);
  const limit = source.resources[0]?.paginator.options["limit"];
  const mock = await startMock([source], {
    records: typeof limit === "number" ? (limit * 5) / 2 : defaultRecords,
  });
  try {
    return await recordRead(toLiveSource(source), (request) => requestMock(mock.url, request));
  } finally {
    await mock.close();
  }
}

/**
 * Reads the spec of an example. Uses POST if the paginator writes into the body, because most APIs accept no body with
 * GET.
 */
async function readExample(paginator: JsonValue): Promise<SourceIr> {
  const source = await readSpec(exampleSpec({ endpoint: { paginator } }));
  return source.resources[0]?.body
    ? readSpec(exampleSpec({ endpoint: { paginator, method: "POST", json: {} } }))
    : source;
}

/** Headers of every response. */
const commonHeaders = /^(connection|content-length|content-type|date|keep-alive|transfer-encoding)$/;

async function requestMock(
  mockUrl: string,
  { method, url, headers, body }: RecordedRequest,
): Promise<RecordedResponse> {
  const response = await fetch(url.replace(exampleOrigin, mockUrl), {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  const toExample = (text: string): string => text.replaceAll(mockUrl, exampleOrigin);
  const kept = [...response.headers].filter(([name]) => !commonHeaders.test(name));
  return {
    headers: Object.fromEntries(kept.map(([name, value]) => [name, toExample(value)])),
    body: toExample(await response.text()),
  };
}
