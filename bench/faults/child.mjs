// Performs each named fault with each client in this process, all at once, and prints the outcomes as JSON.
import { createReader, jsonLink } from "../../runtime/src/node.ts";
import { namedFaults, readScript } from "../../test/faults/catalogue.ts";
import { canonical, makeRows } from "../../test/faults/records.ts";
import { startServer } from "../../test/faults/server.ts";

/** Time in milliseconds after which a client counts as hanging. */
const longest = 9000;
/** Faults that stay. The others occur once. */
const staying = ["429-huge", "bom", "bad-utf8", "nan", "bigint", "duplicate-key", "proto"];
/** Left out: a stale connection needs two requests, and this measurement sends only one. */
const faults = namedFaults.filter(({ script }) => script !== "stale");
const scored = faults.filter(({ kind }) => ["passes", "fatal"].includes(kind)).map(({ name }) => name);

const { default: pRetry } = await import("p-retry");
const { default: ky } = await import("ky");
const { default: got } = await import("got");
const { default: axios } = await import("axios");
const { default: axiosRetry } = await import("axios-retry");
const { default: OpenAI } = await import("openai");

/** Reads the records at a URL with the defaults of the client. */
const clients = {
  "connector-gen": (url) => readWith(url, {}),
  "connector-gen, fetch": (url) => readWith(url, { fetch: globalThis.fetch }),
  "p-retry + fetch": (url) =>
    pRetry(async () => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`status ${response.status}`);
      return (await response.json()).items;
    }),
  ky: async (url) => (await ky(url).json()).items,
  got: async (url) => (await got(url).json()).items,
  "axios-retry": async (url) => {
    const client = axios.create();
    axiosRetry(client, { retryDelay: axiosRetry.exponentialDelay });
    return (await client.get(url)).data.items;
  },
  openai: async (url) => {
    const { origin, pathname, search } = new URL(url);
    return (await new OpenAI({ apiKey: "none", baseURL: origin }).get(pathname + search)).items;
  },
};

/**
 * Follows the link from the first page to the one at the URL. The settings shorten the timeout (one minute) and the first
 * backoff (one second), so that nine seconds are enough.
 */
async function readWith(url, options) {
  const { origin, pathname } = new URL(url);
  const rows = { name: "rows", path: pathname, select: ["items"], paginator: jsonLink() };
  const settings = { timeoutMs: 3000, retry: { backoffMs: 200 }, ...options };
  const reader = createReader({ name: "bench", baseUrl: origin, resources: { rows } }, settings);
  const records = await reader.read(rows).toArray();
  return records.filter(({ isFirst }) => !isFirst);
}

async function perform(read, { script, kind }) {
  const rows = makeRows(5);
  let left = staying.includes(script) ? Infinity : 1;
  const json = (body) => ({ contentType: "application/json", body: JSON.stringify(body) });
  // The link announces the page with the fault. Without it, a response without a body could be an empty list.
  const server = await startServer(({ url }) =>
    url.searchParams.has("page")
      ? { ...json({ items: rows }), fault: left-- > 0 ? readScript(script)[0] : undefined }
      : json({ items: [{ isFirst: true }], next: "?page=2" }),
  );
  const started = performance.now();
  const outcome = await Promise.race([
    read(`${server.url}/v1/rows?page=2`).then(
      (records) => (isRight(records, rows, script) ? "ok" : "wrong"),
      () => (kind === "fatal" ? "ok" : "error"),
    ),
    new Promise((resolve) => setTimeout(resolve, longest, "hangs")),
  ]);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const early = server.early() > 0 && outcome === "ok" ? "early" : outcome;
  await server.close();
  return early === "hangs" ? early : `${early} ${seconds} s`;
}

/** Whether the records are correct. For `NaN` and for texts that are not UTF-8, no records are correct. */
function isRight(records, rows, script) {
  if (!Array.isArray(records) || ["nan", "bad-utf8", "429-huge"].includes(script)) return false;
  const want = rows.map((row) => ({ ...row }));
  if (script === "bigint") return String(records[0]?.id) === "9007199254740993";
  if (script === "proto")
    return Object.hasOwn(records[0] ?? {}, "__proto__") && records[0].admin === undefined;
  return canonical(records) === canonical(want);
}

const results = await Promise.all(
  Object.entries(clients).map(async ([client, read]) => ({
    node: process.version,
    client,
    scored,
    outcomes: Object.fromEntries(
      await Promise.all(faults.map(async (fault) => [fault.name, await perform(read, fault)])),
    ),
  })),
);
process.stdout.write(JSON.stringify(results), () => process.exit(0));
