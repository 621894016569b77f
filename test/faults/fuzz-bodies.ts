import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { csv, isConnectorError, jsonLines, singlePage } from "../../runtime/src/index.js";
import type { ResourceShape } from "../../runtime/src/plugin.js";
import { authSchemes, type AuthScheme } from "./auths.js";
import { resourceOf } from "./api.js";
import { dialects, type Dialect } from "./dialects.js";
import { jsonTexts, type Verdict } from "./json-texts.js";
import { contentTypes, makeRows, printBody, type Format } from "./records.js";
import {
  describeError,
  expectComplete,
  openClient,
  readAll,
  transports,
  type Ending,
  type Finding,
  type Read,
  type Run,
  type TransportName,
} from "./run.js";
import { startServer, type Answer } from "./server.js";

/** Bodies that are truncated at every byte, have flipped bits, are any JSON text, or are random. */
export function bodyFuzzRuns(seed: number): readonly Run[] {
  const formats: readonly Format[] = ["json", "jsonl", "csv"];
  const damaged = formats.flatMap((format) =>
    transports.flatMap((transport) =>
      Object.entries(damages).map(([name, damage]) => toDamageRun({ name, damage, format, transport, seed })),
    ),
  );
  return [
    ...damaged,
    ...jsonTexts.map(({ text, verdict }) =>
      toTextRun(JSON.stringify(text).slice(0, 60), Buffer.from(text), verdict),
    ),
    ...suiteRuns(),
    ...formats.flatMap((format) => toNoiseRuns(format, seed)),
  ];
}

type Headers = Readonly<Record<string, string>>;

/**
 * A response that the first attempt at a page gets. If the client detects the damage, the next attempt gets the correct
 * response.
 */
interface Damaged {
  /** The body as it is sent. */
  readonly bytes: Buffer;
  readonly headers: Headers;
  /** Whether the connection is closed after these bytes, although more are announced. */
  readonly isCut: boolean;
}

type Damage = (body: Buffer, n: number, random: (below: number) => number) => Damaged;

const gzip = { "Content-Encoding": "gzip" };

const damages: Readonly<Record<string, Damage>> = {
  "cut at every byte, with a length": (body, n) => ({
    bytes: body.subarray(0, n % body.length),
    headers: { "Content-Length": String(body.length) },
    isCut: true,
  }),
  "cut at every byte, chunked": (body, n) => ({
    bytes: body.subarray(0, n % body.length),
    headers: {},
    isCut: true,
  }),
  "gzip, cut at every byte": (body, n) => {
    const zipped = gzipSync(body);
    return { bytes: zipped.subarray(0, 1 + (n % (zipped.length - 1))), headers: gzip, isCut: false };
  },
  "gzip, one bit flipped": (body, n, random) => {
    const zipped = gzipSync(body);
    return { bytes: flip(zipped, random(zipped.length * 8)), headers: gzip, isCut: false };
  },
};

function sendDamaged({ bytes, headers, isCut }: Damaged, all: Headers): Answer["send"] {
  return (response) => {
    if (!isCut) {
      response.writeHead(200, { ...all, ...headers, "Content-Length": bytes.length }).end(bytes);
      return;
    }
    response.writeHead(200, { ...all, ...headers }).flushHeaders();
    if (bytes.length === 0) response.socket?.destroy();
    else response.write(bytes, () => response.socket?.destroy());
  };
}

interface DamageCell {
  readonly name: string;
  readonly damage: Damage;
  readonly format: Format;
  readonly transport: TransportName;
  readonly seed: number;
}

/** One page per damage: the first attempt gets the damaged body, the next one the correct body. */
const pages = 240;

function toDamageRun({ name, damage, format, transport, seed }: DamageCell): Run {
  const dialect = dialects.find((each) => each.name === "header_link") as Dialect;
  const auth = authSchemes[0] as AuthScheme;
  const perform: Run["perform"] = async () => {
    const rows = makeRows(pages, format);
    const random = createRandom(seed);
    const damaged = new Set<number>();
    const server = await startServer(({ url }) => {
      const n = dialect.start({ query: url.searchParams, body: {} }, { rows, size: 1 });
      const beside = dialect.tell(
        { size: 1, rows, start: n, end: n + 1, url: `${url.origin}/v1/rows` },
        format,
      );
      const body = Buffer.from(printBody(format, rows.slice(n, n + 1), beside.body));
      const answer = {
        contentType: contentTypes[format],
        body: body.toString(),
        headers: beside.headers ?? {},
      };
      if (damaged.has(n)) return answer;
      damaged.add(n);
      return { ...answer, send: sendDamaged(damage(body, n, random), answer.headers) };
    });
    try {
      const resource = resourceOf({ dialect, auth, format, size: 1 });
      const read = openClient({ url: server.url, transport, resources: [resource] });
      return expectComplete(await readOn(read, damage === damages["gzip, one bit flipped"]), rows);
    } finally {
      await server.close();
    }
  };
  return { level: "fuzz", row: name, name: [name, format, transport].join(" · "), perform };
}

