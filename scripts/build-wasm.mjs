// Compiles the WebAssembly of sync, and writes it as a TypeScript module: `node scripts/build-wasm.mjs`. `--print` prints the module, so
// that a test can compare both.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const source = "sync/wasm/rows.ts";
const target = "sync/src/tables/rows-module.ts";

/** Resolves to the WebAssembly. */
async function compile() {
  let binary;
  const { error, stderr } = await asc.main(
    [source, "-O3", "--runtime", "stub", "--noAssert", "--outFile", "rows.wasm"],
    {
      readFile: (name) => (name === source ? readFileSync(name, "utf8") : null),
      writeFile: (_name, contents) => {
        binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return Buffer.from(binary);
}

const text = `/** \`${source}\` as WebAssembly, in base64. \`node scripts/build-wasm.mjs\` writes it. */
export const rowsModule =
  "${(await compile()).toString("base64")}";
`;
if (process.argv[2] === "--print") process.stdout.write(text);
else writeFileSync(target, text);
