import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import type { BodyFormat, FieldChange, Kind } from "@connector-gen/runtime/kinds";
import { expect } from "vitest";
import type { SourceIr } from "../../generator/ir/source-ir.js";
import { keyOfKind, readKindUse, readUse } from "../../generator/spec/kinds.js";
import type { specWith } from "../spec/parse-text.js";

/** A request, with its URL, headers and body in one text. */
export interface Sent {
  readonly url: string;
  readonly body: string;
  readonly text: string;
}

/** The result of a read with an example. */
export interface Outcome {
  readonly kind: Kind;
  readonly example: JsonValue;
  readonly source: SourceIr;
  readonly sent: readonly Sent[];
  readonly records: readonly JsonObject[];
}

/** The test of the examples of a family. */
export interface Setting {
  /** The parts of a spec that contain an example. */
  readonly spec: (example: JsonValue, kind: Kind) => Parameters<typeof specWith>[0];
  /** The response to a request. Default: one page of records. */
  readonly respond?: (request: Sent, outcome: Pick<Outcome, "kind" | "example">) => Response;
  /** Whether the mock server answers, page by page. */
  readonly isServed?: true;
  /** What must be true after the read. */
  readonly check: (outcome: Outcome) => void;
}

/** The records of every response. */
export const records: readonly JsonObject[] = [
  {
    id: 1,
    name: "Ann",
    status: "active",
    kind: "a",
    age: 20,
    createdAt: "2024-06-01",
    updated_at: "2024-06-01T00:00:00Z",
    internal: true,
    owner: { name: "Bo", email: "bo@example.com" },
    author: { age: 20 },
  },
];

const text = (value: unknown): string => JSON.stringify(value);

/** A range that requests may name. */
const range = { cursor_path: "updated_at", initial_value: "2024-01-01T00:00:00Z" };

