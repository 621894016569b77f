import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../generator/spec/hash.js";

describe("canonicalJson", () => {
  it.each([
    {
      name: "sorts keys",
      given: '{"b":[{"d":1,"c":null}],"a":"x"}',
      want: '{"a":"x","b":[{"c":null,"d":1}]}',
    },
    { name: "sorts numbers as text", given: '{"10":1,"9":2,"-":3}', want: '{"-":3,"10":1,"9":2}' },
    {
      name: "keeps __proto__",
      given: '{"a":1,"__proto__":{"z":1,"b":2}}',
      want: '{"__proto__":{"b":2,"z":1},"a":1}',
    },
    { name: "escapes keys", given: '{"\\"":1,"\\n":{}}', want: '{"\\n":{},"\\"":1}' },
  ])("$name", ({ given, want }) => {
    expect(canonicalJson(JSON.parse(given))).toBe(want);
  });

  it("prints the same text whatever the order of the keys, and loses nothing", () => {
    const json = fc.jsonValue({ stringUnit: "binary" });
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(fc.string(), fc.nat().map(String)), json), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
