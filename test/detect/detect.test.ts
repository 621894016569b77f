import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { applyFindings, detect, type Finding } from "../../generator/detect/detect.js";
import { loadSources } from "../../generator/generate.js";
import { runCommand } from "../support/command.js";

const size = 10;
const all = Array.from({ length: 45 }, (_, index) => ({
  id: index + 1,
  created_at: "2024-01-01T00:00:00Z",
  updated_at: `2024-02-0${1 + (index % 9)}T00:00:00Z`,
}));
const page = (number: number): readonly object[] => all.slice((number - 1) * size, number * size);

interface Reply {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One API per style of paging, all at one server. */
const styles: Readonly<Record<string, (query: URLSearchParams) => Reply>> = {
  links: (query) => {
    const at = Number(query.get("p") ?? 1);
    return { body: { data: page(at), next: at < 5 ? `?p=${at + 1}` : null } };
  },
  odata: (query) => {
    const at = Number(query.get("$skip") ?? 0);
    const next = at < 40 ? { "@odata.nextLink": `/odata?$skip=${at + 10}` } : {};
    return { body: { value: all.slice(at, at + size), ...next } };
  },
  header: (query) => {
    const at = Number(query.get("p") ?? 1);
    const headers: Record<string, string> = at < 5 ? { link: `</header?p=${at + 1}>; rel="next"` } : {};
    return { body: page(at), headers };
  },
  from_one: (query) => ({ body: { results: page(Number(query.get("page") ?? 1)), total_pages: 5 } }),
  from_zero: (query) => ({ body: { results: page(Number(query.get("page") ?? 0) + 1), total_pages: 5 } }),
  cursor: (query) => {
    const at = Number(query.get("cursor") ?? 1);
    return { body: { meta: { next_cursor: at < 5 ? String(at + 1) : null }, items: page(at) } };
  },
  token: () => ({ body: { nextPageToken: "abc", items: page(1) } }),
  offset: (query) => {
    const at = Number(query.get("offset") ?? 0);
    return { body: { rows: all.slice(at, at + size), total: 45, offset: at, limit: size } };
  },
  single: () => ({ body: { items: all.slice(0, 3) } }),
  one: () => ({ body: { id: 7, name: "seven" } }),
};

let folder = "";
let url = "";
let asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
  const reply =
    pathname === "/locked" && !request.headers.authorization ? undefined : styles[pathname.slice(1)];
  const { body, headers = {} } = reply?.(searchParams) ?? { body: { error: "no" } };
  response.writeHead(reply ? 200 : 401, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "connector-gen-detect-"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  asked = [];
});

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function findingOf(
  name: string,
  endpoint: object = {},
): Promise<{ finding: Finding; written: string }> {
  const spec = {
    name: "shop",
    client: { base_url: url },
    resources: [{ name, endpoint: { path: name, ...endpoint } }],
  };
  const text = JSON.stringify(spec, null, 2);
  const file = write("one.json", text);
  const { sources } = await loadSources([file]);
  const [loaded] = sources;
  if (!loaded) throw new Error("the spec has errors");
  const [finding] = await detect({ file, text, source: loaded.source, resources: [], config: {} });
  if (!finding) throw new Error("nothing was looked at");
  const sure = { ...finding, proposals: finding.proposals.filter(({ isSure }) => isSure) };
  return { finding, written: await applyFindings(file, text, [sure]) };
}

