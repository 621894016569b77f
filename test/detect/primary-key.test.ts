import { describe, expect, it } from "vitest";
import { findPrimaryKey, type KeyHints } from "../../generator/detect/primary-key.js";

const hints: KeyHints = { name: "entries", path: "/entries", isChild: false };

describe("findPrimaryKey", () => {
  it.each([
    ["sys.id", { sys: { id: "a", type: "Entry" } }, { sys: { id: "b", type: "Entry" } }],
    ["metadata.uid", { metadata: { uid: 1 }, spec: {} }, { metadata: { uid: 2 }, spec: {} }],
  ])("says that an id is nested: %s", (path, ...records) => {
    const { value, reasons } = findPrimaryKey(records, hints);
    expect(value).toBeUndefined();
    expect(reasons).toEqual([
      `${path} has a different value in each record, but a primary key is a field of the record itself`,
    ]);
  });

  it.each([
    ["equal in several records", { owner: { id: 1 } }, { owner: { id: 1 } }],
    ["missing in a record", { owner: { id: 1 } }, { owner: {} }],
    ["in the only record", { owner: { id: 1 } }],
  ])("does not take a nested id for one that is %s", (_, ...records) => {
    expect(findPrimaryKey(records, hints).reasons).toEqual(["no field has a typical key name"]);
  });

  it.each(["pageid", "appid", "DOI", "arn"])("takes %s, which is different in each record", (name) => {
    const records = [1, 2, 3].map((n) => ({ [name]: `x${n}`, count: n, state: `s${n % 2}` }));
    expect(findPrimaryKey(records, hints).value).toBe(name);
  });

  it("takes the field that the key of a map became, whatever its name", () => {
    const records = [1, 2, 3].map((n) => ({ map_key: `x${n}`, slug: `s${n}` }));
    expect(findPrimaryKey(records, { ...hints, keyField: "map_key" }).value).toBe("map_key");
  });
});
