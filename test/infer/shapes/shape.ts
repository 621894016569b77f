import type { ServerResponse } from "node:http";
import { answer, serve, type Seen, type TestServer } from "../../runtime/server.js";

/** A request with its body. */
export interface Ask extends Seen {
  /** The parsed JSON body; `undefined` without one. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
  /** The URL of the server, for absolute links. */
  readonly base: string;
}

/** The response to a request. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text, or a value to encode as JSON. */
  readonly body: unknown;
}

/** A record of a test API. */
export type Item = Readonly<Record<string, unknown>>;

/** Records and the schema that describes them exactly. */
export interface Items {
  readonly all: readonly Item[];
  readonly schema: object;
}

/** An API with the paging and the envelope of a well-known one. */
export interface Shape {
  readonly name: string;
  /** Path and query of the command. */
  readonly path: string;
  /** Further arguments of the command: `-X POST -d {}`. */
  readonly args?: readonly string[];
  readonly items: Items;
  readonly reply: (ask: Ask, all: readonly Item[]) => Reply;
  /** The expected selector in the spec. */
  readonly selector?: string;
  /** The expected options of the endpoint besides path, method, body and selector. */
  readonly endpoint: object;
  /** The primary key; `null` if the records have none. */
  readonly key?: unknown;
  /** The maximum number of requests of the command. Default 3, which suffices if the first guess is correct; at most 8. */
  readonly requests?: number;
}

/** Serves a shape. */
export function serveShape({ reply, items }: Shape): Promise<TestServer> {
  return serve((seen, response) => {
    const chunks: Buffer[] = [];
    response.req.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.req.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const json = text === "" ? undefined : (JSON.parse(text) as Ask["json"]);
      const base = `http://${seen.headers.host ?? ""}`;
      send(response, reply({ ...seen, json, base }, items.all));
    });
  });
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: Reply): void {
  const text = typeof body === "string" ? body : JSON.stringify(body, encodeBig);
  // Digits in quotes that must reach the client as an integer.
  const exact = text.replaceAll(/"integer:(\d+)"/g, "$1");
  answer(response, status, { body: exact, headers: { "content-type": "application/json", ...headers } });
}

function encodeBig(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? `integer:${value}` : value;
}

/** The number in a query parameter. */
export function number({ query }: Pick<Ask, "query">, name: string, otherwise: number): number {
  return Number(query.get(name) ?? otherwise);
}

/** A status 400 for a request with a parameter that the API does not know; otherwise the reply. */
export function strict(ask: Ask, known: readonly string[], reply: () => Reply): Reply {
  const unknown = [...ask.query.keys()].find((name) => !known.includes(name));
  return unknown === undefined
    ? reply()
    : { status: 400, body: { error: { message: `unknown parameter: ${unknown}` } } };
}

/** The page that begins at an index. */
export function pageAt<T>(all: readonly T[], at: number, size: number): readonly T[] {
  return all.slice(at, at + size);
}

/** The page after the record with a value. */
export function pageAfter(
  all: readonly Item[],
  size: number,
  { field, value }: { readonly field: string; readonly value: string | null },
): readonly Item[] {
  const at = value === null ? 0 : all.findIndex((each) => String(each[field]) === value) + 1;
  return pageAt(all, at, size);
}

/** An opaque token of an index, and back. */
export const token = {
  of: (at: number): string => Buffer.from(`at:${at}`).toString("base64url"),
  at: (text: unknown): number =>
    typeof text === "string" ? Number(Buffer.from(text, "base64url").toString().slice(3)) : 0,
};
