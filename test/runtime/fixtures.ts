import { inspect } from "node:util";
import { expect } from "vitest";
import {
  createReader,
  isConnectorError,
  isHttpError,
  parallelOffset,
  parallelPageNumber,
  type ClientOptions,
  type ConnectorError,
  type HttpError,
  type Page,
  type ReadEvent,
  type ReadOptions,
  type RecordStream,
  type Resource,
  type Source,
} from "../../runtime/src/index.js";
import type { FetchLike, Paginator, ResourceShape } from "../../runtime/src/plugin.js";
import { createReader as createNodeReader } from "../../runtime/src/node.js";
import type { Row } from "./rows.js";

export { idsOf, rows, span, type Row } from "./rows.js";

/** The paging style of a test API. */
export type Style = "offset" | "page_number";
export const styles: readonly Style[] = ["offset", "page_number"];

/** The paginator of a style, `size` records a page; page numbers start at 1. */
export function paginatorOf(style: Style, size: number, stops: object = {}): Paginator {
  return style === "offset"
    ? parallelOffset({ limit: size, ...stops })
    : parallelPageNumber({ limit: size, basePage: 1, ...stops });
}

/** The options that contain the secrets and config values of the tests' sources. */
const placeholders = {
  "secrets.api_key": { option: "apiKey", env: "SHOP_API_KEY" },
  "secrets.token": { option: "token", env: "SHOP_TOKEN" },
  "secrets.username": { option: "username", env: "SHOP_USERNAME" },
  "secrets.password": { option: "password", env: "SHOP_PASSWORD" },
  "config.region": { option: "region" },
};

/** The parts of a test's client. Only the URL is required. */
export interface Setup {
  readonly url: string;
  readonly source?: Partial<Source>;
  readonly resource?: Partial<ResourceShape>;
  readonly options?: ClientOptions & Readonly<Record<string, unknown>>;
}

/** A source of one resource, `rows`, at `/v1/rows`, read by page number by default. */
export function source(url: string, given: Omit<Setup, "url"> = {}): Source {
  const rows: ResourceShape = {
    name: "rows",
    path: "/v1/rows",
    select: ["items"],
    paginator: paginatorOf("page_number", 10),
    primaryKey: ["id"],
    ...given.resource,
  };
  return {
    name: "shop",
    baseUrl: url,
    options: placeholders,
    // The tests pass options such as `hooks` and `authorize`, which a generated source declares.
    optionNames: Object.keys(given.options ?? {}),
    resources: { rows },
    ...given.source,
  };
}

/** Opens a client of such a source; its retries do not wait. */
export type Open = (setup: Setup) => (read?: ReadOptions, params?: object) => RecordStream<Row>;

function openWith(create: typeof createReader): Open {
  return (setup) => {
    const { resources, ...rest } = source(setup.url, setup);
    const { retry, ...options } = setup.options ?? {};
    const reader = create({ ...rest, resources }, { ...options, retry: { backoffMs: 1, ...retry } });
    return (read, params) => reader.read(resources["rows"] as Resource<Row, object>, params, read);
  };
}

/** Opens a client that uses `fetch`. */
export const open: Open = openWith(createReader);

/** The transports for tests that must pass with both. */
export const transports: readonly { readonly transport: string; readonly open: Open }[] = [
  { transport: "fetch", open },
  { transport: "node:http", open: openWith(createNodeReader) },
];

/** All pages of a stream. */
export async function pagesOf<R>(stream: RecordStream<R>): Promise<Page<R>[]> {
  const pages: Page<R>[] = [];
  for await (const page of stream.pages()) pages.push(page);
  return pages;
}

/** Returns the error of a read. Fails if there is none, or if it is not an error of the runtime. */
export async function errorOf(reading: Promise<unknown>): Promise<ConnectorError> {
  const error: unknown = await reading.then(
    () => new Error("the read ended without an error"),
    (reason: unknown) => reason,
  );
  if (isConnectorError(error)) return error;
  throw error;
}

/** Like `errorOf`, for errors caused by a status. */
export async function httpErrorOf(reading: Promise<unknown>): Promise<HttpError> {
  const error = await errorOf(reading);
  if (isHttpError(error)) return error;
  throw error;
}

/** Creates an event handler for retries only. */
export function onRetry(act: (event: ReadEvent & { type: "retry" }) => void): (event: ReadEvent) => void {
  return (event) => {
    if (event.type === "retry") act(event);
  };
}

/** The response of a `fetch` without a network. A body that is not text is sent as JSON. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A request that `fetch` received. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
}

/** A `fetch` without a network. */
export function fakeFetch(respond: (request: Asked, n: number) => Reply | Promise<Reply>): {
  readonly fetch: FetchLike;
  readonly seen: readonly Asked[];
} {
  const seen: Asked[] = [];
  const fetch: FetchLike = async (url, { method, headers }) => {
    const request = { method, url, query: new URL(url).searchParams, headers };
    seen.push(request);
    const { status = 200, headers: sent = {}, body = null } = await respond(request, seen.length);
    const isRaw = body === null || typeof body === "string" || body instanceof Uint8Array;
    return new Response(isRaw ? body : JSON.stringify(body), { status, headers: { ...sent } });
  };
  return { fetch, seen };
}

/** Returns all text of values, including hidden and nested parts. */
export function exposureOf(...values: readonly unknown[]): string {
  return values
    .flatMap((value) => [
      inspect(value, { depth: Infinity, showHidden: true, maxStringLength: Infinity }),
      JSON.stringify(value),
      String((Object(value) as { stack?: unknown }).stack),
    ])
    .join("\n");
}

/** Fails if a text contains a secret, whole or in part, plain or in base64. The secrets of the tests begin with `s3cr`. */
export function expectNoSecret(text: string, ...secrets: readonly string[]): void {
  expect(text).not.toMatch(/s3cr/i);
  for (const secret of secrets) {
    const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "");
    expect(text).not.toContain(base64);
  }
}
