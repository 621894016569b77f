import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { isConnectorError, type ConnectorError, type Page, type ReadEvent } from "@connector-gen/runtime";
import { fail } from "@connector-gen/runtime/plugin";
import { answer, answerJson, serve, type TestServer } from "../runtime/server.js";
import { byPage, canary, openOrders, type Order, type ShopParts } from "./shop.js";
import { auth, resource, traps, type TrapRow } from "./traps.js";

/** Two pages of one order. */
function serveTwo(): Promise<TestServer> {
  return serve(({ query }, response) => {
    const page = Number(query.get("page"));
    answerJson(response, { items: [{ id: page + 1 }], more: page === 0 });
  });
}

/** The outcome of a read whose second page fails. */
interface Outcome {
  readonly pages: readonly Page<Order>[];
  readonly error: ConnectorError | undefined;
  readonly server: TestServer;
  /** All output of the client. */
  readonly shown: string;
}

/** Reads two pages. The plug-in is correct on the first one, and on the second throws `times` times. */
async function readWith(row: TrapRow, thrower: () => never, times: number): Promise<Outcome> {
  const server = await serveTwo();
  let left = 0;
  const { options, ...parts } = row.parts(() => {
    if (left <= 0) return;
    left--;
    thrower();
  });
  const events: ReadEvent[] = [];
  const lines: string[] = [];
  const logger = { warn: (line: string) => lines.push(line), error: (line: string) => lines.push(line) };
  const open = openOrders(server.url, {
    ...parts,
    options: { ...options, logger, onEvent: (event) => events.push(event), retry: { maxRetries: 2 } },
  });
  const pages: Page<Order>[] = [];
  let error: ConnectorError | undefined;
  try {
    for await (const page of open({ readAhead: false }).pages()) {
      pages.push(page);
      left = times;
    }
  } catch (thrown) {
    if (!isConnectorError(thrown)) throw thrown;
    error = thrown;
  }
  const shown = [error, error?.cause, pages, events, lines]
    .flatMap((value) => [
      inspect(value, { depth: Infinity, showHidden: true, maxStringLength: Infinity }),
      JSON.stringify([value]),
      String((Object(value) as { readonly stack?: unknown }).stack),
      String((Object(value) as { readonly message?: unknown }).message),
    ])
    .join("\n");
  left = 0;
  if (error) expect(events.at(-1)).toMatchObject({ type: "error", page: 2 });
  if (error) expect(lines.at(-1)).toBe(error.message);
  return { pages, error, server, shown };
}

/** The requests of the second page. */
function requestsOf({ server }: Outcome): number {
  return server.seen.filter(({ query }) => query.get("page") === "1").length;
}

describe.each(traps)("$name", (row) => {
  const { isRetried = true, requests = 1, foreignCode = "PLUGIN_FAILED" } = row;

  it("ends the read by `fail`, with class, code and place", async () => {
    const outcome = await readWith(row, () => fail("PAGE_INFO_INVALID", `no use: ${canary}`), 1);
    const { error, pages, shown } = outcome;
    expect(error).toMatchObject({
      name: "PageError",
      code: "PAGE_INFO_INVALID",
      source: "shop",
      resource: "orders",
      page: 2,
      checkpoint: pages[0]?.checkpoint,
    });
    expect(error?.message).toMatch(/^shop\.orders page 2: no use: \[redacted\]/);
    expect(requestsOf(outcome)).toBe(requests);
    expect(shown).not.toContain(canary);
  });

  it(`${isRetried ? "is" : "is not"} retried after \`fail\` with \`retryable\``, async () => {
    const outcome = await readWith(
      row,
      () => fail("NETWORK", "later", { retryable: true }),
      isRetried ? 2 : 1,
    );
    if (isRetried) {
      expect(outcome.error).toBeUndefined();
      expect(outcome.pages.flatMap(({ records }) => records)).toEqual([{ id: 1 }, { id: 2 }]);
      expect(requestsOf(outcome)).toBe(1 + 2 * requests);
    } else {
      expect(outcome.error).toMatchObject({ name: "NetworkError", code: "NETWORK", page: 2 });
      expect(requestsOf(outcome)).toBe(requests);
    }
  });

  if (isRetried)
    it("ends the read after the last retry, with every attempt", async () => {
      const outcome = await readWith(row, () => fail("NETWORK", "later", { retryable: true }), Infinity);
      expect(outcome.error?.message).toContain("shop.orders page 2: later after 3 attempts");
      expect(outcome.error?.attempts.map(({ reason }) => reason)).toEqual(["later", "later", "later"]);
      expect(requestsOf(outcome)).toBe(3 * requests);
    });

  it("redacts its own error and adds its location", async () => {
    class DriverError extends Error {
      override readonly name = `DriverError(${canary})`;
      readonly code = `E_${canary}`;
      readonly config = { headers: { authorization: canary } };
    }
    const thrower = (): never => {
      throw new DriverError(`connect redis://:${canary}@cache`);
    };
    const outcome = await readWith(row, thrower, Infinity);
    const { error, pages, shown } = outcome;
    expect(error).toMatchObject({
      code: foreignCode,
      source: "shop",
      resource: "orders",
      page: 2,
      checkpoint: pages[0]?.checkpoint,
    });
    expect(error?.message).toMatch(/^shop\.orders page 2: /);
    expect(error?.message).toContain("[redacted]");
    expect(error?.cause).toMatchObject({
      message: "connect redis://:[redacted]@cache",
      code: "E_[redacted]",
    });
    expect(shown).not.toContain(canary);
    // Only a transport's rejection is a reason for a retry.
    expect(requestsOf(outcome)).toBe(foreignCode === "PLUGIN_FAILED" ? requests : 3 * requests);
  });

  it("continues from the error's checkpoint", async () => {
    const { error, server } = await readWith(row, () => fail("NETWORK", "down"), 1);
    const parts = row.parts(() => undefined);
    const rest = await openOrders(server.url, parts)({ from: error?.checkpoint }).toArray();
    expect(rest).toEqual([{ id: 2 }]);
  });
});

