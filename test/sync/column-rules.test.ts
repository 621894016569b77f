import { sync, type SyncReport } from "@connector-gen/sync";
import { expect, it } from "vitest";
import { createClient } from "./support/client.js";
import { reuseDuckDb } from "./support/database.js";
import { describeTargets, type TestTarget } from "./support/targets.js";

reuseDuckDb();

/** Loads items; `body` is the text of the response, so that numbers keep their form. */
async function load(
  { options }: TestTarget,
  { naming, ...resource }: { readonly naming?: "default" | "dlt" } & object,
  body: string,
): Promise<SyncReport> {
  const endpoint = { path: "items", data_selector: "items" };
  const fetch = (): Promise<Response> =>
    Promise.resolve(new Response(`{"items":${body}}`, { headers: { "content-type": "application/json" } }));
  const client = await createClient([{ name: "items", ...resource, endpoint }], {}, { fetch });
  return sync(client, { ...options, naming });
}

const types = `select column_name as c, data_type as t from information_schema.columns
  where table_name = 'items' and table_schema = current_schema() and column_name not like '%cg%' order by ordinal_position`;

describeTargets("values of columns, as dlt stores them", (targetOf, database) => {
  const isDuckDb = database === "DuckDB";

  it("integers beyond 2^53 are exact, unless the spec wants an error", async () => {
    const target = targetOf("big_integers");
    const columns = { doc: { data_type: "json" }, note: { data_type: "text" } };
    const body = `[{"id":9007199254740993,"doc":{"n":9223372036854775807},"note":9007199254740993,"list":[-9223372036854775808]}]`;
    expect(await load(target, { columns } as object, body)).toMatchObject({ status: "complete" });
    const text = isDuckDb ? "cast(json_extract(doc, '$.n') as varchar)" : "doc->>'n'";
    expect(await target.query(`select cast(id as varchar) as id, ${text} as n, note from items`)).toEqual([
      { id: "9007199254740993", n: "9223372036854775807", note: "9007199254740993" },
    ]);
    expect(await target.query("select cast(value as varchar) as v from items__list")).toEqual([
      { v: "-9223372036854775808" },
    ]);
    const endpoint = { path: "items", data_selector: "items", big_integers: "error" };
    const client = await createClient(
      [{ name: "items", endpoint }],
      {},
      {
        fetch: () => Promise.resolve(new Response(`{"items":[{"id":9007199254740993}]}`)),
      },
    );
    expect((await sync(client, target.options)).resources["items"]?.error?.code).toBe("BIG_INTEGER");
  });

  it("numbers with an exponent are doubles", async () => {
    const target = targetOf("exponents");
    expect(await load(target, {}, `[{"v":1e20},{"v":1.5},{"v":3},{"v":1e300}]`)).toMatchObject({
      status: "complete",
    });
    expect(await target.query(types)).toEqual([{ c: "v", t: isDuckDb ? "DOUBLE" : "double precision" }]);
    expect(await target.query("select v from items order by v")).toEqual(
      [1.5, 3, 1e20, 1e300].map((v) => ({ v })),
    );
  });

  it("times without a zone have the precision of their column", async () => {
    const target = targetOf("precision");
    const column = (precision: number | undefined): object => ({
      data_type: "timestamp",
      timezone: false,
      precision,
    });
    const columns = { a: column(0), b: column(3), c: column(undefined), d: column(9) };
    const time = "2024-01-02T03:04:05.987654Z";
    const body = JSON.stringify([{ a: time, b: time, c: time, d: time }]);
    expect(await load(target, { columns } as object, body)).toMatchObject({ status: "complete" });
    const list = ["a", "b", "c", "d"].map((name) => `cast(${name} as varchar) as ${name}`).join(", ");
    expect(await target.query(`select ${list} from items`)).toEqual([
      {
        a: "2024-01-02 03:04:06",
        b: "2024-01-02 03:04:05.988",
        c: "2024-01-02 03:04:05.987654",
        d: "2024-01-02 03:04:05.987654",
      },
    ]);
  });

  it.each(["default", "dlt"] as const)(
    "hints and keys may be names of columns: %s naming",
    async (naming) => {
      const target = targetOf(`names_${naming}`);
      const resource = {
        write_disposition: { disposition: "merge", strategy: "upsert" },
        primary_key: ["user_id", "of__code"],
        columns: {
          of__doc: { data_type: "json" },
          unit_price: { data_type: "double" },
          "Note Text": { data_type: "text" },
        },
      };
      const body = (price: number): string =>
        JSON.stringify([
          { userId: 1, of: { code: "a", doc: { x: 1 } }, unitPrice: price, "Note Text": 5 },
          { userId: 1, of: { code: "b", doc: [2] }, unitPrice: price },
        ]);
      for (const price of [1, 2])
        expect(await load(target, { ...resource, naming }, body(price))).toMatchObject({
          status: "complete",
        });
      const text = isDuckDb ? "cast(of__doc as varchar)" : "replace(of__doc::text, ' ', '')";
      expect(
        await target.query(
          `select of__code, ${text} as doc, unit_price, note_text from items order by of__code`,
        ),
      ).toEqual([
        { of__code: "a", doc: '{"x":1}', unit_price: 2, note_text: "5" },
        { of__code: "b", doc: "[2]", unit_price: 2, note_text: null },
      ]);
    },
  );

  it("a hint for a field of an object describes no field whose name is similar", async () => {
    const target = targetOf("similar");
    const columns = { "made.at": { data_type: "timestamp" }, "a.b": { data_type: "text" } };
    const body = `[{"made":{"at":"2024-01-02"},"made_at":5,"a.b":7}]`;
    expect(await load(target, { columns } as object, body)).toMatchObject({ status: "complete" });
    const found = (await target.query(types)).map(({ c, t }) => `${String(c)} ${String(t).toLowerCase()}`);
    expect(found.sort()).toEqual([
      `a_b ${isDuckDb ? "varchar" : "character varying"}`,
      "made__at timestamp with time zone",
      "made_at bigint",
    ]);
  });

  it.each([
    { what: "no record has it", columns: { owner: { nullable: false } }, body: `[{"id":1},{"id":2}]` },
    {
      what: "one record lacks it",
      columns: { owner: { nullable: false } },
      body: `[{"id":1,"owner":"a"},{"id":2}]`,
    },
    {
      what: "one record has null",
      columns: { owner: { nullable: false, data_type: "text" } },
      body: `[{"id":1,"owner":"a"},{"id":2,"owner":null}]`,
    },
    { what: "it is the key of an append", primary_key: "owner", columns: {}, body: `[{"id":1}]` },
    {
      what: "its value goes to another column",
      columns: { owner: { nullable: false, data_type: "bigint" } },
      body: `[{"id":1,"owner":"a"}]`,
    },
  ])("a column that is not nullable needs a value: $what", async ({ what, body, ...resource }) => {
    const target = targetOf(`required_${what.replaceAll(" ", "_")}`);
    const report = await load(target, resource, body);
    const message = expect.stringContaining("has no value in `owner`") as string;
    expect(report.resources["items"]).toMatchObject({
      status: "failed",
      error: { code: "INVALID_ROW", message },
    });
    expect(await target.query(types)).toEqual([]);
  });
});
