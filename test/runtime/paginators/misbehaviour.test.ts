import { afterAll, describe, expect, it } from "vitest";
import type { ReadEvent } from "../../../runtime/src/index.js";
import { dialects, size, type Dialect, type PageState } from "./dialects.js";
import { expectNoSecret, open, span } from "../fixtures.js";
import { scenarios, usual, type Scenario, type ScenarioName } from "../../faults/scenarios.js";
import { answer, jsonType, serve, type Handler, type TestServer } from "../server.js";

const secret = "s3cr-token";

/** Serves a scenario in a dialect; `origins` are those of this server and of another one. */
function play(given: Scenario, dialect: Dialect, origins: () => { own: string; other: string }): Handler {
  const { pages, ...scenario } = { ...usual, ...given };
  const next = given.next ?? ((index: number) => (index + 1 < pages.length ? index + 1 : undefined));
  const records = pages.flatMap((page) => page ?? []).length;

  const tell = (index: number): PageState => {
    const following = next(index);
    const query = `p=${following}`;
    const link =
      following === undefined ? undefined : scenario.link({ ...origins(), index: following, query });
    const none = given.none ?? null;
    return {
      next: following ?? none,
      link: link ?? none,
      header: link === undefined ? "" : scenario.header(link),
      total: (count) => scenario.total(count === "records" ? records : pages.length, index),
    };
  };
  return (request, response) => {
    void (async () => {
      let text = "";
      for await (const chunk of response.req) text += String(chunk);
      const body = (text ? JSON.parse(text) : {}) as Readonly<Record<string, unknown>>;
      const index = scenario.serve(dialect.asked({ query: request.query, body }));
      if (index === given.redirected && !request.query.has("redirected")) {
        const location = `${origins().other}${request.url}&redirected`.replace(/rows&/, "rows?");
        answer(response, request.method === "GET" ? 302 : 307, { headers: { location } });
        return;
      }
      const { body: beside, headers } = dialect.tell(tell(index));
      // Out of range, pages are empty.
      const items = index < pages.length ? pages[index] : [];
      const whole = scenario.body(index) ?? { items, ...beside };
      answer(response, 200, { body: JSON.stringify(whole), headers: { ...jsonType, ...headers } });
    })();
  };
}

interface Result {
  readonly ids: readonly number[];
  readonly end: string;
  readonly own: TestServer;
  readonly other: TestServer;
}

/** Reads a scenario in a dialect; more than 40 requests mean an endless loop. */
async function readScenario(scenario: Scenario, dialect: Dialect): Promise<Result> {
  const urls = { own: "", other: "" };
  const own = await serve(play(scenario, dialect, () => urls));
  const other = await serve(play(scenario, dialect, () => ({ own: urls.other, other: urls.other })));
  Object.assign(urls, { own: own.url, other: other.url });
  let end = "none";
  const read = open({
    url: own.url,
    source: { auth: scenario.auth ?? usual.auth },
    resource: { paginator: dialect.paginator, ...dialect.resource },
    options: {
      token: secret,
      apiKey: secret,
      onEvent: (event: ReadEvent) => {
        if (event.type === "complete") end = event.reason;
        if (event.type === "error") end = event.error.code;
      },
    },
  });
  const ids: number[] = [];
  try {
    for await (const { id } of read({ readAhead: false })) {
      ids.push(id);
      if (own.seen.length + other.seen.length > 40) throw new Error("endless");
    }
  } catch (error) {
    if (end === "none") throw error;
  }
  return { ids, end, own, other };
}

/** The expected end and records of a read. */
interface Ending {
  readonly ids: readonly number[];
  readonly end: string;
}

const complete = {
  range: "total_reached",
  token: "no_next",
  link: "no_next",
  single: "single_page",
} as const;

const upTo = (last: number, end: string): Ending => ({ ids: span(1, last), end });
const unknownToken: Ending = { ids: [...span(1, 25), ...span(1, 10)], end: "PAGINATION_LOOP" };

