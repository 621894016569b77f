import { describe, expect, it } from "vitest";
import { z } from "zod";
import { explain, jsonSchema } from "../../../runtime/src/schemas.js";

/** The issues of a value as `path: message`. */
async function issuesOf(schema: z.ZodType, value: unknown): Promise<readonly string[]> {
  const { issues = [] } = await explain(schema)["~standard"].validate(value);
  return issues.map(({ path = [], message }) => `${path.map(String).join(".")}: ${message}`);
}

const shape = z.looseObject({
  name: z.string().check(jsonSchema({ maxLength: 3 })),
  state: z.literal(["open", "closed"]).exactOptional(),
  tags: z.array(z.string()).max(1).exactOptional(),
  owner: z
    .union([
      z.looseObject({ kind: z.literal("user"), id: z.int() }),
      z.looseObject({ kind: z.literal("team") }),
    ])
    .exactOptional(),
  note: z.union([z.string(), z.null()]).exactOptional(),
});

describe("an issue of a generated schema", () => {
  it.each([
    {
      name: "a wrong type",
      value: { name: 1 },
      want: "name: Invalid input: expected string, received number",
    },
    { name: "a missing field", value: {}, want: "name: Invalid input: expected string, received undefined" },
    {
      name: "a long text",
      value: { name: "secret" },
      want: "name: expected at most 3 characters, received 6",
    },
    {
      name: "another value of an enum",
      value: { name: "a", state: "secret" },
      want: 'state: Invalid option: expected one of "open"|"closed", received text of 6 characters',
    },
    {
      name: "too many items",
      value: { name: "a", tags: ["secret", "b"] },
      want: "tags: Too big: expected array to have <=1 items, received a list of 2 items",
    },
    {
      name: "no alternative",
      value: { name: "a", note: { secret: 1 } },
      want: "note: Invalid input, received an object of 1 field",
    },
    {
      name: "the only alternative that gets far",
      value: { name: "a", owner: { kind: "user", id: "secret" } },
      want: "owner: Invalid input, received an object of 2 fields",
    },
  ])("says path, expected and received: $name", async ({ value, want }) => {
    const issues = await issuesOf(shape, value);
    expect(issues).toEqual([want]);
    expect(issues.join()).not.toContain("secret");
  });

  it("leads into the alternative of a union", async () => {
    const schema = z.union([z.string(), z.looseObject({ id: z.int() })]);
    expect(await issuesOf(schema, { id: "x" })).toEqual([
      "id: Invalid input: expected number, received string",
    ]);
  });

  it("is absent for a valid value", async () => {
    expect(await issuesOf(shape, { name: "abc", state: "open", tags: ["a"], note: null })).toEqual([]);
  });
});
