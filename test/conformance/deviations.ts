import { blocks, code, table } from "../../generator/docs/markdown.js";
import {
  expectedOf,
  type Exchange,
  type Expected,
  type RunOutcome,
  type Vector,
  type VectorError,
  type VectorRun,
} from "./vector.js";

/** A difference from dlt that is intended. */
export interface NamedDeviation {
  readonly id: string;
  /** The behaviour of dlt 1.26. */
  readonly dlt: string;
  /** The behaviour of a client. */
  readonly here: string;
  /** Tests that show it, in addition to the vectors; relative to `test`. */
  readonly tests: readonly string[];
}

/** All differences from dlt's `rest_api`, in Markdown. */
export const deviations: readonly NamedDeviation[] = [
  {
    id: "D01",
    dlt: "sends credentials to every target of links and redirects",
    here: "sends them only to the origin of `base_url` and to `allowedOrigins`",
    tests: ["runtime/http/redirects.test.ts"],
  },
  {
    id: "D02",
    dlt: "inserts values of parents into paths unencoded",
    here: "each value is one percent-encoded segment, except a complete URL at the start",
    tests: ["runtime/http/request.test.ts"],
  },
  {
    id: "D03",
    dlt: "sends `null` as the text `None`",
    here: "omits a parameter whose placeholder has no value; in a path, this is an error",
    tests: ["runtime/http/request.test.ts"],
  },
  {
    id: "D04",
    dlt: "detection may choose the wrong list, key or page number without a message",
    here: "matches whole words, treats `null` as an empty page, reports its choice and keeps it for the read; also follows OData links, lists of links, offsets, and tokens under their own names; does not read page 1 twice; paging that it cannot follow is an error; `connector-gen detect` writes the choice into the spec",
    tests: ["runtime/paginators/detect.test.ts", "runtime/paginators/auto.test.ts"],
  },
  {
    id: "D05",
    dlt: "treats a path with a placeholder as one record, even with a configured paginator",
    here: "does so only for a path that ends in a placeholder and has no selector, with a warning; otherwise uses the configured paginator",
    tests: ["spec/resource/paging.test.ts"],
  },
  {
    id: "D06",
    dlt: "a flag for more pages overrides totals and maxima",
    here: "the first stop condition that applies ends the read; a flag for more without a cursor is an error",
    tests: ["runtime/paginators/page-number.test.ts", "runtime/paginators/cursor.test.ts"],
  },
  {
    id: "D07",
    dlt: "a response without `total` is an error, even if no total is configured",
    here: "uses the default total if it exists; a configured total must exist",
    tests: ["runtime/paginators/offset.test.ts"],
  },
  {
    id: "D08",
    dlt: "loses records without a message if the API has smaller pages than `limit`",
    here: 'the offset also advances by `limit`, but missing records are an error; `"step": "received"` reads them',
    tests: ["runtime/paginators/offset.test.ts"],
  },
  {
    id: "D09",
    dlt: "reports an error for an empty or false next link",
    here: "ends the paging at this page",
    tests: ["runtime/paginators/link.test.ts"],
  },
  {
    id: "D10",
    dlt: "the first resource that uses `resource_defaults` changes them for the others",
    here: "every resource has its own copy",
    tests: ["spec/resource/defaults.test.ts"],
  },
  {
    id: "D11",
    dlt: '`"auto"` on an endpoint selects the client\'s paginator',
    here: "it selects detection; `null` selects the client's paginator",
    tests: ["spec/resource/paging.test.ts"],
  },
  {
    id: "D12",
    dlt: "accepts mistakes, and fails late or never",
    here: "reports them before any request, with their position and the likely intention",
    tests: ["spec/grammar/mistakes.test.ts"],
  },
  {
    id: "D13",
    dlt: "the number of matches determines whether nested lists are flattened",
    here: "the selector alone determines it: `[*]` flattens one level",
    tests: ["runtime/select/path.test.ts", "runtime/select/query.test.ts"],
  },
  {
    id: "D14",
    dlt: "a selector without a match looks like an API without records",
    here: "it is an error, unless `data_selector_required` is `false`",
    tests: ["runtime/bodies/bodies.test.ts"],
  },
  {
    id: "D15",
    dlt: "a response with status 204 is an error",
    here: "it is an empty page",
    tests: ["runtime/bodies/bodies.test.ts"],
  },
  {
    id: "D16",
    dlt: "no keys in cookies; one OAuth token per resource, used until its last second and not renewed when rejected",
    here: "keys in cookies and bodies; one token for all resources, requested once, renewed before it expires and once after 401; `client_secret_basic`",
    tests: ["runtime/auth/oauth2.test.ts", "runtime/auth/token.test.ts", "runtime/auth/auth-schemes.test.ts"],
  },
  {
    id: "D17",
    dlt: "all parents share one incremental state, which changes during the read",
    here: "every parent and partition has its own, fixed during the run",
    tests: ["runtime/plans/incremental.test.ts"],
  },
  {
    id: "D18",
    dlt: "only `GET` and `POST`, in upper case",
    here: "all methods for reading, in upper or lower case",
    tests: ["spec/parse.test.ts"],
  },
  {
    id: "D19",
    dlt: "only top-level fields of the parent, under fixed names",
    here: "any path and name; fields of ancestors are passed down level by level",
    tests: ["spec/resource/parents.test.ts"],
  },
  {
    id: "D20",
    dlt: "a parent that maps one record to several breaks its children",
    here: "`map` returns one record per record; `yield_map` is an error that suggests it",
    tests: ["spec/resource/processing-steps.test.ts", "runtime/shapers/shapers.test.ts"],
  },
  {
    id: "D21",
    dlt: "interleaves records of several resources and parents",
    here: "returns them parent by parent and page by page in the order of the API, at any concurrency",
    tests: ["runtime/plans/plans.test.ts"],
  },
  {
    id: "D22",
    dlt: "one retry policy for all requests, without jitter and for 429 and 5xx only; no rate limits; no retries by content",
    here: "a policy per client and endpoint with jitter and `Retry-After`, also for 408, 409 and 425; `rate_limit` and rate limit headers; the action `retry`",
    tests: [
      "runtime/http/retry.test.ts",
      "runtime/http/waits.test.ts",
      "runtime/limit/rate-limit.test.ts",
      "runtime/http/response-actions.test.ts",
    ],
  },
  {
    id: "D23",
    dlt: "sends booleans as `True` and `False`",
    here: "sends them as `true` and `false`",
    tests: ["runtime/http/request.test.ts"],
  },
  {
    id: "D24",
    dlt: "merges fields whose names become the same column; drops columns without a value",
    here: "records keep the names of the API; the schema declares fields that may be `null` or missing",
    tests: ["cases/types/out.ts", "integrations.test.ts"],
  },
  {
    id: "D25",
    dlt: "records have no types in the language of the app",
    here: "every record, parameter and option is typed",
    tests: ["types/client.test-d.ts", "compatibility.test.ts"],
  },
  {
    id: "D26",
    dlt: "a total that is negative, zero, smaller than the number of records, or the size of its page ends the read",
    here: "the default total is ignored if the pages contradict it, and a configured one is an error; a total that equals the size of a full page is checked by one more request",
    tests: ["runtime/paginators/totals.test.ts"],
  },
  {
    id: "D27",
    dlt: "sends an empty header value as a cursor",
    here: "ends the paging at an empty header, or at `null`",
    tests: ["runtime/paginators/ends.test.ts"],
  },
  {
    id: "D28",
    dlt: "keeps cookies for the whole run and sends them back",
    here: 'ignores cookies, unless the client has `"cookies": true`; then sends each cookie back only to the origin that set it',
    tests: ["runtime/http/cookie-jar.test.ts"],
  },
  {
    id: "D29",
    dlt: "continues even if the API returns the same page repeatedly",
    here: "a repeated request or page is an error, unless a total, a cursor or an offset shows progress",
    tests: ["runtime/read/guards.test.ts"],
  },
  {
    id: "D30",
    dlt: "a 200 without a body, or with a truncated JSON document, ends the run",
    here: "it is requested again, like any truncated response",
    tests: ["runtime/http/faults.test.ts"],
  },
  {
    id: "D31",
    dlt: "resolves relative links against the requested URL",
    here: "resolves them against the URL after redirects",
    tests: ["runtime/http/redirects.test.ts"],
  },
  {
    id: "D32",
    dlt: "compares cursor values that are texts by their characters, and takes the first of several matches",
    here: "compares times as points in time and digits as numbers; uses the largest of several matches, or the smallest",
    tests: ["runtime/plans/cursor-order.test.ts"],
  },
  {
    id: "D33",
    dlt: "with descending `row_order`, a row that an earlier run has read ends the read, and loses new rows with the same value; `min` ends it at the wrong side",
    here: "only a row after the range ends the read",
    tests: ["conformance/conformance.test.ts"],
  },
  {
    id: "D34",
    dlt: "a `lag` sends fractions of a second with six digits, and fails for times with a space in place of `T`",
    here: "the time keeps the form of the API",
    tests: ["runtime/plans/incremental.test.ts"],
  },
];

