import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { answer, answerJson, jsonType, serve, type TestServer } from "../runtime/server.js";
import { runCommand, type Ended } from "../support/command.js";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "connector-gen-add-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

/** Serves three articles, of which the first has no comments, and two authors, to requests with the token. */
function blog(): Promise<TestServer> {
  return serve(({ path, query, headers }, response) => {
    const article = /^\/v1\/articles\/(\d+)\/comments$/.exec(path)?.[1];
    const at = Number(article);
    if (headers.authorization !== "Bearer s3cret-canary")
      answer(response, 401, { body: "{}", headers: jsonType });
    else if (path === "/v1/articles") answerJson(response, { items: [{ id: 1 }, { id: 2 }, { id: 3 }] });
    else if (path === "/v1/authors")
      answerJson(response, [
        { uuid: "a", name: null },
        { uuid: "b", name: "x" },
      ]);
    else if (path === "/v1/likes")
      answerJson(response, { items: [{ id: Number(query.get("article")) * 100 }] });
    else if (article === undefined) answer(response, 404, { body: "{}", headers: jsonType });
    else
      answerJson(response, {
        items:
          at === 1
            ? []
            : [
                { id: at * 10, text: "a" },
                { id: at * 10 + 1, text: null },
              ],
      });
  });
}

const env = { BLOG_TOKEN: "s3cret-canary" };

function add(path: string, ...args: readonly string[]): Promise<Ended> {
  return runCommand(["add", path, ...args], { cwd: folder, env });
}

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

function read(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

function json(url: string): string {
  return `// mine
{
  "name": "blog",
  "client": { "base_url": "${url}/v1", "auth": { "type": "bearer", "token": "{secrets.token}" } },
  "resources": [
    {
      "name": "articles", // all of them
      "primary_key": "id",
      "endpoint": { "path": "/articles", "data_selector": "items", "paginator": "single_page" }
    } // the last
  ]
}
`;
}

const comments = `,
    {
      "name": "comments",
      "primary_key": "id",
      "endpoint": {
        "path": "/articles/{resources.articles.id}/comments",
        "data_selector": "items",
        "paginator": "single_page"
      },
      "schema": {
        "type": "object",
        "required": ["id", "text"],
        "properties": { "id": { "type": "integer" }, "text": { "type": ["string", "null"] } }
      }
    }`;

describe("add", () => {
  it("reads children through their parent, given a placeholder in the query", async () => {
    const { url } = await blog();
    const path = write("blog.json", json(url));
    const run = await add(path, "/likes?article={resources.articles.id}", "--yes");
    expect(run).toMatchObject({ code: 0 });
    expect(read(path)).toContain('"params": { "article": "{resources.articles.id}" }');
    expect(read("generated/blog.ts")).toContain("likes(params?: LikesParams");
  });

  it.each([
    ["a placeholder", "/articles/{id}/comments"],
    ["the id of one parent", "/articles/2/comments"],
    ["the path of the base URL", "/v1/articles/{id}/comments"],
  ])("reads children through their parent, given %s, and keeps the rest of the spec", async (_, request) => {
    const { url } = await blog();
    const path = write("blog.json", json(url));
    const run = await add(path, request, "--yes");
    expect(run.code).toBe(0);
    expect(run.stdout).toContain(`GET ${url}/v1/articles/2/comments  200, 2 records at "items"`);
    expect(run.stdout).toContain("for await (const record of blog.comments())");
    const [before = "", after = ""] = json(url).split(" // the last");
    expect(read(path)).toContain(before);
    expect(read(path).endsWith(after)).toBe(true);
    expect(JSON.parse(read(path).replaceAll(/ ?\/\/ (mine|all|the).*/g, ""))).toEqual(
      JSON.parse(`${before.replaceAll(/ ?\/\/ (mine|all|the).*/g, "")}${comments}${after}`),
    );
    expect(read(path)).toContain("}, // the last\n");
    expect(read(path)).toContain('\n    {\n      "name": "comments",\n');
    expect(read("generated/blog.ts")).toContain("readonly text: string | null;");
    expect(run.stdout + read(path) + read("generated/blog.ts")).not.toContain("s3cret-canary");
  });

  it("adds to YAML, from a URL and from a curl command", async () => {
    const { url } = await blog();
    const text = `name: blog
client: { base_url: "${url}", auth: { type: bearer, token: "{secrets.token}" } }
resources:
  - name: articles # all
    endpoint: { path: /v1/articles, data_selector: items, paginator: single_page }
# the end
`;
    for (const request of [
      `${url}/v1/authors`,
      `curl ${url}/v1/authors -H 'Authorization: Bearer s3cret-canary'`,
    ]) {
      const path = write("blog.yaml", text);
      const run = await add(path, request, "--resource", "writers", "--yes");
      expect(run).toMatchObject({ code: 0 });
      expect(read(path)).toContain("\n  - name: articles # all\n");
      expect(read(path)).toContain("\n  - name: writers\n");
      expect(read(path)).toContain("path: /v1/authors");
      expect(read(path)).toContain('name: { type: [ string, "null" ] }');
      expect(read(path)).not.toContain("s3cret-canary");
      expect(await runCommand(["validate", path], { cwd: folder })).toMatchObject({ code: 0 });
    }
  });

  it("takes the response from a file, and shows only without --yes", async () => {
    const path = write("blog.json", json("https://api.example.com"));
    write("comments.json", JSON.stringify({ items: [{ id: 1, text: "a" }] }));
    const run = await add(path, "/articles/{id}/comments", "--from", "comments.json");
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toContain("fields        2 from 1 record: 2 always present");
    expect(read(path)).toBe(json("https://api.example.com"));
  });

  it("refuses what does not belong to the spec", async () => {
    const { url } = await blog();
    const path = write("blog.json", json(url));
    for (const [request, message] of [
      [
        "/authors/{id}/books",
        "no resource reads /authors, so {id} has no parent; the spec has articles (/articles)",
      ],
      ["/articles/{id}/comments/{other}/likes", "a path with several placeholders"],
      ["https://other.test/articles", "https://other.test is not the API of this spec"],
      ["/articles", "the spec has a resource articles"],
      ["articles", "expected a URL such as"],
    ] as const) {
      const run = await add(path, request, "--yes");
      expect(run.code).toBe(2);
      expect(run.stderr).toContain(message);
    }
    const inline = 'client: { base_url: "https://a.test" }\nresources: [{ name: x, endpoint: /x }]\n';
    const flow = write("inline.yaml", inline);
    const run = await add(flow, "/authors", "--yes");
    expect(run.code).toBe(2);
    expect(run.stderr).toBe(
      `connector-gen: cannot edit ${flow} (resources is not a list with one item per line); add the resource by hand\n`,
    );
    expect(read(flow)).toBe(inline);
    const missing = await add(path, "/nothing", "--yes");
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.stdout).toContain("404 Not Found");
    expect(read(path)).toBe(json(url));
  });
});
