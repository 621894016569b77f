import { describe, expect, it } from "vitest";
import { errorOf } from "../runtime/fixtures.js";
import { pagesOf } from "../runtime/fixtures.js";
import { api, clientOf, readInPieces, stored, typeCheckAll } from "./spec-client.js";

const list = { data_selector: "items", paginator: "single_page" };

describe("static records", () => {
  const regions = {
    name: "regions",
    primary_key: "code",
    records: [
      { code: "eu", zone: { id: 1 }, beta: null },
      { code: "us/west", zone: { id: 2.5 } },
    ],
  };
  const shops = {
    name: "shops",
    schema: true,
    include_from_parent: ["code"],
    endpoint: {
      path: "/regions/{resources.regions.code}/shops",
      params: { zone: "{resources.regions.zone.id}" },
      ...list,
    },
  };

  it("are read without a request, and transformed", async () => {
    const server = await api(() => ({ status: 500 }));
    const client = await clientOf(
      { resources: [{ ...regions, processing_steps: [{ where: { code: "eu" } }, { remove: ["beta"] }] }] },
      { baseUrl: server.url },
    );
    const pages = await pagesOf(client("regions")());
    expect(pages.map(({ records, isLast, number }) => ({ records, isLast, number }))).toEqual([
      { records: [{ code: "eu", zone: { id: 1 } }], isLast: true, number: 1 },
    ]);
    expect(server.requests).toEqual([]);
    expect(await client("regions")().first()).toEqual({ code: "eu", zone: { id: 1 } });
  });

  it("are parents", async () => {
    const server = await api(({ text }) => ({ body: { items: [{ text }] } }));
    const client = await clientOf({ resources: [regions, shops] }, { baseUrl: server.url });
    const pages = await readInPieces(client("shops"));
    expect(pages.flatMap(({ records }) => records)).toEqual([
      { text: "GET /regions/eu/shops?zone=1", _regions_code: "eu" },
      { text: "GET /regions/us/west/shops?zone=2.5", _regions_code: "us/west" },
    ]);
    expect(server.requests[1]?.url).toBe("/regions/us%2Fwest/shops?zone=2.5");
  });

  it("of another type are an error where a child needs a value", async () => {
    const server = await api(() => ({ body: { items: [] } }));
    const client = await clientOf(
      {
        resources: [
          { ...regions, records: ["eu"], primary_key: [] },
          { ...shops, include_from_parent: [] },
        ],
      },
      { baseUrl: server.url },
    );
    expect((await errorOf(client("shops")().toArray())).code).toBe("PARENT_VALUE_MISSING");
  });
});

