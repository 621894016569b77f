import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { ReadEvent } from "../../../runtime/src/index.js";
import { errorOf, fakeFetch, idsOf, open, pagesOf, type Row } from "../fixtures.js";

const schemas = {
  rows: z.object({ id: z.number().int(), name: z.string(), tags: z.array(z.string()).optional() }),
};

const good = (id: number): object => ({ id, name: "a", more: true });
const bad = { id: "s3cr-7", name: null, tags: ["x", 5] };

/** Two pages; the last record of the second page does not match the schema. */
function openApi(options: object = { schemas }): {
  read: ReturnType<typeof open>;
  warnings: () => { page: number; message: string }[];
  lines: string[];
  asked: () => number;
} {
  const events: ReadEvent[] = [];
  const lines: string[] = [];
  const { fetch, seen } = fakeFetch(({ query }) => ({
    body: { total: 2, items: query.get("page") === "1" ? [good(1), good(2)] : [good(3), bad] },
  }));
  const log = (line: string): void => void lines.push(line);
  const read = open({
    url: "http://api.test",
    options: {
      fetch,
      onEvent: (event: ReadEvent) => events.push(event),
      logger: { warn: log, error: log },
      ...options,
    },
  });
  const warnings = (): { page: number; message: string }[] =>
    events.filter((event) => event.type === "warning").map(({ page, message }) => ({ page, message }));
  return { read, warnings, lines, asked: () => seen.length };
}

describe("validate", () => {
  it.each([{}, { validate: "off" }] as const)("%o looks at nothing", async (options) => {
    const { read, warnings } = openApi();
    expect(await read(options).toArray()).toHaveLength(4);
    expect(warnings()).toEqual([]);
  });

  it("warn names the problem, without the value, and continues", async () => {
    const { read, warnings, lines } = openApi();
    const records = await read({ validate: "warn" }).toArray();
    expect(records).toHaveLength(4);
    expect(records[3]).toEqual(bad);
    expect(warnings()).toEqual([
      { page: 2, message: expect.stringMatching(/^record 2 does not match its schema \(id: /) as string },
    ]);
    expect(lines).toEqual([`shop.rows page 2: ${warnings()[0]?.message}`]);
    expect(lines.join()).not.toContain("s3cr");
  });

  it("error ends the read at the page, after every record before it, with a checkpoint before the page", async () => {
    const { read, asked } = openApi();
    const got: number[] = [];
    const reading = (async () => {
      for await (const { id } of read({ validate: "error" })) got.push(id);
    })();
    const error = await errorOf(reading);
    expect(error).toMatchObject({
      name: "ValidationError",
      code: "INVALID_RECORD",
      page: 2,
      checkpoint: { page: 1 },
    });
    expect(error.message).toMatch(/record 2 does not match its schema \(id: .*\)/);
    expect(error.message).not.toContain("s3cr");
    expect(got).toEqual([1, 2]);
    expect(asked()).toBe(2);
  });

  it("gives records as they came: a schema neither drops nor changes anything", async () => {
    const changing = { rows: z.object({ id: z.number().transform(String) }) };
    const { read } = openApi({ schemas: changing });
    const [page] = await pagesOf(read({ validate: "error", maxPages: 1 }));
    expect(page?.records).toEqual([good(1), good(2)]);
    expect(idsOf(page?.records as readonly Row[])).toEqual([1, 2]);
  });

  const wrong: readonly { name: string; options: object }[] = [
    { name: "no schemas", options: {} },
    { name: "no schema for the resource", options: { schemas: { others: z.any() } } },
  ];
  it.each(wrong)("with $name is an error, in both modes", async ({ options }) => {
    for (const validate of ["warn", "error"] as const) {
      const { read } = openApi(options);
      const error = await errorOf(read({ validate }).toArray());
      expect(error).toMatchObject({ name: "ConnectorError", code: "INVALID_OPTIONS" });
      expect(error.message).toContain("schemas");
    }
  });

  const validator = (result: unknown): object => ({
    "~standard": { version: 1, vendor: "test", validate: () => result },
  });
  const failures = [
    {
      name: "a nested path",
      result: { issues: [{ path: ["a", { key: 0 }, "b"], message: "no" }] },
      want: "(a.0.b: no)",
    },
    { name: "the record itself", result: { issues: [{ path: [], message: "no" }] }, want: "(record: no)" },
    { name: "no path", result: { issues: [{ message: "no" }] }, want: "(record: no)" },
    { name: "no issue", result: { issues: [] }, want: "(record: invalid)" },
    { name: "a promise", result: Promise.resolve({ issues: [{ message: "no" }] }), want: "(record: no)" },
  ];
  it.each(failures)("accepts any Standard Schema: $name", async ({ result, want }) => {
    const { read } = openApi({ schemas: { rows: validator(result) } });
    expect((await errorOf(read({ validate: "error" }).toArray())).message).toContain(want);
  });

  it("refuses a validator that is not a Standard Schema", () => {
    expect(() => openApi({ schemas: { rows: { safeParse: () => ({ success: true }) } } })).toThrow(
      "shop: `schemas` must be Standard Schemas by resource name",
    );
  });
});
