import { build } from "esbuild";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Part, Section } from "./report.js";
import { root } from "./scratch.js";
import { plain } from "./units.js";

/** Target for the size of an app that reads the analytics source, in bytes, minified and gzipped. */
const budget = 8 * 1024;

const client = join(root, "generated/analytics.ts");
const runtime = "@connector-gen/runtime";

const bundles = [
  {
    label: "runtime + analytics client",
    entry: `export * from ${JSON.stringify(client)};`,
  },
  { label: "runtime alone, whole", entry: `export * from "${runtime}";` },
  { label: "analytics client alone", entry: `export * from ${JSON.stringify(client)};`, external: [runtime] },
] as const;

/** The bytes that the runtime and a client add to an app. */
export const size: Part = { name: "size", run: measureSize };

async function measureSize(): Promise<readonly Section[]> {
  const rows = await Promise.all(
    bundles.map(async ({ label, entry, ...rest }) => ({
      bundle: label,
      ...(await measureBundle(entry, "external" in rest ? rest.external : [])),
    })),
  );
  const value = rows[0]?.gzip ?? Infinity;
  return [
    {
      title: "Bundle size",
      notes: ["esbuild, minified, ES modules, es2022; gzip -9; bytes"],
      columns: [
        { key: "bundle", head: "bundle" },
        { key: "minified", head: "minified", print: plain },
        { key: "gzip", head: "gzip", print: plain },
      ],
      rows,
      targets: [
        { what: "runtime + analytics client, gzip", value, limit: budget, must: "at most", print: plain },
      ],
    },
  ];
}

async function measureBundle(
  entry: string,
  external: readonly string[],
): Promise<{ readonly minified: number; readonly gzip: number }> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root, loader: "ts" },
    external: [...external],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return { minified: code.length, gzip: gzipSync(code, { level: 9 }).length };
}
