import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { formatDiagnostic, summarizeDiagnostics } from "../generator/diagnostics.js";
import { printSchemas, printSource } from "../generator/emit/print.js";
import { buildSource } from "../generator/ir/build.js";
import { loadSpec } from "../generator/spec/load/load.js";
import { parseSpec } from "../generator/spec/parse.js";
import type { Spec } from "../generator/spec/spec.js";
import { typeCheck } from "./support/compile.js";
import { loadModule } from "./support/load-module.js";
import { root } from "./support/paths.js";
import { replay, type Exchange } from "./support/replay.js";

const cases = join(root, "test/cases");
const scratch = join(root, ".scratch/cases");
const isUpdate = process.env["UPDATE"] === "1";

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** One replayed read: the method, its arguments, and the expected result. */
interface Read {
  readonly method: string;
  /** Only for methods that take parameters. */
  readonly params?: object;
  readonly records: readonly unknown[];
}

describe.each(readdirSync(cases))("case %s", (name) => {
  const folder = join(cases, name);
  const specName = ["spec.json", "spec.yaml"].find((file) => existsSync(join(folder, file))) ?? "spec.json";
  const text = readFileSync(join(folder, specName), "utf8");

  const parse = async (): Promise<{ readonly spec?: Spec; readonly report: string }> => {
    const document = await loadSpec(specName, text);
    const { spec, diagnostics, frameText } = parseSpec(document, { literalSecrets: "error" });
    const lines = diagnostics.map((each) => formatDiagnostic(each, frameText));
    const report = [...lines, ...(lines.length > 0 ? [summarizeDiagnostics(diagnostics)] : [])].join("\n\n");
    return { ...(spec && { spec }), report };
  };

  it("reports what it should", async () => {
    const { report } = await parse();
    compare(join(folder, "stderr.txt"), report);
  });

  it("makes the module it should, or none", async () => {
    const { spec } = await parse();
    compare(join(folder, "out.ts"), spec ? await printSource(buildSource(spec)) : "");
    const hasSchemas = existsSync(join(folder, "out.schemas.ts"));
    if (hasSchemas && spec) compare(join(folder, "out.schemas.ts"), await printSchemas(buildSource(spec)));
  });

  if (existsSync(join(folder, "exchanges.json"))) {
    it("asks and reads as recorded", async () => {
      const { options, exchanges, reads } = JSON.parse(
        readFileSync(join(folder, "exchanges.json"), "utf8"),
      ) as {
        readonly options: object;
        readonly exchanges: readonly Exchange[];
        readonly reads: readonly Read[];
      };
      const client = await loadClient(name);
      const server = replay(exchanges);
      const facade = client({ ...options, fetch: server.fetch });
      for (const { method, params, records } of reads) {
        const stream = facade[method]?.(params);
        expect(await stream?.toArray()).toEqual(records);
      }
      expect(server.unused()).toEqual([]);
    });
  }
});

it("makes modules that compile under the strict flags", () => {
  const folders = readdirSync(cases).filter((name) => existsSync(join(cases, name, "out.ts")));
  const errors = typeCheck(folders.flatMap((name) => copyOutput(name)));
  expect([...errors.values()].flat()).toEqual([]);
});

/** Copies a case's modules to files with the names by which they import each other. */
function copyOutput(name: string): readonly string[] {
  const text = readFileSync(join(cases, name, "out.ts"), "utf8");
  const source = /^ {2}name: "(.*)",$/m.exec(text.slice(text.indexOf("Source: Source")))?.[1] ?? name;
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  const files = [
    ["out.ts", `${source}.ts`],
    ["out.schemas.ts", `${source}.schemas.ts`],
  ] as const;
  return files.flatMap(([from, to]) => {
    if (!existsSync(join(cases, name, from))) return [];
    writeFileSync(join(folder, to), readFileSync(join(cases, name, from)));
    return [join(folder, to)];
  });
}

/** Compares a file with a text. A missing file counts as empty; `UPDATE=1` rewrites the file. */
function compare(file: string, actual: string): void {
  const text = actual === "" ? "" : `${actual.trimEnd()}\n`;
  if (isUpdate && text !== "") writeFileSync(file, text);
  if (isUpdate && text === "") rmSync(file, { force: true });
  expect(text).toBe(existsSync(file) ? readFileSync(file, "utf8") : "");
}

type Facade = Readonly<
  Record<string, (params?: object, options?: object) => { toArray(): Promise<unknown[]> }>
>;

async function loadClient(name: string): Promise<(options: object) => Facade> {
  const exports = await loadModule(join(cases, name, "out.ts"));
  const factory = Object.entries(exports).find(([key]) => key.startsWith("create"))?.[1];
  return factory as (options: object) => Facade;
}
