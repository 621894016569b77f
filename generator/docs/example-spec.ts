import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { isError } from "../diagnostics.js";
import { loadSpec } from "../spec/load/load.js";
import { parseSpec } from "../spec/parse.js";
import type { Spec } from "../spec/spec.js";

/** The way from the root of a spec to a value. */
export type ExamplePath = readonly (string | number)[];

/** A spec of a parent, `users`, and the resource that examples are about. */
function setting(path: string, endpoint: JsonObject, resource: JsonObject = {}): JsonObject {
  const common = { data_selector: "$", paginator: "single_page" };
  return {
    client: { base_url: "https://api.example.com" },
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

const RANGE: JsonObject = {
  params: { since: "{incremental.start_value}", until: "{incremental.end_value}" },
  incremental: { cursor_path: "updated_at", initial_value: "2024-01-01T00:00:00Z" },
};

/** Specs that examples are put into. In the first one, most things can be said; the others are for what excludes them. */
const SETTINGS: readonly JsonObject[] = [
  setting(
    "/users/{resources.users.id}/posts",
    {
      ...RANGE,
      params: { ...(RANGE["params"] as JsonObject), owner: { type: "input" }, repo: { type: "input" } },
      response_actions: [{ action: "ignore", json_path: "code", equals: 1 }],
    },
    { partitions: { region: ["eu", "us"] } },
  ),
  setting("/posts", RANGE),
  setting("/posts", {}),
  setting("/users/{name}/posts", {}),
];

/** What the parser makes of a spec, and its errors as `code: message`. */
export interface ParsedExample {
  readonly spec?: Spec;
  readonly errors: readonly string[];
}

/** Puts a value into a spec at a path, in place of what stands there, and parses that; the best of several specs. */
export async function parseExample(path: ExamplePath, value: unknown): Promise<ParsedExample> {
  const results = await Promise.all(SETTINGS.map((one) => parse(put(one, path, value as JsonValue))));
  return results.find(({ spec }) => spec) ?? results[0] ?? { errors: [] };
}

async function parse(spec: JsonValue): Promise<ParsedExample> {
  const document = await loadSpec("example.json", JSON.stringify(spec));
  const { spec: parsed, diagnostics } = parseSpec(document, { literalSecrets: "error" });
  const errors = diagnostics.filter(isError).map(({ code, message }) => `${code}: ${message}`);
  return { ...(parsed && { spec: parsed }), errors };
}

function put(whole: JsonValue | undefined, [step, ...rest]: ExamplePath, value: JsonValue): JsonValue {
  if (step === undefined) return value;
  if (typeof step === "number") {
    const items = Array.isArray(whole) ? [...(whole as readonly JsonValue[])] : [];
    items[step] = put(items[step], rest, value);
    return items;
  }
  const fields =
    typeof whole === "object" && whole !== null && !Array.isArray(whole) ? (whole as JsonObject) : {};
  return { ...fields, [step]: put(fields[step], rest, value) };
}
