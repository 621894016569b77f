import { describe, expect, it } from "vitest";
import type { Checkpoint } from "../../runtime/src/index.js";
import { digestOf } from "../../runtime/src/read/resume.js";
import { errorOf } from "../runtime/fixtures.js";
import { pagesOf } from "../runtime/fixtures.js";
import {
  api,
  clientOf,
  collectWarnings,
  readInPieces,
  stored,
  typeCheckAll,
  type Reply,
} from "./spec-client.js";

function events(endpoint: object, extras: object = {}): object {
  return {
    resources: [
      { name: "events", schema: true, endpoint: { path: "/events", data_selector: "items", ...endpoint } },
    ],
    ...extras,
  };
}

describe("records whose values are of another kind than the bound are not left out in silence", () => {
  const since = { params: { since: "{incremental.start_value}" }, paginator: "single_page" };

  it.each([
    { name: "seconds as text", at: ["1704103201", "1704103199"] },
    { name: "seconds as numbers", at: [1704103201, 1704103199] },
    { name: "a time", at: ["2024-01-01T12:00:01+02:00", "2024-01-01T11:59:59+02:00"] },
  ])("$name, where requests have seconds", async ({ at }) => {
    const server = await api(() => ({ body: { items: at.map((each, id) => ({ id, at: each })) } }));
    const incremental = { cursor_path: "at", initial_value: "2024-01-01T10:00:00Z", format: "epoch" };
    const client = await clientOf(events({ ...since, incremental }), { baseUrl: server.url });
    const [first] = await pagesOf(client("events")());
    expect(first?.records).toMatchObject([{ id: 0 }]);
    await pagesOf(client("events")({ from: stored(first?.checkpoint) }));
    expect(server.requests.map(({ url }) => url)).toEqual([
      "/events?since=1704103200",
      "/events?since=1704103201",
    ]);
  });

  it.each([
    { name: "seconds as text", at: "1704103201", code: "CURSOR_INVALID" },
    { name: "a time of another form", at: "01/02/2024 10:00", code: "CURSOR_INVALID" },
    { name: "a word", at: "never", code: "CURSOR_INVALID" },
    { name: "an empty text", at: "", code: "CURSOR_MISSING" },
  ])("$name", async ({ at, code }) => {
    const server = await api(() => ({ body: { items: [{ id: 1, at }] } }));
    const incremental = { cursor_path: "at", initial_value: "2024-01-01T10:00:00Z" };
    const client = await clientOf(events({ ...since, incremental }), { baseUrl: server.url });
    expect(await errorOf(client("events")().toArray())).toMatchObject({ code });
  });

  it("an empty text counts as missing", async () => {
    const server = await api(() => ({
      body: {
        items: [
          { id: 1, at: "" },
          { id: 2, at: "2024-02-01" },
        ],
      },
    }));
    const incremental = {
      cursor_path: "at",
      initial_value: "2024-01-01T10:00:00Z",
      on_cursor_value_missing: "include",
    };
    const client = await clientOf(events({ ...since, incremental }), { baseUrl: server.url });
    expect(await client("events")().toArray()).toHaveLength(2);
  });
});

const page = { type: "cursor", cursor_path: "next", cursor_param: "page" };

