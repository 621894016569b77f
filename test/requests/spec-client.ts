import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { expect } from "vitest";
import type {
  Checkpoint,
  ClientOptions,
  Page,
  ReadEvent,
  ReadOptions,
  RecordStream,
} from "@connector-gen/runtime";
import { printSource } from "../../generator/emit/print.js";
import { buildSource } from "../../generator/ir/build.js";
import { pagesOf } from "../runtime/fixtures.js";
import { answer, serve, type Seen, type TestServer } from "../runtime/server.js";
import { specOf } from "../spec/parse-text.js";
import { typeCheck } from "../support/compile.js";
import { loadModule } from "../support/load-module.js";
import { root } from "../support/paths.js";

const folder = join(root, ".scratch", `requests-${process.pid}`);

type Records = RecordStream<Readonly<Record<string, unknown>>>;
type Methods = Readonly<Record<string, (...given: readonly unknown[]) => Records>>;

/** Finds a method of a generated client by its name. It reads without parameters. */
export type SpecClient = (name: string) => (options?: ReadOptions) => Records;

let count = 0;
const files: string[] = [];

/** Generates a module from a spec and creates its client. `typeCheckAll` compiles all modules of a test file. */
export async function clientOf(spec: object, options: ClientOptions & object): Promise<SpecClient> {
  const name = `shop-${count++}`;
  const source = buildSource(
    await specOf({ name, client: { base_url: "https://api.example.com" }, ...spec }),
  );
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, await printSource(source));
  files.push(file);
  const module = await loadModule(file);
  const create = module[source.names.factory] as (options: ClientOptions) => Methods;
  const methods = create({ retry: { backoffMs: 1 }, ...options });
  const entries = source.resources.map(({ names, params }) => {
    const read = (...given: readonly unknown[]): Records => {
      const method = methods[names.method];
      if (!method) throw new Error(`no method ${names.method}`);
      return method(...given);
    };
    return [
      names.method,
      (options?: ReadOptions) => (params.length > 0 ? read({}, options) : read(options)),
    ] as const;
  });
  return (name) => {
    const read = Object.fromEntries(entries)[name];
    if (!read) throw new Error(`no method ${name}`);
    return read;
  };
}

/** Adds the last test of a file: all its modules compile under the strict flags. Then removes them. */
export function typeCheckAll(): void {
  // Test files share this module.
  const own = files.splice(0);
  expect([...typeCheck(own).values()].flat()).toEqual([]);
  for (const file of own) rmSync(file);
}

/** A request with its body. */
export interface Request extends Omit<Seen, "at" | "isAborted"> {
  readonly body: string;
  /** `POST /items?page=2 {"a":1}` */
  readonly text: string;
}

/** A response: a status, headers and a body that is sent as JSON unless it is text. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Starts a server that responds with a function, and records its requests. */
export async function api(
  respond: (request: Request) => Reply,
): Promise<TestServer & { readonly requests: Request[] }> {
  const requests: Request[] = [];
  const server = await serve((seen, response) => {
    void readBody(response.req).then((body) => {
      const { method, url, path, query, headers } = seen;
      const text = [method, decodeURIComponent(url), body].filter(Boolean).join(" ");
      const request = { method, url, path, query, headers, body, text };
      requests.push(request);
      const { status = 200, headers: sent = {}, body: reply = "" } = respond(request);
      answer(response, status, {
        body: typeof reply === "string" ? reply : JSON.stringify(reply),
        headers: { "content-type": "application/json", ...sent },
      });
    });
  });
  return { ...server, requests };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}

/** Returns a checkpoint after storage as JSON. */
export function stored(checkpoint: Checkpoint | undefined): Checkpoint {
  return JSON.parse(JSON.stringify(checkpoint)) as Checkpoint;
}

/**
 * Reads a resource, then again from the checkpoint after every page, and expects the same records in total. Returns the
 * pages of the first read.
 */
export async function readInPieces(
  read: (options?: ReadOptions) => RecordStream<unknown>,
): Promise<Page<unknown>[]> {
  const pages = await pagesOf(read());
  const all = pages.flatMap(({ records }) => records);
  for (const [index, { checkpoint, isLast }] of pages.entries()) {
    if (isLast) break;
    const rest = await pagesOf(read({ from: stored(checkpoint) }));
    const before = pages.slice(0, index + 1).flatMap(({ records }) => records);
    expect([...before, ...rest.flatMap(({ records }) => records)]).toEqual(all);
    expect(stored(rest.at(-1)?.checkpoint)).toEqual(stored(pages.at(-1)?.checkpoint));
  }
  return pages;
}

/** The messages of the warnings of a read. */
export function collectWarnings(): {
  readonly messages: string[];
  readonly onEvent: (event: ReadEvent) => void;
} {
  const messages: string[] = [];
  return { messages, onEvent: (event) => event.type === "warning" && messages.push(event.message) };
}
