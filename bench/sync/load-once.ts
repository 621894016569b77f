// Loads the records once and prints the time in seconds. Each measurement uses a fresh process.
import { sync } from "@connector-gen/sync";
import { DuckDBInstance } from "@duckdb/node-api";
import postgres from "postgres";
import { createItemsClient, itemColumns, itemOf, type ItemsOptions } from "./items.js";

/** One measurement. */
export interface LoadTask {
  readonly way: "bare" | "append" | "merge" | "merge again";
  /** `duckdb:FILE` or `postgres://…`. */
  readonly to: string;
  readonly total: number;
}

const task = JSON.parse(process.argv[2] ?? "") as LoadTask;
console.log(await measure(task));

/** Loads the records. Resolves to the time in seconds. */
async function measure({ way, to, total }: LoadTask): Promise<number> {
  if (way === "merge again") await load(to, { total, disposition: "merge" });
  const started = performance.now();
  if (way === "merge again") await load(to, { total, disposition: "merge", version: 2 });
  else if (way !== "bare") await load(to, { total, disposition: way });
  else if (to.startsWith("duckdb:")) await loadBareDuckDb(to.slice("duckdb:".length), total);
  else await loadBarePostgres(to, total);
  return (performance.now() - started) / 1000;
}

async function load(to: string, options: ItemsOptions): Promise<void> {
  const report = await sync(createItemsClient(options), { to, schema: "bench" });
  const items = report.resources["items"];
  if (items?.status !== "complete" || items.records !== options.total)
    throw new Error(JSON.stringify(report));
}

/** Appends the rows value by value in one transaction. */
async function loadBareDuckDb(file: string, total: number): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(`create table items (${itemColumns})`);
  const appender = await connection.createAppender("items");
  for (let index = 0; index < total; index++) {
    const item = itemOf(index);
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

/** Loads the rows by one `COPY`. */
async function loadBarePostgres(url: string, total: number): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql.unsafe(`create schema bench; create table bench.items (${itemColumns})`);
  const stream = await sql.unsafe("copy bench.items from stdin").writable();
  let piece = "";
  for (let index = 0; index < total; index++) {
    piece += `${Object.values(itemOf(index)).join("\t")}\n`;
    if (piece.length < 65_536) continue;
    if (!stream.write(piece)) await new Promise((resolve) => stream.once("drain", resolve));
    piece = "";
  }
  await new Promise((resolve) => stream.end(piece, () => resolve(undefined)));
  await sql.end();
}
