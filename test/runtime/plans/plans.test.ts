import { describe, expect, it } from "vitest";
import {
  parallelPageNumber,
  parents,
  partitions,
  plan,
  singlePage,
  type Checkpoint,
} from "../../../runtime/src/index.js";
import type { ResourceShape } from "../../../runtime/src/plugin.js";
import { errorOf } from "../fixtures.js";
import { pagesOf } from "../fixtures.js";
import { idsOf, reader } from "./planned.js";
import { answer, answerJson, serve, type Handler, type Seen } from "../server.js";

const paged = parallelPageNumber({ limit: 3, basePage: 1, totalPath: ["pages"] });

/** Three companies, four teams each, five people each; two pages of everything. */
const company: readonly ResourceShape[] = [
  { name: "companies", path: "/companies", select: ["items"], paginator: paged, primaryKey: ["id"] },
  {
    name: "teams",
    path: "/companies/{resources.companies.id}/teams",
    params: { company_id: "parent" },
    select: ["items"],
    paginator: paged,
    plan: plan(
      parents({
        parent: "companies",
        values: { "resources.companies.id": ["id"] },
        params: { company_id: "resources.companies.id" },
      }),
    ),
  },
  {
    name: "people",
    path: "/teams/{resources.teams.id}/people",
    params: { team_id: "parent" },
    select: ["items"],
    paginator: paged,
    plan: plan(
      parents({
        parent: "teams",
        values: { "resources.teams.id": ["id"] },
        params: { team_id: "resources.teams.id" },
      }),
    ),
  },
];

const sizes: Readonly<Record<string, number>> = { companies: 3, teams: 4, people: 5 };

/** Responds with two pages for any path, `delay` milliseconds after the request. */
function twoPages(delay = 0, watch?: (inFlight: number) => void): Handler {
  let inFlight = 0;
  return ({ path, query }, response) => {
    watch?.(++inFlight);
    const [, owner = "", kind = owner] = /^(?:\/\w+\/([\w.]+))?\/(\w+)$/.exec(path) ?? [];
    const size = sizes[kind] ?? 0;
    const all = Array.from({ length: size }, (_, index) => ({
      id: owner ? `${owner}.${index + 1}` : `${index + 1}`,
    }));
    const page = Number(query.get("page"));
    const half = Math.ceil(size / 2);
    const items = all.slice((page - 1) * half, page * half);
    setTimeout(() => {
      inFlight--;
      answerJson(response, { items, pages: 2 });
    }, Math.random() * delay);
  };
}

const allPeople = ["1", "2", "3"].flatMap((c) =>
  ["1", "2", "3", "4"].flatMap((t) => ["1", "2", "3", "4", "5"].map((p) => `${c}.${t}.${p}`)),
);

