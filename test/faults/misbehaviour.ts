import { offset, pageNumber, parents, partitions, plan, singlePage, add } from "../../runtime/src/index.js";
import type { ResourceShape } from "../../runtime/src/plugin.js";
import { scenarios, usual, type Scenario, type ScenarioName } from "./scenarios.js";
import { dialects, size, type Dialect, type PageState } from "../runtime/paginators/dialects.js";
import { exposureOf, needlesOf } from "./exposure.js";
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
import { startServer, type Answer, type FaultServer, type Received } from "./server.js";

/** How the sequence of pages is embedded in a read. */
const forms = ["plain", "partitions", "children"] as const;
type Form = (typeof forms)[number];

/** Without a total, only an empty page ends the paging. */
const withoutTotals: readonly Dialect[] = [
  { paginator: offset({ limit: size, totalPath: null }), of: "offset" },
  { paginator: pageNumber({ basePage: 1, limit: size, totalPath: null }), of: "page_number" },
].flatMap(({ paginator, of }) =>
  dialects
    .filter(({ name }) => name === of)
    .map((dialect) => ({ ...dialect, name: `${of} without a total`, paginator, tell: () => ({}) })),
);

/** These APIs are correct: the read must deliver everything. */
const correct = new Set<ScenarioName>([
  "normal",
  "short",
  "total_str",
  "rel_path",
  "rel_query",
  "dropkey",
  "link_two",
  "total_shrinks",
] as const);
for (const name of Object.keys(scenarios) as ScenarioName[])
  if (name.startsWith("link_") || name.startsWith("next_")) correct.add(name);

/** All misbehaviours with all paginators, in plain reads, in partitions and in children, with and without keys. */
export function misbehaviourRuns(): readonly Run[] {
  const runs: Run[] = [];
  for (const scenario of Object.keys(scenarios) as ScenarioName[])
    for (const dialect of [...dialects, ...withoutTotals])
      for (const form of forms)
        for (const hasKey of [true, false]) {
          if (isInvisible(scenario, dialect)) continue;
          runs.push(
            toRun({
              scenario,
              dialect,
              form,
              hasKey,
              transport: transports[Math.floor(runs.length / 2) % 2] ?? "fetch",
            }),
          );
        }
  return runs;
}

/** Whether the responses look exactly like those of a correct API with fewer records. */
function isInvisible(scenario: ScenarioName, { name, idea }: Dialect): boolean {
  const isEnd = ["empty", "nullitems"].includes(scenario) && name.endsWith("without a total");
  // Offsets skip what a page that is too short leaves out; the API is at fault.
  const isShort = scenario === "short" && idea === "range";
  // In a header, any text is a cursor.
  return isEnd || isShort || (name === "header_cursor" && scenario.startsWith("next_"));
}

interface Cell {
  readonly scenario: ScenarioName;
  readonly dialect: Dialect;
  readonly form: Form;
  readonly hasKey: boolean;
  readonly transport: (typeof transports)[number];
}

const secret = "canary-4f81d2ab7c";

function toRun({ scenario, dialect, form, hasKey, transport }: Cell): Run {
  const name = [scenario, dialect.name, form, hasKey ? "key" : "no key", transport].join(" · ");
  const perform: Run["perform"] = async () => {
    const urls = { own: "", other: "" };
    const own = await startServer(play(scenario, dialect, () => urls));
    const other = await startServer(play(scenario, dialect, () => ({ own: urls.other, other: urls.other })));
    Object.assign(urls, { own: own.url, other: other.url });
    try {
      const given: Scenario = scenarios[scenario];
      const read = openClient({
        url: own.url,
        transport,
        source: { auth: given.auth ?? usual.auth },
        resources: resourcesOf(dialect, form, hasKey),
        options: { token: secret, apiKey: secret },
      });
      const ending = await readAll(read, { readAhead: false });
      return judge({ scenario, dialect, form, hasKey }, ending, { own, other });
    } finally {
      await Promise.all([own.close(), other.close()]);
    }
  };
  return { level: "misbehaviour", row: scenario, name, perform };
}

/** The pages that the read consists of: those of two regions, of two parents, or of the resource itself. */
const places: Readonly<Record<Form, readonly string[]>> = {
  plain: ["rows"],
  partitions: ["eu", "us"],
  children: ["p1", "p2"],
};

function resourcesOf(dialect: Dialect, form: Form, hasKey: boolean): readonly ResourceShape[] {
  const rows: ResourceShape = {
    name: "rows",
    path: "/v1/rows",
    select: ["items"],
    paginator: dialect.paginator,
    ...(hasKey && { primaryKey: ["id"] }),
    ...dialect.resource,
  };
  if (form === "plain") return [rows];
  const value = form === "children" ? "resources.parents.id" : "partitions.region";
  const split =
    form === "children"
      ? parents({ parent: "parents", values: { "resources.parents.id": ["id"] } })
      : partitions({ region: places.partitions });
  const list = { name: "parents", path: "/v1/parents", select: ["items"], paginator: singlePage() };
  const nested = {
    ...rows,
    path: `/v1/{${value}}/rows`,
    plan: plan(split),
    shape: [add({ of: `{${value}}` })],
  };
  return [...(form === "children" ? [list] : []), nested];
}

