import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createReader, pageNumber, readerKey, type GeneratedClient } from "@connector-gen/runtime";
import { sync } from "@connector-gen/sync";
import { DuckDBInstance } from "@duckdb/node-api";
import postgres from "postgres";

// Loads records of 300 bytes, beside the bare bulk load of the same rows: `node build/bench/sync/load.js 1000000 [postgres URL]`.
const [, , count = "1000000", postgresUrl] = process.argv;
const total = Number(count);
const pageSize = 5000;

interface Item {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly price: number;
  readonly isActive: boolean;
  readonly createdAt: string;
  readonly text: string;
}

function itemOf(id: number): Item {
  return {
    id,
    name: `Customer number ${id}`,
    email: `customer.${id}@example.com`,
    price: id + 0.25,
    isActive: id % 3 === 0,
    createdAt: "2024-01-02T03:04:05Z",
    text: `A text that fills the record up to its size ${id} `.repeat(3).slice(0, 130),
  };
}

/** An API in this process: its answers are made while they are asked for, so that memory shows what sync holds. */
function createClient(disposition: "append" | "merge"): GeneratedClient {
  const paginator = pageNumber({ pageParam: "page", basePage: 1, totalPath: ["pages"] });
  const items = {
    name: "items",
    path: "/items",
    select: ["items"],
    paginator,
    primaryKey: ["id"],
    writeDisposition: disposition,
  };
  const fetch = (url: string): Promise<Response> => {
    const page = Number(new URL(url).searchParams.get("page") ?? 1) - 1;
    const length = Math.min(pageSize, total - page * pageSize);
    const body = {
      items: Array.from({ length }, (_, index) => itemOf(page * pageSize + index)),
      pages: Math.ceil(total / pageSize),
    };
    return Promise.resolve(
      new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } }),
    );
  };
  const source = { name: "bench", baseUrl: "http://api.test", resources: { items } };
  return { [readerKey]: createReader(source, { fetch }) };
}

interface Measured {
  readonly rowsPerSecond: number;
  readonly peakMb: number;
}

/** Measures rows per second, and the greatest resident memory above that at the start. */
async function measure(work: () => Promise<void>): Promise<Measured> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  clearInterval(timer);
  return { rowsPerSecond: Math.round(total / seconds), peakMb: Math.round((peak - before) / 1e6) };
}

async function syncTo(to: string, disposition: "append" | "merge", schema?: string): Promise<void> {
  const report = await sync(createClient(disposition), { to, schema });
  if (report.status !== "complete") throw new Error(JSON.stringify(report.resources));
}

const columns =
  "id bigint, name varchar, email varchar, price double precision, is_active boolean, created_at timestamptz, text varchar";

async function bareDuckDb(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(`create table items (${columns})`);
  const appender = await connection.createAppender("items");
  for (let id = 0; id < total; id++) {
    const item = itemOf(id);
    appender.appendBigInt(BigInt(item.id));
    appender.appendVarchar(item.name);
    appender.appendVarchar(item.email);
    appender.appendDouble(item.price);
    appender.appendBoolean(item.isActive);
    appender.appendVarchar(item.createdAt);
    appender.appendVarchar(item.text);
    appender.endRow();
  }
  appender.closeSync();
  connection.closeSync();
  instance.closeSync();
}

async function barePostgres(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql.unsafe(`drop table if exists bare; create table bare (${columns})`);
  const stream = await sql.unsafe("copy bare from stdin").writable();
  let piece = "";
  for (let id = 0; id < total; id++) {
    piece += `${Object.values(itemOf(id)).join("\t")}\n`;
    if (piece.length < 65_536) continue;
    if (!stream.write(piece)) await new Promise((resolve) => stream.once("drain", resolve));
    piece = "";
  }
  await new Promise((resolve) => stream.end(piece, () => resolve(undefined)));
  await sql.end();
}

function print(name: string, { rowsPerSecond, peakMb }: Measured, bare?: Measured): void {
  const ratio = bare ? `${(rowsPerSecond / bare.rowsPerSecond).toFixed(2)} × bare` : "";
  console.log(
    `${name.padEnd(22)} ${String(rowsPerSecond).padStart(9)} rows/s  ${String(peakMb).padStart(5)} MB  ${ratio}`,
  );
}

console.log(`${total} records of ${JSON.stringify(itemOf(total)).length} bytes`);
const file = (name: string): string => join(tmpdir(), `connector-gen-bench-${process.pid}-${name}.duckdb`);
const bare = await measure(() => bareDuckDb(file("bare")));
print("DuckDB, bare", bare);
for (const disposition of ["append", "merge"] as const) {
  print(
    `DuckDB, ${disposition}`,
    await measure(() => syncTo(`duckdb:${file(disposition)}`, disposition)),
    bare,
  );
}
for (const name of ["bare", "append", "merge"]) rmSync(file(name), { force: true });
if (postgresUrl) {
  const barePg = await measure(() => barePostgres(postgresUrl));
  print("PostgreSQL, bare", barePg);
  for (const disposition of ["append", "merge"] as const) {
    print(
      `PostgreSQL, ${disposition}`,
      await measure(() => syncTo(postgresUrl, disposition, `bench_${disposition}`)),
      barePg,
    );
  }
}
