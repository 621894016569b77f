import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { answerJson, serve, type Seen } from "../runtime/server.js";
import { runCommand, type Ended } from "../support/command.js";
import { typeCheck } from "../support/compile.js";
import { loadModule } from "../support/load-module.js";
import { root } from "../support/paths.js";
import { articles, bearer, blog, canary } from "./fixtures.js";

let folder = "";

beforeEach(() => {
  // Inside the repository, so that generated modules find the runtime.
  mkdirSync(join(root, ".scratch"), { recursive: true });
  folder = mkdtempSync(join(root, ".scratch/init-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

function init(...args: readonly string[]): Promise<Ended> {
  return runCommand(["init", ...args], { cwd: folder });
}

/** All texts below the folder. */
function written(): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

function spec(name: string): Record<string, unknown> & { resources: Record<string, unknown>[] } {
  return JSON.parse(readFileSync(join(folder, "specs", `${name}.json`), "utf8")) as never;
}

describe("init <url>", () => {
  it("finds everything, writes spec and module, and prints a program that reads all records", async () => {
    const { url, seen } = await blog(bearer);
    const run = await init(
      `${url}/v1/articles`,
      "--header",
      `Authorization: Bearer ${canary}`,
      "--name",
      "blog",
      "--yes",
    );
    expect(run.code).toBe(0);
    const [evidence = "", program = ""] = run.stdout.split("// app.ts\n");
    expect(evidence).toBe(
      [
        `GET ${url}/v1/articles  200, 25 records at "items"`,
        '  paginator     { "type": "cursor", "cursor_path": "meta.next_cursor", "cursor_param": "cursor" }  (meta.next_cursor is a cursor; ?cursor=… returns 25 new records)',
        '  primary key   "id"  (50 different values, none missing)',
        "  auth          bearer, from {secrets.token}  (BLOG_TOKEN in the environment)",
        "  fields        4 from 60 records: 2 always present, 1 sometimes null, 1 sometimes missing",
        "",
        "",
      ].join("\n"),
    );
    expect(seen).toHaveLength(3);
    expect(spec("blog")).toEqual({
      $schema: "../node_modules/connector-gen/schema.json",
      name: "blog",
      client: { base_url: url, auth: { type: "bearer", token: "{secrets.token}" } },
      resources: [
        {
          name: "articles",
          primary_key: "id",
          endpoint: {
            path: "/v1/articles",
            data_selector: "items",
            paginator: { type: "cursor", cursor_path: "meta.next_cursor", cursor_param: "cursor" },
          },
          schema: {
            type: "object",
            required: ["id", "title", "subtitle"],
            properties: {
              id: { type: "integer" },
              title: { type: "string" },
              subtitle: { type: ["string", "null"] },
              tag: { type: "string" },
            },
          },
        },
      ],
    });
    expect(written() + run.stdout + run.stderr).not.toContain(canary);
    await runProgram(program.split("\nRun:")[0] ?? "");
  });

  /** Compiles the printed program, then runs its text against the server. */
  async function runProgram(text: string): Promise<void> {
    const file = join(folder, "app.ts");
    writeFileSync(
      file,
      `${text}export {};\n`
        .replace("console.log(record)", "records.push(record)")
        .replace("\nfor ", "\nexport const records: object[] = [];\nfor "),
    );
    // Where Node runs TypeScript, the import has the extension `.ts`.
    expect(typeCheck([file], { flags: { allowImportingTsExtensions: true } })).toEqual(new Map());
    process.env["BLOG_TOKEN"] = canary;
    onTestFinished(() => {
      delete process.env["BLOG_TOKEN"];
    });
    const { records } = await loadModule(file);
    expect(records).toHaveLength(60);
  }

  it("writes nothing without --yes and without a terminal", async () => {
    const { url } = await blog();
    const run = await init(`${url}/v1/articles`);
    expect(run).toMatchObject({
      code: 0,
      stderr: "Nothing was written. To write the spec and its module, pass --yes.\n",
    });
    expect(written()).toBe("");
    const json = await init(`${url}/v1/articles`, "--yes", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: true,
      written: true,
      resources: [{ name: "articles", sampled: 60 }],
    });
  });

  it("says which credentials a server asks for", async () => {
    for (const [challenge, want] of [
      [
        'Bearer realm="api"',
        'The server asks for a token (Bearer): pass --header "Authorization: Bearer $TOKEN"',
      ],
      ["Basic", 'The server asks for a user name and a password (Basic): pass --user "$NAME:$PASSWORD"'],
      ["ApiKey", 'The server asks for Authorization: pass --header "Authorization: ApiKey $KEY"'],
      [
        undefined,
        "The server does not say which credentials it accepts: pass the header that its documentation names",
      ],
    ] as const) {
      const { url } = await blog(() => false, challenge);
      const run = await init(`${url}/v1/articles`, "--yes");
      expect(run.code).toBe(1);
      expect(run.stdout).toContain("401 Unauthorized");
      expect(run.stdout).toContain(want);
      expect(written()).toBe("");
    }
    const { url } = await blog(() => false);
    const refused = await init(`${url}/v1/articles`, "-H", "Authorization: Bearer x", "--yes");
    expect(refused.stdout).toContain("The API rejected the credentials: check those on the command line");
  });

  const basic = `Basic ${Buffer.from(`ann:${canary}`).toString("base64")}`;
  it.each<{
    name: string;
    args: (url: string) => readonly string[];
    allows: (request: Seen) => boolean;
    want: object;
  }>([
    {
      name: "a header of its own",
      args: (url) => [`${url}/v1/articles`, "-H", `X-Api-Key: ${canary}`, "-H", "Accept: application/json"],
      allows: ({ headers }) => headers["x-api-key"] === canary && headers.accept === "application/json",
      want: {
        headers: { Accept: "application/json" },
        auth: { type: "api_key", name: "X-Api-Key", api_key: "{secrets.api_key}", location: "header" },
      },
    },
    {
      name: "two secret headers",
      args: (url) => [
        `${url}/v1/articles`,
        "-H",
        `Authorization: Bearer ${canary}`,
        "-H",
        `X-Tenant: ${canary}2`,
      ],
      allows: (request) => bearer(request) && request.headers["x-tenant"] === `${canary}2`,
      want: {
        auth: { type: "bearer", token: "{secrets.token}" },
        headers: { "X-Tenant": "{secrets.x_tenant}" },
      },
    },
    {
      name: "a parameter",
      args: (url) => [`${url}/v1/articles?api_key=${canary}&page=3`],
      allows: ({ query }) => query.get("api_key") === canary && !query.has("page"),
      want: { auth: { type: "api_key", name: "api_key", api_key: "{secrets.api_key}", location: "query" } },
    },
    {
      name: "a parameter with the app beside the key",
      args: (url) => [`${url}/v1/articles?app_id=${canary}&app_key=${canary}2`],
      allows: ({ query }) => query.get("app_id") === canary && query.get("app_key") === `${canary}2`,
      want: { auth: { type: "api_key", name: "app_id", api_key: "{secrets.api_key}", location: "query" } },
    },
    {
      name: "--user",
      args: (url) => [`${url}/v1/articles`, "--user", `ann:${canary}`],
      allows: ({ headers }) => headers.authorization === basic,
      want: { auth: { type: "http_basic", username: "{secrets.username}", password: "{secrets.password}" } },
    },
    {
      name: "credentials in the URL",
      args: (url) => [`${url.replace("//", `//ann:${canary}@`)}/v1/articles`],
      allows: ({ headers }) => headers.authorization === basic,
      want: { auth: { type: "http_basic", username: "{secrets.username}", password: "{secrets.password}" } },
    },
    {
      name: "a curl command",
      args: (url) => [
        `curl -sS --compressed -XGET "${url}/v1/articles" \\\n  -H 'Authorization: Bearer ${canary}' -H "Accept: application/json" -o out.json`,
      ],
      allows: bearer,
      want: { headers: { Accept: "application/json" }, auth: { type: "bearer", token: "{secrets.token}" } },
    },
    {
      name: "a curl command with a user",
      args: (url) => [`curl ${url}/v1/articles -u ann:${canary}`],
      allows: ({ headers }) => headers.authorization === basic,
      want: { auth: { type: "http_basic", username: "{secrets.username}", password: "{secrets.password}" } },
    },
  ])("keeps secrets out of files: $name", async ({ args, allows, want }) => {
    const { url } = await blog(allows);
    const run = await init(...args(url), "--name", "blog", "--yes");
    expect({ ...run, stdout: "" }).toMatchObject({ code: 0 });
    expect(spec("blog")["client"]).toEqual({ base_url: url, ...want });
    expect(written() + run.stdout + run.stderr).not.toContain(canary);
  });

  it("keeps headers and parameters that are no secrets", async () => {
    const { url } = await blog();
    const run = await init(`${url}/v1/articles?user=me&appid=17`, "-H", "X-Amz-Target: Logs.List", "--yes");
    expect(run).toMatchObject({ code: 0 });
    const { client, resources } = spec("api");
    expect(client).toEqual({ base_url: url, headers: { "X-Amz-Target": "Logs.List" } });
    expect(resources[0]?.["endpoint"]).toMatchObject({ params: { user: "me", appid: 17 } });
  });

  it("reads variables that the shell left alone, and secrets of the environment", async () => {
    const { url } = await blog(bearer);
    const curl = `curl ${url}/v1/articles -H 'Authorization: Bearer $MY_TOKEN'`;
    expect(await init(curl)).toMatchObject({
      code: 2,
      stderr: "connector-gen: MY_TOKEN is not set in the environment\n",
    });
    writeFileSync(join(folder, ".env"), `MY_TOKEN=${canary}\nAPI_TOKEN=${canary}\n`);
    const fromFile = await init(curl, "--env-file", ".env");
    expect(fromFile).toMatchObject({ code: 0 });
    const placeholder = await init(
      `${url}/v1/articles`,
      "-H",
      "Authorization: Bearer {secrets.token}",
      "--env-file",
      ".env",
      "--yes",
    );
    expect(placeholder).toMatchObject({ code: 0 });
    expect(spec("api")["client"]).toMatchObject({ auth: { type: "bearer", token: "{secrets.token}" } });
  });

  it("sends a body, and keeps parameters that select no page", async () => {
    const seen: string[] = [];
    const { url } = await serve((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      answerJson(response, { results: articles(1, 3), has_more: false, next_cursor: null });
    });
    writeFileSync(join(folder, "body.json"), '{"filter": {"kind": "page"}}');
    const run = await init(
      `${url}/v1/search?status=open&limit=10`,
      "-X",
      "POST",
      "-d",
      "@body.json",
      "--yes",
    );
    expect(run).toMatchObject({ code: 0 });
    expect(spec("api").resources[0]).toMatchObject({
      name: "search",
      endpoint: {
        path: "/v1/search",
        method: "POST",
        params: { status: "open", limit: 10 },
        json: { filter: { kind: "page" } },
      },
    });
    expect(seen[0]).toBe("POST /v1/search?status=open&limit=10");
  });

  it("takes several paths, and waits out a 429", async () => {
    let refusals = 1;
    const { url, seen } = await serve(({ path }, response) => {
      if (refusals-- > 0) {
        response.writeHead(429, { "retry-after": "0" });
        response.end();
      } else
        answerJson(
          response,
          path === "/v1/authors" ? [{ uid: "a" }, { uid: "b" }] : { items: articles(1, 3) },
        );
    });
    const run = await init(`${url}/v1/articles`, "/v1/authors", "--yes");
    expect(run).toMatchObject({ code: 0 });
    expect(spec("api").resources.map(({ name }) => name)).toEqual(["articles", "authors"]);
    expect(seen[0]?.path).toBe(seen[1]?.path);
  });

  it("reads integers beyond 2^53 as text", async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end('[{"id": 9007199254740993, "n": 1}, {"id": 9007199254740995, "n": 2}]');
    });
    expect(await init(`${url}/v1/things`, "--yes")).toMatchObject({ code: 0 });
    expect(spec("api").resources[0]).toMatchObject({
      primary_key: "id",
      schema: {
        properties: {
          id: { type: "integer", format: "int64", big_integers: "string" },
          n: { type: "integer" },
        },
      },
    });
    expect(readFileSync(join(folder, "generated/api.ts"), "utf8")).toContain("readonly id: string;");
  });

  it("reads a saved response instead of the API", async () => {
    writeFileSync(join(folder, "body.json"), JSON.stringify({ data: articles(1, 9), next_page_token: "x" }));
    const run = await init("https://api.shop.test/v2/articles", "--from", "body.json", "--yes");
    expect(run).toMatchObject({ code: 0 });
    expect(spec("shop").resources[0]).toMatchObject({
      endpoint: { path: "/v2/articles", data_selector: "data" },
    });
  });

  it("refuses what it cannot use, and keeps an existing spec", async () => {
    const { url } = await blog();
    for (const [args, message] of [
      [[`${url}/v1/articles`, "-H", "no colon"], "a --header has no colon"],
      [[`${url}/v1/articles`, "https://other.test/x"], "the URLs have several hosts"],
      [[`${url}/v1/articles`, "authors"], "expected a URL such as"],
      [["curl -H 'a: b'"], "the curl command has no URL"],
      [["curl 'x"], "a quote that does not end"],
      [[`${url}/v1/articles`, "--name", "a/b"], "invalid name"],
      [["blog", "shop"], "init takes one name, or URLs of one API"],
    ] as const) {
      const run = await init(...args);
      expect(run.code).toBe(2);
      expect(run.stderr).toContain(message);
    }
    mkdirSync(join(folder, "specs"));
    writeFileSync(join(folder, "specs/api.json"), "mine");
    const kept = await init(`${url}/v1/articles`, "--yes");
    expect(kept.code).toBe(1);
    expect(kept.stderr).toContain("--force overwrites it, and add adds a resource to it");
    expect(readFileSync(join(folder, "specs/api.json"), "utf8")).toBe("mine");
  });
});

it("shows in the README what init prints", async () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, command = "", transcript = ""] =
    /\n\$ npx connector-gen (init https:\/\/api\.example\.com\/\S+ .*)\n(GET [^]*?)Write /.exec(readme) ?? [];
  expect(command).toBe('init https://api.example.com/v1/articles --header "Authorization: Bearer $TOKEN"');
  const { url } = await serve((request, response) => {
    const at = Number((request.query.get("cursor") ?? "c0").slice(1));
    const items = articles(at + 1, Math.min(60, at + 25)).map((article, index) => ({
      ...article,
      updated_at: `2024-01-${String(index + 1).padStart(2, "0")}T00:00:00Z`,
    }));
    answerJson(response, { items, meta: { next_cursor: at + 25 < 60 ? `c${at + 25}` : null } });
  });
  const run = await init(
    `${url}/v1/articles`,
    "--header",
    `Authorization: Bearer ${canary}`,
    "--name",
    "example",
  );
  expect(run.stdout.replaceAll(url, "https://api.example.com")).toBe(transcript);
});