/** The settings of all families. */
export const settings: Readonly<Record<Kind["family"], Setting>> = {
  auth: {
    // Some credentials are sent in bodies.
    spec: (example) => ({ client: { auth: example }, endpoint: { method: "POST", json: { a: 1 } } }),
    respond: ({ url }) => {
      const token = "s3cr-issued";
      return Response.json(
        url.includes("/items")
          ? { items: records }
          : { access_token: token, token, data: { token }, sid: token, expires_in: 3600 },
        { headers: { "x-token": token, "set-cookie": `sid=${token}; Path=/` } },
      );
    },
    check: ({ kind, source, sent, records: read }) => {
      expect(read).toEqual(records);
      const last = sent.at(-1);
      expect(last?.url).toMatch(/^https:\/\/api\.example\.com\/items/);
      expect(hasSecret(last?.text ?? "")).toBe(true);
      expect(sent).toHaveLength(/^(oauth2|session)/.test(kind.type) || asksForToken(source) ? 2 : 1);
    },
  },
  paginator: {
    spec: (example) => ({
      endpoint: {
        paginator: example,
        ...(text(example).includes("body_path") && { method: "POST", json: {} }),
      },
      resource: {
        primary_key: "id",
        schema: { type: "object", required: ["id"], properties: { id: { type: "integer" } } },
      },
    }),
    isServed: true,
    check: ({ records: read }) => expect(read.length).toBeGreaterThan(0),
  },
  pages: {
    spec: (example, kind) => ({
      endpoint: { paginator: "cursor", params: { all: true }, [keyOfKind(kind)]: example },
    }),
    respond: ({ url }) =>
      Response.json({ items: records, cursors: { next: url.includes("cursor=c2") ? null : "c2" } }),
    check: ({ example, sent, records: read }) => {
      expect(read).toHaveLength(2);
      expect(sent[0]?.url).toContain("/items?all=true");
      const { path } = example as { readonly path: string };
      expect(sent[1]?.url).toContain(path);
      expect(sent[1]?.url).not.toContain("all=");
    },
  },
  layout: {
    spec: (example) => ({ endpoint: { data_layout: example, data_selector: "items" } }),
    respond: (_, { kind }) => {
      const cells = [{ v: 1 }, { v: "Ann" }];
      const bodies: Readonly<Record<string, object>> = {
        keyed: { items: { EUR: { id: 1 }, USD: 2 } },
        columns: { items: { id: [1, 2], name: ["Ann", "Bo"] } },
        rows: { columns: ["id", "name"], fields: [{ name: "id" }, { name: "name" }], items: [cells, cells] },
      };
      return Response.json(bodies[kind.type]);
    },
    check: ({ kind, records: read }) => {
      expect(read).toHaveLength(2);
      expect(Object.keys(read[0] ?? {})).toEqual(kind.type === "keyed" ? ["code", "id"] : ["id", "name"]);
    },
  },
  decoder: {
    spec: (example) => ({ endpoint: { decoder: example, data_selector: "$" } }),
    respond: (_, { kind, example }) => {
      const { contentType, write } = kind.format as BodyFormat;
      const { options = {} } = readKindUse("decoder", example, { path: [], report: fail }) ?? {};
      const body = write([...records, ...records], { options, sample: records });
      return new Response(body, { headers: { "content-type": contentType } });
    },
    check: ({ records: read }) => expect(read).toHaveLength(2),
  },
  encoder: {
    spec: (example) => ({
      endpoint: { ...(example as JsonObject), params: { ids: [1, 2], filter: { a: 1 } } },
    }),
    check: ({ sent }) => {
      expect(sent).toHaveLength(1);
      expect(decodeURIComponent(sent[0]?.url ?? "")).not.toContain('?ids=1&ids=2&filter={"a":1}');
    },
  },
  body: {
    spec: (example, kind) => ({
      endpoint: { method: "POST", [keyOfKind(kind)]: example, incremental: range },
    }),
    check: ({ sent }) => {
      expect(sent).toHaveLength(1);
      expect(sent[0]?.body).toMatch(/./);
      expect(sent[0]?.body).not.toContain("incremental.");
    },
  },
  actions: {
    spec: (example) => ({ endpoint: { response_actions: example } }),
    respond: () => new Response("", { status: 404 }),
    check: ({ records: read, sent }) => expect([read, sent.length]).toEqual([[], 1]),
  },
  cookies: {
    spec: (example) => ({
      client: { cookies: example },
      endpoint: { paginator: { type: "page_number", maximum_page: 2 } },
    }),
    respond: ({ url }) =>
      Response.json({ items: [{ id: url }] }, { headers: { "set-cookie": "sid=s3cr-session" } }),
    check: ({ sent }) => {
      expect(sent).toHaveLength(2);
      expect(sent.map(({ text: all }) => all.includes(`"cookie":"sid=s3cr-session"`))).toEqual([false, true]);
    },
  },
  limiter: {
    spec: (example) => ({ endpoint: { rate_limit: example } }),
    check: ({ records: read }) => expect(read).toEqual(records),
  },
  shaper: {
    spec: (example, kind) => ({
      endpoint: { params: { region: "{partitions.region}" } },
      resource: { partitions: { region: ["eu"] }, processing_steps: [{ [keyOfKind(kind)]: example }] },
    }),
    check: ({ kind, example, records: read }) => {
      expect(read).toHaveLength(1);
      const use = readUse(kind, example, { path: [], report: fail });
      const change = kind.hook ? undefined : kind.reshape?.(use.options);
      expect(Object.keys(read[0] ?? {}).sort()).toEqual(
        change ? changedNames(change, read[0] ?? {}).sort() : Object.keys(records[0] ?? {}).sort(),
      );
    },
  },
  plan: {
    spec: (example, kind) => {
      const key = keyOfKind(kind);
      switch (kind.type) {
        case "partitions":
          return {
            endpoint: { params: { region: "{partitions.region}" } },
            resource: { [key]: example },
          };
        case "static_records":
          return { resource: { endpoint: null, schema: null, [key]: example } };
        case "export_job":
          return { endpoint: { path: null, [key]: example } };
        default:
          return {
            endpoint: {
              [key]: example,
              params:
                kind.type === "sync_token"
                  ? { since: "2024-01-01" }
                  : { since: "{incremental.start_value}", until: "{incremental.end_value}" },
            },
          };
      }
    },
    respond: ({ url }) =>
      url.includes("/exports")
        ? Response.json(
            { id: 7, state: "done", files: [{ url: "/items?part=1" }, { url: "/items?part=2" }] },
            { headers: { location: "/exports/7" } },
          )
        : Response.json({ items: records, nextSyncToken: "t1", sync: { token: "t1" } }),
    check: ({ kind, sent, records: read }) => {
      expect(read.length).toBeGreaterThan(0);
      const urls = sent.map(({ url }) => url);
      const wanted: Readonly<Record<string, string>> = { partitions: "region=eu", export_job: "/exports" };
      if (kind.type === "static_records") expect(urls).toEqual([]);
      else expect(urls[0]).toContain(wanted[kind.type] ?? "since=2024-01-01");
      if (kind.type !== "export_job") expect(new Set(urls).size).toBe(urls.length);
    },
  },
};

function fail(problem: { readonly message: string }): never {
  throw new Error(problem.message);
}

/** The names of the fields of the record after a change. */
function changedNames(change: FieldChange, read: JsonObject): string[] {
  const names = Object.keys(records[0] ?? {});
  switch (change.type) {
    case "add":
    case "include":
      return [...names, ...Object.keys(change.fields)];
    case "rename":
      return names.map((name) => change.fields[name] ?? name);
    case "remove":
      return names.filter((name) => !change.fields.includes(name));
    case "flatten":
      expect(Object.values(read).every((value) => typeof value !== "object")).toBe(true);
      return Object.keys(read);
    case "replace":
      return Object.keys(read);
    default:
      return change satisfies never;
  }
}

/** Whether a request contains a secret: unchanged, in base64 (`s3cr` at its start or after a user name), or as a JWT. */
function hasSecret(request: string): boolean {
  const [, basic = ""] = /Basic ([\w+/=]+)/.exec(request) ?? [];
  return /s3cr|Bearer eyJ/.test(request + Buffer.from(basic, "base64").toString());
}

function asksForToken({ auth }: SourceIr): boolean {
  return /"tokenUrl"|"accessTokenUrl"/.test(text(Object.values(auth?.calls ?? {})[0] ?? auth));
}
