import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Checkpoint, ReadOptions, RecordStream } from "@connector-gen/runtime";
import { afterAll, expect, it, onTestFinished, vi } from "vitest";
import { formatDiagnostic } from "../../generator/diagnostics.js";
import { printSource } from "../../generator/emit/print.js";
import { buildSource } from "../../generator/ir/build.js";
import type { SourceIr } from "../../generator/ir/source-ir.js";
import { loadSpec } from "../../generator/spec/load/load.js";
import { parseSpec } from "../../generator/spec/parse.js";
import { fencesOf } from "../docs/pages.js";
import { errorOf, onRetry } from "../runtime/fixtures.js";
import { loadModule } from "../support/load-module.js";
import { root } from "../support/paths.js";
import { startApi, type Api, type ApiModel, type Reply } from "./api.js";

/** The folder of the recipes. */
export const folder: string = join(root, "docs/recipes");

/** A record of any API. */
export type Row = Readonly<Record<string, unknown>>;

/** Calls a method of a generated client. */
export type Client = (method: string, ...args: readonly (object | undefined)[]) => RecordStream<Row>;

/** A page with its specs and code. */
export interface Recipe {
  readonly name: string;
  readonly text: string;
  readonly sources: readonly SourceIr[];
  /** Creates a client of the source with this name that reads a running API. */
  readonly connect: (api: Api, options: object, source?: string) => Client;
}

/** Returns the names of all recipes. */
export function listRecipes(): readonly string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".md") && file !== "README.md");
  return files.map((file) => file.slice(0, -".md".length)).sort();
}

/** Returns the complete specs of a page: its JSON blocks that have a client. */
export function specsOf(text: string): readonly string[] {
  return fencesOf(text, "json").filter((block) => "client" in (JSON.parse(block) as object));
}

/** Parses the specs of a page. Throws if a spec has an error or a warning. */
export async function readSources(name: string): Promise<readonly SourceIr[]> {
  const text = readFileSync(join(folder, `${name}.md`), "utf8");
  return await Promise.all(
    specsOf(text).map(async (block) => {
      const document = await loadSpec(`${name}.json`, block);
      const { spec, diagnostics, frameText } = parseSpec(document, { literalSecrets: "error" });
      const report = diagnostics.map((each) => formatDiagnostic(each, frameText)).join("\n");
      if (!spec || report !== "") throw new Error(report);
      return buildSource(spec);
    }),
  );
}

/** Generates the clients of a page. */
export async function openRecipe(name: string): Promise<Recipe> {
  const text = readFileSync(join(folder, `${name}.md`), "utf8");
  const sources = await readSources(name);
  const scratch = join(root, ".scratch/recipes", name);
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  mkdirSync(scratch, { recursive: true });
  const factories = new Map<string, (options: object) => Record<string, unknown>>();
  for (const source of sources) {
    const file = join(scratch, `${source.names.file}.ts`);
    writeFileSync(file, await printSource(source));
    const exports = await loadModule(file);
    factories.set(source.name, exports[source.names.factory] as never);
  }
  return {
    name,
    text,
    sources,
    connect: (api, options, source = sources[0]?.name ?? "") => {
      const create = factories.get(source);
      if (!create) throw new Error(`${name}.md has no source ${source}`);
      const facade = create({ fetch: api.fetch, retry: { backoffMs: 1 }, ...options });
      return (method, ...args) => (facade[method] as (...given: unknown[]) => RecordStream<Row>)(...args);
    },
  };
}

/** What every recipe must do with one of its resources. */
export interface Scenario<R extends object> {
  readonly recipe: Recipe;
  readonly source?: string;
  /** The API with these records. It responds with the state of the list at the time of the request. */
  readonly api: (rows: readonly R[]) => ApiModel;
  /** Secrets and config values of the factory. */
  readonly options: object;
  readonly read: (client: Client, options: ReadOptions) => RecordStream<Row>;
  readonly rows: readonly R[];
  /** Returns a record in the API's format. Default: the record itself. */
  readonly toRecord?: (row: R) => object;
  /** The records of a read. Default: `rows`. */
  readonly want?: readonly object[];
  /** The number of records of each page. */
  readonly pages: readonly number[];
  /** A response to a request above the rate limit, and the shortest wait that it asks for. */
  readonly limited?: { readonly reply: () => Reply; readonly waitMs: number };
  /** The records of the API when the next run starts, and what that run reads. */
  readonly later?: { readonly rows: readonly R[]; readonly want: readonly object[] };
  /** The name of the key. Default: `id`. */
  readonly key?: string;
  /** Changes a record, so the next run must read it. */
  readonly change?: (row: R) => R;
  /** Other options of the factory, with which the API rejects the read, and the error's message. */
  readonly refused: { readonly options: object; readonly message: RegExp };
}