describe("parents", () => {
  it.each([1, 2, 3, 8])(
    "reads three levels in order, every request once, with concurrency %d",
    async (concurrency) => {
      let most = 0;
      const server = await serve(twoPages(4, (inFlight) => (most = Math.max(most, inFlight))));
      const pages = await pagesOf(reader(server, company)("people", { concurrency }));
      expect(idsOf(pages)).toEqual(allPeople);
      const asked = server.seen.map(({ url }) => url);
      expect(new Set(asked).size).toBe(asked.length);
      expect(asked).toHaveLength(2 + 3 * 2 + 12 * 2);
      expect(most).toBeLessThanOrEqual(concurrency);
      if (concurrency === 8) expect(most).toBeGreaterThan(3);
      expect(pages.map(({ number }) => number)).toEqual(pages.map((_, index) => index + 1));
      expect(pages.at(-1)?.checkpoint.position).toBeNull();
    },
  );

  it("requests nothing ahead without readAhead", async () => {
    const server = await serve(twoPages());
    for await (const _ of reader(server, company)("people", { readAhead: false })) break;
    expect(server.seen.map(({ url }) => url)).toEqual([
      "/companies?page=1&limit=3",
      "/companies/1/teams?page=1&limit=3",
      "/teams/1.1/people?page=1&limit=3",
    ]);
  });

  it.each([1, 3])("continues after any page, with concurrency %d", async (concurrency) => {
    const server = await serve(twoPages());
    const open = reader(server, company);
    const pages = await pagesOf(open("people", { concurrency }));
    for (const [index, { checkpoint }] of pages.entries()) {
      if (index === pages.length - 1) continue;
      const from = JSON.parse(JSON.stringify(checkpoint)) as Checkpoint;
      const rest = await pagesOf(open("people", { concurrency, from }));
      expect(idsOf(pages.slice(0, index + 1)).concat(idsOf(rest))).toEqual(allPeople);
      expect(rest[0]?.number).toBe(index + 2);
    }
  });

  it("reads the children of one parent when told which", async () => {
    const server = await serve(twoPages());
    const records = await reader(server, company)("teams", {}, { company_id: "2" }).toArray();
    expect(records.map(({ id }) => id)).toEqual(["2.1", "2.2", "2.3", "2.4"]);
    expect(server.seen.map(({ path }) => path)).toEqual(["/companies/2/teams", "/companies/2/teams"]);
  });

  it("ends with the page limit, and continues from there", async () => {
    const server = await serve(twoPages());
    const open = reader(server, company);
    const first = await pagesOf(open("people", { maxPages: 5 }));
    expect(first).toHaveLength(5);
    const from = first[4]?.checkpoint;
    expect(from?.position).not.toBeNull();
    expect([...idsOf(first), ...idsOf(await pagesOf(open("people", { ...(from && { from }) })))]).toEqual(
      allPeople,
    );
  });

  it.each([1, 4])(
    "keeps what came before a failure, and goes on with what failed; concurrency %d",
    async (concurrency) => {
      let isBroken = true;
      const good = twoPages();
      const server = await serve((request, response) => {
        if (isBroken && request.path === "/teams/2.3/people") answer(response, 404);
        else good(request, response);
      });
      const open = reader(server, company);
      const got: string[] = [];
      let error: { checkpoint?: Checkpoint; resource?: string; message?: string } = {};
      try {
        for await (const { id } of open("people", { concurrency })) got.push(id);
      } catch (thrown) {
        error = thrown as typeof error;
      }
      expect(got).toEqual(allPeople.slice(0, 30));
      expect(error).toMatchObject({ name: "HttpError", resource: "people", status: 404 });
      isBroken = false;
      const { checkpoint } = error;
      const rest = await pagesOf(open("people", { ...(checkpoint && { from: checkpoint }) }));
      expect([...got, ...idsOf(rest)]).toEqual(allPeople);
    },
  );

  it("tells a parent's failure as the parent's, with a checkpoint of the child", async () => {
    const good = twoPages();
    let isBroken = true;
    const server = await serve((request, response) => {
      if (isBroken && request.url === "/companies?page=2&limit=3") answer(response, 403);
      else good(request, response);
    });
    const open = reader(server, company);
    const got: string[] = [];
    let error: { checkpoint?: Checkpoint } = {};
    try {
      for await (const { id } of open("teams")) got.push(id);
    } catch (thrown) {
      error = thrown as typeof error;
    }
    expect(error).toMatchObject({
      name: "AuthError",
      resource: "companies",
      checkpoint: { resource: "teams" },
    });
    isBroken = false;
    const { checkpoint } = error;
    const rest = await pagesOf(open("teams", { ...(checkpoint && { from: checkpoint }) }));
    expect([...got, ...idsOf(rest)]).toHaveLength(12);
  });

  it("names the missing field of a parent's record", async () => {
    const server = await serve((_, response) => answerJson(response, { items: [{ key: 1 }], pages: 1 }));
    expect(await errorOf(reader(server, company)("teams").toArray())).toMatchObject({
      code: "PARENT_VALUE_MISSING",
      message: expect.stringContaining("a record of `companies` has no `id` (its fields: key)") as string,
    });
  });

  it("uses a whole URL of a parent's record unchanged, and sends no credentials to another origin", async () => {
    const other = await serve((_, response) => answerJson(response, { items: [{ id: "x" }], pages: 1 }));
    const server = await serve((_, response) =>
      answerJson(response, { items: [{ url: `${other.url}/a%2Fb?sig=a+b%20c` }], pages: 1 }),
    );
    const files: ResourceShape = {
      name: "files",
      path: "{resources.companies.url}",
      select: ["items"],
      paginator: singlePage(),
      plan: plan(parents({ parent: "companies", values: { "resources.companies.url": ["url"] } })),
    };
    const [first] = company;
    const open = reader(server, [...(first ? [first] : []), files], {
      headers: { authorization: "Bearer s3cret" },
    });
    expect(await open("files").toArray()).toHaveLength(1);
    expect(other.seen[0]?.url).toBe("/a%2Fb?sig=a+b%20c");
    expect(other.seen[0]?.headers.authorization).toBeUndefined();
    expect(server.seen[0]?.headers.authorization).toBe("Bearer s3cret");
  });

  it("joins the values of several parents into one request", async () => {
    const server = await serve(twoPages());
    const prices: ResourceShape = {
      name: "prices",
      path: "/prices",
      query: { ids: "{resources.teams.id}" },
      select: ["items"],
      selectRequired: false,
      paginator: singlePage(),
      plan: plan(
        parents({ parent: "teams", values: { "resources.teams.id": ["id"] }, batch: { size: 5, join: "," } }),
      ),
    };
    const open = reader(server, [...company, prices]);
    const pages = await pagesOf(open("prices"));
    const asked = (seen: readonly Seen[]): (string | null)[] =>
      seen.filter(({ path }) => path === "/prices").map(({ query }) => query.get("ids"));
    expect(asked(server.seen)).toEqual(["1.1,1.2,1.3,1.4,2.1", "2.2,2.3,2.4,3.1,3.2", "3.3,3.4"]);
    const before = server.seen.length;
    const from = JSON.parse(JSON.stringify(pages[0]?.checkpoint)) as Checkpoint;
    await pagesOf(open("prices", { from }));
    expect(asked(server.seen.slice(before))).toEqual(["2.2,2.3,2.4,3.1,3.2", "3.3,3.4"]);
  });

  it("ends at once when the consumer stops, and when the signal aborts", async () => {
    const server = await serve((request, response) => {
      if (request.path.includes("people")) return;
      twoPages()(request, response);
    });
    const controller = new AbortController();
    const reading = reader(server, company)("people", {
      signal: controller.signal,
      concurrency: 4,
    }).toArray();
    const rejected = expect(reading).rejects.toThrow("enough");
    setTimeout(() => controller.abort(new Error("enough")), 50);
    await rejected;
  });
});