describe("an API", () => {
  it.each([
    { name: "links", selector: "data", paginator: { type: "json_link", next_url_path: "next" }, requests: 2 },
    {
      name: "odata",
      selector: "value",
      paginator: { type: "json_link", next_url_path: "['@odata.nextLink']" },
      requests: 2,
    },
    { name: "header", selector: "$", paginator: "header_link", requests: 2 },
    {
      name: "from_one",
      selector: "results",
      paginator: { type: "page_number", base_page: 1, total_path: "total_pages" },
      requests: 2,
    },
    {
      name: "from_zero",
      selector: "results",
      paginator: { type: "page_number", total_path: "total_pages" },
      requests: 2,
    },
    {
      name: "cursor",
      selector: "items",
      paginator: { type: "cursor", cursor_path: "meta.next_cursor" },
      requests: 2,
    },
    {
      name: "offset",
      selector: "rows",
      paginator: { type: "offset", limit: 10, total_path: "total" },
      requests: 2,
    },
    { name: "single", selector: "items", paginator: "single_page", requests: 1 },
    { name: "one", selector: "$", paginator: "single_page", requests: 1 },
  ])(
    "that pages like $name is understood, with $requests requests",
    async ({ name, selector, paginator, requests }) => {
      const { finding, written } = await findingOf(name);
      expect(finding.error).toBeUndefined();
      const { endpoint } = (JSON.parse(written) as { resources: { endpoint: object }[] }).resources[0] ?? {
        endpoint: {},
      };
      expect(endpoint).toMatchObject({ path: name, data_selector: selector, paginator });
      expect(asked.length).toBeLessThanOrEqual(Math.max(2, requests));
      expect(asked.length).toBeGreaterThanOrEqual(requests);
    },
  );

  it("whose cursor belongs elsewhere gets no paginator written", async () => {
    const { finding, written } = await findingOf("token");
    const paginator = finding.proposals.find(({ key }) => key === "paginator");
    expect(paginator).toMatchObject({ isSure: false });
    expect(paginator?.reason).toContain("the same records");
    expect(written).not.toContain("paginator");
  });

  it("shows what identifies its records, and when they changed", async () => {
    const { finding } = await findingOf("links", { paginator: "json_link" });
    expect(finding.proposals.map(({ key, value }) => [key, value])).toEqual([
      ["data_selector", "data"],
      ["primary_key", "id"],
      ["incremental", { cursor_path: "updated_at" }],
    ]);
  });

  it("that refuses is told with its reason", async () => {
    const { finding } = await findingOf("locked");
    expect(finding.error).toContain("401");
    expect(finding.proposals).toEqual([]);
  });
});

describe("the command", () => {
  const json = (base: string): string => `{
    // what we sell
    "name": "shop",
    "client": { "base_url": "${base}" }, /* here */
    "resources": [
        "links", // short
        { "name": "done", "primary_key": "id", "endpoint": { "path": "/links", "data_selector": "data", "paginator": "json_link", "incremental": { "cursor_path": "updated_at" } } },
        { "name": "cursor" }
    ]
}
`;

  it("writes into the text and leaves the rest of it as it is; then there is nothing left to find", async () => {
    const file = write("shop.json", json(url));
    const first = await runCommand(["detect", file, "--write"]);
    expect(first).toMatchObject({ code: 0 });
    const after = readFileSync(file, "utf8");
    for (const kept of [
      "    // what we sell\n",
      "/* here */",
      "// short",
      '{ "name": "done", "primary_key": "id",',
    ])
      expect(after).toContain(kept);
    expect(await runCommand(["validate", file])).toMatchObject({ code: 0 });
    const second = await runCommand(["detect", file, "--json"]);
    expect(JSON.parse(second.stderr)).toMatchObject({
      ok: true,
      isWritten: false,
      findings: [{ proposals: [] }, { proposals: [] }, { proposals: [] }],
    });
  });

  it("keeps the comments of YAML", async () => {
    const file = write(
      "shop.yaml",
      `# shop\nname: shop\nclient:\n  base_url: ${url}\nresources:\n  - name: links # first\n`,
    );
    expect(await runCommand(["detect", file, "--write"])).toMatchObject({ code: 0 });
    const after = readFileSync(file, "utf8");
    expect(after).toContain("# shop\nname: shop");
    expect(after).toContain("- name: links # first");
    expect(after).toContain("data_selector: data");
  });

  it("writes nothing without a yes", async () => {
    const file = write("ask.json", json(url));
    const { code, stderr } = await runCommand(["detect", file, "-r", "cursor"]);
    expect(code).toBe(0);
    expect(stderr).toContain("Nothing is written");
    expect(readFileSync(file, "utf8")).toBe(json(url));
  });

  it("looks at a response in a file, and asks nobody", async () => {
    const file = write("from.json", json("http://127.0.0.1:1"));
    const response = write(
      "response.json",
      JSON.stringify({
        headers: { link: '</x>; rel="next"' },
        body: { rows: [{ uuid: "a" }, { uuid: "b" }] },
      }),
    );
    const { code, stderr } = await runCommand(["detect", file, "-r", "cursor", "--from", response]);
    expect(code).toBe(0);
    for (const said of ['"rows"', '"header_link"', '"uuid"']) expect(stderr).toContain(said);
    expect(asked).toEqual([]);
  });

  it("names resources that there are, and the secret that is missing", async () => {
    const spec = { name: "shop", client: { base_url: url, auth: "bearer" }, resources: ["links"] };
    const file = write("locked.json", JSON.stringify(spec));
    const unknown = await runCommand(["detect", file, "-r", "nope"]);
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.stderr).toContain('no resource "nope": there are links');
    const missing = await runCommand(["detect", file]);
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.stderr).toContain("SHOP_TOKEN");
  });
});
