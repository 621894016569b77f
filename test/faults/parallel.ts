import fc from "fast-check";
import type { Checkpoint, ReadEvent, ReadOptions } from "../../runtime/src/index.js";
import { createReader, isConnectorError } from "../../runtime/src/index.js";
import type { Resource } from "../../runtime/src/index.js";
import type { ResourceShape } from "../../runtime/src/plugin.js";
import { canonical } from "./records.js";
import { describeError, type Finding, type Run } from "./run.js";
import { beyonds, paginatorOf, playPages, totals, words, type PagesScript } from "./scripted-pages.js";

/** A script, and the options of its read. */
interface Given {
  readonly script: PagesScript;
  readonly concurrency: number;
  readonly hasKey: boolean;
  readonly maxPages: number | undefined;
  /** The number of pages after which the consumer stops, by a break or an abort; `undefined`: it reads to the end. */
  readonly leave: { readonly after: number; readonly how: "break" | "abort" } | undefined;
}

const delays = fc.array(fc.constantFrom(0, 0, 0, 1, 1, 2, 4), { minLength: 1, maxLength: 12 });

const faults = fc.dictionary(
  fc.integer({ min: 0, max: 14 }).map(String),
  fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }),
  { maxKeys: 4 },
);

const script: fc.Arbitrary<PagesScript> = fc
  .record({
    style: fc.constantFrom("offset" as const, "page_number" as const),
    count: fc.integer({ min: 0, max: 60 }),
    size: fc.integer({ min: 1, max: 9 }),
    extra: fc.constantFrom(0, 0, 0, 3),
    total: fc.constantFrom(...totals),
    isNamed: fc.boolean(),
    hasMore: fc.constantFrom(false, false, true),
    isReceived: fc.boolean(),
    beyond: fc.constantFrom("empty" as const, ...beyonds),
    faults: fc.oneof(fc.constant({}), faults),
    delays,
    room: fc.constantFrom(undefined, undefined, undefined, 1, 2, 5),
  })
  .map(({ extra, room, ...rest }) => ({
    ...rest,
    count: Math.min(rest.count, 10 * rest.size),
    limit: rest.size + extra,
    // The API rejects many requests. A page that always fails would be retried as often.
    ...(room !== undefined && { capacity: room, beyond: "empty" as const }),
  }));

const given: fc.Arbitrary<Given> = fc.record({
  script,
  // Most reads have more pages than may be in flight.
  concurrency: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 32 })),
  hasKey: fc.boolean(),
  maxPages: fc.constantFrom(undefined, undefined, 1, 4),
  leave: fc.option(
    fc.record({
      after: fc.integer({ min: 1, max: 8 }),
      how: fc.constantFrom("break" as const, "abort" as const),
    }),
    { nil: undefined, freq: 3 },
  ),
});

/** Random reads of pages in parallel, each compared with the sequential read of the same script. */
export function parallelRuns(seed: number, numRuns = 10_000): readonly Run[] {
  return fc.sample(given, { seed, numRuns }).map((each, index) => ({
    level: "parallel",
    row: `${each.script.style}, total ${each.script.total}`,
    name: `#${index} of seed ${seed}: ${JSON.stringify(each)}`,
    perform: () => compare(each),
  }));
}

/** The results and requests of a read. */
interface Outcome {
  /** The pages in a form to compare: records, number, total, checkpoint. */
  readonly pages: readonly string[];
  readonly checkpoints: readonly Checkpoint[];
  /** The end: the reason, the error with its page and position, or empty if the consumer has stopped. */
  readonly end: string;
  readonly requests: number;
  readonly mostInFlight: number;
  /** The number of unused pages in the events. */
  readonly discarded: number;
  readonly warnings: number;
}

async function compare(each: Given): Promise<readonly Finding[]> {
  const { script, concurrency, maxPages } = each;
  const isLimited = script.capacity !== undefined;
  const want = await readScript({ ...each, concurrency: 1 });
  const got = await readScript(each);
  const { after = Infinity } = each.leave ?? {};
  const findings = [
    ...different(got, want, "the parallel read"),
    ...tooMany(got.mostInFlight, concurrency, "requests in flight"),
    // A request that the API has rejected is repeated. The number of rejections depends on the concurrency.
    ...(isLimited ? [] : tooMany(got.requests, want.requests + concurrency + refusals(script), "requests")),
    ...(each.leave || isLimited ? [] : counted(got, want, refusals(script))),
  ];
  if (findings.length > 0 || isLimited || Object.keys(script.faults).length > 0) return findings;
  // Resumes at every page. Without faults, a resumed read does not depend on earlier requests.
  const whole = await readScript({ ...each, leave: undefined, maxPages: undefined, concurrency: 1 });
  for (const [index, from] of whole.checkpoints.slice(0, Math.min(after, maxPages ?? after)).entries()) {
    if (from.position === null) break;
    const options = { from: JSON.parse(JSON.stringify(from)) as Checkpoint };
    const rest = await readScript({ ...each, leave: undefined, maxPages: undefined }, options);
    const sequential = await readScript(
      { ...each, leave: undefined, maxPages: undefined, concurrency: 1 },
      options,
    );
    findings.push(...different(rest, sequential, `the read resumed after page ${index + 1}`));
  }
  return findings;
}