/** Reads to the end. If a typed error is also correct, the read continues from its checkpoint. */
async function readOn(read: Read, mayFail: boolean): Promise<Ending> {
  const parts: Ending[] = [await readAll(read)];
  for (let failed = parts[0]?.error; mayFail && isConnectorError(failed) && parts.length < pages;) {
    const next = await readAll(read, { from: failed.checkpoint });
    parts.push(next);
    failed = next.error;
  }
  return { ...(parts.at(-1) as Ending), records: parts.flatMap(({ records }) => records) };
}

/** A small random generator: the same seed gives the same numbers. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state % below;
  };
}

const formatsOf: Readonly<Record<Format, Partial<ResourceShape>>> = {
  json: {},
  jsonl: { decode: jsonLines() },
  csv: { decode: csv() },
};

/** Reads one body without a network and without retries. */
async function readBody(
  bytes: Uint8Array,
  format: Format,
  headers: Readonly<Record<string, string>> = {},
): Promise<Ending> {
  const read = openClient({
    url: "http://api.test",
    transport: "node:http",
    resources: [
      {
        name: "rows",
        path: "/v1/rows",
        select: [],
        paginator: singlePage(),
        primaryKey: ["id"],
        ...formatsOf[format],
      },
    ],
    options: {
      fetch: () => Promise.resolve(new Response(Buffer.from(bytes), { headers })),
      retry: { maxRetries: 0 },
    },
  });
  return readAll(read);
}

function toTextRun(name: string, bytes: Uint8Array, verdict: Verdict): Run {
  const perform: Run["perform"] = async () => judgeText(await readBody(bytes, "json"), bytes, verdict);
  return { level: "fuzz", row: `JSON text, ${verdict}`, name, perform };
}

function judgeText({ error, records }: Ending, bytes: Uint8Array, verdict: Verdict): readonly Finding[] {
  const typed = expectTyped(error);
  if (typed.length > 0) return typed;
  if (verdict === "invalid" && error === undefined)
    return [{ counter: "silent", count: 1, note: `a text that is not JSON gives ${records.length} records` }];
  if (verdict !== "valid") return [];
  if (error !== undefined)
    return [{ counter: "lost", count: 1, note: `JSON is refused: ${describeError(error)}` }];
  const value = JSON.parse(Buffer.from(bytes).toString()) as unknown;
  const want = Array.isArray(value) ? value : [value];
  const isEqual = JSON.stringify(records) === JSON.stringify(want);
  return isEqual ? [] : [{ counter: "altered", count: 1, note: JSON.stringify(records).slice(0, 80) }];
}

/** An error must come from the runtime, and must not be a caught defect: there are no plug-ins here. */
export function expectTyped(error: unknown): readonly Finding[] {
  if (error === undefined) return [];
  if (isConnectorError(error) && error.code !== "PLUGIN_FAILED") return [];
  const text = error instanceof Error ? `: ${error.message.slice(0, 160)}` : "";
  return [{ counter: "lost", count: 1, note: `the error is not typed: ${describeError(error)}${text}` }];
}

/** The files of a checkout of nst/JSONTestSuite, if the variable names one. */
function suiteRuns(): readonly Run[] {
  const { JSON_TEST_SUITE: suite } = process.env;
  if (suite === undefined) return [];
  const folder = join(suite, "test_parsing");
  if (!existsSync(folder)) throw new Error(`JSON_TEST_SUITE: there is no folder ${folder}`);
  const verdicts: Readonly<Record<string, Verdict>> = { y: "valid", n: "invalid", i: "either" };
  return readdirSync(folder).map((name) => {
    // A body that is `false`, `null` or an empty text holds no records, although it is JSON: the read may refuse it.
    const isLonely = /lonely_(false|null)|structure_string_empty/.test(name);
    const verdict = isLonely ? "either" : (verdicts[name.slice(0, 1)] ?? "either");
    return toTextRun(name, readFileSync(join(folder, name)), verdict);
  });
}

/** Bodies of random bytes, and correct bodies with flipped bits: a typed error, or records. */
function toNoiseRuns(format: Format, seed: number): readonly Run[] {
  const right = Buffer.from(printBody(format, makeRows(4, format)));
  const flipped = fc
    .array(fc.nat(right.length * 8 - 1), { minLength: 1, maxLength: 4 })
    .map((bits) => bits.reduce(flip, Buffer.from(right)));
  const pieces = ["{", "}", "[", "]", '"', ",", ":", "\n", "\r", "\\", "1", "null", "a", "\u00e4", "\ufeff"];
  const soup = fc
    .array(fc.constantFrom(...pieces), { maxLength: 40 })
    .map((all) => Buffer.from(all.join("")));
  const noise = fc.oneof(flipped, soup, fc.uint8Array({ maxLength: 60 }));
  const bodies = fc.sample<Uint8Array>(noise, { seed, numRuns: 1000 });
  return Array.from({ length: 10 }, (_, index) => ({
    level: "fuzz",
    row: "noise",
    name: `noise · ${format} · #${index} of seed ${seed}`,
    perform: async () => {
      const findings: Finding[] = [];
      for (const body of bodies.slice(index * 100, (index + 1) * 100))
        findings.push(...expectTyped((await readBody(body, format)).error));
      return findings;
    },
  }));
}

function flip(bytes: Buffer, bit: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return bytes;
}