describe("partitions", () => {
  const rows: ResourceShape = {
    name: "rows",
    path: "/{partitions.region}/rows",
    query: { year: "{partitions.year}" },
    select: ["items"],
    paginator: singlePage(),
    plan: plan(partitions({ region: "{config.regions}", year: [2023, 2024] })),
  };

  it("reads their product, and continues from any position", async () => {
    const server = await serve(({ url }, response) => answerJson(response, { items: [{ id: url }] }));
    const open = reader(server, [rows], { regions: ["eu", "us"] });
    const pages = await pagesOf(open("rows"));
    const all = ["/eu/rows?year=2023", "/eu/rows?year=2024", "/us/rows?year=2023", "/us/rows?year=2024"];
    expect(idsOf(pages)).toEqual(all);
    for (const [index, page] of pages.slice(0, 3).entries()) {
      expect(idsOf(await pagesOf(open("rows", { from: page.checkpoint })))).toEqual(all.slice(index + 1));
    }
  });

  it("asks for the list that is missing", async () => {
    const server = await serve((_, response) => answer(response, 200));
    expect(await errorOf(reader(server, [rows])("rows").toArray())).toMatchObject({
      code: "INVALID_OPTIONS",
      message: expect.stringContaining("the value of `config.regions` must be a list") as string,
    });
  });

  it("reads nothing, and reports it, if there is none", async () => {
    const server = await serve((_, response) => answer(response, 200));
    const pages = await pagesOf(reader(server, [rows], { regions: [] })("rows"));
    expect(pages).toMatchObject([{ records: [], checkpoint: { position: null } }]);
    expect(server.seen).toHaveLength(0);
  });
});
