import { readState, sync, type Connection, type Destination } from "@connector-gen/sync";
import fc from "fast-check";
import { expect, it } from "vitest";
import { toDestination } from "../../sync/src/destinations/open.js";
import { createClient } from "./support/client.js";
import { reuseDuckDb } from "./support/database.js";
import { describeTargets, type TestTarget } from "./support/targets.js";

reuseDuckDb();

type Item = Readonly<Record<string, unknown>>;

const itemConstraints = [
  "check (name is not null and price < 3)",
  "check (price > 0)",
  "check (length(code) < 3 or price = 1)",
  "unique (code)",
  "unique (code, price)",
  "unique (name, price)",
  "foreign key (owner) references owners (id)",
  "check (1 / price < 5)",
];
const tagConstraints = ["check (label <> 'bad')", "unique (label)", "check (n > 0 or label is null)"];
/** A constraint in a column's definition, and an index: no query of ours evaluates the latter. */
const columns = ["name varchar", "name varchar not null"];
const indexes = ["", "create unique index lower_code on items (lower(code))"];

const write = fc.constantFrom<object>(
  { write_disposition: "merge", primary_key: "id" },
  { write_disposition: { disposition: "merge", strategy: "upsert" }, primary_key: "id" },
  { write_disposition: "replace" },
  { write_disposition: { disposition: "merge", strategy: "scd2" } },
);

const tags = fc.array(
  fc.record({ label: fc.constantFrom("x", "y", "z", "bad", undefined), n: fc.constantFrom(0, 1, 2) }),
  { maxLength: 2 },
);
const items = fc.array(
  fc.record({
    price: fc.constantFrom(-1, 0, 1, 2, 4, undefined),
    code: fc.constantFrom("a", "A", "b", "long", undefined),
    name: fc.constantFrom("n", "m", "o", undefined),
    owner: fc.constantFrom(1, 2, 9, undefined),
    tags,
  }),
  { minLength: 1, maxLength: 9 },
);

