import fc from "fast-check";
import { authSchemes, type AuthScheme } from "./auths.js";
import { requestsOf, dialects, type Dialect } from "./dialects.js";
import { resourceOf, startApi } from "./api.js";
import { readScript } from "./catalogue.js";
import { compareRecords, makeRow, type Row } from "./records.js";
import {
  describeError,
  expectAtMost,
  openClient,
  readAll,
  toFindings,
  transports,
  type Ending,
  type Finding,
  type Run,
} from "./run.js";

/** Temporary faults without a wait. */
const words = [
  "500",
  "503:0",
  "reset",
  "close",
  "truncate",
  "truncate-chunked",
  "truncate-json",
  "truncate-gzip",
  "gzip-garbage",
  "html",
  "error200",
  "empty",
];

/** A row that appears or disappears right before a request. */
interface Change {
  readonly request: number;
  readonly isInsert: boolean;
  /** A position in the list, as a fraction of its length. */
  readonly where: number;
}

/** The consumer stops a read after a number of records. */
interface Leave {
  readonly after: number;
  readonly how: "break" | "abort";
}

interface Schedule {
  readonly dialect: string;
  readonly transport: (typeof transports)[number];
  readonly count: number;
  readonly size: number;
  readonly readAhead: boolean;
  readonly hasKey: boolean;
  readonly faults: Readonly<Record<string, readonly string[]>>;
  readonly leaves: readonly Leave[];
  readonly changes: readonly Change[];
}

const paged = dialects.filter(({ name }) => name !== "single_page");

const schedule: fc.Arbitrary<Schedule> = fc.record({
  dialect: fc.constantFrom(...paged.map(({ name }) => name)),
  transport: fc.constantFrom(...transports),
  count: fc.integer({ min: 0, max: 40 }),
  size: fc.integer({ min: 1, max: 9 }),
  readAhead: fc.boolean(),
  hasKey: fc.boolean(),
  faults: fc.dictionary(
    fc.integer({ min: 0, max: 12 }).map(String),
    fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }),
    { maxKeys: 4 },
  ),
  leaves: fc.array(
    fc.record({ after: fc.integer({ min: 1, max: 15 }), how: fc.constantFrom("break", "abort") }),
    { maxLength: 3 },
  ),
  changes: fc.oneof(
    fc.constant<Change[]>([]),
    fc.array(
      fc.record({
        request: fc.integer({ min: 1, max: 10 }),
        isInsert: fc.boolean(),
        where: fc.double({ min: 0, max: 0.99, noNaN: true }),
      }),
      { maxLength: 5 },
    ),
  ),
});

/** Random schedules; the same seed gives the same ones. */
export function scheduleRuns(seed: number, numRuns = 2000): readonly Run[] {
  return fc.sample(schedule, { seed, numRuns }).map((given, index) => ({
    level: "schedule",
    row: given.changes.length > 0 ? `${given.dialect}, rows change` : given.dialect,
    name: `#${index} of seed ${seed}: ${JSON.stringify(given)}`,
    perform: () => play(given),
  }));
}

/** Whether a whole 200 that cannot be used comes after another one. A first page gets one retry after such a response. */
function isRefused(word: string, before: readonly string[]): boolean {
  const isUnusable = (each: string): boolean => ["html", "error200"].includes(each);
  return isUnusable(word) && before.some(isUnusable);
}

async function play(given: Schedule): Promise<readonly Finding[]> {
  const dialect = paged.find(({ name }) => name === given.dialect) as Dialect;
  const list = createList(given);
  const api = {
    dialect,
    auth: authSchemes[0] as AuthScheme,
    format: "json" as const,
    rows: list.rows,
    size: given.size,
    faults: new Map(
      Object.entries(given.faults).map(([page, all]) => [
        Number(page),
        all
          .filter((word, index) => page !== "0" || !isRefused(word, all.slice(0, index)))
          .flatMap(readScript),
      ]),
    ),
    onRequest: list.change,
  };
  const server = await startApi(api);
  try {
    const { primaryKey, ...rest } = resourceOf(api);
    const resource = given.hasKey && primaryKey ? { ...rest, primaryKey } : rest;
    // Inserted or deleted rows can move the faults of several pages to one.
    const options = { retry: { maxRetries: 12, maxDelayMs: 5 } };
    const read = openClient({ url: server.url, transport: given.transport, resources: [resource], options });
    const parts = await readInParts(given, read);
    const ending = join(parts);
    const isDrift = dialect.drifts && list.isChanged();
    const faults = Object.values(given.faults).flat().length;
    const most = requestsOf(dialect, { count: list.most(), size: given.size, format: "json" });
    return [
      ...(isDrift
        ? judgeDrift(
            ending,
            list,
            parts.some((part) => showsDrift(part, given)),
          )
        : judge(ending, list)),
      // A page that is read ahead and not used is requested again; an inserted row may start another page.
      ...expectAtMost(server.requests(), most + faults + 1 + given.leaves.length * 2 + (isDrift ? 2 : 0)),
    ];
  } finally {
    await server.close();
  }
}

