import { describe, expect, it } from "vitest";
import { queryEncoder, type JsonValue } from "../../../runtime/src/index.js";
import type { QueryEncoderOptions } from "../../../runtime/src/http/query-encoder.js";
import { fakeFetch, open } from "../fixtures.js";

/** The pairs of a value under the name `f`, as `name=value`. */
function encode(options: QueryEncoderOptions, value: JsonValue): string[] {
  return queryEncoder(options)
    .encode("f", value)
    .map(([name, text]) => `${name}=${text}`);
}

const list = [1, null, "a,b", true, { x: 1 }, [2, 3]];
const object = { a: { b: 1, no: null }, l: ["x", null, "y"], t: false };

describe("a list in the query", () => {
  it.each([
    { arrays: "repeat", want: ["f=1", "f=a,b", "f=true", 'f={"x":1}', "f=[2,3]"] },
    { arrays: "comma", want: ['f=1,a,b,true,{"x":1},[2,3]'] },
    { arrays: "brackets", want: ["f[]=1", "f[]=a,b", "f[]=true", 'f[]={"x":1}', "f[][]=2", "f[][]=3"] },
    {
      arrays: "indices",
      want: ["f[0]=1", "f[1]=a,b", "f[2]=true", 'f[3]={"x":1}', "f[4][0]=2", "f[4][1]=3"],
    },
  ] as const)("is written by $arrays", ({ arrays, want }) => {
    expect(encode({ arrays }, list)).toEqual(want);
    expect(encode({ arrays }, [])).toEqual([]);
    expect(encode({ arrays }, [null])).toEqual([]);
  });
});

describe("an object in the query", () => {
  it.each([
    { options: { objects: "json" }, want: [`f=${JSON.stringify(object)}`] },
    { options: { objects: "deep" }, want: ["f[a][b]=1", "f[l]=x", "f[l]=y", "f[t]=false"] },
    { options: { objects: "deep", arrays: "comma" }, want: ["f[a][b]=1", "f[l]=x,y", "f[t]=false"] },
    {
      options: { objects: "deep", arrays: "indices" },
      want: ["f[a][b]=1", "f[l][0]=x", "f[l][1]=y", "f[t]=false"],
    },
    { options: { objects: "brackets" }, want: ["f[a][b]=1", "f[l][]=x", "f[l][]=y", "f[t]=false"] },
    {
      options: { objects: "brackets", arrays: "comma" },
      want: ["f[a][b]=1", "f[l][]=x", "f[l][]=y", "f[t]=false"],
    },
  ] as const)("is written by $options", ({ options, want }) => {
    expect(encode(options, object)).toEqual(want);
    if (options.objects !== "json") expect(encode(options, {})).toEqual([]);
  });

  it("in a list states its index, or is JSON", () => {
    const rows = [{ a: 1, b: [2] }, { a: 3 }];
    expect(encode({ objects: "deep" }, rows)).toEqual(['f={"a":1,"b":[2]}', 'f={"a":3}']);
    expect(encode({ objects: "deep", arrays: "indices" }, rows)).toEqual([
      "f[0][a]=1",
      "f[0][b][0]=2",
      "f[1][a]=3",
    ]);
    expect(encode({ objects: "brackets", arrays: "brackets" }, rows)).toEqual([
      "f[][a]=1",
      "f[][b][]=2",
      "f[][a]=3",
    ]);
  });
});

describe("a query", () => {
  it.each([null, "x", 0, false, "", 1.5])("writes the scalar %j as without an encoder", (value) => {
    const want = value === null ? [] : [`f=${String(value)}`];
    for (const arrays of ["repeat", "comma", "brackets", "indices"] as const)
      expect(encode({ arrays, objects: "deep" }, value)).toEqual(want);
    expect(encode({}, value)).toEqual(want);
  });

  it("is encoded, static parameters and the caller's alike", async () => {
    const { fetch, seen } = fakeFetch(() => ({ body: { items: [] } }));
    const encoder = queryEncoder({ arrays: "brackets", objects: "deep" });
    const read = open({
      url: "http://api.test",
      resource: { encode: encoder, query: { ids: [1, 2] }, params: { filter: "query" } },
      options: { fetch },
    });
    await read({}, { filter: { name: { like: "a&b" }, gone: null } }).toArray();
    expect([...(seen[0]?.query ?? [])].slice(0, 3)).toEqual([
      ["ids[]", "1"],
      ["ids[]", "2"],
      ["filter[name][like]", "a&b"],
    ]);
    expect(encoder.options).toEqual({ arrays: "brackets", objects: "deep" });
  });
});
