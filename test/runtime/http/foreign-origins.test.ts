import { describe, expect, it } from "vitest";
import { apiKey, jsonLink, singlePage, type Checkpoint, type ReadEvent } from "../../../runtime/src/index.js";
import { isPrivateAddress } from "../../../runtime/src/http/private-address.js";
import { errorOf, fakeFetch, open, transports, type Setup } from "../fixtures.js";
import { answer, answerJson, serve, type TestServer } from "../server.js";

describe.each(transports)("a foreign origin over $transport", ({ open }) => {
  async function twoServers(
    setup: Omit<Setup, "url">,
  ): Promise<{ foreign: TestServer; events: ReadEvent[]; lines: string[]; read: () => Promise<unknown> }> {
    const foreign: TestServer = await serve((request, response) =>
      answerJson(response, {
        items: [{ id: request.query.get("page") }],
        next: request.query.get("page") === "2" ? `${foreign.url}/p?page=3` : null,
      }),
    );
    const server = await serve((request, response) => {
      if (request.path === "/moved")
        answer(response, 302, { headers: { location: `${foreign.url}/p?page=4` } });
      else answerJson(response, { items: [{ id: 1 }], next: `${foreign.url}/p?page=2` });
    });
    const events: ReadEvent[] = [];
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const read = open({
      url: server.url,
      source: setup.source ?? {},
      resource: { paginator: jsonLink({ nextUrlPath: ["next"] }), ...setup.resource },
      options: {
        logger: { warn: log, error: log },
        onEvent: (event) => events.push(event),
        ...setup.options,
      },
    });
    return { foreign, events, lines, read: () => read().toArray() };
  }
  const reported = (events: readonly ReadEvent[]): readonly unknown[] =>
    events.flatMap((event) =>
      event.type === "foreign_origin" ? [[event.page, event.origin, event.via]] : [],
    );

  it("of a link was followed silently: it is an event and a warning, once per read", async () => {
    const { foreign, events, lines, read } = await twoServers({});
    expect(await read()).toHaveLength(3);
    expect(reported(events)).toEqual([[2, foreign.url, "link"]]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(foreign.url);
    await read();
    expect(reported(events)).toHaveLength(2);
  });

  it("of a redirect was followed silently: it is an event and a warning", async () => {
    const { foreign, events, lines, read } = await twoServers({
      resource: { path: "/moved", paginator: singlePage() },
    });
    await read();
    expect(reported(events)).toEqual([[1, foreign.url, "redirect"]]);
    expect(lines).toHaveLength(1);
  });

  it("that the spec names is an event, not a warning, and never refused", async () => {
    const other = await serve((_, response) => answerJson(response, { items: [] }));
    const { events, lines, read } = await twoServers({
      source: { foreignOrigins: "error" },
      resource: { path: `${other.url}/rows`, paginator: singlePage() },
    });
    await read();
    expect(reported(events)).toEqual([[1, other.url, "spec"]]);
    expect(lines).toEqual([]);
  });

  it("of allowedOrigins is trusted", async () => {
    const other = await serve((_, response) => answerJson(response, { items: [] }));
    const { events, read } = await twoServers({
      resource: { path: `${other.url}/rows`, paginator: singlePage() },
      options: { allowedOrigins: [other.url] },
    });
    await read();
    expect(reported(events)).toEqual([]);
  });

  it.each([
    { name: "a link", setup: { source: { foreignOrigins: "error" } } },
    { name: "a link, by the endpoint", setup: { resource: { foreignOrigins: "error" } } },
    {
      name: "a redirect",
      setup: { source: { foreignOrigins: "error" }, resource: { path: "/moved", paginator: singlePage() } },
    },
  ] as const)("of $name is refused with `foreign_origins: error`", async ({ setup }) => {
    const { foreign, read } = await twoServers(setup);
    const error = await errorOf(read());
    expect(error).toMatchObject({ name: "AuthError", code: "UNTRUSTED_ORIGIN" });
    expect(error.message).toContain(foreign.url);
    expect(error.message).toContain("allowedOrigins");
    expect(foreign.seen).toHaveLength(0);
  });

  it("is followed if the endpoint permits it, despite the client", async () => {
    const { read } = await twoServers({
      source: { foreignOrigins: "error" },
      resource: { foreignOrigins: "follow" },
    });
    expect(await read()).toHaveLength(3);
  });
});

describe.each(transports)("a request without credentials over $transport", ({ open }) => {
  const hint = (origin: string): string =>
    `no credentials were sent to ${origin}: add it to \`allowedOrigins\` to send them`;

  it.each([401, 403])("that is refused with %i names allowedOrigins", async (status) => {
    const foreign = await serve((_, response) =>
      answer(response, status, { body: '{"message":"who are you?"}' }),
    );
    const moved = await serve((_, response) =>
      answer(response, 302, { headers: { location: `${foreign.url}/rows` } }),
    );
    const auth = apiKey({ apiKey: "{secrets.api_key}" });
    const common = { source: { auth }, options: { apiKey: "s3cr-key" } };
    const direct = { ...common, url: moved.url, resource: { path: `${foreign.url}/rows` } };
    for (const setup of [{ ...common, url: moved.url }, direct]) {
      const error = await errorOf(open(setup)().toArray());
      expect(error).toMatchObject({ name: "AuthError", status });
      expect(error.message).toContain(`"who are you?"; ${hint(foreign.url)}`);
    }
  });

  it("that returns from there names the origin to which it was sent", async () => {
    const foreign = await serve((_, response) =>
      answer(response, 302, { headers: { location: `${server.url}/back` } }),
    );
    const server: TestServer = await serve(({ path }, response) =>
      path === "/back"
        ? answer(response, 401)
        : answer(response, 302, { headers: { location: `${foreign.url}/rows` } }),
    );
    const error = await errorOf(open({ url: server.url })().toArray());
    expect(error.message).toContain(hint(foreign.url));
  });

  it("is one that a link of a foreign page leads to, also after a resumption", async () => {
    const foreign: TestServer = await serve((_, response) =>
      answerJson(response, { items: [{ id: 2 }], next: `${server.url}/chosen` }),
    );
    const server: TestServer = await serve(({ path, headers }, response) => {
      if (!headers["x-api-key"]) answer(response, 401);
      else answerJson(response, { items: [{ id: 1 }], next: `${foreign.url}/rows${path}` });
    });
    const read = open({
      url: server.url,
      source: { auth: apiKey({ apiKey: "{secrets.api_key}", name: "x-api-key" }) },
      resource: { paginator: jsonLink({ nextUrlPath: ["next"] }) },
      options: { apiKey: "s3cr-key" },
    });
    const error = await errorOf(read().toArray());
    expect(error).toMatchObject({ page: 3, status: 401 });
    expect(error.message).toContain(hint(foreign.url));
    const from = JSON.parse(JSON.stringify(error.checkpoint)) as Checkpoint;
    expect((await errorOf(read({ from }).toArray())).message).toContain(hint(foreign.url));
    const chosen = server.seen.filter(({ path }) => path === "/chosen");
    expect(chosen.map(({ headers }) => headers["x-api-key"])).toEqual([undefined, undefined]);
  });

  it("is not blamed on allowedOrigins where the origin has them, or answers otherwise", async () => {
    const server = await serve((_, response) => answer(response, 401));
    const foreign = await serve((_, response) => answer(response, 404));
    const path = `${foreign.url}/rows`;
    for (const setup of [{ url: server.url }, { url: server.url, resource: { path } }]) {
      const error = await errorOf(open(setup)().toArray());
      expect(error.message).not.toContain("allowedOrigins");
    }
  });
});

describe("denyPrivate", () => {
  const node = transports[1]?.open ?? open;
  it.each(["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]"])(
    "refuses the host %s, and nothing arrives",
    async (host) => {
      const server = await serve((_, response) => answerJson(response, { items: [] }));
      const url = server.url.replace("127.0.0.1", host);
      const error = await errorOf(node({ url, options: { denyPrivate: true } })().toArray());
      expect(error).toMatchObject({ name: "NetworkError", code: "PRIVATE_ADDRESS", attempts: [{}] });
      expect(server.seen).toHaveLength(0);
    },
  );

  it("does not use a connection that another client keeps open", async () => {
    const server = await serve((_, response) => answerJson(response, { items: [] }));
    const url = server.url.replace("127.0.0.1", "localhost");
    await node({ url })().toArray();
    const error = await errorOf(node({ url, options: { denyPrivate: true } })().toArray());
    expect(error.code).toBe("PRIVATE_ADDRESS");
    expect(server.seen).toHaveLength(1);
  });

  it("is an error where it cannot be enforced", () => {
    const { fetch } = fakeFetch(() => ({}));
    for (const create of [open, node])
      expect(() => create({ url: "http://a.test", options: { fetch, denyPrivate: true } })).toThrow(
        /denyPrivate.*omit `fetch`/,
      );
  });

  it.each([
    ...["0.0.0.0", "10.1.2.3", "100.64.0.1", "127.9.9.9", "169.254.169.254", "172.31.255.255", "192.168.0.1"],
    ...["224.0.0.1", "255.255.255.255", "::", "::1", "fc00::1", "fd12::1", "fe80::1%eth0", "ff02::1"],
    ...[
      "::ffff:10.0.0.1",
      "::ffff:a00:1",
      "64:ff9b::10.0.0.1",
      "64:ff9b::7f00:1",
      "2002:7f00:1::",
      "2001::1",
    ],
    ...["::10.0.0.1", "fec0::1", "64:ff9b:1::1", "nonsense", "1.2.3", ""],
  ])("counts %s as private", (address) => expect(isPrivateAddress(address)).toBe(true));

  it.each(["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])(
    "counts %s as public",
    (address) => expect(isPrivateAddress(address)).toBe(false),
  );
});

describe("a log line that a response could split", () => {
  it.each([
    { name: "line breaks", text: "bad\r\nshop.rows: forged line", want: "bad\\r\\nshop.rows: forged" },
    { name: "escape sequences", text: "a\u001b[2J\u0007b", want: "a\\u001b[2J\\u0007b" },
    { name: "bidirectional controls", text: "a\u202eb\u2066c\u061cd", want: "a\\u202eb\\u2066c\\u061cd" },
    { name: "line separators", text: "a\u2028b\u2029c\u0085d", want: "a\\u2028b\\u2029c\\u0085d" },
  ])("holds $name escaped", async ({ text, want }) => {
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const { fetch } = fakeFetch(() => ({ status: 400, body: { message: text } }));
    const read = open({ url: "http://api.test", options: { fetch, logger: { warn: log, error: log } } });
    const error = await errorOf(read().toArray());
    expect(lines).toEqual([error.message]);
    expect(error.message).toContain(want);
  });

  it("is limited for any size of keys, texts and links", async () => {
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const huge = "k".repeat(2 ** 23);
    const bodies: readonly object[] = [
      { [huge]: 1 },
      { message: huge },
      { items: [{ id: 1 }], next: `/${huge}` },
    ];
    for (const body of bodies) {
      const { fetch } = fakeFetch((_, n) =>
        n === 1 && "items" in body ? { body } : { status: "items" in body ? 404 : 200, body },
      );
      const read = open({
        url: "http://api.test",
        resource: { paginator: jsonLink({ nextUrlPath: ["next"] }) },
        options: { fetch, logger: { warn: log, error: log }, retry: { maxRetries: 0 } },
      });
      expect((await errorOf(read().toArray())).message.length).toBeLessThanOrEqual(2000);
    }
    expect(lines).toHaveLength(3);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(2000);
  });
});
