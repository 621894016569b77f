import { describe, expect, it } from "vitest";
import {
  createReader,
  singlePage,
  type ClientOptions,
  type ReadEvent,
  type ReadOptions,
  type RecordStream,
  type Resource,
} from "../../../runtime/src/index.js";
import { createReader as createNodeReader } from "../../../runtime/src/node.js";
import type { ResourceShape } from "../../../runtime/src/plugin.js";
import { errorOf, open, paginatorOf, pagesOf, span } from "../fixtures.js";
import { answer, answerJson, serve, until, type TestServer } from "../server.js";

const readers = [
  { transport: "fetch", create: createReader },
  { transport: "node:http", create: createNodeReader },
];

interface Setup {
  readonly create: typeof createReader;
  readonly url: string;
  readonly resources: readonly Partial<ResourceShape>[];
  readonly options?: ClientOptions;
}

/** Opens a client of several resources. A resource's path is its name unless it has one. */
function openAll({ create, url, resources, options }: Setup) {
  const shapes = resources.map((given, index): ResourceShape => {
    const name = given.name ?? `r${index}`;
    return { name, path: `/${name}`, select: ["items"], paginator: singlePage(), ...given };
  });
  const source = {
    name: "shop",
    baseUrl: url,
    resources: Object.fromEntries(shapes.map((shape) => [shape.name, shape])),
  };
  const reader = create(source, { retry: { backoffMs: 1 }, ...options });
  return (name: string, read?: ReadOptions): RecordStream<unknown> =>
    reader.read(source.resources[name] as Resource<unknown, object>, {}, read);
}

describe("the default statuses", () => {
  const resource = { paginator: singlePage() };

  it.each([408, 409, 425, 429, 500, 502, 503, 504, 520, 599])("retries %i", async (status) => {
    const server = await serve((_, response) =>
      server.seen.length === 1 ? answer(response, status) : answerJson(response, { items: [{ id: 1 }] }),
    );
    expect(await open({ url: server.url, resource })().toArray()).toEqual([{ id: 1 }]);
    expect(server.seen).toHaveLength(2);
  });

  it.each([400, 401, 403, 404, 410, 422, 423])("does not retry %i", async (status) => {
    const server = await serve((_, response) => answer(response, status));
    expect((await errorOf(open({ url: server.url, resource })().toArray())).status).toBe(status);
    expect(server.seen).toHaveLength(1);
  });
});

/** A server that requires a wait once, at `/busy`; all other responses are a page. */
async function serveBusy(headers: Readonly<Record<string, string>>): Promise<TestServer> {
  let isBusy = true;
  return serve(({ path, query }, response) => {
    const id = Number(query.get("page") ?? 1);
    if (path === "/busy" && isBusy) answer(response, 429, { headers });
    else answerJson(response, { items: id > 3 ? [] : [{ id }] });
    if (path === "/busy") isBusy = false;
  });
}

async function isAnswered({ seen }: TestServer, path: string): Promise<number> {
  const find = (): number | undefined => seen.find((request) => request.path === path)?.answered;
  await until(() => find() !== undefined, `${path} is answered`);
  // The client must have read the response.
  await new Promise((resolve) => setTimeout(resolve, 100));
  return find() ?? 0;
}

const busy = { name: "busy" };
/** A timer may end a little early. */
const waitMs = 700;
const wait = { "retry-after-ms": String(waitMs) };
const leastMs = waitMs - 10;

describe.each(readers)("the wait that a server asks for, over $transport", ({ create }) => {
  it("delays the other reads of the client at that origin, without an attempt or a retry", async () => {
    const server = await serveBusy(wait);
    const read = openAll({ create, url: server.url, resources: [busy, {}, {}, {}] });
    const events: ReadEvent[] = [];
    const first = read("busy").toArray();
    const askedAt = await isAnswered(server, "/busy");
    const others = ["r1", "r2", "r3"].map((name) =>
      read(name, { onEvent: (event) => events.push(event) }).toArray(),
    );
    await Promise.all([first, ...others]);
    expect(server.seen).toHaveLength(5);
    for (const { at } of server.seen.slice(1)) expect(at - askedAt).toBeGreaterThan(leastMs);
    expect(events.filter(({ type }) => type === "request")).toHaveLength(3);
    expect(events.filter(({ type }) => type === "retry")).toEqual([]);
  });

  it("delays the next page of a read in progress", async () => {
    const server = await serveBusy(wait);
    const paged = { name: "paged", paginator: paginatorOf("page_number", 1) };
    const read = openAll({ create, url: server.url, resources: [busy, paged] });
    const pages = read("paged", { readAhead: false }).pages()[Symbol.asyncIterator]();
    await pages.next();
    const first = read("busy").toArray();
    const askedAt = await isAnswered(server, "/busy");
    await pages.next();
    expect(server.seen.at(-1)?.at ?? 0).toBeGreaterThan(askedAt + leastMs);
    await Promise.all([first, pages.return?.()]);
  });

  it.each([
    { what: "a read at another origin", other: "origin" },
    { what: "a read of another client", other: "client" },
    { what: "a read that permits no such wait", other: "policy" },
  ])("does not delay $what", async ({ other }) => {
    const longMs = 30_000;
    const server = await serveBusy({ "retry-after-ms": String(longMs) });
    const elsewhere = await serveBusy({});
    const path = other === "origin" ? `${elsewhere.url}/r1` : "/r1";
    const setup = { create, url: server.url, resources: [busy, { path }] };
    const read = openAll(setup);
    const leaving = new AbortController();
    const first = expect(read("busy", { signal: leaving.signal }).toArray()).rejects.toThrow("enough");
    const askedAt = await isAnswered(server, "/busy");
    const reading = other === "client" ? openAll(setup) : read;
    await reading("r1", other === "policy" ? { retry: { maxWaitMs: longMs / 2 } } : {}).toArray();
    const { at = Infinity } = [...server.seen, ...elsewhere.seen].find((seen) => seen.path === "/r1") ?? {};
    expect(at - askedAt).toBeLessThan(longMs / 2);
    leaving.abort(new Error("enough"));
    await first;
  });

  it("does not delay other reads when it is too long for the read that received it", async () => {
    const server = await serveBusy({ "retry-after": "86400" });
    const read = openAll({ create, url: server.url, resources: [busy, {}] });
    expect((await errorOf(read("busy").toArray())).code).toBe("RETRY_AFTER_TOO_LONG");
    expect(await read("r1").toArray()).toEqual([{ id: 1 }]);
  });

  it("ends with the signal", async () => {
    const server = await serveBusy({ "retry-after": "30" });
    const read = openAll({ create, url: server.url, resources: [busy, {}] });
    const controller = new AbortController();
    const first = read("busy", { signal: controller.signal }).toArray();
    await isAnswered(server, "/busy");
    const second = read("r1", { signal: controller.signal }).toArray();
    controller.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    await expect(second).rejects.toThrow("enough");
    expect(server.seen).toHaveLength(1);
  });
});