describe("the function `renew` of credentials", () => {
  it.each([
    { name: "by `fail`", thrower: () => fail("NO_CREDENTIALS", `lost ${canary}`), code: "NO_CREDENTIALS" },
    {
      name: "with its own error",
      thrower: () => {
        throw new Error(`lost ${canary}`);
      },
      code: "PLUGIN_FAILED",
    },
  ])("fails $name", async ({ thrower, code }) => {
    const { url } = await serve((_, response) => answer(response, 401));
    const own = { ...auth, credentials: () => ({ renew: thrower }) };
    const reading = openOrders(url, { resource: { auth: own } })().toArray();
    const error: unknown = await reading.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, page: 1 });
    expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain(canary);
  });
});

describe("a plug-in", () => {
  const shape = (thrown: unknown): ShopParts =>
    resource({
      shape: [
        {
          type: "throws",
          options: {},
          shape: () => {
            throw thrown;
          },
        },
      ],
    });
  const failureOf = async (parts: ShopParts): Promise<unknown> => {
    const { url } = await serveTwo();
    return openOrders(url, parts)()
      .toArray()
      .catch((error: unknown) => error);
  };

  it.each([
    { name: "a text", thrown: `lost ${canary}`, text: "lost [redacted]" },
    { name: "an object", thrown: { message: `lost ${canary}` }, text: "lost [redacted]" },
    { name: "nothing", thrown: undefined, text: "undefined" },
    { name: "null", thrown: null, text: "null" },
    { name: "a symbol", thrown: Symbol("lost"), text: "Symbol(lost)" },
    { name: "a TypeError", thrown: new TypeError("no such field"), text: "TypeError: no such field" },
  ])("may throw $name", async ({ thrown, text }) => {
    const error = await failureOf(shape(thrown));
    expect(error).toMatchObject({ name: "ConnectorError", code: "PLUGIN_FAILED", page: 1 });
    expect(String(error)).toContain(`a plug-in or an option's function failed: ${text}: GET `);
    expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain(canary);
  });

  it("that reads another API fails in its own place", async () => {
    const other = await serve((_, response) => answer(response, 404));
    const enrich = { type: "enrich", options: {}, shape: () => openOrders(other.url)().toArray() };
    const error = await failureOf({ source: { name: "store" }, resource: { shape: [enrich] } });
    expect(error).toMatchObject({ code: "PLUGIN_FAILED", source: "store", resource: "orders", page: 1 });
    expect(String(error)).toContain("failed: HttpError: shop.orders page 1: 404 Not Found");
  });

  it("that fails before any request cannot show a secret of the options", async () => {
    const rateLimit = { acquire: () => Promise.reject(new Error(`no limit for ${canary}`)) };
    const error = await failureOf({ options: { rateLimit } });
    expect(error).toMatchObject({ code: "PLUGIN_FAILED", page: 1 });
    expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain(canary);
  });

  it("that fails while it interprets a response keeps the response in the error", async () => {
    const paginator = {
      ...byPage,
      next: () => {
        throw new Error("odd page");
      },
    };
    const error = await failureOf(resource({ paginator }));
    expect(isConnectorError(error) && error.response).toMatchObject({ status: 200 });
    expect(isConnectorError(error) && error.response?.body).toContain('"items"');
  });
});