/** Reads a script once, with its own client. Never throws. */
async function readScript(each: Given, options: ReadOptions = {}): Promise<Outcome> {
  const { concurrency, hasKey, leave, maxPages } = each;
  const api = playPages(each.script);
  const pages: string[] = [];
  const checkpoints: Checkpoint[] = [];
  const count = { discarded: 0, warnings: 0 };
  let end = "";
  const onEvent = (event: ReadEvent): void => {
    if (event.type === "complete") end = event.reason;
    if (event.type === "pages.discarded") count.discarded += event.count;
    if (event.type === "warning") count.warnings++;
  };
  const resource: ResourceShape = {
    name: "rows",
    path: "/rows",
    select: ["items"],
    paginator: paginatorOf(each.script),
    ...(hasKey && { primaryKey: ["id"] }),
  };
  const reader = createReader(
    { name: "script", baseUrl: "http://api.test", resources: { rows: resource } },
    {
      fetch: api.fetch,
      concurrency,
      onEvent,
      retry: { backoffMs: 1, maxDelayMs: 4, maxRetries: each.script.capacity === undefined ? 4 : 60 },
    },
  );
  const leaving = new AbortController();
  const reason = new Error("the consumer leaves");
  const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(60_000)]);
  try {
    for await (const page of reader
      .read(resource as Resource<object, object>, {}, { ...options, signal, maxPages })
      .pages()) {
      const { records, number, total, isLast, url, checkpoint } = page;
      checkpoints.push(checkpoint);
      pages.push(canonical({ records, number, total, isLast, url, checkpoint }));
      if (pages.length !== leave?.after) continue;
      end = "left";
      if (leave.how === "break") break;
      leaving.abort(reason);
    }
  } catch (error) {
    if (error !== reason) end = describeEnd(error);
  }
  return { pages, checkpoints, end, ...count, requests: api.requests(), mostInFlight: api.mostInFlight() };
}

/** Describes an error without details that depend on the concurrency. */
function describeEnd(error: unknown): string {
  if (!isConnectorError(error)) return describeError(error);
  return canonical([error.code, error.page, error.request?.url, error.checkpoint?.position]);
}

/** The first difference between two reads of the same script. */
function different(got: Outcome, want: Outcome, what: string): readonly Finding[] {
  const index = want.pages.findIndex((page, at) => page !== got.pages[at]);
  if (index >= 0) {
    const note = `${what}: page ${index + 1} is ${got.pages[index] ?? `missing (${got.end})`}, not ${want.pages[index] ?? ""}`;
    return [{ counter: got.pages[index] === undefined ? "lost" : "altered", count: 1, note }];
  }
  if (got.pages.length > want.pages.length) {
    const count = got.pages.length - want.pages.length;
    return [
      { counter: "doubled", count, note: `${what}: ${count} pages more, then ${got.end}; not ${want.end}` },
    ];
  }
  if (got.end === want.end) return [];
  return [{ counter: "silent", count: 1, note: `${what} ends with ${got.end}, not ${want.end}` }];
}

function refusals({ faults }: PagesScript): number {
  return Object.values(faults)
    .flat()
    .filter((word) => word === "429").length;
}

function tooMany(count: number, allowed: number, what: string): readonly Finding[] {
  if (count <= allowed) return [];
  return [{ counter: "excess", count: count - allowed, note: `${count} ${what}, ${allowed} allowed` }];
}

/**
 * Every request in excess is counted by an event, repeats a page after a warning, or repeats one that the API has rejected.
 * A read that fails emits neither event.
 */
function counted(got: Outcome, want: Outcome, refused: number): readonly Finding[] {
  if (got.end.startsWith("[")) return [];
  const excess = got.requests - want.requests;
  const told = got.discarded + got.warnings - want.warnings;
  return excess <= told + refused
    ? []
    : [{ counter: "silent", count: 1, note: `${excess} requests in vain, ${told} reported` }];
}