describe("for_each", () => {
  const teams = { name: "teams", schema: true, endpoint: { path: "/teams", ...list } };
  const members = (endpoint: object, extras: object = {}): object => ({
    name: "members",
    schema: true,
    for_each: "members",
    endpoint: { ...list, ...endpoint },
    ...extras,
  });

  it("reads once for every item of a list, of several pages of parents", async () => {
    const server = await api(({ path, query }) => {
      if (path !== "/teams") return { body: { items: [path, `${path}!`] } };
      return query.get("page") === "2"
        ? { body: { items: [{ id: 3, members: [9] }], next: null } }
        : {
            body: {
              items: [
                { id: 1, members: [5, 6] },
                { id: 2, members: [] },
                { id: 4, members: null },
              ],
              next: 2,
            },
          };
    });
    const paged = {
      ...teams,
      endpoint: {
        ...teams.endpoint,
        paginator: { type: "cursor", cursor_path: "next", cursor_param: "page" },
      },
    };
    for (const concurrency of [1, 3]) {
      const client = await clientOf(
        {
          resources: [
            paged,
            members({ path: "/teams/{resources.teams.id}/members/{resources.teams.members}" }),
          ],
        },
        { baseUrl: server.url, concurrency },
      );
      const pages = await readInPieces(client("members"));
      expect(pages.flatMap(({ records }) => records)).toEqual(
        ["/teams/1/members/5", "/teams/1/members/6", "/teams/3/members/9"].flatMap((path) => [
          path,
          `${path}!`,
        ]),
      );
    }
  });

  it("names fields of the items, nested lists, and batches", async () => {
    const server = await api(({ path, text }) =>
      path === "/teams"
        ? {
            body: {
              items: [
                {
                  staff: {
                    members: [
                      { id: 5, kind: "a" },
                      { id: 6, kind: "b" },
                      { id: 7, kind: "c" },
                    ],
                  },
                },
              ],
            },
          }
        : { body: { items: [text] } },
    );
    const spec = (extras: object): object => ({
      resources: [
        teams,
        members(
          {
            path: "/m",
            params: {
              id: "{resources.teams.staff.members.id}",
              kind: "{resources.teams.staff.members.kind}",
            },
          },
          { for_each: "staff.members", ...extras },
        ),
      ],
    });
    const client = await clientOf(spec({ include_from_parent: [] }), { baseUrl: server.url });
    expect(await client("members")().toArray()).toEqual([
      "GET /m?id=5&kind=a",
      "GET /m?id=6&kind=b",
      "GET /m?id=7&kind=c",
    ]);
    const batched = await clientOf(spec({ batch: { size: 2 } }), { baseUrl: server.url });
    expect(await batched("members")().toArray()).toEqual(["GET /m?id=5,6&kind=a,b", "GET /m?id=7&kind=c"]);
  });

  it("keeps incremental state for every item", async () => {
    const server = await api(({ path, query }) =>
      path === "/teams"
        ? { body: { items: [{ members: [5, 6] }] } }
        : { body: { items: [{ at: Number(query.get("since")) + Number(path.at(-1)) }] } },
    );
    const client = await clientOf(
      {
        resources: [
          teams,
          members({
            path: "/m/{resources.teams.members}",
            params: { since: "{incremental.start_value}" },
            incremental: { cursor_path: "at", initial_value: 0 },
          }),
        ],
      },
      { baseUrl: server.url },
    );
    const first = await readInPieces(client("members"));
    const second = await pagesOf(client("members")({ from: stored(first.at(-1)?.checkpoint) }));
    expect(second.flatMap(({ records }) => records)).toEqual([{ at: 10 }, { at: 12 }]);
  });

  it.each([
    {
      name: "missing",
      record: { id: 1 },
      text: "`members` of a record of `teams` is missing, not a list (its fields: id)",
    },
    { name: "text", record: { members: "5" }, text: "is a string, not a list" },
    { name: "an object", record: { members: { a: 1 } }, text: "is an object, not a list" },
    {
      name: "of items without the field",
      record: { members: [{ id: 1 }, {}] },
      text: "has no `members.1.id`",
    },
  ])("a list that is $name is an error", async ({ record, text }) => {
    const server = await api(({ path }) => ({ body: { items: path === "/teams" ? [record] : [] } }));
    const client = await clientOf(
      { resources: [teams, members({ path: "/m/{resources.teams.members.id}" })] },
      { baseUrl: server.url },
    );
    const error = await errorOf(client("members")().toArray());
    expect(error.code).toBe("PARENT_VALUE_MISSING");
    expect(error.message).toContain(text);
  });
});

it.each([null, ""])(
  "a batch with the value %j of a parent is an error, not a request for another one",
  async (id) => {
    const server = await api(({ path }) => ({
      body: path === "/teams" ? [{ id: 1 }, { id }, { id: 3 }] : [],
    }));
    const teams = {
      name: "teams",
      schema: true,
      endpoint: { path: "/teams", data_selector: "$", paginator: "single_page" },
    };
    const members = {
      name: "members",
      schema: true,
      batch: { size: 3 },
      endpoint: {
        path: "/members",
        params: { team: "{resources.teams.id}" },
        data_selector: "$",
        paginator: "single_page",
      },
    };
    const client = await clientOf({ resources: [teams, members] }, { baseUrl: server.url });
    const error = await errorOf(client("members")().toArray());
    expect(error.message).toContain("is null or empty in one of 3 records, and cannot be joined");
    expect(server.requests).toHaveLength(1);
  },
);

it("all modules compile", () => typeCheckAll(), 60_000);
