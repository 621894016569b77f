import fc from "fast-check";
import {
  cursor,
  headerLink,
  incremental,
  offset,
  parents,
  partitions,
  plan,
  singlePage,
  type Checkpoint,
} from "../../runtime/src/index.js";
import type { FetchLike, ResourceShape } from "../../runtime/src/plugin.js";
import { expectTyped } from "./fuzz-bodies.js";
import { expectAtMost, openClient, readAll, type Finding, type Read, type Run } from "./run.js";

/** Headers and checkpoints with any content. The read must end soon, complete or with a typed error. */
export function metadataFuzzRuns(seed: number): readonly Run[] {
  return [
    ...Object.entries(headers).flatMap(([name, values]) => toHeaderRuns({ name, values, seed })),
    ...Object.keys(resources).flatMap((name) => toCheckpointRuns(name, seed)),
  ];
}

/** Cases per run, and runs per kind. */
const batch = 50;
const batches = 8;

function soup(...pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(...pieces), fc.string({ maxLength: 5 }));
  const short = fc.array(piece, { maxLength: 14 }).map((all) => all.join(""));
  // A pattern that backtracks shows on long repetitions.
  const long = fc.tuple(piece, piece).map(([a, b]) => (a + b).repeat(4000).slice(0, 16_000));
  return fc
    .oneof({ weight: 12, arbitrary: short }, { weight: 1, arbitrary: long })
    .map((text) => text.replace(/[^\t -~\x80-\xff]/g, "").trim());
}

const headers: Readonly<Record<string, fc.Arbitrary<string>>> = {
  link: soup(
    "<",
    ">",
    ";",
    ",",
    " ",
    "=",
    '"',
    "\\",
    "rel",
    'rel="next"',
    "rel=next",
    "<?p=2>",
    "anchor",
    "*",
    "//x",
    "?p=3",
  ),
  "retry-after": soup(
    "1",
    "0",
    "-",
    ".",
    "9",
    "e",
    " ",
    ":",
    ",",
    "GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Nov",
    "2099",
    "x",
  ),
  "x-ratelimit-reset": soup("1", "0", "9", "-", ".", "e", " ", "99999999999"),
  ratelimit: soup(
    '"default"',
    ";",
    "r=0",
    "t=1",
    "q=",
    ",",
    "limit=1",
    "remaining=0",
    "reset=1",
    " ",
    "=",
    "\\",
  ),
  "content-type": soup(
    "application/json",
    ";",
    "charset=",
    "utf-8",
    "utf-16",
    "iso-8859-1",
    '"',
    "text/html",
    " ",
    "/",
  ),
  "content-length": soup("0", "1", "99", "-1", "x", "1,1"),
  date: soup("Sun, 06 Nov 1994 08:49:37 GMT", "2026", "-", ":", "GMT", "x", " "),
};

interface HeaderCell {
  readonly name: string;
  readonly values: fc.Arbitrary<string>;
  readonly seed: number;
}

function toHeaderRuns({ name, values, seed }: HeaderCell): readonly Run[] {
  const all = fc.sample(values, { seed, numRuns: batch * batches });
  return Array.from({ length: batches }, (_, index) => ({
    level: "fuzz",
    row: `header ${name}`,
    name: `header ${name} · #${index} of seed ${seed}`,
    perform: async () => {
      const findings: Finding[] = [];
      for (const value of all.slice(index * batch, (index + 1) * batch))
        findings.push(...(await readWithHeader(name, value)).map(quote(value)));
      return findings;
    },
  }));
}

/** Names the input in a finding. */
function quote(value: unknown): (finding: Finding) => Finding {
  return (finding) => ({ ...finding, note: `${finding.note}, given ${JSON.stringify(value).slice(0, 200)}` });
}

/** The first response is a 429 with the header, the second a page with it. */
async function readWithHeader(name: string, value: string): Promise<readonly Finding[]> {
  let requests = 0;
  const fetch: FetchLike = () => {
    requests++;
    const items = [{ id: requests }];
    const given = { [name]: value, ...(name !== "retry-after" && { "x-ratelimit-remaining": "0" }) };
    const init = { status: requests === 1 ? 429 : 200, headers: requests < 4 ? given : {} };
    return Promise.resolve(new Response(JSON.stringify({ items }), init));
  };
  const read = openClient({
    url: "http://api.test",
    transport: "node:http",
    resources: [
      { name: "rows", path: "/v1/rows", select: ["items"], paginator: headerLink(), primaryKey: ["id"] },
    ],
    // Longer waits are an error, so that no case takes long.
    options: { fetch, retry: { maxWaitMs: 20, backoffMs: 0 } },
  });
  const watch = watchBlocking();
  const { error } = await readAll(read);
  const seconds = watch.stop();
  return [
    ...expectTyped(error),
    ...expectAtMost(requests, 10),
    // Other runs of the process compute in the meantime.
    ...(seconds > 10
      ? [{ counter: "lost" as const, count: 1, note: `the process is blocked for ${seconds} s` }]
      : []),
  ];
}

