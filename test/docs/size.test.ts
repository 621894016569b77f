import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { blocks, table } from "../../generator/docs/markdown.js";
import { formatPage } from "../../generator/docs/reference.js";
import { allKinds } from "../../generator/spec/kinds.js";
import { bundle, gzippedSize } from "../support/bundle.js";
import { runtimePackage } from "../support/paths.js";
import { folder } from "./pages.js";

/** A feature, and its size in a bundle in kB. */
interface Row {
  readonly family: string;
  readonly feature: string;
  readonly size: number;
}

const page = join(folder, "size.md");
const core = ["createReader"];

/** Bytes of a bundle with these exports of the runtime. */
async function sizeOf(names: readonly string[]): Promise<number> {
  return gzippedSize(await bundle(`export { ${names.join(", ")} } from "${runtimePackage}";`));
}

async function measure(): Promise<readonly Row[]> {
  const base = await sizeOf(core);
  const planned = await sizeOf([...core, "plan"]);
  const kinds = allKinds.filter(
    ({ factory, deprecated }) => factory !== undefined && deprecated === undefined,
  );
  const features = kinds.map(async ({ family, type, factory = "" }): Promise<Row> => {
    // The splitters of a plan share its engine.
    const shared = family === "plan" ? ["plan"] : [];
    const size = await sizeOf([...core, ...shared, factory]);
    return { family, feature: `${type} (\`${factory}\`)`, size: size - (family === "plan" ? planned : base) };
  });
  const rows = await Promise.all(features);
  return [
    { family: "core", feature: "reads, retries, redaction, checkpoints (`createReader`)", size: base },
    { family: "plan", feature: "the first of any plan (`plan`)", size: planned - base },
    ...rows,
  ].sort((a, b) => orderOf(a).localeCompare(orderOf(b)));
}

/** The order of the families: the most important ones first, then the others by name. */
function orderOf({ family }: Row): string {
  const at = ["core", "paginator", "auth", "plan", "decoder", "body"].indexOf(family);
  return at < 0 ? family : String(at);
}

function render(rows: readonly Row[]): Promise<string> {
  return formatPage(
    blocks(
      "# Size",
      "This page lists how much a generated client adds to the bundle of an app, in kB. The code is bundled as ES modules for browsers, minified by esbuild, and compressed by gzip. A client imports the core and the factories that its module calls, and nothing else. The size of a factory is its addition to the core, or to the first plan; features that share code add less together. On Node, the transport over `node:http` is added.",
      "`npm test` checks this page; `UPDATE=1 npx vitest run test/docs` measures again.",
      table(
        ["Family", "Feature", "kB"],
        rows.map(({ family, feature, size }) => [family, feature, (size / 1000).toFixed(1)]),
      ),
    ),
  );
}

/** The sizes on the page, in bytes, by feature. */
function readSizes(text: string): ReadonlyMap<string, number> {
  const rows = [...text.matchAll(/^\| [a-z]+ +\| (.*?) +\| +([\d.-]+) +\|$/gm)];
  return new Map(rows.map(([, feature = "", size]) => [feature, Number(size) * 1000]));
}

describe("the page about sizes", () => {
  let rows: readonly Row[] = [];
  beforeAll(async () => {
    rows = await measure();
    if (process.env["UPDATE"]) writeFileSync(page, await render(rows));
  });

  it("has every factory, with its size to 0.1 kB or 10 % (UPDATE=1 measures again)", () => {
    const documented = readSizes(existsSync(page) ? readFileSync(page, "utf8") : "");
    expect([...documented.keys()].sort()).toEqual(rows.map(({ feature }) => feature).sort());
    const wrong = rows.filter(({ feature, size }) => {
      const tolerance = Math.max(100, size / 10);
      return Math.abs((documented.get(feature) ?? NaN) - size) > tolerance;
    });
    expect(wrong).toEqual([]);
  });

  it("measures the size of features: no factory is empty, and none contains another core", () => {
    const [first, ...features] = rows;
    expect(first?.family).toBe("core");
    for (const { feature, size } of features) {
      expect(size, feature).toBeGreaterThan(20);
      expect(size, feature).toBeLessThan((first?.size ?? 0) / 2);
    }
  });
});
