import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Seen } from "../runtime/server.js";
import { runCommand, type Ended, type Start } from "../support/command.js";
import { root } from "../support/paths.js";
import { articles, bearer, blog, canary } from "./fixtures.js";

let folder = "";

beforeEach(() => {
  mkdirSync(join(root, ".scratch"), { recursive: true });
  folder = mkdtempSync(join(root, ".scratch/credentials-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

function run(args: readonly string[], start: Omit<Start, "cwd"> = {}): Promise<Ended> {
  return runCommand(args, { cwd: folder, ...start });
}

/** The texts of all files that the command wrote. */
function written(except: readonly string[] = []): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !except.includes(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

/** All forms in which a secret could appear. */
const forms = [
  canary,
  encodeURIComponent(`ann:${canary}`),
  Buffer.from(`ann:${canary}`).toString("base64"),
  Buffer.from(canary).toString("base64").replace(/=+$/, ""),
];

function expectNoSecret(text: string): void {
  expect(forms.filter((form) => text.includes(form))).toEqual([]);
}

const basic = ({ headers }: Seen): boolean =>
  headers.authorization === `Basic ${Buffer.from(`ann:${canary}`).toString("base64")}`;
const key = ({ headers }: Seen): boolean => headers["x-api-key"] === canary;
const param = ({ query }: Seen): boolean => query.get("api_key") === canary;

describe("init asks for credentials after a 401", () => {
  it.each([
    {
      what: "a token",
      allows: bearer,
      challenge: "Bearer realm=x",
      typed: canary,
      asks: "a token (Bearer):",
    },
    {
      what: "a user name and a password",
      allows: basic,
      challenge: "Basic",
      typed: `ann\nann:${canary}`,
      asks: "Write the name, a colon, and the password.",
    },
    {
      what: "a key in a header",
      allows: key,
      challenge: 'Key header="X-API-Key"',
      typed: canary,
      asks: "X-API-Key:",
    },
    {
      what: "a header if the server says nothing",
      allows: key,
      challenge: undefined,
      typed: `no header\nX-API-Key: ${canary}`,
      asks: "Write the name of the header",
    },
    {
      what: "a parameter",
      allows: param,
      challenge: "Custom realm='api_key'",
      typed: canary,
      asks: "the parameter api_key:",
    },
  ])("for $what, and writes the secret only into .env", async ({ allows, challenge, typed, asks }) => {
    const { url } = await blog(allows, challenge);
    const args = ["init", `${url}/v1/articles`, "--name", "blog"];
    const ended = await run(args, { stdin: `${typed}\ny\ny\n`, isTerminal: true });
    expect(ended.stderr).toContain(asks);
    expect(ended.code).toBe(0);
    expect(readFileSync(join(folder, ".env"), "utf8")).toMatch(new RegExp(`^BLOG_\\w+=.*${canary}\n$`, "s"));
    expect(statSync(join(folder, ".env")).mode & 0o077).toBe(0);
    expect(ended.stdout).toContain("--env-file=.env app.ts");
    expectNoSecret(ended.stdout + ended.stderr + written([".env"]));
  });

  it("writes no .env without consent, and keeps what the file has", async () => {
    const { url } = await blog(bearer, "Bearer");
    const args = ["init", `${url}/v1/articles`, "--name", "blog"];
    const refused = await run(args, { stdin: `${canary}\ny\nn\n`, isTerminal: true });
    expect(refused.code).toBe(0);
    expect(refused.stdout).toContain("export BLOG_TOKEN=…");
    expect(existsSync(join(folder, ".env"))).toBe(false);
    writeFileSync(join(folder, ".env"), "OTHER=1");
    await run([...args, "--force"], { stdin: `${canary}\ny\ny\n`, isTerminal: true });
    expect(readFileSync(join(folder, ".env"), "utf8")).toBe(`OTHER=1\nBLOG_TOKEN=${canary}\n`);
    const third = await run([...args, "--force", "-H", `Authorization: Bearer ${canary}`], {
      stdin: "y\n",
      isTerminal: true,
    });
    expect(third.stderr).not.toContain("to .env?");
  });

  it.each([
    ["Ctrl-C", "\u0003", 130],
    ["an empty answer", "\n", 1],
    ["the end of the input", "", 1],
  ])("ends after %s and writes nothing", async (_, stdin, code) => {
    const { url } = await blog(bearer, "Bearer");
    const ended = await run(["init", `${url}/v1/articles`], { stdin, isTerminal: true });
    expect(ended.code).toBe(code);
    expect(readdirSync(folder)).toEqual([]);
  });
});

const har = (url: string, headers: readonly object[]): string =>
  JSON.stringify({
    log: {
      entries: [
        {
          request: { method: "GET", url: `${url}/v1/articles`, headers },
          response: {
            status: 200,
            headers: [{ name: "set-cookie", value: `sid=${canary}` }],
            content: { mimeType: "application/json", text: JSON.stringify({ items: articles(1, 3) }) },
          },
        },
      ],
    },
  });

describe("no secret is in a file or in the output after", () => {
  const cases: readonly {
    form: string;
    allows: (seen: Seen) => boolean;
    args: (url: string) => readonly string[];
  }[] = [
    { form: "a header", allows: bearer, args: (url) => [url, "-H", `Authorization: Bearer ${canary}`] },
    {
      form: "a header with a variable",
      allows: bearer,
      args: (url) => [url, "-H", "Authorization: Bearer $MY_TOKEN"],
    },
    { form: "a header of an own name", allows: key, args: (url) => [url, "-H", `X-API-Key: ${canary}`] },
    {
      form: "a cookie",
      allows: ({ headers }) => headers.cookie === `sid=${canary}`,
      args: (url) => [url, "-H", `Cookie: sid=${canary}`],
    },
    { form: "a user and a password", allows: basic, args: (url) => [url, "-u", `ann:${canary}`] },
    { form: "the URL's user", allows: basic, args: (url) => [url.replace("//", `//ann:${canary}@`)] },
    { form: "the URL's query", allows: param, args: (url) => [`${url}?api_key=${canary}`] },
    {
      form: "a curl command",
      allows: bearer,
      args: (url) => [`curl '${url}' -H 'Authorization: Bearer ${canary}'`],
    },
    { form: "a curl command with a user", allows: basic, args: (url) => [`curl -u ann:${canary} ${url}`] },
    {
      form: "a JSON body",
      allows: () => true,
      args: (url) => [url, "-X", "POST", "-d", JSON.stringify({ auth: { password: canary } })],
    },
    { form: "a form body", allows: () => true, args: (url) => [url, "-d", `client_secret=${canary}`] },
  ];

  it.each(cases)("$form", async ({ allows, args }) => {
    const { url } = await blog(allows);
    const env = { MY_TOKEN: canary };
    const ended = await run(["init", ...args(`${url}/v1/articles`), "--name", "blog", "--yes"], { env });
    expect(ended.code).toBe(0);
    expectNoSecret(ended.stdout + ended.stderr + written());
  });

  it.each([
    ["a header", [{ name: "authorization", value: `Bearer ${canary}` }]],
    ["a cookie", [{ name: "cookie", value: `sid=${canary}` }]],
  ])("a recording with %s", async (_, headers) => {
    writeFileSync(join(folder, "rec.har"), har("https://api.example.com", headers));
    const ended = await run(["init", "--from", "rec.har", "--name", "blog", "--yes"]);
    expect(ended.code).toBe(0);
    expectNoSecret(ended.stdout + ended.stderr + written(["rec.har"]));
  });

  it("an --env-file, in init, add, detect and infer", async () => {
    const { url } = await blog(bearer);
    writeFileSync(join(folder, "my.env"), `BLOG_TOKEN=${canary}\nMY_TOKEN=${canary}\n`);
    const flags = ["--env-file", "my.env"];
    const header = ["-H", "Authorization: Bearer $MY_TOKEN"];
    const commands = [
      ["init", `${url}/v1/articles`, ...header, "--name", "blog", "--yes"],
      ["add", "specs/blog.json", "/v1/articles/{id}/comments", "--yes"],
      ["detect", "specs/blog.json", "--write"],
      ["infer", "specs/blog.json"],
    ];
    for (const command of commands) {
      const ended = await run([...command, ...flags]);
      expect([ended.code, ended.stderr].join(" ")).toMatch(/^0 /);
      expectNoSecret(ended.stdout + ended.stderr + written(["my.env"]));
      // The next command must read the file again.
      delete process.env["BLOG_TOKEN"];
      delete process.env["MY_TOKEN"];
    }
  });
});

describe("init accepts a key as a user or a password alone:", () => {
  const asUser = { type: "http_basic", username: "{secrets.api_key}", password: "" };
  const asPassword = { type: "http_basic", username: "", password: "{secrets.password}" };
  it.each<{ name: string; args: (url: string) => readonly string[]; auth: object }>([
    { name: "--user KEY:", args: (url) => [url, "--user", `${canary}:`], auth: asUser },
    { name: "--user KEY", args: (url) => [url, "--user", canary], auth: asUser },
    { name: "--user :KEY", args: (url) => [url, "--user", `:${canary}`], auth: asPassword },
    { name: "curl -u KEY:", args: (url) => [`curl ${url} -u ${canary}:`], auth: asUser },
    { name: "http://KEY@host", args: (url) => [url.replace("//", `//${canary}@`)], auth: asUser },
    { name: "http://:KEY@host", args: (url) => [url.replace("//", `//:${canary}@`)], auth: asPassword },
  ])("$name", async ({ args, auth }) => {
    const pair = auth === asUser ? `${canary}:` : `:${canary}`;
    const sent = `Basic ${Buffer.from(pair).toString("base64")}`;
    const { url } = await blog(({ headers }) => headers.authorization === sent);
    const ended = await run(["init", ...args(`${url}/v1/articles`), "--name", "blog", "--yes"]);
    expect(ended).toMatchObject({ code: 0 });
    const { client } = JSON.parse(readFileSync(join(folder, "specs/blog.json"), "utf8")) as {
      client: object;
    };
    expect(client).toEqual({ base_url: url, auth });
    expectNoSecret(ended.stdout + ended.stderr + written());
  });
});