describe("a sync token", () => {
  /** Two pages on a full read, one with changes afterwards; each read ends with a new token. */
  function calendar(): (query: URLSearchParams) => Reply {
    return (query) => {
      const token = query.get("syncToken") ?? query.get("token");
      if (query.get("page") === null && token === null) return { body: { items: ["a"], next: "p2" } };
      if (token === "old") return { status: 410, body: { error: { message: "token is too old" } } };
      const nextSyncToken = `t${Number(token?.slice(1) ?? 0) + 1}`;
      return { body: { items: [token ?? "b"], nextSyncToken } };
    };
  }

  it("goes with every request of the next read, as a parameter", async () => {
    const respond = calendar();
    const server = await api(({ query }) => respond(query));
    const client = await clientOf(
      events({
        params: { since: "2024-01-01", kind: "x" },
        paginator: page,
        incremental: {
          state_path: "nextSyncToken",
          state_param: "syncToken",
          initial_params: ["since"],
        },
      }),
      { baseUrl: server.url },
    );
    const pages = await readInPieces(client("events"));
    expect(pages.flatMap(({ records }) => records)).toEqual(["a", "b"]);
    expect(server.requests.slice(0, 2).map(({ url }) => url)).toEqual([
      "/events?since=2024-01-01&kind=x",
      "/events?since=2024-01-01&kind=x&page=p2",
    ]);
    const count = server.requests.length;
    const second = await readInPieces((options) =>
      client("events")({ from: stored(pages.at(-1)?.checkpoint), ...options }),
    );
    expect(second.flatMap(({ records }) => records)).toEqual(["t1"]);
    expect(server.requests[count]?.url).toBe("/events?kind=x&syncToken=t1");
    const third = await pagesOf(client("events")({ from: stored(second.at(-1)?.checkpoint) }));
    expect(third.flatMap(({ records }) => records)).toEqual(["t2"]);
  });

  it("that is refused is dropped: everything is read again, with a warning, also after a resumption", async () => {
    const respond = calendar();
    const server = await api(({ query }) => respond(query));
    const client = await clientOf(
      events({ paginator: page, incremental: { state_path: "nextSyncToken", state_param: "syncToken" } }),
      { baseUrl: server.url },
    );
    const first = await pagesOf(client("events")());
    const last = stored(first.at(-1)?.checkpoint);
    const edited = JSON.parse(JSON.stringify(last).replace('"t1"', '"old"')) as Checkpoint;
    const old = { ...edited, digest: digestOf(edited) };
    const { messages, onEvent } = collectWarnings();
    const again = await pagesOf(client("events")({ from: old, onEvent }));
    expect(again.flatMap(({ records }) => records)).toEqual(["a", "b"]);
    expect(messages).toEqual([
      "the API does not accept the token of the last read any more (410): everything is read again",
    ]);
    // The rest of the full read sends no old token.
    const rest = await pagesOf(client("events")({ from: stored(again[0]?.checkpoint), onEvent }));
    expect(rest.flatMap(({ records }) => records)).toEqual(["b"]);
    expect(messages).toHaveLength(1);
    expect(server.requests.at(-1)?.url).toBe("/events?page=p2");
  });

  it("410 without a token, and other statuses, are errors; reset_on says which are not", async () => {
    let status = 410;
    const server = await api(({ query }) =>
      query.has("token") || status === 410
        ? { status, body: { message: "gone" } }
        : { body: { items: ["a"], state: "t1" } },
    );
    const endpoint = (reset_on?: number[]): object =>
      events({
        paginator: "single_page",
        incremental: { state_path: "state", state_param: "token", ...(reset_on && { reset_on }) },
      });
    const client = await clientOf(endpoint(), { baseUrl: server.url });
    expect(await errorOf(client("events")().toArray())).toMatchObject({ status: 410 });
    status = 409;
    const [first] = await pagesOf(client("events")());
    const from = stored(first?.checkpoint);
    expect(await errorOf(client("events")({ from, retry: { maxRetries: 0 } }).toArray())).toMatchObject({
      status: 409,
    });
    const other = await clientOf(endpoint([410, 409]), { baseUrl: server.url });
    const [page] = await pagesOf(other("events")());
    const options = { from: stored(page?.checkpoint), retry: { maxRetries: 0 } };
    expect(await other("events")(options).toArray()).toEqual(["a"]);
  });

  it("is a whole link, followed as the paginator's links are", async () => {
    let turn = 0;
    const server = await api(({ url }): Reply => {
      if (url.startsWith("/users/delta?deltatoken=")) {
        turn++;
        return {
          body: { value: [`changed ${turn}`], "@odata.deltaLink": `/users/delta?deltatoken=d${turn + 1}` },
        };
      }
      return url === "/users/delta"
        ? { body: { value: ["ann"], "@odata.nextLink": "/users/delta?skiptoken=2" } }
        : { body: { value: ["bo"], "@odata.deltaLink": "/users/delta?deltatoken=d1" } };
    });
    const client = await clientOf(
      events({
        path: "/users/delta",
        data_selector: "value",
        paginator: { type: "json_link", next_url_path: "['@odata.nextLink']" },
        incremental: { state_path: "['@odata.deltaLink']" },
      }),
      { baseUrl: server.url },
    );
    const pages = await readInPieces(client("events"));
    const second = await pagesOf(client("events")({ from: stored(pages.at(-1)?.checkpoint) }));
    const third = await pagesOf(client("events")({ from: stored(second.at(-1)?.checkpoint) }));
    expect([...pages, ...second, ...third].flatMap(({ records }) => records)).toEqual([
      "ann",
      "bo",
      "changed 1",
      "changed 2",
    ]);
  });

  it("is a cursor: the next read begins where a next page would, by `next`", async () => {
    const server = await api(({ path, body }) => {
      const cursor = (JSON.parse(body) as { cursor?: string }).cursor;
      if (path === "/list") return { body: { items: ["a"], cursor: "c1", more: true } };
      return cursor === "c1"
        ? { body: { items: ["b"], cursor: "c2", more: false } }
        : { body: { items: [cursor], cursor: "c3", more: false } };
    });
    const client = await clientOf(
      events({
        path: "/list",
        method: "POST",
        json: { path: "" },
        paginator: {
          type: "cursor",
          cursor_path: "cursor",
          cursor_body_path: "cursor",
          has_more_path: "more",
        },
        next: { path: "/list/continue" },
        incremental: { state_path: "cursor", reset_on: [409] },
      }),
      { baseUrl: server.url },
    );
    const pages = await readInPieces(client("events"));
    const second = await pagesOf(client("events")({ from: stored(pages.at(-1)?.checkpoint) }));
    expect([...pages, ...second].flatMap(({ records }) => records)).toEqual(["a", "b", "c2"]);
    expect(server.requests.at(-1)?.text).toBe('POST /list/continue {"cursor":"c2"}');
  });

  it("is kept for every parent, and can be sent in bodies", async () => {
    const server = await api(({ path, body }) => {
      if (path === "/calendars") return { body: { items: [{ id: "x" }, { id: "y" }] } };
      const token = (JSON.parse(body) as { sync?: { token?: object } }).sync?.token ?? null;
      return { body: { items: [{ path, token }], state: { of: path, n: 1 } } };
    });
    const list = {
      schema: true,
      endpoint: { path: "/calendars", data_selector: "items", paginator: "single_page" },
    };
    const client = await clientOf(
      {
        resources: [
          { name: "calendars", ...list },
          {
            name: "events",
            schema: true,
            endpoint: {
              path: "/calendars/{resources.calendars.id}/events",
              method: "POST",
              json: {},
              data_selector: "items",
              paginator: "single_page",
              incremental: { state_path: "state", state_body_path: "sync.token" },
            },
          },
        ],
      },
      { baseUrl: server.url },
    );
    const first = await readInPieces(client("events"));
    const second = await pagesOf(client("events")({ from: stored(first.at(-1)?.checkpoint) }));
    const path = (id: string): string => `/calendars/${id}/events`;
    expect(second.flatMap(({ records }) => records)).toEqual(
      ["x", "y"].map((id) => ({ path: path(id), token: { of: path(id), n: 1 } })),
    );
  });

  it.each([
    { name: "missing", body: { items: [] }, code: "PAGE_INFO_MISSING", text: "correct `state_path`" },
    {
      name: "an object",
      body: { items: [], state: { a: 1 } },
      code: "PAGE_INFO_INVALID",
      text: "is not a scalar",
    },
    { name: "a list", body: { items: [], state: [1] }, code: "PAGE_INFO_INVALID", text: "is not a scalar" },
    {
      name: "a secret",
      body: { items: [], state: "s3cr-token-value" },
      code: "PAGE_INFO_INVALID",
      text: "contains a secret",
    },
  ])("that is $name is an error", async ({ body, code, text }) => {
    const server = await api(() => ({ body }));
    const client = await clientOf(
      events(
        { paginator: "single_page", incremental: { state_path: "state", state_param: "token" } },
        { client: { base_url: "https://api.example.com", auth: "bearer" } },
      ),
      { baseUrl: server.url, token: "s3cr-token-value" } as never,
    );
    const error = await errorOf(client("events")().toArray());
    expect(error.code).toBe(code);
    expect(error.message).toContain(text);
    expect(error.message).not.toContain("s3cr");
  });

  it("that is null leaves the state unchanged", async () => {
    let state: string | null = null;
    const server = await api(({ query }) => ({ body: { items: [query.get("token")], state } }));
    const client = await clientOf(
      events({ paginator: "single_page", incremental: { state_path: "state", state_param: "token" } }),
      { baseUrl: server.url },
    );
    let from;
    const seen: unknown[] = [];
    for (state of [null, "t1", null, "t2"]) {
      const [page] = await pagesOf(client("events")({ ...(from && { from }) }));
      seen.push(page?.records[0]);
      from = stored(page?.checkpoint);
    }
    expect(seen).toEqual([null, null, "t1", "t1"]);
  });
});

