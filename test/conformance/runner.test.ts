import { nodeTransport } from "../../runtime/src/http/node-transport.js";
import type { WireRequest } from "@connector-gen/runtime/plugin";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareError, compareRecords, compareRequests } from "./compare.js";
import { readEndpoints } from "./endpoints.js";
import { findHeaderProblems, isSameRequest, type SeenRequest } from "./match.js";
import { startReplay, type Replay, type Session } from "./replay.js";
import { extractSecrets } from "./secrets.js";
import type { Exchange, Vector, VectorRequest } from "./vector.js";

const recorded: VectorRequest = { method: "GET", path: "/a%2Fb", query: [["x", "1"]], headers: {} };
const seen: SeenRequest = {
  method: "GET",
  origin: "http://api.test",
  path: "/a%2Fb",
  query: [["x", "1"]],
  headers: {},
  body: "",
};
const json = { "content-type": "application/json" };
const form = { "content-type": "application/x-www-form-urlencoded" };

describe("a request is the recorded one", () => {
  it.each<readonly [string, Partial<SeenRequest>, Partial<VectorRequest>, boolean]>([
    ["as it is", {}, {}, true],
    ["by another method", { method: "POST" }, {}, false],
    ["at another origin", { origin: "http://other.test" }, {}, false],
    ["with the path decoded", { path: "/a/b" }, {}, false],
    [
      "with a query in another order",
      {
        query: [
          ["y", "2"],
          ["x", "1"],
        ],
      },
      {
        query: [
          ["x", "1"],
          ["y", "2"],
        ],
      },
      false,
    ],
    ["with a number in Python's notation", { query: [["x", "2"]] }, { query: [["x", "2.0"]] }, true],
    ["with a whole number written as a fraction", { query: [["x", "2.0"]] }, { query: [["x", "2"]] }, false],
    [
      "with the keys of its JSON in another order",
      { headers: json, body: '{"b":1,"a":2}' },
      { json: { a: 2, b: 1 } },
      true,
    ],
    ["with JSON without a type", { body: "{}" }, { json: {} }, false],
    ["with a body that was not recorded", { headers: json, body: "{}" }, {}, false],
    ["without the body null", {}, { json: null }, false],
    [
      "with the same form",
      { headers: form, body: "a=x+y&b=%26" },
      {
        form: [
          ["a", "x y"],
          ["b", "&"],
        ],
      },
      true,
    ],
    ["with another text", { body: "a" }, { text: "b" }, false],
  ])("%s: %#", (...[, mine, theirs, isSame]) => {
    expect(isSameRequest({ ...seen, ...mine }, { ...recorded, ...theirs })).toBe(isSame);
  });

  it("reports headers that differ, and credentials that were not recorded", () => {
    const sent = {
      ...seen,
      headers: { "x-a": "1", authorization: "Bearer t", "x-own": "secret-1", accept: "*/*" },
    };
    const problems = findHeaderProblems(sent, { ...recorded, headers: { "x-a": "2", "x-b": "3" } }, [
      "secret-1",
    ]);
    expect(problems.map((text) => / header ([\w-]+)/.exec(text)?.[1])).toEqual([
      "x-a",
      "x-b",
      "authorization",
      "x-own",
    ]);
  });
});

describe("the replay server", () => {
  const page = (id: number, status = 200): Exchange => ({
    request: { method: "GET", path: "/p", query: [], headers: {} },
    response: { status, headers: status === 429 ? { "Retry-After": "1" } : {}, json: id },
  });
  let replay: Replay;
  beforeAll(async () => {
    replay = await startReplay(nodeTransport());
  });
  afterAll(() => replay.close());

  const ask = async (session: Session, url: string): Promise<string> => {
    const signal = new AbortController().signal as unknown as WireRequest["signal"];
    const response = await session.transport.send({ method: "GET", url, headers: {}, signal });
    return `${response.status} ${await response.text(1000)}`;
  };

  it("sends the n-th response to the n-th request, then the last one again", async () => {
    const session = replay.open({ exchanges: [page(0), page(1)], requests: [1, 0], secrets: [] });
    const answers = [];
    for (let number = 0; number < 3; number++) answers.push(await ask(session, "http://api.test/p"));
    expect(answers).toEqual(["200 1", "200 0", "200 0"]);
    expect(session.requests()).toEqual([1, 0, 0]);
    expect(session.problems()).toEqual([]);
  });

  it("reports a request without an exchange", async () => {
    const session = replay.open({ exchanges: [page(0)], requests: [0], secrets: [] });
    expect(await ask(session, "http://other.test/p?x=1")).toBe("418 ");
    expect(session.problems()).toEqual(["unexpected request GET http://other.test/p?x=1"]);
  });

  it("objects to a retry before its time", async () => {
    const session = replay.open({ exchanges: [page(0, 429), page(1)], requests: [0, 1], secrets: [] });
    await ask(session, "http://api.test/p");
    await ask(session, "http://api.test/p");
    expect(session.problems()).toEqual([expect.stringMatching(/^asked again after \d+ ms, not after 1 s$/)]);
  });
});

