import { describe, expect, it } from "vitest";
import { errorOf } from "../runtime/fixtures.js";
import { pagesOf } from "../runtime/fixtures.js";
import {
  api,
  clientOf,
  readInPieces,
  stored,
  typeCheckAll,
  type Reply,
  type Request,
} from "./spec-client.js";

function orders(endpoint: object, extras: object = {}): object {
  return { resources: [{ name: "orders", schema: true, endpoint, ...extras }] };
}

const polled = {
  create: { path: "/exports", json: { table: "orders" } },
  poll: { path: "/exports/{job.id}", interval: 0 },
  status_path: "status",
  error_path: "error.message",
};

/** A server with one job: its state by the number of polls, and its results. */
async function exportApi(
  states: readonly Reply[],
  result: (request: Request) => Reply,
): Promise<Awaited<ReturnType<typeof api>>> {
  let polls = 0;
  return await api((request): Reply => {
    if (request.text.startsWith("POST /exports")) return { status: 202, body: { id: 7, status: "queued" } };
    if (/^\/exports\/\d+$/.test(request.path)) return states[Math.min(polls++, states.length - 1)] ?? {};
    return result(request);
  });
}

const running: Reply = { body: { status: "Running" } };

describe("an export job", () => {
  it("is created, polled, and downloaded from several results of another origin, without credentials", async () => {
    const files = await api(({ path }) => ({
      body: path === "/a.csv" ? "id,n\n1,x\n2,y\n" : "id,n\n3,z\n",
      headers: { "content-type": "text/csv" },
    }));
    const server = await exportApi(
      [
        running,
        {
          body: {
            status: "COMPLETED",
            files: [{ url: `${files.url}/a.csv?sig={1}` }, { url: `${files.url}/b.csv` }],
          },
        },
      ],
      () => ({ status: 404 }),
    );
    const client = await clientOf(
      {
        client: { base_url: "https://api.example.com", auth: "bearer" },
        ...orders({ export_job: { ...polled, url_path: "files[*].url" }, decoder: "csv" }),
      },
      { baseUrl: server.url, token: "s3cr-token-value" } as never,
    );
    const pages = await readInPieces(client("orders"));
    expect(pages.map(({ records }) => records)).toEqual([
      [
        { id: "1", n: "x" },
        { id: "2", n: "y" },
      ],
      [{ id: "3", n: "z" }],
    ]);
    expect(server.requests.slice(0, 3).map(({ text }) => text)).toEqual([
      'POST /exports {"table":"orders"}',
      "GET /exports/7",
      "GET /exports/7",
    ]);
    // A resumption continues with the same job.
    expect(server.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
    expect(server.requests.every(({ headers }) => headers.authorization === "Bearer s3cr-token-value")).toBe(
      true,
    );
    expect(files.requests.map(({ headers }) => headers.authorization)).toEqual(
      files.requests.map(() => undefined),
    );
    expect(JSON.stringify(pages.map(({ checkpoint }) => stored(checkpoint)))).not.toContain("sig=");
  });

  it("has results in pages of its own path, and values of both responses", async () => {
    const server = await exportApi([{ body: { status: "done", part: { of: 2 } } }], ({ query, text }) => ({
      body: { rows: [text], next: query.has("cursor") ? null : "c2" },
    }));
    const client = await clientOf(
      orders({
        path: "/exports/{job.id}/rows",
        params: { part: "{job.part.of}" },
        headers: { "X-Job": "{job.id}" },
        data_selector: "rows",
        paginator: { type: "cursor", cursor_path: "next" },
        export_job: polled,
      }),
      { baseUrl: server.url },
    );
    const pages = await readInPieces(client("orders"));
    expect(pages.flatMap(({ records }) => records)).toEqual([
      "GET /exports/7/rows?part=2",
      "GET /exports/7/rows?part=2&cursor=c2",
    ]);
    expect(server.requests.at(-1)?.headers["x-job"]).toBe("7");
  });

  it("is polled at the Location of the first response, until a response is not 202", async () => {
    let polls = 0;
    const server = await api(({ path }): Reply => {
      if (path === "/exports") return { status: 202, headers: { location: "/jobs/a%20b?x={y}" }, body: {} };
      if (path === "/jobs/a%20b")
        return polls++ < 2 ? { status: 202, body: {} } : { body: { result: "data.json" } };
      return { body: [{ id: 1 }] };
    });
    const client = await clientOf(
      orders({
        data_selector: "$",
        paginator: "single_page",
        export_job: {
          create: { path: "/exports", params: { all: true } },
          poll: { interval: 0 },
          url_path: "result",
        },
      }),
      { baseUrl: server.url },
    );
    expect(await client("orders")().toArray()).toEqual([{ id: 1 }]);
    expect(server.requests.map(({ text }) => text)).toEqual([
      "POST /exports?all=true",
      "GET /jobs/a b?x={y}",
      "GET /jobs/a b?x={y}",
      "GET /jobs/a b?x={y}",
      "GET /jobs/data.json",
    ]);
  });

  it("that is done at once is not polled, and may have no results", async () => {
    const server = await api(({ path }) =>
      path === "/exports" ? { body: { status: true, url: null } } : { status: 500 },
    );
    const client = await clientOf(
      orders({
        decoder: "csv",
        export_job: { ...polled, poll: { path: "/exports/x", interval: 0 }, url_path: "url" },
      }),
      { baseUrl: server.url },
    );
    const pages = await pagesOf(client("orders")());
    expect(pages.map(({ records, isLast }) => ({ records, isLast }))).toEqual([
      { records: [], isLast: true },
    ]);
    expect(server.requests).toHaveLength(1);
  });

  it("waits for the interval, and longer if Retry-After requires it", async () => {
    const server = await exportApi(
      [{ ...running, headers: { "retry-after": "1" } }, { body: { status: "done" } }],
      () => ({ body: [] }),
    );
    const client = await clientOf(
      orders({
        path: "/rows",
        data_selector: "$",
        paginator: "single_page",
        export_job: { ...polled, poll: { ...polled.poll, interval: 0.05 } },
      }),
      { baseUrl: server.url },
    );
    await client("orders")().toArray();
    const polls = server.seen.filter(({ path }) => path === "/exports/7").map(({ at }) => at);
    expect((polls[1] ?? 0) - (polls[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it.each([
    {
      name: "failed",
      state: { status: "FAILED", error: { message: "quota exceeded" } },
      code: "JOB_FAILED",
      text: 'the export job ended as `FAILED`: "quota exceeded"',
    },
    {
      name: "done with an error",
      state: { status: "done", error: { message: "no such table" } },
      code: "JOB_FAILED",
      text: 'ended as `done`: "no such table"',
    },
    {
      name: "without a status",
      state: { state: "x" },
      code: "PAGE_INFO_MISSING",
      text: "status of the export job at `status`",
    },
    {
      name: "without a URL",
      state: { status: "done" },
      code: "PAGE_INFO_MISSING",
      text: "`url` of the export job is missing",
    },
    {
      name: "with a number as URL",
      state: { status: "done", url: 5 },
      code: "PAGE_INFO_INVALID",
      text: "is not an HTTP URL",
    },
    {
      name: "with a file as URL",
      state: { status: "done", url: ["/a", "file:///etc/passwd"] },
      code: "PAGE_INFO_INVALID",
      text: "is not an HTTP URL",
    },
  ])("that is $name is an error", async ({ state, code, text }) => {
    const server = await exportApi([{ body: state }], () => ({ body: "id\n1\n" }));
    const client = await clientOf(orders({ decoder: "csv", export_job: { ...polled, url_path: "url" } }), {
      baseUrl: server.url,
    });
    const error = await errorOf(client("orders")().toArray());
    expect(error.code).toBe(code);
    expect(error.message).toContain(text);
    if (code === "JOB_FAILED") expect(error.request?.url).toContain("/exports/7");
  });

  it("that is not done in time is an error that says its status and how to wait longer", async () => {
    const server = await exportApi([running], () => ({ body: "" }));
    const poll = { path: "/exports/{job.id}", interval: 0.1, timeout: 0.3 };
    const client = await clientOf(
      orders({ decoder: "csv", export_job: { ...polled, poll, url_path: "url" } }),
      {
        baseUrl: server.url,
      },
    );
    const error = await errorOf(client("orders")().toArray());
    expect(error).toMatchObject({ name: "TimeoutError", code: "TIMEOUT" });
    expect(error.message).toContain(
      "the export job is still `Running` after 0.3 s: raise `timeout` of `poll`",
    );
  });

  it("ends with its signal, and its requests are retried", async () => {
    let failures = 2;
    const server = await api(({ path }): Reply => {
      if (failures-- > 0) return { status: 503 };
      return path === "/exports" ? { body: { id: 7, status: "queued" } } : { body: { status: "Running" } };
    });
    const client = await clientOf(
      orders({
        decoder: "csv",
        export_job: { ...polled, poll: { path: "/exports/{job.id}", interval: 60 }, url_path: "url" },
      }),
      { baseUrl: server.url },
    );
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 300);
    await expect(client("orders")({ signal: controller.signal }).toArray()).rejects.toThrow("enough");
    expect(server.requests.map(({ path }) => path)).toEqual(["/exports", "/exports", "/exports"]);
  });

  it.each([
    { name: "the job", at: 0 },
    { name: "its state", at: 1 },
  ])("follows the response actions where it asks for $name", async ({ at }) => {
    let requests = 0;
    const server = await api(({ method, path }): Reply => {
      if (requests++ === at) return { status: 403, body: { code: "LIMIT" } };
      if (method === "POST") return { body: { id: 7, status: "queued" } };
      return { body: path === "/exports/7" ? { status: "done" } : [{ id: 1 }] };
    });
    const response_actions = [{ json_path: "code", equals: "LIMIT", action: "retry" }];
    const endpoint = {
      path: "/results/{job.id}",
      data_selector: "$",
      paginator: "single_page",
      response_actions,
    };
    const client = await clientOf(orders({ ...endpoint, export_job: polled }), { baseUrl: server.url });
    expect(await client("orders")().toArray()).toEqual([{ id: 1 }]);
    expect(server.requests).toHaveLength(4);
  });

  it("requests only new records, one job per window", async () => {
    const jobs: string[] = [];
    const server = await api(({ method, path, body, query }): Reply => {
      if (method === "POST") {
        jobs.push((JSON.parse(body) as { since: string }).since);
        return { body: { id: jobs.length, status: "queued" } };
      }
      if (path.startsWith("/exports")) return { body: { status: "done", urls: ["/r?n=1", "/r?n=2"] } };
      return { body: [{ at: `2024-01-0${query.get("n")}` }] };
    });
    const client = await clientOf(
      orders({
        data_selector: "$",
        paginator: "single_page",
        incremental: { cursor_path: "at", initial_value: "2024-01-01" },
        export_job: {
          ...polled,
          create: { path: "/exports", json: { since: "{incremental.start_value}" } },
          url_path: "urls",
        },
      }),
      { baseUrl: server.url },
    );
    const first = await readInPieces(client("orders"));
    expect(first.flatMap(({ records }) => records)).toHaveLength(2);
    const second = await pagesOf(client("orders")({ from: stored(first.at(-1)?.checkpoint) }));
    expect(second.flatMap(({ records }) => records)).toEqual([]);
    expect(jobs).toEqual(["2024-01-01", "2024-01-02"]);
  });
});

it("all modules compile", () => typeCheckAll(), 60_000);
