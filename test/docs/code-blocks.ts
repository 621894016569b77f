import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type {} from "./code-globals.js";
import { typeCheck } from "../support/compile.js";
import { packageSources, root } from "../support/paths.js";

/**
 * Compiles blocks of TypeScript as modules of one program. Returns each error with the block's name and line. Blocks import
 * generated modules from `./generated/`: the shop's, and those given by file name.
 */
export function compileBlocks(
  blocks: ReadonlyMap<string, string>,
  generated: ReadonlyMap<string, string> = new Map(),
): readonly string[] {
  mkdirSync(join(root, ".scratch"), { recursive: true });
  const folder = mkdtempSync(join(root, ".scratch/code-blocks-"));
  const docs = join(root, "test/docs");
  const texts = new Map([
    ...Array.from(blocks, ([name, text]) => [`${name}.ts`, `${text}\nexport {};\n`] as const),
    ["generated/shop.ts", `export { createShop } from ${JSON.stringify(join(docs, "shop-client.js"))};\n`],
    ...Array.from(generated, ([file, text]) => [`generated/${file}`, text] as const),
    ["trace-read.ts", `export * from ${JSON.stringify(join(docs, "trace-read.js"))};\n`],
    ["open-telemetry.ts", "export const trace = openTelemetryTrace;\n"],
  ]);
  try {
    const files = Array.from(texts, ([file, text]) => {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    });
    const errors = typeCheck([...files, join(docs, "code-globals.ts")], {
      flags: {
        ...{ module: "esnext", moduleResolution: "bundler", types: ["node"] },
        // The code of an app, whose functions and variables need no use.
        ...{ declaration: false, isolatedDeclarations: false, erasableSyntaxOnly: false },
        ...{ noUnusedLocals: false, noUnusedParameters: false },
      },
      paths: {
        "@connector-gen/sync": packageSources["@connector-gen/sync"] ?? "",
        "connector-gen": join(root, "generator/index.ts"),
        "@opentelemetry/api": join(folder, "open-telemetry.ts"),
      },
    });
    return [...errors.values()].flat();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