/** Serves a scenario in a dialect. `origins` are those of this server and of another one. */
function play(name: ScenarioName, dialect: Dialect, origins: () => { own: string; other: string }) {
  const given: Scenario = scenarios[name];
  const { pages, ...scenario } = { ...usual, ...given };
  const next = given.next ?? ((index: number) => (index + 1 < pages.length ? index + 1 : undefined));
  const records = pages.flatMap((page) => page ?? []).length;

  const tell = (index: number, path: string): PageState => {
    const following = next(index);
    const query = `p=${following}`;
    const link =
      following === undefined
        ? undefined
        : scenario.link({ ...origins(), index: following, query }).replace("/v1/rows", path);
    const none = given.none ?? null;
    return {
      next: following ?? none,
      link: link ?? none,
      header: link === undefined ? "" : scenario.header(link),
      total: (count) => scenario.total(count === "records" ? records : pages.length, index),
    };
  };
  return ({ url, method, text }: Received): Answer => {
    const json = (body: unknown, headers = {}): Answer => ({
      contentType: "application/json",
      body: JSON.stringify(body),
      headers,
    });
    if (url.pathname === "/v1/parents") return json({ items: places.children.map((id) => ({ id })) });
    const body = (text ? JSON.parse(text) : {}) as Readonly<Record<string, unknown>>;
    const index = scenario.serve(dialect.asked({ query: url.searchParams, body }));
    if (index === given.redirected && !url.searchParams.has("redirected")) {
      const location = `${origins().other}${url.pathname}${url.search}${url.search ? "&" : "?"}redirected`;
      return { ...json({}, { location }), status: method === "GET" ? 302 : 307 };
    }
    const { body: beside, headers } = dialect.tell(tell(index, url.pathname));
    // Out of range, pages are empty.
    const items = index < pages.length ? pages[index] : [];
    return json(scenario.body(index) ?? { items, ...beside }, headers);
  };
}

interface Servers {
  readonly own: FaultServer;
  readonly other: FaultServer;
}

function judge(
  { scenario, dialect, form, hasKey }: Pick<Cell, "scenario" | "dialect" | "form" | "hasKey">,
  ending: Ending,
  { own, other }: Servers,
): readonly Finding[] {
  const want = places[form].flatMap((of) => wanted(scenario, dialect, form === "plain" ? undefined : of));
  const requests = own.received.length + other.received.length;
  // A page is repeated four times before it is an error, and one page may be too many.
  const allowed = places[form].length * (4 + 2) + 4 + 1;
  const wire = JSON.stringify(other.received.map(({ url, headers, text }) => [url, headers, text]));
  const isForeign = other.received.length > 0;
  return [
    ...(isAnnounced(ending, hasKey) ? [] : judgeEnd(scenario, ending, want)),
    ...expectAtMost(requests, allowed),
    ...needlesOf(secret).flatMap((needle): readonly Finding[] =>
      [wire, exposureOf(ending.error, ending.events, ending.pages)].some((text) => text.includes(needle))
        ? [{ counter: "leaked", count: 1, note: `the secret leaves as ${needle}` }]
        : [],
    ),
    ...(isForeign && !ending.events.some(isForeignEvent)
      ? [{ counter: "silent" as const, count: 1, note: "another origin is asked without an event" }]
      : []),
  ];
}

/** Whether an event reports a request to another origin. */
function isForeignEvent({ type }: { readonly type: string }): boolean {
  return type.includes("foreign") || type.includes("origin");
}

/** Without a key, equal pages may be correct. A client that cannot decide must emit a warning. */
function isAnnounced({ error, events }: Ending, hasKey: boolean): boolean {
  const isWarned = events.some(
    (event) => event.type === "warning" && event.message.includes("the API may ignore the position"),
  );
  return error === undefined && !hasKey && isWarned;
}

function judgeEnd(
  scenario: ScenarioName,
  { error, records }: Ending,
  want: readonly unknown[],
): readonly Finding[] {
  if (error === undefined) {
    const findings = toFindings(records, want);
    const note = "the read ends complete, although the responses contradict each other";
    return findings.length > 0 ? [{ counter: "silent", count: 1, note }, ...findings] : [];
  }
  const isTyped = typeof (error as { readonly code?: unknown }).code === "string";
  if (isTyped && !correct.has(scenario)) return [];
  return [
    { counter: "lost", count: 1, note: `the API is correct, but the read ends with ${describeError(error)}` },
  ];
}

/** Returns all records of a sequence of pages; for `single_page`, those of one request. */
function wanted(name: ScenarioName, { idea }: Dialect, of: string | undefined): readonly unknown[] {
  const given: Scenario = scenarios[name];
  const list = usual.pages.flatMap((page) => page ?? []);
  const rows = idea === "single" ? (given.pages?.[0] ?? usual.pages[0] ?? []) : list;
  return of === undefined ? rows : rows.map((row) => ({ ...row, of }));
}
