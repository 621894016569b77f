import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { describe, expect, it } from "vitest";
import {
  apiKey,
  apiKeyInBody,
  bearer,
  createReader as createFetchReader,
  customAuth,
  formBody,
  httpBasic,
  jsonBody,
  jsonLink,
  oauth2ClientCredentials,
  parents,
  plan,
  sessionToken,
  singlePage,
  type ReadEvent,
  type Resource,
  type Source,
} from "../../../runtime/src/index.js";
import { createReader as createNodeReader } from "../../../runtime/src/node.js";
import type { ResourceShape } from "../../../runtime/src/plugin.js";
import { canaries, leaks, shown, spellings } from "../client/canaries.js";

/** The location of a secret of the user. */
interface Placement {
  readonly name: string;
  readonly source?: Partial<Source>;
  readonly rows?: Partial<ResourceShape>;
  readonly options?: (secret: string) => object;
  readonly read?: (secret: string) => object;
}

const key = (secret: string): object => ({ key: secret });
const template = "{secrets.key}";
const placements: readonly Placement[] = [
  { name: "bearer", source: { auth: bearer({ token: template }) }, options: key },
  {
    name: "API key in a header",
    source: { auth: apiKey({ apiKey: template, name: "X-Key" }) },
    options: key,
  },
  {
    name: "API key in the query",
    source: { auth: apiKey({ apiKey: template, name: "k", location: "query" }) },
    options: key,
  },
  {
    name: "API key in a cookie",
    source: { auth: apiKey({ apiKey: template, name: "k", location: "cookie" }) },
    options: key,
  },
  {
    name: "API key in the body",
    source: { auth: apiKeyInBody({ apiKey: template, name: "k" }) },
    rows: { method: "POST", body: jsonBody({ a: 1 }) },
    options: key,
  },
  { name: "password", source: { auth: httpBasic({ username: "me", password: template }) }, options: key },
  {
    name: "custom credentials",
    source: { auth: customAuth() },
    options: (secret) => ({ authorize: () => ({ headers: { "x-signature": secret } }) }),
  },
  {
    name: "OAuth 2 client secret",
    source: {
      auth: oauth2ClientCredentials({ accessTokenUrl: "/token", clientId: "me", clientSecret: template }),
    },
    options: key,
  },
  {
    name: "login",
    source: {
      auth: sessionToken({ loginUrl: "/token", json: { password: template }, tokenPath: ["access_token"] }),
    },
    options: key,
  },
  { name: "header of the source", source: { headers: { "x-a": "pre-{secrets.key}" } }, options: key },
  { name: "header of the resource", rows: { headers: { "x-a": template } }, options: key },
  { name: "query of the resource", rows: { query: { k: template, plain: "kept" } }, options: key },
  { name: "object in the query", rows: { query: { k: { deep: [template] } } }, options: key },
  { name: "JSON body", rows: { method: "POST", body: jsonBody({ k: { deep: template } }) }, options: key },
  { name: "form body", rows: { method: "POST", body: formBody({ k: template }) }, options: key },
  { name: "path", rows: { path: "/rows/{secrets.key}" }, options: key },
  { name: "headers of the client", options: (secret) => ({ headers: { "X-Session": secret } }) },
  { name: "headers of the read", read: (secret) => ({ headers: { "X-Session": secret } }) },
  { name: "function", source: { auth: bearer({ token: template }) }, options: (s) => ({ key: () => s }) },
];

interface Call {
  readonly url: string;
  readonly headers: string;
  readonly body: string;
}
interface Server {
  readonly url: string;
  readonly calls: readonly Call[];
}
type Answer = (call: Call, response: ServerResponse) => void;

