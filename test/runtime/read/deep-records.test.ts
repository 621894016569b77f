import { describe, expect, it } from "vitest";
import {
  flatten,
  incremental,
  jsonLines,
  plan,
  query,
  remove,
  rename,
  singlePage,
} from "../../../runtime/src/index.js";
import type { ResourceShape } from "../../../runtime/src/plugin.js";
import { errorOf, fakeFetch, open } from "../fixtures.js";

const values = [
  { kind: "lists", nest: (depth: number) => "[".repeat(depth) + "]".repeat(depth) },
  { kind: "objects", nest: (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}` },
];
const daily = plan(incremental({ cursor: ["day"], initial: "2024-01-01" }));

function read(value: string, resource: Partial<ResourceShape>) {
  const record = (id: number, field: string): string => `{"id":${id},"day":"2024-01-02","v":${field}}`;
  const lines = [record(1, value), record(2, "1")];
  const body = resource.decode ? lines.join("\n") : `{"items":[${lines.join()}]}`;
  const { fetch } = fakeFetch(() => ({ body }));
  const setup = { paginator: singlePage(), ...resource };
  return open({ url: "http://api.test", resource: setup, options: { fetch } })().toArray();
}

describe.each(values)("a record with nested $kind", ({ nest }) => {
  const readable: readonly { readonly what: string; readonly resource: Partial<ResourceShape> }[] = [
    { what: "with a key", resource: {} },
    { what: "by an incremental read with a key", resource: { plan: daily } },
    { what: "selected at any depth", resource: { select: query([{ descend: { name: "items" } }, "[*]"]) } },
    { what: "flattened", resource: { shape: [flatten()] } },
    { what: "renamed", resource: { shape: [rename({ v: "w" })] } },
    { what: "removed", resource: { shape: [remove(["v"])] } },
    { what: "decoded from lines", resource: { decode: jsonLines(), select: [] } },
  ];
  it.each(readable)("is read $what", async ({ resource }) => {
    for (const depth of [100, 10_000, 100_000]) expect(await read(nest(depth), resource)).toHaveLength(2);
  });

  const wholes: readonly { readonly what: string; readonly resource: Partial<ResourceShape> }[] = [
    { what: "without a key", resource: { primaryKey: [] } },
    { what: "as a key", resource: { primaryKey: ["v"], plan: daily } },
    { what: "by an incremental read without a key", resource: { primaryKey: [], plan: daily } },
  ];
  it.each(wholes)("is read or refused $what", async ({ resource }) => {
    expect(await read(nest(100), resource)).toHaveLength(2);
    const error = await errorOf(read(nest(100_000), resource));
    expect(error).toMatchObject({ name: "ValidationError", code: "INVALID_RECORD", page: 1 });
    expect(error.message).toContain("nested too deeply");
  });
});
