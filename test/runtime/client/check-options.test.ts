import { describe, expect, it } from "vitest";
import {
  createReader,
  isConnectorError,
  type ClientOptions,
  type Resource,
  type Source,
} from "../../../runtime/src/index.js";
import { clientRules } from "../../../runtime/src/client/check-options.js";

import { errorOf, fakeFetch, open, source } from "../fixtures.js";

const values = [undefined, NaN, -1, "5", null] as const;
type Value = (typeof values)[number];

/** The values besides `undefined` that an option accepts. */
const acceptedByClient: { readonly [K in keyof Required<ClientOptions>]: readonly Value[] } = {
  fetch: [],
  transport: [],
  baseUrl: ["5"],
  headers: [],
  retry: [],
  onDrift: [],
  rateLimit: [],
  timeoutMs: [],
  readAhead: [],
  concurrency: [],
  allowedOrigins: [],
  maxBodyBytes: [],
  schemas: [],
  onEvent: [],
  logger: [],
  denyPrivate: [],
};

const acceptedByRead = {
  signal: [],
  from: [],
  maxPages: [],
  readAhead: [],
  concurrency: [],
  headers: [],
  timeoutMs: [],
  retry: [],
  onDrift: [],
  validate: [],
  onEvent: [],
} satisfies Record<string, readonly Value[]>;

const retryOptions = ["maxRetries", "backoffMs", "maxDelayMs", "statuses", "maxWaitMs"];

/** Returns the end of a read with these options: `ok`, or the code and the message of its error. */
async function outcome(clientOptions: object, readOptions: object = {}): Promise<string> {
  const { fetch, seen } = fakeFetch((_, n) =>
    n === 1 ? { status: 503 } : { body: { items: [{ id: n }], total: 1 } },
  );
  const own = source("http://api.test", { source: { optionNames: [], retry: { backoffMs: 1 } } });
  const end = await Promise.resolve()
    .then(() => createReader(own, { fetch, ...clientOptions }))
    .then((reader) =>
      reader.read(own.resources["rows"] as Resource<object, object>, {}, readOptions).toArray(),
    )
    .then(
      () => "ok",
      (error: unknown) => (isConnectorError(error) ? `${error.code}: ${error.message}` : String(error)),
    );
  // One failing request and one retry: nothing runs endlessly.
  expect(seen.length).toBeLessThanOrEqual(2);
  expect(end).not.toContain("TypeError");
  return end;
}

const rows = (accepted: Readonly<Record<string, readonly Value[]>>) =>
  Object.entries(accepted).flatMap(([name, good]) =>
    values.map((value) => ({ name, value, isFine: value === undefined || good.includes(value) })),
  );

