import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { hintOf, type HintContext } from "../../generator/detect/hints.js";
import { answer, answerJson, serve, type TestServer } from "../runtime/server.js";
import { runCommand, type Ended } from "../support/command.js";
import { canary } from "./fixtures.js";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "init-failures-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

function init(...args: readonly string[]): Promise<Ended> {
  return runCommand(["init", ...args, "--yes"], { cwd: folder });
}

interface Response {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function serveOnce({ status = 200, headers = {}, body = "" }: Response): Promise<TestServer> {
  return serve((_, response) => {
    answer(response, status, { body, headers: { "content-type": "application/json", ...headers } });
  });
}

const html = { headers: { "content-type": "text/html" }, body: "<html><title>Sign in</title></html>" };
const xml = { headers: { "content-type": "application/xml" }, body: "<feed><entry/></feed>" };

describe("init says what failed, why, and how to fix it:", () => {
  it.each<{ name: string; response: Response; args?: readonly string[]; want: readonly string[] }>([
    {
      name: "403 without credentials",
      response: { status: 403, body: '{"message": "no access"}' },
      want: [
        '403 Forbidden: "no access"; check the credentials and their permissions: GET URL/items',
        'No credentials were sent: pass them as the API documents it, such as --header "Authorization: Bearer $TOKEN"',
      ],
    },
    {
      name: "401 with credentials",
      response: { status: 401, body: "{}" },
      args: ["-H", `Authorization: Bearer ${canary}`],
      want: [
        "401 Unauthorized; check the credentials: GET URL/items",
        "The API rejected the credentials: check those on the command line",
      ],
    },
    {
      name: "404",
      response: { status: 404, body: "{}" },
      want: ["404 Not Found; check the path: GET URL/items"],
    },
    {
      name: "405",
      response: { status: 405, body: "{}" },
      want: [
        "405 Method Not Allowed: GET URL/items",
        "The API knows the path, but not with this method: check the method",
      ],
    },
    {
      name: "503",
      response: { status: 503, body: "busy" },
      want: ["503 Service Unavailable: GET URL/items", "The server failed: run the command again later"],
    },
    {
      name: "a web page",
      response: html,
      want: [
        'the body is not JSON (text/html, 35 characters, line 1, column 1, titled "Sign in"): GET URL/items',
        "This is a web page: check that the URL is that of the API, and whether it needs credentials",
      ],
    },
    {
      name: "XML",
      response: xml,
      want: [
        "the body is not JSON (application/xml, 21 characters, line 1, column 1): GET URL/items",
        "JSON, JSON lines and CSV are recognised; other formats need a decoder in the spec",
      ],
    },
    {
      name: "an error with status 200",
      response: { body: `{"error": {"code": 190, "message": "expired: ${canary}"}}` },
      want: [
        "the response holds an error under `error` instead of records",
        "Check the request and its credentials; send it with curl to see the text of the error",
      ],
    },
    {
      name: "redirects without an end",
      response: { status: 302, headers: { location: "/items" } },
      want: [
        "invalid redirect (302): no target, or too many: GET URL/items",
        "The server redirects too often, without a target, or to another host with a secret in the URL: check the URL",
      ],
    },
  ])("$name", async ({ response, args = [], want }) => {
    const { url } = await serveOnce(response);
    const run = await init(`${url}/items`, ...args);
    expect(run.code).toBe(1);
    expect(run.stdout.replaceAll(url, "URL")).toBe(`items  ${want.join("\n  ")}\n`);
    expect(run.stderr).toBe("Nothing was written.\n");
    expect(run.stdout + run.stderr).not.toContain(canary);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    { path: "/conversations.history", body: '{"ok": false, "error": "invalid_auth"}', key: "error" },
    { path: "/history", body: '{"errors": [{"message": "no"}]}', key: "errors" },
    { path: "/items", body: '{"success": false, "message": "no"}', key: "success" },
    { path: "/status", body: '{"ok": false, "reason": "no"}', key: "ok" },
  ])("an error with status 200 for $path: $body", async ({ path, body, key }) => {
    const { url } = await serveOnce({ body });
    const run = await init(`${url}${path}`);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain(`the response holds an error under \`${key}\` instead of records`);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("nothing of an error for one record that has such a field", async () => {
    const { url } = await serveOnce({ body: '{"id": 7, "ok": false, "error": "timeout"}' });
    expect(await init(`${url}/job`)).toMatchObject({ code: 0 });
  });

  it.each(['{"error": false, "n": 1}', '{"errors": [], "n": 1}', '{"error": null, "error_code": 0}'])(
    "nothing of an error for %s",
    async (body) => {
      const { url } = await serveOnce({ body });
      const run = await init(`${url}/items`);
      expect(run.stdout).not.toContain("an error in place of records");
    },
  );

  it("no server, and a server without TLS", async () => {
    const { url } = await serveOnce({});
    const port = new URL(url).port;
    const tls = await init(`https://127.0.0.1:${port}/items`);
    expect(tls).toMatchObject({ code: 1 });
    expect(tls.stdout).toContain("The server does not use TLS: try http:// instead of https://");
    const nothing = await init("http://127.0.0.1:1/items");
    expect(nothing).toMatchObject({ code: 1 });
    expect(nothing.stdout).toContain("check the port of the URL");
  });

  it.each([
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "set NODE_EXTRA_CA_CERTS"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "set NODE_EXTRA_CA_CERTS"],
    ["CERT_HAS_EXPIRED", "has expired"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "belongs to another host"],
    ["ENOTFOUND", "The host was not found"],
    ["ECONNREFUSED", "Nothing listens at this address"],
    ["ECONNRESET", "The server closed the connection"],
  ])("no response because of %s", (code, hint) => {
    const message = `no response (${code}): GET https://api.example.com/items`;
    const error = { code: "NETWORK", message } as const;
    expect(hintOf(error, {} as HintContext)).toContain(hint);
  });

  it.each([
    [["api.example.com/v1/items"], "a URL starts with http:// or https://"],
    [["http://api.example.com/", "-H", "X-Api-Key:"], "the --header X-Api-Key has no value"],
  ])("arguments %j", async (args, text) => {
    const run = await init(...args);
    expect(run).toMatchObject({ code: 2 });
    expect(run.stderr).toContain(text);
  });
});

describe("init writes a spec for", () => {
  it("one record, by the id at the end of the path", async () => {
    const { url } = await serve((_, response) => {
      answerJson(response, { id: 17, name: "x", lines: [{ sku: "a" }, { sku: "b" }] });
    });
    expect(await init(`${url}/orders/17`, "--name", "shop")).toMatchObject({ code: 0 });
    const spec = JSON.parse(readFileSync(join(folder, "specs/shop.json"), "utf8")) as {
      readonly resources: readonly { readonly endpoint: object; readonly primary_key?: unknown }[];
    };
    expect(spec.resources[0]).toMatchObject({
      primary_key: "id",
      endpoint: { path: "/orders/17", data_selector: "$", paginator: "single_page" },
    });
  });
});