/** Tests what all recipes have in common. */
export function testScenario<R extends object>(scenario: Scenario<R>): void {
  const { recipe, source, options, read, rows, pages, limited, later, refused } = scenario;
  const { toRecord = (row: R): object => row, want = rows.map(toRecord) } = scenario;
  const open = async (
    given: object = {},
    served: readonly R[] = rows,
  ): Promise<{ readonly api: Api; readonly client: Client }> => {
    const api = await startApi(scenario.api(served));
    return { api, client: recipe.connect(api, { ...options, ...given }, source) };
  };

  it("reads every record once, in the order of the API", async () => {
    const { client } = await open();
    const { records, sizes } = await readRun(read(client, {}));
    expect(sizes).toEqual(pages);
    expect(records).toEqual(want);
  });

  it("continues from a checkpoint in the middle", async () => {
    const { client } = await open();
    const first = await readRun(read(client, { maxPages: 1, readAhead: false }));
    const rest = await readRun(read(client, { from: first.checkpoint }));
    expect([...first.records, ...rest.records]).toEqual(want);
    expect(rest.sizes).toEqual(pages.slice(1));
  });

  if (limited)
    it("waits out a rate limit", async () => {
      const delays: number[] = [];
      const onEvent = onRetry(({ delayMs }) => {
        delays.push(delayMs);
        setImmediate(() => void vi.advanceTimersByTimeAsync(delayMs));
      });
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], shouldAdvanceTime: true });
      onTestFinished(() => void vi.useRealTimers());
      const { api, client } = await open({ onEvent });
      const first = await readRun(read(client, { maxPages: 1, readAhead: false }));
      api.answerOnce(api.calls.length + 1, limited.reply());
      const rest = await readRun(read(client, { from: first.checkpoint }));
      expect([...first.records, ...rest.records]).toEqual(want);
      expect(delays).toEqual([expect.any(Number)]);
      expect(delays[0]).toBeGreaterThanOrEqual(limited.waitMs);
    });

  if (later)
    it("reads in the next run what is new", async () => {
      const { client } = await open();
      const first = await readRun(read(client, {}));
      const next = await open({}, later.rows);
      const second = await readRun(read(next.client, { from: first.checkpoint }));
      expect(second.records).toEqual(later.want);
    });

  if (scenario.change)
    it("loses no change that happens during a read", async () => {
      const served = [...rows];
      const { client } = await open({}, served);
      const keyOf = (row: object): unknown => (row as Row)[scenario.key ?? "id"];
      const found = new Map<unknown, Row>();
      let checkpoint: Checkpoint | undefined;
      for (let run = 1; run <= 2; run++) {
        for await (const page of read(client, { from: checkpoint, readAhead: false }).pages()) {
          for (const record of page.records) found.set(keyOf(record), record);
          checkpoint = page.checkpoint;
          const isFirst = run === 1 && page.number === 1;
          // A record that was read, and one that was not, move to another page.
          if (isFirst) for (const index of [3, served.length - 3]) changeAt(served, index, scenario.change);
        }
      }
      expect(found).toEqual(new Map(served.map(toRecord).map((row) => [keyOf(row), row])));
    });

  it("quotes the error of the API", async () => {
    const { client } = await open(refused.options);
    const error = await errorOf(read(client, {}).toArray());
    expect(error.message).toMatch(refused.message);
  });
}

function changeAt<R>(rows: R[], index: number, change: ((row: R) => R) | undefined): void {
  rows.push(...rows.splice(index, 1).map((row) => change?.(row) ?? row));
}

/** Sorts records by the value that `select` returns. */
export function sortBy<R>(
  rows: readonly R[],
  select: (row: R) => string | number,
  direction = "asc",
): readonly R[] {
  const sign = direction === "desc" ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [select(a), select(b)];
    return left === right ? 0 : left < right ? -sign : sign;
  });
}

/** All records of a read, the sizes of its pages, and the last checkpoint after it was stored as JSON. */
export interface Run {
  readonly records: readonly Row[];
  readonly sizes: readonly number[];
  readonly checkpoint: Checkpoint;
}

/** Reads a stream to its end. */
export async function readRun(stream: RecordStream<Row>): Promise<Run> {
  const records: Row[] = [];
  const sizes: number[] = [];
  let checkpoint: Checkpoint | undefined;
  for await (const page of stream.pages()) {
    records.push(...page.records);
    sizes.push(page.records.length);
    checkpoint = page.checkpoint;
  }
  if (!checkpoint) throw new Error("the read has no page");
  return { records, sizes, checkpoint: JSON.parse(JSON.stringify(checkpoint)) as Checkpoint };
}

/** Returns the numbers from 1 to `count` as records. */
export function rowsOf<R>(count: number, toRow: (number: number) => R): R[] {
  return Array.from({ length: count }, (_, index) => toRow(index + 1));
}

/** Returns records in the other order. */
export function newestFirst<R>(rows: readonly R[]): readonly R[] {
  return [...rows].reverse();
}

/** Returns the time this number of minutes after the start of 2024. */
export function minutesLater(minutes: number): string {
  return new Date(Date.UTC(2024, 0, 1, 0, minutes)).toISOString().replace(".000Z", "Z");
}