describe("comparing", () => {
  it("accepts groups in any order, but requests within a group only in order", () => {
    const tools = { groupOf: (index: number) => (index < 2 ? "a" : "b"), exchanges: [] };
    expect(compareRequests([2, 0, 3, 1], [0, 1, 2, 3], tools)).toEqual([]);
    expect(compareRequests([1, 0, 2, 3], [0, 1, 2, 3], tools)).toHaveLength(1);
    expect(compareRequests([0, 1, 2], [0, 1, 2, 3], tools)).toHaveLength(1);
    expect(compareRequests([0, 1, 2, 3, 3], [0, 1, 2, 3], tools)).toHaveLength(1);
  });

  it("groups requests by their values from the parent", () => {
    const endpoint = {
      path: "kids",
      params: { p: "{resources.ps.id}" },
      headers: { "X-N": "{resources.ps.n}" },
    };
    const config = { client: { base_url: "http://api.test" }, resources: ["ps", { name: "kids", endpoint }] };
    const { groupOf, ancestorsOf } = readEndpoints({ config } as unknown as Vector);
    const request = (p: string, page: string, n: string): VectorRequest => ({
      method: "GET",
      path: "/kids",
      query: [
        ["p", p],
        ["page", page],
      ],
      headers: { "x-n": n },
    });
    expect(ancestorsOf("kids")).toEqual(["ps"]);
    expect(groupOf("kids", request("1", "1", "a"))).toBe(groupOf("kids", request("1", "2", "a")));
    expect(groupOf("kids", request("1", "1", "a"))).not.toBe(groupOf("kids", request("2", "1", "a")));
    expect(groupOf("kids", request("1", "1", "a"))).not.toBe(groupOf("kids", request("1", "1", "b")));
  });

  it("compares unchanged records", () => {
    expect(compareRecords([{ a: [1, null] }], [{ a: [1, null] }])).toEqual([]);
    expect(compareRecords([{ a: 1 }], [{ a: 1, b: null }])).toHaveLength(1);
    expect(compareRecords([{ a: "1" }], [{ a: 1 }])).toHaveLength(1);
    expect(compareRecords([1, 2], [2, 1])).toHaveLength(1);
    expect(compareRecords([1], [])).toHaveLength(1);
    expect(compareRecords([9007199254740993n], [{ $bigint: "9007199254740993" }])).toEqual([]);
    expect(compareRecords([9007199254740992], [{ $bigint: "9007199254740993" }])).toHaveLength(1);
  });

  it("takes errors by class and status", () => {
    const error = (name: string, status?: number): never =>
      ({ name, code: "X", message: "", status }) as never;
    expect(compareError(error("HttpError", 404), { kind: "http", status: 404 })).toEqual([]);
    expect(compareError(error("HttpError", 404), { kind: "http", status: 500 })).toHaveLength(1);
    expect(compareError(error("HttpError", 404), { kind: "cursor" })).toHaveLength(1);
    expect(compareError(error("DecodeError"), { kind: "other" })).toEqual([]);
    expect(compareError(error("PageError"), { kind: "config" })).toHaveLength(1);
    expect(compareError(error("PageError"), null)).toHaveLength(1);
    expect(compareError(undefined, { kind: "other" })).toHaveLength(1);
  });

  it("takes secrets out of a config and knows them by name", () => {
    const { config, secrets } = extractSecrets({
      client: {
        base_url: "http://api.test",
        auth: { token: "t-1" },
        headers: { Authorization: "Token abc" },
      },
      resources: [],
    });
    expect(JSON.stringify(config)).not.toMatch(/t-1|abc/);
    expect([...secrets.values()].sort()).toEqual(["abc", "t-1"]);
  });
});
