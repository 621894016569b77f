import { inspect } from "node:util";
import { createReader, isConnectorError } from "../../runtime/src/node.js";
import type {
  Checkpoint,
  ClientOptions,
  Page,
  ReadEvent,
  ReadOptions,
  RecordStream,
  Resource,
  Source,
} from "../../runtime/src/index.js";
import type { ResourceShape } from "../../runtime/src/plugin.js";
import { placeholders } from "./auths.js";
import { compareRecords } from "./records.js";

/** The counters of violations; README.md defines each one. */
export const counters = ["lost", "doubled", "altered", "silent", "leaked", "early", "excess"] as const;
export type Counter = (typeof counters)[number];

/** A violation of a promise. */
export interface Finding {
  readonly counter: Counter;
  readonly count: number;
  /** A description of the violation. */
  readonly note: string;
}

/** One read, or several that belong together, against a scripted server. */
export interface Run {
  readonly level: string;
  /** The row of the table that the run belongs to. */
  readonly row: string;
  /** Everything that distinguishes it from other runs. */
  readonly name: string;
  readonly perform: () => Promise<readonly Finding[]>;
}

/** Networks that a client may use. */
export const transports = ["node:http", "fetch"] as const;
export type TransportName = (typeof transports)[number];

/** A client of one scripted API. */
export interface ClientSetup {
  readonly url: string;
  readonly transport: TransportName;
  readonly source?: Partial<Source>;
  readonly resources: readonly ResourceShape[];
  readonly options?: ClientOptions & Readonly<Record<string, unknown>>;
}

/** Reads the last of the client's resources. */
export type Read = (options?: ReadOptions) => RecordStream<unknown>;

/** Opens a client with very short waits between retries. */
export function openClient({ url, transport, source, resources, options = {} }: ClientSetup): Read {
  const shapes = Object.fromEntries(resources.map((resource) => [resource.name, resource]));
  const { retry, ...rest } = options;
  const reader = createReader(
    { name: "matrix", baseUrl: url, options: placeholders, resources: shapes, ...source },
    {
      timeoutMs: 30_000,
      ...(transport === "fetch" && { fetch: globalThis.fetch }),
      ...rest,
      retry: { backoffMs: 1, ...retry },
    },
  );
  const last = resources.at(-1) as Resource<unknown, object>;
  return (read = {}) => reader.read(last, {}, read);
}

/** The end of a read, and its results. */
export interface Ending {
  readonly records: readonly unknown[];
  readonly pages: readonly Page<unknown>[];
  readonly events: readonly ReadEvent[];
  /** `undefined` if the read ended complete. */
  readonly error?: unknown;
}

/** Milliseconds. A longer read counts as hanging. */
const longest = 60_000;

/** Reads all pages. Never throws. `from` is passed through JSON, as a stored checkpoint is. */
export async function readAll(read: Read, options: ReadOptions = {}): Promise<Ending> {
  const events: ReadEvent[] = [];
  const pages: Page<unknown>[] = [];
  const watchdog = new AbortController();
  const timer = setTimeout(() => watchdog.abort(new Error("the read hangs")), longest);
  const { from, ...rest } = options;
  const stored = from && (JSON.parse(JSON.stringify(from)) as Checkpoint);
  const end = (): Ending => ({ events, pages, records: pages.flatMap(({ records }) => records) });
  try {
    const all = { signal: watchdog.signal, onEvent: (event: ReadEvent) => void events.push(event) };
    for await (const page of read({ ...all, ...rest, ...(stored && { from: stored }) }).pages())
      pages.push(page);
    return end();
  } catch (error) {
    return { ...end(), error: error ?? new Error("nothing was thrown") };
  } finally {
    clearTimeout(timer);
  }
}

/** The code of an error of the runtime; the text of any other one. */
export function describeError(error: unknown): string {
  if (isConnectorError(error)) return error.code;
  return error instanceof Error ? `${error.name}: ${error.message.slice(0, 120)}` : inspect(error);
}

/** Counts records that differ, but are not errors of the server. `name` identifies the read. */
export function toFindings(got: readonly unknown[], want: readonly unknown[]): readonly Finding[] {
  const difference = compareRecords(got, want);
  return (["lost", "doubled", "altered"] as const).flatMap((counter) => {
    const count = difference[counter];
    return count > 0 ? [{ counter, count, note: `${count} of ${want.length} records ${counter}` }] : [];
  });
}

/** Expects a complete read with these records. If it fails, the missing records count as lost. */
export function expectComplete({ error, records }: Ending, want: readonly unknown[]): readonly Finding[] {
  if (error === undefined) return toFindings(records, want);
  const lost = Math.max(1, compareRecords(records, want).lost);
  return [
    { counter: "lost", count: lost, note: `the read must succeed, but ends with ${describeError(error)}` },
  ];
}

/** Expects a read to end with an error of the runtime. */
export function expectError({ error, records }: Ending, want: readonly unknown[]): readonly Finding[] {
  if (isConnectorError(error)) return [];
  if (error === undefined) {
    const note = `the read must fail, but ends complete with ${records.length} records`;
    return [{ counter: "silent", count: 1, note }, ...toFindings(records, want)];
  }
  return [{ counter: "lost", count: 1, note: `the error is not typed: ${describeError(error)}` }];
}

/** Reports more requests than allowed. */
export function expectAtMost(requests: number, allowed: number): readonly Finding[] {
  const count = requests - allowed;
  return count > 0 ? [{ counter: "excess", count, note: `${requests} requests, ${allowed} allowed` }] : [];
}

/** Reports requests before the time that a `Retry-After` allowed. */
export function expectNoneEarly(early: number): readonly Finding[] {
  return early > 0 ? [{ counter: "early", count: early, note: `${early} requests before Retry-After` }] : [];
}