/** A vector with its file, relative to `test`. */
export interface Located {
  readonly vector: Vector;
  readonly file: string;
}

/** Renders the page that lists all deviations, each with the vectors that show it. Paths are relative to `docs/reference`. */
export function renderDeviations(vectors: readonly Located[]): string {
  return blocks(
    "# Deviations from dlt",
    "Every dlt `rest_api` configuration is a valid spec. Requests and records are the same as in dlt 1.26, except for the deviations on this page. The page is generated from the recorded [vectors](../../test/conformance/README.md), which run with every `npm test`: where a vector has two outcomes, the test expects the one in the column _Here_. `UPDATE=1 npx vitest run test/docs` regenerates the page.",
    table(
      ["No.", "dlt 1.26", "Here"],
      deviations.map(({ id, dlt, here }) => [`[${id}](#${id.toLowerCase()})`, dlt, here]),
    ),
    ...deviations.map((deviation) => renderDeviation(deviation, vectors)),
  );
}

function renderDeviation({ id, dlt, here, tests }: NamedDeviation, vectors: readonly Located[]): string {
  const shown = vectors.filter(({ vector }) => isShownBy(id, vector));
  const links = tests.map((file) => `[${nameOf(file)}](../../test/${file})`);
  return blocks(
    `## ${id}`,
    table(["dlt 1.26", "Here"], [[dlt, here]]),
    shown.length > 0 && table(["Vector", "dlt 1.26", "Here"], shown.flatMap(renderVector)),
    `Tests: ${links.join(", ")}`,
  );
}