async function serve(host: string, answer: Answer): Promise<Server> {
  const calls: Call[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = "";
    for await (const part of request) body += String(part);
    const call = { url: request.url ?? "", headers: request.rawHeaders.join("\n"), body };
    calls.push(call);
    answer(call, response);
  };
  const server = createServer({ maxHeaderSize: 1e6 }, (request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => server.close().closeAllConnections());
  return { url: `http://${host}:${(server.address() as AddressInfo).port}`, calls };
}

const json = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

/** A route by which a secret could leak: the responses of the API, given the untrusted server. */
const routes: readonly { readonly name: string; readonly answer: (foreign: string) => Answer }[] = [
  {
    name: "link",
    answer: (foreign) => (_, response) =>
      json(response, 200, { items: [{ id: 1 }], next: `${foreign}/p2?page=2` }),
  },
  ...[301, 302, 303, 307, 308].map((status) => ({
    name: `redirect ${status}`,
    answer:
      (foreign: string): Answer =>
      (_, response) =>
        void response.writeHead(status, { location: `${foreign}/moved` }).end(),
  })),
];

const echoes: readonly { readonly name: string; readonly answer: (secret: string) => Answer }[] = [
  ...Object.entries(spellings).map(([name, write]) => ({
    name: `error in ${name}`,
    answer:
      (secret: string): Answer =>
      (_, response) =>
        json(response, 400, { message: `bad key ${write(secret)} given`, text: write(secret) }),
  })),
  {
    name: "header",
    answer: (secret) => (_, response) =>
      void response
        .writeHead(400, `Bad ${encodeURIComponent(secret).slice(0, 8000)}`, {
          "x-echo": encodeURIComponent(secret).slice(0, 8000),
        })
        .end("no"),
  },
  {
    name: "text that is not JSON",
    answer: (secret) => (_, response) =>
      void response.writeHead(200, { "content-type": "text/plain" }).end(`key ${secret} is unknown`),
  },
];

interface Outcome {
  /** All output of the read: events, log lines, pages, checkpoints, errors. */
  readonly seen: string;
  readonly lines: readonly string[];
  readonly events: readonly ReadEvent[];
  readonly error: { readonly code?: string } | undefined;
}

async function read(
  placement: Placement,
  secret: string,
  { url, create }: { url: string; create: typeof createNodeReader },
): Promise<Outcome> {
  const rows: ResourceShape = {
    name: "rows",
    path: "/rows",
    select: ["items"],
    paginator: jsonLink({ nextUrlPath: ["next"] }),
    ...placement.rows,
  };
  const source: Source = {
    name: "shop",
    baseUrl: url,
    options: { "secrets.key": { option: "key", env: "LEAKS_TEST_KEY" } },
    optionNames: ["authorize"],
    resources: { rows },
    ...placement.source,
  };
  const lines: string[] = [];
  const events: ReadEvent[] = [];
  const log = (line: string): void => void lines.push(line);
  const reader = create(source, {
    logger: { warn: log, error: log },
    onEvent: (event) => events.push(event),
    retry: { maxRetries: 1, backoffMs: 1 },
    ...placement.options?.(secret),
  });
  const shownParts: string[] = [shown(reader)];
  let error: unknown;
  try {
    const stream = reader.read(rows as Resource<object, object>, {}, placement.read?.(secret) ?? {});
    shownParts.push(shown(stream));
    for await (const page of stream.pages()) shownParts.push(shown({ ...page, records: [] }));
  } catch (thrown) {
    error = thrown;
  }
  const headers = events.flatMap((event) =>
    event.type === "response" ? [String(event.headers.get("x-echo"))] : [],
  );
  const { response } = Object(error) as {
    response?: { body: string; headers: { get(name: string): unknown } };
  };
  const seen = [shown(error), response?.body, String(response?.headers.get("x-echo")), ...headers];
  seen.push(...lines, ...events.map(shown), ...shownParts);
  return { seen: seen.join("\n"), lines, events, error: error as Outcome["error"] };
}

/** Adds the responses of an API to token requests and logins. */
function api(answer: Answer): Answer {
  return (call, response) => {
    if (call.url === "/token") json(response, 200, { access_token: "issued-token-0123456789abcdef" });
    else answer(call, response);
  };
}

const isPrintable = (line: string): boolean =>
  !/[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(line);

const transports = [
  { transport: "fetch", create: createFetchReader },
  { transport: "node:http", create: createNodeReader },
];

describe.each(transports)("a secret over $transport", ({ create }) => {
  // Both transports get the same requests, so a few cases are enough for the second one.
  const isNode = create === createNodeReader;
  const all = isNode ? canaries : canaries.slice(0, 1);
  const echoed = isNode
    ? placements.filter(({ name }) => /bearer|query|read/.test(name))
    : placements.slice(0, 1);
  describe.each(routes)("on the route $name", (route) => {
    it.each(placements)("does not leave: $name", async (placement) => {
      // One route is tested with every form of a secret in every place, and the redirects with some of them in turn.
      const turn = placements.indexOf(placement) % 3;
      const inTurn = isNode ? all.filter((_, at) => at % 3 === turn) : all;
      const few = route.name === "redirect 307" ? inTurn : all.slice(0, 2);
      for (const { name, secret } of route.name === "link" ? all : few) {
        const foreign = await serve("localhost", (_, response) =>
          json(response, 200, { items: [{ id: 2 }] }),
        );
        const server = await serve("127.0.0.1", api(route.answer(foreign.url)));
        const { seen, error, events } = await read(placement, secret, { url: server.url, create });
        const secrets = [secret, "issued-token-0123456789abcdef"];
        expect(
          leaks(foreign.calls.map((call) => Object.values(call).join("\n")).join("\n"), secrets),
          name,
        ).toEqual([]);
        expect(leaks(seen, secrets), name).toEqual([]);
        // The request was sent without the secret, or rejected. There is no third outcome.
        const reported = events.filter(({ type }) => type === "foreign_origin");
        if (error) expect(["UNTRUSTED_ORIGIN", "INVALID_OPTIONS"], name).toContain(error.code);
        else expect([foreign.calls.length, reported.length], name).toEqual([1, 1]);
        const sent = server.calls.map(({ url, headers, body }) => `${url}\n${headers}\n${body}`).join("\n");
        if (!error)
          expect(
            leaks(sent.replaceAll("+", "%20"), [secret]).length + leaks(sent, [secret]).length,
            name,
          ).toBeGreaterThan(0);
      }
    });
  });

  describe.each(echoes)("that the API repeats: $name", (echo) => {
    it.each(echoed)("is not shown: $name", async (placement) => {
      // Every way of repeating a secret is tested with every form; the locations take turns.
      const turn = echoed.indexOf(placement);
      for (const { name, secret } of all.filter((_, at) => at % echoed.length === turn)) {
        const server = await serve("127.0.0.1", api(echo.answer(secret)));
        const { seen, lines, error } = await read(placement, secret, { url: server.url, create });
        expect(error, name).toBeDefined();
        expect(leaks(seen, [secret]), name).toEqual([]);
        expect(
          lines.every((line) => isPrintable(line) && line.length <= 2000),
          name,
        ).toBe(true);
      }
    });
  });
});

describe("thirty secrets at once", () => {
  it("are sent only to the API, each in its own header", async () => {
    const names = Array.from({ length: 30 }, (_, n) => `k${n}`);
    const secretOf = (name: string): string => `${name}-Vb6nM1zQ8xKp3Lw5-${name}`;
    const foreign = await serve("localhost", (_, response) => json(response, 200, { items: [] }));
    const server = await serve("127.0.0.1", (_, response) =>
      json(response, 200, { items: [{ id: 1 }], next: `${foreign.url}/p2?t=plain` }),
    );
    const rows: Resource<object> = {
      name: "rows",
      path: "/rows",
      select: ["items"],
      paginator: jsonLink({ nextUrlPath: ["next"] }),
      headers: Object.fromEntries(names.map((name) => [`x-${name}`, `{secrets.${name}}`])),
    };
    const source: Source = {
      name: "shop",
      baseUrl: server.url,
      options: Object.fromEntries(
        names.map((name) => [`secrets.${name}`, { option: name, env: `T_${name}` }]),
      ),
      resources: { rows },
    };
    const secrets = Object.fromEntries(names.map((name) => [name, secretOf(name)]));
    const records = await createNodeReader(source, secrets).read(rows).toArray();
    expect(records).toHaveLength(1);
    expect(leaks(JSON.stringify(server.calls), Object.values(secrets)).length).toBeGreaterThan(30);
    expect(leaks(JSON.stringify(foreign.calls), Object.values(secrets))).toEqual([]);
  });
});

describe("a key inside a parent's URL", () => {
  it.each(canaries)(
    "does not get into the checkpoint, and the read resumes exactly: $name",
    async ({ secret }) => {
      const ids = [1, 2, 3];
      const server: Server = await serve("127.0.0.1", ({ url }, response) => {
        const { pathname, searchParams } = new URL(url, "http://x");
        if (pathname === "/users")
          json(response, 200, {
            items: ids.map((id) => ({
              id,
              posts: `${server.url}/posts/${id}?key=${encodeURIComponent(secret)}`,
            })),
          });
        else {
          const page = Number(searchParams.get("page") ?? 1);
          const next = `${server.url}${pathname}?key=${encodeURIComponent(secret)}&page=${page + 1}`;
          json(response, 200, { items: [{ at: `${pathname}.${page}` }], next: page < 2 ? next : null });
        }
      });
      const users: ResourceShape = {
        name: "users",
        path: "/users",
        select: ["items"],
        paginator: singlePage(),
      };
      const posts: ResourceShape = {
        name: "posts",
        path: "{resources.users.posts}",
        select: ["items"],
        paginator: jsonLink({ nextUrlPath: ["next"] }),
        plan: plan(parents({ parent: "users", values: { "resources.users.posts": ["posts"] } })),
      };
      const source: Source = {
        name: "shop",
        baseUrl: server.url,
        options: { "secrets.key": { option: "key", env: "LEAKS_TEST_KEY" } },
        auth: apiKey({ apiKey: template, name: "key", location: "query" }),
        resources: { users, posts },
      };
      const reader = createNodeReader(source, { key: secret } as object);
      const pagesFrom = async (
        from?: object,
      ): Promise<{ records: readonly unknown[]; checkpoint: object }[]> => {
        const pages: { records: readonly unknown[]; checkpoint: object }[] = [];
        const stream = reader.read(
          posts as Resource<object, object>,
          {},
          from ? { from: from as never } : {},
        );
        for await (const { records, checkpoint } of stream.pages()) pages.push({ records, checkpoint });
        return pages;
      };
      const all = await pagesFrom();
      expect(all.flatMap(({ records }) => records)).toHaveLength(6);
      for (const [index, { checkpoint }] of all.slice(0, -1).entries()) {
        const stored = JSON.stringify(checkpoint);
        expect(leaks(stored, [secret])).toEqual([]);
        const rest = await pagesFrom(JSON.parse(stored) as object);
        expect(rest.map(({ records }) => records)).toEqual(
          all.slice(index + 1).map(({ records }) => records),
        );
      }
    },
  );
});