describe("the start of the previous run", () => {
  it("is the lower bound of the next one", async () => {
    const server = await api(({ query }) => {
      const number = Number(query.get("page") ?? 1);
      return { body: { items: [number], next: number < 2 ? number + 1 : null } };
    });
    const client = await clientOf(
      events({
        params: { since: "{incremental.start_value}", until: "{incremental.end_value}" },
        paginator: page,
        incremental: { state: "run_start", initial_value: "2024-01-01T00:00:00Z", lag: "PT1H" },
      }),
      { baseUrl: server.url },
    );
    const began = Date.now();
    const first = await readInPieces(client("events"));
    const sent = server.requests.map(({ query }) => [query.get("since"), query.get("until")] as const);
    // All pages of a run, also after a resumption, have the same bounds.
    expect(new Set(sent.map(String)).size).toBe(1);
    expect(sent[0]?.[0]).toBe("2024-01-01T00:00:00Z");
    const until = Date.parse(sent[0]?.[1] ?? "");
    expect(until).toBeGreaterThanOrEqual(began - 1000);
    expect(until).toBeLessThanOrEqual(Date.now());
    await pagesOf(client("events")({ from: stored(first.at(-1)?.checkpoint) }));
    const since = Date.parse(server.requests.at(-1)?.query.get("since") ?? "");
    expect(until - since).toBe(3_600_000);
  });

  it("without an initial value is left out of the first run, and has a format", async () => {
    const server = await api(({ query }) => ({ body: { items: [query.get("since")] } }));
    const client = await clientOf(
      events({
        params: { since: "{incremental.start_value}" },
        paginator: "single_page",
        incremental: { state: "run_start", format: "epoch" },
      }),
      { baseUrl: server.url },
    );
    const [first] = await pagesOf(client("events")());
    expect(server.requests[0]?.url).toBe("/events");
    const [second] = await pagesOf(client("events")({ from: stored(first?.checkpoint) }));
    expect(Math.abs(Number(second?.records[0]) - Date.now() / 1000)).toBeLessThan(60);
  });

  it.each([
    { initial: 1_704_067_200, form: /^\d{10}$/ },
    { initial: 1_704_067_200_000, form: /^\d{13}$/ },
    { initial: "1704067200", form: /^\d{10}$/ },
    { initial: "2024-01-01", form: /^\d{4}-\d\d-\d\d$/ },
    { initial: "2024-01-01T00:00:00Z", form: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ },
  ])("is written like the initial value $initial without a format", async ({ initial, form }) => {
    const server = await api(({ query }) => ({ body: { items: [query.get("since")] } }));
    const client = await clientOf(
      events({
        params: { since: "{incremental.start_value}" },
        paginator: "single_page",
        incremental: { state: "run_start", initial_value: initial },
      }),
      { baseUrl: server.url },
    );
    const [first] = await pagesOf(client("events")());
    expect(first?.records).toEqual([String(initial)]);
    const [second] = await pagesOf(client("events")({ from: stored(first?.checkpoint) }));
    expect(second?.records).toEqual([expect.stringMatching(form)]);
  });
});

it("all modules compile", () => typeCheckAll(), 60_000);
