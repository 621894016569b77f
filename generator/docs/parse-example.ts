import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { isError } from "../diagnostics.js";
import { loadSpec } from "../spec/load/load.js";
import { parseSpec } from "../spec/parse.js";
import type { Spec } from "../spec/spec.js";
import { withValue } from "../spec/values.js";
import { exampleOrigin } from "./example-source.js";

/** A path from the root of a spec to a value. */
export type ExamplePath = readonly (string | number)[];

/** Creates a spec with a parent, `users`, and the resource for examples, `posts`. */
function createContext(path: string, endpoint: JsonObject, resource: JsonObject = {}): JsonObject {
  const common = { data_selector: "$", paginator: "single_page" };
  return {
    client: { base_url: exampleOrigin },
    resources: [
      { name: "users", primary_key: "id", endpoint: { path: "/users", ...common }, schema: true },
      {
        name: "posts",
        ...resource,
        endpoint: { path, ...common, ...endpoint },
        schema: true,
      },
    ],
  };
}

/** The resource for examples without a request. */
function withoutEndpoint(): JsonObject {
  const { resources, ...context } = createContext("", {});
  const [users = null] = resources as readonly JsonValue[];
  return { ...context, resources: [users, { name: "posts", records: [{ id: 1 }] }] };
}

const range: JsonObject = {
  params: { since: "{incremental.start_value}", until: "{incremental.end_value}" },
  incremental: { cursor_path: "updated_at", initial_value: "2024-01-01T00:00:00Z" },
};

/** Specs in which examples are parsed. The first allows most keys; the others allow keys that exclude those. */
const contexts: readonly JsonObject[] = [
  createContext(
    "/users/{resources.users.id}/posts",
    {
      ...range,
      params: { ...(range["params"] as JsonObject), owner: { type: "input" }, repo: { type: "input" } },
      response_actions: [{ action: "ignore", json_path: "code", equals: 1 }],
    },
    { partitions: { region: ["eu", "us"] } },
  ),
  createContext("/posts", range),
  createContext("/posts", {}),
  createContext("/users/{name}/posts", {}),
  createContext("/posts", { paginator: { type: "page_number" } }),
  createContext("/posts", { paginator: "cursor" }),
  createContext("/posts", { paginator: "cursor", incremental: { state_path: "nextSyncToken" } }),
  createContext("", { path: null, export_job: { create: { path: "/exports" } } }),
  createContext("/posts", { export_job: { create: { path: "/exports" } } }),
  createContext("/users/{resources.users.member_ids}/posts", {}),
  withoutEndpoint(),
];

/** The parsed spec of an example, and its errors as `code: message`. */
export interface ParsedExample {
  readonly spec?: Spec;
  readonly errors: readonly string[];
}

/** Parses a value at a path in one context after the other. Returns the first result without errors, otherwise the first. */
export async function parseExample(path: ExamplePath, value: unknown): Promise<ParsedExample> {
  let first: ParsedExample | undefined;
  for (const context of contexts) {
    const parsed = await parse(withValue(context, path, value as JsonValue));
    if (parsed.spec) return parsed;
    first ??= parsed;
  }
  return first ?? { errors: [] };
}

async function parse(spec: JsonValue): Promise<ParsedExample> {
  const document = await loadSpec("example.json", JSON.stringify(spec));
  const { spec: parsed, diagnostics } = parseSpec(document, { literalSecrets: "error" });
  const errors = diagnostics.filter(isError).map(({ code, message }) => `${code}: ${message}`);
  return { ...(parsed && { spec: parsed }), errors };
}
