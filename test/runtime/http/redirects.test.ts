import { describe, expect, it } from "vitest";
import { jsonLink, singlePage, type RecordStream } from "../../../runtime/src/index.js";
import { auths, canaries, canary } from "../auth/auths.js";
import {
  errorOf,
  expectNoSecret,
  exposureOf,
  fakeFetch,
  idsOf,
  span,
  transports,
  type Reply,
  type Row,
  type Setup,
} from "../fixtures.js";
import { paging } from "../faults.js";
import { answer, answerJson, serve, type Handler, type Seen, type TestServer } from "../server.js";

const items: Handler = (_, response) => answerJson(response, { items: [{ id: 1 }] });

function redirectTo(location: () => string, status = 302): Handler {
  return (_, response) => answer(response, status, { body: "moved", headers: { location: location() } });
}

/** Returns everything that a server received: URLs and headers. */
function wireOf({ seen }: TestServer): string {
  return seen.map(({ url, headers }) => `${url}\n${exposureOf(headers)}`).join("\n");
}

describe.each(transports)("over $transport", ({ open }) => {
  function openOne(url: string, setup: Omit<Setup, "url"> = {}): RecordStream<Row> {
    return open({ url, ...setup, resource: { paginator: singlePage(), ...setup.resource } })();
  }

  describe.each(auths)("$name", ({ auth, options, sent, place }) => {
    const credentials = ({ headers, query }: Seen): string =>
      place === "query" ? (query.get("key") ?? "") : String(headers[place]).replace(/^key=/, "");

    it("goes with a redirect within the origin", async () => {
      const server = await serve((request, response) =>
        (request.path === "/v2" ? items : redirectTo(() => "/v2?x=1"))(request, response),
      );
      expect(await openOne(server.url, { source: { auth }, options }).toArray()).toHaveLength(1);
      expect(server.seen.map(credentials)).toEqual([sent[0], sent[0]]);
      expect(server.seen[1]?.query.get("x")).toBe("1");
    });

    it("stays behind when a redirect leads to another origin, as do headers with its value", async () => {
      const other = await serve(items);
      const server = await serve(redirectTo(() => `${other.url}/v2`));
      const secret = options["apiKey"] ?? options["token"] ?? canary;
      const records = openOne(server.url, {
        source: { auth, headers: { "x-plain": "kept", "x-extra": "pre-{secrets.api_key}" } },
        options: { apiKey: canary, ...options, headers: { "x-from-options": secret } },
      });
      expect(await records.toArray()).toHaveLength(1);
      expect(server.seen.map(credentials)).toEqual(sent);
      expect(server.seen[0]?.headers["x-from-options"]).toBe(secret);
      expect(other.seen).toHaveLength(1);
      expect(other.seen[0]?.headers["x-plain"]).toBe("kept");
      expectNoSecret(wireOf(other), ...canaries);
    });

    it("stays behind when a redirect leads to another origin and from there back", async () => {
      const other = await serve(redirectTo(() => `${server.url}/v3`));
      const server: TestServer = await serve((request, response) =>
        (request.path === "/v3" ? items : redirectTo(() => `${other.url}/v2`))(request, response),
      );
      await openOne(server.url, { source: { auth }, options }).toArray();
      expect(server.seen).toHaveLength(2);
      expect(server.seen.map(credentials)[0]).toEqual(sent[0]);
      expectNoSecret(exposureOf(server.seen[1]?.url, server.seen[1]?.headers), ...canaries);
      expectNoSecret(wireOf(other), ...canaries);
    });

    it("goes to an origin of allowedOrigins, by redirect and by an absolute path", async () => {
      const other = await serve(items);
      const server = await serve(redirectTo(() => `${other.url}/v2`));
      const trusting = { ...options, allowedOrigins: [`${other.url}/any/path`] };
      await openOne(server.url, { source: { auth }, options: trusting }).toArray();
      await openOne(server.url, {
        source: { auth },
        options: trusting,
        resource: { path: `${other.url}/v3` },
      }).toArray();
      expect(other.seen.map(credentials)).toEqual([sent[0], sent[0]]);
    });

    it("does not go to the other origin of an absolute path", async () => {
      const other = await serve(items);
      const setup = {
        source: { auth, headers: { "x-extra": "{secrets.api_key}" } },
        options: { apiKey: canary, ...options },
      };
      await openOne("http://127.0.0.1:1", { ...setup, resource: { path: `${other.url}/rows` } }).toArray();
      expect(other.seen).toHaveLength(1);
      expectNoSecret(wireOf(other), ...canaries);
    });

    it("is not followed in the URL of a redirect to another origin", async () => {
      const spellings = [
        encodeURIComponent(canary),
        encodeURIComponent(canary).replace(/%../g, (hex) => hex.toLowerCase()),
        new URLSearchParams({ k: canary }).toString().slice(2),
        encodeURI(canary).replace("&", "%26"),
        encodeURIComponent(Buffer.from(canary).toString("base64")),
      ];
      const other = await serve(items);
      for (const spelling of spellings) {
        const server = await serve(redirectTo(() => `${other.url}/v2?t=${spelling}`));
        const error = await errorOf(openOne(server.url, { source: { auth }, options }).toArray());
        expect(error).toMatchObject({ name: "HttpError", code: "BAD_REDIRECT", status: 302 });
        expectNoSecret(exposureOf(error), ...canaries);
      }
      expect(other.seen).toHaveLength(0);
    });
  });

  describe("the headers of the client's and the read's options", () => {
    it("may be credentials too: another origin does not get them", async () => {
      const other = await serve(items);
      const server = await serve(redirectTo(() => `${other.url}/v2`));
      const headers = { Authorization: "Bearer s3cr-1", "X-Api-Key": "s3cr-2", Cookie: "sid=s3cr-3" };
      const read = open({ url: server.url, resource: { paginator: singlePage() }, options: { headers } });
      await read({ headers: { "x-session": "s3cr-4" } }).toArray();
      expect(server.seen[0]?.headers).toMatchObject({
        authorization: "Bearer s3cr-1",
        "x-session": "s3cr-4",
      });
      expect(other.seen).toHaveLength(1);
      expectNoSecret(wireOf(other));
    });

    it("go to an origin of allowedOrigins", async () => {
      const other = await serve(items);
      const options = { headers: { authorization: "Bearer x" }, allowedOrigins: [other.url] };
      await openOne("http://127.0.0.1:1", { options, resource: { path: `${other.url}/rows` } }).toArray();
      expect(other.seen[0]?.headers.authorization).toBe("Bearer x");
    });
  });

  it("sends no header of the spec that is a short secret to another origin", async () => {
    const server = await serve(items);
    const records = openOne("http://api.test", {
      source: { headers: { "x-plain": "kept", "x-pin": "{secrets.api_key}" } },
      resource: { path: `${server.url}/v1/rows` },
      options: { apiKey: "4711" },
    });
    expect(await records.toArray()).toHaveLength(1);
    expect(server.seen[0]?.headers).toMatchObject({ "x-plain": "kept" });
    expect(server.seen[0]?.headers).not.toHaveProperty("x-pin");
  });

  describe("an absolute path with a secret in its URL", () => {
    it("is refused, unless its origin is allowed", async () => {
      const other = await serve(items);
      const resource = { path: `${other.url}/rows/{secrets.api_key}` };
      const error = await errorOf(
        openOne("http://127.0.0.1:1", { resource, options: { apiKey: canary } }).toArray(),
      );
      expect(error).toMatchObject({ name: "AuthError", code: "UNTRUSTED_ORIGIN" });
      expect(error.message).toContain("allowedOrigins");
      expectNoSecret(exposureOf(error));
      expect(other.seen).toHaveLength(0);
      await openOne("http://127.0.0.1:1", {
        resource,
        options: { apiKey: canary, allowedOrigins: [other.url] },
      }).toArray();
      expect(other.seen).toHaveLength(1);
    });
  });

  describe("a redirect that is refused", () => {
    const rows = [
      { name: "from https to http", base: "https://api.test", location: "http://api.test:81/v2" },
      { name: "from https to http elsewhere", base: "https://api.test", location: "http://other.test/v2" },
      { name: "to a user name", base: "http://api.test", location: "http://evil@api.test/v2" },
      { name: "to a user name and a password", base: "http://api.test", location: "//user:pass@api.test/v2" },
      { name: "to a file", base: "http://api.test", location: "file:///etc/passwd" },
      { name: "to a script", base: "http://api.test", location: "javascript:alert(1)" },
      { name: "to data", base: "http://api.test", location: "data:application/json,{}" },
      { name: "to no URL", base: "http://api.test", location: "http://[" },
      { name: "to nowhere", base: "http://api.test", location: undefined },
    ];
    it.each(rows)("$name", async ({ base, location }) => {
      const { fetch, seen } = fakeFetch(() => ({
        status: 302,
        headers: location === undefined ? {} : { location },
      }));
      const error = await errorOf(openOne(base, { options: { fetch } }).toArray());
      expect(error).toMatchObject({ name: "HttpError", code: "BAD_REDIRECT", status: 302 });
      expect(String(error)).toContain(`invalid redirect (302): ${location ?? "no target, or too many"}`);
      expect(seen).toHaveLength(1);
    });

    it("to itself, for ever", async () => {
      const server = await serve(redirectTo(() => "/v1/rows"));
      expect(await errorOf(openOne(server.url).toArray())).toMatchObject({
        name: "HttpError",
        code: "BAD_REDIRECT",
        message: expect.stringContaining("invalid redirect (302): no target, or too many") as string,
      });
      expect(server.seen.length).toBeLessThanOrEqual(6);
    });

    it("a sixth time", async () => {
      const server = await serve((request, response) => {
        const n = Number(request.path.slice(2));
        if (n === 6) items(request, response);
        else redirectTo(() => `/v${n + 1}`)(request, response);
      });
      expect(await openOne(server.url, { resource: { path: "/v1" } }).toArray()).toHaveLength(1);
      const error = await errorOf(openOne(server.url, { resource: { path: "/v0" } }).toArray());
      expect(error).toMatchObject({ code: "BAD_REDIRECT" });
    });
  });

  describe("a redirect that is followed", () => {
    it("is where relative links to the next page start from", async () => {
      const server = await serve((request, response) => {
        if (request.path === "/v1/rows") redirectTo(() => "/v2/list/rows?page=1")(request, response);
        else {
          const page = Number(request.query.get("page"));
          answerJson(response, { items: [{ id: page }], next: page < 2 ? "?page=2" : null });
        }
      });
      await open({
        url: server.url,
        resource: { paginator: jsonLink({ nextUrlPath: ["next"] }) },
      })().toArray();
      expect(server.seen.map(({ url }) => url)).toEqual([
        "/v1/rows",
        "/v2/list/rows?page=1",
        "/v2/list/rows?page=2",
      ]);
    });

    const methods = [
      { status: 301, given: "GET", want: "GET" },
      { status: 302, given: "GET", want: "GET" },
      { status: 308, given: "GET", want: "GET" },
      { status: 301, given: "POST", want: "GET" },
      { status: 302, given: "POST", want: "GET" },
      { status: 303, given: "POST", want: "GET" },
      { status: 303, given: "PUT", want: "GET" },
      { status: 307, given: "POST", want: "POST" },
      { status: 308, given: "POST", want: "POST" },
      { status: 302, given: "PUT", want: "PUT" },
    ];
    it.each(methods)("$status makes $want of $given", async ({ status, given, want }) => {
      const { fetch, seen } = fakeFetch((_, n): Reply =>
        n === 1 ? { status, headers: { location: "/v2" } } : { body: { items: [] } },
      );
      await openOne("http://api.test", { resource: { method: given }, options: { fetch } }).toArray();
      expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
        `${given} http://api.test/v1/rows`,
        `${want} http://api.test/v2`,
      ]);
    });

    const locations = [
      { name: "relative", given: "sib?z=1", want: "http://api.test/v1/sib?z=1" },
      { name: "a query alone", given: "?page=2", want: "http://api.test/v1/rows?page=2" },
      { name: "an absolute path", given: "/x", want: "http://api.test/x" },
      { name: "another host without a scheme", given: "//other.test/x", want: "http://other.test/x" },
      { name: "http to https", given: "https://api.test/x", want: "https://api.test/x" },
    ];
    it.each(locations)("$name", async ({ given, want }) => {
      const { fetch, seen } = fakeFetch((_, n): Reply =>
        n === 1 ? { status: 302, headers: { location: given } } : { body: { items: [] } },
      );
      await openOne("http://api.test", { options: { fetch } }).toArray();
      expect(seen[1]?.url).toBe(want);
    });

    it("on every page of a read, each page once", async () => {
      const pages = paging({ style: "page_number", records: 25, size: 10 });
      const server = await serve((request, response) =>
        request.path === "/v2"
          ? pages(request, response)
          : redirectTo(() => `/v2?${request.query.toString()}`)(request, response),
      );
      expect(idsOf(await open({ url: server.url })().toArray())).toEqual(span(1, 25));
      expect(server.seen).toHaveLength(6);
    });
  });

  describe("a base URL", () => {
    it("with a user name and a password is refused, and not shown", async () => {
      const { fetch, seen } = fakeFetch(() => ({ body: { items: [] } }));
      const error = await errorOf(
        openOne("http://user:s3cr-pass@api.test", { options: { fetch } }).toArray(),
      );
      expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_OPTIONS" });
      expectNoSecret(exposureOf(error));
      expect(seen).toHaveLength(0);
    });

    it("that is invalid is rejected, as is an invalid allowed origin", async () => {
      const { fetch, seen } = fakeFetch(() => ({ body: { items: [] } }));
      const wrong = [
        "api.test/v1",
        "localhost:3000",
        "localhost:3000/v1",
        "ftp://api.test",
        "file:///v1",
        "//api.test",
      ];
      const urls = wrong.map((url) => ({ url, options: { fetch } }));
      const origins = wrong.map((url) => ({
        url: "http://api.test",
        options: { fetch, allowedOrigins: [url] },
      }));
      for (const setup of [...urls, ...origins]) {
        const error = await errorOf(open(setup)().toArray());
        expect(error).toMatchObject({ code: "INVALID_OPTIONS" });
        expect(error.message).toContain(
          "`baseUrl` and `allowedOrigins` must be URLs such as https://api.example.com",
        );
      }
      expect(seen).toHaveLength(0);
    });

    it("may come from the options, over the spec's", async () => {
      const server = await serve(items);
      await open({ url: "http://127.0.0.1:1", options: { baseUrl: `${server.url}/other/` } })().first();
      expect(server.seen[0]?.path).toBe("/other/v1/rows");
    });
  });
});