/** The scenarios that do not end with all records: by the name of the dialect, otherwise by its kind of paging. */
const endings: Partial<Record<ScenarioName, Readonly<Record<string, Ending>>>> = {
  loop: {
    range: upTo(20, "PAGE_PARAM_IGNORED"),
    token: upTo(20, "PAGINATION_LOOP"),
    link: upTo(20, "PAGINATION_LOOP"),
    "auto over cursors": upTo(10, "PAGINATION_LOOP"),
  },
  cycle: {
    token: { ids: [...span(1, 20), ...span(1, 10)], end: "PAGINATION_LOOP" },
    link: { ids: [...span(1, 20), ...span(1, 10)], end: "PAGINATION_LOOP" },
  },
  selflast: {
    token: upTo(25, "PAGINATION_LOOP"),
    link: upTo(25, "PAGINATION_LOOP"),
    "auto over cursors": upTo(20, "PAGINATION_LOOP"),
  },
  ignored: {
    range: upTo(10, "PAGE_PARAM_IGNORED"),
    token: upTo(10, "PAGE_PARAM_IGNORED"),
    link: upTo(10, "PAGE_PARAM_IGNORED"),
    "auto over cursors": upTo(10, "PAGINATION_LOOP"),
  },
  // An empty page ends a range unless more records are announced. Here, the total announces them.
  empty: { range: upTo(10, "TRUNCATED") },
  total_null: { range: upTo(25, "empty_page") },
  // `null` is an empty page only at the end, not if a total, a link or a cursor announces more.
  nullitems: {
    range: upTo(10, "TRUNCATED"),
    token: upTo(10, "TRUNCATED"),
    link: upTo(10, "TRUNCATED"),
  },
  missing: {
    range: upTo(10, "RESPONSE_REJECTED"),
    token: upTo(10, "RESPONSE_REJECTED"),
    link: upTo(10, "RESPONSE_REJECTED"),
  },
  userinfo: { link: upTo(0, "PAGE_INFO_INVALID") },
  // In a header, any other text is a cursor: this one leads to the first page.
  next_false: { header_cursor: unknownToken },
};

function expected(scenario: ScenarioName, { name, idea }: Dialect): Ending {
  if (idea === "single") return upTo(size, "single_page");
  const ending = endings[scenario]?.[name] ?? endings[scenario]?.[idea];
  return ending ?? upTo(25, complete[idea]);
}

function leadsAway(scenario: ScenarioName, { idea }: Dialect): boolean {
  const isFollowed = scenario === "redirect_x" ? idea !== "single" : idea === "link";
  return isFollowed && ["redirect_x", "xhost", "protorel"].includes(scenario);
}

const tally = { complete: 0, named: 0, requests: 0 };

describe.each(Object.keys(scenarios) as ScenarioName[])("an API in the scenario %s", (scenario) => {
  it.each(dialects)("read by $name", async (dialect) => {
    const { ids, end, own, other } = await readScenario(scenarios[scenario], dialect);
    expect({ ids, end }).toEqual(expected(scenario, dialect));

    const requests = own.seen.length + other.seen.length;
    // Pages, a page too many, a redirect, and four retries of an invalid page.
    expect(requests).toBeLessThanOrEqual(3 + 1 + 1 + 4);
    for (const { headers, url } of own.seen) expect(`${headers.authorization} ${url}`).toContain(secret);
    expect(other.seen.length > 0).toBe(leadsAway(scenario, dialect));
    expectNoSecret(JSON.stringify(other.seen));
    tally.requests += requests;
    if (/^[a-z]/.test(end)) tally.complete++;
    else tally.named++;
  });
});

afterAll(() => {
  const [all, styles] = [Object.keys(scenarios).length, dialects.length];
  const reads = tally.complete + tally.named;
  const ends = `${tally.complete} complete, ${tally.named} ended by a named error`;
  console.log(
    `${all} misbehaviours × ${styles} paginators: ${reads} reads with ${tally.requests} requests: ${ends}`,
  );
});

it("has thirty scenarios", () => {
  expect(Object.keys(scenarios)).toHaveLength(30);
});