/** Whether a vector shows a deviation: its own entry says so, or its notes. */
function isShownBy(id: string, { deviation, notes = "" }: Vector): boolean {
  return deviation?.id === id || notes.startsWith(`${id}:`);
}

/** `http/request.test.ts` → `request`; `cases/types/out.ts` → `case types`. */
function nameOf(file: string): string {
  return file.replace(/^cases\/([^/]+)\/.*/, "case $1").replace(/^.*\/|\.test(-d)?\.ts$/g, "");
}

/**
 * One row per read or run with two outcomes. If the numbers of requests and records are the same, the reason states the
 * difference.
 */
function renderVector({ vector, file }: Located): readonly string[][] {
  const link = `[${vector.id}](../../test/${file}): ${vector.about}`;
  const rows = outcomesOf(vector).map(([dlt, here]) => [describe(dlt), describe(here)] as const);
  const different = rows.filter(([dlt, here]) => dlt !== here);
  if (different.length > 0) return different.map(([dlt, here], at) => [at === 0 ? link : "", dlt, here]);
  return [[link, rows[0]?.[0] ?? "", vector.deviation?.why ?? vector.notes?.replace(/^\w+: /, "") ?? ""]];
}

/** An outcome, in the form that both columns of a row show. */
interface Shown {
  readonly requests: readonly string[];
  readonly records: number;
  readonly error: VectorError | null;
}

/** The recorded outcome and the expected one, per resource or run. */
function outcomesOf(vector: Vector): readonly (readonly [dlt: Shown, here: Shown])[] {
  const { expected = {}, exchanges = [], runs = [] } = vector;
  const better = expectedOf(vector);
  return [
    ...Object.entries(expected).map(
      ([resource, dlt]) => [toShown(dlt, exchanges), toShown(better[resource] ?? dlt, exchanges)] as const,
    ),
    ...runs.map((run) => [toShownRun(run, run), toShownRun(run.better ?? run, run)] as const),
  ];
}

function toShown({ requests, records, error }: Expected, exchanges: readonly Exchange[]): Shown {
  return { requests: requests.map((index) => toLine(exchanges[index])), records: records.length, error };
}

function toShownRun({ requests, expected, error }: RunOutcome, { exchanges }: VectorRun): Shown {
  const records = Object.values(expected).flatMap((each) => each.records);
  return toShown({ requests, records, error }, exchanges);
}

/** `GET /items?page=2` */
function toLine(exchange: Exchange | undefined): string {
  if (!exchange) return "";
  const { method, origin = "", path, query } = exchange.request;
  const pairs = query.map(([name, value]) => `${name}=${value}`).join("&");
  return `${method} ${origin}${path}${pairs && `?${pairs}`}`;
}

/** `GET /items → 2 records`, with the last of several requests. */
function describe({ requests, records, error }: Shown): string {
  const last = requests.at(-1);
  const sent = last === undefined ? "no request" : code(last);
  const count = requests.length > 1 ? `${requests.length} requests, last ${sent}` : sent;
  const end = error
    ? `error (${error.status ?? error.kind})`
    : `${records} record${records === 1 ? "" : "s"}`;
  return `${count} → ${end}`;
}