/** A list of rows that changes. Rows of the first state have even ids, so that rows fit in between. */
interface List {
  readonly rows: Row[];
  readonly change: (request: number) => void;
  readonly isChanged: () => boolean;
  /** The rows that exist all the time. */
  readonly stable: () => readonly Row[];
  /** All rows that have ever existed. */
  readonly ever: () => readonly Row[];
  /** The maximum number of rows at any time. */
  readonly most: () => number;
}

function createList({ count, changes }: Schedule): List {
  const rows = Array.from({ length: count }, (_, index) => makeRow(2 * index + 2));
  const first = [...rows];
  const inserted: Row[] = [];
  const deleted = new Set<Row>();
  return {
    rows,
    change: (request) => {
      for (const { isInsert, where } of changes.filter((each) => each.request === request)) {
        const at = Math.floor(where * rows.length);
        if (!isInsert) for (const row of rows.splice(at, 1)) deleted.add(row);
        else {
          const row = makeRow(Number(rows[at]?.id ?? 2 * count + 2) - 1);
          // A request without a key starts after 0.
          if (row.id === 0) continue;
          if (rows.some(({ id }) => id === row.id) || [...deleted].some(({ id }) => id === row.id)) continue;
          inserted.push(row);
          rows.splice(at, 0, row);
        }
      }
    },
    isChanged: () => inserted.length + deleted.size > 0,
    stable: () => first.filter((row) => !deleted.has(row)),
    ever: () => [...first, ...inserted],
    most: () => first.length + inserted.length,
  };
}

/** Reads by the schedule, and continues from the last page each time. */
async function readInParts(
  { leaves, readAhead }: Schedule,
  read: ReturnType<typeof openClient>,
): Promise<readonly Ending[]> {
  const parts: Ending[] = [];
  for (const leave of [...leaves, undefined]) {
    const controller = new AbortController();
    const from = parts.flatMap(({ pages }) => pages).at(-1)?.checkpoint;
    if (from?.position === null) break;
    const ending = await readAll(leave ? leaving(read, leave, controller) : read, {
      readAhead,
      ...(leave && { signal: controller.signal }),
      ...(from && { from }),
    });
    const isLeft = leave !== undefined && controller.signal.aborted;
    parts.push(isLeft ? { ...ending, error: undefined } : ending);
    if (!isLeft && ending.error !== undefined) break;
  }
  return parts;
}

/** Joins the parts of a read. */
function join(parts: readonly Ending[]): Ending {
  return {
    pages: parts.flatMap(({ pages }) => pages),
    events: parts.flatMap(({ events }) => events),
    records: parts.flatMap(({ records }) => records),
    error: parts.at(-1)?.error,
  };
}

/** Stops a read after a number of records, by a break or an abort. */
function leaving(
  read: ReturnType<typeof openClient>,
  { after, how }: Leave,
  controller: AbortController,
): ReturnType<typeof openClient> {
  return (options) => {
    const stream = read(options);
    const pages = async function* (): AsyncGenerator<Ending["pages"][number], void, undefined> {
      let count = 0;
      for await (const page of stream.pages()) {
        yield page;
        count += page.records.length;
        if (count < after) continue;
        controller.abort(new Error("the consumer leaves"));
        if (how === "break") return;
      }
    };
    return { ...stream, pages: () => ({ [Symbol.asyncIterator]: pages }) };
  };
}

/** Whether a client could see that rows shift: a page begins with a record of the previous page, or the total changes. */
function showsDrift({ pages }: Ending, { hasKey }: Schedule): boolean {
  // An empty last page has no total.
  const totals = new Set(pages.flatMap(({ total }) => total ?? []));
  const overlaps = pages.some(({ records: [first] }, index) =>
    (pages[index - 1]?.records ?? []).some((record) => first && (record as Row).id === (first as Row).id),
  );
  return totals.size > 1 || (hasKey && overlaps);
}

/** Every row that exists all the time must be read exactly once; other rows may be missing. */
function judge({ error, records }: Ending, list: List): readonly Finding[] {
  if (error === undefined) {
    const got = new Set(records.map((record) => (record as Row).id));
    const want = list.ever().filter((row) => got.has(row.id) || list.stable().includes(row));
    return toFindings(records, want);
  }
  const note = `the read must succeed, but ends with ${describeError(error)}`;
  return [{ counter: "lost", count: 1, note }];
}

/** No client can be exact if rows shift the pages, but it must report a shift that it can detect. */
function judgeDrift({ error, records, events }: Ending, list: List, isVisible: boolean): readonly Finding[] {
  if (error !== undefined)
    return typeof (error as { readonly code?: unknown }).code === "string"
      ? []
      : [{ counter: "lost", count: 1, note: `the error is not typed: ${describeError(error)}` }];
  const { lost, doubled } = compareRecords(records, list.stable());
  const isExact = lost + doubled === 0;
  const isTold = events.some(({ type }) => /drift|warning/.test(type));
  const note = `${lost} records lost and ${doubled} doubled by shifted pages, without an event`;
  return isExact || isTold || !isVisible ? [] : [{ counter: "silent", count: 1, note }];
}