describe("an option of the client", () => {
  it("has a row in this table", () => {
    expect(Object.keys(acceptedByClient).sort()).toEqual(Object.keys(clientRules).sort());
  });

  it.each(rows(acceptedByClient))("$name: $value", async ({ name, value, isFine }) => {
    if (name === "baseUrl" && value === "5") {
      expect(await outcome({ baseUrl: value })).toMatch(/^INVALID_OPTIONS: .*`baseUrl`/);
      return;
    }
    // Without `fetch`, the test would use the network.
    if (name === "fetch" && isFine) return;
    const end = await outcome({ [name]: value });
    if (isFine) expect(end).toBe("ok");
    else expect(end).toMatch(new RegExp(`^INVALID_OPTIONS: shop: \`${name}\` must be .+, not .+`));
  });

  it.each(retryOptions.flatMap((name) => values.map((value) => ({ name, value }))))(
    "retry.$name: $value",
    async ({ name, value }) => {
      const end = await outcome({ retry: { [name]: value } });
      if (value === undefined) expect(end).toBe("ok");
      else expect(end).toMatch(new RegExp(`^INVALID_OPTIONS: shop: \`retry.${name}\` must be .+, not .+`));
    },
  );

  it.each([
    { given: { timout: 5 }, says: "unknown option `timout`; did you mean `timeoutMs`?" },
    { given: { onevent: () => 1 }, says: "unknown option `onevent`; did you mean `onEvent`?" },
    { given: { apikey: "x" }, says: "unknown option `apikey`; did you mean `apiKey`?" },
    {
      given: { retry: { retries: 3 } },
      says: "unknown option `retry.retries`; did you mean `retry.maxRetries`?",
    },
    { given: { somethingElse: 1 }, says: "unknown option `somethingElse`" },
  ])("$says", async ({ given, says }) => {
    const end = await outcome(given);
    expect(end).toBe(`INVALID_OPTIONS: shop: ${says}`);
  });

  it("is refused when the client is created, before any stream exists", () => {
    const own: Source = { ...source("http://api.test"), optionNames: [] };
    expect(() => createReader(own, { timeoutMs: -1 })).toThrow(
      "shop: `timeoutMs` must be a number of milliseconds above 0, not -1",
    );
  });

  it.each([{ timeoutMs: Infinity }, { retry: { maxRetries: 0 } }, { retry: { statuses: [503, "5xx"] } }])(
    "%o is valid",
    async (given) => {
      expect(await outcome(given)).not.toContain("INVALID_OPTIONS");
    },
  );
});

describe("an option of a read", () => {
  it.each([{}, new AbortController(), []])("signal: %o is no signal", async (signal) => {
    const own = source("http://api.test", { source: { optionNames: [] } });
    const reader = createReader(own, { fetch: fakeFetch(() => ({ body: { items: [] } })).fetch });
    const rowsResource = own.resources["rows"] as Resource<object, object>;
    const error = await errorOf(reader.read(rowsResource, {}, { signal: signal as never }).toArray());
    expect(error).toMatchObject({ name: "ConnectorError", code: "PLUGIN_FAILED" });
  });

  it("may be omitted by null", async () => {
    expect(await outcome({}, null as never)).toBe("ok");
  });

  it.each(rows(acceptedByRead))("$name: $value", async ({ name, value, isFine }) => {
    const end = await outcome({}, { [name]: value });
    if (isFine) expect(end).toBe("ok");
    else expect(end).toMatch(new RegExp(`^INVALID_OPTIONS: shop.rows: \`${name}\` must be .+, not .+`));
  });

  it.each(retryOptions.flatMap((name) => values.map((value) => ({ name, value }))))(
    "retry.$name: $value",
    async ({ name, value }) => {
      const end = await outcome({}, { retry: { [name]: value } });
      if (value === undefined) expect(end).toBe("ok");
      else
        expect(end).toMatch(new RegExp(`^INVALID_OPTIONS: shop.rows: \`retry.${name}\` must be .+, not .+`));
    },
  );

  it("overrides the client's retry policy and timeout", async () => {
    const busy = fakeFetch(() => ({ status: 503 }));
    const read = open({ url: "http://api.test", options: { fetch: busy.fetch, retry: { maxRetries: 5 } } });
    await errorOf(read({ retry: { maxRetries: 1 } }).toArray());
    expect(busy.seen).toHaveLength(2);
    const silent = (): Promise<never> => new Promise(() => undefined);
    const slow = open({ url: "http://api.test", options: { fetch: silent, timeoutMs: 60_000 } });
    const error = await errorOf(slow({ timeoutMs: 20, retry: { maxRetries: 0 } }).toArray());
    expect(error).toMatchObject({ code: "TIMEOUT" });
    expect(error.message).toContain("no complete response within 0.02 s");
  });

  it.each([
    { given: { maxpages: 5 }, says: "unknown option `maxpages`; did you mean `maxPages`?" },
    { given: { limit: 5 }, says: "unknown option `limit`" },
  ])("$says", async ({ given, says }) => {
    expect(await outcome({}, given)).toBe(`INVALID_OPTIONS: shop.rows: ${says}`);
  });
});