/** Measures the longest time in which a process computes without a pause, in seconds of its own time. */
function watchBlocking(): { readonly stop: () => number } {
  let longest = 0;
  let last = process.cpuUsage().user;
  const measure = (): void => {
    const now = process.cpuUsage().user;
    longest = Math.max(longest, (now - last) / 1e6);
    last = now;
  };
  const timer = setInterval(measure, 20);
  return {
    stop: () => {
      clearInterval(timer);
      measure();
      return longest;
    },
  };
}

const rows = { name: "rows", path: "/v1/rows", select: ["items"], primaryKey: ["id"] };
const list = { name: "parents", path: "/v1/parents", select: ["items"], paginator: offset({ limit: 2 }) };

/** Resources whose checkpoints differ in form. */
const resources: Readonly<Record<string, readonly ResourceShape[]>> = {
  offset: [{ ...rows, paginator: offset({ limit: 2 }) }],
  cursor: [{ ...rows, paginator: cursor({ cursorPath: ["next"] }) }],
  partitions: [
    {
      ...rows,
      path: "/v1/{partitions.region}/rows",
      paginator: offset({ limit: 2 }),
      plan: plan(partitions({ region: ["eu", "us", "asia"] })),
    },
  ],
  children: [
    list,
    {
      ...rows,
      path: "/v1/{resources.parents.id}/rows",
      paginator: offset({ limit: 2 }),
      plan: plan(parents({ parent: "parents", values: { "resources.parents.id": ["id"] } })),
    },
  ],
  incremental: [
    { ...rows, paginator: offset({ limit: 2 }), plan: plan(incremental({ cursor: ["id"], initial: 0 })) },
  ],
  "children, incremental": [
    list,
    {
      ...rows,
      path: "/v1/{resources.parents.id}/rows",
      paginator: singlePage(),
      plan: plan(
        parents({ parent: "parents", values: { "resources.parents.id": ["id"] } }),
        incremental({ cursor: ["id"], initial: 0 }),
      ),
    },
  ],
};

/** Five records in three pages, for any request. */
function serveRows(): { readonly fetch: FetchLike; readonly requests: () => number } {
  let requests = 0;
  return {
    requests: () => requests,
    fetch: (url) => {
      requests++;
      const query = new URL(url).searchParams;
      const at = Number(query.get("offset") ?? query.get("cursor") ?? 0) || 0;
      const items = [1, 2, 3, 4, 5].slice(Math.max(0, at), Math.max(0, at) + 2).map((id) => ({ id }));
      const next = at + 2 < 5 ? String(at + 2) : null;
      return Promise.resolve(new Response(JSON.stringify({ items, total: 5, next })));
    },
  };
}

function openRows(name: string, fetch: FetchLike): Read {
  return openClient({
    url: "http://api.test",
    transport: "node:http",
    resources: resources[name] ?? [],
    options: { fetch, retry: { maxRetries: 0 } },
  });
}

/** The replacements of a value in a checkpoint. */
const junk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    "",
    "x",
    "__proto__",
    [],
    {},
    [null],
    [[]],
    { a: 1 },
    "9".repeat(400),
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A change of a checkpoint: the n-th of its values is replaced, removed, or gets a neighbour. */
const edit = fc.record({ at: fc.nat(60), value: junk, how: fc.constantFrom("replace", "remove", "add") });

function toCheckpointRuns(name: string, seed: number): readonly Run[] {
  const edits = fc.sample(fc.array(edit, { minLength: 1, maxLength: 3 }), { seed, numRuns: batch * batches });
  return Array.from({ length: batches }, (_, index) => ({
    level: "fuzz",
    row: "checkpoint",
    name: `checkpoint of ${name} · #${index} of seed ${seed}`,
    perform: async () => {
      const { pages } = await readAll(openRows(name, serveRows().fetch));
      const findings: Finding[] = [];
      for (const [n, changes] of edits.slice(index * batch, (index + 1) * batch).entries()) {
        const right = pages[n % pages.length]?.checkpoint;
        const wrong = changes.reduce<unknown>(applyEdit, JSON.parse(JSON.stringify(right)));
        findings.push(...(await readFrom(name, wrong)).map(quote(wrong)));
      }
      return findings;
    },
  }));
}

async function readFrom(name: string, from: unknown): Promise<readonly Finding[]> {
  const { fetch, requests } = serveRows();
  const { error } = await readAll(openRows(name, fetch), { from: from as Checkpoint });
  return [...expectTyped(error), ...expectAtMost(requests(), 40)];
}

type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function applyEdit(value: unknown, { at, value: other, how }: Edit): unknown {
  const places: { readonly owner: Record<string, unknown>; readonly key: string }[] = [];
  const visit = (owner: unknown): void => {
    if (typeof owner !== "object" || owner === null) return;
    for (const [key, inner] of Object.entries(owner)) {
      places.push({ owner: owner as Record<string, unknown>, key });
      visit(inner);
    }
  };
  visit(value);
  const place = places[at % Math.max(1, places.length)];
  if (!place) return other;
  // A copy: the same value may be added in several places.
  const copy = JSON.parse(JSON.stringify(other)) as unknown;
  if (how === "replace") place.owner[place.key] = copy;
  else if (how === "remove") Reflect.deleteProperty(place.owner, place.key);
  else place.owner["added"] = copy;
  return value;
}