const cases = fc.record({
  write,
  items: fc.tuple(items, items),
  own: fc.subarray(itemConstraints),
  tagsOwn: fc.subarray(tagConstraints),
  name: fc.constantFrom(...columns),
  index: fc.constantFrom(...indexes),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

/** The second row conflicts with the first one, and the third one only with the second one. */
const chain: Case = {
  write: { write_disposition: "merge", primary_key: "id" },
  items: [
    [],
    [
      { price: 1, code: "a", name: "n", owner: 1, tags: [] },
      { price: 1, code: "a", name: "m", owner: 1, tags: [] },
      { price: 1, code: "b", name: "m", owner: 1, tags: [] },
    ],
  ],
  own: ["unique (code)", "unique (name, price)"],
  tagsOwn: [],
  name: "name varchar",
  index: "",
};

/** The destination, whose search for refused rows knows no constraints. */
function withoutConstraints(inner: Destination): Destination {
  const connect: Destination["connect"] = async (options) => {
    const { constraints: _, ...connection } = await inner.connect(options);
    return connection;
  };
  return { ...inner, connect };
}

/** Loads the items of a case in two runs. Returns the rows that were refused and those that were loaded, as sorted texts. */
async function load(
  { options, query }: TestTarget,
  { write: how, items: runs, own, tagsOwn, name, index }: Case,
  change: (inner: Destination) => Destination,
): Promise<readonly (readonly string[])[]> {
  const technical = "_cg_id varchar not null, _cg_load_id varchar, _cg_hash varchar";
  await query(
    "create table owners (id bigint primary key)",
    "insert into owners values (1), (2)",
    `create table items (${[technical, "id bigint", name, "price bigint, code varchar, owner bigint", ...own].join(", ")})`,
    `create table items__tags (${["_cg_id varchar, _cg_parent_id varchar, _cg_root_id varchar, _cg_list_idx bigint, label varchar, n bigint", ...tagsOwn].join(", ")})`,
    ...(index ? [index] : []),
  );
  const endpoint = { path: "items", data_selector: "items", paginator: "single_page" };
  for (const run of runs) {
    const served = { "/items": { items: run.map((item: Item, id) => ({ id, ...item })) } };
    const client = await createClient([{ name: "items", ...how, endpoint }], served);
    const report = await sync(client, { ...options, to: change(toDestination(options.to)) });
    // DuckDB checks an index, unlike a constraint, against rows that the same transaction has deleted.
    if (report.status === "failed" && index) return [["failed"]];
    expect(report.status).toBe("complete");
  }
  const { rejected } = await readState(options.to, { schema: options.schema });
  const refused = rejected.map(({ table, row }) => {
    const { id, price, code, name: own, owner, label } = JSON.parse(row) as Item;
    return JSON.stringify([table, id, price, code, own, owner, label]);
  });
  const kept = await query(
    `select cast(id as varchar) || coalesce(code, '-') || coalesce(cast(price as varchar), '-') || coalesce(name, '-')
       || coalesce((select string_agg(coalesce(t.label, '-'), ',' order by t.label) from items__tags t where t._cg_parent_id = i._cg_id), '') as text
     from items i`,
  );
  return [refused.sort(), kept.map(({ text }) => String(text)).sort()];
}

describeTargets("rows that violate constraints of random tables", (targetOf, database) => {
  it.runIf(database === "DuckDB")(
    "are those that a search by attempts finds",
    async () => {
      let count = 0;
      await fc.assert(
        fc.asyncProperty(cases, async (given) => {
          const name = `random_${++count}`;
          const explained = await load(targetOf(name), given, (inner) => inner);
          expect(explained).toEqual(await load(targetOf(`${name}_search`), given, withoutConstraints));
        }),
        { numRuns: Number(process.env["RUNS"] ?? 3), examples: [[chain]] },
      );
    },
    120_000,
  );

  it.runIf(database === "DuckDB")("are found by a few queries, with their constraint", async () => {
    const target = targetOf("few");
    await target.query(
      `create table items (_cg_id varchar, _cg_load_id varchar, _cg_hash varchar, id bigint, code varchar unique,
         price bigint check (price > 0), name varchar not null)`,
    );
    const total = 600;
    const served = Array.from({ length: total }, (_, id) => ({
      id,
      price: id % 20 === 7 ? -1 : 1,
      code: id % 30 === 1 ? "twin" : `code ${id}`,
      name: id % 50 === 3 ? undefined : "name",
    }));
    const refused = { price: 30, name: 12, code: 19 };
    const endpoint = { path: "items", data_selector: "items", paginator: "single_page" };
    const resource = { name: "items", write_disposition: "merge", primary_key: "id", endpoint };
    const client = await createClient([resource], { "/items": { items: served } });
    const begins: string[] = [];
    const report = await sync(client, { to: watchBegins(toDestination(target.options.to), begins) });
    expect(report.rejected).toBe(refused.price + refused.name + refused.code);
    // Reading and writing state, two failed merges, the merge, and four transactions to explain each failure.
    expect(begins.length).toBeLessThan(40);
    const { rejected } = await readState(target.options.to);
    const count = (reason: RegExp): number => rejected.filter((row) => reason.test(row.reason)).length;
    expect(count(/CHECK\(\(price > 0\)\) of items$/)).toBe(refused.price);
    expect(count(/NOT NULL of items\.name$/)).toBe(refused.name);
    expect(count(/UNIQUE\(code\) of items: another row has the same values$/)).toBe(refused.code);
  });
});

/** Keeps the beginnings of transactions. */
function watchBegins(inner: Destination, begins: string[]): Destination {
  const connect: Destination["connect"] = async (options) => {
    const connection: Connection = await inner.connect(options);
    const run: Connection["run"] = (sql, values) => {
      if (sql === "begin") begins.push(sql);
      return connection.run(sql, values);
    };
    return { ...connection, run };
  };
  return { ...inner, connect };
}