describe("the retry budget", () => {
  const failures = [
    { what: "502", fail: { status: 502 } },
    { what: "bodies that are not JSON", fail: { status: 200, body: '{"items":[' } },
  ];

  it.each(failures)("bounds the retries of many resources: $what", async ({ fail }) => {
    const server = await serve((_, response) => answer(response, fail.status, fail));
    const resources = span(1, 80).map(() => ({}));
    const read = openAll({ create: createReader, url: server.url, resources });
    const errors = await Promise.all(resources.map((_, index) => errorOf(read(`r${index}`).toArray())));
    // 80 first attempts and 100 retries, instead of 400 attempts.
    expect(server.seen).toHaveLength(180);
    const refused = errors.filter(({ message }) =>
      message.includes(`; the retry budget for ${server.url} is used up`),
    );
    expect(refused.length).toBeGreaterThan(0);
    const [error] = refused;
    expect(error?.message).toContain("is used up");
    expect(error?.attempts.length).toBeLessThan(5);
    expect(new Set(errors.map(({ code }) => code)).size).toBe(1);
  });

  it("is refilled by successes", async () => {
    let isDown = true;
    const server = await serve((_, response) =>
      isDown ? answer(response, 503) : answerJson(response, { items: [{ id: 1 }] }),
    );
    const resources = span(1, 60).map(() => ({}));
    const read = openAll({ create: createReader, url: server.url, resources });
    const readAll = (): Promise<unknown>[] => resources.map((_, index) => read(`r${index}`).toArray());
    await Promise.allSettled(readAll());
    isDown = false;
    for (const reading of readAll()) expect(await reading).toEqual([{ id: 1 }]);
    isDown = true;
    const error = await errorOf(read("r0").toArray());
    expect(error.attempts).toHaveLength(5);
    expect(error.message).not.toContain("budget");
  });

  it("never ends a read of one resource whose pages succeed in the end", async () => {
    const failed = new Map<string, number>();
    const server = await serve(({ url, query }, response) => {
      const count = failed.get(url) ?? 0;
      failed.set(url, count + 1);
      const id = Number(query.get("page"));
      if (count < 4) answer(response, 500);
      else answerJson(response, { items: id > 60 ? [] : [{ id }] });
    });
    const rows = { name: "rows", paginator: paginatorOf("page_number", 1) };
    const read = openAll({ create: createReader, url: server.url, resources: [rows] });
    const pages = await pagesOf(read("rows"));
    expect(pages.flatMap(({ records }) => records)).toEqual(span(1, 60).map((id) => ({ id })));
    expect(server.seen).toHaveLength(61 * 5);
  });

  it("permits as many retries as the policy", async () => {
    const server = await serve((_, response) => answer(response, 500));
    const options = { retry: { backoffMs: 0, maxRetries: 150 } };
    const read = openAll({ create: createReader, url: server.url, resources: [{}], options });
    const error = await errorOf(read("r0").toArray());
    expect(error.attempts).toHaveLength(151);
    expect(error.message).not.toContain("budget");
  });

  it("is not charged for waits that the server asks for", async () => {
    const asked = new Set<string>();
    const server = await serve(({ path }, response) => {
      if (asked.has(path)) answerJson(response, { items: [{ id: 1 }] });
      else answer(response, 503, { headers: { "retry-after-ms": "200" } });
      asked.add(path);
    });
    const resources = span(1, 150).map(() => ({}));
    const read = openAll({ create: createReader, url: server.url, resources });
    const all = await Promise.all(resources.map((_, index) => read(`r${index}`).toArray()));
    expect(all.flat()).toHaveLength(150);
  });
});
